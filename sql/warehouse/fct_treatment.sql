/* ---
id: fct_treatment
title: {fr: Traitements, en: Treatments}
grain: one row per course; the same kind, setting and first day of a tumour is one course
why: one course of treatment is often prescribed in one centre and given in another
--- */
SELECT
    min(row_id) AS row_id,
    tumour_id,
    arg_min(patient_id, row_id) AS patient_id,
    arg_min(centre_id, row_id) AS centre_id,
    arg_min(delivery_id, row_id) AS delivery_id,
    treatment_kind,
    treatment_setting,
    treatment_start_date,
    arg_min(treatment_start_date_latest, row_id) AS treatment_start_date_latest,
    arg_min(treatment_start_date_precision, row_id) AS treatment_start_date_precision,
    arg_min(treatment_end_date, row_id) AS treatment_end_date,
    arg_min(treatment_end_date_latest, row_id) AS treatment_end_date_latest,
    coalesce(
        arg_min(treatment_end_date_precision, row_id) FILTER (WHERE treatment_end_date IS NOT NULL),
        min(treatment_end_date_precision)
    ) AS treatment_end_date_precision,
    arg_min(dose_gy, row_id) AS dose_gy,
    arg_min(fractions, row_id) AS fractions,
    arg_min(cycles, row_id) AS cycles,
    count(*) AS declaration_count
FROM har_treatment
GROUP BY
    tumour_id,
    treatment_kind,
    treatment_setting,
    treatment_start_date,
    -- an act without kind or day is never merged
    CASE WHEN treatment_start_date_precision = 'day' AND treatment_kind IS NOT NULL THEN '' ELSE row_id END
ORDER BY tumour_id, treatment_start_date, row_id
