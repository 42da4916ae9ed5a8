"""What Great Expectations is asked: each constraint of the contract exactly once. The library itself is not loaded."""

import sys
from dataclasses import replace
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.askable import ASKABLE
from tests.tables import parse
from tests.unit.contracts.sample import SAMPLE, table
from validations.contracts.entities import ENTITIES
from validations.contracts.make import code, count, flag, number, technical, text
from validations.contracts.model import Code, Table
from validations.contracts.tables import TABLES, WAREHOUSE
from validations.expectations import contract_suite, expectations, rule_suite
from validations.rules.model import Severity
from validations.warehouse_rules import fact_of

NAMES = {
    "ExpectTableColumnsToMatchOrderedList": "columns",
    "ExpectColumnValuesToNotBeNull": "not_null",
    "ExpectColumnValuesToBeInSet": "in_set",
    "ExpectColumnValuesToBeBetween": "between",
    "ExpectColumnValuesToBeUnique": "unique",
    "ExpectCompoundColumnsToBeUnique": "compound_unique",
}


@pytest.fixture(autouse=True)
def library(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in whose expectations are their name and arguments; an unknown one is an AttributeError."""

    def constructor(short: str) -> Any:
        return lambda **arguments: SimpleNamespace(kind=short, **arguments)

    fake = ModuleType("great_expectations.expectations")
    vars(fake).update({name: constructor(short) for name, short in NAMES.items()})
    monkeypatch.setitem(sys.modules, fake.__name__, fake)


def asked(one: Table) -> list[tuple[Any, ...]]:
    """Each expectation as its kind and what it is about."""
    return [tuple(vars(expectation).values()) for expectation in expectations(one)]


def test_a_table_in_full():
    assert asked(SAMPLE) == [
        ("columns", list(SAMPLE.columns)),
        ("not_null", "id"),
        ("not_null", "colour"),
        ("in_set", "colour", ["red", "green"]),
        ("between", "grade", 1, 4),
        ("between", "size_mm", 0.3, 1000),
        ("not_null", "seen_count"),
        ("between", "seen_count", 0, None),
        ("unique", "id"),
    ]


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (text("x", "f", "e"), []),
        (flag("x", "f", "e"), []),
        (technical("x", "f", "e"), []),
        (code("x", (Code("a", "a", "a"), Code("b", "b", "b")), "f", "e"), [("in_set", "x", ["a", "b"])]),
        (number("x", "f", "e", 0, 150, "Gy"), [("between", "x", 0, 150)]),
        (count("x", "f", "e"), [("between", "x", 0, None)]),
    ],
)
def test_a_field_is_asked_what_it_constrains_and_no_more(field, expected):
    assert asked(table(field))[2:-1] == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [(("id",), ("unique", "id")), (("id", "part"), ("compound_unique", ["id", "part"]))],
)
def test_a_key_is_unique_as_a_whole(key, expected):
    assert asked(table(technical("part", "p", "p"), key=key))[-1] == expected


@pytest.mark.parametrize("one", WAREHOUSE, ids=lambda one: one.name)
def test_each_constraint_of_a_table_is_asked_exactly_once(one):
    """Counted from the contract, apart from the code that makes them."""
    found = asked(one)
    kinds = [kind for kind, *_ in found]
    assert kinds.count("columns") == 1
    assert sorted(name for kind, name, *_ in found if kind == "not_null") == sorted(one.mandatory)
    assert [name for kind, name, *_ in found if kind == "in_set"] == [f.name for f in one.fields if f.codes]
    bounded = [f.name for f in one.fields if f.low is not None or f.high is not None]
    assert [name for kind, name, *_ in found if kind == "between"] == bounded
    assert kinds.count("unique") + kinds.count("compound_unique") == 1
    assert len({str(expectation) for expectation in found}) == len(found)


#: A few that must not be lost, whatever becomes of the code that counts them.
PROMISED = parse("""
    table          | kind    | column
    fct_surgery    | in_set  | margin
    fct_tumour     | between | age_at_diagnosis
    fct_tumour     | in_set  | entry_reason
    fct_tumour     | unique  | tumour_id
    fct_indicator  | in_set  | reason_unknown
    fct_finding    | in_set  | severity
    fct_rule_result | in_set | outcome
    dim_patient    | between | birth_month
    dim_facility   | in_set  | role
    ind_conformity | between | percent_all
    ind_conformity | between | missing_count
    fct_treatment  | between | dose_gy
    fct_rcp        | not_null | tumour_id
""")


@pytest.mark.parametrize("row", PROMISED, ids=lambda row: f"{row['table']}.{row['column']}")
def test_what_people_act_on_is_asked_about(row):
    assert (row["kind"], row["column"]) in [(kind, about) for kind, about, *_ in asked(TABLES[row["table"]])]


def test_the_contract_stops_the_publication():
    suite = contract_suite(SAMPLE)
    assert (suite.name, suite.table, suite.stops_publication) == (SAMPLE.name, SAMPLE.name, True)
    assert len(suite.expectations) == len(expectations(SAMPLE))


@pytest.mark.parametrize("entity", ENTITIES)
def test_each_askable_rule_is_one_expectation_that_stops_nothing(entity):
    rules = ASKABLE[entity]
    suite = rule_suite(entity, rules)
    assert (suite.name, suite.table, suite.stops_publication) == (
        f"rules_{entity}", fact_of(entity).name, False,
    )  # fmt: skip
    assert [(one.kind, one.column, one.value_set) for one in suite.expectations] == [
        ("in_set", rule.id, [False]) for rule in rules
    ]


@pytest.mark.parametrize(
    ("severity", "told"),
    [("fatal", "critical"), ("error", "warning"), ("warning", "warning"), ("info", "info")],
)
def test_the_documents_tell_the_rule_in_words(severity, told):
    rule = replace(ASKABLE["surgery"][0], severity=Severity(severity))
    [one] = rule_suite("surgery", [rule]).expectations
    assert one.severity == told
    assert one.description == f"{rule.id} ({severity}): {rule.sentence_fr} · {rule.sentence_en}"
