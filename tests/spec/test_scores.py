"""The scores of a run against the truth, counted by hand on five people.

p1 is found whole; p2 is split into two persons; p3 and p4 are merged into one; p5 has one record that was set aside.
"""

from collections.abc import Mapping
from typing import Any

import duckdb
import pytest

from pipelines.io.share import read_sql
from pipelines.scores import IndicatorDifference, Scores, compare
from tests.tables import parse, rows

RECORDS = """
    centre_id | local_patient_id | person_key
    a         | 1                | p1
    b         | 1                | p1
    c         | 1                | p1
    a         | 2                | p2
    b         | 2                | p2
    a         | 3                | p3
    b         | 4                | p4
    a         | 5                | p5
    b         | 5                | p5
"""
LINKED = """
    centre_id | local_patient_id | person_id
    a         | 1                | x1
    b         | 1                | x1
    c         | 1                | x1
    a         | 2                | x2
    b         | 2                | x3
    a         | 3                | x4
    b         | 4                | x4
    a         | 5                | x5
"""
LOCAL_TUMOURS = """
    centre_id | local_patient_id | local_tumour_id | tumour_key
    a         | 1                | "1"             | t1
    b         | 1                | "1"             | t1
    c         | 1                | "1"             | t1
    a         | 2                | "1"             | t2
    b         | 2                | "1"             | t2
    a         | 3                | "1"             | t3
    b         | 4                | "1"             | t4
    a         | 5                | "1"             | t5
    b         | 5                | "1"             | t5
    c         | 6                | "1"             | t6
"""
FOUND_TUMOURS = """
    centre_id | local_patient_id | local_tumour_id | tumour_id
    a         | 1                | "1"             | f1
    b         | 1                | "1"             | f1
    c         | 1                | "1"             | f1
    a         | 2                | "1"             | f2
    b         | 2                | "1"             | f3
    a         | 3                | "1"             | f4
    b         | 4                | "1"             | f4
    a         | 5                | "1"             | f5
"""
TRUE_CODES = """
    tumour_key | morphology | topography
    t1         | 8890/3     | C49.2
    t2         | 8936/3     | C16.9
    t3         | 8850/3     | C48.0
    t4         | 8850/3     | C49.2
    t5         | 8890/3     | C49.1
    t6         | 8890/3     | C49.1
"""
FOUND_CODES = """
    tumour_id | morphology | topography
    f1        | 8890/3     | C49.2
    f2        | 8936/3     | C16.2
    f3        | 8936/3     | C16.9
    f4        | 8850/3     | C48.0
    f5        | -          | C49.1
    f9        | 8850/3     | C48.0
"""
TRUE_ANSWERS = """
    tumour_key | indicator_id | period_id | is_achieved
    t1         | biopsy       | late      | true
    t2         | biopsy       | late      | true
    t3         | biopsy       | late      | false
    t4         | biopsy       | late      | true
    t5         | biopsy       | early     | -
    t6         | biopsy       | early     | true
    t1         | margin       | late      | true
    t2         | margin       | late      | -
"""
FOUND_ANSWERS = """
    tumour_id | indicator_id | period_id | is_achieved
    f1        | biopsy       | late      | true
    f2        | biopsy       | late      | -
    f3        | biopsy       | late      | true
    f4        | biopsy       | late      | true
    f5        | biopsy       | early     | false
    f1        | margin       | early     | true
    f2        | margin       | late      | -
"""
EVERYTHING = {
    "truth_record": RECORDS,
    "lnk_record": LINKED,
    "truth_local_tumour": LOCAL_TUMOURS,
    "lnk_tumour": FOUND_TUMOURS,
    "truth_tumour": TRUE_CODES,
    "har_tumour": FOUND_CODES,
    "truth_indicator": TRUE_ANSWERS,
    "fct_indicator": FOUND_ANSWERS,
}
TYPES = {"is_achieved": "BOOLEAN"}


def given(con: duckdb.DuckDBPyConnection, tables: Mapping[str, str]) -> None:
    """Create each table from its text; every column is text but the answers."""
    for name, text in tables.items():
        names = [column.strip() for column in head(text).split("|")]
        columns = ", ".join(f"{column} {TYPES.get(column, 'VARCHAR')}" for column in names)
        con.execute(f"CREATE TABLE {name} ({columns})")
        for row in parse(text):
            con.execute(f"INSERT INTO {name} VALUES ({', '.join('?' for _ in names)})", list(row.values()))


@pytest.fixture
def scores(con: duckdb.DuckDBPyConnection) -> Scores:
    given(con, EVERYTHING)
    return compare(con)


def head(text: str) -> str:
    """The header of a table without its rows."""
    return text.strip().splitlines()[0]


# --- people ---


def link(con: duckdb.DuckDBPyConnection, truth: str, found: str) -> tuple[Any, ...]:
    given(con, {"truth_record": truth, "lnk_record": found})
    [counts] = rows(con, read_sql("scores", "link.sql"))
    return counts


def test_pairs_of_the_five_people(con: duckdb.DuckDBPyConnection):
    """True pairs: 3 + 1 + 0 + 0 + 1; found pairs: 3 of x1 and 1 of x4; right: the 3 of p1."""
    right, found, true, people_found, people_true = link(con, RECORDS, LINKED)
    assert (right, found, true) == (3, 4, 5)
    assert (people_found, people_true) == (5, 5)


def test_precision_and_recall_are_shares_of_pairs(scores: Scores):
    assert (scores.link_precision, scores.link_recall) == (3 / 4, 3 / 5)


@pytest.mark.parametrize(
    ("persons", "expected"),
    [
        ("x x x", (3, 3, 3, 1, 1)),  # whole
        ("x x y", (1, 1, 3, 2, 1)),  # one record apart
        ("x y z", (0, 0, 3, 3, 1)),  # all apart
        ("x x -", (1, 1, 3, 1, 1)),  # one record set aside: its pairs are missed, not false
        ("x - -", (0, 0, 3, 1, 1)),
        ("- - -", (0, 0, 3, 0, 1)),  # two records set aside are not a pair that was found
    ],
)
def test_pairs_of_one_person_with_three_records(
    con: duckdb.DuckDBPyConnection, persons: str, expected: tuple[int, ...]
):
    truth = "centre_id | local_patient_id | person_key\na | 1 | p\nb | 1 | p\nc | 1 | p"
    found = [f"{c} | 1 | {x}" for c, x in zip("abc", persons.split(), strict=True) if x != "-"]
    assert link(con, truth, "\n".join([head(LINKED), *found])) == expected


def test_the_same_local_number_in_two_centres_is_two_records(con: duckdb.DuckDBPyConnection):
    truth = "centre_id | local_patient_id | person_key\na | 1 | p\nb | 1 | q"
    found = "centre_id | local_patient_id | person_id\na | 1 | x\nb | 1 | y"
    assert link(con, truth, found) == (0, 0, 0, 2, 2)


def test_when_there_is_no_pair_nothing_was_missed(con: duckdb.DuckDBPyConnection):
    given(con, {name: head(text) for name, text in EVERYTHING.items()})
    empty = compare(con)
    assert (empty.link_precision, empty.link_recall, empty.people_true) == (1.0, 1.0, 0)
    assert (empty.coding_accuracy, empty.differences) == (0.0, ())


# --- tumours ---


def match(con: duckdb.DuckDBPyConnection, truth: str, found: str) -> list[tuple[Any, ...]]:
    given(con, {"truth_local_tumour": truth, "lnk_tumour": found})
    return rows(con, read_sql("scores", "tumour_match.sql"))


def test_each_tumour_has_one_counterpart(con: duckdb.DuckDBPyConnection):
    assert match(con, LOCAL_TUMOURS, FOUND_TUMOURS) == [
        ("t1", "f1"),
        ("t2", "f2"),  # split evenly: the smaller id; f3 is false
        ("t3", "f4"),  # merged evenly: the smaller key; t4 is lost
        ("t5", "f5"),  # one of its two records was set aside
    ]  # t6 was not found at all


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("f1 f1 f2", [("t1", "f1")]),  # the larger part is the counterpart
        ("f2 f1 f1", [("t1", "f1")]),
        ("f9 f9 f1", [("t1", "f9")]),  # whatever its id
        ("f1 f2 f3", [("t1", "f1")]),
    ],
)
def test_a_split_tumour_has_its_largest_part(
    con: duckdb.DuckDBPyConnection, found: str, expected: list[tuple[str, str]]
):
    truth = [f'{c} | 1 | "1" | t1' for c in "abc"]
    parts = [f'{c} | 1 | "1" | {f}' for c, f in zip("abc", found.split(), strict=True)]
    assert (
        match(con, "\n".join([head(LOCAL_TUMOURS), *truth]), "\n".join([head(FOUND_TUMOURS), *parts]))
        == expected
    )


def test_a_merged_tumour_belongs_to_the_truth_that_gave_more_records(con: duckdb.DuckDBPyConnection):
    truth = [f'{c} | 1 | "1" | {t}' for c, t in zip("abc", ("t1", "t2", "t2"), strict=True)]
    found = [f'{c} | 1 | "1" | f1' for c in "abc"]
    assert match(con, "\n".join([head(LOCAL_TUMOURS), *truth]), "\n".join([head(FOUND_TUMOURS), *found])) == [
        ("t2", "f1")
    ]


def test_two_tumours_of_one_patient_are_matched_apart(con: duckdb.DuckDBPyConnection):
    truth = f'{head(LOCAL_TUMOURS)}\na | 1 | "1" | t1\na | 1 | "2" | t2'
    found = f'{head(FOUND_TUMOURS)}\na | 1 | "1" | f2\na | 1 | "2" | f1'
    assert match(con, truth, found) == [("t1", "f2"), ("t2", "f1")]


# --- diagnoses ---


def test_the_diagnoses_of_the_matched_tumours(scores: Scores):
    """Matched: t1 right, t2 with another topography, t3 right, t5 not coded; f3 and f9 are nobody's counterpart."""
    assert (scores.diagnoses, scores.diagnoses_right, scores.diagnoses_uncoded) == (4, 2, 1)
    assert scores.coding_accuracy == 2 / 3


@pytest.mark.parametrize(
    ("morphology", "topography", "right", "uncoded"),
    [
        ("8890/3", "C49.2", 1, 0),
        ("8890/1", "C49.2", 0, 0),
        ("8890/3", "C49.1", 0, 0),
        ("-", "C49.2", 0, 1),
        ("8890/3", "-", 0, 1),
        ("-", "-", 0, 1),
    ],
)
def test_a_diagnosis_is_right_when_both_codes_are(
    con: duckdb.DuckDBPyConnection, morphology: str, topography: str, right: int, uncoded: int
):
    given(
        con,
        {
            "tumour_match": "tumour_key | tumour_id\nt1 | f1",
            "truth_tumour": TRUE_CODES,
            "har_tumour": f"{head(FOUND_CODES)}\nf1 | {morphology} | {topography}",
        },
    )
    assert rows(con, read_sql("scores", "coding.sql")) == [(1, right, uncoded)]


# --- indicators ---

COLUMNS = ("true_eligible", "true_achieved", "eligible", "achieved", "not_found", "not_true", "answer_lost",
           "answer_changed")  # fmt: skip


def counts(difference: IndicatorDifference) -> tuple[int, ...]:
    return tuple(getattr(difference, name) for name in COLUMNS)


def test_every_difference_has_its_cause(scores: Scores):
    assert {(d.indicator_id, d.period_id): counts(d) for d in scores.differences} == {
        # t1 same; t2 lost its answer; f3 is the other half of t2; t3 changed to that of the merged tumour; t4 lost
        ("biopsy", "late"): (4, 3, 4, 3, 1, 1, 1, 1),
        # t5 was unknown and is answered; t6 was not found
        ("biopsy", "early"): (2, 1, 1, 0, 1, 0, 0, 1),
        # t1 was found in another period: gone from one, false in the other; t2 is unknown on both sides
        ("margin", "late"): (2, 1, 1, 0, 1, 0, 0, 0),
        ("margin", "early"): (0, 0, 1, 1, 0, 1, 0, 0),
    }


def test_the_causes_add_up_to_the_difference(scores: Scores):
    for d in scores.differences:
        assert d.eligible - d.true_eligible == d.not_true - d.not_found


def test_percentages_are_of_all_eligible_tumours(scores: Scores):
    found = {(d.indicator_id, d.period_id): (d.true_percent, d.percent) for d in scores.differences}
    assert found == {
        ("biopsy", "late"): (75.0, 75.0),
        ("biopsy", "early"): (50.0, 0.0),
        ("margin", "late"): (50.0, 0.0),
        ("margin", "early"): (0.0, 100.0),  # nothing eligible in truth is no percentage, not an error
    }


@pytest.mark.parametrize(
    ("true", "found", "lost", "changed"),
    [
        ("true", "true", 0, 0),
        ("false", "false", 0, 0),
        ("-", "-", 0, 0),
        ("true", "false", 0, 1),
        ("false", "true", 0, 1),
        ("true", "-", 1, 0),
        ("false", "-", 1, 0),
        ("-", "true", 0, 1),
        ("-", "false", 0, 1),
    ],
)
def test_an_answer_is_the_same_lost_or_changed(
    con: duckdb.DuckDBPyConnection, true: str, found: str, lost: int, changed: int
):
    given(
        con,
        {
            "tumour_match": "tumour_key | tumour_id\nt1 | f1",
            "truth_indicator": f"{head(TRUE_ANSWERS)}\nt1 | biopsy | late | {true}",
            "fct_indicator": f"{head(FOUND_ANSWERS)}\nf1 | biopsy | late | {found}",
        },
    )
    [one] = rows(con, read_sql("scores", "indicator.sql"))
    assert one[2:] == (1, int(true == "true"), 1, int(found == "true"), 0, 0, lost, changed)


def test_scoring_twice_gives_the_same(con: duckdb.DuckDBPyConnection, scores: Scores):
    assert compare(con) == scores
