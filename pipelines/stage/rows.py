"""From a sheet to the rows of one entity: canonical names, trimmed text, missing words emptied, provenance.

The values stay the centre's own text; what they mean is decided when they are typed.
"""

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.account import EXACT_REPEAT
from pipelines.config import TableMap
from pipelines.delivery import Delivery
from pipelines.io.exports import SourceTable
from pipelines.stage.fates import fates
from validations.contracts.derive import arrow_schema
from validations.contracts.entities import ENTITIES
from validations.contracts.tables import STAGED

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where rows come from: the delivery, its sheet and the rank of the table map in the centre's file."""

    delivery: Delivery
    sheet: str | None
    rank: int

    def row_id(self, line: int) -> str:
        """The id of the row at that line: the same for the same bytes."""
        return f"{self.delivery.delivery_id}:{self.rank}:{line}"


@dataclass(frozen=True, kw_only=True)
class EntityRows:
    """The rows of one entity in one sheet, as `stg_` columns: those that state something about it, and the others."""

    rows: "pa.Table"
    unstated: "pa.Table"


def clean_columns(source: SourceTable, *, missing: Iterable[str]) -> "dict[str, pa.Array]":
    """The columns of a sheet, trimmed, with blank cells and the centre's words for missing emptied."""
    import pyarrow as pa
    import pyarrow.compute as pc

    words = pa.array(sorted({"", *(word.strip().lower() for word in missing)}))
    cleaned = {}
    for header in source.frame.columns:
        text = pc.utf8_trim_whitespace(pa.array(source.frame[header]).cast(pa.string()))
        is_missing = pc.is_in(pc.utf8_lower(text), value_set=words)
        cleaned[header] = pc.if_else(is_missing, pa.scalar(None, pa.string()), text)
    return cleaned


def entity_rows(
    columns: "dict[str, pa.Array]",
    table: TableMap,
    *,
    origin: Origin,
    lines: "NDArray[np.int64]",
    is_shared: bool,
) -> EntityRows:
    """The rows of one entity. In a sheet shared by several entities, only rows that state something about it count."""
    import pyarrow as pa
    import pyarrow.compute as pc

    schema = arrow_schema(STAGED[table.entity])
    data = _provenance(origin, pa.array(lines, pa.int64())) | {
        field.name: _field(field.name, table, columns, len(lines)) for field in ENTITIES[table.entity]
    }
    rows = pa.table([data[name] for name in schema.names], schema=_nullable(schema))
    stated = _stated(table, columns) if is_shared else None
    if stated is None:
        return EntityRows(rows=rows, unstated=rows.slice(0, 0))
    return EntityRows(rows=rows.filter(stated), unstated=rows.filter(pc.invert(stated)))


def _nullable(schema: "pa.Schema") -> "pa.Schema":
    """Staged rows may lack a key: the gate says so, with a rule."""
    import pyarrow as pa

    return pa.schema([field.with_nullable(True) for field in schema])


def _provenance(origin: Origin, lines: "pa.Array") -> "dict[str, pa.Array]":
    import pyarrow as pa
    import pyarrow.compute as pc

    def always(text: str | None) -> "pa.Array":
        return pa.repeat(pa.scalar(text, pa.string()), len(lines))

    delivery = origin.delivery
    prefix = pa.scalar(f"{delivery.delivery_id}:{origin.rank}:")
    return {
        "row_id": pc.binary_join_element_wise(prefix, lines.cast(pa.string()), ""),
        "centre_id": always(delivery.centre_id),
        "delivery_id": always(delivery.delivery_id),
        "file": always(delivery.file_name),
        "sheet": always(origin.sheet),
        "line": lines,
    }


def _field(name: str, table: TableMap, columns: "dict[str, pa.Array]", n_rows: int) -> "pa.Array":
    import pyarrow as pa

    if name in table.columns and table.columns[name] in columns:
        return columns[table.columns[name]]
    return pa.repeat(pa.scalar(table.constants.get(name), pa.string()), n_rows)


def _stated(table: TableMap, columns: "dict[str, pa.Array]") -> "pa.Array | None":
    """Where a mapped column other than the keys is filled; None when the map has no such column."""
    import pyarrow.compute as pc

    present = [columns[table.columns[name]] for name in table.presence if table.columns[name] in columns]
    if not present:
        return None
    return functools.reduce(pc.or_, (pc.is_valid(column) for column in present))


def exact_repeats(rows: "pa.Table", entity: str) -> "pa.Table":
    """The fates of the rows whose fields are all those of an earlier row, in reading order: merged into the first."""
    import pandas as pd
    import pyarrow as pa

    names = [field.name for field in ENTITIES[entity]]
    filled = [name for name in names if rows[name].null_count < rows.num_rows]
    fields = rows.select(filled or names[:1])
    is_candidate = _may_repeat(fields)
    ids = rows.select(["row_id", "delivery_id"]).filter(is_candidate)
    if not ids.num_rows:
        return fates(ids, "merged", EXACT_REPEAT)
    frame = fields.filter(is_candidate).to_pandas()  # joined texts may collide: compare in full
    group = frame.groupby(list(frame.columns), dropna=False, sort=False).ngroup()
    is_repeat = group.duplicated()
    first = pd.Series(frame.index[~is_repeat], index=group[~is_repeat]).loc[group[is_repeat]]
    into = ids.take(pa.array(first.to_numpy()))
    return fates(
        ids.filter(pa.array(is_repeat.to_numpy())),
        "merged",
        EXACT_REPEAT,
        into_row_id=into["row_id"],
        into_delivery_id=into["delivery_id"],
    )


def _may_repeat(fields: "pa.Table") -> "pa.Array":
    """Where the joined texts of a row are those of another row."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    joined = pc.binary_join_element_wise(
        *fields.columns, "\x1f", null_handling="replace", null_replacement="\x00"
    )
    places = joined.combine_chunks().dictionary_encode().indices.to_numpy()
    return pa.array(np.bincount(places)[places] > 1, pa.bool_())
