"""One run: its exit code, what it records of a step, and that an open account stops it."""

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.account import Account
from pipelines.errors import AccountError, Refusal
from pipelines.registry import Registry, open_registry
from pipelines.run import Outcome, Run, keep, silent, timed

NETWORK = "netsarc"
REFUSAL = Refusal("empty_file", "a.csv", "c1", "vide", "empty", "renvoyer", "send again")
CLOSED = Account(step="validate", table="val_tumour", rows_in=3, rows_out=2, rows_set_aside=1, centre_id="c1")
OPEN = dataclasses.replace(CLOSED, rows_out=1)


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with open_registry(NETWORK, tmp_path) as opened:
        yield opened


@pytest.fixture
def run(registry: Registry, tmp_path: Path) -> Run:
    return Run(run_id=registry.ledger.start_run(NETWORK), inbox=tmp_path)


@pytest.mark.parametrize(
    ("refusals", "is_over_budget", "code"),
    [((), False, 0), ((REFUSAL,), False, 1), ((), True, 1), ((REFUSAL,), True, 1)],
)
@pytest.mark.parametrize("outcome", ["published", "unchanged"])
def test_the_exit_code(outcome: str, refusals: tuple[Refusal, ...], is_over_budget: bool, code: int):
    found = Outcome(
        run_id=1, outcome=outcome, snapshot=1, report=None, refusals=refusals, accounts=(), finding_counts={},
        is_over_budget=is_over_budget,
    )  # fmt: skip
    assert found.exit_code == code


def test_a_step_is_written_with_its_cost_when_it_ends(registry: Registry, run: Run):
    with timed(registry, run, "link"):
        assert registry.ledger.steps(run.run_id) == []
    [step] = registry.ledger.steps(run.run_id)
    assert (step["step"], step["centre_id"], step["was_computed"]) == ("link", None, True)
    assert 0 <= step["seconds"] < 60
    assert 10 < step["peak_mb"] < 100_000  # MiB, not KiB nor bytes


def test_a_step_that_fails_is_not_written(registry: Registry, run: Run):
    with pytest.raises(AccountError), timed(registry, run, "link"):
        raise AccountError("rows are lost")
    assert registry.ledger.steps(run.run_id) == []


def test_accounts_are_kept_in_the_run_and_in_the_ledger(registry: Registry, run: Run):
    keep(registry, run, [CLOSED])
    assert run.accounts == registry.ledger.accounts(run.run_id) == [CLOSED]


def test_an_open_account_stops_the_run_and_can_be_looked_at(registry: Registry, run: Run):
    with pytest.raises(AccountError, match=r"validate/val_tumour/c1: \+1.*Nothing is published"):
        keep(registry, run, [CLOSED, OPEN])
    assert registry.ledger.accounts(run.run_id) == [CLOSED, OPEN]
    assert run.accounts == []


def test_every_open_account_is_named_and_no_other(registry: Registry, run: Run):
    lost = dataclasses.replace(OPEN, table="val_surgery", centre_id=None, rows_out=5)
    with pytest.raises(AccountError) as caught:
        keep(registry, run, [OPEN, CLOSED, lost])
    assert (
        caught.value.what
        == "rows are not accounted for: validate/val_tumour/c1: +1, validate/val_surgery: -3"
    )


def test_two_runs_share_nothing(tmp_path: Path):
    first, second = Run(run_id=1, inbox=tmp_path), Run(run_id=2, inbox=tmp_path)
    first.refusals.append(REFUSAL)
    first.accounts.append(CLOSED)
    assert (second.refusals, second.accounts, second.progress) == ([], [], silent)
    silent("stage", 1, 2)
