"""Rows that were written with another separator than their file.

A row that the separator leaves in one piece is cut by another one only if that gives exactly the cells that the table
expects and they have the shapes of their columns. How many there were is a decision of the file.
"""

from collections.abc import Iterator, Sequence

from pipelines.io.reading.dialect import Found
from pipelines.io.reading.found import Decision
from pipelines.io.reading.layout import column_kinds, is_like
from pipelines.io.reading.records import Dialect, Record, read_records
from pipelines.io.reading.shapes import EMPTY, TYPED, shape

_OTHERS = (" ", ";", "\t", "|", ",", ", ")
_LEAST_WIDTH = 4
_MOST_LINES = 10
#: A file in which more rows than this share are in one piece has another reason for it.
_MOST = 0.05


def mend_foreign_rows(
    records: list[Record], lines: Sequence[str], found: Found
) -> tuple[list[Record], tuple[Decision, ...]]:
    """The records with such rows cut, and the decision that says how many there were."""
    odd = [i for i, record in enumerate(records) if _is_in_one_piece(record, found.width)]
    if found.width < _LEAST_WIDTH or not odd or len(odd) > max(4, _MOST * len(records)):
        return records, ()
    whole = [r for r in records[1:] if len(r.cells) == found.width]
    if not whole:
        return records, ()
    kinds = column_kinds(whole, found.width)
    rows: dict[int, Record] = {}
    for i in odd:
        if i == 0 and not (records[1] is whole[0] and is_like(whole[0], whole[1:])):
            continue  # a title: the header is below it
        row = _cut_otherwise(lines, records[i], found, kinds, is_first=i == 0)
        if row is not None:
            rows[i] = row
    return list(_replaced(records, rows)), _decision(len(rows))


def _is_in_one_piece(record: Record, width: int) -> bool:
    return len(record.cells) <= max(1, width // 2) and bool(record.cells[0].strip())


def _replaced(records: Sequence[Record], rows: dict[int, Record]) -> Iterator[Record]:
    """The records with the rows in their places; lines that a row takes are not records of their own any more."""
    taken = 0
    for i, record in enumerate(records):
        if record.line <= taken:
            continue
        row = rows.get(i, record)
        taken = row.line + row.n_lines - 1
        yield row


def _decision(count: int) -> tuple[Decision, ...]:
    if not count:
        return ()
    evidence = "rows in one piece that another separator cuts into exactly the expected cells"
    return (
        Decision(what="rows with another separator", value=str(count), confidence=0.7, evidence=evidence),
    )


def _cut_otherwise(
    lines: Sequence[str], record: Record, found: Found, kinds: Sequence[str], *, is_first: bool
) -> Record | None:
    window = lines[record.line - 1 : record.line - 1 + _MOST_LINES]
    for separator in _OTHERS:
        if separator == found.dialect.separator or separator not in window[0]:
            continue
        dialect = Dialect(separator, found.dialect.quote, found.dialect.escape)
        row = next(read_records(window, dialect, width=found.width))
        if row.is_sound and len(row.cells) == found.width and _fits(row.cells, kinds, is_first=is_first):
            return row._replace(line=record.line)
    return None


def _fits(cells: Sequence[str], kinds: Sequence[str], *, is_first: bool) -> bool:
    """True when the typed columns of the table have their shape in this row.

    In the first row, which may be the header, it is enough that all cells are filled.
    """
    if is_first and all(cell.strip() for cell in cells):
        return True
    pairs = [(shape(cell), kind) for cell, kind in zip(cells, kinds, strict=True) if kind in TYPED]
    filled = [(mine, kind) for mine, kind in pairs if mine != EMPTY]
    return bool(filled) and sum(mine == kind for mine, kind in filled) >= 0.75 * len(filled)
