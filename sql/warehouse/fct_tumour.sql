/* ---
id: fct_tumour
title: {fr: Tumeurs et leurs jalons, en: Tumours and their milestones}
grain: one row per national primary tumour
why: >-
  the first surgery is the earliest act on the primary (a missing target is taken as the primary) of a kind that
  removes tumour; an excisional biopsy or an unplanned excision is a first surgery, never a biopsy before it.
  An act without date is the first only when no act has one.
--- */
WITH incident_tumour AS (
    SELECT DISTINCT ON (tumour.patient_id) tumour.tumour_id
    FROM har_tumour AS tumour
    INNER JOIN src_setting AS setting ON tumour.diagnosis_date >= setting.incident_from
    WHERE tumour.is_in_scope AND tumour.entry_reason = 'primary'
    ORDER BY tumour.patient_id, tumour.diagnosis_date, tumour.tumour_id
),

first_biopsy AS (
    SELECT DISTINCT ON (tumour_id)
        tumour_id, biopsy_date AS first_biopsy_date, biopsy_date_latest AS first_biopsy_date_latest,
        biopsy_date_precision AS first_biopsy_date_precision
    FROM fct_biopsy
    WHERE biopsy_kind IS DISTINCT FROM 'excisional'
    ORDER BY tumour_id, biopsy_date NULLS LAST, biopsy_date_latest, row_id
),

first_rcp AS (
    SELECT DISTINCT ON (tumour_id)
        tumour_id, rcp_date AS first_rcp_date, rcp_date_latest AS first_rcp_date_latest,
        rcp_date_precision AS first_rcp_date_precision
    FROM fct_rcp
    ORDER BY tumour_id, rcp_date NULLS LAST, rcp_date_latest, row_id
),

first_network_rcp AS (
    SELECT DISTINCT ON (tumour_id)
        tumour_id, rcp_date AS first_network_rcp_date, rcp_date_latest AS first_network_rcp_date_latest,
        rcp_date_precision AS first_network_rcp_date_precision
    FROM fct_rcp
    WHERE is_labelled
    ORDER BY tumour_id, rcp_date NULLS LAST, rcp_date_latest, row_id
),

first_surgery AS (
    SELECT DISTINCT ON (tumour_id)
        tumour_id, surgery_date, surgery_date_latest, surgery_date_precision, surgery_kind, surgery_intent, margin,
        facility_id, is_in_reference
    FROM fct_surgery
    WHERE
        coalesce(surgery_target, 'primary') = 'primary'
        AND surgery_kind IN ('resection', 'excisional_biopsy', 'unplanned_excision', 'amputation')
    ORDER BY tumour_id, surgery_date NULLS LAST, surgery_date_latest, row_id
),

expert_reading AS (
    SELECT tumour_id, min(expert_date) AS first_expert_reading_date FROM fct_pathology_review GROUP BY tumour_id
),

last_news AS (
    SELECT tumour_id, greatest(max(event_date), max(death_date)) AS last_news_date FROM fct_follow_up GROUP BY tumour_id
),

aged AS (
    SELECT
        tumour.tumour_id,
        -- completed years, to the month: the day of birth does not come this far
        year(tumour.diagnosis_date) - patient.birth_year - coalesce(CAST(
            tumour.diagnosis_date_precision <> 'year' AND month(tumour.diagnosis_date) < patient.birth_month
        AS INTEGER), 0) AS age
    FROM har_tumour AS tumour
    INNER JOIN har_patient AS patient USING (patient_id)
)

SELECT
    tumour.tumour_id,
    tumour.patient_id,
    tumour.centre_id,
    tumour.morphology,
    tumour.topography,
    tumour.diagnosis_date,
    tumour.diagnosis_date_latest,
    tumour.diagnosis_date_precision,
    tumour.entry_reason,
    tumour.laterality,
    tumour.size_mm,
    tumour.depth,
    tumour.grade,
    tumour.grade_system,
    tumour.extent_at_diagnosis,
    tumour.had_biopsy,
    tumour.is_in_scope,
    tumour.record_count,
    period.period_id,
    CASE WHEN aged.age BETWEEN 0 AND 120 THEN aged.age END AS age_at_diagnosis,
    incident_tumour.tumour_id IS NOT NULL AS is_incident,
    first_biopsy_date, first_biopsy_date_latest, first_biopsy_date_precision,
    first_rcp_date, first_rcp_date_latest, first_rcp_date_precision,
    first_network_rcp_date, first_network_rcp_date_latest, first_network_rcp_date_precision,
    first_surgery.surgery_date AS first_surgery_date,
    first_surgery.surgery_date_latest AS first_surgery_date_latest,
    first_surgery.surgery_date_precision AS first_surgery_date_precision,
    first_surgery.surgery_kind AS first_surgery_kind,
    first_surgery.surgery_intent AS first_surgery_intent,
    first_surgery.margin AS first_surgery_margin,
    first_surgery.facility_id AS first_surgery_facility_id,
    first_surgery.is_in_reference AS is_first_surgery_in_reference,
    expert_reading.first_expert_reading_date,
    last_news.last_news_date
FROM har_tumour AS tumour
LEFT JOIN dim_period AS period
    ON tumour.diagnosis_date >= period.start_date AND tumour.diagnosis_date_latest <= period.end_date
LEFT JOIN incident_tumour USING (tumour_id)
LEFT JOIN aged USING (tumour_id)
LEFT JOIN first_biopsy USING (tumour_id)
LEFT JOIN first_rcp USING (tumour_id)
LEFT JOIN first_network_rcp USING (tumour_id)
LEFT JOIN first_surgery USING (tumour_id)
LEFT JOIN expert_reading USING (tumour_id)
LEFT JOIN last_news USING (tumour_id)
ORDER BY tumour.tumour_id
