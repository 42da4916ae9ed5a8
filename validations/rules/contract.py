"""Rules that the reader, the typing and the gate apply themselves: what a row needs to be usable at all."""

from validations.rules.model import Consequence, Kahn, Rule, Severity

_SOURCE = "contract of the delivery (docs/explanation/architecture.md)"

MISSING_KEY = "CONTRACT-001"
OUT_OF_BOUNDS = "CONTRACT-002"
UNKNOWN_WORD = "CONTRACT-003"
NOT_A_DATE = "CONTRACT-004"
IMPOSSIBLE_DATE = "CONTRACT-005"
TWO_DIGIT_YEAR = "CONTRACT-006"
YEAR_OUT_OF_BOUNDS = "CONTRACT-007"
DEFAULT_DATE = "CONTRACT-008"
SERIAL_NUMBER = "CONTRACT-009"
NOT_A_NUMBER = "CONTRACT-010"
RAGGED_ROW = "CONTRACT-011"
SECOND_RECORD = "CONTRACT-012"
UNKNOWN_PATIENT = "CONTRACT-013"
UNKNOWN_TUMOUR = "CONTRACT-014"
MISSING_COLUMN = "CONTRACT-015"
UNMAPPED_COLUMN = "CONTRACT-016"
EMPTY_SHEET = "CONTRACT-017"
DAMAGED_TEXT = "CONTRACT-018"
AMBIGUOUS_DATE = "CONTRACT-019"
DATE_ORDER_FOUND = "CONTRACT-020"
DATE_ORDER_CONTRADICTED = "CONTRACT-021"
SHIFTED_DAY = "CONTRACT-022"
SPREADSHEET_ERROR = "CONTRACT-023"
DIGITS_LOST = "CONTRACT-024"
CODE_FROM_DATE = "CONTRACT-025"
ZERO_RESTORED = "CONTRACT-026"

_DATE_REMEDY = (
    "Corriger la date dans le dossier, ou l'ordre des dates déclaré pour le centre.",
    "Correct the date in the record, or the date order declared for the centre.",
)


#: Rule → the published rules that it applies: the same question, whatever the table.
_REFERENCES = {
    MISSING_KEY: "DQD-isRequired, RC-B",
    OUT_OF_BOUNDS: "DQD-plausibleValueLow, DQD-plausibleValueHigh, RC-D, IARC-09b, IARC-09c",
    UNKNOWN_WORD: "RC-G",
    NOT_A_DATE: "DQD-cdmDatatype, RC-C",
    TWO_DIGIT_YEAR: "NS-009",
    DEFAULT_DATE: "NS-010",
    NOT_A_NUMBER: "DQD-cdmDatatype, RC-C, CBIO-04, NS-007",
    RAGGED_ROW: "NS-007",
    SECOND_RECORD: "DQD-isPrimaryKey, CBIO-02, NC-05",
    UNKNOWN_PATIENT: "DQD-isForeignKey, DNPM-11",
    UNKNOWN_TUMOUR: "DQD-isForeignKey, DNPM-11",
    MISSING_COLUMN: "DQD-cdmField, NS-013",
    UNMAPPED_COLUMN: "NS-012",
    DAMAGED_TEXT: "NS-006",
    AMBIGUOUS_DATE: "NS-008",
    DATE_ORDER_CONTRADICTED: "NS-008",
}


def _rule(
    rule_id: str,
    fr: str,
    en: str,
    remedy: tuple[str, str],
    severity: Severity,
    consequence: Consequence,
    kahn: Kahn,
) -> Rule:
    return Rule(
        id=rule_id,
        sentence_fr=fr,
        sentence_en=en,
        remedy_fr=remedy[0],
        remedy_en=remedy[1],
        severity=severity,
        consequence=consequence,
        kahn=kahn,
        source=", ".join(filter(None, (_REFERENCES.get(rule_id), _SOURCE))),
        status="cited",
    )


RULES = (
    _rule(
        MISSING_KEY,
        "Un identifiant indispensable est vide.",
        "An indispensable identifier is empty.",
        ("Compléter l'identifiant dans l'export.", "Complete the identifier in the export."),
        Severity.ERROR, Consequence.REJECT, Kahn.COMPLETENESS,
    ),
    _rule(
        OUT_OF_BOUNDS,
        "Le nombre est hors des bornes admises.",
        "The number is outside its bounds.",
        ("Vérifier la valeur et son unité.", "Check the value and its unit."),
        Severity.ERROR, Consequence.HOLD, Kahn.ATEMPORAL,
    ),
    _rule(
        UNKNOWN_WORD,
        "Le mot employé n'est pas dans le vocabulaire du centre.",
        "The word is not in the centre's vocabulary.",
        (
            "Corriger la valeur, ou déclarer ce mot sous values dans le fichier du centre.",
            "Correct the value, or declare the word under values in the centre's file.",
        ),
        Severity.ERROR, Consequence.HOLD, Kahn.VALUE,
    ),
    _rule(
        NOT_A_DATE,
        "Le texte n'est pas une date dans l'ordre déclaré.",
        "The text is not a date in the declared order.",
        _DATE_REMEDY,
        Severity.ERROR, Consequence.HOLD, Kahn.VALUE,
    ),
    _rule(
        IMPOSSIBLE_DATE,
        "Ce jour n'existe pas dans le calendrier.",
        "This day is not in the calendar.",
        _DATE_REMEDY,
        Severity.ERROR, Consequence.HOLD, Kahn.VALUE,
    ),
    _rule(
        TWO_DIGIT_YEAR,
        "L'année n'a que deux chiffres ; le siècle n'est pas deviné.",
        "The year has two digits; the century is not guessed.",
        ("Exporter les années sur quatre chiffres.", "Export years with four digits."),
        Severity.ERROR, Consequence.HOLD, Kahn.VALUE,
    ),
    _rule(
        YEAR_OUT_OF_BOUNDS,
        "L'année est impossible pour ce champ.",
        "The year is impossible for this field.",
        _DATE_REMEDY,
        Severity.ERROR, Consequence.HOLD, Kahn.TEMPORAL,
    ),
    _rule(
        DEFAULT_DATE,
        "La date est de celles qu'un logiciel met par défaut.",
        "The date is one that programs fill in by default.",
        ("Confirmer la date, ou la laisser vide.", "Confirm the date, or leave it empty."),
        Severity.INFO, Consequence.FLAG, Kahn.TEMPORAL,
    ),
    _rule(
        SERIAL_NUMBER,
        "La date est un numéro de jour de tableur.",
        "The date is a spreadsheet's day number.",
        (
            "Mettre la colonne au format date avant l'export.",
            "Format the column as a date before the export.",
        ),
        Severity.ERROR, Consequence.HOLD, Kahn.VALUE,
    ),
    _rule(
        NOT_A_NUMBER,
        "Le texte n'est pas un nombre attendu ici (séparateur décimal, unité, fraction d'un entier).",
        "The text is not a number expected here (decimal mark, unit, fraction of a whole number).",
        (
            "Écrire le nombre seul, avec le séparateur décimal déclaré.",
            "Write the number alone, with the declared decimal mark.",
        ),
        Severity.ERROR, Consequence.HOLD, Kahn.VALUE,
    ),
    _rule(
        RAGGED_ROW,
        "La ligne n'a pas le nombre de cellules de l'en-tête, ou ses guillemets ne se ferment pas.",
        "The row does not have the header's number of cells, or its quotes do not close.",
        (
            "Mettre entre guillemets les cellules qui contiennent le séparateur, un guillemet ou un retour à la ligne.",
            "Quote the cells that hold the separator, a quote or a line break.",
        ),
        Severity.ERROR, Consequence.REJECT, Kahn.VALUE,
    ),
    _rule(
        SECOND_RECORD,
        "Le même identifiant est décrit deux fois, différemment ; seule la première description est gardée.",
        "One identifier is described twice, differently; only the first description is kept.",
        ("Ne garder qu'une description par identifiant.", "Keep one description per identifier."),
        Severity.ERROR, Consequence.REJECT, Kahn.UNIQUENESS,
    ),
    _rule(
        UNKNOWN_PATIENT,
        "La ligne nomme un patient qui n'est pas dans le dépôt du centre.",
        "The row names a patient who is not in the centre's delivery.",
        ("Ajouter le patient, ou corriger l'identifiant.", "Add the patient, or correct the identifier."),
        Severity.ERROR, Consequence.REJECT, Kahn.RELATIONAL,
    ),
    _rule(
        UNKNOWN_TUMOUR,
        "La ligne nomme une tumeur qui n'est pas dans le dépôt du centre.",
        "The row names a tumour that is not in the centre's delivery.",
        ("Ajouter la tumeur, ou corriger l'identifiant.", "Add the tumour, or correct the identifier."),
        Severity.ERROR, Consequence.REJECT, Kahn.RELATIONAL,
    ),
    _rule(
        MISSING_COLUMN,
        "Une colonne convenue est absente ; le champ est vide pour tout le fichier.",
        "An agreed column is absent; the field is empty for the whole file.",
        (
            "Rétablir la colonne, ou la retirer du fichier du centre.",
            "Restore the column, or remove it from the centre's file.",
        ),
        Severity.WARNING, Consequence.FLAG, Kahn.COMPLETENESS,
    ),
    _rule(
        UNMAPPED_COLUMN,
        "Une colonne n'est pas décrite dans le fichier du centre ; son contenu n'est pas repris.",
        "A column is not described in the centre's file; its content is not taken.",
        (
            "L'ajouter sous columns ou sous ignored dans le fichier du centre.",
            "Add it under columns or ignored in the centre's file.",
        ),
        Severity.WARNING, Consequence.FLAG, Kahn.VALUE,
    ),
    _rule(
        EMPTY_SHEET,
        "La feuille n'a aucune ligne de données.",
        "The sheet has no data row.",
        ("Vérifier les filtres de l'export.", "Check the filters of the export."),
        Severity.WARNING, Consequence.FLAG, Kahn.COMPLETENESS,
    ),
    _rule(
        DAMAGED_TEXT,
        "Le texte porte les traces d'un mauvais encodage.",
        "The text shows traces of a wrong encoding.",
        ("Refaire l'export dans l'encodage déclaré.", "Export again in the declared encoding."),
        Severity.WARNING, Consequence.FLAG, Kahn.VALUE,
    ),
    _rule(
        AMBIGUOUS_DATE,
        "Le jour et le mois ne se distinguent pas : ni le centre ni le fichier ne disent leur ordre.",
        "Day and month cannot be told apart: neither the centre nor the file says their order.",
        (
            "Déclarer l'ordre des dates sous export dans le fichier du centre, ou exporter en AAAA-MM-JJ.",
            "Declare the order of dates under export in the centre's file, or export as YYYY-MM-DD.",
        ),
        Severity.ERROR, Consequence.HOLD, Kahn.VALUE,
    ),
    _rule(
        DATE_ORDER_FOUND,
        "L'ordre du jour et du mois a été décidé d'après toutes les dates du fichier.",
        "The order of day and month was decided from all the dates of the file.",
        (
            "Confirmer cet ordre, et le déclarer sous export dans le fichier du centre.",
            "Confirm this order, and declare it under export in the centre's file.",
        ),
        Severity.INFO, Consequence.FLAG, Kahn.VALUE,
    ),
    _rule(
        DATE_ORDER_CONTRADICTED,
        "Les dates du fichier montrent un autre ordre du jour et du mois que l'ordre déclaré.",
        "The dates of the file show another order of day and month than the declared one.",
        (
            "Vérifier le format des dates de l'export, ou corriger l'ordre déclaré pour le centre.",
            "Check the date format of the export, or correct the order declared for the centre.",
        ),
        Severity.WARNING, Consequence.FLAG, Kahn.VALUE,
    ),
    _rule(
        SHIFTED_DAY,
        "La date est un minuit français écrit en temps universel : c'est peut-être la veille.",
        "The date is a French midnight written in universal time: it may be the day before.",
        ("Exporter les dates sans heure ni fuseau.", "Export dates without a time or a zone."),
        Severity.WARNING, Consequence.FLAG, Kahn.TEMPORAL,
    ),
    _rule(
        SPREADSHEET_ERROR,
        "La cellule contient une erreur de tableur.",
        "The cell holds a spreadsheet error.",
        (
            "Corriger la formule, ou exporter les valeurs au lieu des formules.",
            "Correct the formula, or export values instead of formulas.",
        ),
        Severity.ERROR, Consequence.HOLD, Kahn.VALUE,
    ),
    _rule(
        DIGITS_LOST,
        "Le tableur a mis l'identifiant ou le code en notation scientifique : des chiffres sont perdus.",
        "The spreadsheet put the identifier or code in scientific notation: digits are lost.",
        (
            "Mettre la colonne au format texte avant l'export.",
            "Format the column as text before the export.",
        ),
        Severity.ERROR, Consequence.HOLD, Kahn.VALUE,
    ),
    _rule(
        CODE_FROM_DATE,
        "Le tableur avait changé la morphologie en date ; le code a été rétabli sans ambiguïté.",
        "The spreadsheet had turned the morphology into a date; the code was restored without ambiguity.",
        (
            "Mettre la colonne au format texte avant l'export.",
            "Format the column as text before the export.",
        ),
        Severity.WARNING, Consequence.FLAG, Kahn.VALUE,
    ),
    _rule(
        ZERO_RESTORED,
        "Le tableur avait effacé le zéro de tête du code de commune ; il a été rétabli.",
        "The spreadsheet had dropped the leading zero of the commune code; it was restored.",
        (
            "Mettre la colonne au format texte avant l'export.",
            "Format the column as text before the export.",
        ),
        Severity.INFO, Consequence.FLAG, Kahn.VALUE,
    ),
)  # fmt: skip
