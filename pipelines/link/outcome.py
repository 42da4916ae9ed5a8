"""What became of every pair that was judged: linked, asked of a human, or left apart; and why."""

from typing import TYPE_CHECKING

from pipelines.io.linkage_model import Thresholds

if TYPE_CHECKING:
    import duckdb

#: A pair of two persons that a human is asked about is `review`; every other pair of two persons is `apart`.
_OUTCOME = """
CREATE OR REPLACE TEMP TABLE link_outcome AS
WITH asked AS (
    SELECT a.record_no AS l, b.record_no AS r, review_reason FROM lnk_review
        INNER JOIN link_key AS a ON a.centre_id = centre_id_l AND a.local_patient_id = local_patient_id_l
        INNER JOIN link_key AS b ON b.centre_id = centre_id_r AND b.local_patient_id = local_patient_id_r
)
SELECT
    judged.l, judged.r, weight, must_reason, a.founder AS founder_l, b.founder AS founder_r,
    CASE WHEN a.founder = b.founder THEN 'link' WHEN asked.l IS NOT NULL THEN 'review' ELSE 'apart' END AS decision,
    CASE
        WHEN a.founder = b.founder AND must_reason IS NOT NULL THEN must_reason
        WHEN a.founder = b.founder AND (veto > 0 OR weight IS NULL OR weight < $auto_from) THEN 'group'
        WHEN a.founder = b.founder THEN 'weight'
        ELSE coalesce(asked.review_reason, veto_reason, CASE WHEN weight < $auto_from THEN 'weight' ELSE 'conflict' END)
    END AS reason
FROM link_judged AS judged
    INNER JOIN link_member AS a ON a.record_no = judged.l
    INNER JOIN link_member AS b ON b.record_no = judged.r
    LEFT JOIN asked ON asked.l = judged.l AND asked.r = judged.r
"""


def tell_outcomes(con: "duckdb.DuckDBPyConnection", thresholds: Thresholds) -> None:
    """Make `link_outcome` (l, r, weight, must_reason, founder_l, founder_r, decision, reason) of `link_judged`.

    `lnk_review` holds what is asked. Reason `group`: only other records of the person hold the two together.
    """
    con.execute(_OUTCOME, {"auto_from": thresholds.auto_from}).fetchall()
