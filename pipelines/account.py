"""Row conservation: what entered a step left it, was set aside, was merged or was filtered. Nothing else.

A sum may close by chance: where rows have ids, the sets of ids must close too.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipelines.errors import AccountError

if TYPE_CHECKING:
    import pyarrow as pa

Outcome = Literal["set_aside", "merged", "filtered"]

EXACT_REPEAT = "exact_repeat"
SUPERSEDED = "superseded"
NOTHING_STATED = "nothing_stated"
BLANK_LINE = "blank_line"
REPEATED_HEADER = "repeated_header"
#: Why a row did not go on, in French and English; a row set aside has the id of a rule instead.
REASONS = {
    EXACT_REPEAT: ("répétition exacte d'une autre ligne", "exact repeat of another row"),
    SUPERSEDED: ("remplacée par un export plus récent", "replaced by a later export"),
    NOTHING_STATED: ("la ligne n'en dit rien", "the line says nothing of it"),
    BLANK_LINE: ("ligne vide", "blank line"),
    REPEATED_HEADER: ("en-tête répété", "repeated header"),
}


@dataclass(frozen=True, kw_only=True)
class Account:
    """The rows of one table in one step: in = out + set aside + merged + filtered."""

    step: str
    table: str
    rows_in: int
    rows_out: int
    rows_set_aside: int = 0
    rows_merged: int = 0
    rows_filtered: int = 0
    centre_id: str | None = None
    delivery_id: str | None = None

    @property
    def residual(self) -> int:
        """Rows that no outcome explains; 0 in a sound run."""
        return self.rows_in - self.rows_out - self.rows_set_aside - self.rows_merged - self.rows_filtered


@dataclass(frozen=True, kw_only=True)
class Reason:
    """How many rows of one account had one outcome for one reason: a key of `REASONS` or the id of a rule."""

    step: str
    table: str
    outcome: Outcome
    reason: str
    rows: int
    centre_id: str | None = None
    delivery_id: str | None = None


_Place = tuple[str, str, str | None, str | None]
_Gap = tuple[Account | Reason, str]


def _place(found: Account | Reason) -> _Place:
    return found.step, found.table, found.centre_id, found.delivery_id


def check_closed(accounts: Sequence[Account], reasons: Sequence[Reason] | None = None) -> None:
    """Raise AccountError when a sum does not close, naming every such account.

    With `reasons`, those of each delivery must add up to the columns of its accounts, and belong to one.
    """
    problems: list[_Gap] = [(a, f"{a.residual:+d}") for a in accounts if a.residual]
    if reasons is not None:
        problems += _unexplained(accounts, reasons)
    if problems:
        names = ", ".join(f"{_name(account)}: {gap}" for account, gap in problems)
        raise AccountError(
            f"rows are not accounted for: {names}", remedy="Nothing is published; report this."
        )


def _name(found: Account | Reason) -> str:
    return f"{found.step}/{found.table}{f'/{found.centre_id}' if found.centre_id else ''}"


def _unexplained(accounts: Sequence[Account], reasons: Sequence[Reason]) -> list[_Gap]:
    """The columns that their reasons do not explain, and the reasons of no account."""
    told: Counter[tuple[_Place, str]] = Counter()
    for reason in reasons:
        told[_place(reason), reason.outcome] += reason.rows
    known = {_place(account) for account in accounts}
    found: list[_Gap] = [
        (reason, f"{reason.reason} of no account") for reason in reasons if _place(reason) not in known
    ]
    for account in accounts:
        for outcome in ("set_aside", "merged", "filtered"):
            gap = getattr(account, f"rows_{outcome}") - told[_place(account), outcome]
            if gap and account.delivery_id is not None:
                found.append((account, f"{gap:+d} {outcome} without a reason"))
    return found


def check_sets(received: "pa.ChunkedArray", outcomes: "Sequence[pa.ChunkedArray]", *, where: str) -> None:
    """Raise AccountError unless each received row id is in exactly one outcome, and no outcome has another."""
    import numpy as np
    import pyarrow as pa

    found = [chunk for ids in outcomes for chunk in ids.chunks]
    both = pa.chunked_array([*received.chunks, *found], pa.string()).combine_chunks().dictionary_encode()
    places, n_ids = both.indices.to_numpy(), len(both.dictionary)
    times_received = np.bincount(places[: len(received)], minlength=n_ids)
    times_found = np.bincount(places[len(received) :], minlength=n_ids)
    if (times_received != 1).any() or (times_found != 1).any():
        n_found, shared = len(places) - len(received), int(((times_received > 0) & (times_found > 0)).sum())
        what = f"{where}: {len(received)} row ids received, {shared} found again among {n_found} outcomes"
        raise AccountError(what, remedy="Nothing is published; report this.")
