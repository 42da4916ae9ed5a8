"""Workbooks (XLSX, XLS, ODS): the cells of one sheet as text, exactly, with the row numbers a user sees.

A number that is whole loses its ".0", a date is ISO text without a midnight, a boolean is 1 or 0, an empty cell is "".
"""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from types import TracebackType
from typing import Any

import numpy as np
import python_calamine as calamine

from pipelines.config import FileFormat, SheetMap
from pipelines.errors import RefusalCode
from pipelines.io.delimited import Grid
from pipelines.refusals import refused

_OLE = b"\xd0\xcf\x11\xe0"
_ZIP = b"PK\x03\x04"
_WHOLE = 2**53  # beyond it a spreadsheet number is no longer exact


class GuardedReading:
    """Turns a panic of the workbook parser, which no `except Exception` sees, into a refusal of that file."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        if kind is not None and kind.__module__ == "pyo3_runtime":
            raise refused(RefusalCode.CRASHED, self.name) from None


def check_kind(content: bytes, *, declared: FileFormat, name: str) -> None:
    """FileRefused when the content is recognisably not of the declared format, whatever the file is called."""
    found = _kind(content)
    if found == declared:
        return
    if found == "zip" and declared in ("xlsx", "ods"):
        raise refused(RefusalCode.TRUNCATED, name)
    fr, en = _KINDS[found]
    raise refused(RefusalCode.NOT_THIS_FORMAT, name, declared=declared.upper(), found_fr=fr, found_en=en)


_KINDS = {
    "csv": ("du texte", "text"),
    "html": ("une page HTML ou XML", "an HTML or XML page"),
    "xlsx": ("un classeur XLSX", "an XLSX workbook"),
    "ods": ("un classeur ODS", "an ODS workbook"),
    "xls": (
        "un classeur XLS, ou un classeur protégé par mot de passe",
        "an XLS or password-protected workbook",
    ),
    "zip": ("une archive ZIP", "a ZIP archive"),
}


def _kind(content: bytes) -> str:
    if content.startswith(_OLE):
        return "xls"
    if content.startswith(_ZIP):
        return _zip_kind(content)
    head = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    return "html" if head.startswith((b"<html", b"<!doctype", b"<?xml", b"<table")) else "csv"


def _zip_kind(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
    except zipfile.BadZipFile:
        return "zip"
    if "content.xml" in names:
        return "ods"
    return "xlsx" if "[Content_Types].xml" in names else "zip"


def open_workbook(content: bytes, *, name: str) -> Any:
    """The workbook, its sheets not yet read. FileRefused when it is damaged or locked."""
    try:
        return calamine.load_workbook(io.BytesIO(content))
    except calamine.PasswordError:
        found = {
            "found_fr": "un classeur protégé par mot de passe",
            "found_en": "a password-protected workbook",
        }
        raise refused(RefusalCode.NOT_THIS_FORMAT, name, declared="XLSX", **found) from None
    except calamine.CalamineError:
        raise refused(RefusalCode.TRUNCATED, name) from None


def read_sheet(workbook: Any, sheet: SheetMap, *, name: str) -> tuple[str, Grid | None]:
    """The name and the grid of a sheet; no grid when it has no header line. Columns stop at the last used header."""
    wanted = sheet.sheet if sheet.sheet is not None else next(iter(workbook.sheet_names), "")
    if wanted not in workbook.sheet_names:
        raise refused(RefusalCode.MISSING_SHEET, name, sheet=wanted)
    try:
        rows = workbook.get_sheet_by_name(wanted).to_python(skip_empty_area=False)
    except calamine.CalamineError:
        raise refused(RefusalCode.TRUNCATED, name) from None
    if len(rows) < sheet.header_line:
        return wanted, None
    grid = _grid(rows, sheet.header_line)
    if any(_has_null(column) for column in grid.cells.columns):
        why = {"why_fr": "caractère nul dans une cellule", "why_en": "null character in a cell"}
        raise refused(RefusalCode.UNREADABLE_TEXT, name, encoding=wanted, **why)
    return wanted, grid


def _grid(rows: list[list[Any]], header_line: int) -> Grid:
    import pyarrow as pa

    header = [text_of(cell) for cell in rows[header_line - 1]]
    columns = [_column(cells) for cells in zip(*rows[header_line:], strict=True)]
    columns = columns or [pa.array([], pa.string())] * len(header)
    while header and not header[-1].strip() and not _has_text(columns[-1]):
        header.pop()
        columns.pop()
    is_used = np.zeros(len(rows) - header_line, np.bool_)
    for column in columns:
        is_used |= np.asarray(_is_text(column))
    cells = {str(place): column.filter(pa.array(is_used)) for place, column in enumerate(columns)}
    lines = np.flatnonzero(is_used) + header_line + 1
    return Grid(header, pa.table(cells), lines, [], int((~is_used).sum()))


def _column(cells: Sequence[Any]) -> Any:
    import pyarrow as pa

    try:
        return pa.array(cells, pa.string())
    except (pa.ArrowTypeError, pa.ArrowInvalid):  # not only text
        return pa.array([text_of(cell) for cell in cells], pa.string())


def _is_text(column: Any) -> Any:
    import pyarrow.compute as pc

    return pc.not_equal(pc.utf8_trim_whitespace(column), "")


def _has_null(column: Any) -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(pc.match_substring(column, "\0")).as_py())


def _has_text(column: Any) -> bool:
    import pyarrow.compute as pc

    return bool(pc.any(_is_text(column)).as_py())


def text_of(cell: str | float | bool | dt.date | dt.time | dt.timedelta) -> str:
    """The text of a cell.

    >>> [text_of(5.0), text_of(0.25), text_of(True), text_of(dt.datetime(2019, 4, 3)), text_of("007")]
    ['5', '0.25', '1', '2019-04-03', '007']
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= _WHOLE:
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        return str(cell.date()) if cell.time() == dt.time() else cell.isoformat(" ")
    return str(cell)
