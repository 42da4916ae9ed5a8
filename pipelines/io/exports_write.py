"""Writing exports as centres do: delimited text in any encoding, XLSX, XLS, ODS. The same rows give the same bytes.

Nothing in a file depends on the clock: workbooks and archives bear a fixed date.
"""

import datetime as dt
import re
import shutil
import zipfile
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape, quoteattr

from pipelines.config import Export

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

Grid = tuple[
    str | None, Sequence[str], Sequence[str], Sequence[Sequence[Any]]
]  # name, preamble, header, columns
_CREATED = dt.datetime(2021, 6, 30, 12, 0)  # noqa: DTZ001 - workbooks know no time zone
_ZIP_DATE = (2021, 6, 30, 12, 0, 0)
_DAY_FORMAT = "dd/mm/yyyy"


def write_delimited(
    path: Path, *, preamble: Sequence[str], header: Sequence[str], columns: Sequence["pa.Array"], export: Export,
    ragged: Iterable[int],
) -> None:  # fmt: skip
    """One delimited text file. `ragged` are rows that get one cell too many. Windows encodings end lines as Windows."""
    import pyarrow.compute as pc

    path.parent.mkdir(parents=True, exist_ok=True)
    cells = [_quoted_where_needed(column, export.separator) for column in columns]
    lines: list[str] = pc.binary_join_element_wise(*cells, export.separator).to_pylist()
    for row in ragged:
        lines[row] += f"{export.separator}?"
    first = export.separator.join(_quoted(name, export.separator) for name in header)
    text = "\n".join([*preamble, first, *lines, ""])
    if export.encoding in ("cp1252", "iso-8859-15", "utf-16"):
        text = text.replace("\n", "\r\n")
    mark = b"\xff\xfe" if export.encoding == "utf-16" else b""  # little-endian on every machine
    path.write_bytes(mark + text.encode("utf-16-le" if mark else export.encoding))


def _quoted(name: str, separator: str) -> str:
    return f'"{name}"' if separator in name else name


def _quoted_where_needed(column: "pa.Array", separator: str) -> "pa.Array":
    """The cells of a column, in quotes where they hold a separator or a quote; an empty cell for a missing value."""
    import pyarrow as pa
    import pyarrow.compute as pc

    filled = pc.fill_null(column, "")
    special = pc.match_substring_regex(filled, f'["{re.escape(separator)}]')
    if not pc.any(special).as_py():
        return filled
    quoted = pc.binary_join_element_wise("", pc.replace_substring(filled, '"', '""'), "", '"')
    return pc.if_else(special, quoted, filled).cast(pa.string())


def write_workbook(path: Path, *, sheets: Sequence[Grid], file_format: str) -> None:
    """One workbook. A cell is text, a number, a day or None."""
    path.parent.mkdir(parents=True, exist_ok=True)
    {"xlsx": _write_xlsx, "xls": _write_xls, "ods": _write_ods}[file_format](path, sheets)


def _write_xlsx(path: Path, sheets: Sequence[Grid]) -> None:
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_numbers": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(str(path), options) as book:
        book.set_properties({"created": _CREATED})
        day = book.add_format({"num_format": _DAY_FORMAT})
        for name, preamble, header, columns in sheets:
            sheet = book.add_worksheet(name)
            for row, line in enumerate(preamble):
                sheet.write_string(row, 0, line)
            for column, text in enumerate(header):
                sheet.write_string(len(preamble), column, text)
            _fill_xlsx(sheet, len(preamble) + 1, columns, day)


def _fill_xlsx(sheet: Any, start: int, columns: Sequence[Sequence[Any]], day: Any) -> None:
    for row, values in enumerate(zip(*columns, strict=True), start):
        for column, value in enumerate(values):
            if value is None:
                continue
            if isinstance(value, str):
                sheet.write_string(row, column, value)
            elif isinstance(value, dt.date):
                sheet.write_datetime(row, column, value, day)
            else:
                sheet.write_number(row, column, value)


def _write_xls(path: Path, sheets: Sequence[Grid]) -> None:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    day = xlwt.easyxf(num_format_str=_DAY_FORMAT)
    plain = xlwt.easyxf()
    for name, preamble, header, columns in sheets:
        sheet = book.add_sheet(name or "Feuil1")
        for row, line in enumerate(preamble):
            sheet.write(row, 0, line)
        for column, text in enumerate(header):
            sheet.write(len(preamble), column, text)
        for row, values in enumerate(zip(*columns, strict=True), len(preamble) + 1):
            for column, value in enumerate(values):
                if value is not None:
                    sheet.write(row, column, value, day if isinstance(value, dt.date) else plain)
            if row % 1000 == 0:
                sheet.flush_row_data()
    book.save(str(path))
    _close_row_files([book.get_sheet(number) for number in range(len(sheets))])


def _close_row_files(sheets: Iterable[Any]) -> None:
    """The library keeps the rows that it let go in a temporary file per sheet, and leaves it open."""
    for sheet in sheets:
        if sheet.row_tempfile is not None:
            sheet.row_tempfile.close()


_ODS_NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
_ODS_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
    '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
)


def _write_ods(path: Path, sheets: Sequence[Grid]) -> None:
    """A minimal OpenDocument spreadsheet, written directly: a library needs twenty times longer."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            _member("mimetype", zipfile.ZIP_STORED), "application/vnd.oasis.opendocument.spreadsheet"
        )
        archive.writestr(_member("META-INF/manifest.xml"), _ODS_MANIFEST)
        with archive.open(_member("content.xml"), "w", force_zip64=True) as content:
            content.write(
                f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {_ODS_NAMES}'
                ' office:version="1.2"><office:body><office:spreadsheet>'.encode()
            )
            for name, preamble, header, columns in sheets:
                content.write(f"<table:table table:name={quoteattr(name or 'Feuille1')}>".encode())
                for line in ([[line] for line in preamble], [header], zip(*columns, strict=True)):
                    for values in line:
                        content.write(_ods_row(values))
                content.write(b"</table:table>")
            content.write(b"</office:spreadsheet></office:body></office:document-content>")


def _member(name: str, compression: int = zipfile.ZIP_DEFLATED) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _ZIP_DATE)
    member.compress_type = compression
    return member


def _ods_row(values: Sequence[Any]) -> bytes:
    cells = "".join(map(_ods_cell, values))
    return f"<table:table-row>{cells}</table:table-row>".encode()


def _ods_cell(value: Any) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(value)}</text:p></table:table-cell>'
    if isinstance(value, dt.date):
        return (
            f'<table:table-cell office:value-type="date" office:date-value="{value.isoformat()}">'
            f"<text:p>{value.isoformat()}</text:p></table:table-cell>"
        )
    return (
        f'<table:table-cell office:value-type="float" office:value="{value:.15g}">'
        f"<text:p>{value:.15g}</text:p></table:table-cell>"
    )


class Spool:
    """Rows of all centres kept aside between their drawing, block by block, and their writing, centre by centre."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._groups: dict[str, dict[int, list[int]]] = {}
        self._counts: dict[str, int] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def append(self, name: str, table: "pa.Table") -> None:
        """Keep rows, sorted by `centre`: one row group per centre."""
        import numpy as np
        import pyarrow.parquet as pq

        if name not in self._writers:
            self._writers[name] = pq.ParquetWriter(
                self.folder / f"{name}.parquet", table.schema, compression="lz4"
            )
        centres = table["centre"].to_numpy()
        edges = np.flatnonzero(np.diff(centres, prepend=-1, append=-2)) if len(centres) else np.array([0])
        for start, end in pairwise(edges):
            self._writers[name].write_table(table.slice(start, end - start))
            groups = self._groups.setdefault(name, {}).setdefault(int(centres[start]), [])
            groups.append(self._counts.get(name, 0))
            self._counts[name] = self._counts.get(name, 0) + 1

    def read(self, name: str, centre: int) -> "pa.Table | None":
        """The rows of one centre in the order they came; None when it has none."""
        import pyarrow.parquet as pq

        groups = self._groups.get(name, {}).get(centre)
        if not groups:
            return None
        return pq.ParquetFile(self.folder / f"{name}.parquet").read_row_groups(groups)

    def finish(self) -> None:
        """No more rows will come."""
        for writer in self._writers.values():
            writer.close()

    def __enter__(self) -> "Spool":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.finish()
        shutil.rmtree(self.folder, ignore_errors=True)


class TruthFolder:
    """The truth tables, written block by block as Parquet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.counts: dict[str, int] = {}
        self._writers: dict[str, pq.ParquetWriter] = {}
        folder.mkdir(parents=True, exist_ok=True)

    def append(self, name: str, table: "pa.Table") -> None:
        """Add rows to one table."""
        import pyarrow.parquet as pq

        if name not in self._writers:
            self._writers[name] = pq.ParquetWriter(
                self.folder / f"{name}.parquet", table.schema, compression="zstd"
            )
        self._writers[name].write_table(table)
        self.counts[name] = self.counts.get(name, 0) + table.num_rows

    def __enter__(self) -> "TruthFolder":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        for writer in self._writers.values():
            writer.close()


def empty_folder(folder: Path) -> None:
    """Make a folder that holds nothing; what an earlier network left there is removed."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
