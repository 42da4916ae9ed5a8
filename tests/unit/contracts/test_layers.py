"""From entity to fact: which columns a field has in each layer, and what each table promises."""

import re

import pytest

from validations.contracts.entities import ENTITIES, ENTITY_REQUIRED, EVENT_ENTITIES
from validations.contracts.harmonised_tables import TUMOUR_FIELDS
from validations.contracts.model import Field, Kind, Layer, Table
from validations.contracts.shared_fields import PROVENANCE
from validations.contracts.tables import STAGED, TABLES, VALIDATED, WAREHOUSE

SOURCE = ["row_id", "centre_id", "delivery_id", "file", "sheet", "line"]
LINKS = ["row_id", "tumour_id", "patient_id", "centre_id", "delivery_id"]
STOPS = {
    "local_patient_id", "local_tumour_id", "initial_label", "expert_label", "surgery_facility",
    "initial_morphology_code", "expert_morphology_code", "ccam_code", "drugs",
}  # fmt: skip
ADDED = {
    "surgery": ["facility_id", "is_in_reference"],
    "rcp": ["is_labelled"],
    "pathology_review": ["initial_morphology", "expert_morphology"],
}
#: Kind of a field → the endings of its columns once typed, and once harmonised.
TYPED = {Kind.DATE: ["", "_precision"], Kind.CODE: ["", "_raw"]}
HARMONISED = {Kind.DATE: ["", "_latest", "_precision"]}


def columns(fields: tuple[Field, ...], endings: dict[Kind, list[str]]) -> list[str]:
    return [f"{field.name}{ending}" for field in fields for ending in endings.get(field.kind, [""])]


@pytest.mark.parametrize("entity", ENTITIES)
def test_staged_is_the_entity_as_text_with_its_source(entity):
    table = TABLES[f"stg_{entity}"]
    assert list(table.columns) == SOURCE + columns(ENTITIES[entity], {})
    assert {field.kind for field in table.fields[len(SOURCE) :]} == {Kind.TEXT}
    assert [
        f.name for f in table.fields if f.codes or f.low is not None or f.high is not None or f.unit
    ] == []


@pytest.mark.parametrize("entity", ENTITIES)
def test_validated_has_precisions_and_raw_words(entity):
    table = TABLES[f"val_{entity}"]
    assert list(table.columns) == SOURCE + columns(ENTITIES[entity], TYPED)
    for field in ENTITIES[entity]:
        assert table.field(field.name) == field


@pytest.mark.parametrize("entity", EVENT_ENTITIES)
@pytest.mark.parametrize("layer", ["har", "fct"])
def test_an_event_of_the_warehouse_has_both_ends_of_its_dates_and_no_word_of_the_centre(entity, layer):
    kept = tuple(field for field in ENTITIES[entity] if field.name not in STOPS)
    counted = ["declaration_count"] if layer == "fct" else []
    expected = LINKS + columns(kept, HARMONISED) + ADDED.get(entity, []) + counted
    assert list(TABLES[f"{layer}_{entity}"].columns) == expected


@pytest.mark.parametrize("entity", EVENT_ENTITIES)
def test_a_field_keeps_its_kind_codes_bounds_and_meaning_up_to_the_fact(entity):
    for field in ENTITIES[entity]:
        if field.name not in STOPS:
            assert TABLES[f"fct_{entity}"].field(field.name) == field


def test_surgery_in_full():
    """One entity written out, so that the tests above do not only repeat the code."""
    assert TABLES["val_surgery"].columns == (
        "row_id", "centre_id", "delivery_id", "file", "sheet", "line",
        "local_patient_id", "local_tumour_id",
        "surgery_date", "surgery_date_precision",
        "surgery_kind", "surgery_kind_raw", "surgery_target", "surgery_target_raw",
        "surgery_intent", "surgery_intent_raw", "margin", "margin_raw",
        "surgery_facility", "ccam_code", "had_rupture",
    )  # fmt: skip
    assert TABLES["fct_surgery"].columns == (
        "row_id", "tumour_id", "patient_id", "centre_id", "delivery_id",
        "surgery_date", "surgery_date_latest", "surgery_date_precision",
        "surgery_kind", "surgery_target", "surgery_intent", "margin", "had_rupture",
        "facility_id", "is_in_reference", "declaration_count",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("column", "kind", "fr", "en"),
    [
        ("surgery_date", Kind.DATE, "date de la chirurgie", "date of surgery"),
        (
            "surgery_date_latest",
            Kind.DATE,
            "date de la chirurgie, au plus tard",
            "date of surgery, at the latest",
        ),
        (
            "surgery_date_precision",
            Kind.CODE,
            "date de la chirurgie, précision",
            "date of surgery, precision",
        ),
    ],
)
def test_the_columns_of_a_date_say_what_they_are(column, kind, fr, en):
    field = TABLES["fct_surgery"].field(column)
    assert (field.kind, field.fr, field.en) == (kind, fr, en)


#: Days that are exact by nature, or that count nothing: they have no precision.
EXACT = {
    "har_diagnosis_reading": {"reading_date"},
    "dim_centre": {"valid_from", "valid_to"},
    "dim_facility": {"valid_from", "valid_to"},
    "dim_date": {"day"},
    "dim_period": {"start_date", "end_date"},
    "dim_delivery": {"exported_date"},
    "fct_tumour": {"first_expert_reading_date", "last_news_date"},
}
DATED_LAYERS = {Layer.HARMONISED, Layer.DIMENSION, Layer.FACT, Layer.REPORT}


@pytest.mark.parametrize(
    "table", [t for t in TABLES.values() if t.layer in DATED_LAYERS], ids=lambda t: t.name
)
def test_a_date_of_the_warehouse_has_two_ends_and_a_precision_unless_it_is_listed(table):
    names = {f.name for f in table.fields if f.kind is Kind.DATE and not f.name.endswith("_latest")}
    bare = {n for n in names if not {f"{n}_latest", f"{n}_precision"} <= set(table.columns)}
    assert bare == EXACT.get(table.name, set())


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_what_a_table_derives_stands_beside_what_it_derives_from(table):
    for name in table.columns:
        if origin := re.fullmatch(r"(\w+)_(latest|raw|precision)", name):
            assert origin[1] in table.columns
            gap = table.columns.index(name) - table.columns.index(origin[1])
            assert 1 <= gap <= 2


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_table_is_sound(table):
    assert table.name == f"{table.layer.value}_{table.subject}"
    assert len(set(table.columns)) == len(table.columns)
    assert table.key
    assert set(table.key) | set(table.required) <= set(table.columns)
    assert not set(table.key) & set(table.required)
    assert table.fr != table.en or table.subject == "centre"
    assert [f.name for f in table.fields if not f.fr.strip() or not f.en.strip()] == []


REQUIRED = {
    "stg_tumour": "row_id centre_id delivery_id file line",
    "val_tumour": "row_id centre_id delivery_id file line local_patient_id local_tumour_id",
    "val_patient_history": "row_id centre_id delivery_id file line local_patient_id",
    "lnk_record": "centre_id local_patient_id person_id patient_id link_reason",
    "lnk_tumour": "centre_id local_patient_id local_tumour_id patient_id tumour_id",
    "har_tumour": "tumour_id patient_id centre_id is_in_scope record_count",
    "har_surgery": "row_id tumour_id patient_id centre_id delivery_id",
    "fct_surgery": "row_id tumour_id patient_id centre_id delivery_id declaration_count",
    "fct_tumour": "tumour_id patient_id centre_id is_in_scope is_incident record_count",
    "fct_finding": "finding_id rule_id severity table_name row_id centre_id delivery_id",
    "fct_rule_result": "centre_id rule_id table_name rule_version severity row_count not_applicable_count "
    "unknown_count passed_count failed_count outcome",
    "fct_linkage": "group_kind group_id measure subject category category_rank item_count total_count",
    "fct_indicator": "indicator_id tumour_id period_id centre_id",
    "dim_patient": "patient_id record_count",
    "dim_patient_alias": "alias_patient_id patient_id",
    "ind_conformity": "indicator_id period_id group_kind group_id "
    "eligible_count achieved_count not_achieved_count missing_count",
}


@pytest.mark.parametrize("name", REQUIRED)
def test_what_may_not_be_empty(name):
    assert TABLES[name].mandatory == set(REQUIRED[name].split())


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_validated_row_cannot_do_without_its_source_and_ids(entity):
    assert STAGED[entity].mandatory == {"row_id", "centre_id", "delivery_id", "file", "line"}
    assert VALIDATED[entity].mandatory == STAGED[entity].mandatory | set(ENTITY_REQUIRED[entity])


LAYERS = {
    Layer.STAGED: set(ENTITIES),
    Layer.VALIDATED: set(ENTITIES),
    Layer.LINKED: {"record", "person", "person_trait", "tumour", "review", "review_weight", "monitor"},
    Layer.HARMONISED: {"patient", "tumour", "diagnosis_reading", *EVENT_ENTITIES},
    Layer.DIMENSION: {
        "network", "centre", "facility", "diagnosis", "topography", "date", "period", "delivery", "patient",
        "patient_alias",
    },
    Layer.FACT: {"tumour", "finding", "rule_result", "linkage", "indicator", *EVENT_ENTITIES},
    Layer.REPORT: {"conformity"},
}  # fmt: skip


@pytest.mark.parametrize("layer", Layer, ids=lambda layer: layer.value)
def test_the_tables_of_a_layer(layer):
    assert {table.subject for table in TABLES.values() if table.layer is layer} == LAYERS[layer]


def test_the_warehouse_is_the_dimensions_the_facts_and_the_report():
    assert {table.layer for table in WAREHOUSE} == {Layer.DIMENSION, Layer.FACT, Layer.REPORT}
    assert len(WAREHOUSE) == sum(len(LAYERS[layer]) for layer in (Layer.DIMENSION, Layer.FACT, Layer.REPORT))


def test_the_tumour_of_the_facts_is_the_harmonised_one_with_its_milestones():
    fact = TABLES["fct_tumour"]
    assert fact.fields[: len(TUMOUR_FIELDS)] == TUMOUR_FIELDS == TABLES["har_tumour"].fields
    for milestone in ("first_biopsy", "first_rcp", "first_network_rcp", "first_surgery"):
        assert {f"{milestone}_date{end}" for end in ("", "_latest", "_precision")} <= set(fact.columns)


@pytest.mark.parametrize("name", ["kind", "intent", "margin"])
def test_the_first_surgery_of_a_tumour_takes_the_codes_of_surgery(name):
    origin = TABLES["fct_surgery"].field(name if name == "margin" else f"surgery_{name}")
    assert TABLES["fct_tumour"].field(f"first_surgery_{name}").codes == origin.codes


def test_a_finding_leads_back_to_the_line_of_the_file():
    assert [field.name for field in PROVENANCE] == SOURCE
    assert set(SOURCE) <= set(TABLES["fct_finding"].columns)


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_a_shared_column_has_one_meaning(table: Table):
    """A pseudonym, a source or a date is the same field wherever it stands."""
    shared = {"row_id", "delivery_id", "patient_id", "tumour_id", "person_id", "period_id", "indicator_id"}
    for name in shared & set(table.columns):
        declared = {t.field(name) for t in TABLES.values() if name in t.columns}
        assert len(declared) == 1
