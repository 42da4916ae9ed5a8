"""People as a centre would send them, written as small tables."""

from typing import Any

import duckdb
import pyarrow as pa

from pipelines.io.linkage_model import LinkageModel
from pipelines.link.collapse import collapse
from pipelines.link.decisions import take_decisions
from pipelines.link.lives import find_lives
from pipelines.link.standardise import create_macros, standardise
from tests.tables import parse
from validations.contracts.derive import arrow_schema
from validations.contracts.tables import TABLES

NIR, NIA = "1.2.250.1.213.1.4.8", "1.2.250.1.213.1.4.9"
#: short column → contract column
SHORT = {
    "centre": "centre_id", "patient": "local_patient_id", "ins": "ins_matricule", "oid": "ins_oid",
    "status": "ins_status", "name": "birth_name", "used": "used_name", "first": "first_names", "sex": "sex",
    "born": "birth_date", "precision": "birth_date_precision", "place": "birth_place_cog",
    "home": "residence_commune", "vital": "vital_status", "delivery": "delivery_id",
}  # fmt: skip


def _identity(line: int, row: dict[str, Any]) -> dict[str, Any]:
    named = {SHORT[name]: cell for name, cell in row.items()}
    born = named.get("birth_date")
    return {
        "row_id": f"d:0:{line:06}", "centre_id": "a", "delivery_id": "d", "file": "f", "line": line,
        "birth_date_precision": "day" if born else "unknown", **named,
        **{name: str(named[name]) for name in SHORT.values() if name != "birth_date" and named.get(name) is not None},
    }  # fmt: skip


def _create(con: duckdb.DuckDBPyConnection, name: str, found: list[dict[str, Any]]) -> None:
    con.register("given", pa.Table.from_pylist(found, schema=arrow_schema(TABLES[name])))
    con.execute(f"CREATE OR REPLACE TABLE {name} AS FROM given").fetchall()
    con.unregister("given")


def people(
    con: duckdb.DuckDBPyConnection, identities: str | list[dict[str, Any]], tumours: str = "centre | patient"
) -> None:
    """Make `val_patient_identity` and `val_tumour` of two tables with short column names."""
    rows = parse(identities) if isinstance(identities, str) else identities
    _create(con, "val_patient_identity", [_identity(n, row) for n, row in enumerate(rows)])
    declared = [
        {"row_id": f"t:0:{n}", "centre_id": row["centre"], "delivery_id": "d", "file": "f", "line": n,
         "local_patient_id": str(row["patient"]), "local_tumour_id": f"t{n}"}
        for n, row in enumerate(parse(tumours))
    ]  # fmt: skip
    _create(con, "val_tumour", declared)


def records(con: duckdb.DuckDBPyConnection, identities: str, *, records_per_identifier: int = 60) -> None:
    """Make `link_record` of a table of people, numbered in the order of (centre, patient)."""
    people(con, identities)
    create_macros(con)
    collapse(con)
    take_decisions(con, None)
    find_lives(con)
    standardise(con, records_per_identifier=records_per_identifier)


def given_weights(con: duckdb.DuckDBPyConnection, model: LinkageModel) -> None:
    """A scorer that looks weights up in the table `given_weight` (l, r, weight)."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE link_weight AS "
        "SELECT l, r, CAST(weight AS DOUBLE) AS weight FROM given_weight SEMI JOIN link_wanted USING (l, r)"
    ).fetchall()


def weights(con: duckdb.DuckDBPyConnection, text: str) -> None:
    """Make `given_weight` of a table l | r | weight."""
    con.execute("CREATE OR REPLACE TABLE given_weight (l BIGINT, r BIGINT, weight DOUBLE)").fetchall()
    for row in parse(text):
        con.execute("INSERT INTO given_weight VALUES ($l, $r, $weight)", row).fetchall()
