"""The values of a correction workbook: the centre's own, as they were written, and never run by a spreadsheet."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from pipelines.io.ledger import Ledger
from tests.unit.test_correction_workbook import Centres, act, lines, place, state


@pytest.fixture
def centres(tmp_path: Path, ledger_file: Path) -> Iterator[Centres]:
    with Ledger(f"sqlite:///{ledger_file}", key_fingerprint="k") as ledger:
        yield Centres(tmp_path / "centres", ledger)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out.xlsx"


HOSTILE = {
    "equals": "=1+1",
    "plus": "+33 1 42 00 00 00",
    "minus": "-2+3",
    "at": "@SUM(1+1)",
    "tab": "\t=1+1",
    "a command": "=cmd|'/C calc'!A0",
    "a link": '=HYPERLINK("http://x.example","x")',
    "an address": "http://x.example",
    "a mail": "mailto:a@x.example",
    "an array": "{=1+1}",
    "a number": "007",
    "a day": "03/04/2019",
    "true": "TRUE",
    "quotes": "a\"b'c",
    "a mark-up": "<b>&amp;</b>",
}


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("margin", "Valeur lue"),
        ("local_patient_id", "Patient (votre identifiant)"),
        ("local_tumour_id", "Tumeur"),
    ],
)
def test_a_value_is_shown_as_it_was_written_and_is_no_formula(
    centres: Centres, out: Path, value: str, name: str, column: str
):
    centres.raise_findings(state())
    centres.accept("alpha", place(), surgery=[act(**{name: value})])
    sheet = centres.open(out)
    assert lines(sheet)[0][column] == value
    [cell] = [cell for cell in sheet[2] if cell.value == value]
    assert (cell.data_type, cell.hyperlink) == ("s", None)
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


@pytest.mark.parametrize("name", ["file", "sheet"])
@pytest.mark.parametrize("value", ["=1+1.csv", "+a", "-a", "@a", "=HYPERLINK(A1)"])
def test_the_name_of_a_file_or_a_sheet_runs_nothing_either(
    centres: Centres, out: Path, name: str, value: str
):
    centres.raise_findings(state())
    centres.accept("alpha", place(**{name: value}), surgery=[act()])
    [cell] = [cell for cell in centres.open(out)[2] if cell.value == value]
    assert cell.data_type == "s"


def test_a_column_that_nobody_knows_runs_nothing_either(centres: Centres, out: Path):
    centres.raise_findings(state(field="=1+1"))
    [cell] = [cell for cell in centres.open(out)[2] if cell.value == "=1+1"]
    assert cell.data_type == "s"


FIELDS = {
    "a value": ("margin", {}, ("P1", "T1", "R9")),
    "an empty cell": ("margin", {"margin": None}, ("P1", "T1", None)),
    "the patient's own id": ("local_patient_id", {}, ("P1", "T1", "P1")),
    "the tumour's": ("local_tumour_id", {"local_tumour_id": None}, ("P1", None, None)),
    "a field that the table has not": ("nothing", {}, ("P1", "T1", None)),
    "the whole row": (None, {}, ("P1", "T1", None)),
}


@pytest.mark.parametrize(("field", "changes", "shown"), FIELDS.values(), ids=FIELDS)
def test_a_row_shows_the_keys_and_the_value_of_its_field(centres: Centres, out: Path, field, changes, shown):
    centres.raise_findings(state(field=field))
    centres.accept("alpha", place(), surgery=[act(**changes)])
    [row] = lines(centres.open(out))
    assert (row["Patient (votre identifiant)"], row["Tumeur"], row["Valeur lue"]) == shown


def test_each_finding_has_the_value_of_its_own_row_and_field(centres: Centres, out: Path):
    centres.raise_findings(
        state("f1", field="margin"), state("f2", field="margin"), state("f3", field="surgery_kind")
    )
    centres.accept(
        "alpha",
        place("f3", "d:0:2"),
        place("f2", "d:0:3", line=3),
        place("f1", "d:0:2"),
        surgery=[
            act("d:0:3", margin="R7", surgery_kind="k3", local_patient_id="P2"),
            act("d:0:2", margin="R8", surgery_kind="k2"),
            act("d:0:4", margin="R0", surgery_kind="k4", local_patient_id="P3"),
        ],
    )
    found = {row["Référence (ne pas modifier)"]: row for row in lines(centres.open(out))}
    assert {
        name: (row["Patient (votre identifiant)"], row["Ligne"], row["Valeur lue"])
        for name, row in found.items()
    } == {
        "f1": ("P1", 2, "R8"),
        "f2": ("P2", 3, "R7"),
        "f3": ("P1", 2, "k2"),
    }
    assert "P3" not in str(found)


def test_the_tables_of_an_entity_are_not_those_of_another(centres: Centres, out: Path):
    centres.raise_findings(
        state("f1"), state("f2", table_name="stg_tumour", field="topography_code", rule_id="CONTRACT-003")
    )
    centres.accept(
        "alpha",
        place("f1"),
        place("f2", file="tumeurs.csv"),
        surgery=[act()],
        tumour=[
            {"row_id": "d:0:2", "local_patient_id": "P5", "local_tumour_id": "T5", "topography_code": "???"}
        ],
    )
    found = {row["Référence (ne pas modifier)"]: row for row in lines(centres.open(out))}
    assert (found["f1"]["Patient (votre identifiant)"], found["f1"]["Valeur lue"]) == ("P1", "R9")
    assert (found["f2"]["Patient (votre identifiant)"], found["f2"]["Valeur lue"]) == ("P5", "???")


def test_a_table_without_tumours_shows_none(centres: Centres, out: Path):
    centres.raise_findings(state(table_name="val_patient_identity", field="sex"))
    centres.accept(
        "alpha", place(), patient_identity=[{"row_id": "d:0:2", "local_patient_id": "P1", "sex": "X"}]
    )
    [row] = lines(centres.open(out))
    assert (row["Patient (votre identifiant)"], row["Tumeur"], row["Valeur lue"]) == ("P1", None, "X")


UNPLACED: dict[str, dict[str, Any]] = {
    "the finding is in no file now": {"located": [], "surgery": [act()]},
    "its row is not staged": {"located": [place()], "surgery": [act("d:0:99")]},
    "its table is not staged": {"located": [place()]},
}


@pytest.mark.parametrize("case", UNPLACED.values(), ids=UNPLACED)
def test_a_finding_without_its_row_is_asked_all_the_same(centres: Centres, out: Path, case: dict[str, Any]):
    centres.raise_findings(state())
    staged = {name: rows for name, rows in case.items() if name != "located"}
    centres.accept("alpha", *case["located"], **staged)
    [row] = lines(centres.open(out))
    assert row["Référence (ne pas modifier)"] == "f1"
    assert (row["Patient (votre identifiant)"], row["Valeur lue"]) == (None, None)
    assert row["Fichier"] == ("actes.csv" if case["located"] else None)


def test_before_its_data_are_accepted_a_centre_has_its_findings_without_values(centres: Centres, out: Path):
    centres.raise_findings(state())
    [row] = lines(centres.open(out))
    assert (row["Référence (ne pas modifier)"], row["Fichier"], row["Valeur lue"]) == ("f1", None, None)


def test_no_word_of_another_centre_is_in_the_file(centres: Centres, out: Path):
    centres.raise_findings(state("f1"), state("f2", centre_id="beta"))
    centres.accept("alpha", place("f1"), surgery=[act()])
    centres.accept(
        "beta", place("f2", file="secret.csv"), surgery=[act(local_patient_id="SECRET", margin="SECRET")]
    )
    centres.open(out)
    cells = [
        str(cell)
        for sheet in openpyxl.load_workbook(out).worksheets
        for row in sheet.iter_rows(values_only=True)
        for cell in row
    ]
    assert not [cell for cell in cells if "secret" in cell.lower() or cell == "f2"]
    assert "R9" in cells


def test_a_row_of_the_same_number_in_another_centre_is_not_read(centres: Centres, out: Path):
    centres.raise_findings(state("f1", centre_id="beta"))
    centres.accept("alpha", place("f1"), surgery=[act(margin="of alpha")])
    centres.accept("beta", place("f1"), surgery=[act(margin="of beta")])
    assert lines(centres.open(out, "beta"))[0]["Valeur lue"] == "of beta"
    assert lines(centres.open(out, "alpha")) == []
