"""The interval that SQL computes, against statsmodels and against printed values."""

import duckdb
import pytest
from statsmodels.stats.proportion import proportion_confint

from pipelines.io.share import read_sql
from validations.contracts.derive import ddl
from validations.contracts.tables import TABLES

Interval = tuple[float, float]


def intervals(counts: list[tuple[int, int, int]]) -> dict[tuple[int, int, int], tuple[Interval, Interval]]:
    """(achieved, not achieved, missing) → the interval of all and of the known, from `ind_conformity.sql`."""
    with duckdb.connect() as con:
        con.execute(ddl(TABLES["fct_indicator"]))
        con.execute(
            "CREATE TABLE src_indicator (indicator_id VARCHAR, period_id VARCHAR, published_percent DOUBLE)"
        )
        con.execute("CREATE TABLE counted (k INTEGER, n INTEGER, u INTEGER)")
        con.executemany("INSERT INTO counted VALUES (?, ?, ?)", counts)
        con.execute("""
            INSERT INTO fct_indicator (indicator_id, tumour_id, period_id, centre_id, is_achieved)
            SELECT k || ',' || n || ',' || u, i, 'p', 'c', CASE WHEN i < k THEN TRUE WHEN i < k + n THEN FALSE END
            FROM counted, range(2000) AS r(i) WHERE i < k + n + u
        """)
        found = con.execute(f"""
            SELECT indicator_id, percent_all_low, percent_all_high, percent_known_low, percent_known_high
            FROM ({read_sql("warehouse", "ind_conformity.sql")}) WHERE group_kind = 'centre'
        """).fetchall()
    return {tuple(int(c) for c in row[0].split(",")): ((row[1], row[2]), (row[3], row[4])) for row in found}


def statsmodels(k: int, n: int) -> Interval:
    low, high = proportion_confint(k, n, method="wilson")
    return 100 * low, 100 * high


def test_it_equals_statsmodels_for_every_small_count_and_some_large_ones():
    small = [(k, n, u) for k in range(8) for n in range(8) for u in (0, 1, 5) if k + n]
    counts = [*small, (1, 900, 3), (900, 1, 0), (446, 555, 120), (333, 333, 333)]
    for (k, n, u), (of_all, of_known) in intervals(counts).items():
        assert of_all == pytest.approx(statsmodels(k, k + n + u), abs=1e-9)
        assert of_known == pytest.approx(statsmodels(k, k + n), abs=1e-9)


@pytest.mark.parametrize(
    ("k", "n", "low", "high"),
    [
        (8, 10, 49.0162, 94.3318),
        (0, 20, 0, 16.1125),
        (15, 26, 38.9486, 74.4556),
        (120, 150, 72.8859, 85.6159),
    ],
)
def test_it_equals_the_printed_values(k: int, n: int, low: float, high: float):
    of_all, _ = intervals([(k, n - k, 0)])[k, n - k, 0]
    assert of_all == pytest.approx((low, high), abs=1e-4)


def test_it_stays_within_0_and_100_percent():
    for of_all, of_known in intervals([(0, 7, 0), (7, 0, 0), (0, 3, 4), (3, 0, 4)]).values():
        assert all(0 <= low <= high <= 100 for low, high in (of_all, of_known))
