"""What the rules say of each centre, as it may be published: small counts are hidden, with what would give them back.

Everything the portal counts is a cell, and every sum that a reader can do is a line of cells. A small cell is hidden,
then more of each line until what is hidden in it is two counts that reach the threshold together. It protects against
a subtraction within one release, not against the comparison of two releases.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Marks = NDArray[np.bool_]
    Lines = NDArray[np.intp]

#: The centre that stands for all of them, and the row that stands for all rules.
NATION, EVERYTHING = "", ""


@dataclass(frozen=True)
class Cell:
    """The rows of one centre for one rule or group of rules, and what became of its findings; None where hidden.

    judged = failed + passed; failed = new + persisting + verified, but for a rule that asks of several fields.
    """

    failed: int | None = 0
    passed: int | None = 0
    judged: int | None = 0
    unknown: int | None = 0
    not_applicable: int | None = 0
    new: int | None = 0
    persisting: int | None = 0
    verified: int | None = 0
    fixed: int | None = 0
    obsolete: int | None = 0

    @property
    def is_shown(self) -> bool:
        """True when the failures and the rows judged are both published."""
        return self.failed is not None and self.judged is not None

    @property
    def percent(self) -> float | None:
        """The share of judged rows that conform; None when it is hidden or nothing was judged.

        All of them when none failed, also where their number is hidden: zero never is.
        """
        if self.failed == 0 and self.judged is None:
            return 100.0
        if self.failed is None or not self.judged:
            return None
        return 100 * (self.judged - self.failed) / self.judged

    @property
    def is_raised(self) -> bool:
        """True when something is still to correct, even where its count is hidden."""
        return self.new != 0 or self.persisting != 0


COUNTS = tuple(field.name for field in fields(Cell))
#: The sums of a cell, by the rank of the counts. In each, the count to give up first comes first: a reader comes for
#: the failures.
_SUMS = tuple(
    tuple(COUNTS.index(name) for name in names)
    for names in (
        ("passed", "judged", "failed"),
        ("not_applicable", "unknown", "judged"),
        ("verified", "persisting", "new", "failed"),
    )
)


def protected(
    rows: Iterable[Mapping[str, str | int]], groups: Mapping[str, Mapping[str, str]], threshold: int
) -> dict[tuple[str, str], Cell]:
    """The cells by row and centre. A row is a rule, a group of rules, or EVERYTHING; NATION is the sum of centres.

    `rows`: rule_id, centre_id and some counts. `groups`: kind of group → rule → group; names are unique over kinds.
    """
    import numpy as np

    listed = list(rows)
    rules = sorted({str(row["rule_id"]) for row in listed})
    centres = [*sorted({str(row["centre_id"]) for row in listed}), NATION]
    names = [*rules, *sorted({of[r] for of in groups.values() for r in rules}), EVERYTHING]
    rank, column = ({name: i for i, name in enumerate(own)} for own in (names, centres))
    cube = np.zeros((len(names), len(centres), len(COUNTS)), dtype=np.int64)
    for row in listed:
        cube[rank[str(row["rule_id"])], column[str(row["centre_id"])]] += [
            int(row.get(name, 0)) for name in COUNTS
        ]
    families = _families(rules, groups, rank)
    for *parts, total in families:
        cube[total] = cube[parts].sum(axis=0)
    cube[:, -1] = cube[:, :-1].sum(axis=1)
    hidden = hide(cube.ravel(), _lines(cube, families), threshold).reshape(cube.shape)
    return {
        (name, centre): Cell(*(None if h else int(c) for c, h in zip(cube[i, j], hidden[i, j], strict=True)))
        for name, i in rank.items()
        for centre, j in column.items()
    }


def _families(
    rules: Sequence[str], groups: Mapping[str, Mapping[str, str]], rank: Mapping[str, int]
) -> list[list[int]]:
    """The rows that add up to the last of them: the rules of each group, the groups of each kind."""
    families = []
    for of in groups.values():
        own = sorted({of[rule] for rule in rules})
        families += [[*(rank[rule] for rule in rules if of[rule] == name), rank[name]] for name in own]
        families.append([*(rank[name] for name in own), rank[EVERYTHING]])
    return families


def _lines(cube: "Counts", families: Sequence[Sequence[int]]) -> list["Lines"]:
    """Every sum that a reader of the cube can do: within a cell, over the centres, over the rules of a group."""
    import numpy as np

    places = np.arange(cube.size).reshape(cube.shape)
    within = [places[:, :, own].reshape(-1, len(own)) for own in _SUMS]
    across = places.swapaxes(1, 2).reshape(-1, cube.shape[1])
    down = [np.moveaxis(places[list(family)], 0, -1).reshape(-1, len(family)) for family in families]
    flat = cube.ravel()
    return [*within, *(smallest_first(lines, flat) for lines in (across, *down))]


def smallest_first(lines: "Lines", counts: "Counts") -> "Lines":
    """The same lines, the cells of each by their count: the smallest is given up first."""
    import numpy as np

    return np.take_along_axis(lines, np.argsort(counts[lines], axis=1, kind="stable"), axis=1)


def hide(counts: "Counts", lines: Sequence["Lines"], threshold: int) -> "Marks":
    """The cells to hide. `lines`: arrays of places in `counts`, one sum per row, what to give up first first."""
    import numpy as np

    marks, before = (counts > 0) & (counts < threshold), None
    while before is None or (marks != before).any():
        before = marks.copy()
        for some in lines:
            for line in some[_is_weak(counts[some], marks[some], threshold)]:
                marks[line] = _widened(counts[line], marks[line], threshold)
    found: Marks = np.asarray(marks)
    return found


def _widened(counts: "Counts", marks: "Marks", threshold: int) -> "Marks":
    """The marks of one line, with more of its cells, in its order, until they protect one another."""
    marks = marks.copy()
    held, hidden = int(counts[marks].sum()), int((counts[marks] > 0).sum())
    for place, count in enumerate(counts.tolist()):
        if held >= threshold and hidden >= 2:
            break
        if count and not marks[place]:
            marks[place] = True
            held, hidden = held + count, hidden + 1
    return marks


def _is_weak(counts: "Counts", marks: "Marks", threshold: int) -> "Marks":
    """True for the lines in which something is hidden, but less than two counts that reach the threshold."""
    import numpy as np

    held = np.where(marks, counts, 0)
    is_enough = (held.sum(axis=-1) >= threshold) & ((held > 0).sum(axis=-1) >= 2)
    weak: Marks = marks.any(axis=-1) & ~is_enough
    return weak


def hide_table(
    table: "Counts", *, sums: Sequence[Sequence[int]], families: Iterable[Sequence[int]], threshold: int
) -> "Marks":
    """The cells of one table to hide. `sums`: columns that make a sum, what to give up first first; `families`: rows
    of which the last is the sum of the others.
    """
    import numpy as np

    places = np.arange(table.size).reshape(table.shape)
    flat = table.ravel()
    down = [smallest_first(places[list(family)].T, flat) for family in families]
    found: Marks = hide(flat, [*(places[:, own] for own in sums), *down], threshold).reshape(table.shape)
    return found
