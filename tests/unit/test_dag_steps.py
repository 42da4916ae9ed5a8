"""Steps that a scheduler may call twice, late, or beside another run."""

import logging
from pathlib import Path

import pytest

from pipelines import dag_steps
from pipelines.account import Account
from pipelines.dag_steps import Place
from pipelines.errors import ConfigError, IntakeError, LedgerError, Refusal, RefusalCode
from pipelines.io.home import only_run, only_stager, open_home
from pipelines.registry import open_registry

NETWORK = "netsarc"
ACCOUNT = Account(
    step="validate", table="val_tumour", rows_in=3, rows_out=2, rows_set_aside=1, centre_id="c1"
)
REFUSAL = Refusal(RefusalCode.EMPTY_FILE, "a.csv", "c1", "vide", "empty", "renvoyer", "send again")


@pytest.fixture
def place(tmp_path: Path) -> Place:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    return Place(network_id=NETWORK, home=tmp_path / "home", inbox=inbox)


def outcomes(place: Place, *run_ids: int) -> list[str | None]:
    with open_registry(NETWORK, place.home) as registry:
        return [registry.ledger.outcome(run_id) for run_id in run_ids]


def test_a_run_begins_open_and_numbered(place: Place):
    assert dag_steps.begin(place) == 1
    assert outcomes(place, 1) == [None]


def test_a_run_does_not_begin_without_its_inbox(place: Place):
    place.inbox.rmdir()
    with pytest.raises(ConfigError, match="inbox is missing"):
        dag_steps.begin(place)
    assert not place.home.exists()  # no registry is made by a wrong variable


def test_a_run_does_not_begin_while_another_is_at_work(place: Place):
    with only_run(open_home(place.home), NETWORK), pytest.raises(LedgerError, match="another run"):
        dag_steps.begin(place)


def test_a_run_that_begins_again_takes_over(place: Place):
    first, second = dag_steps.begin(place), dag_steps.begin(place)
    assert outcomes(place, first, second) == ["interrupted", None]


STEPS = {
    "receive": lambda place, run: dag_steps.receive(place, run),
    "stage": lambda place, run: dag_steps.stage(place, run, "c1"),
    "is_anything_new": lambda place, run: dag_steps.is_anything_new(place, run),
    "link": lambda place, run: dag_steps.link(place, run),
    "harmonise": lambda place, run: dag_steps.harmonise(place, run),
    "build": lambda place, run: dag_steps.build(place, run, today=None),
    "report": lambda place, run: dag_steps.report(place, run, 1, today=None),
    "load_warehouse": lambda place, run: dag_steps.load_warehouse(place, run),
}


@pytest.mark.parametrize("name", STEPS)
def test_a_late_step_of_an_older_run_does_nothing(place: Place, name: str):
    older = dag_steps.begin(place)
    dag_steps.begin(place)
    with pytest.raises(LedgerError, match=f"run {older} has ended: interrupted"):
        STEPS[name](place, older)


@pytest.mark.parametrize("name", STEPS)
def test_a_step_does_nothing_while_another_run_is_at_work(place: Place, name: str):
    run_id = dag_steps.begin(place)
    with only_run(open_home(place.home), NETWORK), pytest.raises(LedgerError, match="another run"):
        STEPS[name](place, run_id)


@pytest.mark.parametrize("name", STEPS)
def test_a_step_of_a_run_that_never_was_is_refused(place: Place, name: str):
    with pytest.raises(LedgerError, match="no run 7"):
        STEPS[name](place, 7)


def test_centres_are_staged_side_by_side_but_each_once(tmp_path: Path):
    home = open_home(tmp_path)
    with only_stager(home, NETWORK, "c1"):
        with only_stager(home, NETWORK, "c2"):
            pass
        with pytest.raises(LedgerError, match="c1 is being staged"), only_stager(home, NETWORK, "c1"):
            pass
        with pytest.raises(LedgerError, match="another run"), only_run(home, NETWORK):
            pass
    with only_run(home, NETWORK):
        pass


def test_nothing_is_published_from_nothing(place: Place):
    with pytest.raises(IntakeError, match="no centre could be loaded"):
        dag_steps.is_anything_new(place, dag_steps.begin(place))


def test_a_step_that_is_repeated_counts_once(place: Place):
    run_id = dag_steps.begin(place)
    with open_registry(NETWORK, place.home) as registry:
        for _ in range(2):
            registry.ledger.record_accounts(run_id, [ACCOUNT])
            registry.ledger.record_refusals(run_id, [REFUSAL])
        assert registry.ledger.accounts(run_id) == [ACCOUNT]
        assert registry.ledger.refusals(run_id) == [REFUSAL]


def test_a_run_with_a_failed_task_ends_as_failed(place: Place):
    run_id = dag_steps.begin(place)
    counts = dag_steps.close(place, run_id, failed_tasks=2)
    assert counts == {
        "run": 1, "outcome": "failed", "snapshot": None, "refused_files": 0, "open_holds": 0, "failed_tasks": 2,
    }  # fmt: skip
    assert outcomes(place, run_id) == ["failed"]


def test_a_run_that_published_nothing_ends_as_unchanged(place: Place):
    run_id = dag_steps.begin(place)
    assert dag_steps.close(place, run_id, failed_tasks=0)["outcome"] == "unchanged"


def test_a_run_ends_once(place: Place):
    run_id = dag_steps.begin(place)
    dag_steps.close(place, run_id, failed_tasks=1)
    assert dag_steps.close(place, run_id, failed_tasks=0)["outcome"] == "failed"


def test_a_run_that_another_took_over_does_not_end_the_other(place: Place):
    older, newer = dag_steps.begin(place), dag_steps.begin(place)
    assert dag_steps.close(place, older, failed_tasks=0)["outcome"] == "interrupted"
    assert outcomes(place, newer) == [None]


def test_the_end_of_a_run_warns_of_refused_files_without_naming_them(
    place: Place, caplog: pytest.LogCaptureFixture
):
    run_id = dag_steps.begin(place)
    with open_registry(NETWORK, place.home) as registry:
        registry.ledger.record_refusals(run_id, [REFUSAL])
    with caplog.at_level(logging.INFO, logger="reseau.dag"):
        dag_steps.close(place, run_id, failed_tasks=0)
    [record] = caplog.records
    assert record.levelno == logging.WARNING
    assert "'refused_files': 1" in record.getMessage()
    assert REFUSAL.file not in record.getMessage()
