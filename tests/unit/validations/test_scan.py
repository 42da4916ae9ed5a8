"""The scan: the last possible day of each date, one finding per row and rule, whatever else is registered."""

import datetime as dt
from dataclasses import replace

import pyarrow as pa
import pytest

from tests.contract_rows import span
from tests.spec.clean_record import frame
from tests.tables import parse, rows
from validations import scan as scanning
from validations.contracts.derive import arrow_schema
from validations.contracts.entities import ENTITIES
from validations.contracts.tables import VALIDATED
from validations.result import findings
from validations.rules.contract import UNKNOWN_PATIENT, UNKNOWN_TUMOUR
from validations.rules.expressions import COMPUTED
from validations.scan import with_latest

DAY = dt.date
EVERYTHING = frozenset(ENTITIES)

LATEST = parse("""
    precision | earliest   | latest     | why
    day       | 2015-03-10 | 2015-03-10 | that day
    month     | 2015-03-01 | 2015-03-31 | a long month
    month     | 2015-04-01 | 2015-04-30 | a short one
    month     | 2015-12-01 | 2015-12-31 | the last one
    month     | 2015-02-01 | 2015-02-28 | February
    month     | 2016-02-01 | 2016-02-29 | of a leap year
    month     | 2000-02-01 | 2000-02-29 | of a century that leaps
    month     | 1900-02-01 | 1900-02-28 | of one that does not
    year      | 2015-01-01 | 2015-12-31 | a year
    year      | 2016-01-01 | 2016-12-31 | a leap year
    unknown   | -          | -          | nothing known
""")


@pytest.mark.parametrize("case", LATEST, ids=lambda row: row["why"])
def test_the_last_possible_day_follows_from_the_first_and_the_precision(con, case):
    dated = {"surgery_date": case["earliest"], "surgery_date_precision": case["precision"]}
    con.register("val_surgery", frame("surgery", dated))
    assert rows(con, f"SELECT surgery_date_latest FROM ({with_latest('surgery')})") == [(case["latest"],)]


@pytest.mark.parametrize("written", ["2015-02", "2016-02", "1999", DAY(2015, 3, 10), None], ids=str)
def test_sql_and_the_tests_agree_on_the_last_day(con, written):
    earliest, latest, precision = span(written)
    con.register("val_rcp", frame("rcp", {"rcp_date": earliest, "rcp_date_precision": precision}))
    assert rows(con, f"SELECT rcp_date_latest FROM ({with_latest('rcp')})") == [(latest,)]


@pytest.mark.parametrize("entity", ENTITIES)
def test_each_date_of_an_entity_has_a_last_day_and_nothing_else_is_added(con, entity):
    con.register(f"val_{entity}", frame(entity))
    columns = [column[0] for column in con.execute(with_latest(entity)).description]
    dates = [f"{f.name}_latest" for f in ENTITIES[entity] if f.kind.value == "date"]
    computed = COMPUTED if entity == "tumour" else ()
    assert columns == [*VALIDATED[entity].columns, *dates, *computed]


@pytest.fixture
def world(con):
    """A patient and his tumour; the events are of the test."""
    con.register("val_patient_identity", frame("patient_identity"))
    con.register("val_tumour", frame("tumour"))
    return con


def violations(entity, **asked):
    return scanning.scan(entity, **asked).findings


def scan(con, entity, rows_of, *, as_of=None, mapped=EVERYTHING):
    con.register(f"val_{entity}", rows_of)
    found = violations(entity, con=con, as_of=as_of or {}, mapped=mapped)
    return [tuple(row.values()) for row in found.to_pylist()]


def test_a_row_that_breaks_two_rules_is_found_twice_and_another_not_at_all(world):
    two = {"surgery_date": None, "surgery_date_precision": "unknown", "surgery_kind": None}
    assert scan(world, "surgery", frame("surgery", {}, two)) == [
        ("d1:0:3", "SURGERY-003", "surgery_date"),
        ("d1:0:3", "SURGERY-004", "surgery_kind"),
    ]


def test_a_finding_of_a_rule_on_several_columns_names_the_first_field_of_the_rule(world):
    spoilt = frame("treatment", {"cycles": 6})
    assert scan(world, "treatment", spoilt) == [("d1:0:2", "TREATMENT-004", "drugs")]


@pytest.mark.parametrize(
    ("entity", "patient", "tumour", "rules"),
    [
        ("surgery", "P1", "T1", []),
        ("surgery", "P9", "T9", [UNKNOWN_PATIENT, UNKNOWN_TUMOUR]),
        ("surgery", "P1", "T9", [UNKNOWN_TUMOUR]),
        ("surgery", "P9", "T1", [UNKNOWN_PATIENT, UNKNOWN_TUMOUR]),
        ("patient_history", "P9", None, [UNKNOWN_PATIENT]),
        ("patient_history", "P1", None, []),
    ],
)
def test_a_row_whose_patient_or_tumour_is_not_there_is_found_under_each(
    world, entity, patient, tumour, rules
):
    row = frame(entity, {"local_patient_id": patient, "local_tumour_id": tumour})
    assert [rule for _, rule, _ in scan(world, entity, row)] == rules


def test_an_entity_without_rule_whose_parents_are_not_sent_has_no_finding(world):
    row = frame("patient_history", {"local_patient_id": "P9"})
    assert scan(world, "patient_history", row, mapped=frozenset({"patient_history"})) == []


@pytest.mark.parametrize(
    ("as_of", "is_found"),
    [
        ({"d1": DAY(2020, 1, 1)}, True),
        ({"d1": DAY(2031, 5, 4)}, False),
        ({"d1": None}, False),
        ({"d2": DAY(2020, 1, 1)}, False),
        ({}, False),
        ({"d2": DAY(2031, 1, 1), "d1": DAY(2020, 1, 1)}, True),
    ],
)
def test_the_day_of_the_export_is_that_of_the_delivery(world, as_of, is_found):
    row = frame("surgery", {"surgery_date": DAY(2031, 5, 4)})
    found = scan(world, "surgery", row, as_of=as_of)
    assert found == ([("d1:0:2", "DATE-106", "surgery_date")] if is_found else [])


def test_a_second_scan_sees_the_days_of_its_own_call(world):
    row = frame("surgery", {"surgery_date": DAY(2031, 5, 4)})
    assert scan(world, "surgery", row, as_of={"d1": DAY(2020, 1, 1)}) != []
    assert scan(world, "surgery", row, as_of={"d1": DAY(2040, 1, 1)}) == []


def test_an_id_with_quotes_or_spaces_is_only_an_id(con):
    odd = {"local_patient_id": "O'BRIEN; --", "local_tumour_id": 'T"1'}
    con.register("val_patient_identity", frame("patient_identity", odd))
    con.register("val_tumour", frame("tumour", odd))
    assert scan(con, "surgery", frame("surgery", odd)) == []


def test_no_row_gives_an_empty_table_of_findings(world):
    world.register("val_surgery", arrow_schema(VALIDATED["surgery"]).empty_table())
    assert violations("surgery", con=world, as_of={}, mapped=EVERYTHING).equals(findings())


@pytest.mark.parametrize(
    ("given", "length"),
    [([], 0), ([("r1", "DATE-001", "x")], 1), ([("r1", "DATE-001", "x"), ("r1", "DATE-002", "x")], 2)],
)
def test_findings_are_three_columns_of_text_even_when_there_are_none(given, length):
    made = findings(given)
    assert (made.column_names, made.num_rows) == (["row_id", "rule_id", "field"], length)
    assert set(made.schema.types) == {pa.string()}
    assert [tuple(row.values()) for row in made.to_pylist()] == given


def test_findings_may_come_one_at_a_time():
    assert findings((f"r{i}", "DATE-001", "x") for i in range(3)).num_rows == 3


def test_an_incomplete_finding_is_an_error():
    with pytest.raises(ValueError, match="shorter"):
        findings([("r1", "DATE-001", "x"), ("r2", "DATE-001")])


def results(con, entity, *changes, mapped=EVERYTHING):
    con.register(f"val_{entity}", frame(entity, *changes))
    found = scanning.scan(entity, con=con, as_of={}, mapped=mapped).results.to_pylist()
    return {row.pop("rule_id"): tuple(row.values())[1:] for row in found}


@pytest.mark.parametrize(
    ("changes", "counts"),
    [
        ([{}], (1, 0, 0, 1, 0, "passed", None)),
        ([{"dose_gy": 100.0}], (1, 0, 0, 0, 1, "failed", None)),
        ([{"dose_gy": None}], (1, 0, 1, 0, 0, "not_applicable", None)),
        ([{"treatment_kind": "systemic"}], (1, 1, 0, 0, 0, "not_applicable", None)),
        ([{"treatment_kind": None}], (1, 1, 0, 0, 0, "not_applicable", None)),
        (
            [{}, {"dose_gy": 1.0}, {"dose_gy": None}, {"treatment_kind": "other"}],
            (4, 1, 1, 1, 1, "failed", None),
        ),
    ],
    ids=["passed", "failed", "value missing", "another kind", "kind missing", "all four"],
)
def test_every_row_is_counted_once_for_each_rule(world, changes, counts):
    assert results(world, "treatment", *changes)["TREATMENT-001"] == counts


def test_a_rule_whose_condition_fails_is_an_error_and_the_others_are_asked(world, monkeypatch):
    broken = {
        "TREATMENT-001": "no_such_column > 5",  # refused when it is bound
        "TREATMENT-002": "CAST(treatment_kind AS INTEGER) > 5",  # refused on the first row
        "TREATMENT-003": "dose_gy >",  # no SQL at all
    }
    rules = [
        replace(rule, violated_when=broken.get(rule.id, rule.violated_when), applies_when="TRUE")
        for rule in scanning.record_rules("treatment")
    ]
    monkeypatch.setattr(scanning, "record_rules", lambda entity: rules)
    found = results(world, "treatment", {"treatment_kind": None, "drugs": "x"}, {})
    errors = {rule_id: row[-1] for rule_id, row in found.items() if row[-2] == "error"}
    assert errors == {
        "TREATMENT-001": "BinderException",
        "TREATMENT-002": "ConversionException",
        "TREATMENT-003": "ParserException",
    }
    assert found["TREATMENT-001"][:5] == (2, 0, 2, 0, 0)
    assert found["TREATMENT-005"][:5] == (2, 0, 0, 1, 1)


def test_the_counts_of_a_rule_add_up_to_its_rows(world):
    for row in results(world, "treatment", {}, {"dose_gy": None}, {"treatment_kind": "systemic"}).values():
        assert row[0] == sum(row[1:5])
