"""What the contents of a column say for a field."""

import pytest

from pipelines.propose.evidence import content_score
from pipelines.propose.profile import profile
from pipelines.propose.reading import load_lexicon

NAMES = "MARTIN|DURAND|PETIT|ROUX|MOREL|FABRE|GIRARD|ANDRE|LEROY|BLANC"
BIRTHS = "03/04/1951|12/05/1962|01/01/1948|30/11/1975"
EVENTS = "03/04/2019|12/05/2020|01/02/2021|30/11/2022"


@pytest.mark.parametrize(
    ("cells", "more", "less"),
    [
        (BIRTHS, "birth_date", "surgery_date"),
        (EVENTS, "surgery_date", "birth_date"),
        ("8858/3|8890/3|9120/3", "morphology_code", "topography_code"),
        ("C49.2|C48.0|C71.1", "topography_code", "morphology_code"),
        ("D48.1|C49.2|C96.9", "icd10_code", "topography_code"),
        ("1530728085001|2840163063014", "ins_matricule", "residence_commune"),
        ("63113|2A004|75114", "residence_commune", "ins_matricule"),
        ("1.2.250.1.213.1.4.8", "ins_oid", "ins_matricule"),
        ("NFFA004|QZFA001", "ccam_code", "adicap_code"),
        ("Homme|Femme|Femme", "sex", "laterality"),
        ("R0|R1|R2|R0", "margin", "grade"),
        ("1|2|3|2", "grade", "size_mm"),
        ("35|80|120|200", "size_mm", "cycles"),
        ("50,4|60|54", "dose_gy", "fractions"),
        (NAMES, "birth_name", "local_patient_id"),
        ("Liposarcome dédifférencié|Léiomyosarcome", "diagnosis_label", "surgery_facility"),
        ("CHU de Caen|Clinique des Lilas", "surgery_facility", "diagnosis_label"),
        ("doxorubicine|ifosfamide", "drugs", "diagnosis_label"),
        ("Oui|Non|Oui", "had_biopsy", "sex"),
    ],
)
def test_contents_prefer_a_field(cells, more, less):
    seen, lexicon = profile(cells.split("|")), load_lexicon()
    first, second = content_score(more, seen, lexicon), content_score(less, seen, lexicon)
    assert first is not None
    assert second is not None
    assert first > second


def test_an_empty_column_says_nothing():
    assert content_score("sex", profile(["", " "]), load_lexicon()) is None


def test_a_name_column_that_is_mostly_empty_is_no_birth_name():
    cells = [*NAMES.split("|"), *[""] * 30]
    score = content_score("birth_name", profile(cells), load_lexicon())
    assert score is not None
    assert score < -0.5
