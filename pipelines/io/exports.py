"""Reading what a centre sent: one sheet or text file as text columns, each row with its physical line.

The declared dialect is applied, never guessed: a file that does not follow it is refused with a reason and a remedy.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.config import Export, SheetMap
from pipelines.errors import RefusalCode
from pipelines.io.delimited import Grid, Ragged, decode, read
from pipelines.io.workbooks import GuardedReading, check_kind, open_workbook, read_sheet
from pipelines.refusals import refused

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class SourceTable:
    """The mapped columns of one sheet, as text under the centre's headers; `lines[i]` is where row i begins, from 1.

    `missing` are expected headers that are absent, `unmapped` headers that no map names; `blank` counts empty rows.
    """

    frame: "pd.DataFrame"
    lines: "NDArray[np.int64]"
    ragged: list[Ragged]
    sheet: str | None
    header_line: int
    missing: tuple[str, ...] = ()
    unmapped: tuple[str, ...] = ()
    blank: int = 0


def read_table(path: Path, *, export: Export, sheet: SheetMap, name: str) -> SourceTable:
    """One sheet of the file at `path`, which the centre calls `name`. FileRefused when it cannot be taken."""
    return read_tables(path, export=export, sheets=[sheet], name=name)[0]


def read_tables(path: Path, *, export: Export, sheets: Iterable[SheetMap], name: str) -> list[SourceTable]:
    """Every sheet of one file, opened once. FileRefused when one cannot be taken or none has a data row."""
    sheets = list(sheets)
    content = path.read_bytes()
    if not content:
        raise refused(RefusalCode.EMPTY_FILE, name)
    check_kind(content, declared=export.format, name=name)
    grids = _text_grids if export.format == "csv" else _workbook_grids
    with GuardedReading(name):
        found = grids(content, export, sheets, name)
    tables = [
        _source_table(grid, sheet, title=title, name=name)
        for sheet, (title, grid) in zip(sheets, found, strict=True)
    ]
    if not any(len(table.lines) or table.ragged for table in tables):
        raise refused(RefusalCode.HEADER_ONLY, name, line=sheets[0].header_line)
    return tables


_Grids = list[tuple[str | None, Grid | None]]


def _text_grids(content: bytes, export: Export, sheets: list[SheetMap], name: str) -> _Grids:
    text = decode(content, export=export, name=name)
    return [(None, read(text, separator=export.separator, header_line=s.header_line)) for s in sheets]


def _workbook_grids(content: bytes, _: Export, sheets: list[SheetMap], name: str) -> _Grids:
    workbook = open_workbook(content, name=name)
    return [read_sheet(workbook, sheet, name=name) for sheet in sheets]


def header_text(text: str) -> str:
    """A header as it is compared: composed accents, single spaces, no byte order mark; case counts.

    >>> header_text("  Date  de naissance ")
    'Date de naissance'
    """
    return " ".join(unicodedata.normalize("NFC", text.replace("\ufeff", "")).split())


def _source_table(grid: Grid | None, sheet: SheetMap, *, title: str | None, name: str) -> SourceTable:
    import pandas as pd

    if grid is None:
        raise refused(RefusalCode.MISSING_HEADER, name, line=sheet.header_line)
    header = [header_text(text) for text in grid.header]
    _check_header(header, sheet, name=name)
    mapped = _mapped_columns(sheet)
    present = {
        column: header.index(header_text(column)) for column in mapped if header_text(column) in header
    }
    expected = {header_text(column) for column in sheet.expected_columns}
    frame = grid.cells.select(list(present.values())).rename_columns(list(present))
    return SourceTable(
        frame=frame.to_pandas(types_mapper=lambda _: pd.StringDtype("pyarrow")),
        lines=grid.lines,
        ragged=grid.ragged,
        sheet=title,
        header_line=sheet.header_line,
        missing=tuple(column for column in mapped if column not in present),
        unmapped=tuple(dict.fromkeys(text or "∅" for text in header if text not in expected)),
        blank=grid.blank,
    )


def _mapped_columns(sheet: SheetMap) -> list[str]:
    return list(dict.fromkeys(column for table in sheet.tables for column in table.columns.values()))


def _check_header(header: list[str], sheet: SheetMap, *, name: str) -> None:
    mapped = _mapped_columns(sheet)
    where = {"line": sheet.header_line}
    if not any(header_text(column) in header for column in mapped):
        raise refused(RefusalCode.MISSING_HEADER, name, **where)
    keys = [column for column in sheet.key_columns if header_text(column) not in header]
    if keys:
        raise refused(RefusalCode.MISSING_KEY_COLUMN, name, columns=", ".join(keys), **where)
    twice = [column for column in mapped if header.count(header_text(column)) > 1]
    if twice:
        raise refused(RefusalCode.DUPLICATE_COLUMN, name, columns=", ".join(twice), **where)
