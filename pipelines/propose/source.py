"""One table of an export as the proposals see it: where it stands and its columns as text."""

from dataclasses import dataclass
from pathlib import PurePath

from pipelines.io.reading.found import Decision, FoundFile, FoundTable

#: What reading calls the signs that cannot be seen.
WRITTEN = {"tab": "\t", "space": " ", "none": ""}
_FORMATS = {"csv", "fixed", "xlsx", "xls", "xlsb", "ods", "parquet"}


@dataclass(frozen=True, kw_only=True)
class SourceTable:
    """A table of a file. `columns[i]` are the cells under `header[i]`, the same number in each."""

    file: str
    format: str
    header: tuple[str, ...]
    columns: tuple[tuple[str, ...], ...]
    sheet: str | None = None
    header_line: int = 1
    header_rows: int = 1
    decisions: tuple[Decision, ...] = ()

    @property
    def is_workbook(self) -> bool:
        """True when the cells come from a spreadsheet."""
        return self.format in {"xlsx", "xls", "xlsb", "ods"}

    @property
    def place(self) -> str:
        """The file and the sheet, as people say them."""
        return f"{self.file} [{self.sheet}]" if self.sheet else self.file

    def decided(self, what: str) -> Decision | None:
        """What the reading decided on a question, if it did."""
        return next((d for d in self.decisions if d.what == what), None)


def source_tables(file: str, found: FoundFile) -> list[SourceTable]:
    """The tables of a file that have rows, ready to be looked at."""
    shown = [table for table in found.tables if table.records]
    if not any(table.name for table in shown):
        shown = shown and [found.tables[found.largest()]]
    return [_source_table(PurePath(file).name, found, table) for table in shown]


def _source_table(file: str, found: FoundFile, table: FoundTable) -> SourceTable:
    decisions = (*table.decisions, *found.decisions)
    kind = next((d.value for d in decisions if d.what == "kind"), "csv")
    width = len(table.header)
    whole = [record for record in table.records if len(record) == width]
    columns = tuple(zip(*whole, strict=True)) if whole else ((),) * width
    return SourceTable(
        file=file,
        format=kind if kind in _FORMATS else "csv",
        header=tuple(" ".join(text.split()) for text in table.header),
        columns=tuple(tuple(column) for column in columns),
        sheet=table.name,
        header_line=min(table.header_lines, default=1),
        header_rows=max(len(table.header_lines), 1),
        decisions=decisions,
    )
