"""Sites unlikely for a morphology family, after the international check of registries (IARC Technical Report 42).

A combination is asked about, never corrected. A site without its subsite (`C42`) is asked about only when each of
its subsites would be; an unknown primary site (C80.9) contradicts nothing. What sarcomas really do is not asked
about, or asked for confirmation only (SITE-101 and after): an expected site that the reference does not have is
said beside its family, with its reason. The codes added by WHO in 2020 stand in the family of their kind (8859,
9222, 9542) or, when a family does not hold them (8714, 9045, 9137, 9138, 9366, 9367, 9368), in none.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from validations.rules.expressions import SITE, has_morphology, has_site
from validations.rules.model import Consequence, Kahn, Rule, Severity

_REMEDY = (
    "Vérifier le siège et la morphologie dans le compte rendu, corriger celui qui est faux.",
    "Check the site and the morphology in the report; amend whichever is wrong.",
)
_CONFIRM = (
    "Faire confirmer le diagnostic par la relecture experte (RRePS) ; garder les codes s'il l'est.",
    "Have the diagnosis confirmed by an expert reading (RRePS); keep both codes if it is.",
)

#: Blood, bone marrow and the organs of immunity but for the spleen (C42.2), where sarcomas do arise; lymph nodes.
_BLOOD_OR_NODES = "42[0134]$|77"
#: Female examples: the number of the patient's INS would say another sex.
_WOMAN: Mapping[str, Any] = {
    "patient.sex": "F", "patient.ins_matricule": None, "patient.ins_status": None, "laterality": None,
}  # fmt: skip
_NOT_GRADED: Mapping[str, Any] = {"grade": None, "grade_system": None}


def _outside(sites: str) -> str:
    return f"NOT {has_site(f'{sites}|80')}"


@dataclass(frozen=True)
class _Family:
    """A family of the reference by its number, its morphologies, its unlikely sites; a code and site of each kind."""

    number: int
    family: str
    codes: str
    unlikely: str
    fr: str
    en: str
    fails: tuple[str, str]
    passes: tuple[str, str]
    beside: Mapping[str, Any] | None = None  # what both examples change besides
    passes_beside: Mapping[str, Any] | None = None


def _rule(row: _Family) -> Rule:
    fails, passes = (
        {"morphology_code": morphology, "topography_code": site, **(row.beside or {})}
        for morphology, site in (row.fails, row.passes)
    )
    return Rule(
        id=f"SITE-{row.number:03d}",
        table="tumour",
        fields=("topography_code",),
        sentence_fr=row.fr,
        sentence_en=row.en,
        remedy_fr=_REMEDY[0],
        remedy_en=_REMEDY[1],
        severity=Severity.WARNING,
        consequence=Consequence.FLAG,
        kahn=Kahn.ATEMPORAL,
        source=f"IARC-18-{row.family} (IARC TR 42)",
        status="cited",
        applies_when=f"{has_morphology(row.codes)} AND {SITE} IS NOT NULL",
        violated_when=row.unlikely,
        fails=fails,
        passes={**passes, **(row.passes_beside or {})},
    )


#: Synovial and clear cell sarcoma, Ewing: soft tissue and bone first, but known in most organs.
_ANYWHERE = "9040-9044 9260"

_FAMILIES = (
    _Family(
        1, "F06", "8936",
        # also the anorectal junction (C21); the peritoneum (C48) is SITE-102
        _outside("1[5-9]|2[016]|48|76[2378]?$"),
        "Une tumeur stromale gastro-intestinale (GIST) est codée hors du tube digestif (C15 à C21, C26).",
        "A gastrointestinal stromal tumour (GIST) is coded outside the digestive tract (C15 to C21, C26).",
        fails=("8936/3", "C49.2"), passes=("8936/3", "C16.9"),
        beside=_NOT_GRADED, passes_beside={"laterality": "not_applicable"},
    ),
    _Family(
        2, "F15", "9365",
        # also the lung (C34) and the pleura (C38): the tumour is thoracopulmonary by definition
        _outside("34|3[89]|4[019]|76[178]?$"),
        "Une tumeur d'Askin est codée hors du thorax, des os (C40, C41) et des tissus mous (C49).",
        "An Askin tumour is coded outside the chest, bone (C40, C41) and soft tissue (C49).",
        fails=("9365/3", "C64.9"), passes=("9365/3", "C49.3"),
    ),
    _Family(
        3, "F16", "9261",
        _outside("40[0289]?$"),
        "Un adamantinome des os longs est codé hors d'un os long (C40.0, C40.2).",
        "An adamantinoma of long bones is coded outside a long bone (C40.0, C40.2).",
        fails=("9261/3", "C49.2"), passes=("9261/3", "C40.2"),
    ),
    _Family(
        4, "F17", "8812 9180-9200 9250",
        f"{_outside('4[01]')} AND NOT ({has_morphology('9180')} AND {has_site('48|49|50')})",  # these are SITE-101
        "Une tumeur osseuse est codée hors de l'os (C40, C41).",
        "A bone tumour is coded outside bone (C40, C41).",
        fails=("9250/1", "C49.2"), passes=("9250/1", "C40.2"), beside=_NOT_GRADED,
    ),
    _Family(
        5, "F20", "8832 8833",
        # also the breast (C50), whose skin is often coded so, and ill-defined regions (C76)
        _outside("00|44|49|5[01]|60|63[289]?$|76|79"),
        "Un dermatofibrosarcome est codé hors de la peau (C44) et des tissus sous-cutanés (C49).",
        "A dermatofibrosarcoma is coded outside the skin (C44) and subcutaneous tissue (C49).",
        fails=("8832/3", "C48.0"), passes=("8832/3", "C44.7"),
    ),
    _Family(
        6, "F22", "8905",
        _outside("5[12]|57[89]?$"),
        "Un rhabdomyome génital est codé hors de la vulve et du vagin (C51, C52).",
        "A genital rhabdomyoma is coded outside the vulva and vagina (C51, C52).",
        fails=("8905/0", "C49.2"), passes=("8905/0", "C52.9"), beside=_NOT_GRADED,
        passes_beside=_WOMAN,
    ),
    _Family(
        7, "F23", "8930 8931",
        # also the cervix, the ovary, the peritoneum and the pelvis: it may arise from endometriosis
        _outside("48|495?$|5[3-7]|76[2378]?$"),
        "Un sarcome du stroma endométrial est codé hors de l'utérus, des annexes et du pelvis (C53 à C57, C48).",
        "An endometrial stromal sarcoma is coded outside the uterus, adnexa and pelvis (C53 to C57, C48).",
        fails=("8931/3", "C49.2"), passes=("8931/3", "C54.1"), passes_beside=_WOMAN,
    ),
    _Family(
        8, "F26", "8934 8950 8951",
        _outside("48|49[4-8]?$|5[3-7]|76[2378]?$"),
        "Une tumeur mixte müllérienne ou mésodermique est codée hors du pelvis et de l'appareil génital féminin.",
        "A mixed Müllerian or mesodermal tumour is coded outside the pelvis and female genital organs.",
        fails=("8950/3", "C49.2"), passes=("8950/3", "C54.1"), passes_beside=_WOMAN,
    ),
    _Family(
        9, "F35", "9121-9123 9131",
        # also bone, skin and soft tissue: a sarcoma network reads such benign tumours, an IARC registry does not
        _outside("4[0149]|7[012]|753?$"),
        "Un hémangiome est codé hors des nerfs, os, peau et tissus mous (C40, C41, C44, C49, C70 à C72).",
        "A haemangioma is coded outside nervous system, bone, skin and soft tissue (C70 to C72, C40, C41, C44, C49).",
        fails=("9121/0", "C64.9"), passes=("9121/0", "C71.9"), beside=_NOT_GRADED,
    ),
    _Family(
        10, "F50", "8932 8933",
        # also the peritoneum (C48): it may arise from endometriosis
        _outside("48|5[1-7]|6[4-8]|76[2378]?$"),
        "Un adénosarcome est codé hors de l'appareil génital féminin, urinaire et du péritoine.",
        "An adenosarcoma is coded outside the female genital organs, urinary tract and peritoneum.",
        fails=("8933/3", "C49.2"), passes=("8933/3", "C54.1"), passes_beside=_WOMAN,
    ),
    _Family(
        11, "F51", "8935",
        # also the prostate (C61), which has a stromal sarcoma of its own
        _outside("50|5[3-7]|61|76[12378]?$"),
        "Un sarcome stromal est codé hors du sein (C50), de la prostate (C61) et des organes génitaux (C53 à C57).",
        "A stromal sarcoma is coded outside the breast (C50), prostate (C61) and genital organs (C53 to C57).",
        fails=("8935/3", "C49.2"), passes=("8935/3", "C50.9"),
    ),
    _Family(
        12, "F52", f"9251 9252 {_ANYWHERE}",
        # those that are known in most organs are SITE-103 there
        f"CASE WHEN {has_morphology(_ANYWHERE)} THEN {has_site(_BLOOD_OR_NODES)} ELSE {_outside('4[019]|76')} END",
        "Une tumeur des os et tissus mous est codée hors de ses sièges habituels (C40, C41, C49).",
        "A tumour of bone and soft tissue is coded outside its usual sites (C40, C41, C49).",
        fails=("9252/3", "C34.9"), passes=("9252/3", "C49.2"),
    ),
    _Family(
        13, "F53", "9220-9243",
        # also the nervous system (9220, 9240: WHO 2021) and the retroperitoneum (9231, 9240: of soft tissue)
        f"{_outside('300?$|31|32[389]?$|33|39|4[019]|76')}"
        f" AND NOT ({has_morphology('9220 9240')} AND {has_site('7[012]')})"
        f" AND NOT ({has_morphology('9231 9240')} AND {has_site('48')})",
        "Une tumeur cartilagineuse est codée hors des os, cartilages et tissus mous (C40, C41, C49).",
        "A cartilaginous tumour is coded outside bone, cartilage and soft tissue (C40, C41, C49).",
        fails=("9220/3", "C64.9"), passes=("9220/3", "C40.2"),
    ),
    _Family(
        14, "F61", "9370-9373",
        _outside("11|14|3[019]|4[019]|7[1256]"),
        "Un chordome est codé hors de l'axe du squelette et du crâne (C41, C71, C72, C75).",
        "A chordoma is coded outside the axial skeleton and skull (C41, C71, C72, C75).",
        fails=("9370/3", "C64.9"), passes=("9370/3", "C41.4"),
    ),
    _Family(
        15, "F63", "9540-9571",
        # also the skin (C44): neurofibromas and their malignant forms
        _outside("38|39[89]?$|4[4789]|69|7[0126]"),
        "Une tumeur des gaines nerveuses est codée hors des nerfs, tissus mous et peau (C44, C47 à C49, C70 à C72).",
        "A nerve sheath tumour is coded outside nerves, soft tissue and skin (C44, C47 to C49, C70 to C72).",
        fails=("9540/3", "C64.9"), passes=("9540/3", "C47.2"),
    ),
    _Family(
        16, "F66", "8800 8801 8803-8806 9120 9130 9133 9141-9161 9364 9580 9581",
        has_site(_BLOOD_OR_NODES),
        "Un sarcome sans siège propre est codé dans le sang, la moelle ou un ganglion (C42, C77).",
        "A sarcoma without a site of its own is coded in blood, marrow or a lymph node (C42, C77).",
        fails=("8805/3", "C77.4"), passes=("8805/3", "C49.2"),
    ),
    _Family(
        17, "F67", "8802",
        has_site(_BLOOD_OR_NODES),  # bone is SITE-104
        "Un sarcome à cellules géantes ou pléomorphe est codé dans le sang, la moelle ou un ganglion (C42, C77).",
        "A giant cell or pleomorphic sarcoma is coded in blood, marrow or a lymph node (C42, C77).",
        fails=("8802/3", "C77.4"), passes=("8802/3", "C49.2"),
    ),
    _Family(
        18, "F68", "8810 8811 8813-8826 8828-8830 8837-8904 8906-8921 8990 8991 9132",
        # solitary fibrous tumour (8815) and rhabdomyosarcoma also arise in the nervous system (WHO 2021)
        f"{has_site(_BLOOD_OR_NODES)} OR ({has_site('7[012]')} AND NOT {has_morphology('8815 8900-8921')})",
        "Un sarcome des tissus mous est codé dans le système nerveux, le sang ou un ganglion (C70 à C72, C42, C77).",
        "A soft tissue sarcoma is coded in the nervous system, blood or a lymph node (C70 to C72, C42, C77).",
        fails=("8850/3", "C71.9"), passes=("8850/3", "C48.0"),
    ),
    _Family(
        19, "F69", "9140",
        has_site("07|08|2[2-5]|4[01278]|5[0-8]|6[124-8]|7[0-5]"),
        "Un sarcome de Kaposi est codé dans un organe qui n'en est pas le siège (os, rein, foie, système nerveux).",
        "A Kaposi sarcoma is coded in an organ where it does not arise (bone, kidney, liver, nervous system).",
        fails=("9140/3", "C64.9"), passes=("9140/3", "C44.7"),
    ),
)  # fmt: skip


def _confirmed(
    number: int,
    source: str,
    codes: str,
    unusual: str,
    texts: tuple[str, str],
    examples: tuple[Mapping[str, Any], ...],
) -> Rule:
    return Rule(
        id=f"SITE-{number:03d}",
        table="tumour",
        fields=("topography_code",),
        sentence_fr=texts[0],
        sentence_en=texts[1],
        remedy_fr=_CONFIRM[0],
        remedy_en=_CONFIRM[1],
        severity=Severity.INFO,
        consequence=Consequence.FLAG,
        kahn=Kahn.ATEMPORAL,
        source=f"{source} (needs clinical sign-off)",
        applies_when=f"{has_morphology(codes)} AND {SITE} IS NOT NULL",
        violated_when=unusual,
        fails=examples[0],
        passes=examples[1],
    )


#: Rare but true in a sarcoma network, which sees them because they are rare.
_OVERLAYS = (
    _confirmed(
        101, "SARC-18-X1", "9180",
        has_site("48|49|50"),  # the variants (9181 and after) are of bone: outside it, WHO codes them all 9180
        ("Un ostéosarcome est codé hors de l'os, dans les tissus mous, le rétropéritoine ou le sein.",
         "An osteosarcoma is coded outside bone, in soft tissue, the retroperitoneum or the breast."),
        ({"morphology_code": "9180/3"}, {"morphology_code": "9180/3", "topography_code": "C40.2"}),
    ),
    _confirmed(
        102, "SARC-18-X2", "8936",
        has_site("48"),  # of the omentum or the mesentery
        ("Une tumeur stromale (GIST) est codée dans le péritoine ou le rétropéritoine.",
         "A stromal tumour (GIST) is coded in the peritoneum or retroperitoneum."),
        ({"morphology_code": "8936/3", "topography_code": "C48.1", **_NOT_GRADED},
         {"morphology_code": "8936/3", "topography_code": "C17.9", "laterality": None, **_NOT_GRADED}),
    ),
    _confirmed(
        103, "SARC-18-X3", _ANYWHERE,
        # the skin, the nerves and the retroperitoneum are soft tissue: nothing to confirm
        f"{_outside(f'4[0147-9]|76|{_BLOOD_OR_NODES}')}",
        ("Un sarcome d'Ewing, synovial ou à cellules claires est codé dans un viscère (poumon, rein, utérus).",
         "An Ewing, synovial or clear cell sarcoma is coded in an internal organ (lung, kidney, uterus)."),
        ({"morphology_code": "9040/3", "topography_code": "C34.9"}, {"morphology_code": "9040/3"}),
    ),
    _confirmed(
        104, "IARC-18-F67, WHO 2020",  # undifferentiated pleomorphic sarcoma has this code too, and may be of bone
        "8802",
        has_site("4[01]"),
        ("Un sarcome à cellules géantes ou pléomorphe est codé dans l'os (C40, C41).",
         "A giant cell or pleomorphic sarcoma is coded in bone (C40, C41)."),
        ({"morphology_code": "8802/3", "topography_code": "C40.2"}, {"morphology_code": "8802/3"}),
    ),
)  # fmt: skip

RULES = (*(_rule(row) for row in _FAMILIES), *_OVERLAYS)
