"""The work on one centre: done once per set of deliveries, in a process that may die without the others."""

import dataclasses
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines import flow, log
from pipelines.account import Account
from pipelines.centre_work import (
    MANIFEST,
    CentreJob,
    CentreResult,
    _crashed,
    accept,
    do,
    do_all,
    remembered,
    staged_delivery_ids,
    validated_rows,
)
from pipelines.errors import FileRefused, RegistryError
from pipelines.run import Run
from tests import deadly, small_network
from tests.small_network import NETWORK, SmallNetwork, column
from validations.contracts.entities import ENTITIES


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallNetwork]:
    with small_network.in_force(small_network.write_network(tmp_path_factory.mktemp("jobs"))) as network:
        with network.open() as registry:
            flow.receive(registry, Run(run_id=registry.ledger.start_run(NETWORK), inbox=network.inbox))
        yield network


@pytest.fixture
def jobs(net: SmallNetwork, tmp_path: Path) -> dict[str, CentreJob]:
    """The jobs of the three centres, each with a target of its own."""
    with net.open() as registry:
        found = flow.centre_jobs(registry)
    return {
        job.centre.id: dataclasses.replace(job, target=tmp_path / job.centre.id / job.target.name)
        for job in found
    }


@pytest.fixture(scope="module")
def done(net: SmallNetwork, tmp_path_factory: pytest.TempPathFactory) -> tuple[CentreJob, CentreResult]:
    """The work on the first centre, done."""
    with net.open() as registry:
        [job] = [job for job in flow.centre_jobs(registry) if job.centre.id == "alpha"]
    job = dataclasses.replace(job, target=tmp_path_factory.mktemp("done") / "alpha" / "f1")
    return job, do(job)


# --- which jobs there are ---


def test_there_is_a_job_per_centre_with_deliveries(jobs: dict[str, CentreJob]):
    assert {name: len(job.deliveries) for name, job in jobs.items()} == {"alpha": 3, "beta": 1, "gamma": 1}


def test_the_deliveries_of_a_job_come_in_reading_order(jobs: dict[str, CentreJob]):
    assert [d.file_name for d in jobs["alpha"].deliveries] == ["patients.csv", "tumeurs.csv", "chirurgie.csv"]


def test_the_size_of_a_job_is_that_of_its_files(jobs: dict[str, CentreJob]):
    sizes = {name: job.size for name, job in jobs.items()}
    sent = {
        centre: sum(len(content) for name, content in small_network.FILES.items() if name.startswith(centre))
        for centre in jobs
    }
    assert sizes == sent


def test_a_centre_that_is_no_longer_declared_has_no_job(net: SmallNetwork):
    with net.open() as registry:
        centres = {name: centre for name, centre in registry.centres.items() if name != "beta"}
        vars(registry)["centres"] = centres
        assert [job.centre.id for job in flow.centre_jobs(registry)] == ["alpha", "gamma"]


# --- one job ---


def test_every_table_of_a_centre_is_written_even_when_empty(done: tuple[CentreJob, CentreResult]):
    job, _ = done
    expected = {f"{prefix}_{entity}.parquet" for prefix in ("stg", "val") for entity in ENTITIES}
    expected |= {
        "finding.parquet",
        "rule_result.parquet",
        "quarantine.parquet",
        "merged.parquet",
        "extra.parquet",
        MANIFEST,
    }
    assert {path.name for path in job.target.iterdir()} == expected
    assert column(job.target / "val_patient_identity.parquet", "local_patient_id") == ["A1", "A2", "A3"]
    assert column(job.target / "val_biopsy.parquet", "local_patient_id") == []


def test_what_is_remembered_is_what_was_done(done: tuple[CentreJob, CentreResult]):
    job, result = done
    again = remembered(job)
    assert again is not None
    assert again == dataclasses.replace(result, was_computed=False, seconds=0.0, peak_mb=0.0)
    assert result.accounts
    assert result.was_computed
    assert result.peak_mb > 10


def test_a_second_attempt_gives_the_same_bytes(done: tuple[CentreJob, CentreResult], tmp_path: Path):
    job, _ = done
    do(dataclasses.replace(job, target=tmp_path / "again"))
    for path in sorted(job.target.iterdir()):
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


@pytest.mark.parametrize("left", [[], ["val_tumour.parquet"], [".manifest.json.new"]])
def test_a_folder_without_its_manifest_is_nothing(jobs: dict[str, CentreJob], left: list[str]):
    job = jobs["alpha"]
    job.target.mkdir(parents=True)
    for name in left:
        (job.target / name).write_bytes(b"half")
    assert remembered(job) is None
    assert (staged_delivery_ids(job.target), validated_rows(job.target)) == ([], 0)


def test_an_attempt_that_was_cut_leaves_no_target_and_the_next_one_sweeps(jobs: dict[str, CentreJob]):
    job = jobs["beta"]
    building = job.target.with_name(f".building-{job.target.name}")
    building.mkdir(parents=True)
    (building / "val_tumour.parquet").write_bytes(b"half")
    assert remembered(job) is None
    assert do(job).is_accepted
    assert not building.exists()
    assert column(job.target / "val_tumour.parquet", "local_patient_id") == ["B1", "B2"]


def test_the_manifest_names_the_deliveries_and_counts_the_rows(done: tuple[CentreJob, CentreResult]):
    job, _ = done
    assert staged_delivery_ids(job.target) == [delivery.delivery_id for delivery in job.deliveries]
    assert (
        validated_rows(job.target) == 3 + 3 + 2
    )  # people, tumours, operations: not counted again when staged


def test_the_manifest_holds_counts_and_codes_only(done: tuple[CentreJob, CentreResult]):
    job, _ = done
    text = (job.target / MANIFEST).read_text(encoding="utf-8")
    counts = {"accounts", "reasons", "date_orders", "unmapped_cells"}
    assert set(json.loads(text)) == {"is_accepted", "delivery_ids", "refusals"} | counts
    assert not any(value in text for value in ("DURAND", "MARIE", "261036938300195", '"A1"'))


# --- accepted or refused ---


def result_of(job: CentreJob, *, is_accepted: bool) -> CentreResult:
    return CentreResult(
        centre_id=job.centre.id, is_accepted=is_accepted, accounts=(), refusals=(), was_computed=True
    )


@pytest.mark.parametrize(
    ("nights", "current"),
    [
        ([], None),
        ([("f1", True)], "f1"),
        ([("f1", False)], None),
        ([("f1", True), ("f2", True)], "f2"),
        ([("f1", True), ("f2", False)], "f1"),  # the last accepted one stays
        ([("f1", True), ("f2", False), ("f3", True)], "f3"),
        ([("f1", True), ("f2", True), ("f1", True)], "f1"),  # the older files came back
    ],
)
def test_the_current_staging_is_the_last_accepted(
    jobs: dict[str, CentreJob], nights: list[tuple[str, bool]], current: str | None
):
    job = jobs["alpha"]
    for name, is_accepted in nights:
        job.target.with_name(name).mkdir(parents=True, exist_ok=True)
        accept(
            dataclasses.replace(job, target=job.target.with_name(name)),
            result_of(job, is_accepted=is_accepted),
        )
    pointer = job.target.parent / "current"
    assert (pointer.read_text() if pointer.exists() else None) == current


# --- workers ---


def test_a_worker_that_dies_refuses_its_own_centre_only(jobs: dict[str, CentreJob]):
    killing = dataclasses.replace(jobs["alpha"], store=deadly.Killing(jobs["alpha"].store))
    results = {result.centre_id: result for result in do_all([killing, jobs["gamma"]])}
    crashed, well = results["alpha"], results["gamma"]
    assert (crashed.is_accepted, crashed.was_computed, crashed.accounts) == (False, True, ())
    assert [(r.code, r.centre_id, r.file) for r in crashed.refusals] == [
        ("parser_crashed", "alpha", name) for name in ("patients.csv", "tumeurs.csv", "chirurgie.csv")
    ]
    assert all(r.reason_fr != r.reason_en and r.remedy_fr != r.remedy_en for r in crashed.refusals)
    assert not jobs["alpha"].target.exists()  # not remembered: the next night tries again
    assert (well.is_accepted, well.refusals) == (True, ())
    assert remembered(jobs["gamma"]) is not None


def test_an_error_that_nobody_foresaw_refuses_its_own_centre_only(
    jobs: dict[str, CentreJob], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(log.LOGGER, "propagate", True)
    failing = dataclasses.replace(jobs["alpha"], store=deadly.Failing(jobs["alpha"].store))
    results = {result.centre_id: result for result in do_all([failing, jobs["gamma"]])}
    assert [r.code for r in results["alpha"].refusals] == ["parser_crashed"] * 3
    assert results["gamma"].is_accepted
    [said] = [json.loads(record.message) for record in caplog.records]
    assert (said["centre"], said["error"]) == ("alpha", "KeyError")
    assert said["at"].startswith("deadly.py:")
    assert "DURAND" not in caplog.text


def test_a_full_disk_is_the_fault_of_no_centre(jobs: dict[str, CentreJob]):
    full = dataclasses.replace(jobs["alpha"], store=deadly.Full(jobs["alpha"].store))
    with pytest.raises(OSError, match="No space left"):
        list(do_all([full]))


def test_superseded_stagings_are_swept(jobs: dict[str, CentreJob]):
    job = jobs["alpha"]
    for i, name in enumerate(("f1", ".building-f0", "f2", "f3", "f4")):
        folder = job.target.with_name(name)
        folder.mkdir(parents=True)
        os.utime(folder, ns=(i, i))
    accept(dataclasses.replace(job, target=job.target.with_name("f2")), result_of(job, is_accepted=False))
    assert len(list(job.target.parent.iterdir())) == 5
    accept(dataclasses.replace(job, target=job.target.with_name("f2")), result_of(job, is_accepted=True))
    assert sorted(path.name for path in job.target.parent.iterdir()) == ["current", "f2", "f4"]


def test_a_dead_worker_leaves_the_last_accepted_staging(net: SmallNetwork, monkeypatch: pytest.MonkeyPatch):
    """The flow takes a crashed result as any refused one."""
    with net.open() as registry:
        run = Run(run_id=registry.ledger.start_run(NETWORK), inbox=net.inbox)
        flow.stage(registry, run)
        before = registry.staged_centres()
        monkeypatch.setattr(flow, "remembered", lambda job: None)
        monkeypatch.setattr(flow, "do_all", lambda listed: map(_crashed, listed))
        again = Run(run_id=registry.ledger.start_run(NETWORK), inbox=net.inbox, only_centres=("beta",))
        flow.stage(registry, again)
        assert registry.staged_centres() == before
        assert [refusal.code for refusal in again.refusals] == ["parser_crashed"]
        assert [refusal.code for refusal in registry.ledger.refusals(again.run_id)] == ["parser_crashed"]


class NotForeseenError(RegistryError):
    """Something that is no refusal of a file."""


def test_an_error_that_is_no_crash_is_not_taken_for_one(
    jobs: dict[str, CentreJob], monkeypatch: pytest.MonkeyPatch
):
    def fails(*_: object, **__: object) -> None:
        raise NotForeseenError("the disk is full")

    monkeypatch.setattr("pipelines.stage.centre.stage_centre", fails)
    with pytest.raises(NotForeseenError, match="disk is full"):
        do(jobs["alpha"])
    assert not jobs["alpha"].target.exists()


def test_an_account_survives_the_manifest_with_all_its_facts(jobs: dict[str, CentreJob]):
    job = jobs["alpha"]
    job.target.mkdir(parents=True)
    account = Account(
        step="validate", table="val_tumour", rows_in=9, rows_out=3, rows_set_aside=1, rows_merged=2,
        rows_filtered=3, centre_id="alpha", delivery_id="d1",
    )  # fmt: skip
    facts = {
        "is_accepted": True, "delivery_ids": ["d1"], "accounts": [dataclasses.asdict(account)], "refusals": [],
    }  # fmt: skip
    (job.target / MANIFEST).write_text(json.dumps(facts))
    found = remembered(job)
    assert found is not None
    assert found.accounts == (account,)
    assert validated_rows(job.target) == 9


def test_a_refusal_keeps_its_accents_in_the_manifest(net: SmallNetwork, jobs: dict[str, CentreJob]):
    job = jobs["gamma"]
    [delivery] = job.deliveries
    other = dataclasses.replace(delivery, file_name="été.xlsx", content_hash="absent")
    (job.store / "absent").write_bytes(b"not a workbook")
    try:
        result = do(dataclasses.replace(job, deliveries=(other,)))
    finally:
        os.unlink(job.store / "absent")
    assert not result.is_accepted
    assert [r.file for r in result.refusals] == ["été.xlsx"]
    assert "été.xlsx" in (job.target / MANIFEST).read_text(encoding="utf-8")
    assert isinstance(FileRefused(result.refusals[0]), RegistryError)
