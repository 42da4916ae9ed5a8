"""Reading what a centre sent: one sheet or text file as text columns, each row with its physical line.

Every file is read in a child process (`pipelines.io.contained`), whoever sent it; here its answer becomes tables.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.config import Export, SheetMap
from pipelines.errors import FileRefused, Refusal, RefusalCode
from pipelines.io.contained import allowance, run_contained
from pipelines.io.declared import LINE, DeclaredFile, read_declared, read_each
from pipelines.io.delimited import Ragged
from pipelines.io.reading.limits import Limits
from pipelines.refusals import refused

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    from numpy.typing import NDArray

__all__ = ["DeclaredFile", "SourceTable", "read_files", "read_table", "read_tables"]

#: What every reading needs, imported once for all children.
_PRELOAD = (
    "pipelines.io.declared",
    "pyarrow",
    "pyarrow.compute",
    "pyarrow.csv",
    "numpy.ma",
    "encodings.utf_8_sig",
)
#: Files that are no larger than this together are read in one child: starting one takes longer than reading them.
_TOGETHER = 16 << 20
#: They take a second or two; the one that does not end is found out soon.
_SECONDS_TOGETHER = 10


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
    limits, file = limits or Limits(), DeclaredFile(path=path.resolve(), name=name, sheets=tuple(sheets))
    _check_size(file, limits)
    size = path.stat().st_size
    answer = run_contained(
        read_declared, file.path, export, file.sheets, name, limits,
        limits=allowance(size), name=name, preload=_PRELOAD,
    )  # fmt: skip
    return _source_tables(file, answer.facts, iter(answer.tables))


def read_files(files: Sequence[DeclaredFile], *, export: Export) -> Iterator[list[SourceTable] | Refusal]:
    """The sheets of each file of one centre, in order, or why it is refused.

    Small files share a child. When it dies, or refuses one of them, that file is read again alone: it alone pays.
    """
    for group in _groups(files):
        found = _read_together(group, export) if len(group) > 1 else [None]
        for file, tables in zip(group, found, strict=True):
            yield tables if tables is not None else _read_alone(file, export)


def _groups(files: Sequence[DeclaredFile]) -> Iterator[list[DeclaredFile]]:
    """Files in order, together as long as they are small together."""
    group: list[DeclaredFile] = []
    total = 0
    for file in files:
        size = file.path.stat().st_size
        if group and total + size > _TOGETHER:
            yield group
            group, total = [], 0
        group.append(file)
        total += size
    if group:
        yield group


def _read_together(files: list[DeclaredFile], export: Export) -> list[list[SourceTable] | None]:
    """The sheets of each file; None for those to be read alone."""
    files = [replace(file, path=file.path.resolve()) for file in files]
    try:
        limits = replace(allowance(_TOGETHER), seconds=_SECONDS_TOGETHER)
        answer = run_contained(read_each, files, export, Limits(), limits=limits, name="", preload=_PRELOAD)
    except FileRefused:
        return [None] * len(files)
    tables = iter(answer.tables)
    return [
        None if facts is None else _source_tables(file, facts, tables)
        for file, facts in zip(files, answer.facts, strict=True)
    ]


def _read_alone(file: DeclaredFile, export: Export) -> list[SourceTable] | Refusal:
    try:
        return read_tables(file.path, export=export, sheets=file.sheets, name=file.name)
    except FileRefused as problem:
        return problem.refusal


def _check_size(file: DeclaredFile, limits: Limits) -> None:
    size = file.path.stat().st_size
    if not size:
        raise refused(RefusalCode.EMPTY_FILE, file.name)
    if size > limits.total_bytes:
        n = limits.total_bytes >> 20
        raise refused(RefusalCode.OVER_LIMIT, file.name, why_fr=f"plus de {n} Mio", why_en=f"over {n} MiB")


def _source_tables(
    file: DeclaredFile, facts: Iterable[dict[str, Any]], tables: "Iterator[pa.Table]"
) -> list[SourceTable]:
    """The sheets of one file, each from its facts and the next two tables."""
    return [
        _source_table(said, next(tables), next(tables), sheet)
        for sheet, said in zip(file.sheets, facts, strict=True)
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
