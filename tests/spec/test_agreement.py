"""Gate, Great Expectations and SQL agree: the same rule finds the same number of rows wherever it is asked.

The data are the boundary cases of the rules, one patient each, through the whole chain into both engines. What a rule
holds at the gate is never in the warehouse, so faults of those rules are written into it past the gate: there the gate
must be alone. The SQL is written here, apart from what the product asks.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import duckdb
import psycopg
import pytest

from pipelines import publish
from pipelines.io import postgres
from pipelines.warehouse.expectations_process import ExpectationsProcess
from tests import ruled_network
from tests.askable import ASKABLE
from tests.small_network import NETWORK, SmallNetwork
from validations.contracts.tables import TABLES, WAREHOUSE
from validations.expectation_result import ExpectationResult, ExpectationSummary
from validations.rules.catalogue import CATALOGUE
from validations.rules.model import Consequence, Rule
from validations.warehouse_rules import columns_read, fact_of

pytestmark = pytest.mark.postgres
SCHEMA = f"reseau_{NETWORK}_s0001"
RULES = {rule.id: (entity, rule) for entity, rules in ASKABLE.items() for rule in rules}
HELD = {rule_id for rule_id, (_, rule) in RULES.items() if rule.consequence is not Consequence.FLAG}
#: A word of no list.
UNKNOWN = "daguerreotype"

with duckdb.connect() as parser:
    READ = columns_read([rule for _, rule in RULES.values()], parser)


class Count(NamedTuple):
    """Of one rule: the rows that it judged, and those of them that break it."""

    judged: int
    failed: int


Counts = dict[str, Count]


def days(**dates: str) -> str:
    """The changes that give these dates, each known to the day."""
    return ", ".join(f"{name}{end} = DATE '{day}'" for name, day in dates.items() for end in ("", "_latest"))


def fact_key(table: str) -> str:
    """The column that names a row."""
    return TABLES[table].key[0]


#: One row of each table that breaks a rule which would have held the value, and breaks no other; two of the contract.
PAST_THE_GATE = {
    "dim_patient": ("birth_month = 13", "birth_month = 1"),
    "fct_tumour": ("grade = 4", "grade = 2 AND grade_system = 'fnclcc'"),
    "fct_biopsy": (days(biopsy_date="2024-07-01"), "biopsy_date = DATE '2015-03-10'"),
    "fct_imaging": (
        f"modality = '{UNKNOWN}', {days(imaging_date='2024-07-01')}",
        "modality = 'mri' AND imaging_target = 'primary' AND imaging_date = DATE '2015-03-01'",
    ),
    "fct_rcp": (days(rcp_date="2024-07-01"), "rcp_date = DATE '2015-04-01'"),
    "fct_surgery": (days(surgery_date="2024-07-01"), "surgery_date = DATE '2015-05-04'"),
    "fct_pathology_review": (
        days(sampling_date="2024-07-01", received_date="2024-07-02", expert_date="2024-07-03"),
        "sampling_date = DATE '2015-03-10' AND received_date = DATE '2015-03-20' AND expert_date = DATE '2015-04-02'",
    ),
    "fct_treatment": (
        days(treatment_start_date="2024-07-01", treatment_end_date="2024-07-02"),
        "treatment_kind = 'systemic' AND treatment_start_date = DATE '2015-07-01'"
        " AND treatment_end_date = DATE '2015-08-15'",
    ),
    "fct_follow_up": (
        days(event_date="2024-07-01", death_date="2024-07-02"),
        "disease_status = 'DOD' AND follow_up_event = 'last_news' AND event_date <= death_date",
    ),
}


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> SmallNetwork:
    return ruled_network.published(tmp_path_factory.mktemp("agreement"))


@pytest.fixture(scope="module")
def file(network: SmallNetwork) -> Path:
    """The warehouse, with the faults past the gate."""
    path = network.current() / publish.WAREHOUSE_FILE
    with duckdb.connect(str(path)) as con:
        for table, (change, which) in PAST_THE_GATE.items():
            key = fact_key(table)
            one = f"(SELECT min({key}) FROM {table} WHERE {which})"
            assert con.execute(f"UPDATE {table} SET {change} WHERE {key} = {one}").fetchall() == [(1,)], table
    return path


@pytest.fixture(scope="module")
def url(file: Path, postgres_url: str) -> Iterator[str]:
    """The server with the snapshot loaded."""
    postgres.load(postgres_url, file, network_id=NETWORK, snapshot=1, content_hash="agreement")
    yield postgres_url
    with psycopg.connect(postgres_url, autocommit=True) as con:
        for name in (f"reseau_{NETWORK}", SCHEMA):
            con.execute(f'DROP SCHEMA "{name}" CASCADE')


@pytest.fixture(scope="module")
def gate(file: Path) -> Counts:
    """What the gate said of each rule, as the warehouse keeps it."""
    with duckdb.connect(str(file), read_only=True) as con:
        rows = con.execute(
            "SELECT rule_id, sum(passed_count + failed_count)::INT, sum(failed_count)::INT"
            " FROM fct_rule_result GROUP BY rule_id"
        ).fetchall()
    return {rule_id: Count(judged, failed) for rule_id, judged, failed in rows if rule_id in RULES}


def by_rule(summary: ExpectationSummary) -> Counts:
    """What Great Expectations counted for each rule."""
    return {
        one.column: Count(one.judged_count or 0, one.unexpected_count or 0)
        for suite in summary.suites
        if not suite.stops_publication
        for one in suite.results
    }


@pytest.fixture(scope="module")
def on_duckdb(
    expectations_child: ExpectationsProcess, file: Path, tmp_path_factory: pytest.TempPathFactory
) -> ExpectationSummary:
    return expectations_child.run(file, tmp_path_factory.mktemp("docs") / "duckdb")


@pytest.fixture(scope="module")
def server_docs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("docs") / "postgresql"


@pytest.fixture(scope="module")
def on_postgresql(expectations_child: ExpectationsProcess, url: str, server_docs: Path) -> ExpectationSummary:
    return expectations_child.run_on_server(url, SCHEMA, server_docs)


def counting(rule: Rule, entity: str, schema: str) -> str:
    """SQL that counts what a rule judges and what breaks it: plain joins, a filter for each."""
    read = READ[rule.id]
    joins = [f'FROM {schema}."{fact_of(entity).name}" AS this']
    for alias, key, source in (
        ("patient", "patient_id", "dim_patient"),
        ("tumour", "tumour_id", "fct_tumour"),
    ):
        columns = sorted(name.partition(".")[2] for name in read if name.startswith(f"{alias}."))
        if columns:
            picked = ", ".join([f"{key} AS its_{alias}", *columns])
            joins.append(
                f"JOIN (SELECT {picked} FROM {schema}.{source}) AS {alias} ON its_{alias} = this.{key}"
            )
    if "as_of" in read:
        days = (
            f"(SELECT delivery_id AS its_delivery, exported_date AS as_of FROM {schema}.dim_delivery) AS sent"
        )
        joins.append(f"JOIN {days} ON its_delivery = this.delivery_id")
    judged = f"({rule.applies_when}) AND ({rule.violated_when}) IS NOT NULL"
    broken = f"{judged} AND ({rule.violated_when})"
    query = [f"SELECT count(*) FILTER (WHERE {judged}), count(*) FILTER (WHERE {broken})", *joins]
    # the one thing that the engines write differently: PostgreSQL wants the number of an interval quoted
    return (
        "\n".join(query)
        .replace("INTERVAL ", "INTERVAL '")
        .replace(" MONTH", "' MONTH")
        .replace(" DAY", "' DAY")
    )


def count_in(con: duckdb.DuckDBPyConnection, entity: str, rule: Rule) -> Count:
    return Count(*con.execute(counting(rule, entity, "main")).fetchall()[0])


def in_duckdb(file: Path) -> Counts:
    with duckdb.connect(str(file), read_only=True) as con:
        return {rule.id: count_in(con, entity, rule) for entity, rule in RULES.values()}


def in_postgresql(url: str) -> Counts:
    with psycopg.connect(url) as con:
        queries = {rule.id: counting(rule, entity, SCHEMA) for entity, rule in RULES.values()}
        return {rule_id: Count(*con.execute(query).fetchall()[0]) for rule_id, query in queries.items()}


@pytest.fixture(scope="module")
def places(
    gate: Counts, on_duckdb: ExpectationSummary, on_postgresql: ExpectationSummary, file: Path, url: str
) -> dict[str, Counts]:
    """Where a rule was asked, and what each place counted."""
    return {
        "gate": gate,
        "expectations on DuckDB": by_rule(on_duckdb),
        "expectations on PostgreSQL": by_rule(on_postgresql),
        "SQL on DuckDB": in_duckdb(file),
        "SQL on PostgreSQL": in_postgresql(url),
    }


@pytest.mark.parametrize("rule_id", RULES)
def test_every_place_counts_the_same(rule_id: str, places: dict[str, Counts]):
    found = {place: counts[rule_id] for place, counts in places.items()}
    judged, failed = found["gate"]
    expected = Count(judged, failed + 1) if rule_id in HELD else Count(judged, failed)
    assert found == {place: expected for place in places} | {"gate": Count(judged, failed)}


def test_no_value_was_held_on_the_way(file: Path):
    """Otherwise the warehouse lacks what the gate saw, and has every reason to count something else."""
    with duckdb.connect(str(file), read_only=True) as con:
        broken = {
            rule_id for (rule_id,) in con.execute("SELECT DISTINCT rule_id FROM fct_finding").fetchall()
        }
    assert {CATALOGUE[rule_id].consequence for rule_id in broken} == {Consequence.FLAG}


def test_every_place_was_asked_the_same_rules(places: dict[str, Counts]):
    assert {place: {*counts} for place, counts in places.items()} == {place: {*RULES} for place in places}


def test_the_gate_raised_a_finding_for_each_row_that_it_counted(gate: Counts, file: Path):
    with duckdb.connect(str(file), read_only=True) as con:
        raised = dict(con.execute("SELECT rule_id, count(*) FROM fct_finding GROUP BY rule_id").fetchall())
    counted = {rule_id: count.failed for rule_id, count in gate.items()}
    assert {rule_id: raised.get(rule_id, 0) for rule_id in RULES} == counted


def test_what_a_rule_would_hold_was_written_past_the_gate_alone(gate: Counts):
    assert {rule_id for rule_id, count in gate.items() if not count.failed} == HELD


@pytest.mark.parametrize("rule_id", RULES)
def test_some_rows_break_a_rule_and_others_do_not(rule_id: str, places: dict[str, Counts]):
    """So that a place where it is never broken, or always, counts otherwise."""
    judged, failed = places["SQL on DuckDB"][rule_id]
    assert 0 < failed < judged


@pytest.mark.parametrize("rule_id", ["DIAGNOSIS-018", "SURGERY-001", "TREATMENT-001", "FOLLOWUP-007"])
@pytest.mark.parametrize("spoil", [{"applies_when": "TRUE"}, {"violated_when": "NOT ({0})"}])
def test_a_rule_that_is_asked_otherwise_counts_otherwise(
    rule_id: str, spoil: dict[str, str], places: dict[str, Counts], file: Path
):
    entity, rule = RULES[rule_id]
    spoilt = replace(rule, **{name: sql.format(getattr(rule, name)) for name, sql in spoil.items()})
    with duckdb.connect(str(file), read_only=True) as con:
        assert count_in(con, entity, spoilt) != places["gate"][rule_id]


def test_both_engines_say_the_same_of_every_expectation(
    on_duckdb: ExpectationSummary, on_postgresql: ExpectationSummary
):
    assert len(on_duckdb.rows()) > len(RULES) + len(WAREHOUSE)
    assert on_postgresql.rows() == on_duckdb.rows()


@pytest.mark.parametrize(
    ("table", "column", "expectation", "is_broken"),
    [
        ("dim_patient", "birth_month", "column_values_to_be_between", "birth_month NOT BETWEEN 1 AND 12"),
        ("fct_imaging", "modality", "column_values_to_be_in_set", f"modality = '{UNKNOWN}'"),
    ],
)
def test_the_contract_is_counted_alike_on_both_engines(
    table: str,
    column: str,
    expectation: str,
    is_broken: str,
    file: Path,
    on_duckdb: ExpectationSummary,
    on_postgresql: ExpectationSummary,
):
    with duckdb.connect(str(file), read_only=True) as con:
        judged = f"SELECT count({column}), count(*) FILTER (WHERE {is_broken}) FROM {table}"
        [(rows, broken)] = con.execute(judged).fetchall()
    for summary in (on_duckdb, on_postgresql):
        assert summary.failed_tables == ("dim_patient", "fct_imaging")
        [suite] = [suite for suite in summary.suites if suite.suite == table]
        assert [one for one in suite.results if not one.success] == [
            ExpectationResult(expectation, column, False, judged_count=rows, unexpected_count=broken)
        ]
    assert broken == 1


def test_the_documents_of_a_server_tell_neither_its_address_nor_a_value(
    on_postgresql: ExpectationSummary, url: str, server_docs: Path
):
    pages = [path.read_text(encoding="utf-8") for path in server_docs.rglob("*") if path.is_file()]
    assert len(pages) > len(WAREHOUSE)
    told = [
        secret for secret in (UNKNOWN, url, url.partition("@")[2]) if any(secret in page for page in pages)
    ]
    assert told == []


def test_nothing_is_left_on_the_server(on_postgresql: ExpectationSummary, url: str):
    with psycopg.connect(url) as con:
        tables = con.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname !~ '^(pg_|information)'"
        )
        left = {(schema, name) for schema, name in tables if schema != SCHEMA}
    assert left == {(f"reseau_{NETWORK}", "snapshot")}
