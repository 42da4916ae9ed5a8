"""Which rules the warehouse can answer follows from the contract; the answers are those of the rule's own SQL."""

import re
from dataclasses import replace

import duckdb
import pytest

from tests.askable import ASKABLE
from tests.star import star
from tests.tables import parse
from validations import warehouse_rules
from validations.contracts.entities import ENTITIES
from validations.contracts.model import Sensitivity
from validations.contracts.tables import VALIDATED
from validations.rules.catalogue import CATALOGUE, record_rules
from validations.rules.model import Rule
from validations.warehouse_rules import (
    answers,
    columns_read,
    fact_of,
    known_columns,
    question,
    survivors,
)

EVERY_RULE = [rule for entity in ENTITIES for rule in record_rules(entity)]


def read_by(*rules: Rule) -> dict[str, frozenset[str]]:
    with duckdb.connect() as con:
        return columns_read(rules, con)


READ = read_by(*EVERY_RULE)


def rule(**sql: str) -> Rule:
    return replace(CATALOGUE["SURGERY-001"], **sql)


@pytest.mark.parametrize(
    ("applies_when", "violated_when", "expected"),
    [
        ("TRUE", "size_mm > 3", {"size_mm"}),
        ("grade IS NOT NULL", "size_mm > grade", {"grade", "size_mm"}),
        ("TRUE", "patient.sex = 'M' AND sex = 'F'", {"patient.sex", "sex"}),
        ("TRUE", "'size_mm' = 'depth'", set()),  # a text is no column
        ("TRUE", "regexp_matches(upper(coalesce(margin, 'x')), 'R0')", {"margin"}),
        ("TRUE", "CASE margin WHEN 'R0' THEN depth ELSE NULL END IS NULL", {"margin", "depth"}),
        ("TRUE", "surgery_date_latest + INTERVAL 24 MONTH < tumour.diagnosis_date",
         {"surgery_date_latest", "tumour.diagnosis_date"}),
        ("TRUE", "margin IN ('a', surgery_kind)", {"margin", "surgery_kind"}),
    ],
)  # fmt: skip
def test_the_columns_that_a_rule_reads(applies_when, violated_when, expected):
    one = rule(applies_when=applies_when, violated_when=violated_when)
    assert read_by(one) == {one.id: expected}


def test_a_rule_that_is_no_sql_is_named():
    with pytest.raises(ValueError, match="SURGERY-001 cannot be parsed"):
        read_by(rule(violated_when="margin = = 'R0'"))


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_column_that_a_rule_reads_is_one_the_gate_shows(entity):
    """So that a rule that is left out is left out for a column of the contract, not for a slip of its SQL."""

    def shown(name: str) -> set[str]:
        columns = {*VALIDATED[name].columns}
        return columns | {f"{f.name}_latest" for f in ENTITIES[name] if f.kind == "date"}

    parents = {
        f"{a}.{c}" for a, e in (("patient", "patient_identity"), ("tumour", "tumour")) for c in shown(e)
    }
    known = shown(entity) | parents | {"as_of"}
    assert {one.id: READ[one.id] - known for one in record_rules(entity) if READ[one.id] - known} == {}


#: A few of each kind, whatever becomes of the derivation.
PROMISED = parse("""
    rule          | is_asked | why
    SURGERY-001   | true     | codes of the act
    TREATMENT-001 | true     | a dose
    DATE-106      | true     | the export day of the act's delivery
    DATE-142      | true     | the tumour's date
    FOLLOWUP-003  | true     | the patient's vital status
    HISTORY-001   | true     | the history is a part of dim_patient
    DIAGNOSIS-009 | true     | a grade and its system
    DIAGNOSIS-001 | false    | a written code
    DIAGNOSIS-007 | false    | a written code beside a sex
    SITE-001      | false    | written codes
    IDENTITY-001  | false    | an identity
    DATE-126      | false    | a date of birth
    DATE-101      | false    | a tumour has no delivery of its own
    TREATMENT-004 | false    | free text
    SURGERY-007   | false    | a written CCAM code
""")


@pytest.mark.parametrize("row", PROMISED, ids=lambda row: row["rule"])
def test_what_can_be_asked_of_the_warehouse(row):
    asked = {one.id for rules in ASKABLE.values() for one in rules}
    assert (row["rule"] in asked) is row["is_asked"]


@pytest.mark.parametrize("entity", ENTITIES)
def test_what_survives_is_declared_alike_in_both_places_and_is_no_identity(entity):
    fact = fact_of(entity)
    assert {*survivors(entity)} <= {*fact.columns}
    assert not [c for c in survivors(entity) if fact.field(c).sensitivity is Sensitivity.IDENTITY]


@pytest.mark.parametrize(
    ("entity", "known", "unknown"),
    [
        ("surgery", {"margin", "as_of", "patient.sex", "tumour.depth"}, {"ccam_code", "patient.birth_date"}),
        ("tumour", {"depth", "patient.vital_status"}, {"as_of", "tumour.depth", "morphology_code"}),
        ("patient_identity", {"sex"}, {"patient.sex", "as_of", "birth_date"}),
        ("patient_history", {"predisposition", "patient.sex"}, {"as_of", "tumour.depth"}),
    ],
)
def test_what_a_rule_may_read(entity, known, unknown):
    assert known <= known_columns(entity)
    assert not unknown & known_columns(entity)


STAR = {
    "har_patient": "patient_id | vital_status\np1 | alive\np2 | dead",
    "har_tumour": "tumour_id | patient_id | diagnosis_date\nt1 | p1 | 2020-05-01\nt2 | p2 | 2020",
    "har_follow_up": """
        tumour_id | patient_id | event_date | death_date | disease_status
        t1        | p1         | 2020-06-01 | 2020-07-01 | DOD
        t2        | p2         | 2020-06-01 | 2020-07-01 | NED
        t2        | p2         | 2020-08    | -          | -
    """,
}


@pytest.fixture
def warehouse(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    star(con, STAR)
    return con


def answered(con: duckdb.DuckDBPyConnection, entity: str, rule_id: str) -> list[bool | None]:
    """The answers in the order of the fact's rows, which is that of the given ones."""
    return answers(entity, [CATALOGUE[rule_id]], con)[rule_id].to_pylist()


@pytest.mark.parametrize(
    ("rule_id", "expected"),
    [
        ("FOLLOWUP-003", [True, False, False]),  # a death of a patient who is said alive
        ("FOLLOWUP-002", [False, True, False]),  # no evidence of disease, and a death
        ("FOLLOWUP-004", [False, False, False]),  # a date is given
        ("DATE-108", [None, None, None]),  # the delivery declares no export day
        ("DATE-002", [False, False, None]),  # the tumour of 2020 may be before the death
    ],
)
def test_each_row_breaks_the_rule_or_conforms_or_is_not_judged(warehouse, rule_id, expected):
    assert answered(warehouse, "follow_up", rule_id) == expected


def test_the_export_day_is_that_of_the_delivery(warehouse):
    warehouse.execute("UPDATE dim_delivery SET exported_date = DATE '2020-07-15'")
    assert answered(warehouse, "follow_up", "DATE-108") == [False, False, True]


def test_a_patient_without_any_event_is_judged_too(warehouse):
    assert answered(warehouse, "patient_identity", "IDENTITY-012") == [True, True]


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_askable_rule_is_answered_for_every_row(warehouse, entity):
    found = answers(entity, ASKABLE[entity], warehouse)
    assert found.column_names == [one.id for one in ASKABLE[entity]]
    fact = fact_of(entity).name
    assert found.num_rows == warehouse.execute(f"SELECT count(*) FROM {fact}").fetchall()[0][0]


def test_a_rule_that_fails_in_the_database_has_no_column_and_stops_no_other(warehouse):
    broken = rule(id="X-001", violated_when="CAST(disease_status AS INTEGER) > 1")
    sound = ASKABLE["follow_up"]
    found = answers("follow_up", (*sound, broken), warehouse)
    assert found.column_names == [one.id for one in sound]


@pytest.mark.parametrize(
    ("entity", "schema", "expected"),
    [
        ("surgery", None, {'FROM "fct_surgery"', 'FROM "dim_patient"', 'FROM "fct_tumour"', "FROM dim_delivery"}),
        ("surgery", "s7", {'FROM "s7"."fct_surgery"', 'FROM "s7"."dim_patient"', 'FROM "s7"."fct_tumour"',
                           'FROM "s7".dim_delivery'}),
        ("tumour", None, {'FROM "fct_tumour"', 'FROM "dim_patient"'}),
        ("patient_history", "s7", {'FROM "s7"."dim_patient"'}),
    ],
)  # fmt: skip
def test_a_question_reads_the_facts_of_its_schema_alone(entity, schema, expected):
    asked = question(entity, ASKABLE[entity][:1], schema=schema)
    assert set(re.findall(r"FROM [^ (,)]+", asked)) == expected


def test_a_question_writes_intervals_as_both_engines_read_them():
    asked = question("surgery", [rule(violated_when="surgery_date + INTERVAL 24 MONTH < surgery_date")])
    assert "INTERVAL '24' MONTH" in asked


def test_a_field_that_changes_on_its_way_is_not_the_same_field(monkeypatch):
    """The contract decides: another list of codes in the fact, and the rule is left out."""
    fact = fact_of("surgery")
    changed = tuple(replace(f, codes=f.codes[:1]) if f.name == "margin" else f for f in fact.fields)
    monkeypatch.setattr(warehouse_rules, "fact_of", lambda entity: replace(fact, fields=changed))
    assert "margin" not in warehouse_rules.survivors("surgery")
    assert "surgery_kind" in warehouse_rules.survivors("surgery")
