"""Dates against one another. Only certain contradictions count: the latest possible day against the earliest."""

import datetime as dt
from typing import Any

from validations.contracts.entities import ENTITIES
from validations.rules.model import Consequence, Kahn, Rule, Severity

_CHECK = (
    "Vérifier les deux dates dans le dossier et corriger celle qui est fausse.",
    "Check both dates in the record and correct the wrong one.",
)

#: (rule number, entity, field): dates that cannot follow the declared date of the export.
_NOT_AFTER_EXPORT = (
    (101, "tumour", "diagnosis_date"),
    (102, "biopsy", "biopsy_date"),
    (103, "imaging", "imaging_date"),
    (104, "rcp", "rcp_date"),
    (105, "pathology_review", "expert_date"),
    (106, "surgery", "surgery_date"),
    (107, "treatment", "treatment_start_date"),
    (108, "follow_up", "event_date"),
    (109, "follow_up", "death_date"),
    (110, "patient_identity", "birth_date"),
    (111, "treatment", "treatment_end_date"),
    (112, "pathology_review", "sampling_date"),
    (113, "pathology_review", "received_date"),
)
#: (rule number, entity, field): acts that cannot precede the patient's birth.
_NOT_BEFORE_BIRTH = (
    (121, "tumour", "diagnosis_date"),
    (122, "biopsy", "biopsy_date"),
    (123, "imaging", "imaging_date"),
    (124, "rcp", "rcp_date"),
    (125, "pathology_review", "expert_date"),
    (126, "surgery", "surgery_date"),
    (127, "treatment", "treatment_start_date"),
    (128, "follow_up", "event_date"),
    (129, "follow_up", "death_date"),
)
#: (rule number, entity, field): acts that belong to a diagnosis and do not precede it by long.
_NOT_LONG_BEFORE_DIAGNOSIS = (
    (141, "biopsy", "biopsy_date"),
    (142, "surgery", "surgery_date"),
    (143, "treatment", "treatment_start_date"),
    (144, "rcp", "rcp_date"),
)

_NO_RADIOTHERAPY = {"treatment_kind": "other", "dose_gy": None, "fractions": None}
#: What an example changes besides, so that it breaks one rule only.
_BESIDE: dict[str, dict[str, Any]] = {
    "treatment_start_date": {"treatment_end_date": None, **_NO_RADIOTHERAPY},
    "death_date": {"disease_status": "DOD"},
    "birth_date": {"ins_matricule": None, "ins_status": None},
    "treatment_end_date": _NO_RADIOTHERAPY,
    "sampling_date": {"received_date": None, "expert_date": None},
    "received_date": {"expert_date": None},
}


def _label(entity: str, name: str) -> tuple[str, str]:
    field = next(field for field in ENTITIES[entity] if field.name == name)
    return field.fr, field.en


def _after_export(number: int, entity: str, name: str) -> Rule:
    fr, en = _label(entity, name)
    return Rule(
        id=f"DATE-{number}",
        table=entity,
        fields=(name,),
        sentence_fr=f"{fr[0].upper()}{fr[1:]} : postérieure à la date de l'export.",
        sentence_en=f"{en[0].upper()}{en[1:]}: later than the date of the export.",
        remedy_fr="Corriger la date ; un rendez-vous à venir n'est pas un acte.",
        remedy_en="Correct the date; a planned appointment is not an act.",
        severity=Severity.ERROR,
        consequence=Consequence.HOLD,
        kahn=Kahn.TEMPORAL,
        source="IARC-DLC2, CRC-07/08/21",
        status="cited",
        applies_when="as_of IS NOT NULL",
        violated_when=f"{name} > as_of",
        fails={name: dt.date(2031, 5, 4), "as_of": dt.date(2024, 6, 30)} | _BESIDE.get(name, {}),
        passes={"as_of": dt.date(2024, 6, 30)},
    )


def _before_birth(number: int, entity: str, name: str) -> Rule:
    fr, en = _label(entity, name)
    return Rule(
        id=f"DATE-{number}",
        table=entity,
        fields=(name,),
        sentence_fr=f"{fr[0].upper()}{fr[1:]} : antérieure à la naissance.",
        sentence_en=f"{en[0].upper()}{en[1:]}: earlier than birth.",
        remedy_fr=_CHECK[0],
        remedy_en=_CHECK[1],
        severity=Severity.ERROR,
        consequence=Consequence.FLAG,
        kahn=Kahn.TEMPORAL,
        source="IARC-AGE1, NC-02, NS-020, NS-037, DQD-plausibleAfterBirth",
        status="cited",
        violated_when=f"{name}_latest < patient.birth_date",
        fails={"patient.birth_date": dt.date(2021, 5, 1), "patient.birth_date_precision": "month"}
        | ({name: dt.date(2018, 1, 1), "event_date": None} if name == "death_date" else {})
        | _BESIDE.get(name, {}),
        passes={"patient.birth_date": dt.date(1960, 1, 1), "patient.birth_date_precision": "year"},
    )


def _long_before_diagnosis(number: int, entity: str, name: str) -> Rule:
    fr, en = _label(entity, name)
    return Rule(
        id=f"DATE-{number}",
        table=entity,
        fields=(name,),
        sentence_fr=f"{fr[0].upper()}{fr[1:]} : plus de 24 mois avant le diagnostic de cette tumeur.",
        sentence_en=f"{en[0].upper()}{en[1:]}: more than 24 months before this tumour's diagnosis.",
        remedy_fr="Vérifier les dates, et que l'acte concerne bien cette tumeur.",
        remedy_en="Check the dates, and that the act concerns this tumour.",
        severity=Severity.WARNING,
        consequence=Consequence.FLAG,
        kahn=Kahn.TEMPORAL,
        source="NS-037, NS-102, CRC-20",
        version=2,
        violated_when=f"{name}_latest + INTERVAL 24 MONTH < tumour.diagnosis_date",
        fails={name: dt.date(2010, 1, 1)} | _BESIDE.get(name, {}),
        passes={name: dt.date(2010, 1, 1), "tumour.diagnosis_date": dt.date(2011, 6, 1)}
        | _BESIDE.get(name, {}),
    )


_OTHERS = (
    Rule(
        id="DATE-001", table="tumour", fields=("diagnosis_date",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.TEMPORAL,
        source="NC-01, NS-020",
        sentence_fr="L'âge au diagnostic dépasse 115 ans.",
        sentence_en="The age at diagnosis is above 115.",
        remedy_fr=_CHECK[0],
        remedy_en=_CHECK[1],
        version=2,
        violated_when="date_sub('year', patient.birth_date_latest, diagnosis_date) > 115",  # complete years
        fails={"patient.birth_date": dt.date(1890, 1, 1)}, passes={"patient.birth_date": dt.date(1915, 1, 1)},
    ),
    Rule(
        id="DATE-002", table="follow_up", fields=("death_date",),
        severity=Severity.ERROR, consequence=Consequence.FLAG, kahn=Kahn.TEMPORAL,
        source="NS-021, IARC-DLC1, NC-03, DNPM-05", status="cited",
        sentence_fr="Le décès précède le diagnostic.",
        sentence_en="Death precedes the diagnosis.",
        remedy_fr=_CHECK[0],
        remedy_en=_CHECK[1],
        violated_when="death_date_latest < tumour.diagnosis_date",
        fails={"death_date": dt.date(2011, 3, 1), "disease_status": "DOD", "event_date": None},
        passes={
            "death_date": dt.date(2015, 1, 1),
            "death_date_precision": "year",
            "disease_status": "DOD",
            "event_date": dt.date(2015, 4, 1),
        },
    ),
    Rule(
        id="DATE-003", table="follow_up", fields=("event_date",),
        severity=Severity.ERROR, consequence=Consequence.FLAG, kahn=Kahn.TEMPORAL,
        source="NS-022, CRC-16", status="cited",
        sentence_fr="L'événement est postérieur au décès.",
        sentence_en="The event is later than death.",
        remedy_fr=_CHECK[0],
        remedy_en=_CHECK[1],
        violated_when="event_date > death_date_latest",
        fails={"death_date": dt.date(2016, 1, 1), "disease_status": "DOD", "event_date": dt.date(2017, 1, 1)},
        passes={
            "death_date": dt.date(2016, 1, 1),
            "disease_status": "DOD",
            "event_date": dt.date(2016, 1, 1),
        },
    ),
    Rule(
        id="DATE-004", table="follow_up", fields=("event_date",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.TEMPORAL,
        source="NS-105",
        sentence_fr="La rechute ou la progression précède le diagnostic.",
        sentence_en="Relapse or progression precedes the diagnosis.",
        remedy_fr=_CHECK[0],
        remedy_en=_CHECK[1],
        applies_when="follow_up_event IN ('progression', 'local_relapse', 'metastasis')",
        violated_when="event_date_latest < tumour.diagnosis_date",
        fails={"follow_up_event": "local_relapse", "event_date": dt.date(2012, 1, 1)},
        passes={"follow_up_event": "second_cancer", "event_date": dt.date(2012, 1, 1)},
    ),
    Rule(
        id="DATE-005", table="treatment", fields=("treatment_end_date",),
        severity=Severity.ERROR, consequence=Consequence.FLAG, kahn=Kahn.TEMPORAL,
        source="CRC-15, DQD-plausibleStartBeforeEnd", status="cited",
        sentence_fr="Le traitement finit avant de commencer.",
        sentence_en="The treatment ends before it begins.",
        remedy_fr=_CHECK[0],
        remedy_en=_CHECK[1],
        violated_when="treatment_end_date_latest < treatment_start_date",
        fails={"treatment_end_date": dt.date(2014, 1, 1)},
        passes={"treatment_end_date": dt.date(2015, 1, 1), "treatment_end_date_precision": "year"},
    ),
    Rule(
        id="DATE-006", table="pathology_review", fields=("expert_date",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.TEMPORAL,
        source="NS-050",
        sentence_fr="La relecture précède le prélèvement.",
        sentence_en="The expert reading precedes the sampling.",
        remedy_fr=_CHECK[0],
        remedy_en=_CHECK[1],
        violated_when="expert_date_latest < sampling_date",
        fails={"expert_date": dt.date(2014, 1, 1), "received_date": None},
        passes={"expert_date": dt.date(2015, 1, 1), "expert_date_precision": "year"},
    ),
    Rule(
        id="DATE-007", table="pathology_review", fields=("received_date",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.TEMPORAL,
        source="NS-050",
        sentence_fr="La réception précède le prélèvement.",
        sentence_en="The specimen is received before it is taken.",
        remedy_fr=_CHECK[0],
        remedy_en=_CHECK[1],
        violated_when="received_date_latest < sampling_date",
        fails={"received_date": dt.date(2014, 1, 1)}, passes={"received_date": dt.date(2015, 3, 10)},
    ),
    Rule(
        id="DATE-008", table="pathology_review", fields=("expert_date",),
        severity=Severity.WARNING, consequence=Consequence.FLAG, kahn=Kahn.TEMPORAL,
        source="NS-050",
        sentence_fr="La relecture précède la réception du prélèvement.",
        sentence_en="The expert reading precedes the receipt of the specimen.",
        remedy_fr=_CHECK[0],
        remedy_en=_CHECK[1],
        violated_when="expert_date_latest < received_date",
        fails={"expert_date": dt.date(2015, 3, 19)}, passes={"expert_date": dt.date(2015, 3, 20)},
    ),
    Rule(
        id="DATE-009", table="follow_up", fields=("event_date",),
        severity=Severity.INFO, consequence=Consequence.FLAG, kahn=Kahn.TEMPORAL,
        source="CRC-01", status="cited",
        sentence_fr="Les dernières nouvelles précèdent le diagnostic.",
        sentence_en="The last news precedes the diagnosis.",
        remedy_fr=_CHECK[0],
        remedy_en=_CHECK[1],
        applies_when="follow_up_event = 'last_news'",
        violated_when="event_date_latest < tumour.diagnosis_date",
        fails={"event_date": dt.date(2015, 3, 9)}, passes={"event_date": dt.date(2015, 3, 11)},
    ),
)  # fmt: skip

RULES = (
    *_OTHERS,
    *(_after_export(*row) for row in _NOT_AFTER_EXPORT),
    *(_before_birth(*row) for row in _NOT_BEFORE_BIRTH),
    *(_long_before_diagnosis(*row) for row in _NOT_LONG_BEFORE_DIAGNOSIS),
)
