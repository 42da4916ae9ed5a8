"""What the quality portal reads of the results: outcomes per centre, sums, and rules that no longer exist."""

import datetime as dt
from dataclasses import replace
from typing import Any

import duckdb
import pytest

from pipelines.io.configuration import load_network
from pipelines.report.quality_journal import Journal
from pipelines.report.quality_read import Quality, read_quality
from pipelines.report.quality_tally import EVERYTHING, NATION, Cell
from pipelines.report.quality_time import Timeliness
from tests.tables import parse
from validations.contracts.derive import ddl
from validations.contracts.entities import EVENT_ENTITIES
from validations.contracts.tables import TABLES

NETWORK = load_network("netsarc")
THRESHOLD = NETWORK.disclosure_threshold
TODAY = dt.date(2026, 11, 21)
READ = (
    "dim_network", "dim_centre", "dim_period", "dim_delivery", "fct_rule_result", "fct_finding", "fct_tumour",
    *(f"fct_{entity}" for entity in EVENT_ENTITIES),
)  # fmt: skip


def add(con: duckdb.DuckDBPyConnection, name: str, text: str) -> None:
    """Add the rows of a table written as text."""
    for row in parse(text):
        places = ", ".join(f"${column}" for column in row)
        con.execute(f"INSERT INTO {name} ({', '.join(row)}) VALUES ({places})", row)


def quality(con: duckdb.DuckDBPyConnection, results: str, centres: str = "", **journal: Any) -> Quality:
    """The portal of a snapshot that holds these results and these centres."""
    for name in READ:
        con.execute(ddl(TABLES[name]).replace("NOT NULL", ""))
    add(con, "dim_network", "network_id | label_fr | label_en\nnetsarc | Réseau | Network")
    add(con, "dim_centre", centres or "centre_id | name | valid_from\na | Albi | -\nb | Brest | -")
    add(con, "fct_rule_result", results)
    return read_quality(con, network=NETWORK, snapshot=4, journal=Journal(run_id=7, **journal), today=TODAY)


HEADER = "rule_id | centre_id | table_name | outcome | reason | failed_count | passed_count | unknown_count"


def results(*lines: str) -> str:
    return "\n".join([HEADER, *lines])


@pytest.mark.parametrize(
    ("why", "lines", "expected"),
    [
        ("conforms", ["SURGERY-001 | a | t | passed | - | 0 | 900 | 0"], "passed"),
        ("some rows break it", ["SURGERY-001 | a | t | failed | - | 20 | 900 | 0"], "failed"),
        ("could not be evaluated", ["SURGERY-001 | a | t | error | broken_condition | 0 | 0 | 0"], "error"),
        ("nothing was sent", ["SURGERY-001 | a | t | not_applicable | not_sent | 0 | 0 | 0"], "not_sent"),
        ("no row is concerned", ["SURGERY-001 | a | t | not_applicable | no_row | 0 | 0 | 0"], "not_applicable"),
        ("without a reason", ["SURGERY-001 | a | t | not_applicable | - | 0 | 0 | 0"], "not_applicable"),
        ("an error beside a failure", [
            "SURGERY-001 | a | t | failed | - | 20 | 900 | 0",
            "SURGERY-001 | a | u | error | broken_condition | 0 | 0 | 0",
        ], "error"),
        ("a failure beside a pass", [
            "SURGERY-001 | a | t | passed | - | 0 | 900 | 0",
            "SURGERY-001 | a | u | failed | - | 20 | 900 | 0",
        ], "failed"),
        ("a pass beside what was not sent", [
            "SURGERY-001 | a | t | not_applicable | not_sent | 0 | 0 | 0",
            "SURGERY-001 | a | u | passed | - | 0 | 900 | 0",
        ], "passed"),
        ("one table not sent, the other without a row", [
            "SURGERY-001 | a | t | not_applicable | not_sent | 0 | 0 | 0",
            "SURGERY-001 | a | u | not_applicable | no_row | 0 | 0 | 0",
        ], "not_applicable"),
        ("no table was sent", [
            "SURGERY-001 | a | t | not_applicable | not_sent | 0 | 0 | 0",
            "SURGERY-001 | a | u | not_applicable | not_sent | 0 | 0 | 0",
        ], "not_sent"),
    ],
)  # fmt: skip
def test_the_outcome_of_a_rule_in_a_centre(con, why: str, lines: list[str], expected: str):
    assert quality(con, results(*lines)).outcomes == {("SURGERY-001", "a"): expected}, why


def test_the_tables_of_a_rule_are_added_up(con):
    found = quality(con, results(
        "SURGERY-001 | a | t | failed | - | 20  | 900 | 30",
        "SURGERY-001 | a | u | failed | - | 40  | 800 | 50",
        "SURGERY-001 | b | t | failed | - | 100 | 700 | 60",
    ))  # fmt: skip
    own, nation = found.cell("SURGERY-001", "a"), found.cell("SURGERY-001")
    assert (own.failed, own.passed, own.judged, own.unknown) == (60, 1700, 1760, 80)
    assert (nation.failed, nation.passed, nation.judged, nation.unknown) == (160, 2400, 2560, 140)


def test_what_could_not_be_evaluated_counts_nowhere(con):
    found = quality(con, results(
        "SURGERY-001 | a | t | failed | -                | 20 | 900 | 30",
        "SURGERY-001 | a | u | error  | broken_condition | 77 | 777 | 77",
    ))  # fmt: skip
    assert found.cell("SURGERY-001", "a") == Cell(failed=20, passed=900, judged=920, unknown=30)


def test_small_counts_are_gone_before_anybody_can_print_them(con):
    found = quality(con, results(
        f"SURGERY-001 | a | t | failed | - | {THRESHOLD - 1} | 900 | 0",
        "SURGERY-001 | b | t | failed | - | 400 | 900 | 0",
    ))  # fmt: skip
    assert found.cell("SURGERY-001", "a").failed is None
    assert found.cell("SURGERY-001", "b").failed is None, "the difference with the network would tell"
    assert found.cell("SURGERY-001", NATION).failed == 400 + THRESHOLD - 1
    assert found.failing("SURGERY-001") == ["a", "b"], "that there are such rows is no secret"


def test_a_rule_that_the_catalogue_no_longer_has_is_only_counted(con):
    found = quality(con, results(
        "SURGERY-001 | a | t | failed | - | 20  | 900 | 0",
        "OLD-001     | a | t | failed | - | 500 | 900 | 0",
        "OLD-001     | b | t | failed | - | 500 | 900 | 0",
        "OLD-002     | a | t | passed | - | 0   | 900 | 0",
    ))  # fmt: skip
    assert found.retired == 2
    assert {rule for rule, _ in found.outcomes} == {"SURGERY-001"}
    assert found.cell(EVERYTHING).failed == 20
    assert list(found.centres) == ["a"], "a centre with nothing else has no page"


def test_a_rule_that_was_not_asked_in_a_centre_has_zeros_there(con):
    found = quality(con, results("SURGERY-001 | a | t | failed | - | 20 | 900 | 0"))
    assert found.cell("SURGERY-002", "a") == found.cell("SURGERY-001", "b") == Cell()


CENTRES = """
    centre_id | name                | valid_from
    a         | Zuydcoote           | -
    b         | évry                | -
    c         | Brest               | -
    c         | Brest-Ouest         | 2018-01-01
    c         | Brest-Centre        | 2012-01-01
    d         | Albi                | -
    e         | Albi                | -
    silent    | Aucun envoi         | -
"""


def test_centres_have_their_latest_name_and_stand_in_the_order_of_a_dictionary(con):
    lines = [f"SURGERY-001 | {centre} | t | passed | - | 0 | 900 | 0" for centre in "aebdcx"]
    assert list(quality(con, results(*lines), CENTRES).centres.items()) == [
        ("d", "Albi"), ("e", "Albi"), ("c", "Brest-Ouest"), ("b", "évry"), ("x", "x"), ("a", "Zuydcoote"),
    ]  # fmt: skip


def test_failing_centres_stand_in_the_same_order(con):
    lines = [f"SURGERY-001 | {centre} | t | failed | - | 50 | 900 | 0" for centre in "abcd"]
    assert quality(con, results(*lines), CENTRES).failing("SURGERY-001") == ["d", "c", "b", "a"]


@pytest.mark.parametrize("mark", ["\u202e", "\u200b", "\x07", "\u2066", "\ufeff"])
def test_a_name_brings_no_invisible_character(con, mark: str):
    centres = f"centre_id | name\na | Al{mark}bi"
    found = quality(con, results("SURGERY-001 | a | t | passed | - | 0 | 900 | 0"), centres)
    assert found.centres == {"a": "Albi"}


@pytest.mark.parametrize(("findings", "expected"), [(None, False), ((), True)])
def test_no_finding_is_not_the_same_as_findings_of_other_data(con, findings: Any, *, expected: bool):
    found = quality(con, results("SURGERY-001 | a | t | passed | - | 0 | 900 | 0"), findings=findings)
    assert found.has_standings is expected


DAY_1, DAY_2 = dt.date(2026, 10, 1), dt.date(2026, 11, 1)


@pytest.mark.parametrize(
    ("exported", "cut"), [([], None), ([None], None), ([DAY_2, DAY_1], DAY_2), ([None, DAY_1], DAY_1)]
)
def test_the_data_end_with_the_newest_declared_export(
    con, exported: list[dt.date | None], cut: dt.date | None
):
    found = quality(con, results("SURGERY-001 | a | t | passed | - | 0 | 900 | 0"))
    timeliness = {f"c{n}": Timeliness(exported=day) for n, day in enumerate(exported)}
    assert replace(found, timeliness=timeliness).data_cut == cut
