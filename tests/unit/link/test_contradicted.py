"""A guard is lifted only where the numbers of the table say that it sees errors and not other people."""

import pytest

from pipelines.link.contradicted import identifying_column, lift_contradicted
from pipelines.link.other import OtherColumns
from tests.tables import rows

EXACT = OtherColumns(exact=("other_0",))


def judged(con, pairs):
    """Pairs of two records each: (how many, veto, weight, whether they share their number, the number given)."""
    records, lines = [], []
    for many, veto, weight, number in pairs:
        for _ in range(many):
            left, right = len(records) + 1, len(records) + 2
            shared = f"n{left}"
            numbers = {"same": (shared, shared), "other": (shared, f"n{right}"), "missing": (shared, None)}[
                number
            ]
            records += [(left, numbers[0]), (right, numbers[1])]
            lines.append((left, right, weight, veto))
    con.execute("CREATE OR REPLACE TEMP TABLE link_record (record_no BIGINT, other_0 VARCHAR)").fetchall()
    con.executemany("INSERT INTO link_record VALUES (?, ?)", records)
    con.execute(
        "CREATE OR REPLACE TEMP TABLE link_judged"
        " (l BIGINT, r BIGINT, weight DOUBLE, veto_reason VARCHAR, veto INTEGER)"
    ).fetchall()
    con.executemany("INSERT INTO link_judged VALUES (?, ?, ?, ?, 1)", lines)
    con.execute("UPDATE link_judged SET veto = 0 WHERE veto_reason IS NULL").fetchall()


USUAL = [(90, None, 20, "same"), (10, None, 20, "other")]


@pytest.mark.parametrize(
    ("pairs", "lifted"),
    [
        ([*USUAL, (28, "CL5", 20, "same"), (2, "CL5", 20, "other")], ["CL5"]),
        ([*USUAL, (10, "CL5", 20, "same"), (20, "CL5", 20, "other")], []),  # twins
        ([*USUAL, (9, "CL5", 20, "same")], []),  # too few to tell
        ([*USUAL, (30, "CL5", 20, "missing")], []),  # nothing told
        ([*USUAL, (30, "CL1", 20, "same"), (30, "ML2", 20, "same")], []),  # numbers of their own
        ([*USUAL, (30, "CL5", 20, "same"), (30, "CL8", 20, "other")], ["CL5"]),
        (
            [(9, None, 20, "same"), (30, None, 0, "same"), (30, "CL5", 20, "same")],
            [],
        ),  # the number is a family's
        ([(30, "CL5", 20, "same")], []),  # nothing to compare with
    ],
)
def test_which_guards_are_lifted(con, pairs, lifted):
    judged(con, pairs)
    assert lift_contradicted(con, EXACT, weight_from=5) == lifted
    left = {veto for (veto,) in rows(con, "SELECT veto_reason FROM link_judged WHERE veto > 0")}
    assert left == {veto for _, veto, *_ in pairs if veto} - {*lifted}


def test_a_table_without_numbers_keeps_every_guard(con):
    judged(con, [*USUAL, (30, "CL5", 20, "same")])
    assert lift_contradicted(con, OtherColumns(text=("other_0",)), weight_from=5) == []


@pytest.mark.parametrize(
    ("pairs", "column"),
    [
        ([(20, None, 20, "same")], "other_0"),
        ([(19, None, 20, "same"), (2, None, 0, "same")], ""),
        ([(5, None, 20, "same")], ""),
        ([], ""),
    ],
)
def test_a_column_identifies_when_nearly_all_who_share_it_are_one_person(con, pairs, column):
    judged(con, [*pairs, (1, None, 0, "other")])
    assert identifying_column(con, EXACT, weight_from=5) == column
