"""Coding every reading: decide once per distinct combination of what is written, then join back.

A national load of 44,000 patients holds a few thousand combinations; only those pass through Python.
"""

from typing import TYPE_CHECKING

from pipelines.harmonise.readings import (
    StatedDiagnosis,
    StatedSite,
    decide_diagnosis,
    decide_site,
)
from pipelines.harmonise.tables import create, keep
from pipelines.harmonise.terminology import Terminology

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_DIAGNOSIS = ("morphology_stated", "morphology_version", "adicap_stated", "label_stated")
_SITE = ("topography_code", "icd10_code", "topography_label")


def code_readings(con: "duckdb.DuckDBPyConnection", terms: Terminology) -> None:
    """Make `reading_coded`: every declared, first and expert reading with its ICD-O-3.2 codes and its doubt."""
    create(con, "reading_source")
    keep(con, "decided_diagnosis", _decide_diagnoses(_distinct(con, _DIAGNOSIS), terms))
    keep(con, "decided_site", _decide_sites(_distinct(con, _SITE), terms))
    create(con, "reading_coded")


def _distinct(con: "duckdb.DuckDBPyConnection", columns: tuple[str, ...]) -> "pa.Table":
    names = ", ".join(columns)
    return con.execute(f"SELECT DISTINCT {names} FROM reading_source").to_arrow_table()  # noqa: S608 - our names


def _decide_diagnoses(stated: "pa.Table", terms: Terminology) -> "pa.Table":
    """The combinations with morphology, method, certainty and reason beside them."""
    import pyarrow as pa

    found = [
        decide_diagnosis(StatedDiagnosis(code=code, version=version, adicap=adicap, label=label), terms)
        for code, version, adicap, label in zip(*(stated[c].to_pylist() for c in _DIAGNOSIS), strict=True)
    ]
    text = pa.string()
    return (
        stated.append_column("morphology", pa.array([d.morphology for d in found], text))
        .append_column("coding_method", pa.array([d.method for d in found], text))
        .append_column("is_certain", pa.array([d.outcome == "auto" for d in found], pa.bool_()))
        .append_column("review_reason", pa.array([d.reason for d in found], text))
    )


def _decide_sites(stated: "pa.Table", terms: Terminology) -> "pa.Table":
    """The combinations with topography and reason beside them."""
    import pyarrow as pa

    found = [
        decide_site(StatedSite(code=code, icd10=icd10, label=label), terms)
        for code, icd10, label in zip(*(stated[c].to_pylist() for c in _SITE), strict=True)
    ]
    return stated.append_column(
        "topography", pa.array([s.topography for s in found], pa.string())
    ).append_column("review_reason", pa.array([s.reason for s in found], pa.string()))
