"""From the warehouse to the release: what is read, kept and derived before anything is printed."""

import datetime as dt
from collections.abc import Iterator

import duckdb
import numpy as np
import pytest

from pipelines.definitions import load_definitions
from pipelines.io.configuration import load_network
from pipelines.report.order import centres_in_order, ordered_rows
from pipelines.report.read import Release, read_release
from pipelines.report.tabulate import csv_table, tidy
from tests.report_snapshot import INDICATORS, MISSING_CENTRE, fill

NETWORK = load_network("netsarc")
NAMES = ("Évreux", "Albi", "Zuydcoote", "éclair", "Brest", "=Cholet", "Dax", "Fort", "Gap", "Albi")


@pytest.fixture(scope="module")
def warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as con:
        fill(con, NETWORK, np.random.default_rng(3), tumours=6_000, names=NAMES)
        later = "INSERT INTO dim_centre (centre_id, name, valid_from) VALUES ('c04', 'Brest-Ouest', DATE '2018-01-01')"
        con.execute(later)
        yield con


def read(con: duckdb.DuckDBPyConnection, *indicators: str) -> Release:
    sources = {(p.indicator, p.period): p.source for p in NETWORK.published}
    definitions = load_definitions(indicators or INDICATORS)
    return read_release(con, snapshot=4, definitions=definitions, sources=sources, threshold=11)


def test_a_renamed_centre_has_its_latest_name(warehouse: duckdb.DuckDBPyConnection):
    assert read(warehouse).centres["c04"] == "Brest-Ouest"


def test_the_data_cut_is_the_latest_export(warehouse: duckdb.DuckDBPyConnection):
    release = read(warehouse)
    assert release.data_cut == dt.date(2026, 11, 10)
    assert (release.deliveries["delivery_count"], release.deliveries["centre_count"]) == (10, 10)


def test_centres_stand_by_name_then_by_id(warehouse: duckdb.DuckDBPyConnection):
    assert list(centres_in_order(read(warehouse)).items()) == [
        ("c05", "=Cholet"), ("c01", "Albi"), ("c09", "Albi"), ("c04", "Brest-Ouest"), ("c06", "Dax"),
        ("c03", "éclair"), ("c00", "Évreux"), ("c07", "Fort"), ("c08", "Gap"), ("c02", "Zuydcoote"),
    ]  # fmt: skip


def test_rows_stand_by_indicator_kind_group_and_period(warehouse: duckdb.DuckDBPyConnection):
    rows = ordered_rows(read(warehouse))
    assert list(dict.fromkeys(rows["indicator_id"])) == list(INDICATORS)
    first = rows.loc[rows["indicator_id"] == INDICATORS[0], ["group_kind", "group_id", "period_id"]].head(14)
    assert [tuple(row) for row in first.itertuples(index=False)][::3] == [
        ("all", "all", "2010_2012"), ("place", "in_reference", "2010_2012"), ("place", "outside", "2010_2012"),
        ("place", "unknown", "2010_2012"), ("centre", "c05", "2010_2012"),
    ]  # fmt: skip


def test_an_indicator_that_is_not_asked_for_is_not_released(warehouse: duckdb.DuckDBPyConnection):
    assert set(read(warehouse, "biopsy_before_surgery").conformity["indicator_id"]) == {
        "biopsy_before_surgery"
    }


def test_the_unknown_share_and_the_bounds_are_those_of_the_counts(warehouse: duckdb.DuckDBPyConnection):
    rows = read(warehouse).conformity.query("is_missing_shown and is_achieved_shown and eligible_count > 0")
    n, total, unknown = (
        rows[name].astype(float) for name in ("achieved_count", "eligible_count", "missing_count")
    )
    assert rows["percent_missing"].astype(float).tolist() == pytest.approx((100 * unknown / total).tolist())
    assert rows["bound_low"].astype(float).tolist() == pytest.approx((100 * n / total).tolist())
    assert rows["bound_high"].astype(float).tolist() == pytest.approx((100 * (n + unknown) / total).tolist())


def test_a_figure_with_many_unknown_is_doubtful(warehouse: duckdb.DuckDBPyConnection):
    rows = read(warehouse).conformity
    doubtful = rows[rows["is_doubtful"] & (rows["indicator_id"] == "network_rcp_before_surgery")]
    assert set(doubtful.query("group_kind == 'centre'")["group_id"]) == {MISSING_CENTRE}
    assert (rows.loc[rows["is_doubtful"], "percent_missing"] > 20).all()


def test_a_source_is_given_only_beside_a_published_value(warehouse: duckdb.DuckDBPyConnection):
    frame = tidy(read(warehouse))
    assert (frame["published_source"].notna() == frame["published_percent"].notna()).all()
    assert set(frame.loc[frame["published_percent"].notna(), "group_kind"]) == {"all"}


def test_the_csv_neutralises_names_and_rounds_rates_only(warehouse: duckdb.DuckDBPyConnection):
    table = csv_table(tidy(read(warehouse)))
    assert {"'=Cholet", "Évreux"} <= set(table["group_fr"])
    assert (table["percent_all"].dropna() * 1e4 % 1).map(lambda rest: min(rest, 1 - rest)).max() < 1e-6
    assert table["eligible_count"].dtype == "Int64"


def test_findings_and_tumours_are_protected_too(warehouse: duckdb.DuckDBPyConnection):
    release = read(warehouse)
    assert {row["rule_id"]: row["finding_count"] for row in release.findings}["SURGERY-003"] is None
    assert release.tumours == [7_200, 7_200, 6_000, 6_000]
