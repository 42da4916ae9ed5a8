"""All record rules of a table in one scan: one state per rule, one row per row.

A rule sees the columns of its table, the last possible day of each date (`<date>_latest`), the rows it belongs to
(`patient.`, `tumour.`) and the declared day of the export (`as_of`).
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from validations.contracts.entities import ENTITIES, EVENT_ENTITIES
from validations.contracts.model import Kind
from validations.result import findings, rule_result, rule_results
from validations.rules.catalogue import record_rules
from validations.rules.contract import UNKNOWN_PATIENT, UNKNOWN_TUMOUR
from validations.rules.expressions import COMPUTED, on_computed
from validations.rules.model import Rule

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

#: What the scan says of a row for a rule: not concerned, a value is missing, conforms, does not conform.
NOT_APPLICABLE, UNKNOWN, PASSED, FAILED = range(4)


@dataclass(frozen=True, kw_only=True)
class Condition:
    """What is asked of each row: SQL that says whom it concerns, and SQL that says what is wrong."""

    rule_id: str
    field: str
    applies_when: str
    violated_when: str

    @property
    def state(self) -> str:
        """The SQL of one of the four states. Unknown whether it concerns the row: it does not."""
        return (
            f"CASE WHEN ({self.applies_when}) THEN CASE ({self.violated_when}) WHEN TRUE THEN {FAILED}"
            f" WHEN FALSE THEN {PASSED} ELSE {UNKNOWN} END ELSE {NOT_APPLICABLE} END::UTINYINT"
        )


@dataclass(frozen=True, kw_only=True)
class Scan:
    """The findings (row_id, rule_id, field) and the results (`rule_results`) of the rules of one entity."""

    findings: "pa.Table"
    results: "pa.Table"


def scan(
    entity: str,
    *,
    con: "duckdb.DuckDBPyConnection",
    as_of: Mapping[str, dt.date | None],
    mapped: Collection[str],
) -> Scan:
    """Ask the record rules of `val_<entity>`, and of each row whether its patient and tumour are there.

    A rule whose condition fails in the database ends as `error`; the others are asked all the same.
    """
    import pyarrow as pa

    conditions = [*_belonging(entity, mapped), *map(_condition, record_rules(entity))]
    days = pa.table(
        {"delivery_id": pa.array(as_of, pa.string()), "as_of": pa.array(as_of.values(), pa.date32())}
    )
    con.register("export_day", days)
    found, errors = _states(entity, conditions, con)
    asked = [condition for condition in conditions if condition.rule_id not in errors]
    rows = found.num_rows
    results = [rule_result(rule_id, entity, rows=rows, error=kind) for rule_id, kind in errors.items()]
    counted = [_counted(condition, entity, found) for condition in asked]
    broken = (condition for condition, counts in zip(asked, counted, strict=True) if counts["failed_count"])
    return Scan(findings=_broken(broken, found), results=rule_results([*results, *counted]))


def _condition(rule: Rule) -> Condition:
    return Condition(
        rule_id=rule.id,
        field=rule.fields[0],
        applies_when=on_computed(rule.applies_when),
        violated_when=on_computed(rule.violated_when),
    )


def _states(
    entity: str, conditions: list[Condition], con: "duckdb.DuckDBPyConnection"
) -> "tuple[pa.Table, dict[str, str]]":
    """The state of each row for each rule, and the kind of error of each rule that could not be asked."""
    import duckdb

    try:
        return con.execute(_query(entity, conditions)).to_arrow_table(), {}
    except duckdb.Error:  # one of them: find which, and go on without it
        errors = dict(_errors(entity, conditions, con))
        asked = [condition for condition in conditions if condition.rule_id not in errors]
        return con.execute(_query(entity, asked)).to_arrow_table(), errors


def _errors(
    entity: str, conditions: list[Condition], con: "duckdb.DuckDBPyConnection"
) -> Iterator[tuple[str, str]]:
    import duckdb

    for condition in conditions:
        try:
            con.execute(_query(entity, [condition])).fetchall()
        except duckdb.Error as problem:  # its message may hold a value
            yield condition.rule_id, type(problem).__name__


def _counted(condition: Condition, entity: str, states: "pa.Table") -> dict[str, str | int | None]:
    import numpy as np

    counts = np.bincount(states[condition.rule_id].to_numpy(), minlength=4)
    return rule_result(
        condition.rule_id,
        entity,
        rows=states.num_rows,
        not_applicable=int(counts[NOT_APPLICABLE]),
        unknown=int(counts[UNKNOWN]),
        failed=int(counts[FAILED]),
    )


def _broken(conditions: Iterable[Condition], states: "pa.Table") -> "pa.Table":
    """The findings of these rules: few of all that are asked, as most are broken by no row."""
    import pyarrow as pa
    import pyarrow.compute as pc

    parts = [findings()]
    for condition in conditions:  # a rule may be broken by a million rows: no Python object per finding
        row_ids = states["row_id"].filter(pc.equal(states[condition.rule_id], FAILED))
        said = (
            pa.repeat(pa.scalar(text, pa.string()), len(row_ids))
            for text in (condition.rule_id, condition.field)
        )
        parts.append(pa.table([row_ids, *said], schema=parts[0].schema))
    return pa.concat_tables(parts)


def _belonging(entity: str, mapped: Collection[str]) -> Iterator[Condition]:
    if entity != "patient_identity" and "patient_identity" in mapped:
        yield _is_absent(UNKNOWN_PATIENT, "local_patient_id", "patient")
    if entity in EVENT_ENTITIES and "tumour" in mapped:
        yield _is_absent(UNKNOWN_TUMOUR, "local_tumour_id", "tumour")


def _is_absent(rule_id: str, field: str, parent: str) -> Condition:
    return Condition(
        rule_id=rule_id, field=field, applies_when="TRUE", violated_when=f"{parent}.row_id IS NULL"
    )


def _query(entity: str, conditions: list[Condition]) -> str:
    states = [f'{condition.state} AS "{condition.rule_id}"' for condition in conditions]
    joins = [f"FROM ({with_latest(entity)}) AS this", "LEFT JOIN export_day USING (delivery_id)"]
    if entity != "patient_identity":
        joins.append(f"LEFT JOIN ({with_latest('patient_identity')}) AS patient USING (local_patient_id)")
    if entity in EVENT_ENTITIES:
        joins.append(
            f"LEFT JOIN ({with_latest('tumour')}) AS tumour USING (local_patient_id, local_tumour_id)"
        )
    return "\n".join(["SELECT", ",\n".join(["this.row_id", *states]), *joins, "ORDER BY this.row_id"])


def with_latest(entity: str) -> str:
    """A sub-query on `val_<entity>` that adds the last possible day of each date, and what is computed of a tumour."""
    dates = [field.name for field in ENTITIES[entity] if field.kind is Kind.DATE]
    latest = [
        f"CASE {name}_precision WHEN 'year' THEN make_date(year({name}), 12, 31)"
        f" WHEN 'month' THEN last_day({name}) ELSE {name} END AS {name}_latest"
        for name in dates
    ]
    computed = [f"{sql} AS {name}" for name, sql in COMPUTED.items()] if entity == "tumour" else []
    return f"SELECT {', '.join(['*', *latest, *computed])} FROM val_{entity}"  # noqa: S608 - names of the contract
