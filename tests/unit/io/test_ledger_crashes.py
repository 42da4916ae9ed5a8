"""The ledger under two processes, killed runs and failures in the middle: all or nothing, and readable again."""

import datetime as dt
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipelines.account import Account
from pipelines.delivery import Delivery
from pipelines.errors import LedgerError, Refusal, SecretError
from pipelines.io import ledger as module
from pipelines.io.ledger import Ledger, Snapshot
from tests.intakes import use
from validations.contracts.entities import ENTITIES

ROOT = Path(__file__).resolve().parents[3]
FIRST = Delivery(
    delivery_id="d1", centre_id="a", file_name="a1.csv", content_hash="h1", size=10, file_index=0,
    exported=dt.date(2021, 1, 31),
)  # fmt: skip
SECOND = replace(FIRST, delivery_id="d2", content_hash="h2")
THIRD = replace(FIRST, delivery_id="d3", centre_id="b", content_hash="h3")
DAY = dt.datetime(2026, 1, 2, 3, 4, 5)  # noqa: DTZ001 - the ledger keeps UTC
SNAPSHOT = Snapshot(
    network_id="n",
    number=1,
    run_id=1,
    fingerprint="f",
    content_hash="c",
    published=DAY,
    patients=2,
    tumours=3,
)
REFUSAL = Refusal("empty_file", "a.csv", "a", "vide", "empty", "renvoyer", "send again")


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "ledger.sqlite"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The file of a new ledger, made once."""
    path = tmp_path_factory.mktemp("ledger") / "empty.sqlite"
    Ledger(f"sqlite:///{path}", key_fingerprint="k").close()
    return path.read_bytes()


@pytest.fixture
def ledger(file: Path, empty: bytes) -> Iterator[Ledger]:
    file.write_bytes(empty)
    with Ledger(f"sqlite:///{file}", key_fingerprint="k") as found:
        yield found


def program(file: Path, body: str) -> subprocess.Popen[str]:
    """Another process with the same ledger open as `ledger`, that runs `body`."""
    text = f"from pipelines.io.ledger import *\nledger = Ledger({f'sqlite:///{file}'!r}, key_fingerprint='k')\n{body}"
    return subprocess.Popen(
        [sys.executable, "-c", text], cwd=ROOT, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True
    )


def outcomes(file: Path) -> list[tuple[object, ...]]:
    with sqlite3.connect(file) as con:
        found = con.execute(
            "SELECT run_id, network_id, outcome, ended IS NOT NULL FROM run ORDER BY run_id"
        ).fetchall()
    con.close()
    return list(found)


def test_a_run_that_was_killed_in_a_write_leaves_nothing_of_it(file: Path, ledger: Ledger):
    use(ledger, "n", [FIRST])
    body = (
        "ledger.start_run('n')\n"
        "con = ledger._engine.connect()\n"
        "con.execute(sa.update(DELIVERY).values(is_current=False))\n"
        "con.execute(sa.insert(STEP).values(run_id=1, step='x', was_computed=True, seconds=1, peak_mb=1))\n"
        "print('writing', flush=True); input()"
    )
    with program(file, body) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "writing\n"
        os.kill(child.pid, signal.SIGKILL)
    assert ledger.current_deliveries("n") == [FIRST]
    assert ledger.steps(1) == []
    assert outcomes(file) == [(1, "n", None, 0)]
    assert ledger.start_run("n") == 2
    assert outcomes(file) == [(1, "n", "interrupted", 1), (2, "n", None, 0)]


def test_two_processes_write_and_lose_nothing(file: Path, ledger: Ledger):
    step = "centre_id=None, was_computed=True, seconds=i, peak_mb=i"
    children = [
        program(file, f"for i in range(25): ledger.record_step(7, '{name}' + str(i), {step})")
        for name in "ab"
    ]
    for child in children:
        child.communicate()
    assert [child.returncode for child in children] == [0, 0]
    written = sorted(step["step"] for step in ledger.steps(7))
    assert written == sorted(f"{name}{i}" for name in "ab" for i in range(25))


def test_a_run_that_died_is_not_open_for_ever_and_other_networks_are_left_alone(file: Path, ledger: Ledger):
    runs = [ledger.start_run(network) for network in ("n", "m", "n", "n")]
    assert runs == [1, 2, 3, 4]
    assert outcomes(file) == [
        (1, "n", "interrupted", 1),
        (2, "m", None, 0),
        (3, "n", "interrupted", 1),
        (4, "n", None, 0),
    ]
    assert [ledger.outcome(run) for run in runs] == ["interrupted", None, "interrupted", None]


@pytest.mark.parametrize("outcome", ["published", "unchanged", "failed"])
def test_a_run_that_ended_keeps_its_outcome(file: Path, ledger: Ledger, outcome: str):
    ledger.end_run(ledger.start_run("n"), outcome=outcome)
    ledger.start_run("n")
    assert ledger.outcome(1) == outcome


@pytest.mark.parametrize("run", [0, 2, -1, 999])
def test_a_run_that_never_was_has_no_outcome(ledger: Ledger, run: int):
    ledger.start_run("n")
    with pytest.raises(LedgerError, match=f"there is no run {run}"):
        ledger.outcome(run)


@pytest.mark.parametrize(
    ("change", "before", "after"),
    [
        (lambda led: use(led, "n", [SECOND, SECOND]), [FIRST], [FIRST]),  # the same id twice
        (
            lambda led: use(led, "n", [SECOND, replace(SECOND, delivery_id=None)]),
            [FIRST],
            [FIRST],
        ),
        (lambda led: use(led, "n", [replace(SECOND, size=None)]), [FIRST], [FIRST]),
        (lambda led: use(led, "n", [replace(SECOND, centre_id=None), THIRD]), [FIRST], [FIRST]),
    ],
)
def test_deliveries_that_cannot_be_written_leave_the_current_ones(ledger: Ledger, change, before, after):
    use(ledger, "n", before)
    with pytest.raises(sa.exc.IntegrityError):
        change(ledger)
    assert ledger.current_deliveries("n") == after
    assert ledger.deliveries("n", {"d1", "d2", "d3"}) == after


def test_known_files_that_cannot_be_written_leave_the_old_ones(ledger: Ledger):
    ledger.remember_files({("a", 1, 2): "h"})
    with pytest.raises(sa.exc.IntegrityError):
        ledger.remember_files({("b", 1, 2): "h", ("c", 1, 2): None})
    assert ledger.seen_files() == {("a", 1, 2): "h"}
    ledger.remember_files({})
    assert ledger.seen_files() == {}


@pytest.mark.parametrize(
    ("sent", "current", "kept"),
    [
        ([[FIRST]], ["d1"], ["d1"]),
        ([[FIRST], [FIRST]], ["d1"], ["d1"]),
        ([[FIRST], [SECOND]], ["d2"], ["d1", "d2"]),
        ([[FIRST], [SECOND], [FIRST]], ["d1"], ["d1", "d2"]),
        ([[FIRST, THIRD], [SECOND]], ["d2"], ["d1", "d2", "d3"]),
        ([[FIRST, THIRD], [SECOND, THIRD]], ["d2", "d3"], ["d1", "d2", "d3"]),
        ([[FIRST], []], [], ["d1"]),
        ([[], [FIRST]], ["d1"], ["d1"]),
    ],
)
def test_a_delivery_is_superseded_and_never_lost(ledger: Ledger, sent, current: list[str], kept: list[str]):
    for deliveries in sent:
        use(ledger, "n", deliveries)
    assert [d.delivery_id for d in ledger.current_deliveries("n")] == current
    assert [d.delivery_id for d in ledger.deliveries("n", {"d1", "d2", "d3"})] == kept


def test_the_facts_of_a_delivery_come_back_as_they_were(ledger: Ledger):
    odd = replace(FIRST, file_name="Été «1»; DROP TABLE.csv", size=2**40, exported=None, part=3)
    use(ledger, "n", [odd])
    assert ledger.current_deliveries("n") == [odd]
    assert ledger.deliveries("n", {"d1"}) == [odd]
    assert ledger.deliveries("n", {"other"}) == ledger.deliveries("m", {"d1"}) == []


@pytest.mark.parametrize(
    ("key", "version", "raised"),
    [("k", "2", None), ("another", "2", SecretError), ("k", "3", LedgerError), ("another", "3", SecretError)],
)
def test_only_the_same_key_and_version_open_it_again(
    file: Path, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, key: str, version: str, raised
):
    use(ledger, "n", [FIRST])
    monkeypatch.setattr(module, "SCHEMA_VERSION", version)
    with pytest.raises(raised) if raised else nullcontext():
        Ledger(f"sqlite:///{file}", key_fingerprint=key).close()
    assert ledger.current_deliveries("n") == [FIRST]


def test_a_repeated_step_counts_its_rows_once(ledger: Ledger):
    accounts = [
        Account(step="stage", table="tumour", rows_in=3, rows_out=2, rows_set_aside=1, centre_id=centre)
        for centre in "ab"
    ]
    for _ in range(2):
        ledger.record_accounts(1, accounts)
        ledger.record_refusals(1, [REFUSAL])
    assert ledger.accounts(1) == accounts
    assert ledger.refusals(1) == [REFUSAL]


@pytest.mark.parametrize("name", ["rows_in", "rows_out", "rows_set_aside", "rows_merged", "rows_filtered"])
def test_every_part_of_an_account_is_kept_and_none_moves_to_another(ledger: Ledger, name: str):
    facts = {"rows_in": 0, "rows_out": 0, name: 10**12}
    ledger.record_accounts(1, [Account(step="s", table="t", **facts)])
    [found] = ledger.accounts(1)
    assert {part: getattr(found, part) for part in facts} == facts
    assert (found.step, found.table, found.centre_id, found.delivery_id) == ("s", "t", None, None)


def test_a_snapshot_number_is_used_once_per_network(ledger: Ledger):
    ledger.record_snapshot(SNAPSHOT)
    ledger.record_snapshot(replace(SNAPSHOT, network_id="m"))
    with pytest.raises(sa.exc.IntegrityError):
        ledger.record_snapshot(replace(SNAPSHOT, content_hash="other"))
    ledger.record_snapshot(replace(SNAPSHOT, number=10))
    ledger.record_snapshot(replace(SNAPSHOT, number=9))
    assert [s.number for s in ledger.snapshots("n")] == [1, 9, 10]
    assert ledger.snapshots("n")[0] == SNAPSHOT


@pytest.mark.parametrize(
    "content", [b"not a database, surely not one of ours" * 40, b"SQLite format 3\0" + b"\1" * 90]
)
def test_a_file_that_is_no_ledger_is_not_overwritten(file: Path, content: bytes):
    file.write_bytes(content)
    with pytest.raises(sa.exc.DatabaseError):
        Ledger(f"sqlite:///{file}", key_fingerprint="k")
    assert file.read_bytes() == content


def test_no_column_is_made_for_a_value_of_a_patient():
    names = {column.name for table in module.METADATA.tables.values() for column in table.columns}
    fields = {field.name for entity in ENTITIES.values() for field in entity}
    assert names & fields == set()
