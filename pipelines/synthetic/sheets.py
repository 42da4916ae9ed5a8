"""The sheets of a centre's files: rows of one entity, or one line per tumour with its acts beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.config import SheetMap, TableMap
from pipelines.synthetic.draws import Booleans, Integers
from pipelines.synthetic.faults import Tables
from pipelines.synthetic.layout import base_of, keys_of
from pipelines.synthetic.text import LINE, LineFault
from pipelines.synthetic.words import Writer, cells
from validations.contracts.entities import ENTITIES


@dataclass(frozen=True)
class Sheet:
    """What goes into one sheet or text file: a header, and columns as text (files) or as cells (workbooks)."""

    name: str | None
    preamble: list[str]
    header: list[str]
    columns: list[Any]
    ragged: Integers  # the rows whose line has one cell too many
    positions: Sequence[tuple[str, Integers]] = ()  # map by map: the entity, its row in each line

    @property
    def height(self) -> int:
        """The number of rows below the header."""
        return len(self.columns[0]) if self.columns else 0


def build_sheet(writer: Writer, sheet: SheetMap, tables: Tables) -> Sheet:
    """One sheet of a centre, from the canonical tables of that centre."""
    base = base_of(sheet)
    rows = tables.get(base)
    if rows is None:  # this part of the network has nothing of the kind: a sheet with its header alone
        rows = next(iter(tables.values())).slice(0, 0)
    line = rows[LINE].to_numpy()
    repeated = np.repeat(np.arange(rows.num_rows), 1 + (line == LineFault.DUPLICATE))
    ranks: dict[str, int] = {}
    columns: dict[str, Any] = {}
    positions: list[tuple[str, Integers]] = []
    for map_ in sheet.tables:
        rank = ranks.get(map_.entity, 0)
        ranks[map_.entity] = rank + 1
        position = _position(rows, base, tables.get(map_.entity), map_.entity, rank)[repeated]
        positions.append((map_.entity, position))
        keyless = _keyless(base, line, repeated)
        columns |= _columns(writer, map_, tables.get(map_.entity), position, keyless, known=set(columns))
    return Sheet(
        name=sheet.sheet,
        preamble=_preamble(writer, sheet.header_line),
        header=list(columns),
        columns=list(columns.values()),
        ragged=np.flatnonzero(line[repeated] == LineFault.RAGGED),
        positions=positions,
    )


def _keyless(
    base: str, line: "np.ndarray[tuple[int], np.dtype[np.int8]]", repeated: Integers
) -> tuple[str, Booleans]:
    """The key column that is blank in some lines, and these lines."""
    return keys_of(base)[-1], line[repeated] == LineFault.MISSING_KEY


def _position(rows: pa.Table, base: str, table: pa.Table | None, entity: str, rank: int) -> Integers:
    """For each line, the row of `entity` that stands in it; -1 when there is none."""
    if table is None:
        return np.full(rows.num_rows, -1)
    if entity == base:
        return np.arange(rows.num_rows)
    keys = keys_of(entity)
    own = _key(table, keys)
    order = own.groupby(own).cumcount().to_numpy()
    chosen = np.flatnonzero(order == rank)
    found = pd.Index(own.iloc[chosen]).get_indexer(pd.Index(_key(rows, keys)))
    return np.where(found < 0, -1, np.append(chosen, -1)[found])


def _key(table: pa.Table, keys: tuple[str, ...]) -> "pd.Series[str]":
    columns = [table[key].combine_chunks() for key in keys]
    joined = columns[0] if len(columns) == 1 else pc.binary_join_element_wise(*columns, "|")
    return pd.Series(joined.to_numpy(zero_copy_only=False))


def _columns(
    writer: Writer, map_: TableMap, table: pa.Table | None, position: Integers, keyless: tuple[str, Booleans],
    known: set[str],
) -> dict[str, Any]:  # fmt: skip
    """The columns of one map, in the centre's words; a column that another map wrote is not written twice."""
    declared = {field.name: field for field in ENTITIES[map_.entity]}
    indices = pa.array(position, mask=position < 0)
    found = {}
    for field, header in map_.columns.items():
        if header in known:
            continue
        if table is None:
            found[header] = _blank(writer, len(position))
            continue
        text = writer.column(table, map_.entity, field, map_).take(indices)
        if field == keyless[0]:
            text = pc.if_else(pa.array(keyless[1]), pa.scalar(None, pa.string()), text)
        text = pc.fill_null(text, _missing_word(writer)) if _missing_word(writer) else text
        source = table[field].take(indices) if field in table.column_names else text
        found[header] = cells(text, source, declared[field], writer.export) if writer.is_workbook else text
    return found


def _missing_word(writer: Writer) -> str | None:
    return writer.export.missing[0] or None


def _blank(writer: Writer, n: int) -> Any:
    return [None] * n if writer.is_workbook else pa.nulls(n, pa.string())


def _preamble(writer: Writer, header_line: int) -> list[str]:
    """The lines above the header: a title, the source, notes."""
    lines = [
        f"Export du registre - {writer.centre.name}",
        "Données synthétiques : aucune personne réelle",
        "Ne pas modifier les colonnes",
        "",
    ]
    return lines[: header_line - 1]
