"""The tables of a character file that nobody described.

The order of decisions: characters, separator or fixed columns, records, tables. One odd row never changes a decision
about the file: decisions are made on a sample, and each row then keeps its own cells.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipelines.io.reading.dialect import Found, find_dialect
from pipelines.io.reading.encoding import decode
from pipelines.io.reading.fixed_width import find_widths, read_fixed
from pipelines.io.reading.found import Decision, FoundFile, FoundTable
from pipelines.io.reading.layout import Layout, Table, find_layout
from pipelines.io.reading.mended import mend_foreign_rows
from pipelines.io.reading.records import Record, read_all
from pipelines.io.reading.regular import LARGE, RegularTable, read_regular, spread_sample
from pipelines.io.reading.wrapping import separator_hint, unwrapped, without_end_sign

_HEAD, _BLOCK, _N_BLOCKS = 1500, 250, 3
#: A file of nothing else has no table.
_BLANK = "\r\n \t,;|"


@dataclass(frozen=True, kw_only=True)
class Overrides:
    r"""What a caller knows of a file; None is decided from the file.

    `escape` is "\\", "" (the quote is doubled) or "none"; `header_line` counts from 1; `header_rows` 0 is no header.
    """

    encoding: str | None = None
    separator: str | None = None
    quote: str | None = None
    escape: str | None = None
    header_line: int | None = None
    header_rows: int | None = None
    widths: tuple[int, ...] | None = None


NOTHING_KNOWN = Overrides()


def find_text_tables(content: bytes, *, overrides: Overrides = NOTHING_KNOWN) -> FoundFile:
    r"""Every table of a character file, with the decisions that led to it. No bytes make it fail.

    >>> found = find_text_tables(b"IPP;TAILLE\n12;4,5\n")
    >>> found.tables[0].header, list(found.tables[0].records)
    (['IPP', 'TAILLE'], [['12', '4,5']])
    """
    text, decisions = decode(content, forced=overrides.encoding)
    text = without_end_sign(text)
    large = _large(text, decisions, overrides) if len(text) > LARGE else None
    if large is not None:
        return large
    lines = io.StringIO(text, newline="").readlines()
    if not text.strip(_BLANK):
        blank = {"blank": list(range(1, len(lines) + 1))} if lines else {}
        return FoundFile(decisions=decisions, tables=(), outside=blank)
    first = _first_line(lines, overrides)
    cut = _cut(lines[first:], _with_hint(lines, overrides))
    records = [record._replace(line=record.line + first) for record in cut.records]
    above = [Record(i + 1, 1, [line]) for i, line in enumerate(lines[:first])]
    layout = find_layout(records, width=cut.width, header_rows=_header_rows(overrides))
    layout.put_outside("preamble", above)
    return FoundFile(
        decisions=(*decisions, _line_end(text), *cut.decisions),
        tables=tuple(_found_table(table) for table in layout.tables),
        outside=_outside(layout),
    )


def _large(text: str, decisions: tuple[Decision, ...], overrides: Overrides) -> FoundFile | None:
    """The tables of a large file that follows the rules, without a Python object for each of its cells."""
    if overrides.widths:
        return None
    sample = spread_sample(text)
    found = _dialect(sample, _with_hint(sample, overrides))
    first = _first_line(sample, overrides)
    table = read_regular(text, found, header_rows=_header_rows(overrides), first_line=first)
    if table is None:
        return None
    return FoundFile(
        decisions=(*decisions, _line_end(text), *found.decisions),
        tables=(_regular_table(table),),
        outside=table.outside,
    )


def _regular_table(table: RegularTable) -> FoundTable:
    return FoundTable(
        name=None,
        header=table.names,
        records=table.records,
        lines=table.lines,
        header_lines=tuple(record.line for record in table.head.header),
        decisions=(_header_decision(table.head),),
    )


def _header_decision(table: Table) -> Decision:
    value = f"{len(table.header)} rows"
    return Decision(what="header", value=value, confidence=table.confidence, evidence=table.evidence)


def _first_line(lines: Sequence[str], overrides: Overrides) -> int:
    """The place, from 0, of the line from which tables are looked for."""
    if overrides.header_line is not None:
        return overrides.header_line - 1
    return 1 if separator_hint(lines) else 0


def _with_hint(lines: Sequence[str], overrides: Overrides) -> Overrides:
    if overrides.separator is not None or overrides.widths:
        return overrides
    return replace(overrides, separator=separator_hint(lines))


def _header_rows(overrides: Overrides) -> int | None:
    if overrides.header_rows is None and overrides.header_line is not None:
        return 1
    return overrides.header_rows


@dataclass(frozen=True)
class _Cut:
    """The records of a text and the decisions on how it was cut."""

    records: list[Record]
    width: int
    decisions: tuple[Decision, ...]


def _cut(lines: Sequence[str], overrides: Overrides) -> _Cut:
    if overrides.widths:
        return _fixed(lines, overrides.widths, is_given=True)
    sample = _sample(lines)
    inner = unwrapped(lines) if overrides.separator is None else None
    cut = _unwrapped_cut(inner, overrides) if inner is not None else None
    if cut is not None:
        return cut
    found = _dialect(sample, overrides)
    if overrides.separator is None and found.may_be_padded:
        widths = find_widths(sample)
        if widths:
            return _fixed(lines, widths, is_given=False)
    return _separated(lines, found)


def _dialect(sample: Sequence[str], overrides: Overrides) -> Found:
    return find_dialect(sample, separator=overrides.separator, quote=overrides.quote, escape=overrides.escape)


def _unwrapped_cut(lines: Sequence[str], overrides: Overrides) -> _Cut | None:
    """The records within lines that were quoted as a whole, if they have more than one cell."""
    found = _dialect(_sample(lines), overrides)
    if found.width < 2 or found.may_be_padded:
        return None
    cut = _separated(lines, found)
    if len(cut.records[0].cells) != found.width:
        return None
    wrapping = Decision(
        what="quoted lines", value="yes", confidence=0.9, evidence="a whole line is one quoted cell"
    )
    return replace(cut, decisions=(*cut.decisions, wrapping))


def _fixed(lines: Sequence[str], widths: Sequence[int], *, is_given: bool) -> _Cut:
    confidence = 1.0 if is_given else 0.8
    evidence = "given" if is_given else "every line has spaces at the same places"
    decisions = (
        Decision(what="separator", value="none", confidence=confidence, evidence="fixed widths"),
        Decision(what="widths", value=",".join(map(str, widths)), confidence=confidence, evidence=evidence),
    )
    return _Cut(list(read_fixed(lines, widths, is_packed=is_given)), len(widths), decisions)


def _separated(lines: Sequence[str], found: Found) -> _Cut:
    records = read_all(lines, found.dialect, width=found.width)
    records, mended = mend_foreign_rows(records, lines, found)
    return _Cut(records, found.width, (*found.decisions, *mended))


def _sample(lines: Sequence[str]) -> Sequence[str]:
    """The head of the file and blocks spread over the rest."""
    if len(lines) <= _HEAD + _N_BLOCKS * _BLOCK:
        return lines
    step = (len(lines) - _HEAD) // _N_BLOCKS
    blocks = (lines[at : at + _BLOCK] for at in range(_HEAD, len(lines) - _BLOCK, step))
    return [*lines[:_HEAD], *(line for block in blocks for line in block)]


def _line_end(text: str) -> Decision:
    crlf = text.count("\r\n")
    counts = {"CRLF": crlf, "LF": text.count("\n") - crlf, "CR": text.count("\r") - crlf}
    total = sum(counts.values())
    if not total:
        return Decision(what="line_end", value="none", confidence=1.0, evidence="a single line")
    most = max(counts, key=lambda name: counts[name])
    evidence = ", ".join(f"{n} {name}" for name, n in counts.items() if n)
    return Decision(what="line_end", value=most, confidence=round(counts[most] / total, 2), evidence=evidence)


def _found_table(table: Table) -> FoundTable:
    n_dropped, n_kept = _trailing(table)
    names = list(table.names[:n_kept]) if n_dropped else list(table.names)
    records = [_without_trailing(record.cells, n_kept, n_dropped) for record in table.records]
    return FoundTable(
        name=None,
        header=names,
        records=records,
        lines=[record.line for record in table.records],
        header_lines=tuple(record.line for record in table.header),
        decisions=(_header_decision(table),),
    )


def _trailing(table: Table) -> tuple[int, int]:
    """How many columns at the right are empty from header to last record, and how many are before them."""
    width = max([len(table.names), *(len(r.cells) for r in table.records)], default=0)
    used = max((_last_filled(cells) for cells in _rows(table)), default=0)
    header = [] if not table.header else table.names
    kept = max(used, _last_filled(header), 1)
    usual = sum(len(r.cells) > kept for r in table.records)
    is_usual = 2 * usual > len(table.records) or (not usual and len(table.names) > kept)
    return (width - kept, kept) if is_usual and width > kept else (0, width)


def _rows(table: Table) -> Iterator[list[str]]:
    return (record.cells for record in table.records)


def _last_filled(cells: Sequence[str]) -> int:
    return next((i + 1 for i in range(len(cells) - 1, -1, -1) if cells[i].strip()), 0)


def _without_trailing(cells: list[str], n_kept: int, n_dropped: int) -> list[str]:
    return cells[:n_kept] if n_dropped else cells


def _outside(layout: Layout) -> dict[str, list[int]]:
    return {
        reason: sorted(line for row in rows for line in range(row.line, row.line + row.n_lines))
        for reason, rows in layout.outside.items()
    }
