"""The files of a report, written and read back: nothing becomes a formula, the same content has the same bytes."""

import datetime as dt
from pathlib import Path

import jinja2
import openpyxl
import pandas as pd
import pytest

from pipelines.io.report_files import (
    Column,
    Sheet,
    page_template,
    template_text,
    write_csv,
    write_page,
    write_workbook,
)

DAY = dt.date(2026, 11, 21)
COLUMNS = (
    Column("name", "text", 20),
    Column("n", "count", 8),
    Column("%", "percent", 8),
    Column("raw", "plain", 8),
)


def workbook(folder: Path, *rows: tuple[object, ...], is_table: bool = True) -> Path:
    path = folder / "a.xlsx"
    write_workbook(path, [Sheet("figures", COLUMNS, rows, is_table=is_table)], title="Title", created=DAY)
    return path


def test_a_csv_is_written_for_a_french_spreadsheet(tmp_path: Path):
    frame = pd.DataFrame({"centre": ["Évry; sud", None], "percent": [62.5, None], "n": [1, 2]})
    write_csv(tmp_path / "a.csv", frame)
    expected = '\ufeffcentre;percent;n\r\n"Évry; sud";62,5;1\r\n;;2\r\n'
    assert (tmp_path / "a.csv").read_bytes() == expected.encode()


def test_cells_have_their_kind(tmp_path: Path):
    sheet = openpyxl.load_workbook(workbook(tmp_path, ("Évry", 1234, 62.5, 62.5)))["figures"]
    assert [(cell.value, cell.data_type, cell.number_format) for cell in sheet[2]] == [
        ("Évry", "s", "@"), (1234, "n", "#,##0"), (0.625, "n", "0.0%"), (62.5, "n", "General"),
    ]  # fmt: skip


def test_what_is_absent_is_an_empty_cell(tmp_path: Path):
    sheet = openpyxl.load_workbook(workbook(tmp_path, ("Évry", None, None, None)))["figures"]
    assert [cell.value for cell in sheet[2]] == ["Évry", None, None, None]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "http://x.example", "{=A1}", "0012", "internal:Sheet!A1"]
)
def test_a_text_stays_a_text(tmp_path: Path, text: str):
    cell = openpyxl.load_workbook(workbook(tmp_path, (text, 1, 2.0, 3)))["figures"]["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


def test_only_a_table_is_frozen_and_filtered(tmp_path: Path):
    sheet = openpyxl.load_workbook(workbook(tmp_path, ("a", 1, 2.0, 3)))["figures"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("A2", "A1:D2")
    prose = openpyxl.load_workbook(workbook(tmp_path, ("a", 1, 2.0, 3), is_table=False))["figures"]
    assert (prose.freeze_panes, prose.auto_filter.ref) == (None, None)


def test_columns_have_their_width_and_header(tmp_path: Path):
    sheet = openpyxl.load_workbook(workbook(tmp_path, ("a", 1, 2.0, 3)))["figures"]
    assert [cell.value for cell in sheet[1]] == ["name", "n", "%", "raw"]
    assert sheet.column_dimensions["A"].width == pytest.approx(20, abs=1)


def test_the_date_of_a_workbook_is_the_given_one(tmp_path: Path):
    properties = openpyxl.load_workbook(workbook(tmp_path, ("a", 1, 2.0, 3))).properties
    assert (properties.title, properties.created) == ("Title", dt.datetime(2026, 11, 21))  # noqa: DTZ001 - read as written


def test_the_same_workbook_has_the_same_bytes(tmp_path: Path):
    first = workbook(tmp_path, ("a", 1, 2.0, 3)).read_bytes()
    assert workbook(tmp_path, ("a", 1, 2.0, 3)).read_bytes() == first


def test_a_page_is_utf8_with_plain_line_ends(tmp_path: Path):
    write_page(tmp_path / "a.html", "é\n")
    assert (tmp_path / "a.html").read_bytes() == b"\xc3\xa9\n"


def test_a_template_refuses_what_it_was_not_given():
    with pytest.raises(jinja2.UndefinedError, match="release"):
        page_template("report.html.j2", {"count": str, "percent": str, "ends": str, "day": str}).render()


def test_the_style_and_the_script_name_no_address():
    for name in ("report.css", "switch.js"):
        text = template_text(name)
        assert "//" not in text
        assert "@import" not in text
