"""Which cells of one table of counts to hide, so that no published sum gives a small one back.

The method is the hypercube one, with a proof kept for each hidden cell: a small count may be published as hidden when
cases could move along other hidden cells, changing it and no published sum, over a range of at least the threshold.
Two kinds of moves are used: around a rectangle (two groups × two categories), or within two categories hidden whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Counts = NDArray[np.int64]
    Marks = NDArray[np.bool_]

NOT_ACHIEVED, MISSING = "_not_achieved", "_missing"
#: What a reader loses with a cell: the residue is never printed, a rate is what the report is for.
_LOSS = {NOT_ACHIEVED: 0.5, MISSING: 2.0}
_LOSS_ACHIEVED = 3.0


@dataclass(frozen=True)
class Cells:
    """One table of counts of one period: groups × categories, the last category being the unknown."""

    groups: tuple[str, ...]
    categories: tuple[str, ...]
    counts: "Counts"

    @property
    def losses(self) -> "NDArray[np.float64]":
        """What hiding a cell of each category costs the reader."""
        import numpy as np

        return np.array([_LOSS.get(category, _LOSS_ACHIEVED) for category in self.categories])


def sensitive_cells(counts: "Counts", threshold: int) -> "Marks":
    """Counts between 1 and threshold - 1, and all that is known of a group whose known cases are all alike."""
    small = (counts > 0) & (counts < threshold)
    known = counts[:, :-1]
    unanimous = (known.sum(axis=1) > 0) & (known.max(axis=1) == known.sum(axis=1))
    possible = (known.sum(axis=0) > 0) | (len(counts) == 1)
    small[:, :-1] |= unanimous[:, None] & possible
    return small


def hide_remainders(cells: Cells, hidden: "Marks", threshold: int) -> "Marks":
    """Hide more of a row until what is hidden in it, which a subtraction reveals, reaches the threshold."""
    import numpy as np

    hidden = hidden.copy()
    for row in np.flatnonzero(hidden.any(axis=1)):
        counts = cells.counts[row]
        for column in np.lexsort((counts, cells.losses)):
            if counts[hidden[row]].sum() < threshold:
                hidden[row, column] |= counts[column] > 0
    return hidden


def _rectangles(cells: Cells, hidden: "Marks", row: int, column: int, need: int) -> Iterator["Marks"]:
    """The cheapest rectangle in which the cell can vary by at least `need`, hidden; nothing when there is none."""
    import numpy as np

    counts, losses, fresh = cells.counts, cells.losses, ~hidden
    up = np.minimum(counts[row][None, :], counts[:, column][:, None])
    down = np.minimum(counts[row, column], counts)
    allowed = up + down >= need
    allowed[row, :] = allowed[:, column] = False
    if not allowed.any():
        return
    loss = fresh[row] * losses + (fresh[:, column] * losses[column])[:, None] + fresh * losses
    cases = fresh[row] * counts[row] + (fresh[:, column] * counts[:, column])[:, None] + fresh * counts
    order = np.lexsort((cases.ravel(), np.where(allowed, loss, np.inf).ravel()))
    other_row, other_column = np.unravel_index(order[0], counts.shape)
    found = hidden.copy()
    found[np.ix_([row, other_row], [column, other_column])] = True
    yield found


def _column_pairs(cells: Cells, hidden: "Marks", row: int, column: int, need: int) -> Iterator["Marks"]:
    """The pairs of whole columns in which the cell can vary by at least `need`, each hidden.

    Where a pair leaves too little room, a third category of the row lends its cases to the pair through another row.
    """
    import numpy as np

    counts, sums = cells.counts, cells.counts.sum(axis=0)
    for partner in (other for other in range(len(sums)) if other != column):
        pair = counts[row, column] + counts[row, partner]
        least, lacking = max(0, pair - sums[partner]), need - pair
        found = hidden.copy()
        found[:, [column, partner]] = True
        if min(pair, sums[column]) - least >= need:
            yield found
        for lender in (other for other in range(len(sums)) if other not in (column, partner)):
            lent = np.minimum(counts[row, lender], counts[:, partner])
            lent[row] = 0
            enough = np.flatnonzero(
                (lent >= lacking) & (np.minimum(pair + lent, sums[column]) - least >= need)
            )
            if lacking > 0 and len(enough):
                best = enough[np.lexsort((counts[enough, lender], ~hidden[enough, lender]))[0]]
                lending = found.copy()
                lending[[row, best], lender] = True
                yield lending


def _protect(cells: Cells, hidden: "Marks", row: int, column: int, threshold: int) -> "Marks":
    """Hide what protects one sensitive cell at the least loss; everything when nothing less would do.

    The cell must be able to vary by the threshold, or by all that its row holds in two cells when that is less.
    """
    import numpy as np

    others = np.delete(cells.counts[row], column)
    need = min(threshold, int(cells.counts[row, column] + others.max()))
    options = [
        *_rectangles(cells, hidden, row, column, need),
        *_column_pairs(cells, hidden, row, column, need),
    ]
    losses = [((option & ~hidden) * cells.losses).sum() for option in options]
    return options[int(np.argmin(losses))] if options else np.ones_like(hidden)


def hidden_cells(cells: Cells, threshold: int) -> "Marks":
    """The cells to hide so that no sum of what is shown gives a sensitive one back."""
    import numpy as np

    sensitive = sensitive_cells(cells.counts, threshold)
    hidden, before = sensitive, None
    while before is None or (hidden != before).any():
        before = hidden
        hidden = hide_remainders(cells, hidden, threshold)
        for row, column in np.argwhere(sensitive):
            hidden = _protect(cells, hidden, int(row), int(column), threshold)
    return hidden
