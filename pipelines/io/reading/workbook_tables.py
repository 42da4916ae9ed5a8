"""The tables of a workbook: every sheet, hidden ones too, and the several tables that a sheet may hold.

Cells are text exactly as the pipeline reads them. Tables side by side are told apart only when they are dense and of
different heights: an empty column within one table must not cut it in two.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from pipelines.errors import RefusalCode
from pipelines.io.reading.found import Decision, FoundFile, FoundTable
from pipelines.io.reading.layout import Layout, Table, find_layout, is_blank, n_filled
from pipelines.io.reading.limits import Limits
from pipelines.io.reading.records import Record
from pipelines.io.reading.shapes import TEXT, shape
from pipelines.io.reading.text_tables import NOTHING_KNOWN, Overrides
from pipelines.io.workbooks import open_workbook, text_of
from pipelines.refusals import refused

_DENSE = 0.9


class _Sheet(NamedTuple):
    """The used area of a sheet: `rows` as they are, and as they read with merged headings written in every column."""

    title: str
    is_hidden: bool
    first_column: int
    rows: list[Record]
    spread: list[Record]


class _Area(NamedTuple):
    """Some columns of a used area: the place of the first, from 0, and its rows, all of one width."""

    start: int
    rows: list[Record]


def find_workbook_tables(
    content: bytes, *, name: str, limits: Limits, overrides: Overrides = NOTHING_KNOWN
) -> FoundFile:
    """The tables of every sheet, in order. FileRefused when the workbook is damaged, locked or too large.

    Of the overrides, `header_line` and `header_rows` count here.
    """
    workbook = open_workbook(content, name=name)
    tables: list[FoundTable] = []
    outside: dict[str, list[int]] = {}
    for metadata in workbook.sheets_metadata:
        sheet = _read_sheet(workbook, metadata, name=name, limits=limits)
        for area in _areas(sheet.spread):
            layout = _layout(area, overrides)
            tables += _found_tables(layout, area, sheet)
            for reason, records in layout.outside.items():
                lines = outside.setdefault(f"{sheet.title} › {reason}", [])
                lines += [record.line for record in records]
    return FoundFile(decisions=(), tables=tuple(tables), outside=outside)


def _layout(area: _Area, overrides: Overrides) -> Layout:
    first, header_rows = overrides.header_line or 1, overrides.header_rows
    if overrides.header_line is not None and header_rows is None:
        header_rows = 1
    above = [row for row in area.rows if row.line < first]
    rows = [row for row in area.rows if row.line >= first]
    layout = find_layout(_as_written(rows), width=_width(rows), header_rows=header_rows)
    layout.put_outside("preamble", above)
    return layout


def _read_sheet(workbook: Any, metadata: Any, *, name: str, limits: Limits) -> _Sheet:
    """A sheet as text, with the row numbers that a user sees; a sheet without cells (a chart) has no rows."""
    import python_calamine as calamine

    is_hidden = metadata.visible != calamine.SheetVisibleEnum.Visible
    try:
        sheet = workbook.get_sheet_by_name(metadata.name)
        if sheet.height * sheet.width > limits.cells:
            why = {"why_fr": f"plus de {limits.cells} cellules", "why_en": f"over {limits.cells} cells"}
            raise refused(RefusalCode.OVER_LIMIT, name, **why)
        cells = sheet.to_python(skip_empty_area=True)
        merged = sheet.merged_cell_ranges or []
    except calamine.WorksheetNotFound:
        return _Sheet(metadata.name, is_hidden, 0, [], [])
    except calamine.CalamineError:
        raise refused(RefusalCode.TRUNCATED, name) from None
    top, left = sheet.start or (0, 0)
    rows = [Record(i, 1, [text_of(cell) for cell in row]) for i, row in enumerate(cells, top + 1)]
    return _Sheet(metadata.name, is_hidden, left, rows, _spread_headings(rows, merged, top=top, left=left))


def _spread_headings(rows: list[Record], merged: Sequence[Any], *, top: int, left: int) -> list[Record]:
    """The rows with a heading that spans columns written into each. A row with that cell alone is a title: it stays."""
    spread = list(rows)
    for (first_row, first_column), (_, last_column) in merged:
        row, start, end = first_row - top, first_column - left, last_column - left + 1
        cells = list(spread[row].cells) if 0 <= row < len(spread) else []
        if end <= start + 1 or not 0 <= start < len(cells):
            continue
        if any(cells[:start]) or any(cells[end:]):
            cells[start:end] = [cells[start]] * len(cells[start:end])
            spread[row] = spread[row]._replace(cells=cells)
    return spread


def _width(rows: Sequence[Record]) -> int:
    return max((len(row.cells) for row in rows), default=0)


def _areas(rows: list[Record]) -> Iterator[_Area]:
    """The parts of a sheet that stand side by side, from left to right; one part unless there is evidence of more."""
    used = [any(cells) for cells in zip(*(row.cells for row in rows), strict=True)]
    spans = [
        (group[0], group[-1] + 1)
        for is_used, columns in groupby(range(len(used)), key=used.__getitem__)
        if is_used and (group := list(columns))
    ]
    if not spans:
        return
    parts = [_part(rows, *span) for span in spans]
    if len(parts) > 1 and _stand_alone(parts):
        yield from parts
    else:
        yield _part(rows, spans[0][0], spans[-1][1])


def _part(rows: list[Record], first: int, end: int) -> _Area:
    return _Area(first, [Record(row.line, 1, row.cells[first:end]) for row in rows])


def _stand_alone(parts: list[_Area]) -> bool:
    """True for tables of two columns or more, without gaps, that do not all begin and end in the same rows."""
    extents = [_extent(part.rows) for part in parts]
    return (
        all(_width(part.rows) > 1 for part in parts)
        and all(n > 1 and n >= _DENSE * (last - first + 1) for first, last, n in extents)
        and len({(first, last) for first, last, _ in extents}) > 1
    )


def _extent(rows: list[Record]) -> tuple[int, int, int]:
    """The first and last line with content, and how many there are."""
    lines = [row.line for row in rows if not is_blank(row)]
    return (lines[0], lines[-1], len(lines)) if lines else (0, 0, 0)


def _as_written(rows: list[Record]) -> list[Record]:
    """The rows as a text file would hold them: a remark is one cell, a narrower table has fewer cells."""
    written: list[Record] = []
    for is_empty, block in groupby(rows, key=is_blank):
        records = list(block)
        width = 0 if is_empty else _own_width(records)
        written += [Record(row.line, 1, row.cells[: _written_width(row, width)]) for row in records]
    return written


def _own_width(block: list[Record]) -> int:
    """The width of a block whose first row names all the columns that it uses; otherwise that of the sheet."""
    used = max(_last_used(row) for row in block)
    names = block[0].cells[:used]
    return used if used > 1 and all(shape(name) == TEXT for name in names) else len(block[0].cells)


def _last_used(row: Record) -> int:
    return max((place for place, cell in enumerate(row.cells, 1) if cell.strip()), default=0)


def _written_width(row: Record, width: int) -> int:
    return 1 if n_filled(row) == 1 and row.cells[0].strip() else width


def _found_tables(layout: Layout, area: _Area, sheet: _Sheet) -> Iterator[FoundTable]:
    end = area.start + _width(area.rows)
    whole = {row.line: row.cells[area.start : end] for row in sheet.rows}
    for table in layout.tables:
        width = len(table.names)
        lines = [record.line for record in table.records]
        yield FoundTable(
            name=sheet.title,
            header=table.names,
            records=[_full(whole[line], width) for line in lines],
            lines=lines,
            header_lines=tuple(record.line for record in table.header),
            decisions=tuple(_decisions(table, area, sheet)),
        )


def _full(cells: list[str], width: int) -> list[str]:
    """The cells of the table's columns, and those beyond them only where they hold something."""
    end = len(cells)
    while end > width and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _decisions(table: Table, area: _Area, sheet: _Sheet) -> Iterator[Decision]:
    rows = f"{len(table.header)} rows"
    yield Decision(what="header", value=rows, confidence=table.confidence, evidence=table.evidence)
    if n := sheet.first_column + area.start:
        yield Decision(
            what="first column", value=str(n + 1), confidence=1.0, evidence=f"{n} columns to its left"
        )
    if sheet.is_hidden:
        yield Decision(
            what="hidden", value="yes", confidence=1.0, evidence="the sheet is hidden in the workbook"
        )
