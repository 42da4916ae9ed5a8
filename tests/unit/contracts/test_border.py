"""The border: identities stay in the integration zone, and what is free text stops with them."""

import pytest

from validations.contracts.entities import ENTITIES
from validations.contracts.model import INTEGRATION_ZONE, Kind, Layer, Sensitivity
from validations.contracts.tables import TABLES, WAREHOUSE

BEYOND = [table for table in TABLES.values() if table.layer not in INTEGRATION_ZONE]
EVERY_TABLE_BEYOND = pytest.mark.parametrize("table", BEYOND, ids=lambda table: table.name)

#: Names that may not exist beyond the border, written out: a wrong class would hide them from a test on classes.
NEVER = {
    "local_patient_id", "local_tumour_id", "local_patient_id_l", "local_patient_id_r", "person_id",
    "ins_matricule", "ins_oid", "ins_status", "trait_value", "birth_name", "used_name", "first_names", "birth_date",
    "birth_place_cog", "residence_commune", "diagnosis_label", "topography_label", "initial_label", "expert_label",
    "surgery_facility",
}  # fmt: skip


def test_every_layer_is_on_one_side_of_the_border():
    assert {layer.value for layer in INTEGRATION_ZONE} == {"stg", "val", "lnk"}
    assert {layer.value for layer in set(Layer) - INTEGRATION_ZONE} == {"har", "dim", "fct", "ind"}


def test_the_border_is_crossed_once_and_in_order():
    """Layers in their order: inside, then outside, never back."""
    sides = [layer in INTEGRATION_ZONE for layer in Layer]
    assert sides == sorted(sides, reverse=True)


@EVERY_TABLE_BEYOND
def test_no_identity_is_beyond_the_border_under_its_class_or_its_name(table):
    assert [f.name for f in table.fields if f.sensitivity is Sensitivity.IDENTITY] == []
    assert set(table.columns) & NEVER == set()


@EVERY_TABLE_BEYOND
def test_nothing_of_how_people_were_compared_is_beyond_the_border(table):
    assert set(table.columns) & {"match_weight", "agreement_level", "frequency_weight"} == set()


@EVERY_TABLE_BEYOND
def test_no_word_of_a_centre_is_beyond_the_border(table):
    assert [name for name in table.columns if name.endswith("_raw")] == []


@pytest.mark.parametrize("table", WAREHOUSE, ids=lambda table: table.name)
def test_no_text_reaches_the_warehouse_as_a_centre_typed_it(table):
    typed = {f.name for fields in ENTITIES.values() for f in fields if f.kind is Kind.TEXT}
    assert set(table.columns) & typed == set()


@pytest.mark.parametrize("table", WAREHOUSE, ids=lambda table: table.name)
def test_what_identifies_with_others_is_a_date_an_age_or_a_birth_without_its_day(table):
    quasi = [f for f in table.fields if f.sensitivity is Sensitivity.QUASI]
    known = {"birth_year", "birth_month", "age_at_diagnosis"}
    assert [f.name for f in quasi if f.kind is not Kind.DATE and f.name not in known] == []


@pytest.mark.parametrize("table", WAREHOUSE, ids=lambda table: table.name)
def test_a_date_of_a_person_is_not_called_technical(table):
    technical = {
        f.name for f in table.fields if f.kind is Kind.DATE and f.sensitivity is Sensitivity.TECHNICAL
    }
    assert technical <= {"day", "valid_from", "valid_to", "start_date", "end_date", "exported_date"}


@pytest.mark.parametrize("layer", ["stg", "val"])
@pytest.mark.parametrize("entity", ENTITIES)
def test_a_field_stays_as_sensitive_as_it_is_while_it_is_text(layer, entity):
    table = TABLES[f"{layer}_{entity}"]
    for field in ENTITIES[entity]:
        assert table.field(field.name).sensitivity is field.sensitivity
        if f"{field.name}_raw" in table.columns:
            assert table.field(f"{field.name}_raw").sensitivity is field.sensitivity


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("lnk_record", "person_id"),
        ("lnk_record", "local_patient_id"),
        ("lnk_person", "person_id"),
        ("lnk_person", "birth_name"),
        ("lnk_person", "birth_date"),
        ("lnk_person", "ins_matricule"),
        ("lnk_person_trait", "person_id"),
        ("lnk_person_trait", "trait_value"),
        ("lnk_person_trait", "local_patient_id"),
        ("lnk_tumour", "local_tumour_id"),
        ("lnk_review", "local_patient_id_l"),
        ("lnk_review", "local_patient_id_r"),
        ("lnk_review_weight", "local_patient_id_l"),
        ("lnk_review_weight", "local_patient_id_r"),
    ],
)
def test_what_links_people_is_an_identity(table, column):
    assert TABLES[table].field(column).sensitivity is Sensitivity.IDENTITY


def test_a_patient_of_the_warehouse_has_a_pseudonym_and_no_other_name():
    assert TABLES["dim_patient"].columns == (
        "patient_id", "sex", "birth_year", "birth_month", "vital_status", "predisposition",
        "has_previous_cancer", "has_previous_radiotherapy", "record_count",
        "death_date", "death_date_latest", "death_date_precision",
    )  # fmt: skip
