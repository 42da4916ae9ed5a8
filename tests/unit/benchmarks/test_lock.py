"""How the lock files are resolved: with hashes, without addresses, from releases a week old. Nothing is run."""

import datetime as dt
import sys
from typing import Any

import pytest

from benchmarks import lock


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[str], dict[str, Any]]]:
    """The commands that would be run, with their settings."""
    found: list[tuple[list[str], dict[str, Any]]] = []
    monkeypatch.setattr("subprocess.run", lambda command, **settings: found.append((command, settings)))
    lock.main()
    return found


def option(command: list[str], name: str) -> list[str]:
    return [command[place + 1] for place, word in enumerate(command) if word == name]


def test_the_files_in_their_order(asked: list[tuple[list[str], dict[str, Any]]]):
    assert [command[-1] for command, _ in asked] == [
        "requirements-dev.lock", "requirements-airflow.lock", "requirements.lock",
        "requirements-spark.lock",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rank", "extras", "constraint"),
    [
        (0, ["build", "postgres", "airflow", "dev"], []),
        (1, ["build", "postgres", "airflow"], ["requirements-dev.lock"]),
        (2, ["build"], ["requirements-dev.lock"]),  # the engine runs what the tests ran
        (3, ["build", "spark"], ["requirements-dev.lock"]),
    ],
)
def test_what_each_file_holds(
    asked: list[tuple[list[str], dict[str, Any]]], rank: int, extras: list[str], constraint: list[str]
):
    command, _ = asked[rank]
    assert (option(command, "--extra"), option(command, "-c")) == (extras, constraint)


def test_every_file_has_hashes_and_no_address(asked: list[tuple[list[str], dict[str, Any]]]):
    for command, settings in asked:
        assert command[:5] == [sys.executable, "-m", "uv", "pip", "compile"]
        assert {"--universal", "--generate-hashes", "--no-header"} <= set(command)
        assert not any("://" in word or word.startswith(("--index", "--find-links")) for word in command)
        assert (settings["check"], settings["cwd"]) == (True, lock.ROOT)


def test_a_release_is_at_least_a_week_old(asked: list[tuple[list[str], dict[str, Any]]]):
    [days] = {tuple(option(command, "--exclude-newer")) for command, _ in asked}
    age = dt.datetime.now(dt.UTC).date() - dt.date.fromisoformat(days[0])
    assert dt.timedelta(days=7) <= age <= dt.timedelta(days=8)


def test_the_extras_are_those_of_the_project():
    import tomllib

    project = tomllib.loads((lock.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert set(lock.EVERYTHING) <= set(project["optional-dependencies"])
