"""What a centre may send: the grammar of the names, what identifies, and what a row cannot do without."""

import re

import pytest

from tests.tables import parse
from validations.contracts.entities import (
    ENTITIES,
    ENTITY_LABELS,
    ENTITY_REQUIRED,
    EVENT_ENTITIES,
    LOCAL_PATIENT,
    LOCAL_TUMOUR,
    PATIENT_ENTITIES,
)
from validations.contracts.model import Kind, Sensitivity
from validations.contracts.shared_fields import PROVENANCE

FIELDS = [(entity, field) for entity, fields in ENTITIES.items() for field in fields]
EVERY_FIELD = pytest.mark.parametrize(
    ("entity", "field"), FIELDS, ids=lambda part: getattr(part, "name", part)
)


def test_the_entities_are_checked_parents_first():
    assert tuple(ENTITIES) == (*PATIENT_ENTITIES, "tumour", *EVENT_ENTITIES)


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_row_begins_with_the_ids_it_cannot_do_without(entity):
    ids = [LOCAL_PATIENT] if entity in PATIENT_ENTITIES else [LOCAL_PATIENT, LOCAL_TUMOUR]
    assert list(ENTITIES[entity][: len(ids)]) == ids
    assert ENTITY_REQUIRED[entity] == tuple(field.name for field in ids)


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_field_is_declared_once_in_its_entity(entity):
    names = [field.name for field in ENTITIES[entity]]
    assert len(names) == len(set(names))


def test_entities_share_the_ids_only():
    """Two fields of one name would be one word of a centre's file for two things."""
    names = [field.name for _, field in FIELDS if field not in (LOCAL_PATIENT, LOCAL_TUMOUR)]
    assert len(names) == len(set(names))


def test_every_entity_has_a_name_in_both_languages():
    assert list(ENTITY_LABELS) == list(ENTITIES)
    for language in (0, 1):
        labels = [label[language] for label in ENTITY_LABELS.values()]
        assert all(labels)
        assert len(set(labels)) == len(labels)


@EVERY_FIELD
def test_a_field_has_a_meaning_in_both_languages(entity, field):
    for text in (field.fr, field.en):
        assert text == " ".join(text.split()) != ""
        assert text[0].islower() or text.split()[0].isupper() or re.match(r"(ICD|OID|CCAM|ADICAP|INS)", text)


#: The ending or beginning of a name tells its kind (naming grammar).
GRAMMAR = {
    Kind.DATE: r"[a-z_]+_date",
    Kind.BOOLEAN: r"(is|has|had)_[a-z_]+",
    Kind.NUMBER: r"[a-z_]+_(mm|gy)",
    Kind.INTEGER: r"(grade|fractions|cycles)",
}


@EVERY_FIELD
def test_a_name_tells_its_kind(entity, field):
    assert re.fullmatch(r"[a-z][a-z0-9_]*", field.name)
    assert re.fullmatch(GRAMMAR.get(field.kind, r".*"), field.name)
    others = [
        kind for kind, form in GRAMMAR.items() if kind is not field.kind and re.fullmatch(form, field.name)
    ]
    assert others == []


@EVERY_FIELD
def test_no_name_is_that_of_a_derived_column_or_of_provenance(entity, field):
    assert not re.search(r"_(raw|precision|latest)$", field.name)
    assert field.name not in {shared.name for shared in PROVENANCE}


@EVERY_FIELD
def test_bounds_are_in_order_and_belong_to_numbers(entity, field):
    is_number = field.kind in (Kind.NUMBER, Kind.INTEGER)
    assert (field.low is not None, field.high is not None) == (is_number, is_number)
    assert not is_number or field.low < field.high


UNITS = parse("""
    field   | unit
    size_mm | mm
    dose_gy | Gy
""")


@pytest.mark.parametrize("row", UNITS, ids=lambda row: row["field"])
def test_a_measure_is_in_the_unit_of_its_name(row):
    [field] = [field for _, field in FIELDS if field.name == row["field"]]
    assert field.unit == row["unit"]
    assert field.name.endswith(f"_{field.unit.lower()}")


def test_every_measure_has_a_unit():
    assert {field.name for _, field in FIELDS if field.kind is Kind.NUMBER} == {row["field"] for row in UNITS}


#: Who may be recognised by what. Anything else of a person is clinical.
SENSITIVE = parse("""
    entity           | field             | class
    patient_identity | local_patient_id  | identity
    patient_identity | ins_matricule     | identity
    patient_identity | ins_oid           | identity
    patient_identity | birth_name        | identity
    patient_identity | used_name         | identity
    patient_identity | first_names       | identity
    patient_identity | birth_date        | identity
    patient_identity | birth_place_cog   | identity
    patient_identity | residence_commune | identity
    tumour           | local_tumour_id   | identity
    tumour           | diagnosis_date    | quasi
    biopsy           | biopsy_date       | quasi
    surgery          | surgery_date      | quasi
    follow_up        | death_date        | quasi
""")


@pytest.mark.parametrize("row", SENSITIVE, ids=lambda row: row["field"])
def test_a_field_that_identifies_says_so(row):
    [field] = [field for field in ENTITIES[row["entity"]] if field.name == row["field"]]
    assert field.sensitivity.value == row["class"]


def test_nothing_else_identifies():
    identity = {field.name for _, field in FIELDS if field.sensitivity is Sensitivity.IDENTITY}
    assert identity == {row["field"] for row in SENSITIVE if row["class"] == "identity"}


def test_every_date_identifies_with_others():
    dates = {
        field.sensitivity for _, field in FIELDS if field.kind is Kind.DATE and field.name != "birth_date"
    }
    assert dates == {Sensitivity.QUASI}


def test_no_field_of_a_person_is_called_technical():
    assert [field.name for _, field in FIELDS if field.sensitivity is Sensitivity.TECHNICAL] == []
