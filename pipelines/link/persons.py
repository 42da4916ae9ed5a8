"""The linked layer as the contract wants it: each local record with its person, each person with one identity."""

from typing import TYPE_CHECKING

from pipelines.link.survive import elect
from pipelines.link.traits import write_traits

if TYPE_CHECKING:
    import duckdb

#: Why a record belongs to its person: the surest of the ties to the other records.
_RECORDS = """
CREATE TABLE lnk_record AS
WITH tied AS (
    SELECT unnest([l, r]) AS record_no, must_reason
    FROM link_judged
        INNER JOIN link_member AS a ON a.record_no = l
        INNER JOIN link_member AS b ON b.record_no = r
    WHERE a.founder = b.founder
),
reasoned AS (
    SELECT
        record_no,
        CASE
            WHEN bool_or(must_reason IN ('qualified', 'ins')) THEN 'ins'
            WHEN bool_or(must_reason = 'human') THEN 'human'
            WHEN bool_or(must_reason = 'traits') THEN 'traits'
            ELSE 'weight'
        END AS link_reason
    FROM tied GROUP BY record_no
)
SELECT
    centre_id, local_patient_id, person_id, patient_id, coalesce(link_reason, 'alone') AS link_reason
FROM link_key
    INNER JOIN link_member USING (record_no)
    INNER JOIN link_named USING (founder)
    LEFT JOIN reasoned USING (record_no)
ORDER BY centre_id, local_patient_id
"""

_BALLOT = """
CREATE OR REPLACE TEMP TABLE link_ballot AS
SELECT
    founder AS subject,
    record_no AS voter,
    stated,
    ins_matricule, ins_oid, ins_status, birth_name, used_name, first_names, sex, birth_date, birth_date_precision,
    birth_place_cog, residence_commune, vital_status
FROM link_identity INNER JOIN link_member USING (record_no)
"""

#: A number without a trusted status does not stand for a person.
_GOLDEN = """
CREATE OR REPLACE TEMP TABLE link_golden AS
SELECT
    founder, person_id, patient_id, birth_name, used_name, first_names, sex, birth_date, birth_date_precision,
    birth_place_cog, residence_commune,
    CASE WHEN ins_status IN ('QUAL', 'RECUP') THEN ins_matricule END AS ins_matricule,
    ins_status, vital_status, record_count
FROM link_named
    INNER JOIN (SELECT founder, count(*) AS record_count FROM link_member GROUP BY founder) AS sizes USING (founder)
    LEFT JOIN link_elected ON subject = founder
"""
_PERSONS = """
CREATE TABLE lnk_person AS
SELECT * EXCLUDE (founder, ins_status) FROM link_golden ORDER BY person_id
"""


def write_persons(con: "duckdb.DuckDBPyConnection") -> None:
    """Make `lnk_record`, `lnk_person`, `lnk_person_trait` from the identities, the judged pairs, the named persons."""
    con.execute(_RECORDS).fetchall()
    con.execute(_BALLOT).fetchall()
    elect(con)
    for statement in (_GOLDEN, _PERSONS):
        con.execute(statement).fetchall()
    write_traits(con)
