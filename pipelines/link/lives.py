"""Who is known to be dead since when, and who was still treated when: a patient treated after a death is another one.

Acts on the patient count, with a certain day: biopsy, imaging, surgery, start of a treatment. Meetings, readings of
slides and relapses do not: they are dated after the patient, too.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

#: Table of acts → its day.
ACTS = {
    "val_biopsy": "biopsy_date",
    "val_imaging": "imaging_date",
    "val_surgery": "surgery_date",
    "val_treatment": "treatment_start_date",
}
FOLLOW_UP = "val_follow_up"

#: The earliest death that a record states, and its last act.
_LIVES = """
CREATE OR REPLACE TEMP TABLE link_life AS
WITH stated AS ({stated})
SELECT record_no, min(death) AS death_date, max(act) AS last_act_date
FROM stated INNER JOIN link_key USING (centre_id, local_patient_id)
GROUP BY record_no
"""
_STATED = """
SELECT centre_id, local_patient_id, {death} AS death, {act} AS act FROM {table} WHERE {day}_precision = 'day'
"""
_NOTHING = """
SELECT CAST(NULL AS VARCHAR) AS centre_id, CAST(NULL AS VARCHAR) AS local_patient_id,
    CAST(NULL AS DATE) AS death, CAST(NULL AS DATE) AS act
"""


def find_lives(con: "duckdb.DuckDBPyConnection") -> None:
    """Make `link_life` (record_no, death_date, last_act_date) of the records of `link_key` that have either.

    From `val_follow_up` and the tables of `ACTS`; one that the connection does not have says nothing.
    """
    shown = {name for (name,) in con.execute("SELECT table_name FROM information_schema.tables").fetchall()}
    parts = [_NOTHING]
    if FOLLOW_UP in shown:
        parts.append(_STATED.format(table=FOLLOW_UP, day="death_date", death="death_date", act="NULL"))
    parts += [
        _STATED.format(table=table, day=day, death="NULL", act=day)
        for table, day in ACTS.items()
        if table in shown
    ]
    con.execute(_LIVES.format(stated="\nUNION ALL\n".join(parts))).fetchall()
