/* ---
id: link
title: {fr: "Rapprochement des personnes, comparé à la vérité", en: "Linkage compared with the truth"}
grain: one row
why: pairs of records of one person; a pair that was never compared, or whose record was set aside, counts as missed
source: pairwise precision and recall, Christen 2012
--- */
WITH cells AS (
    SELECT
        truth_record.person_key,
        lnk_record.person_id,
        count(*) AS n
    FROM truth_record
    LEFT JOIN lnk_record USING (centre_id, local_patient_id)
    GROUP BY truth_record.person_key, lnk_record.person_id
),

found AS (
    SELECT sum(n) AS n
    FROM cells
    WHERE person_id IS NOT NULL
    GROUP BY person_id
),

truth AS (
    SELECT sum(n) AS n
    FROM cells
    GROUP BY person_key
)

SELECT
    (SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM cells WHERE person_id IS NOT NULL) AS pairs_right,
    (SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM found) AS pairs_found,
    (SELECT coalesce(sum(n * (n - 1) / 2), 0) FROM truth) AS pairs_true,
    (SELECT count(*) FROM found) AS people_found,
    (SELECT count(*) FROM truth) AS people_true
