"""Faults at stated rates: what really happens to names, dates, codes and lines. Each one is written to the truth.

`config/synthetic/faults.csv` says which kind strikes which field how often; a kind is a function from the chosen rows
to their new values.
"""

from collections.abc import Callable
from enum import IntEnum

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.synthetic import damage
from pipelines.synthetic.calibration import CURRENT_EDITION, Calibration
from pipelines.synthetic.draws import Booleans, Integers, share
from pipelines.synthetic.layout import bases, keys_of
from pipelines.synthetic.text import DAMAGE, LINE, CodeDamage, LineFault

Tables = dict[str, pa.Table]
Damage = Callable[[pd.DataFrame, str, np.random.Generator], dict[str, "pd.Series[str]"]]


_LINE_KINDS = {
    "duplicate_line": LineFault.DUPLICATE,
    "ragged_line": LineFault.RAGGED,
    "missing_key": LineFault.MISSING_KEY,
}
_CODE_KINDS = {"damaged_code": CodeDamage.FULL, "ambiguous_code": CodeDamage.SHORT}
_RULE = ("kind", "entity", "field", "percent")
FAULT_SCHEMA = pa.schema(
    [("centre", pa.int64())]
    + [(name, pa.string()) for name in ("entity", "local_patient_id", "local_tumour_id", "field", "kind")]
    + [("row", pa.int64())]  # its rank among the rows of the entity in the centre
)


def inject(cal: Calibration, tables: Tables, rng: np.random.Generator) -> tuple[Tables, pa.Table]:
    """The tables with their faults, and one row per fault. Every rule sees what the rules before it have done."""
    tables = dict(tables)
    logs = [FAULT_SCHEMA.empty_table()]
    rules = cal.tables["faults"]
    for kind, entity, field, percent in zip(*(rules[name] for name in _RULE), strict=True):
        table = tables.get(entity)
        if table is None or not table.num_rows:
            continue
        rows = np.flatnonzero(_candidates(cal, table, entity, field or "", kind))
        rows = rows[share(len(rows), percent, rng)]
        tables[entity], rows = _strike(table, rows, field or "", kind, rng)
        logs.append(_log(table, rows, entity, field or "", kind))
    return tables, pa.concat_tables(logs)


def _candidates(cal: Calibration, table: pa.Table, entity: str, field: str, kind: str) -> Booleans:
    centre = table["centre"].to_numpy()
    ok = np.array([_concerns(cal, number, entity, field, kind) for number in range(len(cal.centres))])[centre]
    if kind in _CODE_KINDS:
        behaviour = pc.utf8_slice_codeunits(table["morphology"], 5, 6)
        is_month = pc.is_in(behaviour, pa.array(["1", "2", "3", "6", "9"])).to_numpy(zero_copy_only=False)
        is_written = _has_code(cal, table, centre)
        return np.asarray(
            ok & is_month & is_written & (table[DAMAGE].to_numpy() == CodeDamage.NONE), np.bool_
        )
    if kind in _LINE_KINDS:
        return np.asarray(ok & (table[LINE].to_numpy() == LineFault.NONE), np.bool_)
    return np.asarray(
        ok & table[field].is_valid().to_numpy() & damage.can_strike(kind, table, field), np.bool_
    )


def _has_code(cal: Calibration, table: pa.Table, centre: Integers) -> Booleans:
    """Where the centre writes a code: an older edition has none for some diagnoses."""
    has_old = pc.is_in(table["morphology"], pa.array(list(cal.older_codes), pa.string()))
    writes_old = np.array([cal.edition(number) != CURRENT_EDITION for number in range(len(cal.centres))])
    return np.asarray(has_old.to_numpy(zero_copy_only=False) | ~writes_old[centre], np.bool_)


def _concerns(cal: Calibration, number: int, entity: str, field: str, kind: str) -> bool:
    """True when the fault can show in this centre's files."""
    centre = cal.centres[number]
    if kind in _LINE_KINDS:
        is_line = entity in bases(centre)
        return is_line and (kind != "ragged_line" or centre.export.format == "csv")
    return field in cal.fields(number, entity)


def _strike(
    table: pa.Table, rows: Integers, field: str, kind: str, rng: np.random.Generator
) -> tuple[pa.Table, Integers]:
    """The table with new values in the chosen rows, and the rows that did change."""
    if kind in _LINE_KINDS:
        return _marked(table, LINE, rows, _LINE_KINDS[kind]), rows
    if kind in _CODE_KINDS:
        return _marked(table, DAMAGE, rows, _CODE_KINDS[kind]), rows
    if not len(rows):
        return table, rows
    old = table.take(pa.array(rows)).to_pandas(types_mapper=lambda _: pd.StringDtype("pyarrow"))
    new = damage.KINDS[kind](old, field, rng)
    changed = ~(new[field].eq(old[field]).fillna(False).to_numpy(np.bool_))
    for column, values in new.items():
        table = _replaced(table, column, rows[changed], values[changed])
    return table, rows[changed]


def _marked(table: pa.Table, column: str, rows: Integers, mark: IntEnum) -> pa.Table:
    values = table[column].to_numpy().copy()
    values[rows] = mark
    return table.set_column(table.column_names.index(column), column, pa.array(values))


def _replaced(table: pa.Table, column: str, rows: Integers, values: "pd.Series[str]") -> pa.Table:
    mask = np.zeros(table.num_rows, np.bool_)
    mask[rows] = True
    replacements = pa.array(values.to_numpy(object), pa.string(), from_pandas=True)
    found = pc.replace_with_mask(table[column].combine_chunks(), pa.array(mask), replacements)
    return table.set_column(table.column_names.index(column), column, found)


def _log(table: pa.Table, rows: Integers, entity: str, field: str, kind: str) -> pa.Table:
    struck = table.take(pa.array(rows))
    centre = table["centre"].to_numpy()
    n = len(rows)
    empty = pa.nulls(n, pa.string())
    columns = {
        "centre": struck["centre"],
        "entity": pa.array([entity] * n, pa.string()),
        "local_patient_id": struck["local_patient_id"],
        "local_tumour_id": struck["local_tumour_id"] if len(keys_of(entity)) > 1 else empty,
        "field": pa.array([field or None] * n, pa.string()),
        "kind": pa.array([kind] * n, pa.string()),
        "row": pa.array(rows - np.searchsorted(centre, centre[rows]), pa.int64()),
    }
    return pa.table(columns, schema=FAULT_SCHEMA)
