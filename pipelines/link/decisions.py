"""What humans decided about two records, and which of it is in force.

A decision is about two records, never about persons, so that it outlives every later run. "Same" joins their persons
unless two qualified numbers forbid it; "different" keeps them apart for good. A decision that contradicts an earlier
one counts once a second person confirms it; until then the two stay apart and are asked again.
"""

from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


class Verdict(StrEnum):
    """What a human may say of two records; the last three join and part nothing."""

    SAME = "same"
    DIFFERENT = "different"
    UNSURE = "unsure"
    ASK_CENTRE = "ask_centre"
    REVOKED = "revoked"


PAIR = ("centre_id_l", "local_patient_id_l", "centre_id_r", "local_patient_id_r")


def decision_schema() -> "pa.Schema":
    """One line per pair that a decision speaks of, the smaller (centre, patient) on the left; one `is_asked`.

    A decision about two records speaks of all the records that their persons had then: of each pair one line, with
    one `decision_no`. `decided` is the day.
    """
    import pyarrow as pa

    texts = ("verdict", *PAIR)
    said = ("author", "reason")
    return pa.schema(
        [
            pa.field("decision_no", pa.int64()),
            *(pa.field(name, pa.string()) for name in texts),
            pa.field("is_asked", pa.bool_()),
            *(pa.field(name, pa.string()) for name in said),
            pa.field("decided", pa.date32()),
        ]
    )


#: Of each pair the last word; with an earlier word against it, it takes two authors since then.
_IN_FORCE = """
WITH worded AS (
    SELECT *, max(decision_no) FILTER (WHERE verdict = 'revoked') OVER pair AS revoked_no
    FROM link_decided
    WHERE verdict IN ('same', 'different', 'revoked')
    WINDOW pair AS (PARTITION BY centre_id_l, local_patient_id_l, centre_id_r, local_patient_id_r)
),
standing AS (
    SELECT *, arg_max(verdict, decision_no) OVER pair AS last_verdict
    FROM worded
    WHERE verdict <> 'revoked' AND decision_no > coalesce(revoked_no, 0)
    WINDOW pair AS (PARTITION BY centre_id_l, local_patient_id_l, centre_id_r, local_patient_id_r)
),
against AS (
    SELECT *, max(decision_no) FILTER (WHERE verdict <> last_verdict) OVER pair AS against_no
    FROM standing
    WINDOW pair AS (PARTITION BY centre_id_l, local_patient_id_l, centre_id_r, local_patient_id_r)
)
SELECT
    centre_id_l, local_patient_id_l, centre_id_r, local_patient_id_r,
    CASE
        WHEN any_value(against_no) IS NULL
            OR count(DISTINCT lower(trim(author))) FILTER (WHERE decision_no > against_no) > 1
        THEN any_value(last_verdict) ELSE 'contradicted'
    END AS verdict
FROM against
GROUP BY ALL
ORDER BY ALL
"""

_RECORDS = """
CREATE OR REPLACE TEMP TABLE link_decision AS
SELECT l.record_no AS l, r.record_no AS r, verdict
FROM link_in_force
    INNER JOIN link_key AS l ON l.centre_id = centre_id_l AND l.local_patient_id = local_patient_id_l
    INNER JOIN link_key AS r ON r.centre_id = centre_id_r AND r.local_patient_id = local_patient_id_r
"""

_NONE = "CREATE OR REPLACE TEMP TABLE link_decision (l BIGINT, r BIGINT, verdict VARCHAR)"


def in_force(con: "duckdb.DuckDBPyConnection", log: "pa.Table") -> "pa.Table":
    """The pairs on which a decision is in force: `PAIR` and verdict (same, different or contradicted)."""
    con.register("link_decided", log)
    found = con.execute(_IN_FORCE).to_arrow_table()
    con.unregister("link_decided")
    return found


def take_decisions(con: "duckdb.DuckDBPyConnection", decided: "pa.Table | None") -> None:
    """Make `link_decision` (l, r, verdict) of what is `in_force`; records that are not sent any more are left out."""
    if decided is None or not decided.num_rows:
        con.execute(_NONE).fetchall()
        return
    con.register("link_in_force", decided)
    con.execute(_RECORDS).fetchall()
    con.unregister("link_in_force")
