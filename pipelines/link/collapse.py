"""Several rows of one local patient are one record: a centre that writes one line per tumour repeats the identity."""

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
    ins_matricule, ins_oid, ins_status, birth_name, used_name, first_names, sex, birth_date, birth_date_precision,
    birth_place_cog, residence_commune, vital_status
FROM val_patient_identity INNER JOIN link_key USING (centre_id, local_patient_id)
"""

_IDENTITY = """
CREATE OR REPLACE TEMP TABLE link_identity AS
WITH trusted AS (
    SELECT subject, count(DISTINCT link_ins(ins_matricule, ins_oid)) > 1 AS has_two_ins
    FROM link_ballot WHERE ins_status IN ('QUAL', 'RECUP')
    GROUP BY subject
)
SELECT
    record_no, centre_id, local_patient_id, ins_matricule, ins_oid, ins_status, birth_name, used_name, first_names,
    sex, birth_date, birth_date_precision, birth_place_cog, residence_commune, vital_status,
    coalesce(has_two_ins, FALSE) AS has_two_ins
FROM link_key
    LEFT JOIN link_elected ON link_elected.subject = record_no
    LEFT JOIN trusted ON trusted.subject = record_no
"""


def collapse(con: "duckdb.DuckDBPyConnection") -> None:
    """Make `link_identity`: one row per (centre, local patient) of the identities and the tumours.

    `record_no` follows the order of (centre, local patient), so the smallest number is the founding record.
    """
    con.execute(_KEYS).fetchall()
    con.execute(_BALLOT).fetchall()
    elect(con)
    con.execute(_IDENTITY).fetchall()
