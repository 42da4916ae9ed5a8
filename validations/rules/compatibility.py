"""Age, sex, behaviour and grade against site and morphology, after the check of registries (IARC Technical Report 42).

The published age rules were made for carcinomas: they accuse the sarcomas of children. Those are taken out of them
and counted apart (AGE-101 and after). An age is judged only when it is certain with dates known in part; a diagnosis
before birth is said by the rules on dates. The grade of ICD-O and the FNCLCC grade are two scales: a rule on one never
reads the other. An in situ behaviour is said whatever the site (DIAGNOSIS-012), grades out of 1 to 4 by the contract.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from validations.rules.expressions import (
    AGE_AT_LEAST,
    AGE_AT_MOST,
    BEHAVIOUR,
    LABEL,
    MORPHOLOGY,
    SARCOMA,
    has_morphology,
    has_site,
)
from validations.rules.model import Consequence, Kahn, Rule, Severity

_CHECK_AGE = (
    "Vérifier la date de naissance, la date du diagnostic, le siège et la morphologie.",
    "Check the birth date, the date of diagnosis, the site and the morphology.",
)
_CONFIRM = (
    "Faire confirmer le diagnostic par la relecture experte (RRePS) ; garder les codes s'il l'est.",
    "Have the diagnosis confirmed by an expert reading (RRePS); keep both codes if it is.",
)
_CHECK_GRADE = (
    "Retirer le grade, ou corriger le système de grade ou la morphologie.",
    "Remove the grade, or amend the grading system or the morphology.",
)


def _under(years: int) -> str:
    return f"{AGE_AT_MOST} < {years} AND diagnosis_date_latest >= patient.birth_date"


#: Rhabdomyosarcoma and embryonal sarcoma: the prostate and the vagina or cervix are usual sites in small children.
_RHABDOMYOSARCOMA = "8900-8921 8991"
#: Sarcomas that are first of children and adolescents, or as often theirs, whatever the organ: desmoplastic and other
#: round cell tumours, infantile fibrosarcoma, inflammatory myofibroblastic, rhabdoid, synovial, alveolar soft part.
_OF_THE_YOUNG = f"{_RHABDOMYOSARCOMA} 8806 8814 8825 8963 9040-9043 9260 9364-9368 9581"
#: Nephroblastoma, hepatoblastoma, neuroblastoma and their like; 8910 is AGE-103.
_OF_CHILDREN = "8960-8962 8970 8981 8991 9072 9470 9490 9500 9687"

_AGE_IS_KNOWN = "patient.birth_date IS NOT NULL AND diagnosis_date IS NOT NULL"
_SMALL_CHILD = f"{has_site('53|61')} AND {AGE_AT_MOST} < 5"
#: Under 5, the cervix is left to the rule on small children.
_NOT_A_SMALL_CHILD = f"NOT ({has_site('53')} AND {AGE_AT_MOST} < 5)"
_ADULT_SITE = has_site("15|19|2[0134]|384$|50|5[345]")
_BOWEL_OR_LUNG = has_site("1[78]|3[34]")

_BENIGN, _MALIGNANT = r"\b(benins?|benignes?|benign)\b", r"\b(malins?|malignes?|malignant)\b"
#: A denial, a doubt or a history: the words no longer say what the tumour is.
_NUANCE = (
    r"\b(pas|non|sans|ni|no|not|without|aucune?|absence|ou|or|ex)\b|[?]"
    "|suspect|suspic|dout|possib|probab|potenti|incertain|uncertain|transform|degener|exclu|elimin|anteced|history|ancien"
)
_OBSOLETE = (
    r"histiocytofibromes? malins?\b|histiocytomes? fibreux malins?\b|malignant fibrous histiocytoma|\bmfh\b"
    "|ha?emangiopericytom"
)
#: The name in use stands beside the old one.
_CURRENT = "fibreuse solitaire|solitary fibrous|indifferenci|undifferentiated"


def _says(words: str) -> str:
    return f"regexp_matches({LABEL}, '{words}')"


def _born(year: int) -> dict[str, Any]:
    """An example of another age: the number of the patient's INS would say another birth."""
    return {
        "patient.birth_date": dt.date(year, 1, 15),
        "patient.ins_matricule": None,
        "patient.ins_status": None,
    }


def _tumour(morphology: str, site: str, **beside: Any) -> dict[str, Any]:
    return {"morphology_code": morphology, "topography_code": site, "laterality": None, **beside}


_NOT_GRADED: Mapping[str, Any] = {"grade": None, "grade_system": None}
_WOMAN: Mapping[str, Any] = {"patient.sex": "F", "patient.ins_matricule": None, "patient.ins_status": None}

_AGES = (
    Rule(
        id="AGE-001", table="tumour", fields=("topography_code",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        source="IARC-22a (IARC TR 42)", status="cited",
        sentence_fr="Une tumeur du col utérin (C53) ou de la prostate (C61) est codée avant 5 ans.",
        sentence_en="A tumour of the cervix (C53) or prostate (C61) is coded before the age of 5.",
        remedy_fr=_CHECK_AGE[0],
        remedy_en=_CHECK_AGE[1],
        applies_when=f"{has_site('53|61')} AND NOT {has_morphology(_RHABDOMYOSARCOMA)} AND {_AGE_IS_KNOWN}",
        violated_when=_under(5),
        fails=_tumour("8850/3", "C61.9") | _born(2012), passes=_tumour("8850/3", "C61.9"),
    ),
    Rule(
        id="AGE-002", table="tumour", fields=("topography_code",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        source="IARC-22b (IARC TR 42)", status="cited",
        sentence_fr="Le siège est peu vraisemblable avant 20 ans (œsophage, rectum, voies biliaires, sein, utérus).",
        sentence_en="The site is unlikely before the age of 20 (oesophagus, rectum, bile ducts, breast, uterus).",
        remedy_fr=_CHECK_AGE[0],
        remedy_en=_CHECK_AGE[1],
        applies_when=f"{_ADULT_SITE} AND NOT {has_morphology(_OF_THE_YOUNG)} AND {_AGE_IS_KNOWN}",
        violated_when=f"{_under(20)} AND {_NOT_A_SMALL_CHILD}",
        fails=_tumour("8850/3", "C50.9") | _born(1996), passes=_tumour("8850/3", "C50.9") | _born(1994),
    ),
    Rule(
        id="AGE-003", table="tumour", fields=("morphology_code",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        source="IARC-23a (IARC TR 42)", status="cited",
        sentence_fr="Une tumeur embryonnaire, propre à l'enfant, est codée à 15 ans ou plus.",
        sentence_en="An embryonal tumour, which belongs to childhood, is coded at the age of 15 or more.",
        remedy_fr=_CHECK_AGE[0],
        remedy_en=_CHECK_AGE[1],
        # ganglioneuroma (9490/0) is benign and of any age
        applies_when=f"{has_morphology(_OF_CHILDREN)} AND NOT ({has_morphology('9490')} AND {BEHAVIOUR} = 0)"
        f" AND {_AGE_IS_KNOWN}",
        violated_when=f"{AGE_AT_LEAST} >= 15",
        fails=_tumour("8991/3", "C22.0"), passes=_tumour("9490/0", "C47.4", **_NOT_GRADED),
    ),
    Rule(
        id="AGE-004", table="tumour", fields=("topography_code",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        source="IARC-24 (IARC TR 42)", status="cited",
        sentence_fr="Une tumeur de l'intestin grêle, du côlon ou du poumon, non sarcome, est codée avant 20 ans.",
        sentence_en="A tumour of the small bowel, colon or lung, other than a sarcoma, is coded before the age of 20.",
        remedy_fr=_CHECK_AGE[0],
        remedy_en=_CHECK_AGE[1],
        # carcinoids (8240 to 8249) of the colon and lung are of any age; leukaemias and lymphomas are not registered
        applies_when=f"{_BOWEL_OR_LUNG} AND {MORPHOLOGY} < 9590 AND NOT {has_morphology(SARCOMA)}"
        f" AND ({has_site('17')} OR NOT {has_morphology('8240-8249')}) AND {_AGE_IS_KNOWN}",
        violated_when=_under(20),
        fails=_tumour("8140/3", "C34.9") | _born(1996), passes=_tumour("8140/3", "C34.9") | _born(1994),
    ),
    Rule(
        id="AGE-005", table="tumour", fields=("diagnosis_date",),
        severity=Severity.INFO, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        source="NS-108 (needs clinical sign-off)",
        sentence_fr="Le patient a moins de 18 ans au diagnostic : un registre pédiatrique peut aussi le compter.",
        sentence_en="The patient is under 18 at diagnosis: a paediatric registry may count the case too.",
        remedy_fr="Chercher le patient dans le registre pédiatrique, pour ne pas le compter deux fois.",
        remedy_en="Look for the patient in the paediatric registry, so as not to count the case twice.",
        applies_when=_AGE_IS_KNOWN,
        # a small child's prostate or cervix is AGE-001 or AGE-101
        violated_when=f"{_under(18)} AND NOT coalesce({MORPHOLOGY} IS NOT NULL AND {_SMALL_CHILD}, FALSE)",
        fails=_born(2000), passes=_born(1996),
    ),
    Rule(
        id="AGE-101", table="tumour", fields=("topography_code",),
        severity=Severity.INFO, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        # of the sarcomas of the prostate and cervix, it is the one of small children: AGE-001 would accuse each
        source="IARC-22a, overlay for childhood sarcoma (needs clinical sign-off)",
        sentence_fr="Un rhabdomyosarcome du col utérin ou de la prostate est codé avant 5 ans, ce qui se voit.",
        sentence_en="A rhabdomyosarcoma of the cervix or prostate is coded before the age of 5, which does occur.",
        remedy_fr="Faire confirmer le diagnostic (RRePS) ; chercher le patient dans le registre pédiatrique.",
        remedy_en="Have the diagnosis confirmed (RRePS); look for the patient in the paediatric registry.",
        applies_when=f"{has_site('53|61')} AND {has_morphology(_RHABDOMYOSARCOMA)} AND {_AGE_IS_KNOWN}",
        violated_when=_under(5),
        fails=_tumour("8910/3", "C61.9") | _born(2012), passes=_tumour("8900/3", "C61.9"),
    ),
    Rule(
        id="AGE-102", table="tumour", fields=("topography_code",),
        severity=Severity.INFO, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        source="IARC-22b, overlay for childhood sarcoma (needs clinical sign-off)",
        sentence_fr="Un sarcome du sujet jeune est codé avant 20 ans dans un organe plutôt atteint chez l'adulte.",
        sentence_en="A sarcoma of the young is coded before the age of 20 in an organ more often affected in adults.",
        remedy_fr=_CONFIRM[0],
        remedy_en=_CONFIRM[1],
        applies_when=f"{_ADULT_SITE} AND {has_morphology(_OF_THE_YOUNG)} AND {_AGE_IS_KNOWN}",
        violated_when=f"{_under(20)} AND {_NOT_A_SMALL_CHILD}",
        fails=_tumour("8900/3", "C50.9") | _born(1996), passes=_tumour("8900/3", "C50.9") | _born(1994),
    ),
    Rule(
        id="AGE-103", table="tumour", fields=("morphology_code",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        source="IARC-23a, SARC-18-X4 (needs clinical sign-off)",
        sentence_fr="Un rhabdomyosarcome embryonnaire est codé à 15 ans ou plus.",
        sentence_en="An embryonal rhabdomyosarcoma is coded at the age of 15 or more.",
        remedy_fr=_CONFIRM[0],
        remedy_en=_CONFIRM[1],
        applies_when=f"{has_morphology('8910')} AND {_AGE_IS_KNOWN}",
        violated_when=f"{AGE_AT_LEAST} >= 15",
        fails={"morphology_code": "8910/3"}, passes={"morphology_code": "8912/3"},
    ),
    Rule(
        id="AGE-104", table="tumour", fields=("topography_code",),
        severity=Severity.INFO, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        source="IARC-24, overlay for sarcoma (needs clinical sign-off)",
        sentence_fr="Un sarcome de l'intestin grêle, du côlon ou du poumon est codé avant 20 ans.",
        sentence_en="A sarcoma of the small bowel, colon or lung is coded before the age of 20.",
        remedy_fr=_CONFIRM[0],
        remedy_en=_CONFIRM[1],
        applies_when=f"{_BOWEL_OR_LUNG} AND {has_morphology(SARCOMA)} AND {_AGE_IS_KNOWN}",
        violated_when=_under(20),
        fails=_tumour("8890/3", "C34.9") | _born(1996), passes=_tumour("8890/3", "C34.9") | _born(1994),
    ),
    Rule(
        id="AGE-105", table="tumour", fields=("morphology_code",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        source="IARC-23b (IARC TR 42)", status="cited",
        sentence_fr="Un myélome ou une leucémie de l'adulte (9730, 9823, 9890) est codé à 25 ans ou moins.",
        sentence_en="A myeloma or leukaemia of adults (9730, 9823, 9890) is coded at the age of 25 or less.",
        remedy_fr=_CHECK_AGE[0],
        remedy_en=_CHECK_AGE[1],
        applies_when=f"{has_morphology('9730 9823 9890')} AND {_AGE_IS_KNOWN}",
        violated_when=_under(26),
        fails=_tumour("9823/3", "C42.1", **_NOT_GRADED) | _born(1994),
        passes=_tumour("9823/3", "C42.1", **_NOT_GRADED) | _born(1985),
    ),
)  # fmt: skip

_OTHERS = (
    Rule(
        id="SEX-001", table="tumour", fields=("morphology_code",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        source="IARC-21 (IARC TR 42)", status="cited",
        sentence_fr="Une tumeur du stroma endométrial ou mixte müllérienne est codée chez un homme.",
        sentence_en="An endometrial stromal or mixed Müllerian tumour is coded in a man.",
        remedy_fr="Vérifier le sexe et la morphologie.",
        remedy_en="Check the sex and the morphology.",
        # not genital rhabdomyoma (also of the testis' sheath) nor adenosarcoma (also urinary)
        # where the site is already asked about (SITE-007, SITE-008), the code is in doubt and not the sex
        applies_when=f"{has_morphology('8930 8931 8950')} AND patient.sex IN ('M', 'F')"
        f" AND coalesce({has_site('48|49[4-8]?$|5[3-7]|76[2378]?$|80')}, TRUE)",
        violated_when="patient.sex = 'M'",
        fails=_tumour("8931/3", "C48.1"), passes=_tumour("8931/3", "C54.1", **_WOMAN),
    ),
    Rule(
        id="BEHAVIOUR-001", table="tumour", fields=("morphology_code",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        source="NS-061 (needs clinical sign-off)",
        sentence_fr="Le libellé dit bénin et le code malin, ou l'inverse.",
        sentence_en="The words say benign and the code says malignant, or the reverse.",
        remedy_fr="Reprendre le comportement du compte rendu ; corriger le code ou le libellé.",
        remedy_en="Take the behaviour from the report; amend the code or the words.",
        applies_when=f"diagnosis_label IS NOT NULL AND {BEHAVIOUR} IN (0, 3) AND NOT {_says(_NUANCE)}",
        violated_when=f"CASE {BEHAVIOUR} WHEN 3 THEN {_says(_BENIGN)} AND NOT {_says(_MALIGNANT)}"
        f" ELSE {_says(_MALIGNANT)} AND NOT {_says(_BENIGN)} END",
        fails={"diagnosis_label": "tumeur bénigne des tissus mous"},
        passes={"diagnosis_label": "tumeur maligne des tissus mous"},
    ),
    Rule(
        id="GRADE-001", table="tumour", fields=("grade",),
        severity=Severity.ERROR, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        source="IARC-09a (IARC TR 42)", status="cited",
        sentence_fr="Un grade CIM-O est donné à une tumeur dont le comportement n'est pas malin (3).",
        sentence_en="An ICD-O grade is given to a tumour whose behaviour is not malignant (3).",
        remedy_fr=_CHECK_GRADE[0],
        remedy_en=_CHECK_GRADE[1],
        applies_when=f"grade_system = 'icdo' AND grade IS NOT NULL AND {BEHAVIOUR} IS NOT NULL",
        violated_when=f"{BEHAVIOUR} <> 3",
        fails={"morphology_code": "8821/1", "grade_system": "icdo"}, passes={"grade_system": "icdo"},
    ),
    Rule(
        id="GRADE-002", table="tumour", fields=("grade",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        source="IARC-09d (IARC TR 42)", status="cited",
        sentence_fr="Un sarcome indifférencié (8805) a un grade CIM-O autre que 4.",
        sentence_en="An undifferentiated sarcoma (8805) has an ICD-O grade other than 4.",
        remedy_fr="Vérifier le grade, le système de grade et la morphologie.",
        remedy_en="Check the grade, the grading system and the morphology.",
        applies_when=f"grade_system = 'icdo' AND grade IS NOT NULL AND {has_morphology('8805')}",
        violated_when="grade <> 4",
        fails={"morphology_code": "8805/3", "grade_system": "icdo", "grade": 3},
        passes={"morphology_code": "8805/3", "grade_system": "icdo", "grade": 4},
    ),
    Rule(
        id="GRADE-003", table="tumour", fields=("grade",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        source="IARC-09e (IARC TR 42)", status="cited",
        sentence_fr="Un ostéosarcome central de bas grade (9187) a un grade CIM-O autre que 1.",
        sentence_en="A low-grade central osteosarcoma (9187) has an ICD-O grade other than 1.",
        remedy_fr="Vérifier le grade, le système de grade et la morphologie.",
        remedy_en="Check the grade, the grading system and the morphology.",
        applies_when=f"grade_system = 'icdo' AND grade IS NOT NULL AND {has_morphology('9187')}",
        violated_when="grade <> 1",
        fails={"morphology_code": "9187/3", "topography_code": "C40.2", "grade_system": "icdo", "grade": 2},
        passes={"morphology_code": "9187/3", "topography_code": "C40.2", "grade_system": "icdo", "grade": 1},
    ),
    Rule(
        id="GRADE-004", table="tumour", fields=("grade",),
        severity=Severity.INFO, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        source="NS-067 (needs clinical sign-off)",
        sentence_fr="Un grade FNCLCC est donné à une tumeur bénigne ou intermédiaire (comportement 0 ou 1).",
        sentence_en="An FNCLCC grade is given to a benign or intermediate tumour (behaviour 0 or 1).",
        remedy_fr=_CHECK_GRADE[0],
        remedy_en=_CHECK_GRADE[1],
        # counted, not asked, until a clinician agrees: it meets one tumour in thirty of a network that grades them all
        # GIST, once coded 8936/0 and 8936/1, is DIAGNOSIS-011; desmoid and dermatofibrosarcoma are GRADE-005
        applies_when=f"grade_system = 'fnclcc' AND grade IS NOT NULL AND {BEHAVIOUR} IS NOT NULL"
        f" AND NOT {has_morphology('8821 8832 8833 8936')}",
        violated_when=f"{BEHAVIOUR} IN (0, 1)",
        fails={"morphology_code": "8850/1"}, passes={"morphology_code": "8850/1", **_NOT_GRADED},
    ),
    Rule(
        id="GRADE-005", table="tumour", fields=("grade",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        source="NS-067 (needs clinical sign-off)",
        sentence_fr="Un grade FNCLCC est donné à un desmoïde ou un dermatofibrosarcome, qui ne sont pas gradés ainsi.",
        sentence_en="An FNCLCC grade is given to a desmoid or a dermatofibrosarcoma, which are not graded so.",
        remedy_fr=_CHECK_GRADE[0],
        remedy_en=_CHECK_GRADE[1],
        applies_when=f"grade_system = 'fnclcc' AND grade IS NOT NULL AND {MORPHOLOGY} IS NOT NULL",
        # 8832/3 is the fibrosarcomatous form since ICD-O-3.2, and may be graded; 8832/0 is no dermatofibrosarcoma
        violated_when=f"{has_morphology('8821 8833')} OR ({has_morphology('8832')} AND ({BEHAVIOUR} = 1"
        f" OR ({BEHAVIOUR} = 3 AND morphology_version IN ('icdo30', 'icdo31'))))",
        fails={"morphology_code": "8832/3", "morphology_version": "icdo31", "topography_code": "C44.5"},
        passes={"morphology_code": "8832/3", "topography_code": "C44.5"},
    ),
    Rule(
        id="MORPHOLOGY-001", table="tumour", fields=("diagnosis_label",),
        severity=Severity.INFO, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        source="NS-063 (needs clinical sign-off)",
        sentence_fr="Le libellé emploie un nom abandonné (histiocytofibrome malin, hémangiopéricytome).",
        sentence_en="The words use a name that was abandoned (malignant fibrous histiocytoma, haemangiopericytoma).",
        remedy_fr="Reprendre le nom actuel de la relecture experte s'il existe.",
        remedy_en="Take the present name from the expert reading if there is one.",
        applies_when="diagnosis_label IS NOT NULL",
        violated_when=f"{_says(_OBSOLETE)} AND NOT {_says(_CURRENT)}",
        fails={"diagnosis_label": "Histiocytofibrome malin"},
        passes={"diagnosis_label": "Sarcome pléomorphe indifférencié (MFH)"},
    ),
    Rule(
        id="MORPHOLOGY-002", table="tumour", fields=("morphology_code",),
        severity=Severity.INFO, consequence=Consequence.FLAG, kahn=Kahn.ATEMPORAL,
        source="NS-063 (needs clinical sign-off)",
        sentence_fr="Le code est abandonné : hémangiopéricytome (9150) ou histiocytofibrome malin (8830) hors os.",
        sentence_en="The code is abandoned: haemangiopericytoma (9150), or MFH (8830) outside bone.",
        remedy_fr="Reprendre le code actuel de la relecture experte s'il existe.",
        remedy_en="Take the present code from the expert reading if there is one.",
        # 8830/3 is still the undifferentiated pleomorphic sarcoma of bone; an unknown site (C80) may be bone
        applies_when=has_morphology("8830 9150"),
        violated_when=f"{has_morphology('9150')} OR ({BEHAVIOUR} = 3 AND NOT {has_site('4[01]|80')})",
        fails={"morphology_code": "8830/3"}, passes={"morphology_code": "8830/3", "topography_code": "C40.2"},
    ),
)  # fmt: skip

RULES = (*_AGES, *_OTHERS)
