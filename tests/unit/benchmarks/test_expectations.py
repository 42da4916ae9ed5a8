"""The measure of the expectations: it counts what the engines answer differently, and the page shows its figures."""

import pytest

from benchmarks.expectations import compared
from benchmarks.page import page
from validations.expectation_result import ExpectationResult, ExpectationSummary, SuiteResult


def summary(*broken: int) -> ExpectationSummary:
    results = (ExpectationResult("in_set", f"c{i}", not n, 9, n) for i, n in enumerate(broken))
    return ExpectationSummary((SuiteResult("a", "a", True, tuple(results)),))


@pytest.mark.parametrize(
    ("one", "other", "different"),
    [
        (summary(), summary(), 0),
        (summary(0, 2), summary(0, 2), 0),
        (summary(0, 2), summary(0, 3), 2),  # the answer of each
        (summary(0, 2), summary(0), 1),  # asked of one of them only
    ],
)
def test_an_answer_that_the_other_engine_does_not_give_is_counted(one, other, different):
    assert compared(one, other) == different


def test_the_page_shows_the_figures_of_each_engine():
    figures = {"patients": 43_975, "DuckDB": {"seconds": 12.3, "MiB": 700}, "PostgreSQL": {"seconds": 20.0}}
    measured = {"date": "2026-01-02", "machine": "2 cores", "figures": figures}
    text = page({"sections": {"expectations": measured}})
    assert "### Great Expectations on the warehouse" in text
    assert "| DuckDB · seconds | 12.3 |" in text
    assert "| PostgreSQL · seconds | 20 |" in text
