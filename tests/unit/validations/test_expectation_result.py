"""What is kept of the expectations: sums, names and counts; only the contract stops a publication."""

import json

import pytest

from validations.expectation_result import (
    ExpectationResult,
    ExpectationSummary,
    SuiteResult,
    summary_of,
)

HELD = ExpectationResult("unique", "a", True, judged_count=3, unexpected_count=0)
BROKEN = ExpectationResult("in_set", "b", False, judged_count=3, unexpected_count=2)
UNCOUNTED = ExpectationResult("columns", "", True)
NOT_EVALUATED = ExpectationResult("between", "c", False, is_error=True)


def suite(name: str, *results: ExpectationResult, stops: bool = True) -> SuiteResult:
    return SuiteResult(name, name.removeprefix("rules_"), stops, results)


@pytest.mark.parametrize(
    ("suites", "passed", "failed", "guilty"),
    [
        ([], 0, 0, ()),
        ([suite("a", HELD, UNCOUNTED)], 2, 0, ()),
        ([suite("a", HELD, BROKEN), suite("b", HELD), suite("c", BROKEN, NOT_EVALUATED)], 2, 3, ("a", "c")),
        ([suite("a", HELD), suite("rules_a", HELD, BROKEN, stops=False)], 1, 0, ()),
        ([suite("rules_a", BROKEN, NOT_EVALUATED, stops=False)], 0, 0, ()),
    ],
)
def test_a_summary_adds_up_what_stops_the_publication(suites, passed, failed, guilty):
    summary = ExpectationSummary(tuple(suites))
    assert (summary.passed, summary.failed, summary.failed_tables) == (passed, failed, guilty)


def test_a_suite_names_what_failed_in_order():
    one = suite("a", NOT_EVALUATED, HELD, BROKEN)
    assert (one.passed, one.failures) == (1, ("between(c)", "in_set(b)"))


@pytest.mark.parametrize(
    ("results", "expected"), [([HELD, BROKEN], False), ([HELD, NOT_EVALUATED], True), ([], False)]
)
def test_a_suite_knows_whether_everything_was_evaluated(results, expected):
    assert suite("a", *results).has_errors is expected


def test_a_row_per_expectation_with_its_counts():
    summary = ExpectationSummary(
        (suite("a", UNCOUNTED), suite("rules_a", BROKEN, NOT_EVALUATED, stops=False))
    )
    names = ("table_name", "expectation", "column_name", "stops_publication", "success", "judged_count",
             "unexpected_count")  # fmt: skip
    assert [tuple(row[name] for name in names) for row in summary.rows()] == [
        ("a", "columns", "", True, True, None, None),
        ("a", "in_set", "b", False, False, 3, 2),
        ("a", "between", "c", False, False, None, None),
    ]


@pytest.mark.parametrize("suites", [[], [suite("a")], [suite("a", HELD, BROKEN, UNCOUNTED, NOT_EVALUATED)]])
def test_a_summary_comes_back_from_its_text(suites):
    summary = ExpectationSummary(tuple(suites))
    assert summary_of(json.loads(json.dumps(summary.as_json()))) == summary
