"""Events attached to national tumours, each with the ends of its dates and what the warehouse needs beside it.

An event whose tumour the centre did not send goes to the patient's only tumour at that centre; when there are several
or none it is set aside and counted, never guessed. Two declarations of one act stay two rows here.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipelines.config import Centre, Network
from pipelines.harmonise.facilities import (
    Facility,
    RoleSpan,
    label_spans,
    name_index,
    normalise_name,
    reference_spans,
)
from pipelines.harmonise.tables import create, fill, keep, keep_values
from validations.contracts.entities import EVENT_ENTITIES
from validations.contracts.model import Field, Kind
from validations.contracts.tables import TABLES, VALIDATED

if TYPE_CHECKING:
    import duckdb

_KEYS = "centre_id, local_patient_id, local_tumour_id"
_EXTRAS = {
    "surgery": ("facility_id", "is_in_reference"),
    "rcp": ("is_labelled",),
    "pathology_review": ("initial_morphology", "expert_morphology"),
}


def latest_day(column: str) -> str:
    """The SQL of the latest possible day of a date column of a `val_` table, from its precision."""
    return (
        f"CASE {column}_precision WHEN 'month' THEN last_day({column}) "
        f"WHEN 'year' THEN make_date(year({column}), 12, 31) ELSE {column} END"
    )


def link_written_tumours(con: "duckdb.DuckDBPyConnection") -> None:
    """Make `tumour_link`: every local tumour key written anywhere → its national tumour, where it has one."""
    keys = " UNION ".join(f"SELECT {_KEYS} FROM val_{entity}" for entity in ("tumour", *EVENT_ENTITIES))  # noqa: S608 - names of the contract
    con.execute(f"CREATE OR REPLACE TEMP TABLE written_tumour AS {keys}").fetchall()
    create(con, "tumour_link")


def attach_events(
    con: "duckdb.DuckDBPyConnection",
    *,
    network: Network,
    centres: Mapping[str, Centre],
    facilities: list[Facility],
) -> None:
    """Make `har_<entity>` for every event entity."""
    _place_surgeries(con, name_index(facilities, centres), reference_spans(network, facilities, centres))
    _label_meetings(con, network, label_spans(network, centres))
    create(con, "pathology_review_extra")
    for entity in EVENT_ENTITIES:
        fill(con, f"har_{entity}", _attached(entity))


def _attached(entity: str) -> str:
    """The query of one event table: its contract columns from the validated row, the link and the extras."""
    extras = _EXTRAS.get(entity, ())
    fields = {field.name: field for field in VALIDATED[entity].fields}
    columns = ",\n".join(_column(field, fields, extras) for field in TABLES[f"har_{entity}"].fields)
    extra = f"LEFT JOIN {entity}_extra AS extra ON event.row_id = extra.row_id" if extras else ""
    return f"""
        SELECT {columns}
        FROM val_{entity} AS event
        INNER JOIN tumour_link AS link
            ON event.centre_id = link.centre_id
            AND event.local_patient_id = link.local_patient_id
            AND event.local_tumour_id = link.local_tumour_id
        {extra}
    """  # noqa: S608 - names of the contract


def _column(field: Field, validated: Mapping[str, Field], extras: tuple[str, ...]) -> str:
    name = field.name
    if name in ("tumour_id", "patient_id"):
        return f"link.{name}"
    if name in extras:
        return f"extra.{name}"
    source = name.removesuffix("_latest")
    if name not in validated and field.kind is Kind.DATE and source in validated:
        return f"{latest_day(f'event.{source}')} AS {name}"
    return f"event.{name}"


def _keep_spans(con: "duckdb.DuckDBPyConnection", spans: list[RoleSpan]) -> None:
    import pyarrow as pa

    table = pa.table(
        {
            "holder_id": pa.array([s.holder_id for s in spans], pa.string()),
            "valid_from": pa.array([s.valid_from for s in spans], pa.date32()),
            "valid_to": pa.array([s.valid_to for s in spans], pa.date32()),
        }
    )
    keep(con, "role_span", table)


def _judge(con: "duckdb.DuckDBPyConnection", spans: list[RoleSpan], acts: str) -> None:
    """Make `dated_act` from the query `acts`, and `act_in_span`: whether its holder had its role on that day."""
    _keep_spans(con, spans)
    con.execute(f"CREATE OR REPLACE TEMP TABLE dated_act AS {acts}").fetchall()
    create(con, "act_in_span")


def _place_surgeries(
    con: "duckdb.DuckDBPyConnection", index: Mapping[str, str | None], spans: list[RoleSpan]
) -> None:
    import pyarrow as pa

    stated = con.execute(
        "SELECT DISTINCT surgery_facility FROM val_surgery WHERE surgery_facility IS NOT NULL"
    ).to_arrow_table()["surgery_facility"]
    found = [index.get(normalise_name(name)) for name in stated.to_pylist()]
    keep(con, "facility_name", pa.table({"name_stated": stated, "facility_id": pa.array(found, pa.string())}))
    acts = f"""
        SELECT
            surgery.row_id,
            known.facility_id AS holder_id,
            surgery.surgery_date AS earliest,
            {latest_day("surgery.surgery_date")} AS latest
        FROM val_surgery AS surgery
        INNER JOIN facility_name AS known ON surgery.surgery_facility = known.name_stated
    """  # noqa: S608 - our own text
    _judge(con, spans, acts)
    create(con, "surgery_extra")


def _label_meetings(con: "duckdb.DuckDBPyConnection", network: Network, spans: list[RoleSpan]) -> None:
    acts = f"""
        SELECT row_id, centre_id AS holder_id, rcp_date AS earliest, {latest_day("rcp_date")} AS latest
        FROM val_rcp
    """  # noqa: S608 - our own text
    _judge(con, spans, acts)
    keep_values(con, "labelled_kind", "rcp_kind", network.labelled_rcp_kinds)
    create(con, "rcp_extra")
