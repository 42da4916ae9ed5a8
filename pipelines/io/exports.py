"""Reading what a centre sent: one sheet or text file as text columns, each row with its physical line.

Every file is read in a child process (`pipelines.io.contained`), whoever sent it; here its answer becomes tables.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.config import Export, SheetMap
from pipelines.errors import RefusalCode
from pipelines.io.contained import allowance, run_contained
from pipelines.io.declared import LINE, header_text, read_declared
from pipelines.io.delimited import Ragged
from pipelines.io.reading.limits import Limits
from pipelines.refusals import refused

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

__all__ = ["SourceTable", "header_text", "read_table", "read_tables"]

#: What every reading needs, imported once for all children.
_PRELOAD = (
    "pipelines.io.declared",
    "pyarrow",
    "pyarrow.compute",
    "pyarrow.csv",
    "numpy.ma",
    "encodings.utf_8_sig",
)


@dataclass(frozen=True, kw_only=True)
class SourceTable:
    """The mapped columns of one sheet, as text under the centre's headers; `lines[i]` is where row i begins, from 1.

    `missing` are expected headers that are absent, `unmapped` headers that no map names, whose cells are in `extra`;
    `blank` counts empty rows.
    """

    frame: "pd.DataFrame"
    lines: "NDArray[np.int64]"
    ragged: list[Ragged]
    sheet: str | None
    header_line: int
    missing: tuple[str, ...] = ()
    unmapped: tuple[str, ...] = ()
    extra: "tuple[tuple[str, pa.ChunkedArray], ...]" = ()
    blank: int = 0


def read_table(path: Path, *, export: Export, sheet: SheetMap, name: str) -> SourceTable:
    """One sheet of the file at `path`, which the centre calls `name`. FileRefused when it cannot be taken."""
    return read_tables(path, export=export, sheets=[sheet], name=name)[0]


def read_tables(
    path: Path, *, export: Export, sheets: Iterable[SheetMap], name: str, limits: Limits | None = None
) -> list[SourceTable]:
    """Every sheet of one file, opened once. FileRefused when one cannot be taken or none has a data row."""
    sheets, limits = list(sheets), limits or Limits()
    size = path.stat().st_size
    if not size:
        raise refused(RefusalCode.EMPTY_FILE, name)
    if size > limits.total_bytes:
        n = limits.total_bytes >> 20
        raise refused(RefusalCode.OVER_LIMIT, name, why_fr=f"plus de {n} Mio", why_en=f"over {n} MiB")
    answer = run_contained(
        read_declared, path.resolve(), export, sheets, name, limits,
        limits=allowance(size), name=name, preload=_PRELOAD,
    )  # fmt: skip
    return [
        _source_table(facts, rows, ragged, sheet)
        for sheet, facts, (rows, ragged) in zip(
            sheets, answer.facts, zip(answer.tables[::2], answer.tables[1::2], strict=True), strict=True
        )
    ]


def _source_table(
    facts: dict[str, Any], rows: "pa.Table", ragged: "pa.Table", sheet: SheetMap
) -> SourceTable:
    import pandas as pd

    n_mapped = len(facts["columns"])
    cells = rows.select(range(n_mapped)).rename_columns(facts["columns"])
    return SourceTable(
        frame=cells.to_pandas(types_mapper=lambda _: pd.StringDtype("pyarrow")),
        lines=rows[LINE].to_numpy(),
        ragged=[Ragged(**row) for row in ragged.to_pylist()],
        sheet=facts["sheet"],
        header_line=sheet.header_line,
        missing=tuple(facts["missing"]),
        unmapped=tuple(facts["unmapped"]),
        extra=tuple(zip(facts["extra"], rows.columns[n_mapped:-1], strict=True)),
        blank=facts["blank"],
    )
