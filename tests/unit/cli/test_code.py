"""`reseau code`: one file, counts on the terminal, reasons in both languages."""

import csv
import json
import re
from pathlib import Path

import pytest

from pipelines.cli.app import run_command
from pipelines.cli.code_words import REASONS, in_words

ROOT = Path(__file__).resolve().parents[3]
LABELS = "id,label,topography_code\nz,Liposarcome dédifférencié,C48.0\ny,Lipome,\nx,azerty,\nw,Lipome,\n"


@pytest.fixture
def given(tmp_path):
    (tmp_path / "labels.csv").write_text(LABELS, encoding="utf-8")
    return tmp_path


def asked(folder, *more, labels="labels.csv", out="coded.csv"):
    return ["code", str(folder / labels), "--out", str(folder / out), *more]


def test_every_row_is_answered_once_in_its_order(given, capsys):
    assert run_command(asked(given, "--json")) == 0
    told = json.loads(capsys.readouterr().out)
    assert {name: told[name] for name in ("rows", "distinct", "auto", "review", "out_of_scope")} == {
        "rows": 4, "distinct": 3, "auto": 1, "review": 1, "out_of_scope": 2,
    }  # fmt: skip
    rows = list(csv.DictReader((given / "coded.csv").read_text(encoding="utf-8").splitlines()))
    assert list(rows[0]) == [
        "id", "morphology", "topography", "entity", "decision", "method", "score", "candidates", "reason",
    ]  # fmt: skip
    assert [(row["id"], row["decision"]) for row in rows] == [
        ("z", "auto"),
        ("y", "out_of_scope"),
        ("x", "review"),
        ("w", "out_of_scope"),
    ]
    assert (rows[0]["morphology"], rows[0]["topography"], rows[0]["candidates"]) == (
        "8858/3",
        "C48.0",
        "8858/3:1.000",
    )
    assert rows[2]["morphology"] == ""


@pytest.mark.parametrize(("lang", "word", "reason"), [
    ("fr", "hors périmètre", "tumeur bénigne : hors du périmètre du réseau"),
    ("en", "out of scope", "a benign tumour: outside the scope of the network"),
])  # fmt: skip
def test_the_language_is_that_of_the_terminal(given, capsys, lang, word, reason):
    assert run_command(["--lang", lang, *asked(given)]) == 0
    run_command(["--lang", "fr", "rules", "--json"])  # French again for the tests that follow
    out = capsys.readouterr().out
    assert word in out
    assert "Lipo" not in out
    assert reason in (given / "coded.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"labels": "absent.csv"}, "no such table"),
        ({"out": "labels.csv"}, "ne sera pas écrasée"),
        ({"out": "nowhere/coded.csv"}, "on ne peut pas écrire"),
    ],
)
def test_a_refusal_ends_with_2_and_leaves_everything(given, capsys, change, what):
    assert run_command(asked(given, **change)) == 2
    assert what in capsys.readouterr().err
    assert (given / "labels.csv").read_text(encoding="utf-8") == LABELS
    assert not (given / "coded.csv").exists()


def test_every_reason_of_the_reading_has_words_in_both_languages():
    sources = [ROOT / "pipelines" / "harmonise" / name for name in ("readings.py", "coding.py", "migrate.py")]
    written = {
        word
        for path in sources
        for word in re.findall(
            r'"((?:label|code|site|adicap|icd10|too|nothing)_[a-z0-9_]+)"', path.read_text()
        )
    }
    columns = {"code_old", "code_new", "icd10_topography", "label_codes", "label_fr", "label_en"}
    assert written - columns <= set(REASONS)
    assert all(fr and en and fr != en for fr, en in REASONS.values())


def test_several_reasons_are_one_sentence_without_repetition():
    found = in_words(("label_hedged", "site_unknown", "label_hedged"), lang="fr")
    assert found == "le libellé exprime un doute ; le siège n'est pas reconnu"
