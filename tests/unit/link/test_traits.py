"""Which value stands for a person, whose it is, and what decided: the last word where lives change, else trust."""

import datetime as dt
import random
import re
from pathlib import Path

import duckdb
import numpy as np
import pytest

from pipelines.link.collapse import collapse
from pipelines.link.ids import keep_members
from pipelines.link.persons import write_persons
from pipelines.link.standardise import create_macros
from pipelines.link.strategies import FIELDS, STRATEGIES, Ruling
from tests.tables import parse, rows, value
from tests.unit.link.people import people
from validations.contracts import codes
from validations.contracts.tables import TABLES

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "review.md"
EXPORTED = {"d0": None, "d1": dt.date(2020, 1, 31), "d2": dt.date(2022, 6, 30), "d3": dt.date(2024, 3, 1)}
TRAIT = "trait_value, centre_id, ruled_by, votes, distinct_values, is_contested"


def join(con, by):
    """Make `lnk_person` and `lnk_person_trait` of `val_patient_identity`: one person per value of the SQL `by`."""
    create_macros(con)
    collapse(con, exported=EXPORTED)
    keep_members(con, np.array([n for (n,) in con.execute(
        f"SELECT min(record_no) OVER (PARTITION BY {by}) FROM link_key ORDER BY record_no"
    ).fetchall()]))  # fmt: skip
    for name in ("link_named", "link_judged", "lnk_record", "lnk_person", "lnk_person_trait"):
        con.execute(f"DROP TABLE IF EXISTS {name}")
    con.execute("CREATE TEMP TABLE link_named AS SELECT DISTINCT founder, 'person ' || founder AS person_id, "
                "'patient ' || founder AS patient_id FROM link_member")  # fmt: skip
    con.execute("CREATE TEMP TABLE link_judged (l BIGINT, r BIGINT, must_reason VARCHAR)")
    write_persons(con)


def golden(con):
    return rows(con, "FROM lnk_person"), rows(con, "FROM lnk_person_trait")


CASES = [
    ("one record, one value", "birth_name", """
        centre | patient | name
        a      | 1       | Martin
     """, ("Martin", "a", "only", 1, 1, False)),
    ("nothing is known of it by the others", "birth_name", """
        centre | patient | name
        a      | 1       | -
        b      | 1       | Martin
     """, ("Martin", "b", "only", 1, 1, False)),
    ("spellings of one name are one value", "birth_name", """
        centre | patient | name
        a      | 1       | Martín
        b      | 1       | MARTIN
     """, ("Martín", "a", "only", 2, 1, False)),
    ("trust before number", "birth_name", """
        centre | patient | name    | status
        a      | 1       | MARTINE | PROV
        b      | 1       | MARTINE | PROV
        c      | 1       | MARTIN  | VALI
     """, ("MARTIN", "c", "trust", 1, 2, True)),
    ("number before recency", "birth_name", """
        centre | patient | name    | delivery
        a      | 1       | MARTIN  | d1
        b      | 1       | MARTIN  | d1
        c      | 1       | MARTINE | d3
     """, ("MARTIN", "a", "frequency", 2, 2, True)),
    ("then recency", "birth_name", """
        centre | patient | name    | delivery
        a      | 1       | MARTINE | d1
        b      | 1       | MARTIN  | d3
     """, ("MARTIN", "b", "recency", 1, 2, True)),
    ("a delivery without a date is the oldest", "birth_name", """
        centre | patient | name    | delivery
        a      | 1       | MARTINE | d0
        b      | 1       | MARTIN  | d1
     """, ("MARTIN", "b", "recency", 1, 2, True)),
    ("then the first record", "birth_name", """
        centre | patient | name    | delivery
        a      | 1       | MARTINE | d1
        b      | 1       | MARTIN  | d1
     """, ("MARTINE", "a", "order", 1, 2, True)),
    ("a residence changes: the last word, whoever says it", "residence_commune", """
        centre | patient | home    | delivery | status
        a      | 1       | "35006" | d1       | QUAL
        b      | 1       | "35006" | d2       | QUAL
        c      | 1       | "34001" | d3       | PROV
     """, ("34001", "c", "recency", 1, 2, True)),
    ("the most frequent of the last words", "residence_commune", """
        centre | patient | home    | delivery
        a      | 1       | "35006" | d3
        b      | 1       | "34001" | d3
        c      | 1       | "34001" | d1
     """, ("34001", "b", "frequency", 2, 2, True)),
    ("without any date, number decides as before", "residence_commune", """
        centre | patient | home    | delivery
        a      | 1       | "35006" | d0
        b      | 1       | "34001" | d0
        c      | 1       | "34001" | d0
     """, ("34001", "b", "frequency", 2, 2, True)),
    ("the last to write a used name spells it", "used_name", """
        centre | patient | used    | delivery
        a      | 1       | Durand  | d1
        b      | 1       | DURAND  | d2
        c      | 1       | -       | d3
     """, ("DURAND", "b", "only", 2, 1, False)),
    ("what a centre wrote once is as old as the row, not as the last row of the record", "used_name", """
        centre | patient | used    | delivery
        a      | 1       | PETIT   | d1
        a      | 1       | -       | d3
        b      | 1       | DURAND  | d2
     """, ("DURAND", "b", "recency", 1, 2, True)),
    ("rows of one record that disagree are seen", "residence_commune", """
        centre | patient | home    | delivery
        a      | 1       | "35006" | d1
        a      | 1       | "34001" | d2
     """, ("34001", "a", "recency", 1, 2, True)),
    ("even where another record agrees with what it chose", "first_names", """
        centre | patient | first | delivery
        a      | 1       | Zoé   | d1
        b      | 1       | Anne  | d1
        b      | 1       | Zoé   | d1
        b      | 1       | Zoé   | d1
     """, ("Zoé", "a", "frequency", 2, 2, True)),
    ("a month does not contradict its day", "birth_date", """
        centre | patient | born       | precision
        a      | 1       | 1950-05-01 | month
        b      | 1       | 1950-05-17 | day
     """, ("1950-05-17", "b", "trust", 1, 2, False)),
    ("nor does a default day of the year", "birth_date", """
        centre | patient | born
        a      | 1       | 1950-01-01
        b      | 1       | 1950-05-17
     """, ("1950-05-17", "b", "trust", 1, 2, False)),
    ("another month does", "birth_date", """
        centre | patient | born       | precision
        a      | 1       | 1950-06-01 | month
        b      | 1       | 1950-05-17 | day
     """, ("1950-05-17", "b", "trust", 1, 2, True)),
    ("an unknown sex contradicts nobody", "sex", """
        centre | patient | sex
        a      | 1       | U
        b      | 1       | F
     """, ("F", "b", "trust", 1, 2, False)),
    ("who is lost contradicts nobody", "vital_status", """
        centre | patient | vital
        a      | 1       | lost
        b      | 1       | alive
     """, ("alive", "b", "trust", 1, 2, False)),
    ("who is alive contradicts a death", "vital_status", """
        centre | patient | vital
        a      | 1       | alive
        b      | 1       | dead
        c      | 1       | dead
     """, ("dead", "b", "trust", 2, 2, True)),
    ("a number with and without its key is one number", "ins_matricule", """
        centre | patient | ins             | status
        a      | 1       | 2550814168025   | RECUP
        b      | 1       | 255081416802538 | QUAL
     """, ("255081416802538", "b", "only", 2, 1, False)),
]  # fmt: skip


@pytest.fixture(scope="module")
def chosen():
    """The traits of every case, each a person of its own."""
    with duckdb.connect() as con:
        people(
            con,
            [row | {"patient": case} for case, (_, _, text, _) in enumerate(CASES) for row in parse(text)],
        )
        join(con, "local_patient_id")
        yield con


@pytest.mark.parametrize("case", range(len(CASES)), ids=[case[0] for case in CASES])
def test_the_value_chosen_and_why(chosen, case):
    why, field, _, expected = CASES[case]
    of_case = f"field = '{field}' AND local_patient_id = '{case}'"
    assert rows(chosen, f"SELECT {TRAIT} FROM lnk_person_trait WHERE {of_case}") == [expected], why


@pytest.mark.parametrize(
    ("field", "qualifier", "identities"),
    [
        ("birth_date", "month", """
            centre | patient | born       | precision
            a      | 1       | 1950-01-01 | year
            b      | 1       | 1950-05-01 | month
         """),
        ("ins_matricule", "RECUP", """
            centre | patient | ins             | status
            a      | 1       | -               | QUAL
            b      | 1       | 255081416802538 | RECUP
         """),
    ],
)  # fmt: skip
def test_a_date_keeps_its_precision_and_a_number_its_status(con, field, qualifier, identities):
    people(con, identities)
    join(con, "local_patient_id")
    found = rows(con, f"SELECT qualifier, centre_id FROM lnk_person_trait WHERE field = '{field}'")
    assert found == [(qualifier, "b")]


def test_a_number_that_stands_for_nobody_has_no_trait(con):
    people(con, "centre | patient | ins | status | name\na | 1 | 255081416802538 | PROV | Martin")
    join(con, "local_patient_id")
    assert rows(con, "SELECT field FROM lnk_person_trait") == [("birth_name",)]


def test_the_strategies_cover_the_golden_identity_and_the_words_of_the_contract():
    golden = set(TABLES["lnk_person"].columns) - {"person_id", "patient_id", "record_count"}
    assert {*FIELDS, "birth_date_precision"} == golden
    assert [code.value for code in codes.RULED_BY] == [ruling.value for ruling in Ruling]
    assert all(s.trust == "0" for s in STRATEGIES if Ruling.TRUST not in s.order), "a trust that never counts"


def test_the_how_to_tells_the_strategies():
    words = {"confiance": Ruling.TRUST, "fréquence": Ruling.FREQUENCY, "date": Ruling.RECENCY}
    page = PAGE.read_text(encoding="utf-8")
    told = {}
    for names, order, _ in re.findall(r"^\| (`[^|]+`) \| ([^|]+) \| ([^|]+) \|$", page, re.MULTILINE):
        if set(order.split(", ")) <= words.keys():
            told |= dict.fromkeys(
                re.findall("`(.+?)`", names), tuple(words[word] for word in order.split(", "))
            )
    assert told == {strategy.field: strategy.order for strategy in STRATEGIES}


WRITTEN = {
    "name": ["-", "Martin", "MARTIN", "Durand"], "used": ["-", "Petit", "PETIT", "Roche"], "sex": ["-", "F", "U"],
    "born": ["-", "1950-05-17", "1950-01-01"], "home": ["-", '"35006"', '"34001"'], "status": ["-", "QUAL", "PROV"],
    "vital": ["-", "alive", "dead"], "delivery": list(EXPORTED), "ins": ["-", "255081416802538"],
}  # fmt: skip


@pytest.fixture
def crowd(con):
    """Three hundred persons of up to nine random rows at three centres."""
    rng = random.Random(3)
    people(con, [
        {"centre": rng.choice("abc"), "patient": patient,
         **{name: value(rng.choice(choices)) for name, choices in WRITTEN.items()}}
        for patient in range(300) for _ in range(rng.randint(1, 9))
    ])  # fmt: skip
    return con


def test_every_golden_value_has_one_trait_of_a_record_that_wrote_it(crowd):
    join(crowd, "local_patient_id")
    values = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in FIELDS)
    said = " OR ".join(f"(field = '{name}' AND trait_value = CAST({name} AS VARCHAR))" for name in FIELDS)
    by_whom = f"JOIN val_patient_identity USING (centre_id, local_patient_id) WHERE {said}"
    every = rows(crowd, "SELECT person_id, field, trait_value FROM lnk_person_trait")
    assert (
        rows(crowd, f"UNPIVOT (SELECT person_id, {values} FROM lnk_person) ON {', '.join(FIELDS)}") == every
    )
    assert (
        rows(crowd, f"SELECT DISTINCT person_id, field, trait_value FROM lnk_person_trait {by_whom}") == every
    )
    assert {r for (r,) in rows(crowd, "SELECT ruled_by FROM lnk_person_trait")} == set(Ruling)
    assert rows(crowd, "FROM lnk_person_trait WHERE is_contested AND distinct_values = 1") == []
    assert rows(crowd, "FROM lnk_person_trait WHERE (ruled_by = 'only') <> (distinct_values = 1)") == []


def test_a_merge_undone_leaves_all_identities_as_they_were_whatever_the_order_of_the_rows(crowd):
    found = []
    for by, order in (
        ("local_patient_id", "row_id"),
        ("local_patient_id[1]", "row_id"),
        ("local_patient_id", "sex"),
    ):
        crowd.execute(
            f"CREATE OR REPLACE TABLE val_patient_identity AS FROM val_patient_identity ORDER BY {order}"
        )
        join(crowd, by)
        found.append(golden(crowd))
    assert found[0] == found[2] != found[1]
