/* ---
id: fct_pathology_review
title: {fr: Relectures anatomopathologiques, en: Pathology reviews}
grain: one row per expert reading; the same diagnosis on the same day of a tumour is one reading
why: a second reading is declared by the expert laboratory and by the clinical centre
--- */
SELECT
    min(row_id) AS row_id,
    tumour_id,
    arg_min(patient_id, row_id) AS patient_id,
    arg_min(centre_id, row_id) AS centre_id,
    arg_min(delivery_id, row_id) AS delivery_id,
    arg_min(sampling_date, row_id) AS sampling_date,
    arg_min(sampling_date_latest, row_id) AS sampling_date_latest,
    coalesce(
        arg_min(sampling_date_precision, row_id) FILTER (WHERE sampling_date IS NOT NULL),
        min(sampling_date_precision)
    ) AS sampling_date_precision,
    arg_min(received_date, row_id) AS received_date,
    arg_min(received_date_latest, row_id) AS received_date_latest,
    coalesce(
        arg_min(received_date_precision, row_id) FILTER (WHERE received_date IS NOT NULL),
        min(received_date_precision)
    ) AS received_date_precision,
    expert_date,
    arg_min(expert_date_latest, row_id) AS expert_date_latest,
    arg_min(expert_date_precision, row_id) AS expert_date_precision,
    arg_min(concordance, row_id) AS concordance,
    arg_min(had_molecular_test, row_id) AS had_molecular_test,
    arg_min(initial_morphology, row_id) AS initial_morphology,
    expert_morphology,
    count(*) AS declaration_count
FROM har_pathology_review
GROUP BY
    tumour_id,
    expert_morphology,
    expert_date,
    -- an act without kind or day is never merged
    CASE WHEN expert_date_precision = 'day' THEN '' ELSE row_id END
ORDER BY tumour_id, expert_date, row_id
