"""Delimited files with known damage: for each file the bytes, and the header and records that they say.

The truth is what is written, not what was meant: a separator that is missing fuses two cells, one too many opens an
empty cell, a stray quote is text of its cell, a row of another separator still has its cells. Of several tables the
largest is the truth.
"""

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from benchmarks.clean_tables import (
    CleanTable,
    Dialect,
    Row,
    clean_tables,
    write_cell,
    write_line,
    write_rows,
)
from benchmarks.real_life import variants

EXHAUSTIVE = "shop"  # the source whose every row and cell is damaged once; the others are sampled
SAMPLED_CELLS = 40
ENCODINGS = ("utf-8-sig", "utf-16-le", "utf-16-be", "utf-16", "cp1252", "iso-8859-15", "cp850", "mac_roman")
PREAMBLE = ("Extract of the public register", "Produced by the statistics office on demand", "Second version")
FOOTNOTES = ("Source: statistics office", "Figures are provisional and may be revised later")


@dataclass(frozen=True, kw_only=True)
class PollutedFile:
    """One file: its family, its bytes, and its truth. An empty header means that the file has none.

    `dialect` is set where the `csv` module, told of it and of `skipped` lines, reads exactly the truth.
    """

    name: str
    family: str
    content: bytes
    header: Row
    records: tuple[Row, ...]
    dialect: Dialect | None = None


Pollute = Callable[[CleanTable], Iterator[PollutedFile]]


def encode(text: str, encoding: str) -> bytes:
    """The bytes of a text; a byte order mark is written for utf-16 without a side, as programs do."""
    return text.encode(encoding)


def polluted(
    table: CleanTable,
    family: str,
    kind: str,
    text: str,
    *,
    truth: tuple[Row, ...] | None = None,
    dialect: Dialect | None = None,
    encoding: str = "utf-8",
) -> PollutedFile:
    """A file of `table`, whose truth is the whole table unless another is given (its first row the header)."""
    rows = table.rows if truth is None else truth
    return PollutedFile(
        name=f"{table.name}/{family}/{kind}",
        family=family,
        content=encode(text, encoding),
        header=rows[0] if rows else (),
        records=rows[1:],
        dialect=dialect,
    )


def whole_files(table: CleanTable) -> Iterator[PollutedFile]:
    """The standard file, and files that are too short."""
    dialect, text = table.dialect, write_rows(table.rows, table.dialect)
    yield polluted(table, "standard", "rfc4180", text, dialect=dialect)
    yield polluted(table, "size", "empty", "", truth=())
    for kind, rows in (("header_only", table.rows[:1]), ("one_record", table.rows[:2])):
        yield polluted(table, "size", kind, write_rows(rows, dialect), truth=rows, dialect=dialect)
    end = dialect.line_end
    yield polluted(table, "final_newline", "none", text.removesuffix(end), dialect=dialect)
    yield polluted(table, "final_newline", "double", text + end)


def headers(table: CleanTable) -> Iterator[PollutedFile]:
    """No header; headers of two and three rows, whose truth joins their words with a space."""
    body = write_rows(table.records, table.dialect)
    yield polluted(table, "header", "none", body, truth=((), *table.records))
    levels = [table.header]
    for depth in (2, 3):
        levels.append(
            tuple(f"{'detail' if depth == 2 else 'unit'} {rank}" for rank in range(len(table.header)))
        )
        joined = tuple(" ".join(words) for words in zip(*levels, strict=True))
        text = write_rows(levels, table.dialect) + body
        yield polluted(table, "header", f"{depth}_rows", text, truth=(joined, *table.records))


def around(table: CleanTable) -> Iterator[PollutedFile]:
    """Lines before and after the table, with and without an empty line between."""
    text, end = write_rows(table.rows, table.dialect), table.dialect.line_end
    before = "".join(write_line((line,), table.dialect) + end for line in PREAMBLE)
    after = "".join(write_line((line,), table.dialect) + end for line in FOOTNOTES)
    yield polluted(table, "preamble", "empty_line", before + end + text)
    yield polluted(table, "preamble", "no_empty_line", before + text)
    yield polluted(table, "preamble", "one_line", PREAMBLE[0] + end + text)
    yield polluted(table, "footnote", "empty_line", text + end + after)
    yield polluted(table, "footnote", "no_empty_line", text + after)


def second_table(width: int) -> tuple[Row, ...]:
    """A small table of another subject: a label, then numbers."""
    header = ("region", *(f"total_{rank}" for rank in range(1, width)))
    return (
        header,
        *((f"R{line}", *(str(line * 10 + rank) for rank in range(1, width))) for line in range(8)),
    )


def tables(table: CleanTable) -> Iterator[PollutedFile]:
    """A second, smaller table below, with fewer, as many, or more columns."""
    text, end, width = write_rows(table.rows, table.dialect), table.dialect.line_end, len(table.header)
    for kind, columns in (("fewer", width - 4), ("same", width), ("more", width + 3)):
        below = write_rows(second_table(columns), table.dialect)
        yield polluted(table, "tables", f"{kind}_columns", text + end + below)
        if kind != "same":  # nothing but its words would say where it begins
            yield polluted(table, "tables", f"{kind}_columns_no_empty_line", text + below)


def dialects(table: CleanTable) -> Iterator[PollutedFile]:
    """The whole table in another separator, quote, escape."""
    changes: dict[str, dict[str, Any]] = {
        "separator": {
            "space": " ",
            "comma_space": ", ",
            "comma": ",",
            "semicolon": ";",
            "tab": "\t",
            "pipe": "|",
        },
        "quote": {"apostrophe": "'"},
        "escape": {"backslash": "backslash", "none": "none"},
        "quotes_all": {"yes": True},
    }
    for what, values in changes.items():
        for kind, value in values.items():
            dialect = replace(table.dialect, **{what: value})
            if dialect == table.dialect:
                continue
            known = None if kind in {"none", "comma_space"} else dialect
            yield polluted(table, what, kind, write_rows(table.rows, dialect), dialect=known)


def line_ends(table: CleanTable) -> Iterator[PollutedFile]:
    """Records ended by LF, by CR, or by each in turn; the line breaks inside cells stay as they are."""
    for kind, end in (("lf", "\n"), ("cr", "\r")):
        dialect = replace(table.dialect, line_end=end)
        yield polluted(table, "line_end", kind, write_rows(table.rows, dialect), dialect=dialect)
    ends = ("\r\n", "\n", "\r")
    mixed = (write_line(row, table.dialect) + ends[rank % 3] for rank, row in enumerate(table.rows))
    yield polluted(table, "line_end", "mixed", "".join(mixed), dialect=table.dialect)


def encodings(table: CleanTable) -> Iterator[PollutedFile]:
    """The same text in other encodings, all of which can write its accents."""
    text = write_rows(table.rows, table.dialect)
    for encoding in ENCODINGS:
        dialect = replace(table.dialect, encoding=encoding)
        yield polluted(table, "encoding", encoding, text, dialect=dialect, encoding=encoding)


def _fused(first: str, second: str, dialect: Dialect) -> str:
    """What two cells say when nothing separates them: a closed cell goes on, an open one keeps its quotes."""
    left, right = write_cell(first, dialect), write_cell(second, dialect)
    if left == first:
        return first + right if first else second
    return first + (right if right == second else dialect.quote + second)


def _with_row(table: CleanTable, rank: int, line: str) -> str:
    before, after = table.rows[:rank], table.rows[rank + 1 :]
    end = table.dialect.line_end
    return write_rows(before, table.dialect) + line + end + write_rows(after, table.dialect)


def _truth(table: CleanTable, rank: int, row: Row) -> tuple[Row, ...]:
    return (*table.rows[:rank], row, *table.rows[rank + 1 :])


def missing_separator(table: CleanTable, rank: int, column: int) -> PollutedFile | None:
    """The separator after a cell is gone; none after the last cell."""
    row, dialect = table.rows[rank], table.dialect
    if column == len(row) - 1:
        return None
    cells = [write_cell(cell, dialect) for cell in row]
    cells[column : column + 2] = [cells[column] + cells[column + 1]]
    fused = (*row[:column], _fused(row[column], row[column + 1], dialect), *row[column + 2 :])
    text = _with_row(table, rank, dialect.separator.join(cells))
    return polluted(
        table, "missing_separator", f"row_{rank}_column_{column}", text, truth=_truth(table, rank, fused)
    )


def extra_separator(table: CleanTable, rank: int, column: int) -> PollutedFile:
    """One separator too many after a cell: an empty cell more."""
    row = table.rows[rank]
    wider = (*row[: column + 1], "", *row[column + 1 :])
    text = _with_row(table, rank, write_line(wider, table.dialect))
    name = f"row_{rank}_column_{column}"
    return polluted(
        table, "extra_separator", name, text, truth=_truth(table, rank, wider), dialect=table.dialect
    )


def extra_quote(table: CleanTable, rank: int, column: int) -> PollutedFile:
    """A quote that nothing escapes, at the start of a cell's text (inside its quotes where it has some)."""
    row, dialect = table.rows[rank], table.dialect
    cells = [write_cell(cell, dialect) for cell in row]
    cells[column] = dialect.quote + cells[column]
    told = (*row[:column], dialect.quote + row[column], *row[column + 1 :])
    text = _with_row(table, rank, dialect.separator.join(cells))
    return polluted(
        table, "extra_quote", f"row_{rank}_column_{column}", text, truth=_truth(table, rank, told)
    )


def row_of_spaces(table: CleanTable, rank: int) -> PollutedFile:
    """One row is written with spaces for separators; quotes close its cells, so that they remain its truth."""
    line = write_line(table.rows[rank], replace(table.dialect, separator=" "))
    return polluted(table, "row_of_spaces", f"row_{rank}", _with_row(table, rank, line))


def read_by_csv(text: str, dialect: Dialect) -> tuple[Row, ...]:
    """The rows that the `csv` module reads when it is told the dialect; blank lines are no rows."""
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=dialect.separator,
        quotechar=dialect.quote,
        doublequote=dialect.escape == "double",
        escapechar="\\" if dialect.escape == "backslash" else None,
    )
    return tuple(tuple(row) for row in reader if row)


def damaged_cells(table: CleanTable) -> list[tuple[int, int]]:
    """The cells that are damaged, header included: all of the exhaustive source, a fixed sample of the others."""
    places = [(rank, column) for rank in range(len(table.rows)) for column in range(len(table.header))]
    if table.name == EXHAUSTIVE:
        return places
    rng = np.random.default_rng(4)
    return [places[place] for place in sorted(rng.choice(len(places), size=SAMPLED_CELLS, replace=False))]


def damaged_rows(table: CleanTable) -> Iterator[PollutedFile]:
    """One row of the file is damaged, in one cell at a time."""
    for rank, column in damaged_cells(table):
        missing = missing_separator(table, rank, column)
        yield from (missing,) if missing else ()
        yield extra_separator(table, rank, column)
        yield extra_quote(table, rank, column)
    for rank in sorted({rank for rank, _ in damaged_cells(table)}):
        yield row_of_spaces(table, rank)


def quoted_everywhere(table: CleanTable) -> CleanTable:
    """The same source written with quotes around every cell."""
    return replace(table, name=f"{table.name}_quoted", dialect=replace(table.dialect, quotes_all=True))


KINDS: tuple[Pollute, ...] = (
    whole_files, headers, around, tables, dialects, line_ends, encodings, damaged_rows,
)  # fmt: skip


def polluted_files() -> Iterator[PollutedFile]:
    """Every polluted file of every source."""
    for table in clean_tables():
        for pollute in KINDS:
            yield from pollute(table)
        yield from damaged_rows(quoted_everywhere(table))
    for table, variant in variants():
        yield polluted(table, "real_life", variant.kind, variant.text, truth=variant.truth)
