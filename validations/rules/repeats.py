"""One tumour or one patient that a centre declares twice, by the rules of IARC/IACR on multiple primaries.

Asked of the tumour diagnosed later, once, whatever the number of earlier ones. A pair breaks one rule only: the least
specific one that holds. Linkage and grouping join the two all the same; a centre may know that they must not be joined.
"""

from validations.rules.model import Consequence, Kahn, Rule, Severity
from validations.rules.tumour_groups import KAPOSI, OTHER, SARCOMA, UNSPECIFIED

_ONE_TUMOUR = (
    "Garder une seule tumeur ; une rechute se déclare au suivi. Confirmer s'il s'agit d'un second cancer.",
    "Keep one tumour; a relapse is declared in the follow-up. Confirm if it is a second cancer.",
)
_ONE_PATIENT = (
    "Réunir les deux dossiers sous un seul identifiant, ou corriger l'identité de l'un d'eux.",
    "Bring both records under one identifier, or correct the identity of one of them.",
)
_KAPOSI_TWICE = f"earlier_group = later_group AND later_group = {KAPOSI}"
#: One of the two is a sarcoma without further specification, the other says which.
_ONE_IS_SARCOMA_NOS = "(earlier_morphology = 8800) <> (later_morphology = 8800)"
_BOTH_MESENCHYMAL = f"earlier_group IN ({SARCOMA}, {OTHER}) AND later_group IN ({SARCOMA}, {OTHER})"
_ONE_IS_UNSPECIFIED = (
    f"((earlier_group = {UNSPECIFIED}) <> (later_group = {UNSPECIFIED})"
    " OR (earlier_group = 5 AND later_group BETWEEN 1 AND 4) OR (later_group = 5 AND earlier_group BETWEEN 1 AND 4))"
)
#: The number of a person without spaces and without its key.
_INS = "left(regexp_replace(upper(ins_matricule), '[^0-9A-Z]', '', 'g'), 13)"


def _once(condition: str) -> str:
    """The query of a condition on pairs of tumours: true when a pair fulfils it, unknown when one may."""
    return (
        f"SELECT row_id, CASE WHEN bool_or({condition}) THEN TRUE WHEN count({condition}) = count(*) THEN FALSE END"  # noqa: S608
        " AS is_violated FROM tumour_pair GROUP BY row_id"
    )


def _repeat(
    number: int,
    condition: str,
    texts: tuple[str, str],
    *,
    source: str,
    severity: Severity = Severity.WARNING,
) -> Rule:
    return Rule(
        id=f"REPEAT-{number:03d}",
        table="tumour",
        fields=("local_tumour_id",),
        query=_once(condition),
        reads=("tumour",),
        sentence_fr=texts[0],
        sentence_en=texts[1],
        remedy_fr=_ONE_TUMOUR[0],
        remedy_en=_ONE_TUMOUR[1],
        severity=severity,
        consequence=Consequence.FLAG,
        kahn=Kahn.UNIQUENESS,
        source=source,
    )


def _same_person(number: int, query: str, texts: tuple[str, str], *, source: str) -> Rule:
    return Rule(
        id=f"REPEAT-{number:03d}",
        table="patient_identity",
        fields=("local_patient_id",),
        query=query,
        reads=("patient_identity",),
        sentence_fr=texts[0],
        sentence_en=texts[1],
        remedy_fr=_ONE_PATIENT[0],
        remedy_en=_ONE_PATIENT[1],
        severity=Severity.WARNING,
        consequence=Consequence.FLAG,
        kahn=Kahn.UNIQUENESS,
        source=source,
    )


RULES = (
    _repeat(
        1,
        f"is_same_place AND earlier_group = later_group AND NOT {_ONE_IS_SARCOMA_NOS} AND later_group <> {KAPOSI}",
        ("Une tumeur du même siège et du même groupe histologique est déjà déclarée pour ce patient.",
         "A tumour of the same site and histology group is already declared for this patient."),
        source="IARC-MP1, IARC-MP4, IARC-MP5, SARC-MP-X1 (needs clinical sign-off)",
    ),
    _repeat(
        2,
        f"is_same_place AND {_ONE_IS_UNSPECIFIED}",
        ("Deux tumeurs du même siège, dont une d'histologie non précisée, sont déclarées pour ce patient.",
         "Two tumours of the same site, one of unspecified histology, are declared for this patient."),
        source="IARC-MP2 (needs clinical sign-off)",
    ),
    _repeat(
        3,
        _KAPOSI_TWICE,
        ("Un sarcome de Kaposi est déjà déclaré pour ce patient ; il ne se compte qu'une fois, quel que soit le siège.",
         "A Kaposi sarcoma is already declared for this patient; it counts once, whatever the site."),
        source="IARC-MP3 (needs clinical sign-off)",
    ),
    _repeat(
        4,
        f"is_same_place AND {_ONE_IS_SARCOMA_NOS} AND {_BOTH_MESENCHYMAL}",
        ("Un sarcome sans précision et un sarcome précisé du même siège sont déclarés comme deux tumeurs.",
         "A sarcoma, unspecified, and a specific sarcoma of the same site are declared as two tumours."),
        source="SEER-NOS (needs clinical sign-off)",
    ),
    _repeat(
        5,
        f"is_same_place AND most_days <= 60 AND earlier_group <> later_group AND {_BOTH_MESENCHYMAL}"
        f" AND NOT {_ONE_IS_SARCOMA_NOS}",
        ("Deux diagnostics du même siège à moins de 60 jours : peut-être une tumeur reclassée à la relecture.",
         "Two diagnoses of the same site within 60 days: perhaps one tumour reclassified by the expert reading."),
        source="SARC-MP-X2 (needs clinical sign-off)",
    ),
    _repeat(
        6,
        f"is_same_site AND NOT is_same_place AND earlier_group = later_group AND later_group <> {KAPOSI}",
        ("Une tumeur du même organe et groupe, d'un autre côté ou d'une autre partie, est déclarée pour ce patient.",
         "A tumour of the same organ and group, of another side or part, is declared for this patient."),
        source="QCS-W-MPMT, IARC-MP1 (needs clinical sign-off)", severity=Severity.INFO,
    ),
    _same_person(
        101,
        f"SELECT row_id, count(*) OVER (PARTITION BY {_INS}) > 1 AS is_violated"  # noqa: S608
        " FROM kept_patient_identity WHERE ins_matricule IS NOT NULL",
        ("Deux patients du centre ont le même numéro INS.",
         "Two patients of the centre have the same INS number."),
        source="NS-082, NAACCR-G2; RNIV: one INS is one person (needs clinical sign-off)",
    ),
    _same_person(
        102,
        "WITH named AS (SELECT *, concat_ws('|', lower(strip_accents(birth_name)), lower(strip_accents(first_names)),"
        " sex, birth_date) AS person FROM kept_patient_identity WHERE birth_name IS NOT NULL"
        " AND first_names IS NOT NULL AND sex IN ('M', 'F') AND birth_date_precision = 'day')"
        " SELECT row_id, EXISTS (FROM named AS other WHERE other.person = this.person"
        " AND other.local_patient_id <> this.local_patient_id"
        " AND (other.ins_matricule IS NULL OR this.ins_matricule IS NULL)) AS is_violated FROM named AS this",
        ("Deux patients du centre ont les mêmes nom et prénoms de naissance, sexe et date de naissance.",
         "Two patients of the centre have the same birth name, first names, sex and birth date."),
        source="NS-082, NAACCR-G2; RNIV: strict traits (needs clinical sign-off)",
    ),
)  # fmt: skip
