"""`reseau new-centre` as a person and a program see it: what it writes, what it asks, how it ends."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.cli import new_centre as command
from pipelines.cli import show
from pipelines.cli.app import run_command
from pipelines.config import Centre
from pipelines.io.configuration import parse_yaml
from pipelines.propose.about import About
from pipelines.propose.questions import Answers, Question
from pipelines.propose.reading import load_lexicon, read_sources

EXPORT = """IPP;Nom;Prénom;Sexe;DDN;Date du diagnostic;Histologie;Date chir;Marges
A1;ARDILLON;Zoé;F;13/04/1961;13/04/2024;Léiomyosarcome;14/05/2024;R0
A2;BEZAUDUN;Luc;H;25/11/1955;25/05/2024;Angiosarcome;22/06/2024;douteuses
A3;CORNUAUD;Ana;F;30/01/1978;30/06/2024;Liposarcome myxoïde;30/07/2024;R1
"""
ANSWERS = """
centre: {city: Ville, region: Région, role: expert}
values: {margin: {douteuses: RX}}
"""


@pytest.fixture(autouse=True)
def french_again() -> Iterator[None]:
    yield
    show.choose_language("fr")


@pytest.fixture(scope="module")
def export(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("export") / "sarcomes_20260102.csv"
    path.write_text(EXPORT, encoding="cp1252")
    return path


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.yaml"
    path.write_text(ANSWERS, encoding="utf-8")
    return path


def propose(*arguments: object) -> int:
    return run_command(["new-centre", *map(str, arguments), "--id", "vallee", "--yes"])


def test_everything_answered_ends_well_and_the_file_is_read_back(export: Path, answers: Path, tmp_path: Path):
    out = tmp_path / "vallee.yaml"
    assert propose(export, "--out", out, "--answers", answers, "--name", "CHU de la Vallée") == 0
    centre = parse_yaml(out.read_text(encoding="utf-8"), Centre, where="test")
    assert (centre.id, centre.name, centre.city) == ("vallee", "CHU de la Vallée", "Ville")
    assert centre.values["margin"] == {"R0": ("R0",), "R1": ("R1",), "RX": ("douteuses",)}
    assert "à décider" not in out.read_text(encoding="utf-8")


def test_what_is_left_is_listed_and_ends_with_1(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out = tmp_path / "vallee.yaml"
    assert propose(export, "--out", out) == 1
    shown = capsys.readouterr().out
    assert "values.margin: douteuses" in shown
    assert out.read_text(encoding="utf-8").count("# à décider:") == 4


def test_a_machine_gets_the_same_without_a_value_of_a_person(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert propose(export, "--out", tmp_path / "vallee.yaml", "--json") == 1
    text = capsys.readouterr().out
    found = json.loads(text)
    held = {column["header"]: column["holds"] for column in found["columns"]}
    assert held["DDN"] == "patient_identity.birth_date"
    assert {q["key"] for q in found["undecided"]} == {"city", "region", "role", "margin: douteuses"}
    assert not [word for word in ("ARDILLON", "Zoé", "1961", "A1") if word in text]


def test_a_file_that_people_edited_is_not_written_over(
    export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    out = tmp_path / "vallee.yaml"
    out.write_text("id: vallee\n", encoding="utf-8")
    assert propose(export, "--out", out) == 2
    assert out.read_text(encoding="utf-8") == "id: vallee\n"
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("centre: {town: Ville}", "town"),
        ("columns: {Nom: surgery.colour}", "surgery.colour"),
        ("colums: {}", "colums"),
        ("values: [", "answers.yaml"),
    ],
)
def test_wrong_answers_are_refused(
    text: str, said: str, export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    path = tmp_path / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    assert propose(export, "--out", tmp_path / "x.yaml", "--answers", path) == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "x.yaml").exists()


def test_an_export_without_patients_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    path = tmp_path / "stock.csv"
    path.write_text("Produit;Rayon;Prix\nvis;quincaillerie;3\nclou;quincaillerie;2\n", encoding="utf-8")
    assert propose(path, "--out", tmp_path / "x.yaml") == 2
    assert "identifiant de patient" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["absent.csv", "image.csv"])
def test_a_file_that_cannot_be_read_is_refused(name: str, tmp_path: Path):
    (tmp_path / "image.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(200))
    assert propose(tmp_path / name, "--out", tmp_path / "x.yaml") == 2


def test_on_a_terminal_every_question_is_asked_once(export: Path, monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def said(question: Question) -> str:
        asked.append(question.key)
        return {"city": "Ville", "region": "Région", "role": "expert", "margin: douteuses": "RX"}[
            question.key
        ]

    monkeypatch.setattr(command, "_ask", said)
    found = command._ask_all(
        read_sources([export]), load_lexicon(), Answers(), About(id="vallee", network="netsarc")
    )
    assert asked == ["city", "region", "role", "margin: douteuses"]
    assert found.values == {"margin": {"douteuses": "RX"}}
    assert found.centre == {"city": "Ville", "region": "Région", "role": "expert"}


def test_an_unknown_network_is_refused(export: Path, tmp_path: Path):
    assert propose(export, "--out", tmp_path / "x.yaml", "--network", "lune") == 2
