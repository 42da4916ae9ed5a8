"""Further columns of a table: their comparable form, what they compare, which pairs they bring together."""

import pytest

from pipelines.link.block import pair_candidates
from pipelines.link.other import OtherColumns, add_other, blocking, comparisons
from tests.tables import rows
from tests.unit.link.people import records

BOTH = OtherColumns(text=("other_0",), exact=("other_1",))
PEOPLE = """
    patient | name   | first
    1       | DUPONT | Anne
    2       | DUPONT | Anne
    3       | MARTIN | Luc
"""


def given(con, values, other=BOTH):
    records(con, PEOPLE)
    columns = ", ".join(f"other_{place}" for place in range(len(other.names)))
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE link_other AS SELECT * FROM (VALUES {values}) AS t(record_no, {columns})"
    ).fetchall()
    add_other(con, other)


@pytest.mark.parametrize(
    ("text", "exact", "formed"),
    [
        ("12, rue de l'Église", "01 02-03", ("12 RUE DE L EGLISE", "010203")),
        ("  ", "--", (None, None)),
        ("Çà", "éa1", ("CA", "EA1")),
    ],
)
def test_comparable_form(con, text, exact, formed):
    given(con, f"(1, '{text.replace(chr(39), chr(39) * 2)}', '{exact}')")
    found = rows(con, "SELECT record_no, other_0, other_1 FROM link_record")
    assert found == [(1, *formed), (2, None, None), (3, None, None)]


def test_nothing_further_changes_nothing(con):
    records(con, PEOPLE)
    before = rows(con, "FROM link_record")
    add_other(con, OtherColumns())
    assert rows(con, "FROM link_record") == before
    assert blocking(con, OtherColumns()) == ()
    assert comparisons(OtherColumns()) == []


def test_a_column_of_many_values_is_a_lead_by_itself_and_another_is_not(con):
    given(con, "(1, 'rue A', '7'), (2, 'rue B', '8'), (3, 'rue A', '9')")
    assert blocking(con, BOTH) == (("other_0",), ("other_1",))


def test_a_common_value_needs_the_beginning_of_a_name(con, monkeypatch):
    monkeypatch.setattr("pipelines.link.other.PAIRS_PER_RECORD", 0.5)
    given(con, "(1, 'rue A', '7'), (2, 'rue A', '8'), (3, 'rue A', '7')")
    found = blocking(con, BOTH)
    assert found == (("name_start", "other_0"), ("first_name_start", "other_0"), ("other_1",))
    pair_candidates(con, found, records_per_block=400, others=BOTH.names)
    assert rows(con, "FROM link_candidate") == [(1, 2), (1, 3)]


def test_levels_are_from_strong_to_weak_and_equal_values_are_weighed_by_frequency():
    text, exact = comparisons(BOTH)
    for comparison in (text, exact):
        null, equal, *others = comparison["comparison_levels"]
        assert null["is_null_level"]
        assert equal["tf_adjustment_column"] == comparison["output_column_name"]
        chances = [level["m_probability"] for level in (equal, *others)]
        assert sum(chances) == pytest.approx(1)
        assert others[-1]["sql_condition"] == "ELSE"


@pytest.mark.parametrize(
    ("left", "right", "level"),
    [
        ("1234567", "1234567", 0),
        ("1234567", "1234576", 1),
        ("1234567", "1234599", 2),
        ("1234567", "7654321", 3),
        ("123", "124", 3),
    ],
)
def test_a_slip_in_a_number_is_no_other_number_but_a_short_one_has_no_slips(con, left, right, level):
    (comparison,) = comparisons(OtherColumns(exact=("n",)))
    conditions = [found["sql_condition"] for found in comparison["comparison_levels"][1:-1]]
    asked = f"SELECT {', '.join(conditions)} FROM (SELECT '{left}' AS n_l, '{right}' AS n_r)"
    assert [*con.execute(asked).fetchall()[0], True].index(True) == level
