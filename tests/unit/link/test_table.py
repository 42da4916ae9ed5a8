"""A table of people from end to end: who is one person, which pairs are told, and what no table may make it do."""

import duckdb
import pytest

from pipelines.io.linkage_model import load_model
from pipelines.io.people import ColumnMap, load_people
from pipelines.link.other import OtherColumns
from pipelines.link.table import link_table
from tests.tables import rows

MODEL = load_model("fr-2026-2")
COLUMNS = ColumnMap.model_validate(
    {"id": "id", "birth_name": "name", "first_names": "first", "sex": "sex", "birth_date": "born",
     "birth_place": "place", "ins": "ins", "other": {"exact": ["phone"]}}
)  # fmt: skip
PEOPLE = """
id,name,first,sex,born,place,ins,phone
z1,LE GOFF,Anne,F,1950-05-17,35006,,0102030405
z2,Le Goff,ANNE,F,1950-05-17,35006,,0102030405
a3,DURAND,Luc,M,1961-02-11,34001,1610234001123,
b4,DURANT,Luc,M,1961-02-11,34001,1610234001123,
c5,MOREL,Paul,M,1971-03-12,75105,,
d6,MOREL,Pierre,M,1971-03-12,75105,,
e7,GARNIER,Eve,F,1980-10-10,69001,,
"""


def linked(tmp_path, text, columns=COLUMNS):
    path = tmp_path / "people.csv"
    path.write_text(text.strip() + "\n", encoding="utf-8")
    con = duckdb.connect()
    load_people(con, path, columns)
    number = len(columns.other.exact)
    other = OtherColumns(exact=tuple(f"other_{place}" for place in range(number)))
    return con, link_table(con, model=MODEL, other=other)


def groups(con):
    found = con.execute("SELECT list(id ORDER BY id) FROM clusters GROUP BY person_id").fetchall()
    return sorted(ids for (ids,) in found if len(ids) > 1)


@pytest.fixture(scope="module")
def people(tmp_path_factory):
    """`PEOPLE`, linked: the tables that were made, which are only read, and what was found."""
    con, found = linked(tmp_path_factory.mktemp("people"), PEOPLE)
    yield con, found
    con.close()


def test_who_is_one_person_and_why(people):
    con, found = people
    assert groups(con) == [["a3", "b4"], ["z1", "z2"]]
    assert (found.records, found.persons, found.largest, found.links) == (7, 5, 2, 2)
    told = {(left, right): (decision, reason) for left, right, decision, reason in
            rows(con, 'SELECT "left", "right", decision, reason FROM pairs')}  # fmt: skip
    assert told["z1", "z2"] == ("link", "traits")
    assert told["a3", "b4"] == ("link", "ins")
    assert told["c5", "d6"] == ("review", "CL5")  # twins


def test_every_row_is_there_once_in_the_order_of_the_table(people):
    con, _ = people
    assert [row for (row,) in con.execute("SELECT id FROM clusters ORDER BY line").fetchall()] == [
        "z1", "z2", "a3", "b4", "c5", "d6", "e7",
    ]  # fmt: skip


def test_the_order_of_the_rows_changes_nothing(people, tmp_path):
    header, *lines = PEOPLE.strip().splitlines()
    one, _ = people
    other, _ = linked(tmp_path, "\n".join([header, *reversed(lines)]))
    assert rows(one, "SELECT id, person_id FROM clusters") == rows(
        other, "SELECT id, person_id FROM clusters"
    )
    assert rows(one, "FROM pairs") == rows(other, "FROM pairs")


def test_a_probability_is_that_of_its_weight(people):
    con, _ = people
    for weight, probability in rows(con, "SELECT weight, probability FROM pairs WHERE weight IS NOT NULL"):
        assert probability == pytest.approx(2**weight / (1 + 2**weight), abs=1e-3)


SAME = "\n".join(
    [
        "id,name,first,sex,born,place,ins,phone",
        *(f"{n},DUPONT,Jean,M,1970-05-05,75105,,1" for n in range(500)),
    ]
)
UNKNOWN = "\n".join(["id,name,first,sex,born,place,ins,phone", *(f"{n},INCONNU,X,,,,," for n in range(2000))])
NUMBERS = "\n".join(["id,name,first,sex,born,place,ins,phone", *(f"{n},,,,,,,{n // 2}" for n in range(40))])


@pytest.mark.parametrize(
    ("text", "records", "largest"),
    [
        ("id,name,first,sex,born,place,ins,phone\n1,DUPONT,Jean,M,1970-05-05,,,", 1, 1),
        (
            "id,name,first,sex,born,place,ins,phone\n1,DUPONT,Jean,M,1970-05-05,,,\n2,MARTIN,Luc,M,1980-05-05,,,",
            2,
            1,
        ),
        ("id,name,first,sex,born,place,ins,phone\n1,,,,,,,\n2,,,,,,,", 2, 1),
        (SAME, 500, 1),
        (UNKNOWN, 2000, 1),
        (NUMBERS, 40, 2),
    ],
    ids=[
        "one record",
        "no duplicate",
        "nothing known",
        "everyone the same",
        "everyone unknown",
        "numbers only",
    ],
)
def test_no_table_makes_a_giant_group(tmp_path, text, records, largest):
    con, found = linked(tmp_path, text)
    assert found.records == records == con.execute("SELECT count(*) FROM clusters").fetchall()[0][0]
    assert found.largest <= largest


def test_one_record_may_belong_to_several_sources(tmp_path):
    columns = COLUMNS.model_copy(update={"source": "place"})
    con, _ = linked(tmp_path, PEOPLE, columns)
    assert groups(con) == [["a3", "b4"], ["z1", "z2"]]
