/* ---
id: fct_follow_up
title: {fr: Suivi, en: Follow-up}
grain: one row per event; the same event on the same day of a tumour is one event
why: the same news of a patient reaches several centres
--- */
SELECT
    min(row_id) AS row_id,
    tumour_id,
    arg_min(patient_id, row_id) AS patient_id,
    arg_min(centre_id, row_id) AS centre_id,
    arg_min(delivery_id, row_id) AS delivery_id,
    follow_up_event,
    event_date,
    arg_min(event_date_latest, row_id) AS event_date_latest,
    arg_min(event_date_precision, row_id) AS event_date_precision,
    arg_min(disease_status, row_id) AS disease_status,
    arg_min(death_date, row_id) AS death_date,
    arg_min(death_date_latest, row_id) AS death_date_latest,
    coalesce(
        arg_min(death_date_precision, row_id) FILTER (WHERE death_date IS NOT NULL), min(death_date_precision)
    ) AS death_date_precision,
    count(*) AS declaration_count
FROM har_follow_up
GROUP BY
    tumour_id,
    follow_up_event,
    event_date,
    -- an act without kind or day is never merged
    CASE WHEN event_date_precision = 'day' AND follow_up_event IS NOT NULL THEN '' ELSE row_id END
ORDER BY tumour_id, event_date, row_id
