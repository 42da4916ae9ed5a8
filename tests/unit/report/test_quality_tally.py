"""What the portal hides: small counts, and whatever a subtraction would give back."""

import numpy as np
import pytest
from scipy.linalg import null_space

from pipelines.report.quality_tally import (
    COUNTS,
    EVERYTHING,
    NATION,
    Cell,
    hide,
    hide_table,
    protected,
    smallest_first,
)

THRESHOLD = 11
GROUPS = {
    "dimension": {"R1": "form", "R2": "form", "R3": "sense"},
    "family": {"R1": "who", "R2": "what", "R3": "what"},
}


def row(rule: str, centre: str, failed: int, passed: int, **more: int) -> dict[str, str | int]:
    judged = {"failed": failed, "passed": passed, "judged": failed + passed}
    return {"rule_id": rule, "centre_id": centre, **judged, **more}


def all_large() -> list[dict[str, str | int]]:
    return [
        row(rule, centre, 20 * size, 1000 * size)
        for size, rule in enumerate(("R1", "R2", "R3"), start=1)
        for centre in ("a", "b")
    ]


def test_large_counts_are_shown_and_added_up_over_centres_rules_and_groups():
    cells = protected(all_large(), GROUPS, THRESHOLD)
    assert (cells["R1", "a"].failed, cells["R1", NATION].failed) == (20, 40)
    assert (cells["form", "a"].failed, cells["sense", "a"].failed) == (60, 60)
    assert (cells["who", NATION].failed, cells["what", NATION].failed) == (40, 200)
    assert (cells[EVERYTHING, "a"].failed, cells[EVERYTHING, NATION].judged) == (120, 12_240)


def test_several_rows_of_one_rule_and_centre_are_added():
    findings: list[dict[str, str | int]] = [{"rule_id": "R1", "centre_id": "a", "new": 20}]
    cells = protected([*all_large(), *findings], GROUPS, THRESHOLD)
    assert (cells["R1", "a"].failed, cells["R1", "a"].new) == (20, 20)


def test_no_rows_give_no_rule_and_a_network_of_zeros():
    cells = protected([], GROUPS, THRESHOLD)
    assert cells == {(EVERYTHING, NATION): Cell()}


def test_a_small_count_is_hidden_and_zero_is_not():
    rows = [row("R1", "a", 10, 500), row("R1", "b", 0, 500), row("R1", "c", 40, 500), row("R1", "d", 90, 500)]
    cells = protected(rows, {"dimension": {"R1": "form"}}, THRESHOLD)
    assert cells["R1", "a"].failed is None
    assert cells["R1", "b"].failed == 0
    assert cells["R1", NATION].failed == 140


def test_a_second_count_of_the_sum_is_hidden_with_a_small_one():
    rows = [row("R1", "a", 10, 500), row("R1", "c", 40, 500), row("R1", "d", 90, 500)]
    cells = protected(rows, {"dimension": {"R1": "form"}}, THRESHOLD)
    assert cells["R1", "c"].failed is None  # 140 - 90 - 40 would tell
    assert cells["R1", "d"].failed == 90
    assert (cells["R1", "a"].passed, cells["R1", "a"].judged) == (None, 510)


def test_two_small_counts_that_make_less_than_the_threshold_together_take_a_third():
    rows = [row("R1", "a", 2, 500), row("R1", "b", 3, 500), row("R1", "c", 30, 500), row("R1", "d", 90, 500)]
    cells = protected(rows, {"dimension": {"R1": "form"}}, THRESHOLD)
    assert [cells["R1", c].failed for c in "abcd"] == [None, None, None, 90]


def test_a_hidden_failure_hides_the_standing_that_would_tell_it():
    rows = [
        row("R1", "a", 5, 500, new=5),
        row("R1", "b", 50, 500, new=50),
        row("R1", "c", 60, 500, new=60),
    ]
    cells = protected(rows, {"dimension": {"R1": "form"}}, THRESHOLD)
    assert cells["R1", "a"].new is None
    assert cells["R1", "a"].persisting == 0


def random_rows(rng: np.random.Generator) -> list[dict[str, str | int]]:
    rules, centres = [f"R{i}" for i in range(6)], [f"c{i}" for i in range(5)]
    found = []
    for rule in rules:
        for centre in centres:
            failed, passed = int(rng.geometric(0.06) - 1), int(rng.integers(0, 400))
            new = int(rng.integers(0, failed + 1))
            found.append(
                row(rule, centre, failed, passed, unknown=int(rng.integers(0, 30)),
                    not_applicable=int(rng.integers(0, 90)), new=new, persisting=failed - new)
            )  # fmt: skip
    return found


def spread(rows: list[dict[str, str | int]]) -> tuple[dict[str, dict[str, str]], set[tuple[str, ...]]]:
    rules = sorted({str(r["rule_id"]) for r in rows})
    groups = {
        "dimension": {rule: f"d{i % 2}" for i, rule in enumerate(rules)},
        "family": {rule: f"f{i // 2}" for i, rule in enumerate(rules)},
    }
    return groups, set(rules)


def equations(
    cells: dict[tuple[str, str], Cell], groups: dict[str, dict[str, str]]
) -> list[list[tuple[tuple[str, str, str], int]]]:
    """Every sum that a reader of the portal knows must hold, as lists of (cell and count, sign)."""
    rows, centres = sorted({r for r, _ in cells}), sorted({c for _, c in cells if c != NATION})
    found = []
    for r in rows:
        for c in [*centres, NATION]:
            found.append([((r, c, "failed"), 1), ((r, c, "passed"), 1), ((r, c, "judged"), -1)])
            found.append(
                [
                    ((r, c, "new"), 1),
                    ((r, c, "persisting"), 1),
                    ((r, c, "verified"), 1),
                    ((r, c, "failed"), -1),
                ]
            )
        for name in COUNTS:
            found.append([*(((r, c, name), 1) for c in centres), ((r, NATION, name), -1)])
    for of in groups.values():
        for c in [*centres, NATION]:
            for name in COUNTS:
                for group in set(of.values()):
                    parts = [((r, c, name), 1) for r, own in of.items() if own == group]
                    found.append([*parts, ((group, c, name), -1)])
                found.append([*(((g, c, name), 1) for g in set(of.values())), ((EVERYTHING, c, name), -1)])
    return found


def subtract(
    cells: dict[tuple[str, str], Cell], groups: dict[str, dict[str, str]]
) -> dict[tuple[str, str, str], int]:
    """What a reader finds by subtracting, again and again, wherever one count of a sum is hidden."""
    known = {
        (r, c, name): value
        for (r, c), cell in cells.items()
        for name in COUNTS
        if (value := getattr(cell, name)) is not None
    }
    found: dict[tuple[str, str, str], int] = {}
    before = -1
    while before != len(found):
        before = len(found)
        for equation in equations(cells, groups):
            unknown = [(place, sign) for place, sign in equation if place not in known]
            if len(unknown) == 1:
                place, sign = unknown[0]
                known[place] = found[place] = -sign * sum(s * known[p] for p, s in equation if p in known)
    return found


@pytest.mark.parametrize("seed", range(6))
def test_no_subtraction_gives_a_hidden_count_back(seed: int):
    rows = random_rows(np.random.default_rng(seed))
    groups, _ = spread(rows)
    cells = protected(rows, groups, THRESHOLD)
    assert any(cell.failed is None for cell in cells.values())
    assert subtract(cells, groups) == {}


@pytest.mark.parametrize("seed", range(4))
def test_no_combination_of_sums_gives_a_small_count_back(seed: int):
    """A hidden count that is the same in every solution of all the sums together would be known."""
    rows = random_rows(np.random.default_rng(seed))
    groups, _ = spread(rows)
    cells, truth = protected(rows, groups, THRESHOLD), protected(rows, groups, 1)
    hidden = [
        (r, c, name) for (r, c), cell in cells.items() for name in COUNTS if getattr(cell, name) is None
    ]
    rank = {place: i for i, place in enumerate(hidden)}
    matrix = []
    for equation in equations(cells, groups):
        line = np.zeros(len(hidden))
        for place, sign in equation:
            if place in rank:
                line[rank[place]] += sign
        matrix.append(line)
    freedom = np.abs(null_space(np.array(matrix))).max(axis=1)
    known = [place for place, free in zip(hidden, freedom, strict=True) if free < 1e-9]
    assert not [place for place in known if getattr(truth[place[:2]], place[2]) < THRESHOLD]


def test_the_attacker_finds_what_is_hidden_alone():
    cells = protected(all_large(), GROUPS, THRESHOLD)
    cells["R1", "a"] = Cell(failed=None, passed=1000, judged=1020, new=20)
    assert subtract(cells, GROUPS)["R1", "a", "failed"] == 20


@pytest.mark.parametrize("seed", range(3))
def test_nothing_small_is_ever_shown(seed: int):
    cells = protected(
        random_rows(np.random.default_rng(seed)),
        *spread(random_rows(np.random.default_rng(seed)))[:1],
        THRESHOLD,
    )
    shown = [getattr(cell, name) for cell in cells.values() for name in COUNTS]
    assert not [count for count in shown if count is not None and 0 < count < THRESHOLD]


def test_one_small_count_costs_few_others():
    rng = np.random.default_rng(1)
    rows = [row(f"R{r}", f"c{c}", int(rng.integers(20, 90)), 1000) for r in range(6) for c in range(8)]
    rows[0]["failed"], rows[0]["judged"] = 4, 1004
    cells = protected(rows, spread(rows)[0], THRESHOLD)
    hidden = [place for place, cell in cells.items() if cell.failed is None]
    assert ("R0", "c0") in hidden
    assert len(hidden) <= 8
    assert EVERYTHING not in {name for name, _ in hidden}


def test_the_share_is_that_of_the_rows_judged():
    assert Cell(failed=5, passed=95, judged=100).percent == 95
    assert Cell(failed=None, judged=100).percent is None
    assert Cell(failed=0, judged=0).percent is None
    assert Cell(failed=0, judged=None).percent == 100  # whatever their number
    assert Cell(failed=30, judged=None).percent is None
    assert (Cell(failed=3, judged=None).is_shown, Cell(failed=3, judged=9).is_shown) == (False, True)


def test_a_hidden_standing_still_says_that_something_is_raised():
    assert Cell(new=None).is_raised
    assert Cell(persisting=30).is_raised
    assert not Cell(verified=40, fixed=20).is_raised


def test_a_table_is_hidden_along_rows_and_families():
    table = np.array([[30, 5, 35], [60, 70, 130], [80, 90, 170], [170, 165, 335]])
    hidden = hide_table(table, sums=[(1, 0, 2)], families=[(0, 1, 2, 3)], threshold=THRESHOLD)
    assert hidden[0].tolist() == [True, True, False]
    assert hidden[1].tolist() == [True, True, False]  # the next smallest of each column
    assert not hidden[2:].any()


def test_a_line_is_given_up_in_its_own_order():
    counts = np.array([7, 100, 200])
    marks = hide(counts, [np.array([[2, 1, 0]])], THRESHOLD)
    assert marks.tolist() == [True, False, True]
    assert hide(counts, [smallest_first(np.array([[2, 1, 0]]), counts)], THRESHOLD).tolist() == [
        True,
        True,
        False,
    ]


def test_a_threshold_of_one_hides_nothing():
    cells = protected(
        random_rows(np.random.default_rng(1)), *spread(random_rows(np.random.default_rng(1)))[:1], 1
    )
    assert all(getattr(cell, name) is not None for cell in cells.values() for name in COUNTS)
