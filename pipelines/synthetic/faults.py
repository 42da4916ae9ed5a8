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
from pipelines.synthetic.calibration import Calibration
from pipelines.synthetic.draws import Booleans, Integers, share
from pipelines.synthetic.layout import bases, keys_of
from pipelines.synthetic.text import DAMAGE, LINE

Tables = dict[str, pa.Table]
Damage = Callable[[pd.DataFrame, str, np.random.Generator], dict[str, "pd.Series[str]"]]


class LineFault(IntEnum):
    """What happens to a line of a file."""

    NONE = 0
    DUPLICATE = 1
    RAGGED = 2
    MISSING_KEY = 3


class CodeDamage(IntEnum):
    """How a spreadsheet shows a morphology code that it took for a date."""

    NONE = 0
    FULL = 1  # 8858-03-01
    SHORT = 2  # mars-58


_LINE_KINDS = {
    "duplicate_line": LineFault.DUPLICATE,
    "ragged_line": LineFault.RAGGED,
    "missing_key": LineFault.MISSING_KEY,
}
_CODE_KINDS = {"damaged_code": CodeDamage.FULL, "ambiguous_code": CodeDamage.SHORT}
FAULT_SCHEMA = pa.schema(
    [("centre", pa.int64())]
    + [(name, pa.string()) for name in ("entity", "local_patient_id", "local_tumour_id", "field", "kind")]
)


def inject(cal: Calibration, tables: Tables, rng: np.random.Generator) -> tuple[Tables, pa.Table]:
    """The tables with their faults, and one row per fault. Every rule sees what the rules before it have done."""
    tables = dict(tables)
    logs = [FAULT_SCHEMA.empty_table()]
    for rule in cal.tables["faults"].itertuples(index=False):
        table = tables.get(rule.entity)
        if table is None or not table.num_rows:
            continue
        field = rule.field or ""
        rows = np.flatnonzero(_candidates(cal, table, rule.entity, field, rule.kind))
        rows = rows[share(len(rows), rule.percent, rng)]
        tables[rule.entity], rows = _strike(table, rows, field, rule.kind, rng)
        logs.append(_log(table, rows, rule.entity, field, rule.kind))
    return tables, pa.concat_tables(logs)


def _candidates(cal: Calibration, table: pa.Table, entity: str, field: str, kind: str) -> Booleans:
    centre = table["centre"].to_numpy()
    ok = np.array([_concerns(cal, number, entity, field, kind) for number in range(len(cal.centres))])[centre]
    if kind in _LINE_KINDS:
        return ok & (table[LINE].to_numpy() == LineFault.NONE)
    if kind in _CODE_KINDS:
        behaviour = pc.utf8_slice_codeunits(table["morphology"], 5, 6)
        is_month = pc.is_in(behaviour, pa.array(["1", "2", "3", "6", "9"])).to_numpy(zero_copy_only=False)
        return ok & is_month & (table[DAMAGE].to_numpy() == CodeDamage.NONE)
    return ok & table[field].is_valid().to_numpy() & damage.can_strike(kind, table, field)


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
    n = len(rows)
    empty = pa.nulls(n, pa.string())
    columns = {
        "centre": struck["centre"],
        "entity": pa.array([entity] * n, pa.string()),
        "local_patient_id": struck["local_patient_id"],
        "local_tumour_id": struck["local_tumour_id"] if len(keys_of(entity)) > 1 else empty,
        "field": pa.array([field or None] * n, pa.string()),
        "kind": pa.array([kind] * n, pa.string()),
    }
    return pa.table(columns, schema=FAULT_SCHEMA)
