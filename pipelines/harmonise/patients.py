"""Patients without identity: sex, month of birth, vital status, what is known of their history."""

from typing import TYPE_CHECKING

from pipelines.harmonise.tables import fill, sql

if TYPE_CHECKING:
    import duckdb


def pseudonymise_patients(con: "duckdb.DuckDBPyConnection") -> None:
    """Make `har_patient`: one row per person, no name, no day of birth, no local id."""
    fill(con, "har_patient", sql("har_patient"))
