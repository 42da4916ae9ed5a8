"""The harmonised layer: one patient, one primary tumour, every reading kept. Pseudonyms only."""

from validations.contracts import codes as c
from validations.contracts.entities import ENTITIES, EVENT_ENTITIES
from validations.contracts.event_tables import dated, harmonised_event
from validations.contracts.make import code, count, date, flag, technical, text
from validations.contracts.model import Field, Kind, Layer, Sensitivity, Table
from validations.contracts.shared_fields import (
    CENTRE_ID,
    MORPHOLOGY,
    PATIENT_ID,
    ROW_ID,
    TOPOGRAPHY,
    TUMOUR_ID,
)

PATIENT_FIELDS = (
    PATIENT_ID,
    code("sex", c.SEX, "sexe", "sex"),
    Field(
        name="birth_year",
        kind=Kind.INTEGER,
        fr="année de naissance",
        en="year of birth",
        low=1880,
        high=2100,
        sensitivity=Sensitivity.QUASI,
    ),
    Field(
        name="birth_month",
        kind=Kind.INTEGER,
        fr="mois de naissance",
        en="month of birth",
        low=1,
        high=12,
        sensitivity=Sensitivity.QUASI,
    ),
    code("vital_status", c.VITAL_STATUS, "statut vital", "vital status"),
    code("predisposition", c.PREDISPOSITION, "prédisposition", "predisposition"),
    flag("has_previous_cancer", "antécédent de cancer", "previous cancer"),
    flag("has_previous_radiotherapy", "antécédent de radiothérapie", "previous radiotherapy"),
    count("record_count", "dossiers réunis", "records joined"),
)

_TUMOUR_FACT_SHARED = (
    "laterality",
    "size_mm",
    "depth",
    "grade",
    "grade_system",
    "extent_at_diagnosis",
    "had_biopsy",
)
TUMOUR_FIELDS = (
    TUMOUR_ID,
    PATIENT_ID,
    technical("centre_id", "centre responsable", "responsible centre"),
    MORPHOLOGY,
    TOPOGRAPHY,
    *dated(date("diagnosis_date", "date du diagnostic", "date of diagnosis")),
    code("entry_reason", c.ENTRY_REASON, "motif d'entrée", "reason of entry"),
    *(field for field in ENTITIES["tumour"] if field.name in _TUMOUR_FACT_SHARED),
    flag("is_in_scope", "dans le champ du réseau", "in the scope of the network"),
    count("record_count", "déclarations réunies", "declarations joined"),
)


HARMONISED: tuple[Table, ...] = (
    Table(
        layer=Layer.HARMONISED,
        subject="patient",
        fr="patient pseudonymisé",
        en="pseudonymised patient",
        fields=PATIENT_FIELDS,
        key=("patient_id",),
        required=("record_count",),
    ),
    Table(
        layer=Layer.HARMONISED,
        subject="tumour",
        fr="tumeur primitive nationale",
        en="national primary tumour",
        fields=TUMOUR_FIELDS,
        key=("tumour_id",),
        required=("patient_id", "centre_id", "is_in_scope", "record_count"),
    ),
    Table(
        layer=Layer.HARMONISED,
        subject="diagnosis_reading",
        fr="lecture du diagnostic",
        en="diagnosis reading",
        fields=(
            technical("reading_id", "lecture", "reading"),
            ROW_ID,
            TUMOUR_ID,
            PATIENT_ID,
            CENTRE_ID,
            code("reading", c.READING, "lecture", "reading"),
            date("reading_date", "date de la lecture", "date of the reading"),
            text("morphology_stated", "morphologie écrite", "morphology as written"),
            code("morphology_version", c.MORPHOLOGY_VERSION, "version déclarée", "declared version"),
            text("adicap_stated", "ADICAP écrit", "ADICAP as written"),
            text("label_stated", "libellé écrit", "label as written"),
            text("topography_stated", "topographie écrite", "topography as written"),
            MORPHOLOGY,
            TOPOGRAPHY,
            code("coding_method", c.CODING_METHOD, "méthode de codage", "coding method"),
            flag("is_certain", "codage certain", "certain coding"),
            technical("review_reason", "motif de relecture", "reason of review"),
        ),
        key=("reading_id",),
        required=("row_id", "tumour_id", "patient_id", "reading", "coding_method", "is_certain"),
    ),
    *(harmonised_event(entity) for entity in EVENT_ENTITIES),
)
