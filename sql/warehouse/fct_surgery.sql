/* ---
id: fct_surgery
title: {fr: Chirurgies, en: Surgery}
grain: one row per operation; the same kind, target and day of a tumour is one act, whoever declares it
why: two centres that declare one operation may differ, a known margin wins over RX, the worse over the better
--- */
SELECT
    min(row_id) AS row_id,
    tumour_id,
    arg_min(patient_id, row_id) AS patient_id,
    arg_min(centre_id, row_id) AS centre_id,
    arg_min(delivery_id, row_id) AS delivery_id,
    surgery_date,
    arg_min(surgery_date_latest, row_id) AS surgery_date_latest,
    arg_min(surgery_date_precision, row_id) AS surgery_date_precision,
    surgery_kind,
    arg_min(surgery_target, row_id) AS surgery_target,
    arg_min(surgery_intent, row_id) AS surgery_intent,
    coalesce(max(margin) FILTER (WHERE margin <> 'RX'), max(margin)) AS margin,
    arg_min(had_rupture, row_id) AS had_rupture,
    arg_min(facility_id, row_id) AS facility_id,
    -- of the same row as the facility, also when it is unknown
    arg_min_null(is_in_reference, row_id) FILTER (WHERE facility_id IS NOT NULL) AS is_in_reference,
    count(*) AS declaration_count
FROM har_surgery
GROUP BY
    tumour_id,
    surgery_kind,
    coalesce(surgery_target, 'primary'),
    surgery_date,
    -- an act without kind or day is never merged
    CASE WHEN surgery_date_precision = 'day' AND surgery_kind IS NOT NULL THEN '' ELSE row_id END
ORDER BY tumour_id, surgery_date, row_id
