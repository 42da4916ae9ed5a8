"""What the patient had before: predispositions and previous treatments, against one another."""

from validations.rules.make import asked
from validations.rules.model import Kahn, Severity

RULES = (
    asked(
        "HISTORY-001", "patient_history", "has_previous_cancer",
        ("Un rétinoblastome héréditaire est déclaré sans antécédent de cancer.",
         "A hereditary retinoblastoma is declared without a previous cancer.",
         "Vérifier la prédisposition ; le rétinoblastome est lui-même un antécédent de cancer.",
         "Check the predisposition; the retinoblastoma itself is a previous cancer."),
        source="IDEA4RC sarcoma model, history (needs clinical sign-off)",
        applies_when="predisposition = 'retinoblastoma'",
        violated_when="has_previous_cancer = FALSE",
        fails={"predisposition": "retinoblastoma"},
        passes={"predisposition": "retinoblastoma", "has_previous_cancer": True},
    ),
    asked(
        "HISTORY-002", "patient_history", "has_previous_radiotherapy",
        ("Une radiothérapie antérieure est déclarée sans antécédent de cancer.",
         "A previous radiotherapy is declared without a previous cancer.",
         "Vérifier que cette radiothérapie n'est pas celle du sarcome.",
         "Check that this radiotherapy is not that of the sarcoma."),
        source="IDEA4RC sarcoma model, history (needs clinical sign-off)", severity=Severity.INFO,
        applies_when="has_previous_radiotherapy",
        violated_when="has_previous_cancer = FALSE",
        fails={"has_previous_radiotherapy": True},
        passes={"has_previous_radiotherapy": True, "has_previous_cancer": True},
    ),
    asked(
        "HISTORY-003", "patient_history", "predisposition",
        ("La ligne des antécédents ne dit rien.",
         "The row of the history says nothing.",
         "Compléter les antécédents, ou dire qu'il n'y en a aucun.",
         "Complete the history, or state that there is none."),
        source="RC-A", severity=Severity.INFO, kahn=Kahn.COMPLETENESS,
        violated_when="predisposition IS NULL AND has_previous_cancer IS NULL AND has_previous_radiotherapy IS NULL",
        fails={"predisposition": None, "has_previous_cancer": None}, passes={"predisposition": None},
    ),
)  # fmt: skip
