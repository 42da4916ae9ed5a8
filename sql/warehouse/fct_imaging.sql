/* ---
id: fct_imaging
title: {fr: Imagerie, en: Imaging}
grain: one row per examination; the same modality, region and day of a tumour is one act, whoever declares it
why: an examination is handed on from centre to centre, and declared by each
--- */
SELECT
    min(row_id) AS row_id,
    tumour_id,
    arg_min(patient_id, row_id) AS patient_id,
    arg_min(centre_id, row_id) AS centre_id,
    arg_min(delivery_id, row_id) AS delivery_id,
    imaging_date,
    arg_min(imaging_date_latest, row_id) AS imaging_date_latest,
    arg_min(imaging_date_precision, row_id) AS imaging_date_precision,
    modality,
    imaging_target,
    count(*) AS declaration_count
FROM har_imaging
GROUP BY
    tumour_id,
    modality,
    imaging_target,
    imaging_date,
    -- an act without kind or day is never merged
    CASE WHEN imaging_date_precision = 'day' AND modality IS NOT NULL THEN '' ELSE row_id END
ORDER BY tumour_id, imaging_date, row_id
