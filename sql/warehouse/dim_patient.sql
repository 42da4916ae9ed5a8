/* ---
id: dim_patient
title: {fr: Patients pseudonymisés, en: Pseudonymised patients}
grain: one row per patient
why: several centres state a death; the most precise statement is kept, then the earliest, then the first row
--- */
WITH death_statement AS (
    SELECT
        patient_id,
        death_date,
        death_date_latest,
        death_date_precision,
        row_number() OVER (
            PARTITION BY patient_id ORDER BY death_date_latest - death_date, death_date, row_id
        ) AS rank_of_statement
    FROM har_follow_up
    WHERE death_date IS NOT NULL
)

SELECT
    patient.patient_id,
    patient.sex,
    patient.birth_year,
    patient.birth_month,
    patient.vital_status,
    patient.predisposition,
    patient.has_previous_cancer,
    patient.has_previous_radiotherapy,
    patient.record_count,
    death.death_date,
    death.death_date_latest,
    death.death_date_precision
FROM har_patient AS patient
LEFT JOIN death_statement AS death
    ON patient.patient_id = death.patient_id AND death.rank_of_statement = 1
ORDER BY patient.patient_id
