"""Numbers of snapshots are never used twice, and steps that a scheduler repeats find what is already there."""

import datetime as dt
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines import dag_steps, publish
from pipelines.dag_steps import Place
from pipelines.errors import WarehouseError
from pipelines.io.ledger import Snapshot
from pipelines.registry import Registry
from pipelines.run import Run
from tests import small_network
from tests.small_network import NETWORK, TODAY, SmallNetwork


@pytest.fixture
def net(first: SmallNetwork, tmp_path: Path) -> Iterator[SmallNetwork]:
    with small_network.in_force(small_network.copied(first, tmp_path / "net")) as network:
        yield network


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with (
        small_network.in_force(small_network.write_network(tmp_path / "new")) as network,
        network.open() as opened,
    ):
        yield opened


def snapshot(number: int, network_id: str = NETWORK) -> Snapshot:
    return Snapshot(
        network_id=network_id, number=number, run_id=1, fingerprint="f", content_hash="c",
        published=dt.datetime(2026, 1, 2), patients=2, tumours=3,  # noqa: DTZ001 - the ledger keeps UTC
    )  # fmt: skip


@pytest.mark.parametrize(
    ("in_ledger", "on_disk", "number"),
    [
        ([], [], 1),
        ([1], ["000001"], 2),
        ([1, 2], ["000001", "000002"], 3),
        ([1], ["000001", "000002"], 3),  # died between the switch and the ledger
        ([1, 2], ["000001"], 3),  # a folder was removed: its number stays used
        ([], ["000007"], 8),
        ([1], ["000001", ".building-000002"], 2),  # died while it was built
        ([9], ["000009", "000010"], 11),  # numbers, not words
    ],
)
def test_the_next_number_was_used_neither_in_the_ledger_nor_on_the_disk(
    registry: Registry, in_ledger: list[int], on_disk: list[str], number: int
):
    for one in in_ledger:
        registry.ledger.record_snapshot(snapshot(one))
    for name in on_disk:
        (registry.home.snapshots(NETWORK) / name).mkdir(parents=True)
    assert publish.next_number(registry) == number


def test_the_link_to_the_current_snapshot_is_no_number(net: SmallNetwork):
    with net.open() as registry:
        assert publish.next_number(registry) == 2


def test_another_network_has_numbers_of_its_own(registry: Registry):
    registry.ledger.record_snapshot(snapshot(5, "autre"))
    registry.home.snapshot("autre", 5).mkdir(parents=True)
    assert publish.next_number(registry) == 1
    assert publish.current_snapshot(registry) is None


def test_the_current_snapshot_is_the_one_with_the_highest_number(registry: Registry):
    for number in (2, 10, 9):
        registry.ledger.record_snapshot(snapshot(number))
    found = publish.current_snapshot(registry)
    assert found is not None
    assert found.number == 10
    assert publish.warehouse_file(registry, 10).parts[-2:] == ("000010", "warehouse.duckdb")


def test_before_the_first_snapshot_there_are_no_findings(registry: Registry):
    assert publish.finding_counts(registry) == {}


def test_findings_are_counted_by_severity(net: SmallNetwork):
    with net.open() as registry:
        assert publish.finding_counts(registry) == {"error": 2, "info": 22, "warning": 2}


def test_without_a_postgresql_warehouse_nothing_is_loaded(net: SmallNetwork):
    with net.open() as registry:
        publish.load_postgres(registry, Run(run_id=1, inbox=net.inbox))
        assert "load_postgres" not in [step["step"] for step in registry.ledger.steps(1)]


def test_a_warehouse_that_cannot_be_reached_does_not_touch_the_snapshot(net: SmallNetwork):
    with pytest.raises(WarehouseError):
        net.run(warehouse="postgresql://nobody@127.0.0.1:1/none?connect_timeout=1")
    assert (net.published(), net.current().name) == ([1], "000001")
    with net.open() as registry:
        assert registry.ledger.last_run(NETWORK)["outcome"] == "failed"  # type: ignore[index]


# --- the same steps, called one by one ---


@pytest.fixture
def place(net: SmallNetwork) -> Place:
    return Place(network_id=NETWORK, home=net.home, inbox=net.inbox)


def test_a_quiet_night_has_nothing_to_do(net: SmallNetwork, place: Place):
    run_id = dag_steps.begin(place)
    assert dag_steps.receive(place, run_id) == []
    assert dag_steps.is_anything_new(place, run_id) is False
    assert dag_steps.close(place, run_id, failed_tasks=0)["outcome"] == "unchanged"
    with net.open() as registry:  # what was recalled is accounted for all the same
        assert sum(a.rows_in for a in registry.ledger.accounts(run_id) if a.step == "validate") == 14


def test_only_the_centre_that_changed_is_staged_and_its_counts_are_returned(net: SmallNetwork, place: Place):
    net.edit("alpha/chirurgie.csv", "R0", "R2")
    run_id = dag_steps.begin(place)
    assert dag_steps.receive(place, run_id) == ["alpha"]
    staged = [dag_steps.stage(place, run_id, "alpha") for _ in range(2)]
    assert staged == [
        {"was_computed": 1, "is_accepted": 1, "refused_files": 0},
        {"was_computed": 0, "is_accepted": 1, "refused_files": 0},  # repeated: recalled
    ]
    assert dag_steps.is_anything_new(place, run_id) is True


def test_a_refused_file_is_no_error_of_the_task_and_nothing_is_new(net: SmallNetwork, place: Place):
    net.send("gamma/export.xlsx", b"PK\x03\x04 cut")
    run_id = dag_steps.begin(place)
    assert dag_steps.receive(place, run_id) == ["gamma"]
    assert dag_steps.stage(place, run_id, "gamma") == {
        "was_computed": 1,
        "is_accepted": 0,
        "refused_files": 1,
    }
    assert dag_steps.is_anything_new(place, run_id) is False
    assert dag_steps.close(place, run_id, failed_tasks=0)["refused_files"] == 1


def test_the_steps_of_a_published_snapshot_do_nothing_when_repeated(net: SmallNetwork, place: Place):
    before = {p: p.stat().st_mtime_ns for p in net.home.rglob("*") if p.is_file() and "ledger" not in p.name}
    run_id = dag_steps.begin(place)
    dag_steps.link(place, run_id)
    dag_steps.harmonise(place, run_id)
    assert dag_steps.build(place, run_id, today=TODAY) == 1
    dag_steps.report(place, run_id, 1, today=TODAY)
    dag_steps.load_warehouse(place, run_id)
    after = {p: p.stat().st_mtime_ns for p in net.home.rglob("*") if p.is_file() and "ledger" not in p.name}
    assert {p: t for p, t in after.items() if p.name != "run.lock"} == {
        p: t for p, t in before.items() if p.name != "run.lock"
    }


def test_a_report_that_is_missing_is_something_new(net: SmallNetwork, place: Place):
    folder = net.home / "reports" / NETWORK / "000001"
    shutil.rmtree(folder)
    run_id = dag_steps.begin(place)
    assert dag_steps.is_anything_new(place, run_id) is True
    dag_steps.report(place, run_id, 1, today=TODAY)
    assert dag_steps.is_anything_new(place, run_id) is False
