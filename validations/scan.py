"""All record rules of a table in one scan: one boolean per rule, one row per row.

A rule sees the columns of its table, the last possible day of each date (`<date>_latest`), the rows it belongs to
(`patient.`, `tumour.`) and the declared day of the export (`as_of`).
"""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from validations.contracts.entities import ENTITIES, EVENT_ENTITIES
from validations.contracts.model import Kind
from validations.result import FINDING_COLUMNS
from validations.rules.catalogue import record_rules

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


def violations(
    entity: str, *, con: "duckdb.DuckDBPyConnection", as_of: Mapping[str, dt.date | None]
) -> "pd.DataFrame":
    """The findings (row_id, rule_id, field) of the record rules on `val_<entity>`, by rule then row."""
    import pandas as pd
    import pyarrow as pa

    found = [pd.DataFrame(columns=list(FINDING_COLUMNS), dtype="string[pyarrow]")]
    rules = record_rules(entity)
    if not rules:
        return found[0]
    days = {"delivery_id": list(as_of), "as_of": pa.array(as_of.values(), pa.date32())}
    con.register("export_day", pa.table(days, pa.schema({"delivery_id": pa.string(), "as_of": pa.date32()})))
    masks = con.execute(_query(entity)).to_arrow_table()
    for rule in rules:
        rows = masks.column("row_id").filter(masks.column(rule.id)).to_pylist()
        found.append(pd.DataFrame({"row_id": rows}).assign(rule_id=rule.id, field=rule.fields[0]))
    return pd.concat(found, ignore_index=True).astype("string[pyarrow]")


def _query(entity: str) -> str:
    masks = [
        f'COALESCE(({rule.applies_when}) AND ({rule.violated_when}), FALSE) AS "{rule.id}"'
        for rule in record_rules(entity)
    ]
    joins = [f"FROM ({_with_latest(entity)}) AS this", "LEFT JOIN export_day USING (delivery_id)"]
    if entity != "patient_identity":
        joins.append(f"LEFT JOIN ({_with_latest('patient_identity')}) AS patient USING (local_patient_id)")
    if entity in EVENT_ENTITIES:
        joins.append(
            f"LEFT JOIN ({_with_latest('tumour')}) AS tumour USING (local_patient_id, local_tumour_id)"
        )
    return "\n".join(["SELECT this.row_id,", ",\n".join(masks), *joins, "ORDER BY this.row_id"])


def _with_latest(entity: str) -> str:
    """A sub-query on `val_<entity>` that adds the last possible day of each date."""
    dates = [field.name for field in ENTITIES[entity] if field.kind is Kind.DATE]
    latest = [
        f"CASE {name}_precision WHEN 'year' THEN make_date(year({name}), 12, 31)"
        f" WHEN 'month' THEN last_day({name}) ELSE {name} END AS {name}_latest"
        for name in dates
    ]
    return f"SELECT {', '.join(['*', *latest])} FROM val_{entity}"  # noqa: S608 - names of the contract
