"""Kill -9 at any commit of the ledger, then a run: the end is that of the undisturbed run."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FEWEST_COMMITS = 10
#: Odd, so that some are killed just before their commit and some just after it.
SAMPLE = 9


@pytest.fixture(scope="module", params=[SAMPLE, pytest.param(1, marks=pytest.mark.slow)])
def stride(request: pytest.FixtureRequest) -> int:
    """Kill at every so many commits: at all of them among the slow proofs."""
    return int(request.param)


@pytest.fixture(scope="module")
def states(stride: int, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The end states: of the undisturbed run first, then one for each commit that was killed."""
    folder = tmp_path_factory.mktemp("killed")
    command = [sys.executable, "-m", "tests.killed_run", str(folder), str(stride)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def without_run(state: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in state.items() if name != "run"}


def test_a_run_after_a_killed_run_ends_as_the_undisturbed_run(states: list[dict[str, Any]], stride: int):
    whole, *killed = map(without_run, states)
    assert len(killed) > FEWEST_COMMITS // stride
    assert [
        (number, name) for number, state in enumerate(killed) for name in state if state[name] != whole[name]
    ] == []


def test_the_undisturbed_run_held_the_centre_whose_patients_vanished(states: list[dict[str, Any]]):
    whole = states[0]
    assert [(row[1], row[2], row[5]) for row in whole["hold"]] == [("alpha", "omission", "open")]
    assert [(row[0], row[2]) for row in whole["acceptance"]] == [
        ("alpha", "12"),
        ("beta", "2"),
        ("beta", "2"),
    ]
