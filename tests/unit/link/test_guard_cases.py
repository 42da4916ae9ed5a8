"""What forbids a join, on what happens to names and dates in French files. The bare rules are in `test_guards.py`."""

import duckdb
import pytest

from pipelines.link.guards import judge_pairs
from tests.tables import rows
from tests.unit.link.people import records
from tests.unit.link.side_by_side import show_pairs

#: Three well-formed numbers, each of another person.
A, B, C = "255081416802538", "184072A00104217", "184072B00104244"
FREE = (None, None, 0)
ASKED = {rule: (rule, None, 1) for rule in ("CL4", "CL5", "CL6", "CL8", "ML2")}
FINAL = ("CL1", None, 2)


def judged(con, text, *, most=60):
    """`link_judged` for every pair of a table of people without the column `patient`."""
    header, *lines = (line for line in text.strip().splitlines() if line.strip())
    numbered = [f"{n} | {line}" for n, line in enumerate(lines, start=1)]
    records(con, "\n".join([f"patient | {header}", *numbered]), records_per_identifier=most)
    con.execute("CREATE OR REPLACE TEMP TABLE link_pair AS SELECT l.record_no AS l, r.record_no AS r, 30.0 AS weight "
                "FROM link_record AS l, link_record AS r WHERE l.record_no < r.record_no").fetchall()  # fmt: skip
    judge_pairs(con)
    return {
        (left, right): tuple(verdict)
        for left, right, *verdict in rows(con, "SELECT l, r, veto_reason, must_reason, veto FROM link_judged")
    }


@pytest.fixture(scope="module")
def verdicts():
    """What the rules say of the two people of each table, and of the same two the other way round."""
    texts = [text for _, text, _ in (*FIRST_NAMES, *SEXES_AND_SWAPS, *GENERATIONS, *CERTAIN_TRAITS, *NUMBERS)]
    with duckdb.connect() as con:
        show_pairs(con, texts)
        judge_pairs(con)
        found = con.execute("SELECT l, r, veto_reason, must_reason, veto FROM link_judged").fetchall()
    said = {(left, right): tuple(verdict) for left, right, *verdict in found}
    return {text: (said[2 * n + 1, 2 * n + 2], said[2 * n + 2, 2 * n + 1]) for n, text in enumerate(texts)}


def check(verdicts, why, text, expected):
    one_way, other_way = verdicts[text]
    assert one_way == expected, why
    assert other_way == expected, f"{why}, the other way round"


FIRST_NAMES = [
    ("a compound first name and its first half", """
        name   | first     | sex | born
        MARTIN | Marie-Ève | F   | 1950-05-17
        MARTIN | Marie     | F   | 1950-05-17
     """, FREE),
    ("a compound first name and its second half: the usual name, or a twin's", """
        name   | first       | sex | born
        MARTIN | Jean-Pierre | M   | 1950-05-17
        MARTIN | Pierre      | M   | 1950-05-17
     """, ASKED["CL5"]),
    ("the same in two homes", """
        name   | first       | sex | born       | home
        MARTIN | Jean-Pierre | M   | 1950-05-17 | 69381
        MARTIN | Pierre      | M   | 1950-05-17 | 33063
     """, ASKED["CL5"]),
    ("a compound first name and its second half in one home", """
        name   | first       | sex | born       | home
        MARTIN | Jean-Pierre | M   | 1950-05-17 | 69381
        MARTIN | Pierre      | M   | 1950-05-17 | 69381
     """, FREE),
    ("the same on another day: a slip in the date, no twin", """
        name   | first       | sex | born
        MARTIN | Jean-Pierre | M   | 1950-05-17
        MARTIN | Pierre      | M   | 1950-05-18
     """, FREE),
    ("a compound first name written as one word", """
        name   | first       | sex | born
        MARTIN | Jean-Pierre | M   | 1950-05-17
        MARTIN | Jeanpierre  | M   | 1950-05-17
     """, FREE),
    ("two compound first names of twins", """
        name   | first       | sex | born
        MARTIN | Jean-Pierre | M   | 1950-05-17
        MARTIN | Jean-Claude | M   | 1950-05-17
     """, ASKED["CL5"]),
    ("two compound first names on two days: one shared first name is no contradiction", """
        name   | first       | sex | born
        MARTIN | Jean-Pierre | M   | 1950-05-17
        MARTIN | Jean-Claude | M   | 1950-05-18
     """, FREE),
    ("the same first names in another order", """
        name   | first            | sex | born
        MARTIN | Anne Lucie Odile | F   | 1950-05-17
        MARTIN | Odile Anne Lucie | F   | 1950-05-17
     """, FREE),
    ("three first names of one, two of them of the other", """
        name   | first            | sex | born
        MARTIN | Anne Lucie Odile | F   | 1950-05-17
        MARTIN | Lucie Odile      | F   | 1950-05-17
     """, ASKED["CL5"]),
    ("accents and case", """
        name   | first  | sex | born
        MARTIN | Hélène | F   | 1950-05-17
        MARTIN | HELENE | F   | 1950-05-17
     """, FREE),
    ("a mute H and one N", """
        name   | first    | sex | born
        MARTIN | Johannah | F   | 1950-05-17
        MARTIN | Joana    | F   | 1950-05-17
     """, FREE),
    ("a first name and another that begins like it", """
        name   | first  | sex | born
        MARTIN | Alex   | M   | 1950-05-17
        MARTIN | Alexis | M   | 1950-05-17
     """, FREE),
    ("a first name of two letters is not forgiven a slip", """
        name   | first | sex | born
        MARTIN | Li    | F   | 1950-05-17
        MARTIN | Lo    | F   | 1950-05-17
     """, ASKED["CL5"]),
    ("two letters exchanged", """
        name   | first  | sex | born
        MARTIN | Claire | F   | 1950-05-17
        MARTIN | Calire | F   | 1950-05-17
     """, FREE),
    ("a first name that nobody gave", """
        name   | first        | sex | born
        MARTIN | SANS PRENOM  | F   | 1950-05-17
        MARTIN | Claire       | F   | 1950-05-17
     """, FREE),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text", "expected"), FIRST_NAMES)
def test_first_names(verdicts, why, text, expected):
    check(verdicts, why, text, expected)


SEXES_AND_SWAPS = [
    ("another first name and another sex: CL6 says more than CL5", """
        name   | first | sex | born
        MARTIN | Paul  | M   | 1950-05-17
        MARTIN | Odile | F   | 1950-05-17
     """, ASKED["CL6"]),
    ("another first name, one sex unknown", """
        name   | first | sex | born
        MARTIN | Paul  | U   | 1950-05-17
        MARTIN | Odile | F   | 1950-05-17
     """, ASKED["CL5"]),
    ("another first name, both sexes unknown", """
        name   | first | sex | born
        MARTIN | Paul  | -   | 1950-05-17
        MARTIN | Odile | -   | 1950-05-17
     """, ASKED["CL5"]),
    ("one first name for two sexes", """
        name   | first   | sex | born
        MARTIN | Camille | M   | 1950-05-17
        MARTIN | Camille | F   | 1950-05-17
     """, FREE),
    ("the feminine of a first name, and the other sex: a brother and a sister", """
        name   | first  | sex | born
        MARTIN | Michel | M   | 1950-05-17
        MARTIN | Michèle | F  | 1950-05-17
     """, ASKED["CL6"]),
    ("the feminine of a first name is a slip where the sex is the same, as long as few bear it", """
        name   | first  | sex | born
        MARTIN | Michel | M   | 1950-05-17
        MARTIN | Michèle | M  | 1950-05-17
     """, FREE),
    ("a mistyped sex with one of two first names", """
        name   | first      | sex | born
        MARTIN | Anne Lucie | M   | 1950-05-17
        MARTIN | Anne       | F   | 1950-05-17
     """, FREE),
    ("another sex, no first name on one side", """
        name   | first | sex | born
        MARTIN | -     | M   | 1950-05-17
        MARTIN | Anne  | F   | 1950-05-17
     """, FREE),
    ("a mistyped sex with name and first name swapped", """
        name   | first  | sex | born
        MARTIN | Odile  | M   | 1950-05-17
        ODILE  | Martin | F   | 1950-05-17
     """, FREE),
    ("a compound name swapped with the first name", """
        name           | first          | sex | born
        LEROUX-GARNIER | Odile          | F   | 1950-05-17
        ODILE          | Leroux Garnier | F   | 1950-05-17
     """, FREE),
    ("half a swap is none: the same name, the first name of another", """
        name   | first  | sex | born
        MARTIN | Odile  | F   | 1950-05-17
        MARTIN | Martin | F   | 1950-05-17
     """, ASKED["CL5"]),
    ("sex and first name differ, but the number is qualified on one side only", f"""
        ins | status | name   | first | sex | born
        {A} | QUAL   | MARTIN | Paul  | M   | 1950-05-17
        -   | -      | MARTIN | Odile | F   | 1950-05-17
     """, ASKED["CL6"]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text", "expected"), SEXES_AND_SWAPS)
def test_sexes_and_swaps(verdicts, why, text, expected):
    check(verdicts, why, text, expected)


GENERATIONS = [
    ("fourteen years between two of one name", """
        name   | first | sex | born
        MARTIN | Odile | F   | 1950-05-17
        MARTIN | Odile | F   | 1964-05-17
     """, FREE),
    ("fifteen years", """
        name   | first | sex | born
        MARTIN | Odile | F   | 1950-05-17
        MARTIN | Odile | F   | 1965-05-17
     """, ASKED["CL8"]),
    ("a parent known by the year only", """
        name   | first | sex | born       | precision
        MARTIN | Odile | F   | 1950-01-01 | year
        MARTIN | Odile | F   | 1975-05-17 | day
     """, ASKED["CL8"]),
    ("a date of unknown precision says nothing", """
        name   | first | sex | born       | precision
        MARTIN | Odile | F   | 1950-05-17 | unknown
        MARTIN | Odile | F   | 1975-05-17 | day
     """, FREE),
    ("mother and daughter of two first names: CL5 comes before CL8", """
        name   | first | sex | born
        MARTIN | Odile | F   | 1950-05-17
        MARTIN | Zoé   | F   | 1975-05-17
     """, ASKED["CL5"]),
    ("father and daughter: CL6 comes before CL8", """
        name   | first | sex | born
        MARTIN | Paul  | M   | 1950-05-17
        MARTIN | Odile | F   | 1975-05-17
     """, ASKED["CL6"]),
    ("a parent's number on the child's record", f"""
        ins | status | name   | first | sex | born
        {A} | RECUP  | MARTIN | Odile | F   | 1950-05-17
        {A} | RECUP  | MARTIN | Odile | F   | 1975-08-02
     """, ASKED["ML2"]),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text", "expected"), GENERATIONS)
def test_generations(verdicts, why, text, expected):
    check(verdicts, why, text, expected)


CERTAIN_TRAITS = [
    ("five traits equal but for a default date", """
        name   | first | sex | born       | place
        MARTIN | Odile | F   | 1950-01-01 | "35006"
        MARTIN | Odile | F   | 1950-01-01 | "35006"
     """, FREE),
    ("nor on the last day of the year", """
        name   | first | sex | born       | place
        MARTIN | Odile | F   | 1950-12-31 | "35006"
        MARTIN | Odile | F   | 1950-12-31 | "35006"
     """, FREE),
    ("nor of a month", """
        name   | first | sex | born       | precision | place
        MARTIN | Odile | F   | 1950-05-01 | month     | "35006"
        MARTIN | Odile | F   | 1950-05-01 | month     | "35006"
     """, FREE),
    ("the first day of a month is a day", """
        name   | first | sex | born       | place
        MARTIN | Odile | F   | 1950-05-01 | "35006"
        MARTIN | Odile | F   | 1950-05-01 | "35006"
     """, (None, "traits", 0)),
    ("five traits, the name with its particle and its title", """
        name            | first | sex | born       | place
        MME DE LA TOUCHE | Odile | F   | 1950-05-17 | "35006"
        Touche          | ODILE | F   | 1950-05-17 | "35006"
     """, (None, "traits", 0)),
    ("five traits, the sex unknown to both", """
        name   | first | sex | born       | place
        MARTIN | Odile | U   | 1950-05-17 | "35006"
        MARTIN | Odile | U   | 1950-05-17 | "35006"
     """, FREE),
    ("five traits, one first name more", """
        name   | first      | sex | born       | place
        MARTIN | Odile Anne | F   | 1950-05-17 | "35006"
        MARTIN | Odile      | F   | 1950-05-17 | "35006"
     """, FREE),
    ("five traits against two qualified numbers", f"""
        ins | status | name   | first | sex | born       | place
        {A} | QUAL   | MARTIN | Odile | F   | 1950-05-17 | "35006"
        {B} | QUAL   | MARTIN | Odile | F   | 1950-05-17 | "35006"
     """, FINAL),
    ("five traits against two retrieved numbers", f"""
        ins | status | name   | first | sex | born       | place
        {A} | RECUP  | MARTIN | Odile | F   | 1950-05-17 | "35006"
        {B} | RECUP  | MARTIN | Odile | F   | 1950-05-17 | "35006"
     """, ASKED["CL4"]),
    ("a number that is only provisional is none", f"""
        ins | status | name   | first | sex | born       | place
        {A} | PROV   | MARTIN | Odile | F   | 1950-05-17 | "35006"
        {B} | QUAL   | MARTIN | Odile | F   | 1950-05-17 | "35006"
     """, (None, "traits", 0)),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text", "expected"), CERTAIN_TRAITS)
def test_certain_traits(verdicts, why, text, expected):
    check(verdicts, why, text, expected)


NUMBERS = [
    ("one qualified and one retrieved, the woman married since", f"""
        ins | status | name   | used   | first | sex | born
        {A} | QUAL   | MARTIN | DURAND | Odile | F   | 1950-05-17
        {A} | RECUP  | DURAND | -      | Odile | F   | 1950-05-17
     """, (None, "ins", 0)),
    ("another name for a woman of the same birth may be a marriage", f"""
        ins | status | name   | first | sex | born
        {A} | RECUP  | MARTIN | Odile | F   | 1950-05-17
        {A} | RECUP  | LEROUX | Odile | F   | 1950-05-17
     """, (None, "ins", 0)),
    ("but not for a man", f"""
        ins | status | name   | first | sex | born
        {A} | RECUP  | MARTIN | Paul  | M   | 1950-05-17
        {A} | RECUP  | LEROUX | Paul  | M   | 1950-05-17
     """, ASKED["ML2"]),
    ("nor with another day of birth", f"""
        ins | status | name   | first | sex | born
        {A} | RECUP  | MARTIN | Odile | F   | 1950-05-17
        {A} | RECUP  | LEROUX | Odile | F   | 1950-05-18
     """, ASKED["ML2"]),
    ("one part of the date differs", f"""
        ins | status | name   | first | sex | born
        {A} | RECUP  | MARTIN | Odile | F   | 1950-05-17
        {A} | RECUP  | MARTIN | Odile | F   | 1950-06-17
     """, (None, "ins", 0)),
    ("two parts of the date differ", f"""
        ins | status | name   | first | sex | born
        {A} | RECUP  | MARTIN | Odile | F   | 1950-05-17
        {A} | RECUP  | MARTIN | Odile | F   | 1950-06-18
     """, ASKED["ML2"]),
    ("two parts of the date differ, both qualified", f"""
        ins | status | name   | first | sex | born
        {A} | QUAL   | MARTIN | Odile | F   | 1950-05-17
        {A} | QUAL   | MARTIN | Odile | F   | 1950-06-18
     """, (None, "qualified", 0)),
    ("two parts of the date and the name differ, both qualified", f"""
        ins | status | name   | first | sex | born
        {A} | QUAL   | MARTIN | Odile | F   | 1950-05-17
        {A} | QUAL   | LEROUX | Odile | F   | 1950-06-18
     """, ASKED["ML2"]),
    ("a name that one slip of the pen changed", f"""
        ins | status | name    | first | sex | born
        {A} | RECUP  | GARNIER | Paul  | M   | 1950-05-17
        {A} | RECUP  | GRANIER | Paul  | M   | 1950-05-17
     """, (None, "ins", 0)),
    ("twins who share a number", f"""
        ins | status | name   | first      | sex | born
        {A} | RECUP  | MARTIN | Odile Anne | F   | 1950-05-17
        {A} | RECUP  | MARTIN | Odile Zoé  | F   | 1950-05-17
     """, ASKED["ML2"]),
    ("the same twins, both qualified: the number has been verified", f"""
        ins | status | name   | first      | sex | born
        {A} | QUAL   | MARTIN | Odile Anne | F   | 1950-05-17
        {A} | QUAL   | MARTIN | Odile Zoé  | F   | 1950-05-17
     """, (None, "qualified", 0)),
    ("a number whose key is wrong is none", """
        ins             | status | name   | first | sex | born
        255081416802539 | QUAL   | MARTIN | Odile | F   | 1950-05-17
        255081416802539 | QUAL   | MARTIN | Odile | F   | 1950-05-17
     """, FREE),
    ("a test number is none", f"""
        ins | oid                  | status | name   | first | sex | born
        {A} | 1.2.250.1.213.1.4.10 | QUAL   | MARTIN | Odile | F   | 1950-05-17
        {A} | 1.2.250.1.213.1.4.10 | QUAL   | MARTIN | Odile | F   | 1950-05-17
     """, FREE),
    ("two numbers of Corsica", f"""
        ins | status | name   | first | sex | born
        {B} | QUAL   | MARTIN | Odile | F   | 1950-05-17
        {C} | QUAL   | MARTIN | Odile | F   | 1950-05-17
     """, FINAL),
]  # fmt: skip


@pytest.mark.parametrize(("why", "text", "expected"), NUMBERS)
def test_numbers(verdicts, why, text, expected):
    check(verdicts, why, text, expected)


def test_triplets_are_three_questions(con):
    found = judged(con, """
        name   | first | sex | born
        MARTIN | Odile | F   | 1950-05-17
        MARTIN | Zoé   | F   | 1950-05-17
        MARTIN | Paul  | M   | 1950-05-17
    """)  # fmt: skip
    assert found == {(1, 2): ASKED["CL5"], (1, 3): ASKED["CL6"], (2, 3): ASKED["CL6"]}


def test_a_number_of_too_many_vetoes_and_joins_nobody(con):
    same = "\n".join(f"{A} | QUAL | MARTIN | Odile | F | 1950-05-1{n}" for n in range(3))
    found = judged(con, f"ins | status | name | first | sex | born\n{same}", most=2)
    assert set(found.values()) == {FREE}
    kept = judged(con, f"ins | status | name | first | sex | born\n{same}", most=3)
    assert set(kept.values()) == {(None, "qualified", 0)}


def test_no_pair_is_judged_twice_and_its_weight_stays(con):
    judged(con, "name | first\nMARTIN | Odile\nMARTIN | Odile\nLEROUX | Paul")
    assert rows(con, "SELECT l, r, weight FROM link_judged") == [(1, 2, 30.0), (1, 3, 30.0), (2, 3, 30.0)]
