/* ---
id: fct_biopsy
title: {fr: Biopsies, en: Biopsies}
grain: one row per biopsy; the same kind on the same day of a tumour is one act, whoever declares it
why: a patient seen in two centres has one biopsy, declared twice
--- */
SELECT
    min(row_id) AS row_id,
    tumour_id,
    arg_min(patient_id, row_id) AS patient_id,
    arg_min(centre_id, row_id) AS centre_id,
    arg_min(delivery_id, row_id) AS delivery_id,
    biopsy_date,
    arg_min(biopsy_date_latest, row_id) AS biopsy_date_latest,
    arg_min(biopsy_date_precision, row_id) AS biopsy_date_precision,
    biopsy_kind,
    arg_min(is_image_guided, row_id) AS is_image_guided,
    count(*) AS declaration_count
FROM har_biopsy
GROUP BY
    tumour_id,
    biopsy_kind,
    biopsy_date,
    -- an act without kind or day is never merged
    CASE WHEN biopsy_date_precision = 'day' AND biopsy_kind IS NOT NULL THEN '' ELSE row_id END
ORDER BY tumour_id, biopsy_date, row_id
