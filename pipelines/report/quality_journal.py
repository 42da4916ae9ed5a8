"""What the ledger knows of one snapshot, and what became of the findings of each rule in each centre."""

import datetime as dt
import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.account import Account
from pipelines.corrections import RAISED, Alike, Status
from pipelines.delivery import Delivery
from pipelines.errors import Refusal
from pipelines.report.quality_tally import NATION

STANDINGS = ("new", "persisting", "verified", "fixed", "obsolete")


@dataclass(frozen=True)
class PastLinkage:
    """The rows of `fct_linkage` of one snapshot, and the newest declared day of export that it holds."""

    snapshot: int
    data_cut: dt.date | None
    rows: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Journal:
    """What the caller read in the ledger. `findings` is None when they were last settled for other data.

    `deliveries` are those in the snapshot, `received` all that ever came; `expected_days`: centre → the days after
    which its newest export is late; `docs` is the way from the folder of the portal to the Data Docs; `linkages` are
    those of the snapshots before, the newest first.
    """

    run_id: int
    accounts: Sequence[Account] = ()
    deliveries: Sequence[Delivery] = ()
    received: Sequence[Delivery] = ()
    refusals: Sequence[Refusal] = ()
    findings: Sequence[Alike] | None = None
    expected_days: Mapping[str, int] = field(default_factory=dict)
    docs: str | None = None
    linkages: Sequence[PastLinkage] = ()


@dataclass(frozen=True)
class Age:
    """Since when what is still to correct is known: the oldest day, and the median number of days."""

    oldest: dt.date
    median_days: int


def standing_of(found: Alike, *, run_id: int) -> str | None:
    """Where findings stand after a run: one of STANDINGS, None when they were closed before that run."""
    if found.status in RAISED:
        is_new = found.changed_run == run_id and found.since == found.last_seen
        return "new" if is_new and found.status == Status.OPEN else "persisting"
    if found.status == Status.VERIFIED:
        return "verified"
    return found.status.value if found.changed_run == run_id else None


def standing_rows(findings: Iterable[Alike], *, run_id: int) -> list[dict[str, str | int]]:
    """The number of findings by rule, centre and standing."""
    counted: Counter[tuple[str, str, str]] = Counter()
    for found in findings:
        if name := standing_of(found, run_id=run_id):
            counted[found.rule_id, found.centre_id, name] += found.count
    return [
        {"rule_id": rule, "centre_id": centre, name: count} for (rule, centre, name), count in counted.items()
    ]


def ages(
    findings: Iterable[Alike], groups: Mapping[str, str], *, today: dt.date, threshold: int
) -> dict[tuple[str, str], Age]:
    """How old what is raised is, by rule or group and by centre or NATION; nothing where it would tell of few."""
    since: dict[tuple[str, str], Counter[dt.date]] = {}
    for found in findings:
        if found.status in RAISED:
            for name in (found.rule_id, groups[found.rule_id]):
                for centre in (found.centre_id, NATION):
                    since.setdefault((name, centre), Counter())[found.since] += found.count
    return {
        place: Age(min(days), max(0, (today - _median(days)).days))
        for place, days in since.items()
        if days.total() >= threshold
    }


def _median(days: Counter[dt.date]) -> dt.date:
    """The day that half of the findings reach: the lower one when two stand in the middle."""
    return statistics.median_low(days.elements())
