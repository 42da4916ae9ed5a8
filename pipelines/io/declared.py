"""One file read as its centre declares it; this is the part that runs contained.

The declared dialect is applied; only what it leaves to `auto` is decided from the file. A file that does not follow it
is refused with a reason and a remedy. What comes back is text and line numbers, in Arrow tables.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pipelines.config import AUTO, Export, FileFormat, SheetMap
from pipelines.config_checks import compared_header
from pipelines.errors import FileRefused, RefusalCode
from pipelines.io.contained_child import Answer
from pipelines.io.delimited import (
    MOST_COLUMNS,
    Dialect,
    Grid,
    Ragged,
    decode,
    is_too_wide,
    join_header,
    read,
    shown,
)
from pipelines.io.guards import check_cells, check_workbook, unreadable_kind
from pipelines.io.reading.kind import KindId
from pipelines.io.reading.limits import Limits
from pipelines.io.reading.unpack import Member, unpack
from pipelines.io.workbooks import open_workbook, read_sheet
from pipelines.refusals import refused

if TYPE_CHECKING:
    import pyarrow as pa

_Grids = list[tuple[str | None, Grid | None]]
_KIND_OF: dict[FileFormat, KindId] = {
    "csv": "text", "fixed": "text", "xlsx": "xlsx", "xls": "xls", "xlsb": "xlsb", "ods": "ods", "parquet": "parquet",
}  # fmt: skip
LINE = "line"


@dataclass(frozen=True, kw_only=True)
class DeclaredFile:
    """One file of a centre: where it is, what the centre calls it, the sheets that it declares."""

    path: Path
    name: str
    sheets: tuple[SheetMap, ...]


def read_each(files: Sequence[DeclaredFile], export: Export, limits: Limits) -> Answer:
    """The facts of each file in order, and their tables one after the other; None for a file that is refused."""
    facts: list[Any] = []
    tables: list[pa.Table] = []
    for file in files:
        try:
            found = read_declared(file.path, export, file.sheets, file.name, limits)
        except FileRefused:
            facts.append(None)
            continue
        facts.append(found.facts)
        tables += found.tables
    return Answer(facts, tuple(tables))


def read_declared(
    path: Path, export: Export, sheets: Sequence[SheetMap], name: str, limits: Limits
) -> Answer:
    """For each sheet two tables, its rows and its ragged lines, and what is said of it as facts."""
    csv.field_size_limit(limits.field_bytes)
    content = _export_of(path.read_bytes(), export, name=name, limits=limits)
    grids = _READERS[export.format](content, export, sheets, name, limits)
    parts = [
        _taken(grid, sheet, title=title, name=name, limits=limits)
        for sheet, (title, grid) in zip(sheets, grids, strict=True)
    ]
    if not any(rows.num_rows or ragged.num_rows for _, rows, ragged in parts):
        raise refused(RefusalCode.HEADER_ONLY, name, line=sheets[0].header_line)
    return Answer(
        [facts for facts, _, _ in parts],
        tuple(table for _, rows, ragged in parts for table in (rows, ragged)),
    )


def _export_of(content: bytes, export: Export, *, name: str, limits: Limits) -> bytes:
    """The content of the declared format: the file itself, or the only such member of the archive that it is."""
    if not content:
        raise refused(RefusalCode.EMPTY_FILE, name)
    members = list(unpack(content, name=name, limits=limits))
    wanted = _KIND_OF[export.format]
    fitting = [member for member in members if member.kind.id == wanted]
    if len(fitting) > 1:
        raise refused(
            RefusalCode.UNKNOWN_FILE,
            name,
            why_fr=f"l'archive contient {len(fitting)} exports",
            why_en=f"the archive holds {len(fitting)} exports",
        )
    if not fitting:
        raise _refusal_of(members, export, name=name)
    if wanted not in ("text", "parquet"):
        check_workbook(fitting[0].content, wanted, name=name, limits=limits)
    return fitting[0].content


def _refusal_of(members: list[Member], export: Export, *, name: str) -> Exception:
    kinds = {member.kind.id for member in members} - {"empty"}
    if not kinds:
        return refused(RefusalCode.EMPTY_FILE, name)
    if export.format == "xls" and any(_is_cut_short(member.content) for member in members):
        return refused(RefusalCode.TRUNCATED, name)
    return unreadable_kind(min(kinds), declared=export.format, name=name)


def _is_cut_short(content: bytes) -> bool:
    """True for an OLE document that ends before its own directory, of which nothing can be told."""
    first = int.from_bytes(content[48:52], "little")
    return content.startswith(b"\xd0\xcf\x11\xe0") and (first + 1) * 512 >= len(content)


def _delimited_grids(
    content: bytes, export: Export, sheets: Sequence[SheetMap], name: str, limits: Limits
) -> _Grids:
    text, dialect = _text_and_dialect(content, export, name=name, limits=limits)
    if any(is_too_wide(text, separator=dialect.separator, header_line=s.header_line) for s in sheets):
        why = {"why_fr": f"plus de {MOST_COLUMNS} colonnes", "why_en": f"over {MOST_COLUMNS} columns"}
        raise refused(RefusalCode.OVER_LIMIT, name, **why)
    return [
        (
            None,
            read(
                text,
                separator=dialect.separator,
                header_line=sheet.header_line,
                header_rows=sheet.header_rows,
                dialect=dialect,
            ),
        )
        for sheet in sheets
    ]


def _text_and_dialect(content: bytes, export: Export, *, name: str, limits: Limits) -> tuple[bytes, Dialect]:
    text = _text(content, export, name=name)
    separator, quote, escape = export.separator, export.quote, export.escape
    if AUTO in (separator, quote):
        separator, quote, escape = _found_dialect(text, export, name=name)
    return text, Dialect(
        separator=separator, quote=quote, escape=escape, mends=True, longest=limits.field_bytes
    )


def _text(content: bytes, export: Export, *, name: str) -> bytes:
    if export.encoding != AUTO:
        return decode(content, export=export, name=name)
    from pipelines.io.reading import encoding

    return encoding.decode(content)[0].encode()


def _found_dialect(text: bytes, export: Export, *, name: str) -> tuple[Any, Any, Any]:
    from pipelines.io.reading.dialect import find_dialect

    lines = text[: 1 << 20].decode(errors="ignore").splitlines(keepends=True)[:2000]
    found = find_dialect(
        lines,
        separator=None if export.separator == AUTO else export.separator,
        quote=None if export.quote == AUTO else export.quote,
    ).dialect
    separator = found.separator.strip(" ") or found.separator  # ", " is a comma: staging trims the cells
    if len(separator) != 1 or not (separator + found.quote).isascii():
        words = {"found_fr": "un texte sans séparateur usuel", "found_en": "text without a usual separator"}
        raise refused(RefusalCode.NOT_THIS_FORMAT, name, declared="CSV", **words)
    return separator, found.quote, "\\" if found.escape == "backslash" else export.escape


def _fixed_grids(content: bytes, export: Export, sheets: Sequence[SheetMap], name: str, _: Limits) -> _Grids:
    text = _text(content, export, name=name).decode()
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    return [(None, _fixed_grid(lines, export.widths, sheet)) for sheet in sheets]


def _fixed_grid(lines: list[str], widths: Sequence[int], sheet: SheetMap) -> Grid | None:
    import pyarrow as pa
    import pyarrow.compute as pc

    first, last = sheet.header_line - 1, sheet.header_line - 1 + sheet.header_rows
    if len(lines) < last:
        return None
    ends = np.cumsum(widths)
    places = list(zip(ends - widths, ends, strict=True))
    body = pc.utf8_rtrim(pa.array(lines[last:], pa.string()), " ")
    size = np.asarray(pc.utf8_length(body))
    is_aside = (size > ends[-1]) | np.asarray(pc.match_substring(body, "\0"))
    rows = body.filter(pa.array(~is_aside & (size > 0)))
    cells = {
        str(i): pc.utf8_trim(pc.utf8_slice_codeunits(rows, int(start), int(stop)), " ")
        for i, (start, stop) in enumerate(places)
    }
    numbers = np.arange(len(body)) + last + 1
    ragged = [
        Ragged(int(numbers[at]), shown(body[int(at)].as_py()), len(widths) + 1, len(widths))
        for at in np.flatnonzero(is_aside)
    ]
    header = join_header([[line[start:stop] for start, stop in places] for line in lines[first:last]])
    return Grid(header, pa.table(cells), numbers[~is_aside & (size > 0)], ragged, int((size == 0).sum()))


def _workbook_grids(content: bytes, _: Export, sheets: Sequence[SheetMap], name: str, __: Limits) -> _Grids:
    workbook = open_workbook(content, name=name)
    return [read_sheet(workbook, sheet, name=name) for sheet in sheets]


def _parquet_grids(
    content: bytes, _: Export, sheets: Sequence[SheetMap], name: str, limits: Limits
) -> _Grids:
    import pyarrow as pa

    from pipelines.io.reading.parquet_tables import find_parquet_table

    [table] = find_parquet_table(content, name=name, limits=limits).tables
    columns = list(zip(*table.records, strict=True)) or [()] * len(table.header)
    cells = pa.table({str(i): pa.array(column, pa.string()) for i, column in enumerate(columns)})
    grid = Grid(list(table.header), cells, np.asarray(table.lines, np.int64), [], 0)
    return [(None, grid)] * len(sheets)


_READERS = {
    "csv": _delimited_grids,
    "fixed": _fixed_grids,
    "xlsx": _workbook_grids,
    "xls": _workbook_grids,
    "xlsb": _workbook_grids,
    "ods": _workbook_grids,
    "parquet": _parquet_grids,
}


def _taken(
    grid: Grid | None, sheet: SheetMap, *, title: str | None, name: str, limits: Limits
) -> tuple[dict[str, Any], "pa.Table", "pa.Table"]:
    """What is said of a sheet, its mapped columns, those that no map names and their lines, its ragged lines."""
    import pyarrow as pa

    if grid is None:
        raise refused(RefusalCode.MISSING_HEADER, name, line=sheet.header_line)
    check_cells(grid.cells.num_rows, len(grid.header), name=name, limits=limits)
    header = [compared_header(text) for text in grid.header]
    _check_header(header, sheet, name=name)
    mapped = _mapped_columns(sheet)
    present = [column for column in mapped if compared_header(column) in header]
    expected = {compared_header(column) for column in sheet.expected_columns}
    extra = [place for place, text in enumerate(header) if text not in expected]
    facts = {
        "sheet": title,
        "columns": present,
        "missing": [column for column in mapped if column not in present],
        "unmapped": list(dict.fromkeys(text or "∅" for text in header if text not in expected)),
        "extra": [header[place] or "∅" for place in extra],
        "blank": grid.blank,
    }
    rows = grid.cells.select([*(header.index(compared_header(column)) for column in present), *extra])
    rows = rows.append_column(LINE, pa.array(grid.lines, pa.int64()))
    return facts, rows, _ragged_table(grid.ragged)


def _ragged_table(ragged: list[Ragged]) -> "pa.Table":
    import pyarrow as pa

    return pa.table(
        {
            "line": pa.array([r.line for r in ragged], pa.int64()),
            "text": pa.array([r.text for r in ragged], pa.large_string()),
            "n_found": pa.array([r.n_found for r in ragged], pa.int64()),
            "n_expected": pa.array([r.n_expected for r in ragged], pa.int64()),
        }
    )


def _mapped_columns(sheet: SheetMap) -> list[str]:
    return list(dict.fromkeys(column for table in sheet.tables for column in table.columns.values()))


def _check_header(header: list[str], sheet: SheetMap, *, name: str) -> None:
    mapped = _mapped_columns(sheet)
    where = {"line": sheet.header_line}
    if not any(compared_header(column) in header for column in mapped):
        raise refused(RefusalCode.MISSING_HEADER, name, **where)
    keys = [column for column in sheet.key_columns if compared_header(column) not in header]
    if keys:
        raise refused(RefusalCode.MISSING_KEY_COLUMN, name, columns=", ".join(keys), **where)
    twice = [column for column in mapped if header.count(compared_header(column)) > 1]
    if twice:
        raise refused(RefusalCode.DUPLICATE_COLUMN, name, columns=", ".join(twice), **where)
