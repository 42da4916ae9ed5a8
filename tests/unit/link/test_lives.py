"""Treated after the death of the other: two patients, whatever else is equal; only days that are certain count."""

import pytest

from pipelines.link.guards import judge_pairs
from pipelines.link.lives import ACTS, FOLLOW_UP, find_lives
from tests.tables import parse, rows
from tests.unit.link.people import records

A = "255081416802538"
ANNE = "MARTIN | Anne | F | 1950-05-17"
ACT = next(iter(ACTS))


def given(con, table, day, text):
    """A table of days: patient, day, precision."""
    con.execute(
        f"CREATE TABLE {table} (centre_id VARCHAR, local_patient_id VARCHAR, {day} DATE, {day}_precision VARCHAR)"
    ).fetchall()
    for row in parse(f"patient | day | precision\n{text}"):
        con.execute(
            f"INSERT INTO {table} VALUES ('a', $patient, $day, $precision)",
            row | {"patient": str(row["patient"])},
        ).fetchall()


def verdict(con, *, death, act, ins="- | -", other="- | -", decision=None):
    """What is said of two records of one name and day: the first died, the second was treated."""
    records(
        con, f"patient | ins | status | name | first | sex | born\n1 | {ins} | {ANNE}\n2 | {other} | {ANNE}"
    )
    given(con, FOLLOW_UP, "death_date", death)
    given(con, ACT, ACTS[ACT], act)
    find_lives(con)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE link_pair AS SELECT 1::BIGINT AS l, 2::BIGINT AS r, 9.0 AS weight"
    ).fetchall()
    if decision:
        con.execute("INSERT INTO link_decision (l, r, verdict) VALUES (1, 2, ?)", [decision]).fetchall()
    judge_pairs(con)
    return rows(con, "SELECT veto_reason, must_reason, veto FROM link_judged")[0]


ASKED, FREE = ("CL7", None, 1), (None, None, 0)


@pytest.mark.parametrize(
    ("why", "death", "act", "expected"),
    [
        ("long after", "1 | 2015-03-01 | day", "2 | 2016-01-10 | day", ASKED),
        ("the other way round", "2 | 2015-03-01 | day", "1 | 2016-01-10 | day", ASKED),
        ("31 days after", "1 | 2015-03-01 | day", "2 | 2015-04-01 | day", ASKED),
        ("30 days after", "1 | 2015-03-01 | day", "2 | 2015-03-31 | day", FREE),
        ("before", "1 | 2015-03-01 | day", "2 | 2014-01-10 | day", FREE),
        ("a death known by its year", "1 | 2015-01-01 | year", "2 | 2016-01-10 | day", FREE),
        ("an act known by its month", "1 | 2015-03-01 | day", "2 | 2016-01-01 | month", FREE),
        ("the last act counts", "1 | 2015-03-01 | day", "2 | 2010-01-10 | day\n2 | 2016-01-10 | day", ASKED),
        ("the first death that is stated counts", "1 | 2015-03-01 | day\n1 | 2020-03-01 | day",
         "2 | 2016-01-10 | day", ASKED),
        ("own acts after the own death are an error of that record", "1 | 2015-03-01 | day",
         "1 | 2016-01-10 | day", FREE),
    ],
)  # fmt: skip
def test_days(con, why, death, act, expected):
    assert verdict(con, death=death, act=act) == expected, why


@pytest.mark.parametrize(
    ("why", "options", "expected"),
    [
        ("equal numbers are one patient with a wrong date", {"ins": f"{A} | QUAL", "other": f"{A} | QUAL"},
         (None, "qualified", 0)),
        ("a human said one person", {"decision": "same"}, (None, "human", 0)),
        ("a human said two", {"decision": "different"}, ("CL2", None, 2)),
    ],
)  # fmt: skip
def test_what_is_surer(con, why, options, expected):
    found = verdict(con, death="1 | 2015-03-01 | day", act="2 | 2016-01-10 | day", **options)
    assert found == expected, why


@pytest.mark.parametrize("table", ACTS)
def test_every_kind_of_act_counts(con, table):
    records(con, "patient | name\n1 | MARTIN")
    given(con, table, ACTS[table], "1 | 2016-01-10 | day")
    find_lives(con)
    assert [str(day) for (day,) in rows(con, "SELECT last_act_date FROM link_life")] == ["2016-01-10"]


def test_without_any_table_nothing_is_known(con):
    records(con, "patient | name\n1 | MARTIN")
    find_lives(con)
    assert rows(con, "FROM link_life") == []
