"""The row account of each delivery and centre, as it may be published: what came, what was kept, where the rest went.

A line of a file is counted once for each table that it may speak of; small counts are hidden as everywhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.account import Account
from pipelines.delivery import Delivery
from pipelines.refusals import printable
from pipelines.report.quality_journal import Journal
from pipelines.report.quality_tally import NATION, hide_table

if TYPE_CHECKING:
    import numpy as np

#: received = kept + set aside + merged + filtered; what to give up first first.
_SUM = (4, 3, 1, 0, 2)


@dataclass(frozen=True, kw_only=True)
class Flow:
    """The rows of one delivery, of a centre (no delivery) or of all (NATION); None where a count is hidden."""

    centre_id: str
    delivery: Delivery | None = None
    files: int
    received: int | None
    kept: int | None
    set_aside: int | None
    merged: int | None
    filtered: int | None
    lines: int | None

    @property
    def file_name(self) -> str:
        """The name under which the delivery came, fit to print."""
        return printable(self.delivery.file_name) if self.delivery else ""


def flows(journal: Journal, threshold: int) -> list[Flow]:
    """The account of each delivery by centre, then of each centre, then of all; nothing without accounts."""
    import numpy as np

    ordered = sorted(journal.deliveries, key=lambda d: (d.centre_id, d.file_name, d.delivery_id))
    if not ordered or not any(account.delivery_id for account in journal.accounts):
        return []
    by_delivery: dict[str, list[Account]] = {}
    for account in journal.accounts:
        by_delivery.setdefault(account.delivery_id or "", []).append(account)
    rows = [_counts(by_delivery.get(delivery.delivery_id, ())) for delivery in ordered]
    owners = [delivery.centre_id for delivery in ordered]
    centres = sorted(set(owners))
    members = [[at for at, owner in enumerate(owners) if owner == centre] for centre in centres]
    single = np.array(rows, dtype=np.int64)
    summed = np.vstack([single[own].sum(axis=0) for own in members])
    table = np.vstack([single, summed, summed.sum(axis=0)])
    families = [[*own, len(rows) + at] for at, own in enumerate(members)]
    families.append([*range(len(rows), len(table) - 1), len(table) - 1])
    hidden = hide_table(table, sums=[_SUM], families=families, threshold=threshold)
    places = [(d.centre_id, d, 1) for d in ordered] + [(c, None, owners.count(c)) for c in centres]
    places.append((NATION, None, len(ordered)))
    return [_flow(place, table[at], hidden[at]) for at, place in enumerate(places)]


def _counts(accounts: Sequence[Account]) -> list[int]:
    """received, kept, set aside, merged, filtered, then the lines of the file."""
    staged = [account for account in accounts if account.step == "stage"]
    checked = [account for account in accounts if account.step == "validate"]
    both = (*staged, *checked)
    return [
        sum(account.rows_in for account in staged),
        sum(account.rows_out for account in checked),
        sum(account.rows_set_aside for account in both),
        sum(account.rows_merged for account in both),
        sum(account.rows_filtered for account in both),
        sum(account.rows_in for account in accounts if account.step == "read"),
    ]


def _flow(
    place: tuple[str, Delivery | None, int],
    counts: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    hidden: "np.ndarray[tuple[int], np.dtype[np.bool_]]",
) -> Flow:
    names = ("received", "kept", "set_aside", "merged", "filtered", "lines")
    shown = (None if is_hidden else int(count) for count, is_hidden in zip(counts, hidden, strict=True))
    centre, delivery, files = place
    return Flow(centre_id=centre, delivery=delivery, files=files, **dict(zip(names, shown, strict=True)))
