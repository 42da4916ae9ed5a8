"""The gate between what a centre wrote and what the registry uses.

Pandera decides whether a row conforms to the contract; then the record rules of the table run in one DuckDB scan.
Pandera's failure cases hold values: only their row and their check are read here, and nothing of them is logged.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from validations.contracts.derive import arrow_schema, pandera_schema
from validations.contracts.entities import EVENT_ENTITIES
from validations.contracts.tables import VALIDATED
from validations.result import FINDING_COLUMNS, GateResult
from validations.rules.catalogue import CATALOGUE
from validations.rules.contract import (
    MISSING_KEY,
    OUT_OF_BOUNDS,
    SECOND_RECORD,
    UNKNOWN_PATIENT,
    UNKNOWN_TUMOUR,
    UNKNOWN_WORD,
)
from validations.rules.model import Consequence, Kahn
from validations.scan import violations

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
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
    frame: "pd.DataFrame",
    *,
    con: "duckdb.DuckDBPyConnection",
    held: "pd.DataFrame",
    as_of: Mapping[str, dt.date | None],
    mapped: Collection[str],
) -> GateResult:
    """Split the typed rows of an entity. `held` are the findings of the typing, `as_of` the export date per delivery.

    `con` holds the entities checked before as `val_<entity>` (patients, tumours, then events) and gets this one.
    `mapped` are the entities this centre sends: a row without parent is set aside only where the parent is sent.
    """
    found = [held, _conformity(entity, frame)]
    kept = _apply(frame, _concat(found))
    found.append(_second_records(entity, kept))
    kept = _apply(kept, found[-1])
    con.register(f"val_{entity}", _arrow(entity, kept))
    found.append(_orphans(entity, con=con, mapped=mapped))
    found.append(_unsaid(violations(entity, con=con, as_of=as_of), _concat(found)))
    kept = _apply(kept, _concat(found[-2:]))
    table = _arrow(entity, kept)
    con.register(f"val_{entity}", table)
    findings = _concat(found)
    is_reject = _has_consequence(findings, Consequence.REJECT)
    return GateResult(
        kept=table,
        quarantined=findings.loc[is_reject, ["row_id", "rule_id"]].drop_duplicates("row_id"),
        findings=findings,
    )


@cache
def _schema(entity: str) -> "pandera.DataFrameSchema":
    return pandera_schema(VALIDATED[entity])


def _conformity(entity: str, frame: "pd.DataFrame") -> "pd.DataFrame":
    """What Pandera finds: an empty mandatory field, a value outside its list or bounds."""
    from pandera.errors import SchemaErrors

    frame = frame.reset_index(drop=True)
    try:
        _schema(entity).validate(frame, lazy=True)
    except SchemaErrors as problems:
        found = [_nonconformity(entity, frame, problem) for problem in problems.schema_errors]
        return _concat(found)
    return _findings([], "", "")


def _nonconformity(entity: str, frame: "pd.DataFrame", problem: Any) -> "pd.DataFrame":
    column, reason = problem.schema.name, problem.reason_code.name
    if reason == "SERIES_CONTAINS_NULLS" and column.startswith("local_"):
        rule_id = MISSING_KEY
    elif reason == "DATAFRAME_CHECK" and problem.check.name in _RULE_OF_CHECK:
        rule_id = _RULE_OF_CHECK[problem.check.name]
    else:
        raise ContractBroken(f"val_{entity}.{column}: {reason}") from None  # the cause holds values
    return _findings(frame["row_id"].iloc[problem.failure_cases["index"]], rule_id, column)


def _second_records(entity: str, frame: "pd.DataFrame") -> "pd.DataFrame":
    keys = RECORD_KEYS.get(entity)
    if keys is None:
        return _findings([], "", "")
    return _findings(frame.loc[frame.duplicated(keys), "row_id"], SECOND_RECORD, keys[-1])


def _orphans(entity: str, *, con: "duckdb.DuckDBPyConnection", mapped: Collection[str]) -> "pd.DataFrame":
    """The rows whose patient or tumour was not sent, or was itself set aside."""
    found = []
    if entity != "patient_identity" and "patient_identity" in mapped:
        found.append(
            _findings(_without_parent(entity, "patient_identity", con), UNKNOWN_PATIENT, "local_patient_id")
        )
    if entity in EVENT_ENTITIES and "tumour" in mapped:
        found.append(_findings(_without_parent(entity, "tumour", con), UNKNOWN_TUMOUR, "local_tumour_id"))
    return _concat(found)


def _without_parent(entity: str, parent: str, con: "duckdb.DuckDBPyConnection") -> list[str]:
    keys = ", ".join(RECORD_KEYS[parent])
    query = f"SELECT row_id FROM val_{entity} ANTI JOIN val_{parent} USING ({keys}) ORDER BY row_id"  # noqa: S608
    return [row_id for (row_id,) in con.execute(query).fetchall()]


def _unsaid(findings: "pd.DataFrame", earlier: "pd.DataFrame") -> "pd.DataFrame":
    """The findings without "this field is missing" where it is missing because it could not be read."""
    incomplete = [rule.id for rule in CATALOGUE.values() if rule.kahn is Kahn.COMPLETENESS]
    is_missing = findings["rule_id"].isin(incomplete)
    places, said = ((f["row_id"] + "|" + f["field"]) for f in (findings, earlier))
    return findings[~(is_missing & places.isin(said))]


def _apply(frame: "pd.DataFrame", findings: "pd.DataFrame") -> "pd.DataFrame":
    """The rows without those that are rejected, with the held fields missing."""
    import pandas as pd

    held = findings[_has_consequence(findings, Consequence.HOLD)]
    for field, rows in held.groupby("field")["row_id"]:
        is_held = frame["row_id"].isin(rows)
        frame = frame.assign(**{str(field): frame[field].mask(is_held, pd.NA)})
        if f"{field}_precision" in frame:
            frame = frame.assign(
                **{f"{field}_precision": frame[f"{field}_precision"].mask(is_held, "unknown")}
            )
    rejected = findings.loc[_has_consequence(findings, Consequence.REJECT), "row_id"]
    return frame[~frame["row_id"].isin(rejected)] if len(rejected) else frame


def _has_consequence(findings: "pd.DataFrame", consequence: Consequence) -> "pd.Series[bool]":
    ids = [rule.id for rule in CATALOGUE.values() if rule.consequence is consequence]
    return findings["rule_id"].isin(ids)


def _findings(row_ids: Iterable[str], rule_id: str, field: str) -> "pd.DataFrame":
    import pandas as pd

    rows = pd.Series(row_ids, dtype="string[pyarrow]").reset_index(drop=True)
    frame = pd.DataFrame({"row_id": rows}).assign(rule_id=rule_id, field=field)
    return frame.astype("string[pyarrow]")


def _concat(findings: "list[pd.DataFrame]") -> "pd.DataFrame":
    import pandas as pd

    empty = pd.DataFrame(columns=list(FINDING_COLUMNS), dtype="string[pyarrow]")
    return pd.concat([empty, *findings], ignore_index=True).drop_duplicates()


def _arrow(entity: str, frame: "pd.DataFrame") -> "pa.Table":
    import pyarrow as pa

    return pa.Table.from_pandas(frame, schema=arrow_schema(VALIDATED[entity]), preserve_index=False)
