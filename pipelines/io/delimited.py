"""Delimited text: where its records are, what is in their cells.

The records are counted by us, from the bytes, before Arrow parses them; a record with a wrong number of cells is set
aside with its line and its text. A file whose quotes break RFC 4180 takes a slower path with the same results.
A row that the warehouse could not hold (a null character, a cell beyond every measure) is set aside in the same way.
"""

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.config import Export
from pipelines.errors import FileRefused, RefusalCode
from pipelines.refusals import refused

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

_LF, _CR = 10, 13
#: A quoted cell of a damaged file is not followed further than this: one stray quote must not swallow the file.
_LONGEST_QUOTED_CELL = 50
_BLOCK = 16 << 20
_ONE_BYTE = ("cp1252", "iso-8859-15", "cp850", "mac_roman")
_SHOWN_NULL = "\u2400"
MOST_COLUMNS = 16_384  # as many as a spreadsheet has


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


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """How a text is written. `quote` "": no cell is quoted; `escape` "": a quote within a quoted cell is doubled.

    `mends`: trailing separators that the rows have and the header has not are dropped; the rows that hold a null
    character or more than `longest` bytes are set aside. False: every cell is kept as it is.
    """

    separator: str
    quote: str = '"'
    escape: str = ""
    mends: bool = False
    longest: int = 10 << 20


def decode(content: bytes, *, export: Export, name: str) -> bytes:
    """The file as UTF-8 without mark, from its declared encoding. FileRefused with the offset of the first bad byte."""
    encoding = "utf-8-sig" if export.encoding == "utf-8" else export.encoding
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise _unreadable(
            name, export, problem.start, fr="séquence impossible", en="impossible sequence"
        ) from None  # the cause holds the bytes
    if 3 * text.count("\0") > len(text):  # the text is of another encoding; a stray one costs its row only
        raise _unreadable(name, export, content.index(0), fr="caractère nul", en="null character")
    if encoding in _ONE_BYTE and _is_utf8(content):
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


def read(
    text: bytes, *, separator: str, header_line: int, header_rows: int = 1, dialect: Dialect | None = None
) -> Grid | None:
    """The grid of a UTF-8 text whose header begins at physical line `header_line`; None when it has no such line."""
    dialect = dialect or Dialect(separator=separator)
    start = _start_of_line(text, header_line)
    if start is None:
        return None
    body = text[start:]
    body += b"" if body.endswith((b"\n", b"\r")) else b"\n"
    grid = _read_regular(body, dialect, header_rows) or _read_line_by_line(
        body.decode(), separator=separator, dialect=dialect, header_rows=header_rows
    )
    return Grid(
        grid.header, grid.cells, grid.lines + (header_line - 1), _moved(grid.ragged, header_line), grid.blank
    )


def is_too_wide(text: bytes, *, separator: str, header_line: int) -> bool:
    """True when the header line would give more columns than any spreadsheet has."""
    start = _start_of_line(text, header_line)
    if start is None:
        return False
    ends = [end for end in (text.find(b"\n", start), text.find(b"\r", start)) if end >= 0]
    return text.count(separator.encode(), start, min(ends, default=len(text))) >= MOST_COLUMNS


def join_header(rows: Sequence[Sequence[str]]) -> list[str]:
    """The header that several rows make: the texts of a column joined by a space, a text that repeats taken once.

    >>> join_header([["Patient", "", "Date"], ["IPP", "Nom", "Date"]])
    ['Patient IPP', 'Nom', 'Date']
    """
    parts = zip_longest(*rows, fillvalue="")
    return [" ".join(dict.fromkeys(part.strip() for part in parts_of if part.strip())) for parts_of in parts]


def _header(records: list[list[str]]) -> list[str]:
    return records[0] if len(records) == 1 else join_header(records)


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


def _spans(codes: "NDArray[np.uint8]", dialect: Dialect) -> _Spans | None:
    """The records of a text, or None when its quotes do not follow RFC 4180."""
    newlines = _newlines(codes)
    marks = codes == ord(dialect.separator)
    breaks = np.flatnonzero(newlines)
    record_ends = breaks
    quotes = codes == ord(dialect.quote) if dialect.quote else np.zeros(0, np.bool_)
    if quotes.any():
        if not _are_structural(codes, np.flatnonzero(quotes), dialect):
            return None
        outside = np.bitwise_xor.accumulate(quotes.view(np.uint8)) == 0
        record_ends = np.flatnonzero(newlines & outside)
        marks &= outside
    starts = np.concatenate(([0], record_ends[:-1] + 1))
    after_return = (codes[record_ends] == _LF) & (record_ends > starts) & (codes[record_ends - 1] == _CR)
    ends = record_ends - after_return
    return _Spans(starts, ends, np.searchsorted(breaks, starts) + 1, _per_record(marks, record_ends))


def _per_record(marks: "NDArray[np.bool_]", record_ends: "NDArray[np.intp]") -> "NDArray[np.int64]":
    places = np.searchsorted(np.flatnonzero(marks), np.concatenate(([0], record_ends)))
    return np.diff(places).astype(np.int64)


def _are_structural(codes: "NDArray[np.uint8]", places: "NDArray[np.intp]", dialect: Dialect) -> bool:
    """True when every quote opens a cell, closes one, or is doubled inside one."""
    if len(places) % 2:
        return False
    around = np.array([ord(dialect.separator), _LF, _CR, ord(dialect.quote)], np.uint8)
    opening, closing = places[0::2], places[1::2]
    before = codes[opening[opening > 0] - 1]
    return bool(np.isin(before, around).all() and np.isin(codes[closing + 1], around).all())


def _read_regular(body: bytes, dialect: Dialect, header_rows: int) -> Grid | None:
    """The grid of a text that follows RFC 4180, None for any other."""
    if dialect.escape and dialect.escape.encode() in body:
        return None
    codes = np.frombuffer(body, np.uint8)
    spans = _spans(codes, dialect)
    if spans is None or len(spans.starts) < header_rows:
        return None
    header = _header(_parsed_header(body, spans, dialect, header_rows))
    if dialect.mends:
        unused = _trailing(codes, spans, len(header), dialect)
        if unused is not None:
            body = codes[~unused].tobytes()
            spans = _spans(np.frombuffer(body, np.uint8), dialect)
    return _read_fast(body, spans, header, dialect, header_rows) if spans else None


def _parsed_header(body: bytes, spans: _Spans, dialect: Dialect, header_rows: int) -> list[list[str]]:
    texts = (body[spans.starts[i] : spans.ends[i]].decode() for i in range(header_rows))
    return [next(_csv([text], dialect), []) for text in texts]


def _trailing(
    codes: "NDArray[np.uint8]", spans: _Spans, n_expected: int, dialect: Dialect
) -> "NDArray[np.bool_] | None":
    """The separators at the end of rows where most rows have that many more than the header; None when there are none.

    A single row with one too many is no such file: there, the empty cell may well be in its middle.
    """
    extra = spans.separators + 1 - n_expected
    rows = extra[1:][~spans.is_blank[1:]]
    usual = int(np.median(rows)) if len(rows) > 1 else 0
    if not 0 < usual <= MOST_COLUMNS:
        return None
    candidates = (extra == usual) & ~spans.is_blank & (spans.ends - spans.starts >= usual)
    places = spans.ends[candidates, None] - np.arange(1, usual + 1)
    places = places[(codes[places] == ord(dialect.separator)).all(axis=1)]
    unused = np.zeros(len(codes), np.bool_)
    unused[places.ravel()] = True
    return unused


def _read_fast(
    body: bytes, spans: _Spans, header: list[str], dialect: Dialect, header_rows: int
) -> Grid | None:
    """The grid as Arrow parses it; None when Arrow and our own count disagree."""
    import pyarrow as pa

    n_expected = len(header)
    is_data = np.arange(len(spans.starts)) >= header_rows
    is_aside = (spans.separators + 1 != n_expected) | _unholdable(body, spans, dialect)
    is_kept = is_data & ~is_aside & ~spans.is_blank
    is_ragged = is_data & is_aside & ~spans.is_blank
    names = [str(i) for i in range(n_expected)]
    if not is_kept.any():
        cells = pa.table({name: pa.array([], pa.string()) for name in names})
    else:
        found = _parse(body[spans.starts[header_rows] :], names, dialect)
        # Arrow passes over empty lines, not over bare separators
        parsed = is_data & (spans.separators + 1 == n_expected) & (spans.ends > spans.starts)
        if found is None or found.num_rows != parsed.sum():
            return None
        cells = found.filter(pa.array(is_kept[parsed]))
    ragged = [
        Ragged(line, shown(body[start:end].decode()), separators + 1, n_expected)
        for line, start, end, separators in zip(
            *(part[is_ragged].tolist() for part in (spans.lines, spans.starts, spans.ends, spans.separators)),
            strict=True,
        )
    ]
    return Grid(header, cells, spans.lines[is_kept], ragged, int((is_data & spans.is_blank).sum()))


def _unholdable(body: bytes, spans: _Spans, dialect: Dialect) -> "NDArray[np.bool_]":
    """The records that no database could hold."""
    found: NDArray[np.bool_] = np.zeros(len(spans.starts), np.bool_)
    if not dialect.mends:
        return found
    if b"\0" in body:
        found |= _per_record(np.frombuffer(body, np.uint8) == 0, spans.ends) > 0
    return found | (spans.ends - spans.starts > dialect.longest)


def shown(text: str) -> str:
    """The text with its null characters visible: the raw line goes to a database, which cannot hold them."""
    return text.replace("\0", _SHOWN_NULL)


def _parse(body: bytes, names: list[str], dialect: Dialect) -> "pa.Table | None":
    import pyarrow as pa
    import pyarrow.csv as pacsv

    try:
        return pacsv.read_csv(
            pa.BufferReader(body),
            read_options=pacsv.ReadOptions(use_threads=False, column_names=names, block_size=_BLOCK),
            parse_options=pacsv.ParseOptions(
                delimiter=dialect.separator,
                quote_char=dialect.quote or False,
                newlines_in_values=bool(dialect.quote),
                invalid_row_handler=lambda _: "skip",
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowInvalid:  # a cell longer than a block, or a first line without cells
        return None


def _read_line_by_line(
    body: str, *, separator: str, dialect: Dialect | None = None, header_rows: int = 1
) -> Grid:
    """The grid of a file whose quotes are damaged: a stray quote costs its own line, not the rest of the file."""
    dialect = dialect or Dialect(separator=separator)
    records = _records(io.StringIO(body, newline="").readlines(), dialect)
    first = list(islice(records, header_rows))
    header = _header([r.text.split(separator) if r.cells is None else r.cells for r in first])
    every = list(records)
    rows = [record for record in every if record.text.strip(separator)]
    n_blank = len(every) - len(rows)
    if dialect.mends:
        rows = _without_trailing(rows, len(header))
    return _gathered(header, rows, n_blank, dialect)


@dataclass(frozen=True)
class _Record:
    """One record of a damaged file; `cells` is None when its quotes cannot be read."""

    line: int
    text: str
    cells: list[str] | None

    def is_row(self, n_expected: int, dialect: Dialect) -> bool:
        """True when it has as many cells as the header, and nothing that no database could hold."""
        if self.cells is None or len(self.cells) != n_expected:
            return False
        return not dialect.mends or ("\0" not in self.text and len(self.text) <= dialect.longest)


def _without_trailing(rows: list[_Record], n_expected: int) -> list[_Record]:
    """The same as `_trailing`, for records."""
    extra = [len(row.cells) - n_expected for row in rows if row.cells is not None]
    usual = int(np.median(extra)) if len(extra) > 1 else 0
    if usual <= 0:
        return rows
    return [
        replace(row, cells=row.cells[:n_expected])
        if row.cells and len(row.cells) == n_expected + usual and not any(row.cells[n_expected:])
        else row
        for row in rows
    ]


def _gathered(header: list[str], rows: list[_Record], n_blank: int, dialect: Dialect) -> Grid:
    import pyarrow as pa

    n_expected = len(header)
    kept = [row for row in rows if row.is_row(n_expected, dialect)]
    ragged = [
        Ragged(
            row.line,
            shown(row.text),
            row.text.count(dialect.separator) + 1 if row.cells is None else len(row.cells),
            n_expected,
        )
        for row in rows
        if not row.is_row(n_expected, dialect)
    ]
    columns = list(zip(*(row.cells or [] for row in kept), strict=True)) or [()] * n_expected
    table = pa.table({str(i): pa.array(column, pa.string()) for i, column in enumerate(columns)})
    return Grid(header, table, np.array([row.line for row in kept], np.int64), ragged, n_blank)


def _records(lines: list[str], dialect: Dialect) -> Iterator[_Record]:
    expected, at = 0, 0
    while at < len(lines):
        cells, used = _one_record(lines, at, dialect, expected=expected)
        expected = expected or len(cells or [])
        yield _Record(at + 1, "".join(lines[at : at + used]).rstrip("\r\n"), cells)
        at += used


def _one_record(
    lines: list[str], at: int, dialect: Dialect, *, expected: int
) -> tuple[list[str] | None, int]:
    reader = _csv(islice(lines, at, at + _LONGEST_QUOTED_CELL), dialect)
    try:
        cells: list[str] = next(reader, [])
    except csv.Error:
        return None, 1
    if reader.line_num > 1 and len(cells) != expected and not (dialect.mends and not any(cells[expected:])):
        return None, 1
    return cells, max(reader.line_num, 1)


def _csv(lines: Iterable[str], dialect: Dialect) -> Any:
    return csv.reader(
        lines,
        delimiter=dialect.separator,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        escapechar=dialect.escape or None,
        strict=True,
    )
