"""Small counts cannot be got back from sums: every table that a reader could still imagine, counted one by one."""

from itertools import product

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from pipelines.report.suppression import (
    MISSING,
    NOT_ACHIEVED,
    Cells,
    hidden_cells,
    hide_remainders,
    sensitive_cells,
)

THRESHOLD = 5
CATEGORIES = ("biopsy", NOT_ACHIEVED, MISSING)
MARGINS = ("r0", "r1", "r2", MISSING)


def cells(*counts, categories=CATEGORIES):
    return Cells(tuple(f"c{n}" for n in range(len(counts))), categories, np.array(counts))


def imaginable(counts, hidden):
    """The least and the greatest value of each cell in all tables with the same sums and the same shown cells.

    A reader knows the sum of each row and of each column, that no count is negative, and every cell that is shown.
    """
    rows, columns = counts.shape
    sums = np.zeros((rows + columns, counts.size))
    for row, column in product(range(rows), range(columns)):
        sums[[row, rows + column], row * columns + column] = 1
    totals = np.concatenate([counts.sum(axis=1), counts.sum(axis=0)])
    limits = [(0, None) if h else (c, c) for c, h in zip(counts.ravel(), hidden.ravel(), strict=True)]
    ends = np.zeros((counts.size, 2))
    for cell in np.flatnonzero(hidden.ravel()):
        goal = np.zeros(counts.size)
        goal[cell] = 1
        for end, sign in enumerate((1, -1)):
            found = linprog(sign * goal, A_eq=sums, b_eq=totals, bounds=limits)
            assert found.success
            ends[cell, end] = sign * found.fun
    return ends.reshape(rows, columns, 2)


def room(counts, hidden):
    """How much each hidden cell can still vary."""
    ends = imaginable(counts, hidden)
    return np.round(ends[..., 1] - ends[..., 0], 6)


@st.composite
def tables(draw, categories=CATEGORIES):
    """Two to five groups, many counts near the threshold."""
    count = st.one_of(st.integers(0, 7), st.sampled_from([0, 4, 5, 6, 12, 40, 300]))
    row = st.tuples(*(count for _ in categories))
    return cells(*draw(st.lists(row, min_size=2, max_size=5)), categories=categories)


@settings(max_examples=25, deadline=None)
@given(tables())
def test_no_sensitive_cell_is_shown_nor_given_back(table):
    hidden = hidden_cells(table, THRESHOLD)
    sensitive = sensitive_cells(table.counts, THRESHOLD)
    assert (hidden | ~sensitive).all()
    assume(not hidden.all())
    varies = room(table.counts, hidden)
    for row, column in np.argwhere(sensitive):
        others = np.delete(table.counts[row], column)
        assert varies[row, column] >= min(THRESHOLD, table.counts[row, column] + others.max())


@settings(max_examples=15, deadline=None)
@given(tables(categories=MARGINS))
def test_nor_where_the_answer_has_three_values(table):
    hidden = hidden_cells(table, THRESHOLD)
    assume(not hidden.all())
    varies = room(table.counts, hidden)
    small = (table.counts > 0) & (table.counts < THRESHOLD)
    assert (varies[small] > 0).all()


@settings(max_examples=40, deadline=None)
@given(tables())
def test_what_is_hidden_in_a_row_reaches_the_threshold_or_is_the_whole_row(table):
    hidden = hidden_cells(table, THRESHOLD)
    held = np.where(hidden, table.counts, 0).sum(axis=1)
    whole = np.where(table.counts > 0, hidden, True).all(axis=1)
    assert ((held >= THRESHOLD) | whole | ~hidden.any(axis=1)).all()


@settings(max_examples=40, deadline=None)
@given(tables())
def test_nothing_is_hidden_where_nothing_is_sensitive(table):
    is_needed = sensitive_cells(table.counts, THRESHOLD).any()
    assert hidden_cells(table, THRESHOLD).any() == is_needed


@settings(max_examples=40, deadline=None)
@given(tables())
def test_hiding_twice_hides_no_more(table):
    counts = table.counts.copy()
    first = hidden_cells(table, THRESHOLD)
    assert (hidden_cells(table, THRESHOLD) == first).all()
    assert (table.counts == counts).all(), "the counts themselves are never touched"


ATTACKED = [
    ("one small count", [(50, 30, 4), (60, 40, 30), (90, 80, 70)]),
    ("two small counts of one group", [(50, 2, 3), (60, 40, 30), (90, 80, 70)]),
    ("two small counts of one category", [(50, 30, 2), (60, 40, 2), (90, 80, 70)]),
    ("small counts on a diagonal", [(3, 30, 20), (60, 2, 30), (90, 80, 1)]),
    ("all known cases alike", [(60, 0, 20), (60, 40, 30), (90, 80, 70)]),
    ("no known case achieved", [(0, 60, 20), (60, 40, 30), (90, 80, 70)]),
    ("two groups only", [(50, 30, 4), (60, 40, 30)]),
    ("groups that can hardly lend", [(50, 30, 4), (60, 40, 3), (90, 80, 0)]),
    ("an empty group beside", [(50, 30, 4), (0, 0, 0), (90, 80, 70)]),
    ("a threshold just missed everywhere", [(4, 4, 4), (4, 4, 4), (40, 40, 40)]),
]


@pytest.mark.parametrize(("why", "counts"), ATTACKED, ids=[why for why, _ in ATTACKED])
def test_a_table_withstands_the_attack(why, counts):
    table = cells(*counts)
    hidden = hidden_cells(table, THRESHOLD)
    varies = room(table.counts, hidden)
    for row, column in np.argwhere(sensitive_cells(table.counts, THRESHOLD)):
        assert varies[row, column] >= THRESHOLD, f"{why}: {table.counts[row, column]} in row {row}"


@pytest.mark.parametrize(("why", "counts"), ATTACKED[:4], ids=[why for why, _ in ATTACKED[:4]])
def test_hiding_the_small_counts_alone_would_not_withstand_it(why, counts):
    """The attack is worth something: it breaks the tables in which only the small counts are hidden."""
    table = cells(*counts)
    small = sensitive_cells(table.counts, THRESHOLD)
    assert (room(table.counts, small)[small] < THRESHOLD).any(), why


def marks(found):
    return ["".join("x" if cell else "." for cell in row) for row in found]


@pytest.mark.parametrize(
    ("why", "counts", "hidden", "expected"),
    [
        ("nothing hidden stays so", [(9, 9, 9)], ["..."], ["..."]),
        ("enough is hidden", [(9, 5, 9)], [".x."], [".x."]),
        ("the residue goes first: it is never printed", [(9, 9, 4)], ["..x"], [".xx"]),
        ("then the unknown", [(9, 1, 2)], [".x."], ["xxx"]),
        ("the unknown before the rate", [(9, 1, 9)], [".x."], [".xx"]),
        ("a zero protects nobody", [(9, 0, 4)], ["..x"], ["x.x"]),
        ("all that there is, when it is less", [(1, 1, 1)], ["x.."], ["xxx"]),
        ("one row says nothing of another", [(9, 9, 4), (9, 9, 9)], ["..x", "..."], [".xx", "..."]),
    ],
)
def test_what_a_subtraction_reveals_is_widened(why, counts, hidden, expected):
    given_marks = np.array([[cell == "x" for cell in row] for row in hidden])
    before = given_marks.copy()
    assert marks(hide_remainders(cells(*counts), given_marks, THRESHOLD)) == expected, why
    assert (given_marks == before).all(), "the marks given are not changed"


@pytest.mark.parametrize(
    ("why", "counts", "expected"),
    [
        ("the threshold itself is shown", [(5, 40, 40), (40, 40, 40)], ["...", "..."]),
        ("one less is not", [(4, 40, 40), (40, 40, 40)], ["x..", "..."]),
        ("zero is shown", [(40, 40, 0), (40, 40, 40)], ["...", "..."]),
        ("a whole network of one answer tells it of everyone", [(40, 0, 9), (40, 0, 9)], ["x..", "x.."]),
        ("a single row of one answer hides both", [(40, 0, 9)], ["xx."]),
        ("an unknown group has no answer to tell", [(0, 0, 9), (40, 40, 40)], ["...", "..."]),
    ],
)
def test_what_is_sensitive_at_another_threshold(why, counts, expected):
    assert marks(sensitive_cells(np.array(counts), THRESHOLD)) == expected, why


def test_a_reader_loses_least_with_the_residue_and_most_with_a_rate():
    losses = dict(zip(MARGINS, cells((1, 1, 1, 1), categories=MARGINS).losses.tolist(), strict=True))
    residue, unknown = cells((1, 1, 1)).losses.tolist()[1:]
    assert residue < unknown < min(losses["r0"], losses["r1"], losses["r2"])
    assert losses[MISSING] == unknown
