"""All record rules of a table in one scan: one boolean per rule, one row per row.

A rule sees the columns of its table, the last possible day of each date (`<date>_latest`), the rows it belongs to
(`patient.`, `tumour.`) and the declared day of the export (`as_of`).
"""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from validations.contracts.entities import ENTITIES, EVENT_ENTITIES
from validations.contracts.model import Kind
from validations.result import findings
from validations.rules.catalogue import record_rules
from validations.rules.contract import UNKNOWN_PATIENT, UNKNOWN_TUMOUR

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

#: (rule id, field) → the condition, in SQL.
Conditions = dict[tuple[str, str], str]


def violations(
    entity: str,
    *,
    con: "duckdb.DuckDBPyConnection",
    as_of: Mapping[str, dt.date | None],
    mapped: Collection[str],
) -> "pa.Table":
    """The findings of the record rules on `val_<entity>`, and of the rows whose patient or tumour is not there."""
    import pyarrow as pa

    conditions = dict(_belonging(entity, mapped)) | {
        (rule.id, rule.fields[0]): f"({rule.applies_when}) AND ({rule.violated_when})"
        for rule in record_rules(entity)
    }
    if not conditions:
        return findings()
    days = pa.table(
        {"delivery_id": pa.array(as_of, pa.string()), "as_of": pa.array(as_of.values(), pa.date32())}
    )
    con.register("export_day", days)
    masks = con.execute(_query(entity, conditions)).to_arrow_table()
    return findings(
        (row_id, rule_id, field)
        for rule_id, field in conditions
        for row_id in masks["row_id"].filter(masks[rule_id]).to_pylist()
    )


def _belonging(entity: str, mapped: Collection[str]) -> Iterator[tuple[tuple[str, str], str]]:
    if entity != "patient_identity" and "patient_identity" in mapped:
        yield (UNKNOWN_PATIENT, "local_patient_id"), "patient.row_id IS NULL"
    if entity in EVENT_ENTITIES and "tumour" in mapped:
        yield (UNKNOWN_TUMOUR, "local_tumour_id"), "tumour.row_id IS NULL"


def _query(entity: str, conditions: Conditions) -> str:
    masks = [f'COALESCE({sql}, FALSE) AS "{rule_id}"' for (rule_id, _), sql in conditions.items()]
    joins = [f"FROM ({with_latest(entity)}) AS this", "LEFT JOIN export_day USING (delivery_id)"]
    if entity != "patient_identity":
        joins.append(f"LEFT JOIN ({with_latest('patient_identity')}) AS patient USING (local_patient_id)")
    if entity in EVENT_ENTITIES:
        joins.append(
            f"LEFT JOIN ({with_latest('tumour')}) AS tumour USING (local_patient_id, local_tumour_id)"
        )
    return "\n".join(["SELECT this.row_id,", ",\n".join(masks), *joins, "ORDER BY this.row_id"])


def with_latest(entity: str) -> str:
    """A sub-query on `val_<entity>` that adds the last possible day of each date."""
    dates = [field.name for field in ENTITIES[entity] if field.kind is Kind.DATE]
    latest = [
        f"CASE {name}_precision WHEN 'year' THEN make_date(year({name}), 12, 31)"
        f" WHEN 'month' THEN last_day({name}) ELSE {name} END AS {name}_latest"
        for name in dates
    ]
    return f"SELECT {', '.join(['*', *latest])} FROM val_{entity}"  # noqa: S608 - names of the contract
