"""Workbooks: cells as exact text, rows with the number a user sees, and every refusal."""

import datetime as dt
import os
from collections import Counter
from pathlib import Path

import pytest

from pipelines.config import SheetMap
from pipelines.errors import FileRefused, RefusalCode
from pipelines.io.exports import read_table, read_tables
from tests.dialects import export, ods, sheet, xls, xlsx

HEADER = ["IPP", "Nom", "Né le"]


def read(tmp_path, content, *, file_format="xlsx", **more):
    path = tmp_path / "store"
    path.write_bytes(content)
    return read_table(path, export=export(format=file_format), sheet=sheet(**more), name="Patients.xlsx")


def content(table):
    return [
        (int(line), *row) for line, row in zip(table.lines, table.frame.itertuples(index=False), strict=True)
    ]


@pytest.mark.parametrize(("write", "file_format"), [(xlsx, "xlsx"), (xls, "xls"), (ods, "ods")])
def test_the_same_content_in_three_formats(tmp_path, write, file_format):
    found = read(tmp_path, write([HEADER, ["007", "LÉVY", "01/02/1960"]]), file_format=file_format)
    assert content(found) == [(2, "007", "LÉVY", "01/02/1960")]
    assert found.sheet == "Feuil1"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("  A ", "  A "),
        (12.0, "12"),
        (12.5, "12.5"),
        (-3, "-3"),
        (180017512345678, "180017512345678"),
        (True, "1"),
        (False, "0"),
        (dt.date(2019, 4, 3), "2019-04-03"),
        (dt.datetime.fromisoformat("2019-04-03 14:30:00"), "2019-04-03 14:30:00"),
    ],
)
def test_a_cell_becomes_exact_text(tmp_path, cell, text):
    assert content(read(tmp_path, xlsx([HEADER, ["1", cell, ""]]))) == [(2, "1", text, "")]


def test_old_workbooks_have_dates_too(tmp_path):
    found = read(tmp_path, xls([HEADER, ["1", "A", dt.date(2019, 4, 3)]]), file_format="xls")
    assert content(found) == [(2, "1", "A", "2019-04-03")]


def test_rows_keep_the_number_a_user_sees(tmp_path):
    rows = [["Export du service"], [], HEADER, ["1", "A", ""], ["", "  ", ""], ["2", "B", ""]]
    found = read(tmp_path, xlsx(rows), header_line=3)
    assert content(found) == [(4, "1", "A", ""), (6, "2", "B", "")]
    assert found.blank == 1


def test_a_named_sheet_is_read_among_others(tmp_path):
    book = xlsx([["x"]], title="Lisez-moi", more={"Patients": [HEADER, ["1", "A", ""]]})
    found = read(tmp_path, book, sheet="Patients")
    assert (found.sheet, content(found)) == ("Patients", [(2, "1", "A", "")])


def test_a_column_without_header_is_named_as_unmapped(tmp_path):
    found = read(tmp_path, xlsx([HEADER, ["1", "A", "", "remarque"]]))
    assert content(found) == [(2, "1", "A", "")]
    assert found.unmapped == ("∅",)


def test_empty_columns_on_the_right_are_nothing(tmp_path):
    assert read(tmp_path, xlsx([[*HEADER, "", ""], ["1", "A", "", " "]])).unmapped == ()


DAMAGED = xlsx([HEADER, *([str(i), "A" * 50, ""] for i in range(200))])


@pytest.mark.parametrize(
    ("content", "file_format", "code"),
    [
        (b"", "xlsx", RefusalCode.EMPTY_FILE),
        (b"IPP;Nom\n1;A\n", "xlsx", RefusalCode.NOT_THIS_FORMAT),
        (b"IPP;Nom\n1;A\n", "xls", RefusalCode.NOT_THIS_FORMAT),
        (b"<?xml version='1.0'?><Workbook/>", "xls", RefusalCode.NOT_THIS_FORMAT),
        (xls([HEADER]), "xlsx", RefusalCode.NOT_THIS_FORMAT),
        (xlsx([HEADER]), "xls", RefusalCode.NOT_THIS_FORMAT),
        (xlsx([HEADER]), "ods", RefusalCode.NOT_THIS_FORMAT),
        (DAMAGED[: len(DAMAGED) // 2], "xlsx", RefusalCode.TRUNCATED),
        (DAMAGED[:200], "xlsx", RefusalCode.TRUNCATED),
        (xls([HEADER, ["1", "A", ""]])[:1000], "xls", RefusalCode.TRUNCATED),
        (xlsx([HEADER]), "xlsx", RefusalCode.HEADER_ONLY),
        (xlsx([HEADER, ["", " ", ""]]), "xlsx", RefusalCode.HEADER_ONLY),
        (xlsx([]), "xlsx", RefusalCode.MISSING_HEADER),
        (xlsx([[" "], [" "]]), "xlsx", RefusalCode.MISSING_HEADER),
        (xlsx([["a", "b"], ["1", "2"]]), "xlsx", RefusalCode.MISSING_HEADER),
        (xlsx([["Nom"], ["A"]]), "xlsx", RefusalCode.MISSING_KEY_COLUMN),
        (xlsx([["IPP", "IPP"], ["1", "2"]]), "xlsx", RefusalCode.DUPLICATE_COLUMN),
    ],
)
def test_a_workbook_that_cannot_be_taken(tmp_path, content, file_format, code):
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, content, file_format=file_format)
    assert refused.value.refusal.code == code


def test_an_absent_sheet_is_named(tmp_path):
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, xlsx([HEADER, ["1", "A", ""]]), sheet="Patients")
    assert refused.value.refusal.code == RefusalCode.MISSING_SHEET
    assert '"Patients"' in refused.value.refusal.reason_en


def test_a_damaged_crc_is_a_damaged_workbook(tmp_path):
    body = bytearray(DAMAGED)
    at = body.find(b"sheet1.xml") + 40
    body[at : at + 20] = bytes(20)
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, bytes(body))
    assert refused.value.refusal.code == RefusalCode.TRUNCATED


def test_an_empty_sheet_beside_a_full_one_is_no_refusal(tmp_path):
    book = xlsx([HEADER, ["1", "A", ""]], title="Patients", more={"Vide": [HEADER]})
    path = tmp_path / "store"
    path.write_bytes(book)
    maps: list[SheetMap] = [sheet(sheet="Patients"), sheet(sheet="Vide")]
    found = read_tables(path, export=export(format="xlsx"), sheets=maps, name="P.xlsx")
    assert [len(table.lines) for table in found] == [1, 0]


#: A folder of hostile files that are not part of the project.
HOSTILE = Path(os.environ.get("RESEAU_HOSTILE_FILES", "no-such-folder"))


@pytest.mark.skipif(
    not HOSTILE.is_dir(), reason="RESEAU_HOSTILE_FILES names no folder: hostile files were NOT read"
)
def test_hostile_files_are_read_or_refused():
    anything = sheet({"local_patient_id": "no such column"})
    formats = {".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xls", ".ods": "ods"}
    codes = Counter(
        _code_of(path, formats.get(path.suffix.lower(), "csv"), anything)
        for path in sorted(HOSTILE.rglob("*"))
        if path.is_file() and path.stat().st_size < 2_000_000
    )
    assert set(codes) <= set(vars(RefusalCode).values())
    assert codes[RefusalCode.CRASHED] == 1  # one file makes the parser panic


def _code_of(path, file_format, anything):
    with pytest.raises(FileRefused) as refused:
        read_table(path, export=export(format=file_format), sheet=anything, name=path.name)
    return refused.value.refusal.code
