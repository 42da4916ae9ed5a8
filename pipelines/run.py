"""One run of the flow: what it was asked, what it found, what it cost."""

import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pipelines import log
from pipelines.account import Account, Reason, check_closed
from pipelines.errors import Refusal
from pipelines.holds import Hold
from pipelines.registry import Registry

#: Told after each unit of work: step, units done, units in all.
Progress = Callable[[str, int, int], None]


def silent(_step: str, _done: int, _total: int) -> None:
    """A progress that says nothing."""


@dataclass(kw_only=True)
class Run:
    """One run: its number and what it found so far."""

    run_id: int
    inbox: Path
    warehouse: str | None = None
    only_centres: tuple[str, ...] = ()
    progress: Progress = silent
    refusals: list[Refusal] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What a run did. `snapshot` is the one now published."""

    run_id: int
    outcome: str
    snapshot: int | None
    report: Path | None
    refusals: tuple[Refusal, ...]
    accounts: tuple[Account, ...]
    finding_counts: dict[str, int]
    is_over_budget: bool
    #: Every delivery that waits for a person, whichever run found it.
    holds: tuple[Hold, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 done, 1 done with refused or held files or findings over budget."""
        return 1 if self.refusals or self.holds or self.is_over_budget else 0


@contextmanager
def timed(registry: Registry, run: Run, step: str) -> Iterator[None]:
    """Time a step and write its cost to the ledger."""
    start = time.perf_counter()
    yield
    seconds = time.perf_counter() - start
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    registry.ledger.record_step(
        run.run_id, step, centre_id=None, was_computed=True, seconds=seconds, peak_mb=peak_mb
    )
    log.step(step, run=run.run_id, network=registry.network.id, seconds=round(seconds, 3))


def keep(
    registry: Registry, run: Run, accounts: list[Account], reasons: Sequence[Reason] | None = None
) -> None:
    """Record the accounts of a step, with their reasons if it gives any; AccountError when one does not close."""
    registry.ledger.record_accounts(run.run_id, accounts)
    registry.ledger.record_reasons(run.run_id, reasons or ())
    check_closed(accounts, reasons)
    run.accounts.extend(accounts)
