"""Parquet files: their one table as text, written as the cells of a workbook are.

A whole number has no ".0", a date is ISO text without a midnight, a boolean is 1 or 0, an absent value is "".
"""

import io
import json
from typing import TYPE_CHECKING, Any

from pipelines.errors import FileRefused, RefusalCode
from pipelines.io.reading.found import Decision, FoundFile, FoundTable
from pipelines.io.reading.limits import Limits
from pipelines.io.workbooks import text_of
from pipelines.refusals import refused

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq


def find_parquet_table(content: bytes, *, name: str, limits: Limits) -> FoundFile:
    """The table of a Parquet file; `lines` are its row numbers from 1. FileRefused when it is damaged or too large."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(content))
        _check_size(file.metadata, name=name, limits=limits)
        table = file.read(use_threads=False)
    except (pa.ArrowException, OSError):
        raise _damaged(name) from None
    columns = [_texts(column) for column in table.columns]
    records = list(zip(*columns, strict=True))
    header = Decision(
        what="header", value="schema", confidence=1.0, evidence="the names are part of the format"
    )
    found = FoundTable(
        name=None,
        header=table.column_names,
        records=records,
        lines=range(1, len(records) + 1),
        decisions=(header,),
    )
    return FoundFile(decisions=(), tables=(found,))


def _damaged(name: str) -> FileRefused:
    found = {"found_fr": "un fichier Parquet endommagé", "found_en": "a damaged Parquet file"}
    return refused(RefusalCode.UNKNOWN_KIND, name, **found)


def _check_size(metadata: "pq.FileMetaData", *, name: str, limits: Limits) -> None:
    if metadata.num_rows * metadata.num_columns > limits.cells:
        why = {"why_fr": f"plus de {limits.cells} cellules", "why_en": f"over {limits.cells} cells"}
        raise refused(RefusalCode.OVER_LIMIT, name, **why)
    total = sum(metadata.row_group(i).total_byte_size for i in range(metadata.num_row_groups))
    if total > limits.total_bytes:
        n = limits.total_bytes >> 20
        raise refused(RefusalCode.BOMB, name, why_fr=f"plus de {n} Mio", why_en=f"over {n} MiB")


def _texts(column: "pa.ChunkedArray") -> list[str]:
    import pyarrow as pa

    if (
        pa.types.is_integer(column.type)
        or pa.types.is_string(column.type)
        or pa.types.is_large_string(column.type)
    ):
        return list(column.cast(pa.large_string()).fill_null("").to_pylist())
    return [_text(value) for value in column.to_pylist()]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict | list | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    if getattr(value, "nanosecond", 0):  # a time finer than Python's own
        return str(value.isoformat(" "))
    return text_of(value)
