"""What the linkage of a night looks like in numbers: pairs, persons, questions, centres. No record, no person.

Every figure is a count of a category (`item_count`) beside its total (`total_count`), so that a share has its
denominator. The traits of the pairs are in `monitor_traits.py`.
"""

from typing import TYPE_CHECKING

from pipelines.io.linkage_model import LinkageModel
from pipelines.link.cluster import MICRO
from pipelines.link.monitor_traits import write_traits
from pipelines.link.outcome import tell_outcomes
from pipelines.link.score import CAPPED_WEIGHT
from validations.contracts.derive import ddl
from validations.contracts.tables import TABLES

if TYPE_CHECKING:
    import duckdb

#: Bits of a bin of weights; what is below the second bin or above the last is in the first or the last.
BIN, LOWEST, HIGHEST = 5, -10, 30
#: A person whose mean weight is within so many bits of the threshold hangs by little: odds of 8 to 1.
NEAR = 3.0

_RECORDS = """
CREATE OR REPLACE TEMP TABLE link_monitored_record AS
WITH asked AS (
    SELECT centre_id_l AS centre_id, local_patient_id_l AS local_patient_id FROM lnk_review
    UNION
    SELECT centre_id_r, local_patient_id_r FROM lnk_review
)
SELECT
    centre_id,
    founder,
    count(*) OVER (PARTITION BY founder, centre_id) > 1 AS same_centre,
    count(*) OVER (PARTITION BY founder) > count(*) OVER (PARTITION BY founder, centre_id) AS other_centre,
    (centre_id, local_patient_id) IN (SELECT (centre_id, local_patient_id) FROM asked) AS in_review
FROM link_key INNER JOIN link_member USING (record_no)
"""

#: The mean weight of a person is the one that clustering saw, in whole micro-bits so that no order changes it.
_PERSONS = f"""
CREATE OR REPLACE TEMP TABLE link_monitored_person AS
WITH sized AS (
    SELECT founder, count(*) AS records, bool_or(same_centre) AS same_centre
    FROM link_monitored_record GROUP BY founder
),
held AS (
    SELECT
        founder_l AS founder,
        sum({CAPPED_WEIGHT}) / ($micro * count(*)) AS weight
    FROM link_outcome WHERE decision = 'link' GROUP BY founder_l
)
SELECT
    records, same_centre,
    coalesce(weight < $auto_from, FALSE) AS below_threshold,
    coalesce(weight >= $auto_from AND weight < $auto_from + $near, FALSE) AS near_threshold
FROM sized LEFT JOIN held USING (founder)
"""  # noqa: S608 - our own text

_DECISIONS = "(VALUES ('link', 1), ('review', 2), ('apart', 3)) AS decided (decision, place)"
#: One row per figure: grouping, group, measure, subject, category, rank, n, N, expected share, value.
_PAIRS = f"""
INSERT INTO lnk_monitor
SELECT 'all', 'all', 'pair_compared', 'pair', 'candidate', 1, count(*), count(*), NULL, NULL FROM link_candidate
UNION ALL
SELECT 'all', 'all', 'pair_decision', 'pair', decided.decision, place, count(l), (SELECT count(*) FROM link_outcome),
    NULL, NULL
FROM {_DECISIONS} LEFT JOIN link_outcome USING (decision) GROUP BY decided.decision, place
UNION ALL
SELECT 'all', 'all', 'pair_reason', decision, reason, dense_rank() OVER (PARTITION BY decision ORDER BY reason),
    count(*), sum(count(*)) OVER (PARTITION BY decision), NULL, NULL
FROM link_outcome GROUP BY decision, reason
UNION ALL
SELECT 'all', 'all', 'pair_weight', decision, coalesce(CAST(bin AS VARCHAR), 'none'), coalesce(bin, $highest + $bin),
    count(*), sum(count(*)) OVER (PARTITION BY decision), NULL, NULL
FROM (SELECT decision, CASE WHEN weight IS NOT NULL  -- greatest and least pass over NULL
          THEN CAST($bin * floor(least(greatest(weight, $lowest), $highest) / $bin) AS INTEGER) END AS bin
      FROM link_outcome)
GROUP BY decision, bin
UNION ALL
SELECT 'all', 'all', 'pair_mean_weight', decision, 'weighed', 1, count(weight), count(*), NULL,
    round(sum(CAST(round($micro * weight) AS BIGINT)) / ($micro * count(weight)), 6)
FROM link_outcome GROUP BY decision
"""  # noqa: S608 - our own text

_PEOPLE = """
INSERT INTO lnk_monitor
SELECT 'all', 'all', 'person_size', 'person', if(size = 5, '5+', CAST(size AS VARCHAR)), size, count(records),
    (SELECT count(*) FROM link_monitored_person), NULL, NULL
FROM range(1, 6) AS sizes (size) LEFT JOIN link_monitored_person ON least(records, 5) = size GROUP BY size
UNION ALL
SELECT 'all', 'all', 'person_largest', 'person', 'largest', 1, coalesce(max(records), 0), coalesce(sum(records), 0),
    NULL, NULL
FROM link_monitored_person
UNION ALL
SELECT 'all', 'all', 'person_check', 'person', kind, place, count(*) FILTER (WHERE is_so), count(*), NULL, NULL
FROM (SELECT unnest(['same_centre', 'below_threshold', 'near_threshold']) AS kind, unnest([1, 2, 3]) AS place,
          unnest([same_centre, below_threshold, near_threshold]) AS is_so
      FROM link_monitored_person WHERE records > 1)
GROUP BY kind, place
UNION ALL
SELECT 'all', 'all', 'question_reason', 'question', review_reason, dense_rank() OVER (ORDER BY review_reason),
    count(*), sum(count(*)) OVER (), NULL, NULL
FROM lnk_review GROUP BY review_reason
UNION ALL
SELECT if(grouping(centre_id) = 1, 'all', 'centre'), coalesce(centre_id, 'all'), 'record_check', 'record', kind, place,
    count(*) FILTER (WHERE is_so), count(*), NULL, NULL
FROM (SELECT centre_id, unnest(['same_centre', 'other_centre', 'in_review']) AS kind, unnest([1, 2, 3]) AS place,
          unnest([same_centre, other_centre, in_review]) AS is_so
      FROM link_monitored_record)
GROUP BY GROUPING SETS ((kind, place), (kind, place, centre_id))
"""


def write_monitor(con: "duckdb.DuckDBPyConnection", model: LinkageModel) -> None:
    """Make `lnk_monitor` from the judged pairs, the persons made of them and `lnk_review`; counts only."""
    thresholds = model.thresholds
    tell_outcomes(con, thresholds)
    con.execute(_RECORDS).fetchall()
    held = {"micro": MICRO, "cap": thresholds.weight_cap, "auto_from": thresholds.auto_from, "near": NEAR}
    con.execute(_PERSONS, held).fetchall()
    con.execute(ddl(TABLES["lnk_monitor"])).fetchall()
    bins = {"micro": MICRO, "bin": BIN, "lowest": LOWEST, "highest": HIGHEST}
    con.execute(_PAIRS, bins).fetchall()
    con.execute(_PEOPLE).fetchall()
    write_traits(con, model.settings)
