"""The lines of a rule's result: every row counted once, one of four outcomes; tables that keep their columns."""

from typing import Any

import pyarrow as pa
import pytest

from tests.tables import parse
from validations.result import COUNTS, findings, rule_result, rule_results

OUTCOMES = parse("""
    rows | none | unknown | failed | passed | outcome        | why
    0    | 0    | 0       | 0      | 0      | not_applicable | no row
    5    | 0    | 0       | 0      | 5      | passed         | all conform
    5    | 0    | 0       | 5      | 0      | failed         | none does
    5    | 0    | 0       | 1      | 4      | failed         | one does not
    5    | 5    | 0       | 0      | 0      | not_applicable | it concerns no row
    5    | 0    | 5       | 0      | 0      | not_applicable | what it needs is always missing
    5    | 3    | 2       | 0      | 0      | not_applicable | one or the other
    5    | 2    | 2       | 0      | 1      | passed         | one row was judged
    5    | 2    | 2       | 1      | 0      | failed         | one row was judged and does not conform
""")


@pytest.mark.parametrize("case", OUTCOMES, ids=lambda case: case["why"])
def test_the_rows_that_are_left_passed_and_make_the_outcome(case: dict[str, Any]):
    found = rule_result(
        "A-001", "surgery", rows=case["rows"], not_applicable=case["none"], unknown=case["unknown"],
        failed=case["failed"],
    )  # fmt: skip
    counts = [found[name] for name in COUNTS]
    assert counts == [case[name] for name in ("rows", "none", "unknown", "passed", "failed")]
    assert (found["outcome"], found["error"]) == (case["outcome"], None)
    assert (found["rule_id"], found["entity"]) == ("A-001", "surgery")


@pytest.mark.parametrize(
    "told", [{}, {"failed": 2}, {"not_applicable": 1, "unknown": 1, "failed": 3}], ids=str
)
def test_with_an_error_no_row_was_judged_whatever_was_counted(told: dict[str, int]):
    found = rule_result("A-001", "surgery", rows=5, error="BinderException", **told)
    assert [found[name] for name in COUNTS] == [5, 0, 5, 0, 0]
    assert (found["outcome"], found["error"]) == ("error", "BinderException")


def test_an_error_on_no_row_is_an_error():
    assert rule_result("A-001", "surgery", rows=0, error="x")["outcome"] == "error"


@pytest.mark.parametrize("lines", [0, 1, 3])
def test_a_table_of_results_has_its_columns_however_many_lines(lines: int):
    table = rule_results(rule_result(f"A-00{n}", "surgery", rows=n) for n in range(lines))
    assert table.column_names == ["rule_id", "entity", *COUNTS, "outcome", "error"]
    assert [table.schema.field(name).type for name in COUNTS] == [pa.int64()] * 5
    assert table.schema.field("error").type == pa.string()
    assert table["row_count"].to_pylist() == [*range(lines)]


@pytest.mark.parametrize(
    "rows",
    [[], [("d:0:2", "A-001", "margin")], [("d:0:2", "A-001", "margin"), ("d:0:2", "A-002", "")]],
    ids=["none", "one", "two"],
)
def test_a_table_of_findings_has_its_columns_however_many_lines(rows: list[tuple[str, str, str]]):
    table = findings(iter(rows))
    assert table.schema == pa.schema([(name, pa.string()) for name in ("row_id", "rule_id", "field")])
    assert [tuple(row.values()) for row in table.to_pylist()] == rows


def test_tables_with_and_without_lines_are_put_together():
    one = [("d:0:2", "A-001", "margin")]
    assert pa.concat_tables([findings(), findings(one)]).num_rows == 1
    assert pa.concat_tables([rule_results(), rule_results([rule_result("A", "b", rows=1)])]).num_rows == 1
