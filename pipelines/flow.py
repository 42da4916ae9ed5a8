"""The order of the steps; the command line and the DAGs call them from here.

Each step may be repeated: what was already computed from the same inputs is not computed again.
"""

import datetime as dt
import time
from collections.abc import Iterable, Mapping
from contextlib import closing

from pipelines.centre_work import (
    CentreJob,
    CentreResult,
    accept,
    do_all,
    remembered,
    staged_delivery_ids,
    validated_rows,
)
from pipelines.config import Centre
from pipelines.delivery import Delivery, Sighting
from pipelines.errors import IntakeError, RegistryError
from pipelines.holds import HoldStatus
from pipelines.io.ledger import HOLDS_OF_INTAKE, Acceptance, CentreIntake
from pipelines.publish import (
    build,
    current_snapshot,
    finding_counts,
    load_postgres,
    report,
    staged_deliveries,
)
from pipelines.registry import Registry
from pipelines.run import Outcome, Run, keep, timed
from pipelines.warehouse.expectations_process import start


def receive(registry: Registry, run: Run) -> list[str]:
    """Take the inbox into the store and the ledger; returns the centres that have deliveries in use."""
    from pipelines.intake.receive import receive as take_in
    from pipelines.intake.receive import times_of_settling
    from pipelines.io.store import Store

    network, ledger = registry.network, registry.ledger
    with timed(registry, run, "receive"):
        history = ledger.sightings(network.id)
        intake = take_in(
            run.inbox,
            centres=registry.centres,
            store=Store(registry.home.deliveries),
            known=ledger.seen_files(),
            history=history,
            settling=times_of_settling(time.time_ns(), seconds=network.settle_seconds),
        )
        centres = _settle(registry, [*history, *intake.sightings], intake.waiting)
        ledger.record_intake(network.id, run.run_id, sightings=intake.sightings, centres=centres)
        ledger.remember_files(intake.known)
        ledger.record_refusals(run.run_id, intake.refusals)
        run.refusals.extend(intake.refusals)
    return sorted({delivery.centre_id for delivery in ledger.current_deliveries(network.id)})


def _settle(
    registry: Registry, history: list[Sighting], waiting: Mapping[str, Iterable[str]]
) -> list[CentreIntake]:
    """What counts of everything that the centres sent, and what a person is asked."""
    from pipelines.intake.versions import decide

    network_id, ledger = registry.network.id, registry.ledger
    decided, current = ledger.decisions(network_id), ledger.current_deliveries(network_id)
    centres = []
    for centre_id, centre in registry.centres.items():
        verdict = decide(
            centre,
            [sighting for sighting in history if sighting.centre_id == centre_id],
            network_id=network_id,
            decided=decided,
            in_use=[(d.delivery_id, d.version) for d in current if d.centre_id == centre_id],
            waiting=waiting.get(centre_id, ()),
        )
        centres.append(
            CentreIntake(
                centre_id=centre_id,
                in_use=verdict.in_use,
                others=verdict.superseded,
                holds=verdict.holds,
                is_settled=verdict.is_settled,
            )
        )
    return centres


def centre_jobs(registry: Registry) -> list[CentreJob]:
    """The work of every centre that has current deliveries and of which no delivery waits for a person."""
    by_centre: dict[str, list[Delivery]] = {}
    for delivery in registry.ledger.current_deliveries(registry.network.id):
        by_centre.setdefault(delivery.centre_id, []).append(delivery)
    held = {h.centre_id for h in registry.ledger.holds(registry.network.id) if h.code in HOLDS_OF_INTAKE}
    return [
        CentreJob(
            network_id=registry.network.id,
            centre=registry.centres[centre_id],
            deliveries=tuple(deliveries),
            store=registry.home.deliveries,
            target=registry.centre_folder(centre_id, registry.centre_fingerprint(centre_id, deliveries)),
            key=registry.key,
        )
        for centre_id, deliveries in by_centre.items()
        if centre_id in registry.centres and centre_id not in held
    ]


def _take(registry: Registry, run: Run, job: CentreJob, result: CentreResult) -> None:
    if result.is_accepted:
        _accept_unless_patients_vanished(registry, run, job, result)
    registry.ledger.record_step(
        run.run_id,
        "stage",
        centre_id=result.centre_id,
        was_computed=result.was_computed,
        seconds=result.seconds,
        peak_mb=result.peak_mb,
    )
    registry.ledger.record_refusals(run.run_id, result.refusals)
    run.refusals.extend(result.refusals)
    keep(registry, run, list(result.accounts), result.reasons)


def _accept_unless_patients_vanished(
    registry: Registry, run: Run, job: CentreJob, result: CentreResult
) -> None:
    """Make the staging the accepted one, or ask a person first when it would make many patients vanish."""
    from pipelines.intake.versions import omission
    from pipelines.io.patients import compare_patients

    network, centre_id = registry.network, job.centre.id
    before = registry.accepted_folder(centre_id)
    if before == job.target and _is_noted(registry, job):  # nothing new, as on most nights for most centres
        registry.ledger.record_omission(network.id, run.run_id, centre_id, None)
        return
    found = compare_patients(before, job.target)
    hold = omission(
        [delivery for delivery in job.deliveries if _has_patients(job.centre, delivery)],
        network_id=network.id,
        accepted=staged_delivery_ids(before) if before else (),
        before=found.before,
        absent=found.absent,
        percent=network.omission_hold_percent,
        decided=registry.ledger.decisions(network.id),
    )
    is_approved = hold is None or hold.status == HoldStatus.APPROVED
    if is_approved:
        accept(job, result)
        accepted = Acceptance(
            run_id=run.run_id, centre_id=centre_id, fingerprint=job.target.name, patients=found.now
        )
        registry.ledger.record_acceptance(network.id, accepted)
    registry.ledger.record_omission(network.id, run.run_id, centre_id, None if is_approved else hold)


def _is_noted(registry: Registry, job: CentreJob) -> bool:
    """True when the ledger's last acceptance of the centre is this staging: a run may have died before it was."""
    accepted = registry.ledger.acceptances(registry.network.id)
    return [a.fingerprint for a in accepted if a.centre_id == job.centre.id][-1:] == [job.target.name]


def _has_patients(centre: Centre, delivery: Delivery) -> bool:
    sheets = centre.files[delivery.file_index].sheets
    return any(table.entity == "patient_identity" for sheet in sheets for table in sheet.tables)


def stage_centre(registry: Registry, run: Run, centre_id: str) -> CentreResult:
    """Stage and validate one centre in a worker process: the form that a mapped task calls."""
    job = next((job for job in centre_jobs(registry) if job.centre.id == centre_id), None)
    if job is None:
        remedy = "See `reseau status`: it sent nothing, or a delivery of it waits for a decision."
        raise IntakeError("there is nothing to stage", where=centre_id, remedy=remedy)
    result = remembered(job)
    if result is None:
        [result] = do_all([job], workers=1)
    _take(registry, run, job, result)
    return result


def stage(registry: Registry, run: Run) -> int:
    """Stage and validate every centre that changed; returns how many were computed."""
    jobs = {job.centre.id: job for job in centre_jobs(registry)}
    chosen = {c: job for c, job in jobs.items() if not run.only_centres or c in run.only_centres}
    results = {centre_id: remembered(job) for centre_id, job in chosen.items()}
    todo = [chosen[centre_id] for centre_id, result in results.items() if result is None]
    with timed(registry, run, "stage_all"):
        for done, result in enumerate(do_all(todo) if todo else (), start=1):
            results[result.centre_id] = result
            run.progress("stage", done, len(todo))
        for centre_id, known in sorted(results.items()):
            if known is not None:
                _take(registry, run, chosen[centre_id], known)
    return len(todo)


def link(registry: Registry, run: Run) -> None:
    """Give every local patient a national person, the one of the nights before where there is one."""
    from pipelines.io.home import write_pointer
    from pipelines.io.linkage_model import load_model
    from pipelines.io.tables import connect, export_table, show
    from pipelines.link.decisions import in_force
    from pipelines.link.history import new_events, read_known
    from pipelines.link.lives import ACTS, FOLLOW_UP
    from pipelines.link.spark import scorer_of
    from pipelines.link.step import MADE
    from pipelines.link.step import link as join_people
    from pipelines.person_history import last_decision
    from pipelines.review_queue import DECIDED
    from validations.contracts.tables import TABLES

    network, scratch = registry.network, registry.home.work(registry.network.id, "scratch")
    with (
        timed(registry, run, "link"),
        connect(scratch) as con,
        scorer_of(network.linkage_engine, scratch=scratch) as scorer,
    ):
        for name in ("val_patient_identity", "val_tumour", FOLLOW_UP, *ACTS):
            show(con, TABLES[name], registry.tables(name))
        model = load_model(network.linkage_model)
        accounts = join_people(
            con,
            model=model,
            key=registry.key,
            known=read_known(con, registry.persons.read()),
            decided=in_force(con, registry.decisions.read()),
            exported={d.delivery_id: d.exported for d in staged_deliveries(registry)},
            scorer=scorer,
        )
        registry.persons.append(new_events(con, run_id=run.run_id, model=network.linkage_model))
        linked = registry.home.work(network.id, "linked")
        for name in MADE:
            export_table(con, name, linked / f"{name}.parquet")
        write_pointer(linked / DECIDED, str(last_decision(registry)))
        keep(registry, run, accounts)


def harmonise(registry: Registry, run: Run) -> None:
    """Code every diagnosis, group the tumours, attach the events."""
    from pipelines.harmonise.step import harmonise as code_everything
    from pipelines.io.tables import connect, export_table, show
    from validations.contracts.model import Layer
    from validations.contracts.tables import TABLES

    work = registry.home.work(registry.network.id)
    with timed(registry, run, "harmonise"), connect(work / "scratch") as con:
        for table in TABLES.values():
            if table.layer is Layer.VALIDATED:
                show(con, table, registry.tables(table.name))
        for name in ("lnk_record", "lnk_person"):
            show(con, TABLES[name], [work / "linked" / f"{name}.parquet"])
        accounts = code_everything(con, network=registry.network, centres=registry.centres, key=registry.key)
        export_table(con, "lnk_tumour", work / "linked" / "lnk_tumour.parquet")
        for table in TABLES.values():
            if table.layer is Layer.HARMONISED:
                export_table(con, table.name, work / "harmonised" / f"{table.name}.parquet")
        keep(registry, run, accounts)


def run_all(registry: Registry, run: Run, *, today: dt.date) -> Outcome:
    """Every step in order, once. An error leaves the published snapshot as it was."""
    try:
        receive(registry, run)
        stage(registry, run)
        fingerprint = registry.fingerprint()
        last = current_snapshot(registry)
        outcome = "unchanged"
        if last is None or last.fingerprint != fingerprint:
            outcome = "published"
            _publish(registry, run, fingerprint=fingerprint, today=today)
        elif not registry.home.reports(registry.network.id, last.number).exists():  # a run died before it
            report(registry, run, number=last.number, today=today)
        load_postgres(registry, run)
    except RegistryError:
        registry.ledger.end_run(run.run_id, outcome="failed")
        raise
    registry.ledger.end_run(run.run_id, outcome=outcome, fingerprint=fingerprint)
    return _outcome(registry, run, outcome)


def _publish(registry: Registry, run: Run, *, fingerprint: str, today: dt.date) -> None:
    if not registry.staged_centres():
        raise IntakeError("no centre could be loaded", remedy="See the refused files; nothing is published.")
    with closing(start()) as expectations:  # it imports Great Expectations while the other steps run
        for done, step in enumerate((link, harmonise), start=1):
            step(registry, run)
            run.progress("publish", done, 4)
        snapshot = build(registry, run, fingerprint=fingerprint, today=today, expectations=expectations)
    run.progress("publish", 3, 4)
    report(registry, run, number=snapshot.number, today=today)
    run.progress("publish", 4, 4)


def _outcome(registry: Registry, run: Run, outcome: str) -> Outcome:
    findings = finding_counts(registry)
    last = current_snapshot(registry)
    # the findings are those of every centre in the snapshot, so the rows are too, whatever this run staged
    rows = sum(validated_rows(folder) for folder in registry.staged_folders())
    errors = findings.get("error", 0) + findings.get("fatal", 0)
    return Outcome(
        run_id=run.run_id,
        outcome=outcome,
        snapshot=last.number if last else None,
        report=registry.home.reports(registry.network.id, last.number) if last else None,
        refusals=tuple(run.refusals),
        holds=tuple(registry.ledger.holds(registry.network.id)),
        accounts=tuple(run.accounts),
        finding_counts=findings,
        is_over_budget=errors > rows * registry.network.error_budget_percent / 100,
    )
