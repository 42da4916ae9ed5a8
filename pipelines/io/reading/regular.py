"""Large files whose lines follow the rules: Arrow parses them, and their cells stay in its columns.

The head of the file says where the table begins. Whatever this module cannot vouch for (damaged quotes, blank rows
within, a header printed again, many odd rows) it leaves to the reading record by record.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from pipelines.io.delimited import Grid, Ragged, read
from pipelines.io.reading.dialect import Found
from pipelines.io.reading.layout import Layout, Table, find_layout, is_remark
from pipelines.io.reading.records import Dialect, Record, read_all, read_records

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

#: Below this number of characters, reading record by record costs nothing worth saving.
LARGE = 4 << 20
_HEAD, _BLOCK, _N_BLOCKS = 1 << 17, 1 << 15, 3
_MOST_RAGGED = 1000
_CHUNK = 1 << 16
_BLANK = "\r\n \t,;|"


class ArrowRecords(Sequence[list[str]]):
    """The records of a table whose cells are Arrow columns; `odd` are those with another number of cells, by place."""

    def __init__(self, cells: "pa.Table", odd: dict[int, list[str]]) -> None:
        self._cells, self._odd = cells, odd
        self._before = np.array(sorted(odd), np.int64)

    def __len__(self) -> int:
        return int(self._cells.num_rows) + len(self._odd)

    @overload
    def __getitem__(self, at: int) -> list[str]: ...
    @overload
    def __getitem__(self, at: slice) -> list[list[str]]: ...
    def __getitem__(self, at: int | slice) -> list[str] | list[list[str]]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        if at in self._odd:
            return self._odd[at]
        row = at - int(np.searchsorted(self._before, at))
        return [str(column[row].as_py()) for column in self._cells.columns]

    def __iter__(self) -> Iterator[list[str]]:
        at = 0
        for start in range(0, self._cells.num_rows, _CHUNK):
            chunk = self._cells.slice(start, _CHUNK)
            for row in zip(*(column.to_pylist() for column in chunk.columns), strict=True):
                while at in self._odd:
                    yield self._odd[at]
                    at += 1
                yield list(row)
                at += 1
        while at in self._odd:
            yield self._odd[at]
            at += 1


@dataclass(frozen=True)
class RegularTable:
    """The only table of a large file: as its head shows it, then all its records and their lines."""

    head: Table
    names: list[str]
    records: ArrowRecords
    lines: list[int]
    outside: dict[str, list[int]]


def spread_sample(text: str) -> list[str]:
    """Whole lines of the head of a large text, and of blocks spread over the rest."""
    step = (len(text) - _HEAD) // _N_BLOCKS
    starts = range(_HEAD, len(text) - _BLOCK, step)
    blocks = [_lines(text[at : at + _BLOCK])[1:-1] for at in starts]
    return [*_lines(text[:_HEAD])[:-1], *(line for block in blocks for line in block)]


def _lines(text: str) -> list[str]:
    return io.StringIO(text, newline="").readlines()


def read_regular(text: str, found: Found, *, header_rows: int | None, first_line: int) -> RegularTable | None:
    """The table of a large text, or None when it is not one table written by the rules."""
    dialect = found.dialect
    if len(dialect.separator) != 1 or not dialect.separator.isascii() or dialect.escape == "backslash":
        return None
    if dialect.quote != '"' or found.may_be_padded or found.width < 2:
        return None
    layout = _head_layout(text, found, header_rows, first_line)
    content = text.encode()
    if len(layout.tables) != 1 or not _has_sound_quotes(content, dialect.separator):
        return None
    head = layout.tables[0]
    start = head.header[-1].line if head.header else head.records[0].line
    grid = read(content, separator=dialect.separator, header_line=start)
    return _checked(text, head, grid, layout, dialect) if grid is not None else None


def _head_layout(text: str, found: Found, header_rows: int | None, first_line: int) -> Layout:
    lines = _lines(text[:_HEAD])[:-1]
    records = read_all(lines[first_line:], found.dialect, width=found.width)
    moved = [record._replace(line=record.line + first_line) for record in records]
    layout = find_layout(moved, width=found.width, header_rows=header_rows)
    layout.put_outside("preamble", [Record(i + 1, 1, [line]) for i, line in enumerate(lines[:first_line])])
    return layout


def _has_sound_quotes(content: bytes, separator: str) -> bool:
    """True when every quote opens a cell, closes one, or is doubled within one."""
    if b'"' not in content:
        return True
    codes = np.frombuffer(content, np.uint8)
    places = np.flatnonzero(codes == ord('"'))
    if len(places) % 2:
        return False
    around = np.array([ord(separator), 10, 13, ord('"')], np.uint8)
    opening, closing = places[0::2], places[1::2]
    before, after = codes[opening[opening > 0] - 1], codes[closing[closing < len(codes) - 1] + 1]
    return bool(np.isin(before, around).all() and np.isin(after, around).all())


def _checked(text: str, head: Table, grid: Grid, layout: Layout, dialect: Dialect) -> RegularTable | None:
    """The table, if nothing in it may be something else than a record."""
    n_blank = _n_blank_at_end(text)
    width = len(grid.header)
    if grid.blank > n_blank or len(grid.ragged) > _MOST_RAGGED or not len(grid.lines):
        return None
    if head.header and _is_printed_again(grid):
        return None
    rows = [(r.line, _cells(r, dialect, width)) for r in grid.ragged]
    last = int(grid.lines[-1])
    footer = [line for line, cells in rows if line > last and is_remark(Record(line, 1, cells), width)]
    rows = [row for row in rows if row[0] not in footer]
    if not head.header:
        rows.insert(0, (head.records[0].line, list(grid.header)))
    outside = {
        reason: [r.line for r in records] for reason, records in layout.outside.items() if reason != "footer"
    }
    outside["footer"] = footer
    n_lines = len(_lines(text[-_HEAD:])) + _n_line_ends(text[:-_HEAD])
    outside["blank"] = sorted({*outside.get("blank", []), *range(n_lines - n_blank + 1, n_lines + 1)})
    return _assembled(head, grid, rows, {reason: lines for reason, lines in outside.items() if lines})


def _n_line_ends(text: str) -> int:
    crlf = text.count("\r\n")
    return text.count("\n") + text.count("\r") - crlf


def _n_blank_at_end(text: str) -> int:
    """How many blank lines the text has after its last record."""
    end = text[len(text.rstrip(_BLANK)) :]
    return max(0, len(_lines(end.lstrip(" \t,;|"))) - 1)


def _is_printed_again(grid: Grid) -> bool:
    import pyarrow.compute as pc

    return any(grid.header) and bool(pc.any(pc.equal(grid.cells.column(0), grid.header[0])).as_py())


def _cells(ragged: Ragged, dialect: Dialect, width: int) -> list[str]:
    return next(iter(read_records(_lines(ragged.text) or [""], dialect, width=width))).cells


def _assembled(
    head: Table, grid: Grid, rows: list[tuple[int, list[str]]], outside: dict[str, list[int]]
) -> RegularTable:
    rows.sort(key=lambda row: row[0])
    odd_lines: NDArray[np.int64] = np.array([line for line, _ in rows], np.int64)
    places = np.searchsorted(grid.lines, odd_lines) + np.arange(len(rows))
    odd = {int(place): cells for place, (_, cells) in zip(places, rows, strict=True)}
    lines = np.sort(np.concatenate([grid.lines, odd_lines])).tolist()
    n_kept = _n_kept(head, grid)
    cells = grid.cells.select(range(n_kept))
    return RegularTable(head, head.names[:n_kept], ArrowRecords(cells, odd), lines, outside)


def _n_kept(head: Table, grid: Grid) -> int:
    """The number of columns without those at the right that are empty from header to last record."""
    import pyarrow.compute as pc

    n = len(head.names)
    while n > 1 and not (head.header and head.names[n - 1].strip()):
        if pc.any(pc.not_equal(pc.utf8_trim_whitespace(grid.cells.column(n - 1)), "")).as_py():
            break
        n -= 1
    return n
