"""Courses of care beside one another in one centre: each is of a patient of its own, so one scan answers for all.

A course is the rows that differ from the clean ones, each with its table. A rule that compares patients, or asks about
a whole centre, needs a centre of its own: `broken`.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import duckdb
import pyarrow as pa

from tests.contract_rows import span
from tests.spec.clean_record import AS_OF, CLEAN, frame
from validations.contracts.entities import ENTITIES
from validations.cross import scan_across

Acts = Iterable[tuple[str, dict[str, Any] | None]]
Rows = dict[str, list[dict[str, Any]]]

EVERY = frozenset(ENTITIES)
#: What a course has, clean, unless it gives its own.
ALWAYS = ("patient_identity", "tumour", "pathology_review")


def dated(change: Mapping[str, Any]) -> dict[str, Any]:
    """The row as the gate keeps it: each date as its earliest day, with its precision."""
    made = dict(change)
    for name in [name for name in change if name.endswith("_date")]:
        made[name], _, made[f"{name}_precision"] = span(_written(change[name]))
    return made


def _written(text: Any) -> Any:
    return dt.date.fromisoformat(str(text)) if text and len(str(text)) == 10 else text


def rows_of(acts: Acts, always: Collection[str] = ALWAYS) -> Rows:
    """The rows of one course; those of `always` replace the clean one, and a table given as None has none."""
    rows: Rows = {entity: [{}] if entity in always else [] for entity in ENTITIES}
    for entity, change in acts:
        kept = [] if entity in always else rows[entity]
        rows[entity] = kept if change is None else [*kept, dated(change)]
    return rows


def show(con: duckdb.DuckDBPyConnection, rows: Rows) -> None:
    """Make these rows those of `val_<entity>`; an entity without any has none."""
    for entity in ENTITIES:
        changes = rows.get(entity, [])
        con.register(f"val_{entity}", frame(entity, *changes) if changes else frame(entity).slice(0, 0))


def found_in(rows: Rows, mapped: Collection[str] = EVERY) -> pa.Table:
    """The findings of the cross-table rules in a centre that has these rows only."""
    with duckdb.connect() as con:
        show(con, rows)
        scans = scan_across(con, as_of={"d1": AS_OF}, mapped=mapped)
    return pa.concat_tables(scan.findings for scan in scans.values())


def broken(acts: Acts, mapped: Collection[str] = EVERY, always: Collection[str] = ALWAYS) -> set[str]:
    """The rules that one course breaks in a centre of its own."""
    return set(found_in(rows_of(acts, always), mapped)["rule_id"].to_pylist())


def broken_by(courses: Mapping[str, Acts], always: Collection[str] = ALWAYS) -> dict[str, set[str]]:
    """Each named course → the rules that it breaks in the centre that has them all."""
    rows: Rows = {entity: [] for entity in ENTITIES}
    for number, (name, acts) in enumerate(courses.items()):
        for entity, changes in rows_of(acts, always).items():
            rows[entity] += [
                _of_patient(name, number, line, entity, change) for line, change in enumerate(changes)
            ]
    answers: dict[str, set[str]] = {name: set() for name in courses}
    for row in found_in(rows).to_pylist():
        answers[row["row_id"].rpartition(":")[0]].add(row["rule_id"])
    return answers


def _of_patient(name: str, number: int, line: int, entity: str, change: dict[str, Any]) -> dict[str, Any]:
    """One row of a course; no two patients have one name or one number, which some rules would ask about."""
    own = {"row_id": f"{name}:{line:03d}", "local_patient_id": name}
    if entity == "patient_identity":
        own |= {"ins_matricule": f"{number:015d}", "birth_name": f"{CLEAN[entity]['birth_name']} {number}"}
    return own | change
