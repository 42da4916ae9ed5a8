"""The correction workbook goes out, comes back, and its answers count from the next night on."""

import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from pipelines.cli.app import run_command
from tests import small_network
from tests.small_network import NETWORK, SmallNetwork
from tests.unit.test_settlement import FILE, OPERATION, intent


@pytest.fixture
def net(first: SmallNetwork, tmp_path: Path) -> Iterator[SmallNetwork]:
    """The network after its first night, for one test."""
    with small_network.in_force(small_network.copied(first, tmp_path / "net"), is_reported=False) as network:
        yield network


@pytest.fixture
def reseau(net: SmallNetwork, capsys: pytest.CaptureFixture[str]):
    """Run the command; its exit code and its JSON."""

    def run(*arguments: object) -> tuple[int, object]:
        given = ["findings", *map(str, arguments), "--network", NETWORK, "--home", str(net.home), "--json"]
        code = run_command(given)
        out = capsys.readouterr().out
        return code, json.loads(out) if out else None

    return run


@pytest.fixture
def workbook(reseau, tmp_path: Path) -> Path:
    file = tmp_path / "alpha.xlsx"
    assert reseau("export", "--centre", "alpha", "--out", file)[0] == 0
    return file


def rows(file: Path) -> list[dict[str, object]]:
    sheet = openpyxl.load_workbook(file).worksheets[0]
    header, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip((str(name).split("\n")[0] for name in header), line, strict=True)) for line in lines]


def write(file: Path, reference: str, **cells: object) -> None:
    """Write into the line of a finding, as a person does."""
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    header = [str(cell.value).split("\n")[0] for cell in sheet[1]]
    place = header.index("Référence (ne pas modifier)")
    [line] = [row for row in sheet.iter_rows(min_row=2) if row[place].value == reference]
    for name, value in cells.items():
        line[
            next(i for i, known in enumerate(header) if known.startswith(name.replace("_", " ")))
        ].value = value
    book.save(file)


def test_the_workbook_says_where_what_and_what_to_do(net: SmallNetwork, workbook: Path):
    [row] = [row for row in rows(workbook) if row["Référence (ne pas modifier)"] == intent(net).finding_id]
    assert row["Patient (votre identifiant)"] == "A2"
    assert (row["Fichier"], row["Ligne"], row["Valeur lue"]) == ("chirurgie.csv", 3, "???")
    assert row["Règle"] == "CONTRACT-003"
    assert "vocabulaire" in row["Ce qui ne va pas"]
    assert row["Votre réponse"] is None


def test_the_answers_are_offered_in_a_list_and_no_cell_is_a_formula(workbook: Path):
    sheet = openpyxl.load_workbook(workbook).worksheets[0]
    [offered] = sheet.data_validations.dataValidation
    assert "corrigé dans notre système" in offered.formula1
    assert not [cell for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]


def test_it_holds_nothing_of_another_centre(net: SmallNetwork, reseau, tmp_path: Path):
    reseau("export", "--centre", "beta", "--out", tmp_path / "beta.xlsx")
    text = str(rows(tmp_path / "beta.xlsx"))
    assert "chirurgie.csv" not in text
    assert "A2" not in text


def test_only_its_owner_can_read_it(workbook: Path):
    assert workbook.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("answer", "now", "then"),
    [
        ("valeur vérifiée et exacte", "verified", "verified"),
        ("corrigé dans notre système", "answered", "answered"),
    ],
)
def test_an_answer_comes_back_and_holds(net: SmallNetwork, reseau, workbook: Path, answer, now, then):
    write(workbook, intent(net).finding_id, Votre_réponse=answer, Votre_commentaire="vu le 3 mai")
    code, facts = reseau("import", workbook, "--centre", "alpha", "--by", "Mme Qualité")
    assert (code, sum(facts["recorded"].values()), facts["refused_lines"]) == (0, 1, [])
    assert intent(net).status == now
    net.edit("alpha/tumeurs.csv", "8850/3", "8851/3")
    net.run()
    assert intent(net).status == then


def test_a_verified_finding_leaves_the_workbook(net: SmallNetwork, reseau, workbook: Path, tmp_path: Path):
    write(workbook, intent(net).finding_id, Votre_réponse="valeur vérifiée et exacte")
    reseau("import", workbook, "--centre", "alpha", "--by", "x")
    reseau("export", "--centre", "alpha", "--out", tmp_path / "again.xlsx")
    assert len(rows(tmp_path / "again.xlsx")) == len(rows(workbook)) - 1


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"Référence": "0" * 32, "Votre_réponse": "valeur vérifiée et exacte"}, "unknown_id"),
        ({"Règle": "SURGERY-001", "Votre_réponse": "valeur vérifiée et exacte"}, "other_rule"),
        ({"Votre_réponse": "peut-être"}, "unknown_answer"),
        ({"Votre_réponse": "=1+1"}, "unknown_answer"),
    ],
)
def test_a_line_that_cannot_be_kept_is_told_with_its_number(
    net: SmallNetwork, reseau, workbook: Path, cells, code
):
    number = 2 + [row["Référence (ne pas modifier)"] for row in rows(workbook)].index(intent(net).finding_id)
    write(workbook, intent(net).finding_id, **cells)
    exit_code, facts = reseau("import", workbook, "--centre", "alpha", "--by", "x")
    if cells["Votre_réponse"] == "=1+1":  # a formula without a stored result is an empty cell
        assert facts["recorded"] == dict.fromkeys(facts["recorded"], 0)
        return
    assert (exit_code, facts["refused_lines"]) == (1, [{"line": number, "code": code}])
    assert intent(net).status == "open"


def test_an_answer_to_a_record_that_vanished_is_told(net: SmallNetwork, reseau, workbook: Path):
    write(workbook, intent(net).finding_id, Votre_réponse="valeur vérifiée et exacte")
    net.edit(FILE, OPERATION, "")
    net.run()
    code, facts = reseau("import", workbook, "--centre", "alpha", "--by", "x")
    assert (code, [one["code"] for one in facts["refused_lines"]]) == (1, ["closed"])


def test_a_centre_cannot_answer_for_another(net: SmallNetwork, reseau, workbook: Path):
    write(workbook, intent(net).finding_id, Votre_réponse="valeur vérifiée et exacte")
    code, facts = reseau("import", workbook, "--centre", "beta", "--by", "x")
    assert (code, [one["code"] for one in facts["refused_lines"]]) == (1, ["unknown_id"])


def test_the_list_counts_by_centre_severity_and_status(net: SmallNetwork, reseau):
    code, listed = reseau("list")
    assert code == 0
    [alpha] = [row for row in listed if (row["centre_id"], row["severity"]) == ("alpha", "error")]
    assert alpha["open"] >= 1
    assert alpha["fixed"] == 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["export", "--centre", "nobody", "--out", "a.xlsx"], "centre"),
        (["export", "--centre", "alpha"], "--out"),
        (["export", "--centre", "alpha", "--out", "a.pdf"], "--out"),
        (["import", "--centre", "alpha", "--by", "x"], "--by"),
        (["import", "a.xlsx", "--centre", "alpha"], "--by"),
        (["import", "none.xlsx", "--centre", "alpha", "--by", "x"], "no such file"),
    ],
)
def test_what_is_missing_is_refused_with_what_to_do(net: SmallNetwork, arguments, reason, capsys):
    assert run_command(["findings", *arguments, "--network", NETWORK, "--home", str(net.home)]) == 2
    assert reason in capsys.readouterr().err


def test_a_file_that_is_no_workbook_is_refused(net: SmallNetwork, tmp_path: Path, capsys):
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    given = ["import", str(tmp_path / "a.xlsx"), "--centre", "alpha", "--by", "x"]
    assert run_command(["findings", *given, "--network", NETWORK, "--home", str(net.home)]) == 2
    assert "a.xlsx" in capsys.readouterr().err
