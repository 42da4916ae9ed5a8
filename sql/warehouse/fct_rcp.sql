/* ---
id: fct_rcp
title: {fr: Réunions de concertation, en: Multidisciplinary meetings}
grain: one row per meeting; the same kind on the same day of a tumour is one meeting, labelled if one declaration is
why: a meeting is declared by the centre that held it and by the one that sent the patient
--- */
SELECT
    min(row_id) AS row_id,
    tumour_id,
    arg_min(patient_id, row_id) AS patient_id,
    arg_min(centre_id, row_id) AS centre_id,
    arg_min(delivery_id, row_id) AS delivery_id,
    rcp_date,
    arg_min(rcp_date_latest, row_id) AS rcp_date_latest,
    arg_min(rcp_date_precision, row_id) AS rcp_date_precision,
    rcp_kind,
    arg_min(rcp_reason, row_id) AS rcp_reason,
    arg_min(is_trial_proposed, row_id) AS is_trial_proposed,
    bool_or(is_labelled) AS is_labelled,
    count(*) AS declaration_count
FROM har_rcp
GROUP BY
    tumour_id,
    rcp_kind,
    rcp_date,
    -- an act without kind or day is never merged
    CASE WHEN rcp_date_precision = 'day' AND rcp_kind IS NOT NULL THEN '' ELSE row_id END
ORDER BY tumour_id, rcp_date, row_id
