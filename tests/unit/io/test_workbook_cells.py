"""Cells of workbooks: each type as exact text, rows where a user sees them, the same from XLSX, XLS and ODS."""

import datetime as dt
import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import xlsxwriter
import xlwt

from pipelines.errors import FileRefused
from pipelines.io.workbooks import open_workbook, read_sheet, text_of
from tests.dialects import sheet, xlsx

SPACE = "urn:oasis:names:tc:opendocument:xmlns:"


def written(fill: Callable[[Any, Any], None]) -> bytes:
    """An XLSX workbook whose first sheet `fill(book, page)` writes."""
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        fill(book, book.add_worksheet("Feuil1"))
    return memory.getvalue()


def old(fill: Callable[[Any], None]) -> bytes:
    """The same as an XLS."""
    memory, book = io.BytesIO(), xlwt.Workbook()
    fill(book.add_sheet("Feuil1", cell_overwrite_ok=True))
    book.save(memory)
    return memory.getvalue()


def open_document(*rows: str) -> bytes:
    """An ODS whose rows are given as XML."""
    content = (
        f'<office:document-content xmlns:office="{SPACE}office:1.0" xmlns:table="{SPACE}table:1.0"'
        f' xmlns:text="{SPACE}text:1.0"><office:body><office:spreadsheet><table:table table:name="Feuil1">'
        f"{''.join(rows)}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return memory.getvalue()


def grid(content: bytes, **options: Any) -> tuple[list[str], list[tuple[str, ...]], list[int]]:
    """Header, rows and line numbers of a sheet."""
    _, found = read_sheet(open_workbook(content, name="a"), sheet(**options), name="a")
    assert found is not None
    rows = list(zip(*(column.to_pylist() for column in found.cells.columns), strict=True))
    return found.header, rows, found.lines.tolist()


def body(content: bytes, **options: Any) -> list[tuple[str, ...]]:
    return grid(content, **options)[1]


def cell(value: Any, code: str | None = None) -> bytes:
    """A workbook with one cell below its header, with a number format if given."""

    def fill(book: Any, page: Any) -> None:
        page.write(0, 0, "h")
        form = book.add_format({"num_format": code}) if code else None
        page.write(1, 0, value, form)

    return written(fill)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("", ""),
        (" a ", " a "),
        ("007", "007"),
        ("1e5", "1e5"),
        ("12,5", "12,5"),
        ("\u00a0", "\u00a0"),
        (0, "0"),
        (0.0, "0"),
        (-0.0, "0"),
        (-12.0, "-12"),
        (12.5, "12.5"),
        (0.1, "0.1"),
        (0.1 + 0.2, "0.30000000000000004"),  # as the file holds it, never rounded here
        (1e-7, "1e-07"),
        (180017512345678.0, "180017512345678"),
        (2.0**53, "9007199254740992"),
        (2.0**53 + 2, "9007199254740994.0"),  # no longer exact: it keeps the mark of a float
        (1e21, "1e+21"),
        (True, "1"),
        (False, "0"),
        (dt.date(2019, 4, 3), "2019-04-03"),
        (dt.datetime(2019, 4, 3), "2019-04-03"),  # noqa: DTZ001 - a spreadsheet has no zone
        (dt.datetime(2019, 4, 3, 0, 0, 1), "2019-04-03 00:00:01"),  # noqa: DTZ001
        (dt.datetime(2019, 4, 3, 14, 30, 0, 500000), "2019-04-03 14:30:00.500000"),  # noqa: DTZ001
        (dt.time(14, 30), "14:30:00"),
        (dt.timedelta(hours=14, minutes=30), "14:30:00"),
        (dt.timedelta(days=1, hours=2), "1 day, 2:00:00"),
    ],
)
def test_the_text_of_a_value(value: Any, text: str):
    assert text_of(value) == text


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (43558, "dd/mm/yyyy", "2019-04-03"),
        (43558, "mm-dd-yy", "2019-04-03"),
        (43558, "yyyy", "2019-04-03"),
        (43558.604166666664, "dd/mm/yyyy hh:mm", "2019-04-03 14:30:00"),
        (
            43558.604166666664,
            "dd/mm/yyyy",
            "2019-04-03 14:30:00",
        ),  # shown as a day, stored with a time: nothing is cut
        (43558, "General", "43558"),
        (43558, "0.00", "43558"),
        (43558, '"jour" 0', "43558"),  # the d and the j of a quoted word make no date
        (43558, "[Red]0", "43558"),
        (60, "dd/mm/yyyy", "1900-02-28"),
        (0.5, "hh:mm", "12:00:00"),
        (0.285, "0.0%", "0.285"),  # a percentage is its share
        (1234.5, "# ##0,00 €", "1234.5"),
        ("=1+1", "@", "=1+1"),
        ("2019-04-03", "dd/mm/yyyy", "2019-04-03"),
    ],
)
def test_a_number_is_a_date_only_by_its_format(value: Any, code: str, text: str):
    def fill(book: Any, page: Any) -> None:
        page.write(0, 0, "h")
        write = page.write_string if isinstance(value, str) else page.write_number
        write(1, 0, value, book.add_format({"num_format": code}))

    assert body(written(fill)) == [(text,)]


@pytest.mark.parametrize(
    ("formula", "value", "text"),
    [
        ("=1+1", 2, "2"),
        ('="a"&"b"', "ab", "ab"),
        ("=TRUE()", True, "1"),
        ("=1/4", 0.25, "0.25"),
    ],
)
def test_a_formula_is_its_stored_result(formula: str, value: Any, text: str):
    def fill(_: Any, page: Any) -> None:
        page.write(0, 0, "h")
        page.write_formula(1, 0, formula, None, value)

    assert body(written(fill)) == [(text,)]


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!", "#VALUE!"])
def test_an_error_of_a_formula_is_no_value_and_spoils_no_other_cell(error: str):
    def fill(_: Any, page: Any) -> None:
        page.write_row(0, 0, ["h", "i"])
        page.write_formula(1, 0, "=1/0", None, error)
        page.write(1, 1, "kept")

    assert body(written(fill)) == [("", "kept")]


@pytest.mark.parametrize(
    ("rows", "header_line", "expected", "lines"),
    [
        ([["h", "i"], ["1", "2"]], 1, [("1", "2")], [2]),
        ([["h", "i"], [], ["1", "2"], [], [], ["3", "4"]], 1, [("1", "2"), ("3", "4")], [3, 6]),
        ([["h", "i"], ["1", ""], ["", "2"]], 1, [("1", ""), ("", "2")], [2, 3]),
        ([["h", "i"], [" ", "\t"], ["1", "2"]], 1, [("1", "2")], [3]),
        ([[], [], ["h", "i"], ["1", "2"]], 3, [("1", "2")], [4]),
        ([["Titre"], ["h", "i"], ["1", "2"]], 2, [("1", "2")], [3]),
        ([["h", "i"], [1, 2.0], [True, dt.date(2019, 4, 3)]], 1, [("1", "2"), ("1", "2019-04-03")], [2, 3]),
        ([["h", "i"], ["a", 1], ["b", "c"]], 1, [("a", "1"), ("b", "c")], [2, 3]),
        ([["h", "i"], ["1", "2", "3"]], 1, [("1", "2", "3")], [2]),
        ([["h", "", "i"], ["1", "x", "2"]], 1, [("1", "x", "2")], [2]),
        ([["h", "i", ""], ["1", "2", ""]], 1, [("1", "2")], [2]),
        ([["h", "i"], ["1", "a\nb"]], 1, [("1", "a\nb")], [2]),
    ],
)
def test_rows_stand_where_a_user_sees_them(
    rows: Sequence[Sequence[Any]], header_line: int, expected: list[tuple[str, ...]], lines: list[int]
):
    assert grid(xlsx(rows), header_line=header_line)[1:] == (expected, lines)


def test_a_header_of_any_type_is_text():
    assert grid(xlsx([["h", 2019, True, dt.date(2019, 4, 3)], ["1", "2", "3", "4"]]))[0] == [
        "h",
        "2019",
        "1",
        "2019-04-03",
    ]


def test_a_merged_cell_is_its_first_cell():
    def fill(_: Any, page: Any) -> None:
        page.write_row(0, 0, ["h", "i", "j"])
        page.merge_range(1, 0, 2, 1, "merged")
        page.write_column(1, 2, ["x", "y"])

    assert body(written(fill)) == [("merged", "", "x"), ("", "", "y")]


def test_hidden_and_filtered_rows_columns_and_sheets_are_read():
    def fill(book: Any, page: Any) -> None:
        page.write_row(0, 0, ["h", "i"])
        page.write_row(1, 0, ["1", "2"])
        page.write_row(2, 0, ["3", "4"])
        page.set_row(1, None, None, {"hidden": True})
        page.set_column(1, 1, None, None, {"hidden": True})
        page.autofilter(0, 0, 2, 1)
        book.add_worksheet("Vue").activate()
        page.hide()

    assert body(written(fill)) == [("1", "2"), ("3", "4")]


def test_a_comment_a_link_and_a_rich_text_are_their_text():
    def fill(book: Any, page: Any) -> None:
        page.write_row(0, 0, ["h", "i"])
        page.write_url(1, 0, "https://example.org/x", string="shown")
        page.write_comment(1, 0, "a remark")
        page.write_rich_string(1, 1, "plain ", book.add_format({"bold": True}), "bold")

    assert body(written(fill)) == [("shown", "plain bold")]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [(None, "Premier"), ("Premier", "Premier"), ("Deuxième", "Deuxième"), (" Troisième", " Troisième")],
)
def test_a_sheet_is_found_by_its_exact_name(wanted: str | None, found: str):
    names = ("Premier", "Deuxième", " Troisième")
    book = xlsx([["h"], ["Premier"]], title="Premier", more={name: [["h"], [name]] for name in names[1:]})
    title, _ = read_sheet(open_workbook(book, name="a"), sheet(sheet=wanted), name="a")
    assert title == found
    assert body(book, sheet=wanted) == [(found,)]


@pytest.mark.parametrize("wanted", ["premier", "Premier ", "Deuxieme", "", "0"])
def test_a_sheet_of_another_name_is_not_taken(wanted: str):
    with pytest.raises(FileRefused) as refused:
        body(xlsx([["h"], ["1"]], title="Premier", more={"Deuxième": [["h"], ["1"]]}), sheet=wanted)
    assert refused.value.refusal.code == "missing_sheet"


def test_an_old_workbook_has_the_same_types():
    def fill(page: Any) -> None:
        day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
        for place, name in enumerate("abcdef"):
            page.write(0, place, name)
        for place, value in enumerate(["007", 12.0, 12.5, True, "é", 180017512345678]):
            page.write(2, place, value)
        page.write(3, 0, dt.date(2019, 4, 3), day)

    assert grid(old(fill))[1:] == (
        [("007", "12", "12.5", "1", "é", "180017512345678"), ("2019-04-03", "", "", "", "", "")],
        [3, 4],
    )


VALUE = '<table:table-cell office:value-type="{}" {}><text:p>{}</text:p></table:table-cell>'
HEADER = "<table:table-row>" + VALUE.format("string", "", "h") + "</table:table-row>"


@pytest.mark.parametrize(
    ("kind", "attributes", "shown", "text"),
    [
        ("string", "", "007", "007"),
        ("float", 'office:value="12"', "12,00", "12"),
        ("float", 'office:value="12.5"', "12,5", "12.5"),
        ("percentage", 'office:value="0.285"', "28,5 %", "0.285"),
        ("currency", 'office:value="3"', "3 €", "3"),
        ("date", 'office:date-value="2019-04-03"', "03/04/19", "2019-04-03"),
        ("boolean", 'office:boolean-value="true"', "VRAI", "1"),
        ("boolean", 'office:boolean-value="false"', "FAUX", "0"),
        ("string", "", "a &amp; b &lt;c&gt;", "a & b <c>"),
    ],
)
def test_an_open_document_cell_is_its_value_and_not_what_is_shown(
    kind: str, attributes: str, shown: str, text: str
):
    row = f"<table:table-row>{VALUE.format(kind, attributes, shown)}</table:table-row>"
    assert body(open_document(HEADER, row)) == [(text,)]


def test_repeated_rows_of_an_open_document_keep_the_numbers_a_user_sees():
    row = f"<table:table-row>{VALUE.format('string', '', 'x')}</table:table-row>"
    empty = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    twice = row.replace("<table:table-row>", '<table:table-row table:number-rows-repeated="2">')
    assert grid(open_document(HEADER, empty, row, twice))[1:] == ([("x",)] * 3, [5, 6, 7])


def test_a_row_with_a_null_character_is_set_aside_alone():
    rows = [
        f"<table:table-row>{VALUE.format('string', '', text)}</table:table-row>" for text in ("a", "b\0", "c")
    ]
    workbook = open_workbook(open_document(HEADER, *rows), name="x.ods")
    _, found = read_sheet(workbook, sheet(), name="x.ods")
    assert found is not None
    assert (found.cells.column(0).to_pylist(), found.lines.tolist()) == (["a", "c"], [2, 4])
    assert [(r.line, r.text, r.n_found, r.n_expected) for r in found.ragged] == [(3, "b␀", 1, 1)]


def test_a_header_of_two_rows_is_joined():
    rows = [["Patient", "Patient", ""], ["IPP", "Nom", "Né le"], ["1", "A", "x"]]
    _, found = read_sheet(open_workbook(xlsx(rows), name="x"), sheet(header_rows=2), name="x")
    assert found is not None
    assert (found.header, found.lines.tolist()) == (["Patient IPP", "Patient Nom", "Né le"], [3])


@pytest.mark.parametrize(
    ("rows", "lines", "blank"),
    [
        ([["1", "A"]], [2], 0),
        ([["", ""], ["1", "A"], ["", ""], ["", ""], ["0", ""]], [3, 6], 3),
        ([["", ""], [" ", "\t"], ["1", "A"]], [4], 2),  # spaces are no content
        ([["1", "A"], *[["", ""]] * 50, ["2", "B"]], [2, 53], 50),
    ],
)
def test_empty_rows_are_counted_and_keep_the_numbers_of_the_others(
    rows: list[list[str]], lines: list[int], blank: int
):
    _, found = read_sheet(open_workbook(xlsx([["IPP", "Nom"], *rows]), name="a"), sheet(), name="a")
    assert found is not None
    assert (found.lines.tolist(), found.blank) == (lines, blank)
