"""The DAG of a small network from exports to report: the first night, a quiet one, a bad one, a broken one."""

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.registry import Registry, open_registry
from tests.dags.airflow_process import NETWORK, environment, migrate, run_program

pytestmark = pytest.mark.slow  # each night starts Airflow's own processes: two minutes in all

CENTRES = 3


@dataclass
class Night:
    """What came of one run of the DAG."""

    state: str
    tasks: list[tuple[str, str, str | None]]
    printed: str

    def of(self, task_id: str) -> list[tuple[str, str | None]]:
        """State and label of each instance of a task."""
        return [(state, label) for name, state, label in self.tasks if name == task_id]

    def ended(self, state: str) -> set[str]:
        return {name for name, ended, _ in self.tasks if ended == state}


class Place:
    """A registry, an inbox and an Airflow of their own."""

    def __init__(self, root: Path, exports: Path) -> None:
        self.home, self.airflow = root / "home", root / "airflow"
        self.inbox, self.exports = root / "inbox" / NETWORK, exports
        where = {"RESEAU_HOME": str(self.home), "RESEAU_INBOX": str(self.inbox.parent)}
        self.env = environment(self.airflow, **where)
        self.senders = sorted(path.name for path in self.exports.iterdir() if path.is_dir())
        self.inbox.mkdir(parents=True)
        self.send(*self.senders[:CENTRES])

    def send(self, *centres: str) -> None:
        for centre in centres:
            shutil.copytree(self.exports / centre, self.inbox / centre)

    def run(self) -> Night:
        facts, printed = run_program("run_dag.py", f"reseau_{NETWORK}", env=self.env)
        return Night(facts["state"], [tuple(task) for task in facts["tasks"]], printed)

    def registry(self) -> Any:
        return open_registry(NETWORK, self.home)

    def published(self) -> list[int]:
        with self.registry() as registry:
            return [snapshot.number for snapshot in registry.ledger.snapshots(NETWORK)]

    def last_outcome(self) -> str:
        with self.registry() as registry:
            return str(registry.ledger.last_run(NETWORK)["outcome"])

    def known_identities(self) -> set[str]:
        """Every name, local patient id and national identifier that the registry holds."""
        files = self.home.joinpath("work", NETWORK, "centre", "*", "*", "val_patient_identity.parquet")
        columns = ("local_patient_id", "ins_matricule", "birth_name", "used_name", "first_names")
        with duckdb.connect() as con:
            found = [
                con.execute(f"SELECT DISTINCT {c} FROM '{files}' WHERE {c} IS NOT NULL").fetchall()
                for c in columns
            ]
        texts = {str(value) for rows in found for (value,) in rows}
        # a short number may be a part of any time or hash
        return {text for text in texts if len(text) >= (10 if text.isdigit() else 6)}


@pytest.fixture(scope="module")
def place(exports: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    made = Place(tmp_path_factory.mktemp("dag"), exports)
    migrate(made.env)
    yield made
    shutil.rmtree(made.home)


@pytest.fixture(scope="module")
def first_night(place: Place) -> Night:
    return place.run()


@pytest.fixture(scope="module")
def quiet_night(place: Place, first_night: Night) -> Night:
    return place.run()


@pytest.fixture(scope="module")
def bad_night(place: Place, quiet_night: Night) -> Night:
    """The first centre sends empty files, the second sends nonsense, a further one sends for the first time."""
    for centre, nonsense in zip(place.senders, ("", "x;y\r\n1;{}\r\n"), strict=False):
        for file in (
            place.inbox / centre
        ).iterdir():  # the same bytes under two names would be a question, no refusal
            file.write_text(nonsense.format(file.stem), encoding="utf-8")
    place.send(place.senders[CENTRES])
    return place.run()


@pytest.fixture(scope="module")
def broken_night(place: Place, bad_night: Night) -> Night:
    """The network's inbox is gone."""
    place.inbox.rename(place.inbox.with_name("elsewhere"))
    return place.run()


def test_the_first_night_publishes_a_snapshot_and_its_report(place: Place, first_night: Night):
    assert (first_night.state, first_night.ended("success")) == (
        "success",
        {n for n, _, _ in first_night.tasks},
    )
    assert (place.published()[:1], place.home.joinpath("reports", NETWORK, "000001").is_dir()) == ([1], True)


def test_each_centre_that_sent_has_its_task_under_its_name(place: Place, first_night: Night):
    assert first_night.of("stage") == [("success", centre) for centre in place.senders[:CENTRES]]


def test_the_rows_of_every_step_are_in_the_ledger(place: Place, first_night: Night):
    with place.registry() as registry:
        accounts = registry.ledger.accounts(1)
    assert {account.residual for account in accounts} == {0}
    assert {a.step for a in accounts} >= {"validate", "link", "harmonise", "warehouse"}
    assert {a.centre_id for a in accounts if a.step == "validate"} == set(place.senders[:CENTRES])


def test_what_passes_between_tasks_is_ids_and_counts(place: Place, first_night: Night):
    with sqlite3.connect(place.airflow / "airflow.db") as con:
        passed = [json.loads(str(value)) for (value,) in con.execute("SELECT value FROM xcom")]
    assert len(passed) >= 5 + CENTRES
    assert {word for value in passed for word in _words(value)} <= {*place.senders, "published", "unchanged"}


def _words(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [word for each in value.values() for word in _words(each)]
    if isinstance(value, list):
        return [word for each in value for word in _words(each)]
    return [value] if isinstance(value, str) else []


def test_airflow_keeps_no_identity(place: Place, first_night: Night):
    identities = place.known_identities()
    kept = b"\n".join(path.read_bytes() for path in place.airflow.rglob("*") if path.is_file())
    text = kept.decode("utf-8", "replace") + first_night.printed
    assert len(identities) > 50
    assert [identity for identity in identities if identity in text] == []


def test_a_quiet_night_skips_link_to_report_and_ends_well(place: Place, quiet_night: Night):
    assert quiet_night.state == "success"
    assert quiet_night.ended("skipped") == {"stage", "link", "harmonise", "build", "report"}
    assert (place.published()[:2], quiet_night.ended("failed")) == ([1], set())


def test_the_command_line_finds_nothing_to_do_after_the_dag(place: Place, quiet_night: Night):
    command = [
        sys.executable,
        "-m",
        "pipelines",
        "run",
        "--inbox",
        str(place.inbox),
        "--home",
        str(place.home),
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, env=place.env)
    assert (done.returncode, json.loads(done.stdout)["outcome"]) == (0, "unchanged")


def test_the_dag_and_the_command_line_publish_the_same(place: Place, first_night: Night, tmp_path: Path):
    other = tmp_path / "home"
    inbox = tmp_path / "inbox"
    for centre in place.senders[:CENTRES]:
        shutil.copytree(place.exports / centre, inbox / centre)
    command = [
        sys.executable,
        "-m",
        "pipelines",
        "run",
        "--inbox",
        str(inbox),
        "--home",
        str(other),
        "--json",
    ]
    key = {"RESEAU_KEY_FILE": str(place.home / "secret" / "pseudonym.key")}
    done = subprocess.run(command, capture_output=True, text=True, env=place.env | key)
    assert done.returncode == 0, done.stderr

    def hashes(registry: Registry) -> list[str]:
        return [snapshot.content_hash for snapshot in registry.ledger.snapshots(NETWORK)]

    with place.registry() as ours, pytest.MonkeyPatch.context() as patch:
        patch.setenv(*next(iter(key.items())))
        with open_registry(NETWORK, other) as theirs:
            assert hashes(ours)[0] == hashes(theirs)[0]


def test_a_refused_centre_does_not_stop_the_others(place: Place, bad_night: Night):
    assert (bad_night.state, bad_night.ended("failed")) == ("success", set())
    assert ("success", place.senders[CENTRES]) in bad_night.of("stage")
    with place.registry() as registry:
        last = registry.ledger.snapshots(NETWORK)[-1]
        refused = {refusal.centre_id for refusal in registry.ledger.refusals(last.run_id)}
        staged = set(registry.staged_centres())
    assert (last.number, refused) == (2, set(place.senders[:2]))
    assert staged == set(place.senders[: CENTRES + 1])  # what the two had sent before stays


def test_a_broken_night_fails_and_leaves_the_published_snapshot(place: Place, broken_night: Night):
    assert (broken_night.state, broken_night.of("begin")) == ("failed", [("failed", None)])
    assert place.published() == [1, 2]
    assert "the network's inbox is missing" in broken_night.printed
