"""Around the clusters: which pairs blocking leaves out, which question stands for many, which value wins a vote."""

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.errors import ConfigError
from pipelines.io.linkage_model import Thresholds
from pipelines.link.block import pair_candidates
from pipelines.link.review import write_review
from pipelines.link.standardise import create_macros
from pipelines.link.survive import elect
from tests.tables import parse, rows
from tests.unit.link.people import records

NUMBERS = ("255081416802538", "184072A00104217", "184072B00104244")
THRESHOLDS = Thresholds(component_from=-2, review_from=0, auto_from=4, ambiguity_margin=4, weight_cap=20)


def candidates(con, identities, *rules, most=400, others=()):
    records(con, identities)
    pair_candidates(con, rules, records_per_block=most, others=others)
    return rows(con, "SELECT l, r FROM link_candidate")


CROWD = """
    patient | name          | used   | first      | born       | home
    1       | MARTIN        | -      | Anne Lucie | 1950-05-17 | "35006"
    2       | MARTIN        | -      | Lucie      | 1950-05-17 | "35007"
    3       | LEROUX MARTIN | -      | Paul       | 1961-02-11 | "34001"
    4       | GARNIER       | MARTIN | Anne       | 1961-02-11 | -
    5       | -             | -      | -          | 1950-05-17 | "35006"
"""


@pytest.mark.parametrize(
    ("why", "rules", "expected"),
    [
        ("one column", [("birth_name",)], [(1, 2)]),
        ("a missing value agrees with nothing", [("residence_department",)], [(1, 2), (1, 5), (2, 5)]),
        ("both columns at once", [("birth_name", "residence")], []),
        ("either of two rules", [("birth_name",), ("residence",)], [(1, 2), (1, 5)]),
        ("a pair of two rules counts once", [("birth_name",), ("birth_name", "birth_date")], [(1, 2)]),
        ("any of the first names", [("first_names",)], [(1, 2), (1, 4)]),
        ("any form of the name", [("name_forms",)], [(1, 2), (1, 4), (2, 4)]),
        ("any word of the name", [("name_words",)], [(1, 2), (1, 3), (1, 4), (2, 3), (2, 4), (3, 4)]),
        ("a word of the name and a day", [("name_words", "birth_date")], [(1, 2), (3, 4)]),
        ("two lists at once", [("name_words", "first_names")], [(1, 2), (1, 4)]),
        ("two columns never agree with one another", [("birth_name",), ("used_name",)], [(1, 2)]),
    ],
)
def test_which_pairs_a_rule_finds(con, why, rules, expected):
    assert candidates(con, CROWD, *rules) == expected, why


@pytest.mark.parametrize(
    ("why", "size", "most", "found"),
    [
        ("alone in a block", 1, 9, 0),
        ("two in a block of two", 2, 2, 1),
        ("one too many", 3, 2, 0),
        ("as many as may be", 6, 6, 15),
        ("one too many again", 7, 6, 0),
    ],
)
def test_how_many_make_a_block(con, why, size, most, found):
    same = "\n".join(f"{n} | MARTIN" for n in range(1, size + 1))
    assert len(candidates(con, f"patient | name\n{same}", ("birth_name",), most=most)) == found, why


def test_a_block_too_large_for_one_rule_does_not_close_the_other(con):
    lines = "\n".join(f"{n} | MARTIN | {'1950-05-17' if n < 3 else f'196{n}-02-11'}" for n in range(1, 6))
    identities = f"patient | name | born\n{lines}"
    assert candidates(con, identities, ("birth_name",), ("birth_name", "birth_date"), most=4) == [(1, 2)]


def test_a_list_that_repeats_a_word_does_not_fill_its_block(con):
    identities = "patient | name | used\n1 | MARTIN | MARTIN MARTIN\n2 | MARTIN | -"
    assert candidates(con, identities, ("name_words",), most=2) == [(1, 2)]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (("QUAL", "QUAL", "QUAL"), []),
        (("QUAL", "QUAL", "RECUP"), [(1, 3), (2, 3)]),
        (("QUAL", "RECUP", "PROV"), [(1, 2), (1, 3), (2, 3)]),
    ],
)
def test_two_qualified_numbers_have_decided(con, statuses, expected):
    lines = [f"{n + 1} | MARTIN | {NUMBERS[n]} | {status}" for n, status in enumerate(statuses)]
    identities = "\n".join(["patient | name | ins | status", *lines])
    assert candidates(con, identities, ("birth_name",)) == expected


@pytest.mark.parametrize("name", ["patient_id", "birth_name; DROP TABLE link_record", "BIRTH_NAME", ""])
def test_a_rule_names_only_known_columns(con, name):
    with pytest.raises(ConfigError, match="unknown columns"):
        candidates(con, CROWD, ("birth_name", name))


def test_a_column_of_its_own_must_be_announced(con):
    records(con, CROWD)
    con.execute("ALTER TABLE link_record ADD COLUMN ward VARCHAR DEFAULT 'w'").fetchall()
    with pytest.raises(ConfigError, match="ward"):
        pair_candidates(con, (("ward",),), records_per_block=9)
    pair_candidates(con, (("ward", "birth_date"),), records_per_block=9, others=("ward",))
    assert rows(con, "SELECT l, r FROM link_candidate") == [(1, 2), (1, 5), (2, 5), (3, 4)]


def asked(con, judged, founders):
    """`lnk_review` of judged pairs l | r | weight | reason."""
    con.execute("CREATE OR REPLACE TABLE link_key AS SELECT unnest(range(1, len(?) + 1)) AS record_no, "
                "'a' AS centre_id, 'p' || record_no AS local_patient_id", [founders]).fetchall()  # fmt: skip
    con.execute(
        "CREATE OR REPLACE TABLE link_member AS SELECT record_no, ?[record_no] AS founder FROM link_key",
        [founders],
    ).fetchall()
    con.execute(
        "CREATE OR REPLACE TABLE link_identity AS SELECT record_no, FALSE AS has_two_ins FROM link_key"
    ).fetchall()
    con.execute("CREATE OR REPLACE TABLE link_judged (l INTEGER, r INTEGER, weight DOUBLE, veto_reason VARCHAR, "
                "veto INTEGER, must_reason VARCHAR)").fetchall()  # fmt: skip
    for row in judged:
        veto = {None: 0, "CL1": 2}.get(row["reason"], 1)
        con.execute(
            "INSERT INTO link_judged VALUES ($l, $r, $weight, $reason, $veto, NULL)", {**row, "veto": veto}
        ).fetchall()
    con.execute("DROP TABLE IF EXISTS lnk_review").fetchall()
    write_review(con, THRESHOLDS)
    return con.execute(
        "SELECT local_patient_id_l, local_patient_id_r, review_reason FROM lnk_review"
    ).fetchall()


@pytest.mark.parametrize(
    ("why", "judged", "founders", "expected"),
    [
        ("at the threshold it is sure: something else forbids it", """
            l | r | weight | reason
            1 | 2 | 4.0    | -
         """, [1, 2], [("p1", "p2", "conflict")]),
        ("just below it is not", """
            l | r | weight | reason
            1 | 2 | 3.99   | -
         """, [1, 2], [("p1", "p2", "weight")]),
        ("a collision has no weight and gives way to what has one", """
            l | r | weight | reason
            1 | 3 | -      | ML2
            2 | 3 | 1.0    | -
         """, [1, 1, 3], [("p2", "p3", "weight")]),
        ("equal weights: the first records", """
            l | r | weight | reason
            2 | 3 | 9.0    | CL6
            1 | 3 | 9.0    | CL5
         """, [1, 1, 3], [("p1", "p3", "CL5")]),
        ("a final veto hides no other question between the same two", """
            l | r | weight | reason
            1 | 3 | 19.0   | CL1
            2 | 3 | 2.0    | -
         """, [1, 1, 3], [("p2", "p3", "weight")]),
        ("the two persons whichever record comes first", """
            l | r | weight | reason
            1 | 4 | 2.0    | -
            2 | 3 | 3.0    | -
         """, [1, 2, 1, 2], [("p2", "p3", "weight")]),
        ("three persons are three questions, by record", """
            l | r | weight | reason
            2 | 3 | 3.0    | -
            1 | 3 | 2.0    | -
            1 | 2 | 1.0    | -
         """, [1, 2, 3], [("p1", "p2", "weight"), ("p1", "p3", "weight"), ("p2", "p3", "weight")]),
    ],
)  # fmt: skip
def test_the_question_that_stands_for_two_persons(con, why, judged, founders, expected):
    assert asked(con, parse(judged), founders) == expected, why


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_the_order_of_the_pairs_changes_no_question(con, data):
    founders = [1, 1, 3, 3, 5]
    pairs = [(left, right) for left in range(1, 6) for right in range(left + 1, 6)]
    reasons = st.sampled_from([None, "CL1", "CL5", "ML2"])
    weight = st.integers(-2, 6).map(float)
    judged = [
        {"l": left, "r": right, "weight": data.draw(weight), "reason": data.draw(reasons)}
        for left, right in pairs
    ]
    found = asked(con, judged, founders)
    assert asked(con, data.draw(st.permutations(judged)), founders) == found
    persons = [{founders[int(one[1:]) - 1] for one in question[:2]} for question in found]
    assert all(len(two) == 2 for two in persons), "nobody is asked of himself"
    assert len({frozenset(two) for two in persons}) == len(persons), "nobody is asked twice"


BALLOT = ("subject", "voter", "stated", "ins_matricule", "ins_oid", "ins_status", "birth_name", "used_name",
          "first_names", "sex", "birth_date", "birth_date_precision", "birth_place_cog", "residence_commune",
          "vital_status")  # fmt: skip


def elected(con, ballots):
    """`link_elected` of a table of ballots, as rows by column."""
    create_macros(con)
    types = {"subject": "BIGINT", "voter": "BIGINT", "stated": "DATE", "birth_date": "DATE"}
    columns = ", ".join(f"{name} {types.get(name, 'VARCHAR')}" for name in BALLOT)
    con.execute(f"CREATE OR REPLACE TABLE link_ballot ({columns})").fetchall()
    con.execute("CREATE OR REPLACE TABLE link_dated (voter BIGINT, field VARCHAR, stated DATE)").fetchall()
    for row in parse(ballots):
        places = ", ".join(f"${name}" for name in row)
        con.execute(f"INSERT INTO link_ballot ({', '.join(row)}) VALUES ({places})", row).fetchall()
    elect(con)
    found = con.execute("SELECT * FROM link_elected ORDER BY subject").to_arrow_table().to_pylist()
    return [{name: cell for name, cell in row.items() if cell is not None} for row in found]


def test_each_subject_votes_alone_and_one_voter_is_not_counted_again(con):
    assert elected(con, """
        subject | voter | birth_name | ins_status
        1       | 1     | MARTIN     | PROV
        1       | 2     | MARTINE    | QUAL
        2       | 3     | Leroux     | -
    """) == [
        {"subject": 1, "birth_name": "MARTINE"},
        {"subject": 2, "birth_name": "Leroux"},
    ]  # fmt: skip


def test_the_traits_of_a_person_may_come_from_several_voters(con):
    assert elected(con, """
        subject | voter | birth_name | first_names | sex | birth_date | birth_date_precision | vital_status
        1       | 1     | MARTIN     | -           | U   | 1950-01-01 | day                  | alive
        1       | 2     | -          | Odile       | F   | 1950-05-17 | day                  | dead
        1       | 3     | Martin     | ODILE       | -   | 1951-05-01 | month                | lost
    """) == [
        {"subject": 1, "birth_name": "MARTIN", "first_names": "Odile", "sex": "F",
         "birth_date": dt.date(1950, 5, 17), "birth_date_precision": "day", "vital_status": "dead"},
    ]  # fmt: skip


def test_a_number_its_authority_and_its_status_come_from_one_voter(con):
    [found] = elected(con, """
        subject | voter | ins_matricule   | ins_oid             | ins_status
        1       | 1     | 255081416802538 | -                   | PROV
        1       | 2     | 184072A00104217 | 1.2.250.1.213.1.4.9 | QUAL
        1       | 3     | 255081416802538 | 1.2.250.1.213.1.4.8 | RECUP
    """)  # fmt: skip
    assert found == {
        "subject": 1, "ins_matricule": "184072A00104217", "ins_oid": "1.2.250.1.213.1.4.9", "ins_status": "QUAL",
    }  # fmt: skip
