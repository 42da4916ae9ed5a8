"""The results of what the reader itself applies, and of rules that nobody could be asked: their rows and reasons."""

from typing import Any

import pyarrow as pa
import pytest

from pipelines.stage.findings import located_schema
from pipelines.stage.results import rule_result_table
from tests.tables import parse
from validations.contracts.entities import ENTITIES
from validations.result import COUNTS, rule_result, rule_results
from validations.rules.catalogue import CATALOGUE, cross_table_rules

WORD = "CONTRACT-003"


def results(*located: tuple[str, str, str], scanned=(), staged=None, sent=frozenset(ENTITIES)):
    """Every result by its rule and table."""
    rows = [dict(zip(("rule_id", "table_name", "row_id"), one, strict=True)) for one in located]
    made = rule_result_table(
        [rule_results(scanned)], located=pa.Table.from_pylist(rows, schema=located_schema()),
        staged=staged or {}, centre_id="alpha", sent=sent,
    )  # fmt: skip
    found = {(row["rule_id"], row["table_name"]): row for row in made.to_pylist()}
    assert len(found) == made.num_rows
    return found


READ = parse("""
    found         | staged | rows | failed | why
    r1            | 4      | 4    | 1      | one row of four
    r1 r1 r1      | 4      | 4    | 1      | a row is counted once
    r1 r2 r3 r4   | 4      | 4    | 4      | all of them
    r1 r2 r3      | 2      | 3    | 3      | lines that could not become rows
    r1            | 0      | 1    | 1      | nothing was staged
""")


@pytest.mark.parametrize("case", READ, ids=lambda case: case["why"])
def test_a_rule_of_the_reader_counts_rows_and_never_more_than_there_are(case: dict[str, Any]):
    located = [(WORD, "val_surgery", row_id) for row_id in case["found"].split()]
    row = results(*located, staged={"surgery": case["staged"]})[WORD, "val_surgery"]
    counts = [row[name] for name in COUNTS]
    assert counts == [case["rows"], 0, 0, case["rows"] - case["failed"], case["failed"]]
    assert (row["outcome"], row["reason"]) == ("failed", None)


def test_a_rule_of_the_reader_has_a_result_for_each_table():
    located = [(WORD, "val_surgery", "r1"), (WORD, "val_tumour", "r1"), (WORD, "val_tumour", "r2")]
    found = results(*located, staged={"surgery": 5, "tumour": 6})
    assert {table: row["failed_count"] for (rule_id, table), row in found.items() if rule_id == WORD} == {
        "val_surgery": 1,
        "val_tumour": 2,
    }


def test_what_is_found_in_a_table_that_the_centre_does_not_send_is_no_result():
    found = results((WORD, "val_surgery", "r1"), staged={"surgery": 3}, sent={"tumour"})
    assert (WORD, "val_surgery") not in found


def test_a_rule_that_was_asked_keeps_the_counts_of_the_gate():
    asked = rule_result("SURGERY-001", "surgery", rows=9, failed=4)
    found = results(("SURGERY-001", "val_surgery", "r1"), scanned=[asked], staged={"surgery": 3})
    row = found["SURGERY-001", "val_surgery"]
    assert [row[name] for name in COUNTS] == [9, 0, 0, 5, 4]


@pytest.mark.parametrize("rule", cross_table_rules(frozenset(ENTITIES))[:6], ids=lambda rule: rule.id)
def test_a_rule_on_several_tables_is_not_sent_when_one_of_them_is_not(rule):
    for entity in {rule.table, *rule.reads}:
        row = results(sent=frozenset(ENTITIES) - {entity})[rule.id, f"val_{rule.table}"]
        assert (row["outcome"], row["reason"]) == ("not_applicable", "not_sent"), entity
    row = results()[rule.id, f"val_{rule.table}"]
    assert (row["outcome"], row["reason"]) == ("not_applicable", "no_row")


def test_a_centre_that_sends_nothing_has_every_rule_as_not_sent():
    assert {(row["outcome"], row["reason"]) for row in results(sent=()).values()} == {
        ("not_applicable", "not_sent")
    }


@pytest.mark.parametrize(
    ("counts", "outcome", "reason"),
    [
        ({"rows": 4}, "passed", None),
        ({"rows": 4, "failed": 1}, "failed", None),
        ({"rows": 4, "not_applicable": 4}, "not_applicable", "no_row"),
        ({"rows": 4, "error": "BinderException"}, "error", "broken_condition"),
    ],
    ids=["passed", "failed", "not applicable", "error"],
)
def test_only_what_was_not_judged_has_a_reason(counts: dict[str, Any], outcome: str, reason: str | None):
    row = results(scanned=[rule_result("SURGERY-001", "surgery", **counts)])["SURGERY-001", "val_surgery"]
    assert (row["outcome"], row["reason"]) == (outcome, reason)


def test_a_result_carries_the_version_and_severity_of_its_rule_and_the_centre():
    for (rule_id, _), row in results().items():
        rule = CATALOGUE[rule_id]
        assert (row["rule_version"], row["severity"]) == (rule.version, rule.severity.value)
        assert row["centre_id"] == "alpha"


def test_results_are_in_the_order_of_rule_and_table():
    located = [(WORD, "val_tumour", "r1"), (WORD, "val_surgery", "r1")]
    found = [*results(*located, scanned=[rule_result("SURGERY-001", "surgery", rows=1)])]
    assert found == sorted(found)
