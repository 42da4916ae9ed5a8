"""What Great Expectations said of a warehouse: names and counts, never a value.

An expectation of the contract stops the publication when it does not hold. One of the catalogue is information: a
row that breaks a rule is flagged, it is not dropped.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Engine(StrEnum):
    """The warehouse that was judged."""

    DUCKDB = "duckdb"
    POSTGRESQL = "postgresql"


@dataclass(frozen=True)
class ExpectationResult:
    """One expectation: `judged_count` rows had what it needs, `unexpected_count` of them do not hold.

    `column` names its columns, or the rule. A count is None when the expectation does not count rows, and when it
    could not be evaluated (`is_error`).
    """

    expectation: str
    column: str
    success: bool
    judged_count: int | None = None
    unexpected_count: int | None = None
    is_error: bool = False

    @property
    def name(self) -> str:
        """The expectation as `type(column)`."""
        return f"{self.expectation}({self.column})"


@dataclass(frozen=True)
class SuiteResult:
    """The expectations of one suite, which is about one table."""

    suite: str
    table: str
    stops_publication: bool
    results: tuple[ExpectationResult, ...] = ()

    @property
    def passed(self) -> int:
        """The number of expectations that hold."""
        return sum(result.success for result in self.results)

    @property
    def failures(self) -> tuple[str, ...]:
        """The expectations that do not hold, in order of their names."""
        return tuple(sorted(result.name for result in self.results if not result.success))

    @property
    def has_errors(self) -> bool:
        """True when an expectation could not be evaluated: what the library writes of it may quote a value."""
        return any(result.is_error for result in self.results)


@dataclass(frozen=True)
class ExpectationSummary:
    """The expectations of every suite."""

    suites: tuple[SuiteResult, ...]

    @property
    def _stopping(self) -> tuple[SuiteResult, ...]:
        return tuple(suite for suite in self.suites if suite.stops_publication)

    @property
    def passed(self) -> int:
        """The number of expectations of the contract that hold."""
        return sum(suite.passed for suite in self._stopping)

    @property
    def failed(self) -> int:
        """The number of expectations of the contract that do not hold: with one, nothing is published."""
        return sum(len(suite.failures) for suite in self._stopping)

    @property
    def failed_tables(self) -> tuple[str, ...]:
        """The tables with an expectation of the contract that does not hold."""
        return tuple(suite.table for suite in self._stopping if suite.failures)

    def rows(self) -> list[dict[str, Any]]:
        """One row per expectation, as the ledger keeps it."""
        return [
            {
                "suite": suite.suite,
                "table_name": suite.table,
                "expectation": result.expectation,
                "column_name": result.column,
                "stops_publication": suite.stops_publication,
                "success": result.success,
                "judged_count": result.judged_count,
                "unexpected_count": result.unexpected_count,
                "is_error": result.is_error,
            }
            for suite in self.suites
            for result in suite.results
        ]

    def as_json(self) -> list[dict[str, Any]]:
        """The summary as lists and dictionaries."""
        return [asdict(suite) for suite in self.suites]


def summary_of(suites: Iterable[dict[str, Any]]) -> ExpectationSummary:
    """The summary that `as_json` gave."""
    return ExpectationSummary(
        tuple(
            SuiteResult(
                suite["suite"],
                suite["table"],
                suite["stops_publication"],
                tuple(ExpectationResult(**result) for result in suite["results"]),
            )
            for suite in suites
        )
    )
