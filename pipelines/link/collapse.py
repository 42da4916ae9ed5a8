"""Several rows of one local patient are one record: a centre that writes one line per tumour repeats the identity."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipelines.link.survive import elect

if TYPE_CHECKING:
    import duckdb

#: A patient known only by a tumour is a record too: nothing may fall out of the chain here.
_KEYS = """
CREATE OR REPLACE TEMP TABLE link_key AS
WITH named AS (
    SELECT centre_id, local_patient_id FROM val_patient_identity
    UNION
    SELECT centre_id, local_patient_id FROM val_tumour
)
SELECT row_number() OVER (ORDER BY centre_id, local_patient_id) AS record_no, centre_id, local_patient_id
FROM named
"""

_BALLOT = """
CREATE OR REPLACE TEMP TABLE link_ballot AS
SELECT
    record_no AS subject,
    row_number() OVER (ORDER BY record_no, row_id) AS voter,
    exported AS stated,
    ins_matricule, ins_oid, ins_status, birth_name, used_name, first_names, sex, birth_date, birth_date_precision,
    birth_place_cog, residence_commune, vital_status
FROM val_patient_identity
    INNER JOIN link_key USING (centre_id, local_patient_id)
    LEFT JOIN link_delivery USING (delivery_id)
"""

#: A row says all that it says on one day; a record of several rows has a day for each of its traits.
_NOT_DATED = "CREATE OR REPLACE TEMP TABLE link_dated (voter BIGINT, field VARCHAR, stated DATE)"
_DATED = """
CREATE OR REPLACE TEMP TABLE link_dated AS SELECT subject AS voter, field, stated FROM link_record_trait
"""
_RECORD_TRAITS = "CREATE OR REPLACE TEMP TABLE link_record_trait AS FROM link_trait"

_IDENTITY = """
CREATE OR REPLACE TEMP TABLE link_identity AS
WITH trusted AS (
    SELECT subject, count(DISTINCT link_ins(ins_matricule, ins_oid)) > 1 AS has_two_ins
    FROM link_ballot WHERE ins_status IN ('QUAL', 'RECUP')
    GROUP BY subject
)
SELECT
    record_no, centre_id, local_patient_id, ins_matricule, ins_oid, ins_status, birth_name, used_name, first_names,
    sex, birth_date, birth_date_precision, birth_place_cog, residence_commune, vital_status, stated,
    coalesce(has_two_ins, FALSE) AS has_two_ins
FROM link_key
    LEFT JOIN link_elected ON link_elected.subject = record_no
    LEFT JOIN trusted ON trusted.subject = record_no
"""


def collapse(
    con: "duckdb.DuckDBPyConnection", *, exported: Mapping[str, dt.date | None] | None = None
) -> None:
    """Make `link_identity`: one row per (centre, local patient) of the identities and the tumours.

    `record_no` follows the order of (centre, local patient), so the smallest number is the founding record.
    `exported` has the declared day of the deliveries; `link_record_trait` is the `link_trait` of the records.
    """
    _keep_days(con, exported or {})
    for statement in (_KEYS, _BALLOT, _NOT_DATED):
        con.execute(statement).fetchall()
    elect(con)
    for statement in (_IDENTITY, _RECORD_TRAITS, _DATED):
        con.execute(statement).fetchall()


def _keep_days(con: "duckdb.DuckDBPyConnection", exported: Mapping[str, dt.date | None]) -> None:
    import pyarrow as pa

    days = {
        "delivery_id": pa.array(exported, pa.string()),
        "exported": pa.array(exported.values(), pa.date32()),
    }
    con.register("link_given", pa.table(days))
    con.execute("CREATE OR REPLACE TEMP TABLE link_delivery AS FROM link_given").fetchall()
    con.unregister("link_given")
