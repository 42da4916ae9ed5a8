"""Scores against the truth, on partitions small enough to count by hand."""

import pytest

from pipelines.link.evaluate import evaluate
from tests.tables import parse
from tests.unit.link.people import records

#: Two twins, 1-2 and 3, then 4-5 of one person and 6.
IDENTITIES = """
    patient | name   | first | born       | ins             | status
    1       | MARTIN | Anne  | 1950-05-17 | 255081416802538 | QUAL
    2       | MARTIN | Anne  | 1950-05-17 | -               | -
    3       | MARTIN | Zoé   | 1950-05-17 | 184072A00104217 | QUAL
    4       | DURAND | Luc   | 1961-02-11 | -               | -
    5       | DURAND | Luc   | 1961-02-11 | -               | -
    6       | PETIT  | Paul  | 1971-02-11 | -               | -
"""
TRUTH = {"1": "p", "2": "p", "3": "q", "4": "r", "5": "r", "6": "s"}


def scores(con, found, review="l | r", compared="l | r"):
    """Scores of the partition `found`: one letter per record 1 to 6, `-` for a record that was set aside."""
    records(con, IDENTITIES)
    con.execute("CREATE TEMP TABLE link_certain (l BIGINT, r BIGINT)").fetchall()
    con.execute("CREATE TEMP TABLE link_candidate (l BIGINT, r BIGINT)").fetchall()
    for row in parse(compared):
        con.execute("INSERT INTO link_candidate VALUES ($l, $r)", row).fetchall()
    con.execute(
        "CREATE TABLE truth_record (centre_id VARCHAR, local_patient_id VARCHAR, person_key VARCHAR)"
    ).fetchall()
    con.executemany("INSERT INTO truth_record VALUES ('a', ?, ?)", list(TRUTH.items())).fetchall()
    con.execute(
        "CREATE TABLE lnk_record (centre_id VARCHAR, local_patient_id VARCHAR, person_id VARCHAR)"
    ).fetchall()
    linked = [(str(n), letter) for n, letter in enumerate(found, start=1) if letter != "-"]
    con.executemany("INSERT INTO lnk_record VALUES ('a', ?, ?)", linked).fetchall()
    con.execute("CREATE TABLE lnk_review AS SELECT 'a' AS centre_id_l, '' AS local_patient_id_l, 'a' AS centre_id_r, "
                "'' AS local_patient_id_r WHERE FALSE").fetchall()  # fmt: skip
    for row in parse(review):
        con.execute(
            "INSERT INTO lnk_review VALUES ('a', ?, 'a', ?)", [str(row["l"]), str(row["r"])]
        ).fetchall()
    return evaluate(con)


@pytest.mark.parametrize(
    ("why", "found", "precision", "recall", "b3_precision", "b3_recall"),
    [
        ("exact", "ppqrrs", 1.0, 1.0, 1.0, 1.0),
        ("nothing linked", "abcdef", 1.0, 0.0, 1.0, 4 / 6),
        ("all in one", "zzzzzz", 2 / 15, 1.0, (4 * 2 / 6 + 2 / 6) / 6, 1.0),
        ("twins joined", "pppsst", 0.5, 1.0, (2 * 2 / 3 + 1 / 3 + 3) / 6, 1.0),
        ("one couple missed", "ppqrts", 1.0, 0.5, 1.0, 5 / 6),
        ("a record set aside is a miss", "p-qrrs", 1.0, 0.5, 1.0, 5 / 6),
    ],
)
def test_scores(con, why, found, precision, recall, b3_precision, b3_recall):
    made = scores(con, found)
    assert (made.precision, made.recall) == pytest.approx((precision, recall)), why
    assert (made.b3_precision, made.b3_recall) == pytest.approx((b3_precision, b3_recall)), why
    assert made.true_pairs == 2


@pytest.mark.parametrize(
    ("found", "apart", "two_ins"), [("ppqrrs", 1.0, 0), ("pppsst", 0.0, 1), ("papbcd", 0.0, 1)]
)
def test_twins_and_numbers(con, found, apart, two_ins):
    made = scores(con, found)
    assert (made.twin_pairs, made.twins_apart, made.persons_with_two_ins) == (1, apart, two_ins)


@pytest.mark.parametrize(
    ("review", "recall", "share"),
    [
        ("l | r", 0.5, 0.0),
        ("l | r\n4 | 5", 1.0, 2 / 6),
        ("l | r\n1 | 3", 0.5, 2 / 6),
        ("l | r\n4 | 5\n4 | 6", 1.0, 3 / 6),
    ],
)
def test_review(con, review, recall, share):
    made = scores(con, "ppqrts", review)
    assert (made.recall_after_review, made.reviewed_share) == pytest.approx((recall, share))


@pytest.mark.parametrize(
    ("compared", "share"),
    [("l | r", 0.0), ("l | r\n1 | 2", 0.5), ("l | r\n1 | 2\n4 | 5", 1.0), ("l | r\n1 | 3\n4 | 6", 0.0)],
)
def test_blocking(con, compared, share):
    """The true pairs are 1-2 and 4-5."""
    assert scores(con, "ppqrrs", compared=compared).blocking_recall == share
