"""Tables that follow from the entities: staged, validated, harmonised events and their facts.

A date becomes three columns once it is known: the earliest possible day, its precision and, from the
harmonised layer on, the latest possible day. Order ("before surgery") is decided on those two ends.
"""

from dataclasses import replace

from validations.contracts import codes as c
from validations.contracts.entities import (
    ENTITIES,
    ENTITY_LABELS,
    ENTITY_REQUIRED,
    LOCAL_PATIENT,
    LOCAL_TUMOUR,
)
from validations.contracts.make import code, count, flag, technical, text
from validations.contracts.model import Field, Kind, Layer, Table
from validations.contracts.shared_fields import (
    CENTRE_ID,
    DELIVERY_ID,
    PATIENT_ID,
    PROVENANCE,
    ROW_ID,
    TUMOUR_ID,
)


def as_text(field: Field) -> Field:
    """The field as a centre writes it: text without list or bounds."""
    return replace(field, kind=Kind.TEXT, codes=(), low=None, high=None, unit=None)


def _precision(field: Field) -> Field:
    return code(f"{field.name}_precision", c.PRECISION, f"{field.fr}, précision", f"{field.en}, precision")


def _typed(field: Field) -> tuple[Field, ...]:
    if field.kind is Kind.DATE:
        return field, _precision(field)
    if field.kind is Kind.CODE:
        return field, as_text(field).renamed(f"{field.name}_raw")
    return (field,)


def dated(field: Field) -> tuple[Field, ...]:
    """A field as the warehouse keeps it: a date has its two ends and its precision."""
    if field.kind is not Kind.DATE:
        return (field,)
    latest = replace(
        field, name=f"{field.name}_latest", fr=f"{field.fr}, au plus tard", en=f"{field.en}, at the latest"
    )
    return field, latest, _precision(field)


def staged(entity: str) -> Table:
    """The table of an entity as text, with its provenance."""
    fr, en = ENTITY_LABELS[entity]
    fields = tuple(as_text(field) for field in ENTITIES[entity])
    return Table(
        layer=Layer.STAGED,
        subject=entity,
        fr=f"{fr}, telle que le centre l'écrit",
        en=f"{en}, as the centre wrote it",
        fields=PROVENANCE + fields,
        key=("row_id",),
        required=("centre_id", "delivery_id", "file", "line"),
    )


def validated(entity: str) -> Table:
    """The table of an entity as types: a date with its precision, a code with its raw word."""
    fr, en = ENTITY_LABELS[entity]
    fields = tuple(part for field in ENTITIES[entity] for part in _typed(field))
    return Table(
        layer=Layer.VALIDATED,
        subject=entity,
        fr=f"{fr}, typée et contrôlée",
        en=f"{en}, typed and checked",
        fields=PROVENANCE + fields,
        key=("row_id",),
        required=("centre_id", "delivery_id", "file", "line", *ENTITY_REQUIRED[entity]),
    )


#: Free text and source identifiers that stop at the border of the integration zone.
_STOPS_AT_BORDER = frozenset(
    {
        LOCAL_PATIENT.name,
        LOCAL_TUMOUR.name,
        "initial_label",
        "expert_label",
        "initial_morphology_code",  # as typed: a name in the wrong column would get through; the coded one follows
        "expert_morphology_code",
        "surgery_facility",
        "ccam_code",
        "drugs",
    }
)
_EVENT_EXTRA: dict[str, tuple[Field, ...]] = {
    "surgery": (
        technical("facility_id", "établissement de la chirurgie", "facility of the surgery"),
        flag(
            "is_in_reference",
            "dans un centre de référence à cette date",
            "in a reference centre at that date",
        ),
    ),
    "rcp": (
        flag("is_labelled", "RCP sarcome labellisée à cette date", "labelled sarcoma meeting at that date"),
    ),
    "pathology_review": (
        text("initial_morphology", "première lecture, CIM-O-3.2", "first reading, ICD-O-3.2"),
        text("expert_morphology", "relecture, CIM-O-3.2", "expert reading, ICD-O-3.2"),
    ),
}


def _event_fields(entity: str) -> tuple[Field, ...]:
    kept = (field for field in ENTITIES[entity] if field.name not in _STOPS_AT_BORDER)
    links = (ROW_ID, TUMOUR_ID, PATIENT_ID, CENTRE_ID, DELIVERY_ID)
    return links + tuple(part for field in kept for part in dated(field)) + _EVENT_EXTRA.get(entity, ())


def harmonised_event(entity: str) -> Table:
    """An event attached to its national tumour, without local ids or free text."""
    fr, en = ENTITY_LABELS[entity]
    return Table(
        layer=Layer.HARMONISED,
        subject=entity,
        fr=f"{fr}, rattachée à la tumeur nationale",
        en=f"{en}, attached to the national tumour",
        fields=_event_fields(entity),
        key=("row_id",),
        required=("tumour_id", "patient_id", "centre_id", "delivery_id"),
    )


def event_fact(entity: str) -> Table:
    """The fact of an event: one act per row, however many centres declared it."""
    fr, en = ENTITY_LABELS[entity]
    declarations = count("declaration_count", "nombre de déclarations", "number of declarations")
    return Table(
        layer=Layer.FACT,
        subject=entity,
        fr=f"{fr} ; un acte par ligne",
        en=f"{en}; one act per row",
        fields=(*_event_fields(entity), declarations),
        key=("row_id",),
        required=("tumour_id", "patient_id", "centre_id", "delivery_id", "declaration_count"),
    )
