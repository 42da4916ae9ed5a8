"""The ledger keeps each expectation of each run and engine: the last attempt of a run, nothing of another network."""

import pytest
import sqlalchemy as sa

from pipelines.io.ledger import Ledger
from pipelines.io.ledger_schema import EXPECTATION
from tests.tables import parse
from validations.expectation_result import Engine, ExpectationResult, ExpectationSummary, SuiteResult

HELD = ExpectationResult("unique", "a", True, judged_count=3, unexpected_count=0)
BROKEN = ExpectationResult("in_set", "b", False, judged_count=3, unexpected_count=2)
UNCOUNTED = ExpectationResult("columns", "", True)
NOT_EVALUATED = ExpectationResult("between", "c", False, is_error=True)
CONTRACT = SuiteResult("fct_a", "fct_a", True, (HELD, BROKEN, UNCOUNTED, NOT_EVALUATED))
RULES = SuiteResult("rules_a", "fct_a", False, (BROKEN,))
SUMMARY = ExpectationSummary((CONTRACT, RULES))


def kept(ledger: Ledger, run_id: int = 1, network_id: str = "n") -> list[tuple[object, ...]]:
    names = ("engine", "suite", "expectation", "column_name", "success")
    return [tuple(row[name] for name in names) for row in ledger.expectations(network_id).of_run(run_id)]


def test_each_expectation_is_a_row_with_its_counts(ledger: Ledger):
    ledger.expectations("n").record(1, Engine.DUCKDB, SUMMARY, snapshot=7)
    expected = parse("""
        suite   | expectation | column_name | stops_publication | success | judged_count | unexpected_count | is_error
        fct_a   | between     | c           | true              | false   | -            | -                | true
        fct_a   | columns     | ""          | true              | true    | -            | -                | false
        fct_a   | in_set      | b           | true              | false   | 3            | 2                | false
        fct_a   | unique      | a           | true              | true    | 3            | 0                | false
        rules_a | in_set      | b           | false             | false   | 3            | 2                | false
    """)
    about = {"network_id": "n", "run_id": 1, "engine": "duckdb", "snapshot": 7, "table_name": "fct_a"}
    assert ledger.expectations("n").of_run(1) == [{**about, **row} for row in expected]


def test_the_engines_of_a_run_stand_side_by_side(ledger: Ledger):
    for engine in (Engine.POSTGRESQL, Engine.DUCKDB):
        ledger.expectations("n").record(1, engine, ExpectationSummary((RULES,)), snapshot=1)
    assert [row[0] for row in kept(ledger)] == ["duckdb", "postgresql"]


def test_another_attempt_of_a_run_replaces_the_first(ledger: Ledger):
    """A task of Airflow that is tried again: the sums of a run count each expectation once."""
    ledger.expectations("n").record(1, Engine.DUCKDB, SUMMARY, snapshot=1)
    ledger.expectations("n").record(1, Engine.DUCKDB, ExpectationSummary((RULES,)), snapshot=1)
    assert kept(ledger) == [("duckdb", "rules_a", "in_set", "b", False)]


@pytest.mark.parametrize(("run_id", "network_id"), [(2, "n"), (1, "m")])
def test_another_run_and_another_network_see_nothing(ledger: Ledger, run_id: int, network_id: str):
    ledger.expectations("n").record(1, Engine.DUCKDB, SUMMARY, snapshot=1)
    assert kept(ledger, run_id, network_id) == []


def test_a_run_that_asked_nothing_keeps_nothing(ledger: Ledger):
    ledger.expectations("n").record(1, Engine.DUCKDB, ExpectationSummary(()), snapshot=1)
    assert kept(ledger) == []


def test_a_ledger_of_before_gets_the_table_when_it_is_opened(url: str):
    with Ledger(url, key_fingerprint="k"):
        pass
    engine = sa.create_engine(url)
    EXPECTATION.drop(engine)
    engine.dispose()
    with Ledger(url, key_fingerprint="k") as ledger:
        ledger.expectations("n").record(1, Engine.DUCKDB, SUMMARY, snapshot=1)
        assert len(kept(ledger)) == 5
