"""Delimited text: where its records are, what is in their cells.

The records are counted by us, from the bytes, before Arrow parses them; a record with a wrong number of cells is set
aside with its line and its text. A file whose quotes break RFC 4180 takes a slower path with the same results.
"""

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from pipelines.config import Export
from pipelines.errors import FileRefused, RefusalCode
from pipelines.refusals import refused

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

_LF, _CR, _QUOTE = 10, 13, 34
#: A quoted cell of a damaged file is not followed further than this: one stray quote must not swallow the file.
_LONGEST_QUOTED_CELL = 50
_BLOCK = 16 << 20


@dataclass(frozen=True)
class Ragged:
    """A record whose number of cells is not that of the header."""

    line: int
    text: str
    n_found: int
    n_expected: int


@dataclass(frozen=True)
class Grid:
    """The header and the records below it. `cells[i]` is column i of the kept records, `lines` where they begin."""

    header: list[str]
    cells: "pa.Table"
    lines: "NDArray[np.int64]"
    ragged: list[Ragged]
    blank: int


def decode(content: bytes, *, export: Export, name: str) -> bytes:
    """The file as UTF-8 without mark, from its declared encoding. FileRefused with the offset of the first bad byte."""
    encoding = "utf-8-sig" if export.encoding == "utf-8" else export.encoding
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise _unreadable(
            name, export, problem.start, fr="séquence impossible", en="impossible sequence"
        ) from None  # the cause holds the bytes
    if "\0" in text:
        raise _unreadable(name, export, content.index(b"\0"), fr="caractère nul", en="null character")
    if export.encoding in ("cp1252", "iso-8859-15") and _is_utf8(content):
        offset = next(i for i, byte in enumerate(content) if byte > 127)
        raise _unreadable(name, export, offset, fr="c'est de l'UTF-8, vu", en="it is UTF-8, seen")
    return text.encode() if encoding != "utf-8-sig" else content.removeprefix(codecs.BOM_UTF8)


def _unreadable(name: str, export: Export, offset: int, *, fr: str, en: str) -> FileRefused:
    facts = {"why_fr": f"{fr} à l'octet {offset}", "why_en": f"{en} at byte {offset}"}
    return refused(RefusalCode.UNREADABLE_TEXT, name, encoding=export.encoding, **facts)


def _is_utf8(content: bytes) -> bool:
    """True for accented text that is valid UTF-8: no text in a one-byte encoding is, but by an absurd chance."""
    if content.isascii():
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def read(text: bytes, *, separator: str, header_line: int) -> Grid | None:
    """The grid of a UTF-8 text whose header is at physical line `header_line`; None when it has no such line."""
    start = _start_of_line(text, header_line)
    if start is None:
        return None
    body = text[start:]
    body += b"" if body.endswith((b"\n", b"\r")) else b"\n"
    spans = _spans(np.frombuffer(body, np.uint8), ord(separator))
    grid = _read_fast(body, spans, separator=separator) if spans else None
    grid = grid or _read_line_by_line(body.decode(), separator=separator)
    return Grid(
        grid.header, grid.cells, grid.lines + (header_line - 1), _moved(grid.ragged, header_line), grid.blank
    )


def _moved(ragged: list[Ragged], header_line: int) -> list[Ragged]:
    return [Ragged(r.line + header_line - 1, r.text, r.n_found, r.n_expected) for r in ragged]


def _newlines(codes: "NDArray[np.uint8]") -> "NDArray[np.bool_]":
    """Where a physical line ends: LF, CR LF (at the LF), or CR alone."""
    returns = codes == _CR
    returns[:-1] &= codes[1:] != _LF
    found: NDArray[np.bool_] = (codes == _LF) | returns
    return found


def _start_of_line(text: bytes, line: int) -> int | None:
    if line == 1:
        return 0 if text else None
    ends = np.flatnonzero(_newlines(np.frombuffer(text, np.uint8)))
    if len(ends) < line - 1 or ends[line - 2] + 1 >= len(text):
        return None
    return int(ends[line - 2]) + 1


@dataclass(frozen=True)
class _Spans:
    """Each record's first byte, the byte after its last, its physical line and its number of separators."""

    starts: "NDArray[np.int64]"
    ends: "NDArray[np.int64]"
    lines: "NDArray[np.int64]"
    separators: "NDArray[np.int64]"

    @property
    def is_blank(self) -> "NDArray[np.bool_]":
        """Records without any content: nothing, or separators only, as spreadsheets leave below a table."""
        found: NDArray[np.bool_] = self.ends - self.starts == self.separators
        return found


def _spans(codes: "NDArray[np.uint8]", separator: int) -> _Spans | None:
    """The records of a text, or None when its quotes do not follow RFC 4180."""
    newlines, quotes = _newlines(codes), codes == _QUOTE
    marks = codes == separator
    breaks = np.flatnonzero(newlines)
    record_ends = breaks
    if quotes.any():
        places = np.flatnonzero(quotes)
        if not _are_structural(codes, places, separator):
            return None
        outside = np.bitwise_xor.accumulate(quotes.view(np.uint8)) == 0
        record_ends = np.flatnonzero(newlines & outside)
        marks &= outside
    starts = np.concatenate(([0], record_ends[:-1] + 1))
    after_return = (codes[record_ends] == _LF) & (record_ends > starts) & (codes[record_ends - 1] == _CR)
    counts = np.diff(np.searchsorted(np.flatnonzero(marks), np.concatenate(([0], record_ends))))
    return _Spans(starts, record_ends - after_return, np.searchsorted(breaks, starts) + 1, counts)


def _are_structural(codes: "NDArray[np.uint8]", places: "NDArray[np.intp]", separator: int) -> bool:
    """True when every quote opens a cell, closes one, or is doubled inside one."""
    if len(places) % 2:
        return False
    around = np.array([separator, _LF, _CR, _QUOTE], np.uint8)
    opening, closing = places[0::2], places[1::2]
    before = codes[opening[opening > 0] - 1]
    return bool(np.isin(before, around).all() and np.isin(codes[closing + 1], around).all())


def _read_fast(body: bytes, spans: _Spans, *, separator: str) -> Grid | None:
    """The grid as Arrow parses it; None when Arrow and our own count disagree."""
    import pyarrow as pa

    header = next(csv.reader([body[spans.starts[0] : spans.ends[0]].decode()], delimiter=separator), [])
    n_expected = len(header)
    is_ragged = (spans.separators + 1 != n_expected) & ~spans.is_blank
    is_kept = ~is_ragged & ~spans.is_blank
    is_kept[0] = False
    names = [str(i) for i in range(n_expected)]
    if not is_kept.any():
        cells = pa.table({name: pa.array([], pa.string()) for name in names})
    else:
        found = _parse(body[spans.ends[0] :], names, separator=separator)
        parsed = ~is_ragged & (
            spans.ends > spans.starts
        )  # Arrow passes over empty lines, not over bare separators
        parsed[0] = False
        if found is None or found.num_rows != parsed.sum():
            return None
        cells = found.filter(pa.array(is_kept[parsed]))
    ragged = [
        Ragged(line, body[start:end].decode(), separators + 1, n_expected)
        for line, start, end, separators in zip(
            *(part[is_ragged].tolist() for part in (spans.lines, spans.starts, spans.ends, spans.separators)),
            strict=True,
        )
    ]
    return Grid(header, cells, spans.lines[is_kept], ragged, int(spans.is_blank[1:].sum()))


def _parse(body: bytes, names: list[str], *, separator: str) -> "pa.Table | None":
    import pyarrow as pa
    import pyarrow.csv as pacsv

    try:
        return pacsv.read_csv(
            pa.BufferReader(body),
            read_options=pacsv.ReadOptions(use_threads=False, column_names=names, block_size=_BLOCK),
            parse_options=pacsv.ParseOptions(
                delimiter=separator, newlines_in_values=True, invalid_row_handler=lambda _: "skip"
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowInvalid:  # a cell longer than a block, or a first line without cells
        return None


def _read_line_by_line(body: str, *, separator: str) -> Grid:
    """The grid of a file whose quotes are damaged: a stray quote costs its own line, not the rest of the file."""
    import pyarrow as pa

    records = _records(io.StringIO(body, newline="").readlines(), separator=separator)
    first = next(records)
    header = first.text.split(separator) if first.cells is None else first.cells
    kept: list[_Record] = []
    ragged: list[Ragged] = []
    blank = 0
    for record in records:
        if not record.text.strip(separator):
            blank += 1
        elif record.cells is not None and len(record.cells) == len(header):
            kept.append(record)
        else:
            found = record.text.count(separator) + 1 if record.cells is None else len(record.cells)
            ragged.append(Ragged(record.line, record.text, found, len(header)))
    columns = list(zip(*(r.cells or [] for r in kept), strict=True)) or [()] * len(header)
    table = pa.table({str(i): pa.array(column, pa.string()) for i, column in enumerate(columns)})
    return Grid(header, table, np.array([r.line for r in kept], np.int64), ragged, blank)


@dataclass(frozen=True)
class _Record:
    """One record of a damaged file; `cells` is None when its quotes cannot be read."""

    line: int
    text: str
    cells: list[str] | None


def _records(lines: list[str], *, separator: str) -> Iterator[_Record]:
    expected, at = 0, 0
    while at < len(lines):
        cells, used = _one_record(lines, at, separator=separator, expected=expected)
        expected = expected or len(cells or [])
        yield _Record(at + 1, "".join(lines[at : at + used]).rstrip("\r\n"), cells)
        at += used


def _one_record(lines: list[str], at: int, *, separator: str, expected: int) -> tuple[list[str] | None, int]:
    reader = csv.reader(islice(lines, at, at + _LONGEST_QUOTED_CELL), delimiter=separator, strict=True)
    try:
        cells = next(reader, [])
    except csv.Error:
        return None, 1
    if reader.line_num > 1 and len(cells) != expected:
        return None, 1
    return cells, max(reader.line_num, 1)
