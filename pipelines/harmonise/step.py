"""The harmonise step: every diagnosis coded, every tumour grouped, every event attached; identities stay behind."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipelines.account import Account
from pipelines.config import Centre, Network
from pipelines.harmonise.diagnoses import code_readings
from pipelines.harmonise.events import attach_events, link_written_tumours
from pipelines.harmonise.facilities import load_facilities
from pipelines.harmonise.patients import pseudonymise_patients
from pipelines.harmonise.tables import count, create, fill, keep_values, sql
from pipelines.harmonise.terminology import load_terminology
from pipelines.harmonise.tumours import group_tumours
from pipelines.io.configuration import read_codes
from validations.contracts.entities import EVENT_ENTITIES

if TYPE_CHECKING:
    import duckdb


def harmonise(
    con: "duckdb.DuckDBPyConnection", *, network: Network, centres: Mapping[str, Centre], key: bytes
) -> list[Account]:
    """From `val_*`, `lnk_record`, `lnk_person`: `lnk_tumour` and every `har_*` table. One account per table."""
    for name in ("morphology", "topography"):
        con.register(f"code_{name}", read_codes(name))
    code_readings(con, load_terminology())
    group_tumours(con, key=key)
    link_written_tumours(con)
    fill(con, "har_diagnosis_reading", sql("har_diagnosis_reading"))
    _retain_tumours(con, network)
    pseudonymise_patients(con)
    attach_events(con, network=network, centres=centres, facilities=load_facilities())
    return _accounts(con)


def _retain_tumours(con: "duckdb.DuckDBPyConnection", network: Network) -> None:
    """Make `har_tumour`: the golden diagnosis, the responsible centre, the fields that each declaration adds."""
    keep_values(con, "scope_class", "malignancy_class", network.scope.malignancy_classes)
    create(con, "declaration_ranked")
    create(con, "golden_morphology")
    fill(con, "har_tumour", sql("har_tumour"))


def _accounts(con: "duckdb.DuckDBPyConnection") -> list[Account]:
    """Row conservation of each table made."""
    declared = count(con, "val_tumour")
    attached = con.execute("SELECT count(*) FROM declaration_ranked").fetchall()[0][0]
    return [
        _merging(con, "lnk_tumour", declared, attached),
        _merging(con, "har_tumour", declared, attached),
        _keeping(con, "har_patient", count(con, "lnk_person")),
        _keeping(con, "har_diagnosis_reading", count(con, "reading_coded")),
        *(_keeping(con, f"har_{entity}", count(con, f"val_{entity}")) for entity in EVENT_ENTITIES),
    ]


def _merging(con: "duckdb.DuckDBPyConnection", table: str, declared: int, attached: int) -> Account:
    """Declared tumours: those of unlinked patients are set aside, those of one primary merged."""
    rows = count(con, table)
    return Account(
        step="harmonise",
        table=table,
        rows_in=declared,
        rows_out=rows,
        rows_merged=attached - rows,
        rows_set_aside=declared - attached,
    )


def _keeping(con: "duckdb.DuckDBPyConnection", table: str, rows_in: int) -> Account:
    """A table that drops nothing but what has no tumour to go to."""
    rows = count(con, table)
    return Account(
        step="harmonise", table=table, rows_in=rows_in, rows_out=rows, rows_set_aside=rows_in - rows
    )
