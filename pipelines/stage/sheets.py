"""Every sheet of a centre's deliveries, read once, with what is wrong with the sheets themselves."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.config import Centre, SheetMap, TableMap
from pipelines.config_checks import compared_header
from pipelines.delivery import Delivery, reading_order
from pipelines.errors import Refusal
from pipelines.io.exports import DeclaredFile, SourceTable, read_files
from pipelines.refusals import printable
from pipelines.stage.rows import Origin, clean_columns
from validations.rules.contract import EMPTY_SHEET, MISSING_COLUMN, RAGGED_ROW, UNMAPPED_COLUMN

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

LONGEST_HEADER = 80


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One sheet as read: its delivery, its map, its cleaned columns by header, where their rows begin.

    `repeated` are the lines that only repeat the header; `first_rank` is the rank of its first table map in the file.
    """

    delivery: Delivery
    sheet_map: SheetMap
    source: SourceTable
    columns: "dict[str, pa.Array]"
    lines: "NDArray[np.int64]"
    repeated: "NDArray[np.int64]"
    first_rank: int

    @property
    def n_usable(self) -> int:
        """The lines that are data: readable or not, neither blank nor a repeated header."""
        return len(self.lines) + len(self.source.ragged)

    @property
    def is_shared(self) -> bool:
        """True when one line may speak of several entities."""
        return len(self.sheet_map.tables) > 1

    def tables(self) -> Iterator[tuple[TableMap, Origin]]:
        """The table maps of the sheet, each with the origin of its rows."""
        for rank, table in enumerate(self.sheet_map.tables, start=self.first_rank):
            yield table, Origin(delivery=self.delivery, sheet=self.source.sheet, rank=rank)


def read_sheets(
    centre: Centre, deliveries: Iterable[Delivery], open_delivery: Callable[[Delivery], Path]
) -> tuple[list[Sheet], list[Refusal], list[Delivery]]:
    """The sheets of the files that can be read, in reading order; the refusals and the refused deliveries."""
    sheets: list[Sheet] = []
    refusals: list[Refusal] = []
    refused: list[Delivery] = []
    ordered = sorted(deliveries, key=reading_order)
    files = [
        DeclaredFile(path=open_delivery(d), name=d.file_name, sheets=centre.files[d.file_index].sheets)
        for d in ordered
    ]
    for delivery, file, found in zip(ordered, files, read_files(files, export=centre.export), strict=True):
        if isinstance(found, Refusal):
            refusals.append(replace(found, centre_id=centre.id))
            refused.append(delivery)
            continue
        rank = 0
        for sheet_map, source in zip(file.sheets, found, strict=True):
            sheets.append(_sheet(delivery, sheet_map, source, missing=centre.export.missing, first_rank=rank))
            rank += len(sheet_map.tables)
    return sheets, refusals, refused


def _sheet(
    delivery: Delivery, sheet_map: SheetMap, source: SourceTable, *, missing: Iterable[str], first_rank: int
) -> Sheet:
    """A sheet without the lines that repeat its header, as in exports that were glued together."""
    columns = clean_columns(source, missing=missing)
    is_header = _repeats_header(columns, len(source.lines))
    if is_header.any():
        kept = ~is_header
        columns = {header: column.filter(kept) for header, column in columns.items()}
    return Sheet(
        delivery=delivery,
        sheet_map=sheet_map,
        source=source,
        columns=columns,
        lines=source.lines[~is_header],
        repeated=source.lines[is_header],
        first_rank=first_rank,
    )


def _repeats_header(columns: "dict[str, pa.Array]", n_rows: int) -> "NDArray[np.bool_]":
    """Where every mapped column holds its own header."""
    import numpy as np
    import pyarrow.compute as pc

    found = np.ones(n_rows, np.bool_)
    for header, column in columns.items():
        if not found.any():
            break
        found &= np.asarray(pc.fill_null(pc.equal(column, compared_header(header)), False))
    return found


def sheet_findings(sheet: Sheet) -> list[dict[str, Any]]:
    """What is wrong with a sheet as a whole, or with lines that could not become rows, as findings with provenance.

    A sheet shared by several entities gets each finding once, under the first of them.
    """
    header = sheet.source.header_line
    first, origin = next(sheet.tables())
    found = [
        _finding(first, origin, ragged.line, RAGGED_ROW, is_quarantined=True)
        for ragged in sheet.source.ragged
    ]
    for column in sheet.source.unmapped:
        found.append(_finding(first, origin, header, UNMAPPED_COLUMN, printable(column)[:LONGEST_HEADER]))
    if not len(sheet.lines) and not sheet.source.ragged:
        found.append(_finding(first, origin, header, EMPTY_SHEET))
    for table, table_origin in sheet.tables():
        absent = [name for name, column in table.columns.items() if column in sheet.source.missing]
        found += [_finding(table, table_origin, header, MISSING_COLUMN, name) for name in absent]
    return found


def sheet_finding(sheet: Sheet, rule_id: str, field: str) -> dict[str, Any]:
    """What is said of a sheet as a whole, at its header, under the first of its tables."""
    first, origin = next(sheet.tables())
    return _finding(first, origin, sheet.source.header_line, rule_id, field)


def _finding(
    table: TableMap, origin: Origin, line: int, rule_id: str, field: str = "", *, is_quarantined: bool = False
) -> dict[str, Any]:
    return provenance(origin, line) | {
        "table_name": f"stg_{table.entity}",
        "rule_id": rule_id,
        "field": field,
        "is_quarantined": is_quarantined,
    }


def provenance(origin: Origin, line: int) -> dict[str, Any]:
    """The provenance columns of one line."""
    return {
        "row_id": origin.row_id(line),
        "centre_id": origin.delivery.centre_id,
        "delivery_id": origin.delivery.delivery_id,
        "file": origin.delivery.file_name,
        "sheet": origin.sheet,
        "line": line,
    }
