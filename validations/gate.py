"""The gate between what a centre wrote and what the registry uses.

Pandera decides whether a row conforms to the contract; then the record rules of the table run in one DuckDB scan.
Pandera sees the columns of which Arrow cannot say that every value conforms: nearly always none or one.
Pandera's failure cases hold values: only their row and their check are read here, and nothing of them is logged.
"""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from validations.contracts.derive import arrow_schema, pandera_schema
from validations.contracts.model import Field, Table
from validations.contracts.tables import VALIDATED
from validations.result import GateResult, findings, rule_result, rule_results
from validations.rules.catalogue import CATALOGUE
from validations.rules.contract import MISSING_KEY, OUT_OF_BOUNDS, SECOND_RECORD, UNKNOWN_WORD
from validations.rules.model import Consequence, Kahn
from validations.scan import scan

if TYPE_CHECKING:
    import duckdb
    import pandera.pandas as pandera
    import pyarrow as pa

#: What makes two rows of an entity speak of the same thing; the other entities may repeat their keys.
RECORD_KEYS = {
    "patient_identity": ["local_patient_id"],
    "tumour": ["local_patient_id", "local_tumour_id"],
}
_RULE_OF_CHECK = {"low": OUT_OF_BOUNDS, "high": OUT_OF_BOUNDS, "code": UNKNOWN_WORD}


class ContractBroken(Exception):
    """The typed rows do not have the contract's shape: an error of ours, not of the centre."""


def check(
    entity: str,
    rows: "pa.Table",
    *,
    con: "duckdb.DuckDBPyConnection",
    held: "pa.Table",
    as_of: Mapping[str, dt.date | None],
    mapped: Collection[str],
) -> GateResult:
    """Split the typed rows of an entity. `held` are the findings of the typing, `as_of` the export date per delivery.

    `con` holds the entities checked before as `val_<entity>` (patients, tumours, then events) and gets this one.
    `mapped` are the entities this centre sends: a row without parent is set aside only where the parent is sent.
    """
    schema = arrow_schema(VALIDATED[entity])
    if not rows.num_rows:
        con.register(f"val_{entity}", schema.empty_table())
        return GateResult(
            kept=schema.empty_table(), quarantined={}, findings=findings(), results=rule_results()
        )
    found = _joined(held, _conformity(entity, rows))
    kept = _apply(rows, found)
    second = _second_records(entity, kept)
    kept = _apply(kept, second)
    con.register(f"val_{entity}", kept)
    scanned = scan(entity, con=con, as_of=as_of, mapped=mapped)
    broken = _unsaid(scanned.findings, found)
    kept = _apply(kept, broken).cast(schema)
    if broken.num_rows:
        con.register(f"val_{entity}", kept)
    found = _joined(found, second, broken)
    results = _as_unknown(scanned.results, scanned.findings, broken)
    return GateResult(kept=kept, quarantined=_first_rejections(found), findings=found, results=results)


@cache
def _schema(entity: str) -> "pandera.DataFrameSchema":
    return pandera_schema(VALIDATED[entity])


def _conformity(entity: str, rows: "pa.Table") -> "pa.Table":
    """What Pandera finds: an empty mandatory field, a value outside its list or bounds."""
    doubtful = _doubtful(VALIDATED[entity], rows)
    if not doubtful:  # Pandera is not even imported
        return findings()
    import pandas as pd
    from pandera.errors import SchemaErrors

    schema, asked = _schema(entity), rows
    if len(doubtful) < len(schema.columns):
        schema, asked = _narrowed(schema, doubtful), rows.select(doubtful)
    try:
        schema.validate(asked.to_pandas(types_mapper=pd.ArrowDtype), lazy=True)
    except SchemaErrors as problems:
        return findings(
            (rows["row_id"][place].as_py(), rule_id, column)
            for problem in problems.schema_errors
            for place, rule_id, column in _nonconformities(entity, problem)
        )
    return findings()


def _narrowed(schema: "pandera.DataFrameSchema", names: list[str]) -> "pandera.DataFrameSchema":
    import pandera.pandas as pandera

    columns = {name: schema.columns[name] for name in names}
    return pandera.DataFrameSchema(columns, name=schema.name, strict=True, ordered=True)


def _doubtful(table: Table, rows: "pa.Table") -> list[str]:
    """The columns that may not conform; every column when the shape or the key is not the contract's."""
    import pyarrow.compute as pc

    schema = arrow_schema(table)
    has_shape = rows.schema.names == schema.names and rows.schema.types == schema.types
    if not has_shape or len(table.key) != 1 or pc.count_distinct(rows[table.key[0]]).as_py() < rows.num_rows:
        return list(table.columns)
    mandatory = table.mandatory
    return [
        field.name
        for field in table.fields
        if not _conforms(field, rows[field.name], is_mandatory=field.name in mandatory)
    ]


def _conforms(field: Field, column: "pa.ChunkedArray", *, is_mandatory: bool) -> bool:
    """True when every value is surely in the list and the bounds of the field, and none is missing that may not be."""
    import pyarrow.compute as pc

    if is_mandatory and column.null_count:
        return False
    if field.codes and not set(pc.unique(column).to_pylist()) <= {*field.code_values, None}:
        return False
    if field.low is not None and pc.all(pc.greater_equal(column, field.low)).as_py() is False:
        return False
    return field.high is None or pc.all(pc.less_equal(column, field.high)).as_py() is not False


def _nonconformities(entity: str, problem: Any) -> Iterator[tuple[int, str, str]]:
    column, reason = problem.schema.name, problem.reason_code.name
    if reason == "SERIES_CONTAINS_NULLS" and column.startswith("local_"):
        rule_id = MISSING_KEY
    elif reason == "DATAFRAME_CHECK" and problem.check.name in _RULE_OF_CHECK:
        rule_id = _RULE_OF_CHECK[problem.check.name]
    else:
        raise ContractBroken(f"val_{entity}.{column}: {reason}") from None  # the cause holds values
    for place in problem.failure_cases["index"]:
        yield int(place), rule_id, column


def _second_records(entity: str, rows: "pa.Table") -> "pa.Table":
    keys = RECORD_KEYS.get(entity)
    if keys is None:
        return findings()
    is_second = rows.select(keys).to_pandas().duplicated().to_numpy()
    return findings(
        (row_id, SECOND_RECORD, keys[-1]) for row_id in rows.filter(is_second)["row_id"].to_pylist()
    )


def _unsaid(found: "pa.Table", earlier: "pa.Table") -> "pa.Table":
    """The findings without "this field is missing" where it is missing because it could not be read."""
    import pyarrow.compute as pc

    if not found.num_rows or not earlier.num_rows:
        return found
    is_missing = pc.is_in(found["rule_id"], value_set=_ids_of_missing())
    is_said = pc.is_in(_place(found), value_set=_place(earlier))
    return found.filter(pc.invert(pc.and_(is_missing, is_said)))


def _place(found: "pa.Table") -> "pa.ChunkedArray":
    """The row and the field of each finding, as one text."""
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(found["row_id"], found["field"], "\x1f")


@cache
def _ids_of_missing() -> "pa.Array":
    import pyarrow as pa

    return pa.array([rule.id for rule in CATALOGUE.values() if rule.kahn is Kahn.COMPLETENESS], pa.string())


def _as_unknown(results: "pa.Table", found: "pa.Table", said: "pa.Table") -> "pa.Table":
    """The results with what is found and not said, because it could not be read, among the rows that are not known."""
    if found.num_rows == said.num_rows:
        return results
    unsaid = Counter(found["rule_id"].to_pylist()) - Counter(said["rule_id"].to_pylist())
    return rule_results(
        rule_result(
            row["rule_id"],
            row["entity"],
            rows=row["row_count"],
            not_applicable=row["not_applicable_count"],
            unknown=row["unknown_count"] + unsaid[row["rule_id"]],
            failed=row["failed_count"] - unsaid[row["rule_id"]],
            error=row["error"] or "",
        )
        for row in results.to_pylist()
    )


def _apply(rows: "pa.Table", found: "pa.Table") -> "pa.Table":
    """The rows without those that are rejected, with the held fields missing."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not found.num_rows:
        return rows
    held = found.filter(_has_consequence(found, Consequence.HOLD))
    for field in sorted(set(held["field"].to_pylist())):
        is_held = pc.is_in(rows["row_id"], value_set=held.filter(pc.equal(held["field"], field))["row_id"])
        rows = _replace(rows, field, is_held, None)
        if f"{field}_precision" in rows.column_names:
            rows = _replace(rows, f"{field}_precision", is_held, "unknown")
    rejected = found.filter(_has_consequence(found, Consequence.REJECT))["row_id"]
    return rows.filter(pc.invert(pc.is_in(rows["row_id"], value_set=rejected.cast(pa.string()))))


def _replace(rows: "pa.Table", name: str, where: "pa.ChunkedArray", value: str | None) -> "pa.Table":
    import pyarrow as pa
    import pyarrow.compute as pc

    place = rows.column_names.index(name)
    field = rows.schema.field(place)
    changed = pc.if_else(where, pa.scalar(value, field.type), rows.column(place))
    return rows.set_column(place, field, changed)


def _has_consequence(found: "pa.Table", consequence: Consequence) -> "pa.ChunkedArray":
    import pyarrow.compute as pc

    return pc.is_in(found["rule_id"], value_set=_ids_of(consequence))


@cache
def _ids_of(consequence: Consequence) -> "pa.Array":
    import pyarrow as pa

    return pa.array([rule.id for rule in CATALOGUE.values() if rule.consequence is consequence])


def _first_rejections(found: "pa.Table") -> dict[str, str]:
    rejected = found.filter(_has_consequence(found, Consequence.REJECT))
    pairs = zip(rejected["row_id"].to_pylist(), rejected["rule_id"].to_pylist(), strict=True)
    return dict(reversed(list(pairs)))


def _joined(*parts: "pa.Table") -> "pa.Table":
    import pyarrow as pa

    return pa.concat_tables(parts)
