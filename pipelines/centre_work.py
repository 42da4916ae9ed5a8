"""The work on one centre: read, staged, validated, written once per set of deliveries.

It runs in a worker process, so that a parser that dies takes one centre with it, not the run.
"""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType
from typing import TypeVar

from pipelines import log
from pipelines.account import Account, Reason
from pipelines.config import Centre
from pipelines.delivery import Delivery
from pipelines.errors import Refusal, RefusalCode, RegistryError, WorkerError
from pipelines.io.home import filling, read_pointer, sweep, write_pointer
from pipelines.io.tables import write_table

Result = TypeVar("Result")
MANIFEST = "manifest.json"
WORKERS = 2
#: The places that a traceback names: file and line.
_PLACE = re.compile(r'File "[^"\n]*?([^"/\n]+)", line (\d+)')


@dataclass(frozen=True, kw_only=True)
class CentreJob:
    """What a worker needs; everything in it can cross to another process."""

    network_id: str
    centre: Centre
    deliveries: tuple[Delivery, ...]
    store: Path
    target: Path
    key: bytes
    #: The entities of which the deliveries hold every row, when files may be absent; None: all are there.
    whole: frozenset[str] | None = None

    @property
    def size(self) -> int:
        """Bytes to read: large centres start first."""
        return sum(delivery.size for delivery in self.deliveries)


@dataclass(frozen=True, kw_only=True)
class CentreResult:
    """What came of one centre: accepted or not, its accounts with their reasons, and its refused files."""

    centre_id: str
    is_accepted: bool
    accounts: tuple[Account, ...]
    refusals: tuple[Refusal, ...]
    was_computed: bool
    reasons: tuple[Reason, ...] = ()
    seconds: float = 0.0
    peak_mb: float = 0.0


def do(job: CentreJob) -> CentreResult:
    """Stage and validate one centre and write its tables; the manifest is written with them."""
    import resource
    import time

    from pipelines.io.store import Store
    from pipelines.stage.centre import stage_centre

    start = time.perf_counter()
    store = Store(job.store)
    staged = stage_centre(
        job.centre,
        list(job.deliveries),
        open_delivery=lambda delivery: store.path(delivery.content_hash),
        network_id=job.network_id,
        key=job.key,
        whole=job.whole,
    )
    with filling(job.target) as folder:
        for prefix, tables in (("stg", staged.staged), ("val", staged.validated)):
            for entity, data in tables.items():
                write_table(data, folder / f"{prefix}_{entity}.parquet")
        write_table(staged.findings, folder / "finding.parquet")
        write_table(staged.results, folder / "rule_result.parquet")
        write_table(staged.quarantine, folder / "quarantine.parquet")
        write_table(staged.merged, folder / "merged.parquet")
        write_table(staged.extra, folder / "extra.parquet")
        facts = {
            "is_accepted": staged.is_accepted,
            "delivery_ids": [delivery.delivery_id for delivery in job.deliveries],
            "accounts": [asdict(account) for account in staged.accounts],
            "reasons": [asdict(reason) for reason in staged.reasons],
            "date_orders": [asdict(dates) for dates in staged.date_orders],
            "unmapped_cells": staged.extra.num_rows,
            "refusals": [asdict(refusal) for refusal in staged.refusals],
        }
        write_pointer(folder / MANIFEST, json.dumps(facts, ensure_ascii=False))
    return CentreResult(
        centre_id=job.centre.id,
        is_accepted=staged.is_accepted,
        accounts=tuple(staged.accounts),
        reasons=tuple(staged.reasons),
        refusals=tuple(staged.refusals),
        was_computed=True,
        seconds=time.perf_counter() - start,
        peak_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def remembered(job: CentreJob) -> CentreResult | None:
    """The result of an earlier run on the same deliveries, None when there is none."""
    manifest = read_pointer(job.target / MANIFEST)
    if manifest is None:
        return None
    facts = json.loads(manifest)
    return CentreResult(
        centre_id=job.centre.id,
        is_accepted=facts["is_accepted"],
        accounts=tuple(Account(**account) for account in facts["accounts"]),
        reasons=tuple(Reason(**reason) for reason in facts.get("reasons", ())),
        refusals=tuple(Refusal(**refusal) for refusal in facts["refusals"]),
        was_computed=False,
    )


def staged_delivery_ids(folder: Path) -> list[str]:
    """The deliveries that the tables of a staged centre were computed from."""
    manifest = read_pointer(folder / MANIFEST)
    return [] if manifest is None else list(json.loads(manifest)["delivery_ids"])


def validated_rows(folder: Path) -> int:
    """The rows of a staged centre that were validated, kept or set aside."""
    manifest = read_pointer(folder / MANIFEST)
    accounts = [] if manifest is None else json.loads(manifest)["accounts"]
    return sum(account["rows_in"] for account in accounts if account["step"] == "validate")


def accept(job: CentreJob, result: CentreResult) -> None:
    """Make an accepted result the centre's current one; a refused one leaves the last accepted in place.

    What is superseded is removed: it holds identities that nobody reads any more.
    """
    if result.is_accepted:
        write_pointer(job.target.parent / "current", job.target.name)
        sweep(job.target.parent, keep=job.target.name)


def submit(pool: ProcessPoolExecutor, work: Callable[..., Result], *arguments: object) -> Future[Result]:
    """Give a worker something to do. A worker that starts here does not import the caller's main module.

    Airflow's own command is such a module, and its import fails in the process of a task.
    """
    main = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        return pool.submit(work, *arguments)
    finally:
        sys.modules["__main__"] = main


def do_all(
    jobs: list[CentreJob], *, workers: int = WORKERS, work: Callable[[CentreJob], CentreResult] = do
) -> Iterator[CentreResult]:
    """Every centre's result, as they end; a worker that dies refuses its own centre only."""
    waiting = sorted(jobs, key=lambda job: -job.size)
    suspects: list[CentreJob] = []
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        futures: dict[Future[CentreResult], CentreJob] = {submit(pool, work, job): job for job in waiting}
        for future in as_completed(futures):
            if isinstance(future.exception(), BrokenProcessPool):
                suspects.append(futures[future])
            else:
                yield _result(futures[future], future)
    for job in suspects:  # one process each, to find out which one kills it
        yield _do_alone(job, work)


def _result(job: CentreJob, future: Future[CentreResult]) -> CentreResult:
    """What came of a centre. An error that nobody foresaw costs that centre; a full disk or a lost key is nobody's."""
    problem = future.exception()
    if problem is None:
        return future.result()
    if isinstance(problem, RegistryError | OSError) or not isinstance(problem, Exception):
        raise problem
    place = _PLACE.findall(str(problem.__cause__))[-1:]  # the message itself may hold a value
    log.failure(
        "stage", centre=job.centre.id, error=type(problem).__name__, at=":".join(place[0]) if place else ""
    )
    return _crashed(job)


def _do_alone(job: CentreJob, work: Callable[[CentreJob], CentreResult]) -> CentreResult:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        future = submit(pool, work, job)
        if not isinstance(future.exception(), BrokenProcessPool):
            return _result(job, future)
    check_workers()
    return _crashed(job)


def check_workers() -> None:
    """WorkerError when a worker dies with nothing to do: then no centre is to blame for it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        try:
            submit(pool, os.getpid).result()
        except BrokenProcessPool as problem:
            remedy = "See the memory and the installation of this machine; nothing was refused or changed."
            raise WorkerError("no worker process can start", remedy=remedy) from problem


def _crashed(job: CentreJob) -> CentreResult:
    refusals = tuple(
        Refusal(
            code=RefusalCode.CRASHED,
            file=delivery.file_name,
            centre_id=job.centre.id,
            reason_fr="la lecture des fichiers de ce centre a interrompu le programme",
            reason_en="reading this centre's files killed the reader",
            remedy_fr="Réexporter les fichiers ; le dernier dépôt accepté reste en place.",
            remedy_en="Export the files again; the last accepted delivery stays in place.",
        )
        for delivery in job.deliveries
    )
    return CentreResult(
        centre_id=job.centre.id, is_accepted=False, accounts=(), refusals=refusals, was_computed=True
    )
