"""Weights: what is asked of Splink, what it answers, and how one does without."""

import sys

import pytest

from pipelines.io.linkage_model import Prior, load_model
from pipelines.link.score import frequency_columns, match_probability, no_weights, score_pairs, splink_weights
from tests.tables import rows
from tests.unit.link.people import records

MODEL = load_model("fr-2026-2")
PRIOR = Prior(pairs_per_record=0.3, minimum_records=1001, common_value_records=100)


@pytest.mark.parametrize(("records_", "expected"), [(2, 6e-4), (1001, 6e-4), (10001, 6e-5), (1000001, 6e-7)])
def test_prior_follows_the_volume(records_, expected):
    assert match_probability(records_, PRIOR) == pytest.approx(expected)


def test_columns_weighed_by_frequency():
    assert set(frequency_columns(MODEL.settings)) == {"birth_name", "first_name", "birth_place", "residence"}


def weigh(con, identities, wanted, model=MODEL):
    records(con, identities)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE link_wanted AS SELECT * FROM (VALUES {wanted}) AS t(l, r)"
    ).fetchall()
    splink_weights(con, model)
    return {
        (left, right): weight for left, right, weight in rows(con, "SELECT l, r, weight FROM link_weight")
    }


COUPLES = """
    patient | name      | used   | first | sex | born       | place   | home
    1       | GARRIGUES | -      | Anne  | F   | 1950-05-17 | "35006" | "35006"
    2       | GARRIGUES | -      | Anne  | F   | 1950-05-17 | "35006" | "35006"
    3       | GARRIGUES | -      | Anne  | F   | 1950-05-17 | -       | -
    4       | GARRIGUES | -      | Anne  | F   | 1950-01-01 | "35006" | -
    5       | DURAND    | -      | Luc   | M   | 1961-02-11 | "34001" | "34001"
    6       | MARTIN    | GARRIGUES | Anne | F | 1950-05-17 | -       | -
    7       | ANNE      | -      | Garrigues | F | 1950-05-17 | -     | -
"""


def test_weights_rank_as_a_reader_would(con):
    found = weigh(con, COUPLES, "(1, 2), (1, 3), (1, 4), (1, 5), (1, 6), (1, 7)")
    assert found[1, 2] > found[1, 3] > found[1, 6] > MODEL.thresholds.auto_from
    assert found[1, 2] > found[1, 4] > MODEL.thresholds.auto_from
    assert found[1, 7] > MODEL.thresholds.auto_from
    assert found[1, 5] < -20


def test_only_the_wanted_pairs_are_weighed_and_nothing_stays_behind(con):
    assert set(weigh(con, COUPLES, "(2, 3)")) == {(2, 3)}
    assert not [name for (name,) in rows(con, "SHOW TABLES") if "splink" in name]


def test_a_rare_name_weighs_more_than_a_common_one(con):
    crowd = "\n".join(f"{n:04} | MARTIN | Anne | F | 19{n % 90 + 10}-05-17" for n in range(10, 800))
    header = "patient | name | first | sex | born"
    text = f"{header}\n0001 | MARTIN | Anne | F | 1901-03-02\n0002 | MARTIN | Anne | F | 1901-03-02\n" \
        f"0003 | GARRIGUES | Anne | F | 1902-03-02\n0004 | GARRIGUES | Anne | F | 1902-03-02\n{crowd}"  # fmt: skip
    found = weigh(con, text, "(1, 2), (3, 4)")
    assert found[3, 4] > found[1, 2] + 1


def test_threads_and_row_order_change_no_weight(con):
    wanted = [(left, right) for left in range(1, 8) for right in range(left + 1, 8)]
    found = []
    for threads, pairs in ((1, wanted), (2, wanted[::-1])):
        con.execute(f"SET threads = {threads}").fetchall()
        found.append(weigh(con, COUPLES, ", ".join(map(str, pairs))))
    assert found[0] == found[1]


def test_without_weights_nothing_is_weighed(con):
    records(con, COUPLES)
    con.execute("CREATE TEMP TABLE link_wanted AS SELECT 1 AS l, 2 AS r").fetchall()
    no_weights(con, MODEL)
    assert rows(con, "SELECT l, r, weight FROM link_weight") == []


def test_nothing_wanted_asks_no_scorer(con):
    def refuse(con, model):
        raise AssertionError("no pair was wanted")

    records(con, COUPLES)
    for name in ("link_candidate", "link_certain"):
        con.execute(f"CREATE TEMP TABLE {name} (l BIGINT, r BIGINT)").fetchall()
    score_pairs(con, MODEL, refuse)
    assert rows(con, "SELECT l, r, weight FROM link_edge") == []


def test_importing_the_step_does_not_import_splink():
    import subprocess

    code = "import sys, pipelines.link.step; sys.exit('splink' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
