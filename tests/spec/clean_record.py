"""One complete record that breaks no rule: a test changes it minimally and sees what is found."""

import datetime as dt
from typing import Any

import duckdb
import pyarrow as pa

from validations.contracts.derive import arrow_type
from validations.contracts.entities import ENTITIES
from validations.contracts.model import Kind
from validations.contracts.tables import VALIDATED
from validations.gate import check
from validations.result import GateResult
from validations.result import findings as no_findings

DAY = dt.date
CLEAN: dict[str, dict[str, Any]] = {
    "patient_identity": {
        "ins_matricule": "160017512345670",
        "ins_oid": "1.2.250.1.213.1.4.8",
        "ins_status": "QUAL",
        "birth_name": "DUPONT",
        "used_name": "DUPONT",
        "first_names": "JEAN",
        "sex": "M",
        "birth_date": DAY(1960, 1, 15),
        "birth_place_cog": "75112",
        "residence_commune": "69383",
    },
    "patient_history": {"predisposition": "none", "has_previous_cancer": False},
    "tumour": {
        "diagnosis_date": DAY(2015, 3, 10),
        "entry_reason": "primary",
        "morphology_code": "8850/3",
        "morphology_version": "icdo32",
        "diagnosis_label": "liposarcome",
        "topography_code": "C49.2",
        "laterality": "left",
        "size_mm": 80.0,
        "depth": "deep",
        "grade": 2,
        "grade_system": "fnclcc",
        "extent_at_diagnosis": "localised",
    },
    "biopsy": {"biopsy_date": DAY(2015, 3, 10), "biopsy_kind": "core", "is_image_guided": True},
    "imaging": {"imaging_date": DAY(2015, 3, 1), "modality": "mri", "imaging_target": "primary"},
    "rcp": {"rcp_date": DAY(2015, 4, 1), "rcp_kind": "sarcoma_network", "rcp_reason": "treatment"},
    "pathology_review": {
        "sampling_date": DAY(2015, 3, 10),
        "received_date": DAY(2015, 3, 20),
        "expert_date": DAY(2015, 4, 2),
        "initial_morphology_code": "8850/3",
        "expert_morphology_code": "8850/3",
        "expert_label": "liposarcome",
        "concordance": "full",
    },
    "surgery": {
        "surgery_date": DAY(2015, 5, 4),
        "surgery_kind": "resection",
        "surgery_target": "primary",
        "surgery_intent": "curative",
        "margin": "R0",
        "surgery_facility": "CENTRE",
    },
    "treatment": {
        "treatment_kind": "radiotherapy",
        "treatment_setting": "adjuvant",
        "treatment_start_date": DAY(2015, 7, 1),
        "treatment_end_date": DAY(2015, 8, 15),
        "dose_gy": 50.0,
        "fractions": 25,
    },
    "follow_up": {"follow_up_event": "last_news", "event_date": DAY(2018, 1, 10), "disease_status": "NED"},
}
AS_OF = DAY(2024, 6, 30)


def frame(entity: str, *changes: dict[str, Any]) -> pa.Table:
    """Clean rows of `val_<entity>`, one per set of changes; a date that is not said otherwise is precise to the day."""
    rows = [_row(entity, line, change) for line, change in enumerate(changes or ({},), start=2)]
    fields = VALIDATED[entity].fields
    return pa.table({f.name: pa.array([r.get(f.name) for r in rows], arrow_type(f.kind)) for f in fields})


def _row(entity: str, line: int, changes: dict[str, Any]) -> dict[str, Any]:
    source = {
        "row_id": f"d1:0:{line}",
        "centre_id": "alpha",
        "delivery_id": "d1",
        "file": "a.csv",
        "line": line,
    }
    row = source | {"local_patient_id": "P1", "local_tumour_id": "T1"} | CLEAN[entity] | changes
    dates = [f.name for f in ENTITIES[entity] if f.kind is Kind.DATE]
    precision = {f"{d}_precision": "day" if row.get(d) is not None else "unknown" for d in dates}
    return precision | row


def gate(
    con: duckdb.DuckDBPyConnection,
    entity: str,
    rows: pa.Table,
    *,
    held: pa.Table | None = None,
    as_of: dt.date | None = AS_OF,
    mapped: frozenset[str] = frozenset(ENTITIES),
) -> GateResult:
    """The gate on rows of one delivery that declares `as_of`."""
    held = no_findings() if held is None else held
    return check(entity, rows, con=con, held=held, as_of={"d1": as_of}, mapped=mapped)


def findings(
    con: duckdb.DuckDBPyConnection, entity: str, examples: dict[str, dict[str, Any]]
) -> dict[str, set[str]]:
    """For each named change of a clean record, the rules it breaks; one patient, tumour and delivery for each.

    `patient.x` and `tumour.x` change the rows it belongs to, `as_of` the declared day of the export.
    """
    as_of = {name: change.get("as_of", AS_OF) for name, change in examples.items()}
    parents = {"patient_identity": "patient.", "tumour": "tumour."}
    chain = list(ENTITIES)[: list(ENTITIES).index(entity)]
    for table, alias in (*((p, a) for p, a in parents.items() if p in chain), (entity, "")):
        rows = frame(table, *(_example(name, change, alias) for name, change in examples.items()))
        result = check(table, rows, con=con, held=no_findings(), as_of=as_of, mapped=frozenset(ENTITIES))
    broken: dict[str, set[str]] = {name: set() for name in examples}
    for found in result.findings.to_pylist():
        broken[found["row_id"].partition(":")[0]].add(found["rule_id"])
    return broken


def show(con: duckdb.DuckDBPyConnection, entity: str, examples: dict[str, dict[str, Any]]) -> None:
    """Make the rows of these examples visible in `con` before any rule, with their parents and export days."""
    for table, alias in (("patient_identity", "patient."), ("tumour", "tumour."), (entity, "")):
        if table == entity:
            alias = ""
        rows = frame(table, *(_example(name, change, alias) for name, change in examples.items()))
        con.register(f"val_{table}", rows)
    days = [change.get("as_of", AS_OF) for change in examples.values()]
    con.register("export_day", pa.table({"delivery_id": [*examples], "as_of": pa.array(days, pa.date32())}))


def _example(name: str, change: dict[str, Any], alias: str) -> dict[str, Any]:
    """The row of one example in the table that `alias` names; one patient and one delivery for each example."""
    own = {n.removeprefix(alias): v for n, v in change.items() if n.startswith(alias) and _is_of(n, alias)}
    return {"row_id": f"{name}:0:2", "delivery_id": name, "local_patient_id": name} | own


def _is_of(name: str, alias: str) -> bool:
    return name != "as_of" and ("." in name) == bool(alias)
