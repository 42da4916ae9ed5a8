"""The flow cut into calls for a scheduler that runs each in a process of its own, perhaps twice.

What passes from one call to the next is a run number, centre ids and counts. The ledger decides the work, and only
the open run of a network may do any: a call of a run that ended, or that another run took over, is refused.
"""

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import ConfigError, IntakeError, LedgerError
from pipelines.io.home import only_run, only_stager
from pipelines.io.ledger import Snapshot
from pipelines.registry import Registry, open_registry
from pipelines.run import Run

LOGGER = logging.getLogger("reseau.dag")


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a scheduled run works. `warehouse` is a URL with a password: it never leaves the process."""

    network_id: str
    home: Path
    inbox: Path
    warehouse: str | None = None


def begin(place: Place) -> int:
    """Start a run; returns its number. ConfigError when the network's inbox does not exist."""
    if not place.inbox.is_dir():
        remedy = "Make it, with one folder per centre, or correct RESEAU_INBOX."
        raise ConfigError("the network's inbox is missing", where=str(place.inbox), remedy=remedy)
    with open_registry(place.network_id, place.home) as registry, only_run(registry.home, place.network_id):
        return registry.ledger.start_run(place.network_id)


def receive(place: Place, run_id: int) -> list[str]:
    """Take the inbox in; returns the centres with work to do. What was computed before is recalled here."""
    from pipelines import flow
    from pipelines.centre_work import remembered

    with _alone(place, run_id) as (registry, run):
        flow.receive(registry, run)
        jobs = flow.centre_jobs(registry)
        to_do = {job.centre.id for job in jobs if remembered(job) is None}
        for job in jobs:
            if job.centre.id not in to_do:
                flow.stage_centre(registry, run, job.centre.id)
    LOGGER.info("run %d: %d centres with deliveries, %d to stage", run_id, len(jobs), len(to_do))
    return sorted(to_do)


def stage(place: Place, run_id: int, centre_id: str) -> dict[str, int]:
    """Stage and validate one centre; returns counts. A refused file is no error: the ledger has its reason."""
    from pipelines import flow

    with (
        open_registry(place.network_id, place.home) as registry,
        only_stager(registry.home, place.network_id, centre_id),
    ):
        result = flow.stage_centre(registry, _restored(registry, place, run_id), centre_id)
    for refusal in result.refusals:
        LOGGER.warning("run %d: %s: a file was refused: %s", run_id, centre_id, refusal.code)
    return {
        "was_computed": int(result.was_computed),
        "is_accepted": int(result.is_accepted),
        "refused_files": len(result.refusals),
    }


def is_anything_new(place: Place, run_id: int) -> bool:
    """False when the published snapshot and its report are made from what is staged; IntakeError if nothing is."""
    with _alone(place, run_id) as (registry, _):
        if not registry.staged_centres():
            remedy = "See the refused files; nothing is published."
            raise IntakeError("no centre could be loaded", remedy=remedy)
        snapshot = _built(registry)
        return snapshot is None or not registry.home.reports(place.network_id, snapshot.number).exists()


def link(place: Place, run_id: int) -> None:
    """Give every local patient a national person, unless the published snapshot has them."""
    from pipelines import flow

    with _alone(place, run_id) as (registry, run):
        if _built(registry) is None:
            flow.link(registry, run)


def harmonise(place: Place, run_id: int) -> None:
    """Code every diagnosis and group the tumours, unless the published snapshot has them."""
    from pipelines import flow

    with _alone(place, run_id) as (registry, run):
        if _built(registry) is None:
            flow.harmonise(registry, run)


def build(place: Place, run_id: int, *, today: dt.date) -> int:
    """Build, audit and publish a snapshot, once; returns its number."""
    from pipelines import publish

    with _alone(place, run_id) as (registry, run):
        fingerprint = registry.fingerprint()
        snapshot = _built(registry) or publish.build(registry, run, fingerprint=fingerprint, today=today)
        return snapshot.number


def report(place: Place, run_id: int, number: int, *, today: dt.date) -> None:
    """Write the report of a snapshot, once."""
    from pipelines import publish

    with _alone(place, run_id) as (registry, run):
        if not registry.home.reports(place.network_id, number).exists():
            publish.report(registry, run, number=number, today=today)


def load_warehouse(place: Place, run_id: int) -> None:
    """Load the published snapshot into the PostgreSQL warehouse, if the place names one and it lacks it."""
    from pipelines import publish

    with _alone(place, run_id) as (registry, run):
        publish.load_postgres(registry, run)


def close(place: Place, run_id: int, *, failed_tasks: int) -> dict[str, str | int | None]:
    """End the run in the ledger, once, and log what it did; returns its outcome and counts."""
    from pipelines import publish

    with open_registry(place.network_id, place.home) as registry:
        snapshot = publish.current_snapshot(registry)
        if registry.ledger.outcome(run_id) is None:
            is_new = snapshot is not None and snapshot.run_id == run_id
            outcome = "failed" if failed_tasks else "published" if is_new else "unchanged"
            fingerprint = None if failed_tasks else registry.fingerprint()
            registry.ledger.end_run(run_id, outcome=outcome, fingerprint=fingerprint)
        counts: dict[str, str | int | None] = {
            "run": run_id,
            "outcome": registry.ledger.outcome(run_id),
            "snapshot": snapshot.number if snapshot else None,
            "refused_files": len(registry.ledger.refusals(run_id)),
            "open_holds": len(registry.ledger.holds(place.network_id)),
            "failed_tasks": failed_tasks,
        }
    is_worth_a_look = counts["refused_files"] or counts["open_holds"] or failed_tasks
    LOGGER.log(logging.WARNING if is_worth_a_look else logging.INFO, "%s", counts)
    return counts


@contextmanager
def _alone(place: Place, run_id: int) -> Iterator[tuple[Registry, Run]]:
    with (
        open_registry(place.network_id, place.home) as registry,
        only_run(registry.home, place.network_id),
    ):
        yield registry, _restored(registry, place, run_id)


def _restored(registry: Registry, place: Place, run_id: int) -> Run:
    """What the ledger knows of an open run."""
    outcome = registry.ledger.outcome(run_id)
    if outcome is not None:
        raise LedgerError(
            f"run {run_id} has ended: {outcome}", remedy="Nothing was changed; start a new run."
        )
    return Run(
        run_id=run_id,
        inbox=place.inbox,
        warehouse=place.warehouse,
        refusals=registry.ledger.refusals(run_id),
        accounts=registry.ledger.accounts(run_id),
    )


def _built(registry: Registry) -> Snapshot | None:
    """The published snapshot if it is made from what is staged now."""
    from pipelines.publish import current_snapshot

    snapshot = current_snapshot(registry)
    return snapshot if snapshot and snapshot.fingerprint == registry.fingerprint() else None
