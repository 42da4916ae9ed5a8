"""Which pairs are shown to a human, and why."""

import pytest

from pipelines.io.linkage_model import Thresholds
from pipelines.link.review import write_review
from tests.tables import parse, rows

THRESHOLDS = Thresholds(component_from=-2, review_from=0, auto_from=4, ambiguity_margin=4, weight_cap=20)


def asked(con, judged, founders=(1, 2, 3, 4), two_ins=()):
    """`lnk_review` of judged pairs l | r | weight | reason, with the person of each of four records."""
    con.execute("CREATE TABLE link_key AS SELECT range AS record_no, 'a' AS centre_id, "
                "'p' || range AS local_patient_id FROM range(1, 5)").fetchall()  # fmt: skip
    con.execute("CREATE TABLE link_member (record_no BIGINT, founder BIGINT)").fetchall()
    con.executemany("INSERT INTO link_member VALUES (?, ?)", list(enumerate(founders, start=1))).fetchall()
    con.execute("CREATE TABLE link_identity AS SELECT record_no, list_contains(?::BIGINT[], record_no) AS has_two_ins "
                "FROM link_key", [list(two_ins)]).fetchall()  # fmt: skip
    con.execute(
        "CREATE TABLE link_judged (l BIGINT, r BIGINT, weight DOUBLE, veto_reason VARCHAR, veto INTEGER, "
        "must_reason VARCHAR)"
    ).fetchall()
    for row in parse(judged):
        veto = {None: 0, "CL1": 2}.get(row["reason"], 1)
        con.execute(
            "INSERT INTO link_judged VALUES ($l, $r, $weight, $reason, $veto, NULL)", {**row, "veto": veto}
        ).fetchall()
    write_review(con, THRESHOLDS)
    return rows(
        con, "SELECT local_patient_id_l, local_patient_id_r, review_reason, match_weight FROM lnk_review"
    )


HEADER = "l | r | weight | reason"


@pytest.mark.parametrize(
    ("why", "pair", "expected"),
    [
        ("too light to ask", "1 | 2 | -0.1 | -", []),
        ("likely but not sure", "1 | 2 | 0 | -", [("p1", "p2", "weight", 0.0)]),
        ("sure but vetoed", "1 | 2 | 15 | CL5", [("p1", "p2", "CL5", 15.0)]),
        ("vetoed and unlikely", "1 | 2 | -3 | CL5", []),
        (
            "sure, allowed, yet apart: another record forbids it",
            "1 | 2 | 15 | -",
            [("p1", "p2", "conflict", 15.0)],
        ),
        ("final: nothing to ask", "1 | 2 | 15 | CL1", []),
        ("one number, two people, whatever the weight", "1 | 2 | -15 | ML2", [("p1", "p2", "ML2", -15.0)]),
        ("one number, two people, not weighed", "1 | 2 | - | ML2", [("p1", "p2", "ML2", None)]),
        ("not weighed", "1 | 2 | - | -", []),
    ],
)
def test_reason(con, why, pair, expected):
    assert asked(con, f"{HEADER}\n{pair}") == expected, why


def test_records_of_one_person_are_not_asked(con):
    assert asked(con, f"{HEADER}\n1 | 2 | 2 | -", founders=(1, 1, 3, 4)) == []


def test_one_question_for_two_persons_the_heaviest(con):
    judged = f"{HEADER}\n1 | 3 | 2 | -\n2 | 3 | 9 | CL5\n1 | 4 | 1 | -\n2 | 4 | 1 | -"
    assert asked(con, judged, founders=(1, 1, 3, 4)) == [
        ("p1", "p4", "weight", 1.0),
        ("p2", "p3", "CL5", 9.0),
    ]


def test_a_record_with_two_numbers_is_paired_with_itself(con):
    assert asked(con, HEADER, two_ins=[3]) == [("p3", "p3", "two_ins", None)]
