"""Rows set aside, whole, with the rule that set them aside. They hold identities: integration zone only."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipelines.stage.findings import SOURCE
from pipelines.stage.sheets import Sheet, provenance
from validations.contracts.derive import arrow_schema
from validations.contracts.tables import TABLES
from validations.rules.contract import RAGGED_ROW

if TYPE_CHECKING:
    import pyarrow as pa


def quarantine_schema() -> "pa.Schema":
    """Provenance, table, rule, and the whole row as JSON text (`{"raw": …}` for a line that could not become a row)."""
    import pyarrow as pa

    finding = arrow_schema(TABLES["fct_finding"])
    texts = [pa.field(name, pa.string(), nullable=False) for name in ("table_name", "rule_id", "payload")]
    return pa.schema([*(finding.field(name) for name in SOURCE), *texts])


def set_aside(rows: "pa.Table", rules: Mapping[str, str], *, entity: str) -> "pa.Table":
    """The staged rows named by `rules` (row_id → rule_id), in reading order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = rows.filter(pc.is_in(rows.column("row_id"), value_set=pa.array(rules, pa.string())))
    values = found.drop_columns(list(SOURCE)).to_pylist()
    columns = {name: found.column(name) for name in SOURCE} | {
        "table_name": pa.repeat(f"stg_{entity}", found.num_rows),
        "rule_id": pa.array([rules[row] for row in found.column("row_id").to_pylist()], pa.string()),
        "payload": pa.array([json.dumps(row, ensure_ascii=False) for row in values], pa.string()),
    }
    schema = quarantine_schema()
    return pa.table([columns[name] for name in schema.names], schema=schema)


def ragged_lines(sheets: list[Sheet], entity: str) -> "pa.Table":
    """The lines that could not become rows, once for each table map of that entity, as they were sent."""
    import pyarrow as pa

    found = [
        provenance(origin, ragged.line)
        | {"table_name": f"stg_{entity}", "rule_id": RAGGED_ROW}
        | {"payload": json.dumps({"raw": ragged.text}, ensure_ascii=False)}
        for sheet in sheets
        for table, origin in sheet.tables()
        if table.entity == entity
        for ragged in sheet.source.ragged
    ]
    return pa.Table.from_pylist(found, schema=quarantine_schema())
