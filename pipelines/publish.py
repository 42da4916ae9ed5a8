"""Write, audit, publish: a snapshot is visible only after its audit passed, by one switch; then its report.

Earlier snapshots stay as they were.
"""

import datetime as dt
import os
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.centre_work import staged_delivery_ids
from pipelines.delivery import Delivery
from pipelines.errors import AuditError
from pipelines.io.home import filling, switch
from pipelines.io.inbox import is_synthetic
from pipelines.io.ledger import Snapshot
from pipelines.registry import Registry
from pipelines.run import Run, keep, timed
from pipelines.settlement import settle_findings
from pipelines.warehouse import expectations_process
from pipelines.warehouse.expectations_process import ExpectationsProcess
from validations.expectation_result import Engine, ExpectationSummary

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

WAREHOUSE_FILE = "warehouse.duckdb"
EXPECTATIONS_FOLDER = "expectations"
PORTAL_FOLDER = "qualite"
SERVER_EXPECTATIONS_FOLDER = "expectations-postgresql"


def current_snapshot(registry: Registry) -> Snapshot | None:
    """The newest published snapshot, None before the first."""
    published = registry.ledger.snapshots(registry.network.id)
    return published[-1] if published else None


def next_number(registry: Registry) -> int:
    """A number that neither the ledger nor the disk has used."""
    folder = registry.home.snapshots(registry.network.id)
    names = [path.name for path in folder.iterdir()] if folder.exists() else []
    on_disk = [
        int(name) for name in names if name.isascii() and name.isdigit()
    ]  # `000001.bak` is none of ours
    return 1 + max([0, *on_disk, *(s.number for s in registry.ledger.snapshots(registry.network.id))])


def warehouse_file(registry: Registry, number: int) -> Path:
    """The DuckDB file of a snapshot."""
    return registry.home.snapshot(registry.network.id, number) / WAREHOUSE_FILE


def staged_deliveries(registry: Registry) -> list[Delivery]:
    """What the staged tables come from: a centre whose newest files were refused keeps its last accepted ones."""
    ids = {i for folder in registry.staged_folders() for i in staged_delivery_ids(folder)}
    return registry.ledger.deliveries(registry.network.id, ids)


def _deliveries(registry: Registry) -> "pd.DataFrame":
    import pandas as pd

    rows = [(d.delivery_id, d.centre_id, d.content_hash, d.exported) for d in staged_deliveries(registry)]
    return pd.DataFrame(rows, columns=["delivery_id", "centre_id", "content_hash", "exported_date"])


def _show_inputs(registry: Registry, con: "duckdb.DuckDBPyConnection") -> None:
    from pipelines.io.tables import show
    from validations.contracts.model import Layer
    from validations.contracts.tables import TABLES

    folder = registry.home.work(registry.network.id, "harmonised")
    for table in TABLES.values():
        if table.layer is Layer.HARMONISED:
            show(con, table, [folder / f"{table.name}.parquet"])
    for name in ("finding", "rule_result"):
        show(con, TABLES[f"fct_{name}"], registry.tables(name), name=name)
    monitor = registry.home.work(registry.network.id, "linked", "lnk_monitor.parquet")
    # absent where an earlier version of ours linked and this one only builds
    show(con, TABLES["fct_linkage"], [monitor] if monitor.exists() else [], name="linkage")


def _fill(registry: Registry, run: Run, file: Path, *, today: dt.date) -> None:
    from pipelines.io.configuration import read_codes
    from pipelines.io.tables import connect
    from pipelines.link.history import read_known
    from pipelines.link.ids import patient_aliases
    from pipelines.warehouse.build import build as fill_star

    with closing(connect(registry.home.work(registry.network.id, "scratch"), database=file)) as con:
        _show_inputs(registry, con)
        accounts = fill_star(
            con,
            network=registry.network,
            centres=registry.centres,
            facilities=read_codes("facility"),
            diagnoses=read_codes("morphology"),
            topographies=read_codes("topography"),
            deliveries=_deliveries(registry),
            aliases=patient_aliases(read_known(con, registry.persons.read()), key=registry.key),
            today=today,
        )
        keep(registry, run, accounts)


def _audit(registry: Registry, run: Run, file: Path) -> tuple[str, int, int]:
    """Reopen the closed file read-only and audit it; returns its content hash, patients and tumours."""
    from pipelines.io.tables import connect
    from pipelines.warehouse.audit import audit, content_hash

    scratch = registry.home.work(registry.network.id, "scratch")
    with closing(connect(scratch, database=file, read_only=True)) as con:
        problems = audit(con, accounts=[a for a in run.accounts if a.step == "warehouse"])
        if problems:
            raise AuditError(
                "; ".join(problems), remedy="The previous snapshot stays published; report this."
            )
        patients, tumours = con.execute(
            "SELECT (SELECT count(*) FROM dim_patient), (SELECT count(*) FROM fct_tumour)"
        ).fetchall()[0]
        return content_hash(con), patients, tumours


def build(
    registry: Registry,
    run: Run,
    *,
    fingerprint: str,
    today: dt.date,
    expectations: ExpectationsProcess | None = None,
) -> Snapshot:
    """Build a new snapshot beside the published one, audit it, publish it; returns it.

    AuditError when the audit or an expectation fails: nothing is published then.
    """
    number = next_number(registry)
    with (
        timed(registry, run, "build"),
        filling(registry.home.snapshot(registry.network.id, number)) as folder,
    ):
        with closing(expectations or expectations_process.start()) as process:
            _fill(registry, run, folder / WAREHOUSE_FILE, today=today)
            content, patients, tumours = _audit(registry, run, folder / WAREHOUSE_FILE)
            with timed(registry, run, "expectations"):
                docs = folder / EXPECTATIONS_FOLDER
                summary = process.run(folder / WAREHOUSE_FILE, docs)
        _judge(registry, run, Engine.DUCKDB, summary, snapshot=number, docs=docs)
    snapshot = Snapshot(
        network_id=registry.network.id,
        number=number,
        run_id=run.run_id,
        fingerprint=fingerprint,
        content_hash=content,
        published=dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0),
        patients=patients,
        tumours=tumours,
        is_synthetic=is_synthetic(run.inbox),
    )
    _switch(registry, snapshot)
    return snapshot


def _judge(
    registry: Registry,
    run: Run,
    engine: Engine,
    summary: ExpectationSummary,
    *,
    snapshot: int,
    docs: Path,
) -> None:
    """Keep what the expectations said. AuditError when one of the contract does not hold."""
    registry.ledger.expectations(registry.network.id).record(run.run_id, engine, summary, snapshot=snapshot)
    if summary.failed:
        tables = ", ".join(summary.failed_tables)
        problem = f"{summary.failed} expectations failed on {tables} ({engine.value})"
        raise AuditError(problem, where=str(docs), remedy="See the Data Docs; what was published stays.")


def _switch(registry: Registry, snapshot: Snapshot) -> None:
    folder = registry.home.snapshot(registry.network.id, snapshot.number)
    switch(folder.with_name("current"), folder)
    registry.ledger.record_snapshot(snapshot)


def load_postgres(registry: Registry, run: Run) -> None:
    """Load the current snapshot into the PostgreSQL warehouse of the run, if it names one and lacks it.

    AuditError when an expectation fails there: its views stay as they were.
    """
    from pipelines.io import postgres

    snapshot = current_snapshot(registry)
    if run.warehouse is None or snapshot is None:
        return
    if postgres.has_snapshot(
        run.warehouse, network_id=registry.network.id, content_hash=snapshot.content_hash
    ):
        return
    # its own child: this may be another night, or another task, than the build; it imports beside the copy
    with timed(registry, run, "load_postgres"), closing(expectations_process.start()) as process:
        postgres.load(
            run.warehouse,
            warehouse_file(registry, snapshot.number),
            network_id=registry.network.id,
            snapshot=snapshot.number,
            content_hash=snapshot.content_hash,
            audit=partial(_audit_server, registry, run, process, snapshot),
        )


def _audit_server(
    registry: Registry, run: Run, process: ExpectationsProcess, snapshot: Snapshot, schema: str
) -> None:
    docs = registry.home.snapshot(registry.network.id, snapshot.number) / SERVER_EXPECTATIONS_FOLDER
    with timed(registry, run, "expectations_postgres"), filling(docs) as folder:
        summary = process.run_on_server(str(run.warehouse), schema, folder)
        _judge(registry, run, Engine.POSTGRESQL, summary, snapshot=snapshot.number, docs=folder)


def write_report_of(registry: Registry, snapshot: Snapshot, out: Path, *, today: dt.date) -> None:
    """Write the report and the quality portal of one snapshot into the folder `out`, with what the ledger knows."""
    from pipelines.io.tables import connect
    from pipelines.journal import journal_of
    from pipelines.report.write import write_report

    scratch = registry.home.work(registry.network.id, "scratch")
    with closing(connect(scratch, database=warehouse_file(registry, snapshot.number), read_only=True)) as con:
        write_report(
            con,
            network=registry.network,
            snapshot=snapshot.number,
            out=out,
            journal=journal_of(registry, snapshot, docs=_way_to_docs(registry, snapshot.number, out)),
            generated_for=today,
            is_synthetic=snapshot.is_synthetic,
        )


def _way_to_docs(registry: Registry, number: int, out: Path) -> str | None:
    """The way from the portal in `out` to the Data Docs of a snapshot, None when there are none."""
    docs = registry.home.snapshot(registry.network.id, number) / EXPECTATIONS_FOLDER / "index.html"
    if not docs.exists():
        return None
    return Path(os.path.relpath(docs, out.resolve() / PORTAL_FOLDER)).as_posix()


def report(registry: Registry, run: Run, *, number: int, today: dt.date) -> Path:
    """Settle the findings of one snapshot and write its report beside the others; returns its folder."""
    target = registry.home.reports(registry.network.id, number)
    [snapshot] = [s for s in registry.ledger.snapshots(registry.network.id) if s.number == number]
    settle_findings(registry, run, fingerprint=snapshot.fingerprint, today=today)
    with timed(registry, run, "report"), filling(target) as folder:
        write_report_of(registry, snapshot, folder, today=today)
    return target


def finding_counts(registry: Registry) -> dict[str, int]:
    """Findings of the current snapshot by severity."""
    from pipelines.io.tables import connect

    snapshot = current_snapshot(registry)
    if snapshot is None:
        return {}
    scratch = registry.home.work(registry.network.id, "scratch")
    file = warehouse_file(registry, snapshot.number)
    with closing(connect(scratch, database=file, read_only=True)) as con:
        counted = con.execute(
            "SELECT severity, count(*) FROM fct_finding GROUP BY severity ORDER BY severity"
        )
        return {str(severity): int(count) for severity, count in counted.fetchall()}
