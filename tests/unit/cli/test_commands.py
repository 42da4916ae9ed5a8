"""Every command's help works, and refusals end with exit code 2, a reason and a next step."""

from pathlib import Path

import pytest

from pipelines.cli.app import run_command
from pipelines.io.home import load_key, open_home
from pipelines.io.ledger import Ledger
from pipelines.keys import fingerprint

COMMANDS = ("demo", "check", "synth", "run", "status", "report", "snapshots", "docs")


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command: str, capsys: pytest.CaptureFixture[str]):
    assert run_command([command, "--help"]) == 0
    assert "Usage" in capsys.readouterr().out


@pytest.fixture
def empty_home(tmp_path: Path) -> Path:
    home = open_home(tmp_path / "home")
    with Ledger(f"sqlite:///{home.ledger}", key_fingerprint=fingerprint(load_key(home))):
        return home.root


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["nonsense"], "nonsense"),
        (["run"], "--inbox"),
        (["run", "--inbox", "{tmp}/nowhere"], "inbox is not a folder"),
        (["run", "--inbox", "{tmp}", "--home", "{tmp}/h", "--network", "none"], "network 'none' is unknown"),
        (["run", "--inbox", "{tmp}", "--home", "{tmp}/h", "--centre", "nobody"], "unknown centres: nobody"),
        (["run", "--inbox", "{tmp}/void", "--home", "{tmp}/h"], "no centre could be loaded"),
        (["status", "--home", "{tmp}/none"], "no registry in this folder"),
        (["snapshots", "--home", "{tmp}/none"], "no registry in this folder"),
        (["report", "--home", "{home}", "--out", "{tmp}/r"], "not published"),
        (["demo", "--out", "{tmp}"], "not made by the demo"),
        (["synth", "--patients", "1", "--out", "{tmp}/s"], "patients"),
    ],
)
def test_a_refusal_says_why_and_ends_with_2(
    arguments: list[str], reason: str, tmp_path: Path, empty_home: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "void").mkdir()
    filled = [argument.format(tmp=tmp_path, home=empty_home) for argument in arguments]
    assert run_command(filled) == 2
    assert reason in " ".join(capsys.readouterr().err.split())


def test_a_query_never_makes_a_folder(tmp_path: Path):
    run_command(["status", "--home", str(tmp_path / "typo")])
    assert not (tmp_path / "typo").exists()


def test_an_empty_registry_is_shown(empty_home: Path, capsys: pytest.CaptureFixture[str]):
    assert run_command(["status", "--home", str(empty_home)]) == 0
    assert run_command(["--lang", "en", "snapshots", "--home", str(empty_home)]) == 0
    shown = capsys.readouterr().out
    assert "Aucun passage" in shown
    assert "No snapshot" in shown
