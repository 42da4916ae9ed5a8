"""The cells of columns that no map names, as they were sent: kept beside the staged rows until somebody maps them.

They may hold anything, names too: integration zone only.
"""

from typing import TYPE_CHECKING

from pipelines.refusals import printable
from pipelines.stage.findings import SOURCE
from pipelines.stage.sheets import LONGEST_HEADER, Sheet, provenance
from validations.contracts.derive import arrow_schema
from validations.contracts.tables import TABLES

if TYPE_CHECKING:
    import pyarrow as pa


def extra_schema() -> "pa.Schema":
    """Provenance, the column's header, the cell's text."""
    import pyarrow as pa

    finding = arrow_schema(TABLES["fct_finding"])
    texts = [pa.field(name, pa.string(), nullable=False) for name in ("column", "text")]
    return pa.schema([*(finding.field(name) for name in SOURCE), *texts])


def extra_cells(sheets: list[Sheet]) -> "pa.Table":
    """One row per cell that is not blank; its row id is that of the first table of its line."""
    import pyarrow as pa

    empty = extra_schema().empty_table()
    return pa.concat_tables(
        [empty, *(_column(sheet, header, cells) for sheet in sheets for header, cells in sheet.source.extra)]
    )


def _column(sheet: Sheet, header: str, cells: "pa.ChunkedArray") -> "pa.Table":
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    text = cells.cast(pa.string()).fill_null("")
    is_kept = np.asarray(pc.not_equal(pc.utf8_trim_whitespace(text), ""))
    is_kept &= ~np.isin(sheet.source.lines, sheet.repeated)
    lines = pa.array(sheet.source.lines[is_kept], pa.int64())
    _, origin = next(sheet.tables())
    known = provenance(origin, 0)
    columns = {
        name: pa.repeat(pa.scalar(known[name], pa.string()), len(lines)) for name in SOURCE if name != "line"
    }
    prefix = pa.scalar(origin.row_id(0)[:-1])
    columns |= {
        "line": lines,
        "row_id": pc.binary_join_element_wise(prefix, lines.cast(pa.string()), ""),
        "column": pa.repeat(printable(header)[:LONGEST_HEADER], len(lines)),
        "text": text.filter(pa.array(is_kept)),
    }
    schema = extra_schema()
    return pa.table([columns[name] for name in schema.names], schema=schema)
