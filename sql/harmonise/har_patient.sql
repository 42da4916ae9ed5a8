/* ---
id: har_patient
title: {fr: Patients pseudonymisés, en: Pseudonymised patients}
grain: one row per person
why: >-
  only year and month of birth leave the integration zone, each only when the golden date knows it; a row
  coded 9540/1 (neurofibromatosis) is a predisposition, not a tumour
--- */
WITH statement AS (
    SELECT
        record.patient_id,
        history.predisposition,
        history.has_previous_cancer,
        history.has_previous_radiotherapy
    FROM val_patient_history AS history
    INNER JOIN lnk_record AS record
        ON history.centre_id = record.centre_id AND history.local_patient_id = record.local_patient_id
    UNION ALL
    SELECT
        patient_id,
        'nf1' AS predisposition,
        NULL AS has_previous_cancer,
        NULL AS has_previous_radiotherapy
    FROM har_diagnosis_reading
    WHERE starts_with(review_reason, 'predisposition_nf1')
),

history AS (
    SELECT
        patient_id,
        -- a named predisposition wins over "other", and "other" over "none"
        arg_min(
            predisposition,
            CASE predisposition WHEN 'none' THEN '2' WHEN 'other' THEN '1' ELSE '0' || predisposition END
        ) FILTER (WHERE predisposition IS NOT NULL) AS predisposition,
        bool_or(has_previous_cancer) AS has_previous_cancer,
        bool_or(has_previous_radiotherapy) AS has_previous_radiotherapy
    FROM statement
    GROUP BY patient_id
)

SELECT
    person.patient_id,
    person.sex,
    CASE WHEN person.birth_date_precision IN ('day', 'month', 'year') THEN year(person.birth_date) END AS birth_year,
    CASE WHEN person.birth_date_precision IN ('day', 'month') THEN month(person.birth_date) END AS birth_month,
    person.vital_status,
    history.predisposition,
    history.has_previous_cancer,
    history.has_previous_radiotherapy,
    person.record_count
FROM lnk_person AS person
LEFT JOIN history ON person.patient_id = history.patient_id
