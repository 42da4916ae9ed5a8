"""How good a linkage is, against a known truth. All true pairs count: what was never compared is a miss.

Pairs are counted through contingency tables, never listed, so that a million records take a second.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

#: Per record: the size of its found person, of its true person, and of their overlap.
_COUNTS = """
WITH cell AS (
    SELECT
        coalesce(person_id, concat('unlinked', centre_id, chr(31), local_patient_id)) AS person_id,
        person_key, count(*) AS n
    FROM truth_record LEFT JOIN lnk_record USING (centre_id, local_patient_id)
    GROUP BY ALL
),
sized AS (
    SELECT
        n,
        sum(n) OVER (PARTITION BY person_id) AS found,
        sum(n) OVER (PARTITION BY person_key) AS meant,
        row_number() OVER (PARTITION BY person_id ORDER BY person_key) = 1 AS is_first_found,
        row_number() OVER (PARTITION BY person_key ORDER BY person_id) = 1 AS is_first_meant
    FROM cell
)
SELECT
    coalesce(sum(n), 0),
    coalesce(sum(n * (n - 1) // 2), 0),
    coalesce(sum(found * (found - 1) // 2) FILTER (WHERE is_first_found), 0),
    coalesce(sum(meant * (meant - 1) // 2) FILTER (WHERE is_first_meant), 0),
    coalesce(round(sum(n * n / found), 6), 0),
    coalesce(round(sum(n * n / meant), 6), 0)
FROM sized
"""

#: True pairs that were compared: by a blocking rule, an identifier, or two qualified numbers, which need no blocking.
_COMPARED = """
WITH known AS (
    SELECT record_no, person_key, is_qualified
    FROM link_key INNER JOIN truth_record USING (centre_id, local_patient_id) INNER JOIN link_record USING (record_no)
),
meant AS (
    SELECT a.record_no AS l, b.record_no AS r, a.is_qualified AND b.is_qualified AS are_qualified
    FROM known AS a INNER JOIN known AS b ON b.person_key = a.person_key AND b.record_no > a.record_no
),
compared AS (
    SELECT l, r FROM link_candidate UNION SELECT l, r FROM link_certain
)
SELECT count(*), count(*) FILTER (compared.l IS NOT NULL OR are_qualified) FROM meant LEFT JOIN compared USING (l, r)
"""

_REVIEWED = """
WITH asked AS (
    SELECT centre_id_l AS centre_id, local_patient_id_l AS local_patient_id FROM lnk_review
    UNION
    SELECT centre_id_r, local_patient_id_r FROM lnk_review
)
SELECT count(*) FROM asked INNER JOIN truth_record USING (centre_id, local_patient_id)
"""

#: What a perfect reviewer would make of the queue: the true persons of the pairs that he would join.
_RECOVERED = """
WITH person AS (
    SELECT person_key, person_id, count(*) AS n
    FROM lnk_record INNER JOIN truth_record USING (centre_id, local_patient_id)
    GROUP BY person_key, person_id
),
joined AS (
    SELECT DISTINCT t.person_key, least(a.person_id, b.person_id) AS one, greatest(a.person_id, b.person_id) AS other
    FROM lnk_review
        INNER JOIN truth_record AS t ON t.centre_id = centre_id_l AND t.local_patient_id = local_patient_id_l
        INNER JOIN truth_record AS u ON u.centre_id = centre_id_r AND u.local_patient_id = local_patient_id_r
        INNER JOIN lnk_record AS a ON a.centre_id = centre_id_l AND a.local_patient_id = local_patient_id_l
        INNER JOIN lnk_record AS b ON b.centre_id = centre_id_r AND b.local_patient_id = local_patient_id_r
    WHERE t.person_key = u.person_key AND a.person_id <> b.person_id
)
SELECT coalesce(sum(one.n * other.n), 0)
FROM joined
    INNER JOIN person AS one ON one.person_key = joined.person_key AND one.person_id = joined.one
    INNER JOIN person AS other ON other.person_key = joined.person_key AND other.person_id = joined.other
"""

#: Two true persons with a record each of the same birth name and birth date, and no record in one person found.
_TWINS = """
WITH known AS (
    SELECT person_key, person_id, link_bare(link_name(birth_name)) AS name, birth_date
    FROM val_patient_identity
        INNER JOIN lnk_record USING (centre_id, local_patient_id)
        INNER JOIN truth_record USING (centre_id, local_patient_id)
    WHERE birth_date_precision = 'day'
),
twins AS (
    SELECT DISTINCT a.person_key AS one, b.person_key AS other
    FROM known AS a INNER JOIN known AS b USING (name, birth_date)
    WHERE a.person_key < b.person_key
),
mixed AS (
    SELECT DISTINCT a.person_key AS one, b.person_key AS other
    FROM known AS a INNER JOIN known AS b USING (person_id)
    WHERE a.person_key < b.person_key
)
SELECT count(*), count(*) - count(mixed.one)
FROM twins LEFT JOIN mixed ON mixed.one = twins.one AND mixed.other = twins.other
"""

_TWO_INS = """
WITH qualified AS (
    SELECT person_id, ins_matricule, ins_oid
    FROM val_patient_identity INNER JOIN lnk_record USING (centre_id, local_patient_id)
    WHERE ins_status = 'QUAL'
)
SELECT count(*) FROM (
    SELECT person_id FROM qualified
    GROUP BY person_id HAVING count(DISTINCT link_ins(ins_matricule, ins_oid)) > 1
) AS mixed
"""


@dataclass(frozen=True, kw_only=True)
class LinkageScores:
    """Agreement with the truth, between 0 and 1; nothing to find or nothing found counts as 1."""

    records: int
    true_pairs: int
    found_pairs: int
    right_pairs: int
    precision: float
    recall: float
    f1: float
    b3_precision: float
    b3_recall: float
    b3_f1: float
    recall_after_review: float
    blocking_recall: float
    reviewed_share: float
    twin_pairs: int
    twins_apart: float
    persons_with_two_ins: int


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 1.0


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _row(con: "duckdb.DuckDBPyConnection", sql: str) -> tuple[float, ...]:
    return con.execute(sql).fetchall()[0]


def evaluate(con: "duckdb.DuckDBPyConnection") -> LinkageScores:
    """Compare `lnk_record` and `lnk_review` with `truth_record` (centre_id, local_patient_id, person_key).

    Twins and numbers are read from `val_patient_identity`; the `link_*` macros and tables of the linkage must exist in
    the connection. Blocking is judged on the true pairs of which both records reached linkage.
    """
    records, right, found, true, b3_found, b3_true = _row(con, _COUNTS)
    precision, recall = _share(right, found), _share(right, true)
    b3_precision, b3_recall = _share(b3_found, records), _share(b3_true, records)
    twins, apart = _row(con, _TWINS)
    meant, compared = _row(con, _COMPARED)
    return LinkageScores(
        records=int(records),
        true_pairs=int(true),
        found_pairs=int(found),
        right_pairs=int(right),
        precision=precision,
        recall=recall,
        f1=_f1(precision, recall),
        b3_precision=b3_precision,
        b3_recall=b3_recall,
        b3_f1=_f1(b3_precision, b3_recall),
        recall_after_review=_share(right + _row(con, _RECOVERED)[0], true),
        blocking_recall=_share(compared, meant),
        reviewed_share=_row(con, _REVIEWED)[0] / records if records else 0.0,
        twin_pairs=int(twins),
        twins_apart=_share(apart, twins),
        persons_with_two_ins=int(_row(con, _TWO_INS)[0]),
    )
