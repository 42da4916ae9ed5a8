"""Pairs that a human must look at: likely but not sure, sure but vetoed, or contradicting themselves.

One pair per two persons, the heaviest: the answer to it settles the others. What a human joined and another rule keeps
apart is asked again. Keyed by records, never by persons, so
that a decision outlives every later run.
"""

from typing import TYPE_CHECKING

from pipelines.io.linkage_model import Thresholds

if TYPE_CHECKING:
    import duckdb

#: A record whose own rows carry two trusted numbers is a question too: it is paired with itself.
_REVIEW = """
CREATE TABLE lnk_review AS
WITH apart AS (
    SELECT
        l, r, weight,
        least(a.founder, b.founder) AS person_l,
        greatest(a.founder, b.founder) AS person_r,
        CASE
            WHEN veto_reason IS NOT NULL THEN veto_reason
            WHEN must_reason = 'human' THEN 'conflict'
            WHEN weight < $auto_from THEN 'weight'
            ELSE 'conflict'
        END AS reason
    FROM link_judged
        INNER JOIN link_member AS a ON a.record_no = l
        INNER JOIN link_member AS b ON b.record_no = r
    WHERE a.founder <> b.founder AND (veto < 2 OR veto_reason = 'ML3')
        AND (weight >= $review_from OR veto_reason IN ('ML2', 'ML3', 'CL9') OR must_reason = 'human')
),
heaviest AS (
    SELECT DISTINCT ON (person_l, person_r) l, r, reason, weight
    FROM apart
    ORDER BY person_l, person_r, weight DESC NULLS LAST, l, r
),
asked AS (
    SELECT l, r, reason, weight FROM heaviest
    UNION ALL
    SELECT record_no, record_no, 'two_ins', NULL FROM link_identity WHERE has_two_ins
)
SELECT
    a.centre_id AS centre_id_l,
    a.local_patient_id AS local_patient_id_l,
    b.centre_id AS centre_id_r,
    b.local_patient_id AS local_patient_id_r,
    reason AS review_reason,
    weight AS match_weight
FROM asked
    INNER JOIN link_key AS a ON a.record_no = l
    INNER JOIN link_key AS b ON b.record_no = r
ORDER BY l, r
"""


def write_review(con: "duckdb.DuckDBPyConnection", thresholds: Thresholds) -> None:
    """Make `lnk_review` from the judged pairs and the persons that were made of them."""
    bounds = {"review_from": thresholds.review_from, "auto_from": thresholds.auto_from}
    con.execute(_REVIEW, bounds).fetchall()
