"""`reseau read` as a person and a program see it: what it says, what it writes, how it ends."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli import show
from pipelines.cli.app import run_command
from tests.unit.io.reading.workbooks import xlsx

CSV = 'IPP;NOM;TAILLE\n1;Éric;12\n2;"A;B";4\n3;C\n'.encode("cp1252")
CLEAN = "IPP,NOM,TAILLE\r\n1,Éric,12\r\n2,A;B,4\r\n3,C,\r\n".encode()
KEYS = {"file", "kind", "decisions", "tables", "chosen", "outside", "refusal"}


@pytest.fixture(autouse=True)
def french_again() -> Iterator[None]:
    yield
    show.choose_language("fr")


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "export.csv"
    path.write_bytes(CSV)
    return path


def read_json(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    capsys.readouterr()
    run_command(["read", *map(str, arguments), "--json"])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_table_is_written_clean(export: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    out = tmp_path / "clean.csv"
    assert run_command(["read", str(export), "--out", str(out)]) == 0
    assert out.read_bytes() == CLEAN
    shown = " ".join(capsys.readouterr().out.split())
    assert shown == f"Écrit : {out} (3 lignes, 3 colonnes, 1 ligne irrégulière)"


def test_the_table_is_written_to_standard_output(export: Path, capfdbinary: pytest.CaptureFixture[bytes]):
    assert run_command(["read", str(export), "--out", "-"]) == 0
    sys.stdout.flush()
    assert capfdbinary.readouterr().out == CLEAN


def test_a_person_is_told_what_was_found(export: Path, capsys: pytest.CaptureFixture[str]):
    assert run_command(["read", str(export)]) == 0
    shown = capsys.readouterr().out
    for text in (
        "encodage",
        "cp1252",
        "séparateur",
        "Tableaux",
        "Colonnes : IPP · NOM · TAILLE",
        "irrégulières",
    ):
        assert text in shown
    assert "Lignes irrégulières (gardées) : 4" in shown


def test_in_english(export: Path, capsys: pytest.CaptureFixture[str]):
    assert run_command(["--lang", "en", "read", str(export)]) == 0
    shown = capsys.readouterr().out
    for text in ("encoding", "separator", "Tables", "Columns: IPP", "Ragged lines (kept): 4"):
        assert text in shown


@pytest.mark.parametrize("more", [[], ["--list"], ["--json"]])
def test_no_value_of_a_record_is_shown(export: Path, more: list[str], capsys: pytest.CaptureFixture[str]):
    run_command(["read", str(export), *more])
    shown = capsys.readouterr()
    assert "Éric" not in shown.out + shown.err
    assert "A;B" not in shown.out + shown.err


def test_a_program_is_told_the_same(export: Path, capsys: pytest.CaptureFixture[str]):
    found = read_json(capsys, export)
    assert set(found) == KEYS
    assert (found["file"], found["kind"], found["chosen"], found["refusal"]) == (
        "export.csv",
        "text",
        1,
        None,
    )
    decisions = {d["what"]: d["value"] for d in found["decisions"]}
    assert decisions["separator"] == ";"
    assert decisions["encoding"] == "cp1252"
    assert all(0 <= d["confidence"] <= 1 and d["evidence"] for d in found["decisions"])
    [table] = found["tables"]
    assert (table["number"], table["header"]) == (1, ["IPP", "NOM", "TAILLE"])
    assert (table["n_records"], table["n_columns"]) == (3, 3)
    assert (table["header_lines"], table["ragged_lines"], table["null_lines"]) == ([1], [4], [])


def test_a_null_character_is_kept_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / "a.csv").write_bytes(CSV.replace(b"A;B", b"A\0B"))
    assert run_command(["read", str(tmp_path / "a.csv"), "--out", str(tmp_path / "o.csv")]) == 0
    assert b"2,A\0B,4\r\n" in (tmp_path / "o.csv").read_bytes()
    assert [table["null_lines"] for table in read_json(capsys, tmp_path / "a.csv")["tables"]] == [[3]]


def test_several_tables_are_listed_and_one_is_chosen(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    book, out = tmp_path / "b.xlsx", tmp_path / "clean.csv"
    book.write_bytes(xlsx({"Petit": [["x", "y"], [1, 2]], "Grand": [["IPP", "N"], ["a", 1], ["b", 2]]}))
    assert run_command(["read", str(book), "--list"]) == 0
    shown = capsys.readouterr().out
    assert "Petit" in shown
    assert "→ 2" in shown
    assert "Colonnes :" not in shown
    for more, content in (([], b"IPP,N\r\na,1\r\nb,2\r\n"), (["--table", "1"], b"x,y\r\n1,2\r\n")):
        assert run_command(["read", str(book), "--out", str(out), *more]) == 0
        assert out.read_bytes() == content


@pytest.mark.parametrize(
    ("options", "content"),
    [
        (["--encoding", "iso-8859-15"], CLEAN),
        (["--separator", ",", "--quote", ""], 'IPP;NOM;TAILLE\r\n1;Éric;12\r\n"2;""A;B"";4"\r\n3;C\r\n'.encode()),
        (["--header-line", "2"], b'1,\xc3\x89ric,12\r\n2,A;B,4\r\n3,C,\r\n'),
        (["--header-rows", "0"], "col1,col2,col3\r\nIPP,NOM,TAILLE\r\n1,Éric,12\r\n2,A;B,4\r\n3,C,\r\n".encode()),
    ],
)  # fmt: skip
def test_what_is_given_is_not_decided(options: list[str], content: bytes, export: Path, tmp_path: Path):
    out = tmp_path / "clean.csv"
    assert run_command(["read", str(export), "--out", str(out), *options]) == 0
    assert out.read_bytes() == content


def test_a_tab_can_be_given_as_a_word(tmp_path: Path):
    (tmp_path / "a.txt").write_bytes(b"a;b\tc\n1;2\t3\n")
    assert (
        run_command(["read", str(tmp_path / "a.txt"), "--separator", "\\t", "--out", str(tmp_path / "o")])
        == 0
    )
    assert (tmp_path / "o").read_bytes() == b"a;b,c\r\n1;2,3\r\n"


@pytest.mark.parametrize("content", [b"", xlsx({"F": []})])
def test_a_file_without_a_table_gives_an_empty_one_and_a_warning(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "a.csv").write_bytes(content)
    assert run_command(["read", str(tmp_path / "a.csv"), "--out", str(tmp_path / "o.csv")]) == 0
    assert (tmp_path / "o.csv").read_bytes() == b""
    assert "aucun tableau" in capsys.readouterr().err
    assert run_command(["read", str(tmp_path / "a.csv")]) == 0
    assert read_json(capsys, tmp_path / "a.csv")["chosen"] is None


@pytest.mark.parametrize(
    ("content", "more", "code"),
    [
        (b"%PDF-1.7", [], "unknown_kind"),
        (CSV, ["--table", "2"], "no_table"),
        (CSV, ["--table", "0"], "no_table"),
        (b"", ["--table", "1"], "no_table"),
    ],
)
def test_a_refusal_ends_with_2_in_both_languages_and_json(
    content: bytes, more: list[str], code: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "a.xls").write_bytes(content)
    (tmp_path / "o.csv").write_bytes(b"old")
    for language, remedy in (("fr", "que faire"), ("en", "what to do")):
        arguments = [
            "--lang",
            language,
            "read",
            str(tmp_path / "a.xls"),
            "--out",
            str(tmp_path / "o.csv"),
            *more,
        ]
        assert run_command(arguments) == 2
        said = capsys.readouterr().err
        assert code in said
        assert remedy in said
    assert (tmp_path / "o.csv").read_bytes() == b"old"
    found = read_json(capsys, tmp_path / "a.xls", *more)
    assert set(found) == KEYS
    assert found["refusal"]["code"] == code
    assert found["refusal"]["reason_fr"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere.csv"], "nowhere.csv"),
        (["."], "lisible"),
        (["export.csv", "--out", "nowhere/clean.csv"], "dossier"),
        (["export.csv", "--out", "-", "--json"], "--json"),
        (["export.csv", "--centre", "nowhere"], "nowhere"),
        (["export.csv", "--header-line", "0"], "header-line"),
    ],
)
def test_a_mistake_of_the_caller_is_told(
    arguments: list[str],
    said: str,
    export: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.chdir(export.parent)
    assert run_command(["read", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_a_reader_that_dies_is_a_refusal_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    (tmp_path / "a.xlsx").write_bytes(xlsx({"F": [["a"] * 1000] * 40}))
    before = set(os.listdir(tmp_path))
    assert (
        run_command(["read", str(tmp_path / "a.xlsx"), "--table", "9", "--out", str(tmp_path / "o.csv")]) == 2
    )
    assert set(os.listdir(tmp_path)) == before


@pytest.mark.parametrize("name", ["-rf.csv", "é 'x'.csv", "[b].csv", "a\tb.csv", "'; DROP TABLE x.csv"])
def test_a_file_may_have_any_name(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    (tmp_path / name).write_bytes(CSV)
    assert read_json(capsys, tmp_path / name)["file"] == name.replace("\t", "\\t")


def test_the_page_shows_the_true_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    page = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "read.md"
    _, export, said, clean = page.read_text(encoding="utf-8").split("\n```\n")[1:8:2]
    monkeypatch.chdir(tmp_path)
    Path("tumeurs.csv").write_bytes(f"{export}\n".encode("cp1252"))
    run_command(["--lang", "en", "read", "tumeurs.csv"])
    assert [line.rstrip() for line in capsys.readouterr().out.splitlines()] == said.splitlines()
    run_command(["read", "tumeurs.csv", "--out", "propre.csv"])
    assert Path("propre.csv").read_text(encoding="utf-8").splitlines() == clean.splitlines()
