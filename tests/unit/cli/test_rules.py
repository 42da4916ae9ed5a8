"""`reseau rules` lists the whole catalogue, in the language of the terminal, and refuses what it does not know."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from pipelines.cli import show
from pipelines.cli.app import run_command
from validations.contracts.entities import ENTITIES
from validations.rules.catalogue import CATALOGUE
from validations.rules.model import Severity

KEYS = {"id", "version", "table", "fields", "severity", "consequence", "category", "sentence_fr", "sentence_en",
        "remedy_fr", "remedy_en", "source", "status", "applies_when", "violated_when", "query", "reads"}  # fmt: skip


@pytest.fixture(autouse=True)
def french_again() -> Iterator[None]:
    yield
    show.choose_language("fr")


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal in which no sentence is cut."""
    monkeypatch.setattr(show, "console", lambda **_: show.Console(width=1000, highlight=False))


def told(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert run_command([*arguments]) == 0
    return capsys.readouterr().out


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(told(capsys, "rules", "--json", *arguments))
    return found


def test_json_has_every_rule_with_everything(capsys: pytest.CaptureFixture[str]):
    found = listed(capsys)
    assert [rule["id"] for rule in found] == list(CATALOGUE)
    assert {frozenset(rule) for rule in found} == {frozenset(KEYS)}


def test_json_says_what_the_rule_says(capsys: pytest.CaptureFixture[str]):
    for fact in listed(capsys):
        rule = CATALOGUE[fact["id"]]
        assert fact.pop("category") == rule.kahn.value
        assert tuple(fact.pop("fields")) == rule.fields
        assert tuple(fact.pop("reads")) == rule.reads
        assert fact == {name: getattr(rule, name) for name in fact}


@pytest.mark.usefixtures("wide")
@pytest.mark.parametrize(
    ("language", "title", "cited", "proposal", "last"),
    [
        (
            "fr",
            "Règles de validation",
            "cité",
            "règle proposée, à valider par un clinicien",
            "Règles : {}, dont {} citées et {} proposées.",
        ),
        (
            "en",
            "Validation rules",
            "cited",
            "proposed rule, a clinician must agree",
            "Rules: {}, of which {} cited and {} proposed.",
        ),
    ],
)
def test_the_list_is_in_the_language_of_the_terminal(
    language: str, title: str, cited: str, proposal: str, last: str, capsys: pytest.CaptureFixture[str]
):
    first, *lines = told(capsys, "--lang", language, "rules").splitlines()
    rows = {line.split()[1]: line for line in lines if " v1 " in line or " v2 " in line}
    assert first.strip() == title
    for rule in CATALOGUE.values():
        assert getattr(rule, f"sentence_{language}") in rows[rule.id]
        assert rule.source in rows[rule.id]
        assert (cited if rule.status == "cited" else proposal) in rows[rule.id]
    proposals = sum(rule.status == "proposal" for rule in CATALOGUE.values())
    assert lines[-1] == last.format(len(CATALOGUE), len(CATALOGUE) - proposals, proposals)


@pytest.mark.parametrize("entity", sorted(ENTITIES))
def test_one_table_only(entity: str, capsys: pytest.CaptureFixture[str]):
    found = {rule["id"] for rule in listed(capsys, "--table", entity)}
    assert found == {rule.id for rule in CATALOGUE.values() if rule.table == entity}


@pytest.mark.parametrize("severity", sorted(Severity))
def test_one_severity_only(severity: str, capsys: pytest.CaptureFixture[str]):
    found = {rule["id"] for rule in listed(capsys, "--severity", severity)}
    assert found == {rule.id for rule in CATALOGUE.values() if rule.severity == severity}


def test_both_choices_hold_together_and_the_last_line_counts_what_is_shown(
    capsys: pytest.CaptureFixture[str],
):
    chosen = ("--table", "tumour", "--severity", "warning")
    found = listed(capsys, *chosen)
    assert found
    assert {(rule["table"], rule["severity"]) for rule in found} == {("tumour", "warning")}
    assert told(capsys, "rules", *chosen).splitlines()[-1].startswith(f"Règles : {len(found)}, ")


@pytest.mark.parametrize(
    ("option", "reason", "known"),
    [
        ("--table", "table 'nonsense' is unknown", list(ENTITIES)),
        ("--severity", "severity 'nonsense' is unknown", [severity.value for severity in Severity]),
    ],
)
def test_what_is_unknown_is_refused_with_what_is_known(
    option: str, reason: str, known: list[str], capsys: pytest.CaptureFixture[str]
):
    assert run_command(["rules", option, "nonsense"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert reason in shown.err
    assert ", ".join(known) in " ".join(shown.err.split())


def test_help(capsys: pytest.CaptureFixture[str]):
    shown = told(capsys, "rules", "--help")
    assert all(option in shown for option in ("--json", "--table", "--severity"))
