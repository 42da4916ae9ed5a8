"""Workbooks (XLSX, XLS, XLSB, ODS): the cells of one sheet as text, exactly, with the row numbers a user sees.

A number that is whole loses its ".0", a date is ISO text without a midnight, a boolean is 1 or 0, an empty cell is "".
"""

import datetime as dt
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import python_calamine as calamine

from pipelines.config import SheetMap
from pipelines.errors import RefusalCode
from pipelines.io.delimited import Grid, Ragged, join_header, shown
from pipelines.refusals import refused

if TYPE_CHECKING:
    from numpy.typing import NDArray

_WHOLE = 2**53  # beyond it a spreadsheet number is no longer exact


def open_workbook(content: bytes, *, name: str) -> Any:
    """The workbook, its sheets not yet read. FileRefused when it is damaged or locked."""
    try:
        workbook = calamine.load_workbook(io.BytesIO(content))
    except calamine.PasswordError:
        raise refused(RefusalCode.PASSWORD, name) from None
    except calamine.CalamineError:
        raise refused(RefusalCode.TRUNCATED, name) from None
    if len({*workbook.sheet_names}) < len(
        workbook.sheet_names
    ):  # by name, only the first of two could be read
        raise refused(RefusalCode.TRUNCATED, name)
    return workbook


def read_sheet(workbook: Any, sheet: SheetMap, *, name: str) -> tuple[str, Grid | None]:
    """The name and the grid of a sheet; no grid when it has no header line. Columns stop at the last used header."""
    wanted = sheet.sheet if sheet.sheet is not None else next(iter(workbook.sheet_names), "")
    if wanted not in workbook.sheet_names:
        raise refused(RefusalCode.MISSING_SHEET, name, sheet=wanted)
    try:
        rows = workbook.get_sheet_by_name(wanted).to_python(skip_empty_area=False)
    except calamine.CalamineError:
        raise refused(RefusalCode.TRUNCATED, name) from None
    if len(rows) < sheet.header_line + sheet.header_rows - 1:
        return wanted, None
    return wanted, _grid(rows, sheet.header_line, sheet.header_rows)


def _grid(rows: list[list[Any]], header_line: int, header_rows: int) -> Grid:
    import pyarrow as pa

    last = header_line - 1 + header_rows
    names = [[text_of(cell) for cell in row] for row in rows[header_line - 1 : last]]
    header = names[0] if header_rows == 1 else join_header(names)
    numbers, body = _used(rows, last)
    columns = [_column(cells) for cells in zip(*body, strict=True)]
    columns = columns or [pa.array([], pa.string())] * len(header)
    while header and not header[-1].strip() and not _has_text(columns[-1]):
        header.pop()
        columns.pop()
    is_used, is_aside = np.zeros((2, len(body)), np.bool_)
    for column in columns:
        is_used |= np.asarray(_is_text(column))
        is_aside |= np.asarray(_has_null(column))
    is_kept = is_used & ~is_aside
    cells = {str(place): column.filter(pa.array(is_kept)) for place, column in enumerate(columns)}
    ragged = [_set_aside(body[at], int(numbers[at]), len(header)) for at in np.flatnonzero(is_aside)]
    blank = len(rows) - last - int(is_used.sum())
    return Grid(header, pa.table(cells), numbers[is_kept], ragged, blank)


def _used(rows: list[list[Any]], first: int) -> tuple["NDArray[np.int64]", list[list[Any]]]:
    """The rows from `first` on that hold anything, and their numbers: one cell far below makes a million others."""
    used = [place for place in range(first, len(rows)) if rows[place].count("") < len(rows[place])]
    return np.array(used, np.int64) + 1, [rows[place] for place in used]


def _set_aside(cells: Sequence[Any], line: int, n_columns: int) -> Ragged:
    """A row that no database could hold, as its cells between tabs."""
    return Ragged(line, shown("\t".join(map(text_of, cells))), n_columns, n_columns)


def _column(cells: Sequence[Any]) -> Any:
    import pyarrow as pa

    try:
        return pa.array(cells, pa.string())
    except (pa.ArrowTypeError, pa.ArrowInvalid):  # not only text
        return pa.array([text_of(cell) for cell in cells], pa.string())


def _is_text(column: Any) -> Any:
    import pyarrow.compute as pc

    return pc.not_equal(pc.utf8_trim_whitespace(column), "")


def _has_null(column: Any) -> Any:
    import pyarrow.compute as pc

    return pc.match_substring(column, "\0")


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
