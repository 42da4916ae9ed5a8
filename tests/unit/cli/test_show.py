"""Numbers and errors as a person sees them, in both languages."""

import pytest

from pipelines.cli import show
from pipelines.errors import RegistryError


@pytest.fixture(autouse=True)
def french_again():
    yield
    show.choose_language("fr")


@pytest.mark.parametrize(
    ("language", "integer", "percent", "seconds"),
    [("fr", "43\u202f975", "62,9\u202f%", "1,5 s"), ("en", "43,975", "62.9%", "1.5 s")],
)
def test_numbers(language: str, integer: str, percent: str, seconds: str):
    show.choose_language(language)
    assert show.integer(43975) == integer
    assert show.percent(62.94) == percent
    assert show.percent(None) == "—"
    assert show.seconds(1.54) == seconds


def test_an_error_says_what_where_and_what_to_do(capsys: pytest.CaptureFixture[str]):
    show.show_error(RegistryError("the [key] is missing", where="home/key", remedy="Restore it."))
    shown = capsys.readouterr().err
    assert "the [key] is missing" in shown
    assert "home/key" in shown
    assert "Restore it." in shown


def test_brackets_in_a_file_name_are_not_markup(capsys: pytest.CaptureFixture[str]):
    show.line("a[red]b[/red].csv")
    assert capsys.readouterr().out == "a[red]b[/red].csv\n"


def test_a_missing_cell_is_a_dash(capsys: pytest.CaptureFixture[str]):
    show.table("T", ["a", "b"], [("x", None)])
    assert "—" in capsys.readouterr().out


def test_json_keeps_accents(capsys: pytest.CaptureFixture[str]):
    show.print_json({"motif": "fichier tronqué"})
    assert "fichier tronqué" in capsys.readouterr().out
