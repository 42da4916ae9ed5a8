/* ---
id: tumour_match
title: {fr: "Tumeur vraie et tumeur trouvée", en: "True tumour and found tumour"}
grain: one row per pair of a true and a found tumour that are each other's main counterpart
why: a score compares like with like; a split or merged tumour has one main counterpart, the rest is lost or false
--- */
WITH shared AS (
    SELECT
        truth_local_tumour.tumour_key,
        lnk_tumour.tumour_id,
        count(*) AS record_count
    FROM truth_local_tumour
    INNER JOIN lnk_tumour USING (centre_id, local_patient_id, local_tumour_id)
    GROUP BY truth_local_tumour.tumour_key, lnk_tumour.tumour_id
),

ranked AS (
    SELECT
        tumour_key,
        tumour_id,
        row_number() OVER (PARTITION BY tumour_key ORDER BY record_count DESC, tumour_id) AS rank_of_found,
        row_number() OVER (PARTITION BY tumour_id ORDER BY record_count DESC, tumour_key) AS rank_of_true
    FROM shared
)

SELECT
    tumour_key,
    tumour_id
FROM ranked
WHERE rank_of_found = 1 AND rank_of_true = 1
