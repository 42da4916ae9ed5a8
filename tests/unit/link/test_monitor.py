"""The figures of a linkage, each countable by hand."""

import pytest

from pipelines.io.linkage_model import load_model
from pipelines.link.monitor import write_monitor
from pipelines.link.score import no_weights
from pipelines.link.step import link
from tests.conftest import KEY
from tests.tables import parse, rows
from tests.unit.link.people import people
from validations.contracts.derive import arrow_schema
from validations.contracts.tables import TABLES

MODEL = load_model("fr-2026-2")  # links from 5 bits, weights capped at 20
UNTRAITED = MODEL.model_copy(update={"settings": {"comparisons": []}})
#: Seven records of three centres, and the person (smallest record) of each.
RECORDS = """
    no | centre | founder
    1  | a      | 1
    2  | a      | 1
    3  | b      | 1
    4  | b      | 4
    5  | c      | 4
    6  | a      | 6
    7  | b      | 7
"""
JUDGED = """
    l | r | weight | veto_reason | must_reason
    1 | 2 | 25.0   | -           | traits
    1 | 3 | 6.0    | -           | -
    2 | 3 | -1.0   | -           | -
    4 | 5 | 7.0    | -           | -
    6 | 7 | 3.0    | -           | -
    3 | 6 | -12.0  | -           | -
    5 | 7 | 11.0   | CL5         | -
"""
ASKED = """
    l | r | reason
    6 | 7 | weight
    7 | 7 | two_ins
"""
NOTHING = "l | r | weight | veto_reason | must_reason"
NO_QUESTION = "l | r | reason"


def made(con, records=RECORDS, judged=JUDGED, asked=ASKED):
    """`lnk_monitor` of records, their persons, their judged pairs and the questions."""
    con.execute(
        "CREATE TABLE link_key (record_no BIGINT, centre_id VARCHAR, local_patient_id VARCHAR)"
    ).fetchall()
    con.execute("CREATE TABLE link_member (record_no BIGINT, founder BIGINT)").fetchall()
    con.execute("CREATE TABLE link_candidate (l BIGINT, r BIGINT)").fetchall()
    con.execute("INSERT INTO link_candidate VALUES (1, 2), (1, 3), (4, 7)").fetchall()
    con.execute(
        "CREATE TABLE link_judged (l BIGINT, r BIGINT, weight DOUBLE, veto_reason VARCHAR, must_reason VARCHAR, "
        "veto INTEGER)"
    ).fetchall()
    con.execute(
        "CREATE TABLE lnk_review (centre_id_l VARCHAR, local_patient_id_l VARCHAR, centre_id_r VARCHAR, "
        "local_patient_id_r VARCHAR, review_reason VARCHAR)"
    ).fetchall()
    for row in parse(records):
        con.execute(
            "INSERT INTO link_key VALUES ($no, $centre, 'p' || $no)", {k: row[k] for k in ("no", "centre")}
        )
        con.execute("INSERT INTO link_member VALUES ($no, $founder)", {k: row[k] for k in ("no", "founder")})
    for row in parse(judged):
        veto = int(row["veto_reason"] is not None)
        con.execute(
            "INSERT INTO link_judged VALUES ($l, $r, $weight, $veto_reason, $must_reason, $veto)",
            {**row, "veto": veto},
        ).fetchall()
    for row in parse(asked):
        con.execute(
            "INSERT INTO lnk_review SELECT a.centre_id, a.local_patient_id, b.centre_id, b.local_patient_id, $reason "
            "FROM link_key AS a, link_key AS b WHERE a.record_no = $l AND b.record_no = $r", row,
        ).fetchall()  # fmt: skip
    write_monitor(con, UNTRAITED)


def figures(con, measure, group="all"):
    """subject, category → n, N of a measure."""
    found = rows(
        con,
        "SELECT subject, category, item_count, total_count FROM lnk_monitor "
        f"WHERE measure = '{measure}' AND group_id = '{group}' ORDER BY subject, category_rank",
    )
    return {(subject, category): (n, whole) for subject, category, n, whole in found}


@pytest.mark.parametrize(
    ("measure", "expected"),
    [
        ("pair_compared", {("pair", "candidate"): (3, 3)}),
        ("pair_decision", {("pair", "link"): (4, 7), ("pair", "review"): (1, 7), ("pair", "apart"): (2, 7)}),
        ("pair_reason", {
            ("apart", "CL5"): (1, 2), ("apart", "weight"): (1, 2),
            ("link", "group"): (1, 4), ("link", "traits"): (1, 4), ("link", "weight"): (2, 4),
            ("review", "weight"): (1, 1)}),
        ("pair_weight", {
            ("apart", "-10"): (1, 2), ("apart", "10"): (1, 2),
            ("link", "-5"): (1, 4), ("link", "5"): (2, 4), ("link", "25"): (1, 4), ("review", "0"): (1, 1)}),
        ("person_size", {
            ("person", "1"): (2, 4), ("person", "2"): (1, 4), ("person", "3"): (1, 4), ("person", "4"): (0, 4),
            ("person", "5+"): (0, 4)}),
        ("person_largest", {("person", "largest"): (3, 7)}),
        # 1-2-3 hangs by (20 + 6 - 1) / 3 = 8.3 bits, 4-5 by 7: within 3 bits of 5
        ("person_check", {
            ("person", "same_centre"): (1, 2), ("person", "below_threshold"): (0, 2),
            ("person", "near_threshold"): (1, 2)}),
        ("question_reason", {("question", "two_ins"): (1, 2), ("question", "weight"): (1, 2)}),
        ("record_check", {
            ("record", "same_centre"): (2, 7), ("record", "other_centre"): (5, 7), ("record", "in_review"): (2, 7)}),
    ],
)  # fmt: skip
def test_a_figure_of_the_network(con, measure, expected):
    made(con)
    assert figures(con, measure) == expected


@pytest.mark.parametrize(
    ("centre", "same_centre", "other_centre", "in_review"),
    [("a", (2, 3), (2, 3), (1, 3)), ("b", (0, 3), (2, 3), (1, 3)), ("c", (0, 1), (1, 1), (0, 1))],
)
def test_a_centre_counts_its_own_records(con, centre, same_centre, other_centre, in_review):
    made(con)
    assert figures(con, "record_check", centre) == {
        ("record", "same_centre"): same_centre,
        ("record", "other_centre"): other_centre,
        ("record", "in_review"): in_review,
    }


def test_the_mean_weight_of_each_decision_is_of_the_weighed_pairs(con):
    judged = JUDGED + "\n    3 | 7 | - | CL1 | -"
    made(con, judged=judged)
    found = rows(con, "SELECT subject, item_count, total_count, measured_value FROM lnk_monitor "
                      "WHERE measure = 'pair_mean_weight' ORDER BY subject")  # fmt: skip
    assert found == [("apart", 2, 3, -0.5), ("link", 4, 4, 9.25), ("review", 1, 1, 3.0)]
    assert figures(con, "pair_weight")["apart", "none"] == (1, 3)


@pytest.mark.parametrize(
    ("why", "weights", "below", "near"),
    [
        ("at the threshold", (5.0,), 0, 1),
        ("just under what is near", (7.999,), 0, 1),
        ("no longer near", (8.0,), 0, 0),
        ("held together by a must alone", (None,), 0, 0),
        ("a must of which the others disagree", (None, -9.0, -9.0), 1, 0),
    ],
)
def test_a_person_near_the_threshold(con, why, weights, below, near):
    pairs = [(1, 2), (1, 3), (2, 3)]
    lines = [
        f"{left} | {right} | {'-' if weight is None else weight} | - | {'traits' if weight is None else '-'}"
        for (left, right), weight in zip(pairs, weights, strict=False)
    ]
    records = "no | centre | founder\n1 | a | 1\n2 | b | 1" + ("\n3 | c | 1" if len(weights) == 3 else "")
    made(con, records, "\n".join([NOTHING, *lines]), NO_QUESTION)
    found = figures(con, "person_check")
    assert (found["person", "below_threshold"], found["person", "near_threshold"]) == (
        (below, 1),
        (near, 1),
    ), why


def test_five_records_and_more_are_one_class(con):
    records = "no | centre | founder\n" + "\n".join(f"{no} | a | {1 if no < 7 else 7}" for no in range(1, 12))
    made(con, records, NOTHING, NO_QUESTION)
    assert figures(con, "person_size")["person", "5+"] == (2, 2)
    assert figures(con, "person_largest") == {("person", "largest"): (6, 11)}


@pytest.mark.parametrize(
    ("weight", "category"),
    [
        (-40, "-10"),
        (-5.01, "-10"),
        (-5, "-5"),
        (-0.01, "-5"),
        (0, "0"),
        (4.99, "0"),
        (29.9, "25"),
        (55, "30"),
    ],
)
def test_the_bin_of_a_weight(con, weight, category):
    made(con, judged=f"{NOTHING}\n4 | 5 | {weight} | - | -", asked=NO_QUESTION)
    assert figures(con, "pair_weight") == {("link", category): (1, 1)}


def test_nothing_is_linked(con):
    made(con, "no | centre | founder\n1 | a | 1\n2 | b | 2", NOTHING, NO_QUESTION)
    assert figures(con, "pair_decision") == {("pair", name): (0, 0) for name in ("link", "review", "apart")}
    assert figures(con, "person_size")["person", "1"] == (2, 2)
    assert set(figures(con, "record_check").values()) == {(0, 2)}
    for measure in (
        "pair_reason",
        "pair_weight",
        "pair_mean_weight",
        "person_check",
        "question_reason",
        "trait_drift",
    ):
        assert figures(con, measure) == {}, measure


def test_there_is_nobody(con):
    made(con, "no | centre | founder", NOTHING, NO_QUESTION)
    assert figures(con, "record_check") == {}
    assert figures(con, "person_largest") == {("person", "largest"): (0, 0)}


TWINS = """
    centre | patient | name   | first | sex | born       | place   | home
    a      | x       | DURAND | Anne  | F   | 1950-05-17 | "35006" | "35006"
    b      | y       | DURAND | Anne  | F   | 1950-05-17 | "35006" | "35006"
    c      | z       | MOREL  | Paul  | M   | 1961-01-02 | "69001" | "69001"
"""


@pytest.mark.parametrize("scorer", [None, no_weights])
def test_a_night_writes_its_figures_as_the_contract_says(con, scorer):
    people(con, TWINS)
    link(con, model=MODEL, key=KEY, **({"scorer": scorer} if scorer else {}))
    schema, made_of = arrow_schema(TABLES["lnk_monitor"]), con.table("lnk_monitor").to_arrow_table().schema
    assert (made_of.names, made_of.types) == (schema.names, schema.types)
    assert figures(con, "pair_reason") == {("link", "traits"): (1, 1)}
    assert figures(con, "person_size")["person", "2"] == (1, 2)
    assert figures(con, "trait_level")["birth_name", "exact"] == (1, 1)
    twice = "SELECT group_kind, group_id, measure, subject, category FROM lnk_monitor GROUP BY ALL HAVING count(*) > 1"
    assert rows(con, twice) == []


def test_no_figure_names_a_record(con):
    people(con, TWINS)
    link(con, model=MODEL, key=KEY)
    texts = {cell for row in rows(con, "FROM lnk_monitor") for cell in row if isinstance(cell, str)}
    identities = {
        "x",
        "y",
        "z",
        "DURAND",
        "Anne",
        "35006",
        *(i for (i,) in rows(con, "SELECT person_id FROM lnk_person")),
    }
    assert texts & identities == set()
