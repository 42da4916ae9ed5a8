"""Which pairs are looked at: by identifier, by strict traits, by blocking."""

import pytest

from pipelines.errors import ConfigError
from pipelines.io.linkage_model import load_model
from pipelines.link.block import COLUMNS, LISTS, pair_candidates
from pipelines.link.identity import pair_certain
from tests.tables import rows
from tests.unit.link.people import records

MODEL = load_model("fr-2026-2")


def certain(con, identities, *, most=60):
    records(con, identities)
    pair_certain(con, records_per_identifier=most)
    return rows(con, "SELECT l, r FROM link_certain")


def candidates(con, identities, rules=MODEL.blocking, *, most=400):
    records(con, identities)
    pair_candidates(con, rules, records_per_block=most)
    return rows(con, "SELECT l, r FROM link_candidate")


def test_equal_numbers_pair(con):
    assert certain(con, """
        patient | ins             | status
        1       | 255081416802538 | QUAL
        2       | 2550814168025   | RECUP
        3       | 184072A00104217 | QUAL
        4       | 255081416802538 | PROV
    """) == [(1, 2)]  # fmt: skip


def test_five_equal_strict_traits_pair(con):
    assert certain(con, """
        patient | name   | first      | sex | born       | place
        1       | MARTIN | Anne-Marie | F   | 1950-05-17 | "35006"
        2       | Martin | ANNE MARIE | F   | 1950-05-17 | "35006"
        3       | MARTIN | Anne-Marie | F   | 1950-05-17 | "35007"
        4       | MARTIN | Anne       | F   | 1950-05-17 | "35006"
        5       | MARTIN | Anne-Marie | -   | 1950-05-17 | "35006"
    """) == [(1, 2)]  # fmt: skip


def test_a_default_date_makes_nothing_certain(con):
    assert certain(con, """
        patient | name   | first | sex | born       | place
        1       | MARTIN | Anne  | F   | 1950-01-01 | "35006"
        2       | MARTIN | Anne  | F   | 1950-01-01 | "35006"
    """) == []  # fmt: skip


def test_a_test_patient_entered_everywhere_is_nobody(con):
    same = "\n".join(f'{n} | TEST | Test | F | 1980-05-05 | "75101"' for n in range(1, 5))
    assert certain(con, f"patient | name | first | sex | born | place\n{same}", most=3) == []


@pytest.mark.parametrize(
    ("why", "one", "other"),
    [
        ("first names shortened", "MARTIN | - | Anne Marie | 1950-05-17", "MARTIN | - | Marie | 1950-05-17"),
        ("married name", "MARTIN | - | Anne | 1950-05-17", "DURAND | MARTIN | Zoé | 1950-05-17"),
        ("name and first name swapped", "MARTIN | - | Anne | 1950-05-17", "ANNE | - | Martin | 1950-05-17"),
        ("day and month swapped", "MARTIN | - | Anne | 1950-05-03", "MARTIN | - | Anne | 1950-03-05"),
        ("default date", "MARTIN | - | Anne | 1950-05-17", "MARTIN | - | Anne | 1950-01-01"),
        ("no date", "MARTIN | - | Anne | 1950-05-17", "MARTIN | - | Anne | -"),
        ("year mistyped", "MARTIN | - | Anne | 1950-05-17", "MARTIN | - | Anne | 1960-05-17"),
        ("name mistyped", "MARTIN | - | Anne | 1950-05-17", "MARTINN | - | Anne | 1950-05-17"),
        ("name spoken", "GAUTHIER | - | Anne | 1950-05-17", "GOTIER | - | Anne | 1950-05-03"),
        ("first name mistyped", "MARTIN | - | Annick | 1950-05-17", "MARTIN | - | Anmick | 1950-05-17"),
    ],
)
def test_what_happens_to_a_person_is_still_compared(con, why, one, other):
    found = candidates(con, f"patient | name | used | first | born\n1 | {one}\n2 | {other}")
    assert found == [(1, 2)], why


def test_strangers_and_the_unknown_are_not_compared(con):
    assert candidates(con, """
        patient | name   | first | born       | place   | home
        1       | MARTIN | Anne  | 1950-05-17 | "35006" | "35006"
        2       | DURAND | Zoé   | 1961-02-11 | "35006" | "35006"
        3       | -      | -     | -          | -       | -
        4       | -      | -     | -          | -       | -
    """) == []  # fmt: skip


def test_two_qualified_numbers_need_no_comparison(con):
    assert candidates(con, """
        patient | name   | first | born       | ins             | status
        1       | MARTIN | Anne  | 1950-05-17 | 255081416802538 | QUAL
        2       | MARTIN | Anne  | 1950-05-17 | 184072A00104217 | QUAL
        3       | MARTIN | Anne  | 1950-05-17 | 184072B00104244 | RECUP
    """) == [(1, 3), (2, 3)]  # fmt: skip


def test_a_common_default_is_no_lead(con):
    same = "\n".join(f"{n} | MARTIN | 1950-05-17" for n in range(1, 6))
    rules = (("birth_name", "birth_date"),)
    assert candidates(con, f"patient | name | born\n{same}", rules, most=4) == []
    assert len(candidates(con, f"patient | name | born\n{same}", rules, most=5)) == 10


def test_an_unknown_column_is_refused(con):
    with pytest.raises(ConfigError, match="patient_name"):
        candidates(con, "patient | name\n1 | MARTIN", (("birth_name", "patient_name"),))


def test_the_columns_of_blocking_exist(con):
    records(con, "patient | name\n1 | MARTIN")
    assert {*COLUMNS, *LISTS} <= set(con.table("link_record").columns)
