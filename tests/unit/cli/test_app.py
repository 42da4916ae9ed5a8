"""How any command ends: its own code, or 2 with a reason and a next step; never a traceback with a value in it."""

from collections.abc import Iterator

import pytest
import typer

from pipelines.cli import app as module
from pipelines.cli import show
from pipelines.cli.app import run_command
from pipelines.errors import AuditError, Refusal, RegistryError


@pytest.fixture(autouse=True)
def french_again() -> Iterator[None]:
    yield
    show.choose_language("fr")


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch) -> typer.Typer:
    """The application with one more command, `end`, that does what a test says."""
    app = typer.Typer()
    app.callback()(module._options)
    monkeypatch.setattr(module, "app", app)
    return app


@pytest.mark.parametrize("code", [0, 1])
def test_the_code_of_a_command_is_that_of_the_program(ending: typer.Typer, code: int):
    ending.command("end")(lambda: code)
    assert run_command(["end"]) == code


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (RegistryError("it is wrong", where="a.yaml", remedy="Correct it."), ["it is wrong", "a.yaml", "Correct it."]),
        (AuditError("3 rows repeat a key"), ["3 rows repeat a key"]),
        (KeyboardInterrupt(), ["interrupted", "Run again"]),
        (typer.Abort(), ["interrupted", "Run again"]),
        (typer.BadParameter("no such thing"), ["no such thing", "reseau --help"]),
    ],
)  # fmt: skip
def test_what_stops_a_command_is_told_and_ends_with_2(
    ending: typer.Typer, problem: BaseException, said: list[str], capsys: pytest.CaptureFixture[str]
):
    def stops() -> None:
        raise problem

    ending.command("end")(stops)
    assert run_command(["--lang", "en", "end"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert all(text in shown.err for text in said)
    assert "Traceback" not in shown.err


def test_an_unforeseen_error_is_left_to_the_main_program(ending: typer.Typer):
    """There its message is withheld; here it must not be taken for a refusal."""

    def breaks() -> None:
        raise KeyError("DUPONT")

    ending.command("end")(breaks)
    with pytest.raises(KeyError):
        run_command(["end"])


@pytest.mark.parametrize(
    ("arguments", "language"), [([], "Refusé"), (["--lang", "en"], "Refused"), (["--lang", "fr"], "Refusé")]
)
def test_the_language_is_french_unless_said_otherwise(
    arguments: list[str], language: str, capsys: pytest.CaptureFixture[str]
):
    run_command([*arguments, "status", "--home", "/nowhere/at/all"])
    assert language in capsys.readouterr().err


def test_another_language_is_refused(capsys: pytest.CaptureFixture[str]):
    assert run_command(["--lang", "de", "status"]) == 2
    assert "de" in capsys.readouterr().err


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]):
    run_command([])
    shown = capsys.readouterr()
    assert "Usage" in shown.out + shown.err


REFUSALS = [
    Refusal("empty_file", "a[1].csv", None, "vide [x]", "empty [x]", "renvoyer", "send again"),
    Refusal("unknown_file", "b.csv", "alpha", "inattendu", "unexpected", "renommer", "rename"),
]


@pytest.mark.parametrize(
    ("language", "said", "not_said"),
    [
        ("fr", ["vide [x]", "renvoyer", "inattendu", "Fichiers refusés"], ["empty [x]", "rename"]),
        ("en", ["empty [x]", "send again", "unexpected", "Refused files"], ["vide", "renommer"]),
    ],
)
def test_refused_files_are_shown_in_one_language(
    language: str, said: list[str], not_said: list[str], capsys: pytest.CaptureFixture[str]
):
    show.choose_language(language)
    show.show_refusals(REFUSALS)
    shown = capsys.readouterr().out
    assert all(text in shown for text in (*said, "a[1].csv", "alpha"))
    assert not any(text in shown for text in not_said)


def test_no_refused_file_is_no_table(capsys: pytest.CaptureFixture[str]):
    show.show_refusals([])
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("quiet", [True, False])
def test_progress_is_silent_when_quiet_or_not_on_a_terminal(quiet: bool, capsys: pytest.CaptureFixture[str]):
    with show.progress(quiet=quiet) as tell:
        for step, done, total in (("stage", 1, 2), ("stage", 2, 2), ("publish", 1, 4)):
            tell(step, done, total)
    shown = capsys.readouterr()
    assert (shown.out, shown.err.strip()) == ("", "")


def test_a_long_path_stays_one_document(capsys: pytest.CaptureFixture[str]):
    import json

    long = {"report": "/home/" + "x" * 300, "text": "é « » \u202f"}
    show.print_json(long)
    assert json.loads(capsys.readouterr().out) == long
