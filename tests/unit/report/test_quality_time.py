"""Quality by time of diagnosis, and how fresh each centre is."""

import datetime as dt
from typing import Any

import duckdb
import numpy as np
import pytest

from pipelines.report.quality_tally import NATION
from pipelines.report.quality_time import (
    NO_MONTH,
    QUARTER,
    Share,
    Timeliness,
    protected_shares,
    read_shares,
    read_timeliness,
)
from validations.contracts.derive import ddl
from validations.contracts.entities import EVENT_ENTITIES
from validations.contracts.tables import TABLES

DAY = dt.date(2026, 11, 21)
KINDS = ("in_any", "in_completeness", "in_conformance", "in_plausibility")


def row(centre: str, year: int, month: int, tumours: int, **found: int) -> dict[str, Any]:
    return {
        "centre_id": centre,
        "year": year,
        "month": month,
        "tumours": tumours,
        **dict.fromkeys(KINDS, 0),
        **found,
    }


def large() -> list[dict[str, Any]]:
    return [
        row(centre, year, month, 100 + month, in_any=40, in_completeness=20 + month)
        for centre in ("a", "b")
        for year in (2019, 2020)
        for month in range(13)
    ]


def test_months_make_quarters_quarters_make_years_and_years_make_all():
    shares = protected_shares(large(), 11)
    assert shares[NATION, 2019, 1].tumours == 202
    assert shares[NATION, 2019, QUARTER + 1].tumours == 2 * (101 + 102 + 103)
    assert shares[NATION, 2019, QUARTER + 4].tumours == 2 * (110 + 111 + 112)
    assert shares[NATION, 2019, 0].tumours == 2 * sum(range(100, 113))
    assert shares["a", 2019, 0].tumours == sum(range(100, 113))
    assert shares["a", 0, 0].tumours == 2 * sum(range(100, 113))
    assert shares[NATION, 0, 0].tumours == 4 * sum(range(100, 113))


def test_tumours_of_which_the_month_is_unknown_have_a_place_of_their_own():
    shares = protected_shares(large(), 11)
    assert shares[NATION, 2019, NO_MONTH].tumours == 200
    assert (NATION, 2019, 0) in shares
    assert ("a", 2019, 1) not in shares  # a month of a centre is never told


def test_a_month_tells_any_finding_and_a_quarter_each_dimension():
    shares = protected_shares(large(), 11)
    assert shares[NATION, 2019, 1].flagged == {
        "in_any": 80, "in_completeness": 0, "in_conformance": 0, "in_plausibility": 0,
    }  # fmt: skip
    assert shares[NATION, 2019, QUARTER + 1].flagged["in_completeness"] == 2 * (21 + 22 + 23)


def test_the_share_is_of_the_tumours_without_a_finding():
    share = Share(200, {"in_any": 50, "in_completeness": None})
    assert share.percent() == 75
    assert share.percent("in_completeness") is None
    assert Share(None, {"in_any": 50}).percent() is None
    assert Share(0, {"in_any": 0}).percent() is None


def test_a_small_number_of_tumours_is_hidden_with_the_next():
    rows = [row("a", 2020, 1, 5), row("a", 2020, 2, 30), row("a", 2020, 3, 90)]
    shares = protected_shares(rows, 11)
    assert [shares[NATION, 2020, month].tumours for month in (1, 2, 3)] == [None, None, 90]
    assert shares[NATION, 2020, 0].tumours == 125


def test_few_tumours_with_a_finding_are_hidden_and_none_is_not():
    rows = [row("a", 2020, 1, 100, in_any=4), row("a", 2020, 2, 100), row("a", 2020, 3, 100, in_any=30)]
    shares = protected_shares(rows, 11)
    found = [shares[NATION, 2020, month].flagged["in_any"] for month in (1, 2, 3)]
    assert found == [None, 0, None]
    assert shares[NATION, 2020, 1].percent() is None
    assert shares[NATION, 2020, 2].percent() == 100


def test_few_tumours_without_a_finding_are_hidden_too():
    rows = [row("a", 2020, 1, 100, in_any=97), row("a", 2020, 2, 100, in_any=50)]
    assert protected_shares(rows, 11)[NATION, 2020, 1].flagged["in_any"] is None


def test_a_year_hidden_in_one_centre_is_not_told_by_the_others():
    rows = [row("a", 2020, 1, 5), row("b", 2020, 1, 40), row("c", 2020, 1, 80)]
    shares = protected_shares(rows, 11)
    assert [shares[centre, 2020, 0].tumours for centre in "abc"] == [None, None, 80]


@pytest.mark.parametrize("seed", range(3))
def test_no_small_count_is_told(seed: int):
    rng = np.random.default_rng(seed)
    rows = []
    for centre in ("a", "b", "c"):
        for year in (2018, 2019, 2020):
            for month in range(1, 13):
                tumours = int(rng.integers(0, 40))
                found = {kind: int(rng.integers(0, tumours + 1)) for kind in KINDS}
                rows += [row(centre, year, month, tumours, **found)] if tumours else []
    for share in protected_shares(rows, 11).values():
        for count in (share.tumours, *share.flagged.values()):
            assert count is None or count == 0 or count >= 11


def test_no_tumour_no_share():
    assert protected_shares([], 11) == {}


@pytest.fixture
def warehouse(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Tumours of one centre with a biopsy each, and the tables around them."""
    names = ("dim_delivery", "fct_tumour", "fct_finding", *(f"fct_{entity}" for entity in EVENT_ENTITIES))
    for name in names:
        con.execute(ddl(TABLES[name]))
    con.execute(
        """
        INSERT INTO fct_tumour BY NAME
        SELECT 't' || i AS tumour_id, 'p' AS patient_id, 'a' AS centre_id, true AS is_in_scope,
            true AS is_incident, 1 AS record_count, CASE WHEN i < 60 THEN '2020' END AS period_id,
            DATE '2020-05-10' AS diagnosis_date, CASE WHEN i < 20 THEN 'year' ELSE 'day' END AS diagnosis_date_precision
        FROM range(80) AS rows(i)
        """
    )
    con.execute(
        """
        INSERT INTO fct_biopsy BY NAME
        SELECT 'b' || i AS row_id, 't' || i AS tumour_id, 'p' AS patient_id, 'a' AS centre_id, 'd' AS delivery_id,
            1 AS declaration_count
        FROM range(80) AS rows(i)
        """
    )
    return con


def find(con: duckdb.DuckDBPyConnection, rule: str, severity: str, first: int, end: int) -> None:
    con.execute(
        f"""
        INSERT INTO fct_finding BY NAME
        SELECT '{rule}' || i AS finding_id, '{rule}' AS rule_id, 1 AS rule_version, '{severity}' AS severity,
            'val_biopsy' AS table_name, 'b' || i AS row_id, 'a' AS centre_id, 'd' AS delivery_id, 'f' AS file,
            1 AS line, false AS is_quarantined
        FROM range({first}, {end}) AS rows(i)
        """
    )


def test_the_tumours_of_the_periods_are_counted_by_month(warehouse: duckdb.DuckDBPyConnection):
    shares = read_shares(warehouse, 11)
    assert shares[NATION, 0, 0].tumours == 60
    assert (shares[NATION, 2020, 5].tumours, shares[NATION, 2020, NO_MONTH].tumours) == (40, 20)


def test_a_tumour_counts_once_whatever_its_findings(warehouse: duckdb.DuckDBPyConnection):
    find(warehouse, "BIOPSY-001", "warning", 0, 20)
    find(warehouse, "PATHWAY-001", "warning", 0, 35)
    share = read_shares(warehouse, 11)["a", 0, 0]
    assert share.flagged["in_any"] == 35
    assert share.flagged["in_completeness"] == 20
    assert share.flagged["in_plausibility"] == 35
    assert share.flagged["in_conformance"] == 0


def test_what_is_only_counted_marks_no_tumour(warehouse: duckdb.DuckDBPyConnection):
    find(warehouse, "BIOPSY-001", "info", 0, 35)
    assert read_shares(warehouse, 11)["a", 0, 0].flagged["in_any"] == 0


def test_reading_leaves_nothing_in_the_connection(warehouse: duckdb.DuckDBPyConnection):
    read_shares(warehouse, 11)
    with pytest.raises(duckdb.CatalogException):
        warehouse.execute("SELECT * FROM rule_dimension")


def send(con: duckdb.DuckDBPyConnection, centre: str, *days: dt.date | None) -> None:
    rows = [(f"{centre}{i}", centre, "0" * 64, day) for i, day in enumerate(days)]
    con.executemany(
        "INSERT INTO dim_delivery (delivery_id, centre_id, content_hash, exported_date) VALUES (?, ?, ?, ?)",
        rows,
    )


def test_a_centre_is_as_fresh_as_its_newest_export(warehouse: duckdb.DuckDBPyConnection):
    send(warehouse, "a", dt.date(2020, 6, 1), dt.date(2020, 8, 1))
    found = read_timeliness(warehouse, {"a": 31}, today=dt.date(2020, 9, 1), threshold=11)
    assert found == {
        "a": Timeliness(
            exported=dt.date(2020, 8, 1), days_since=31, is_late=False, delivery_count=2, median_days=83
        )
    }


@pytest.mark.parametrize(("expected", "is_late"), [({"a": 30}, True), ({"a": 31}, False), ({}, False)])
def test_a_centre_is_late_after_the_days_agreed(
    warehouse: duckdb.DuckDBPyConnection, expected: dict[str, int], is_late: bool
):
    send(warehouse, "a", dt.date(2020, 8, 1))
    found = read_timeliness(warehouse, expected, today=dt.date(2020, 9, 1), threshold=11)
    assert found["a"].is_late is is_late


def test_the_delay_of_few_recent_tumours_is_not_told(warehouse: duckdb.DuckDBPyConnection):
    send(warehouse, "a", dt.date(2020, 8, 1))
    assert read_timeliness(warehouse, {}, today=DAY, threshold=81)["a"].median_days is None


def test_old_diagnoses_say_nothing_of_the_delay(warehouse: duckdb.DuckDBPyConnection):
    send(warehouse, "a", dt.date(2024, 8, 1))
    assert read_timeliness(warehouse, {}, today=DAY, threshold=11)["a"].median_days is None


def test_a_centre_that_declares_no_day_has_no_age(warehouse: duckdb.DuckDBPyConnection):
    send(warehouse, "b", None)
    found = read_timeliness(warehouse, {"b": 1}, today=DAY, threshold=11)["b"]
    assert found == Timeliness(delivery_count=1)
