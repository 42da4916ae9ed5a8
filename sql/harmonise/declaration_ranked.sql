/* ---
id: declaration_ranked
title: {fr: Déclarations d'une tumeur par ordre de préférence, en: Declarations of a tumour by preference}
grain: one row per declared tumour row; rank 1 is the responsible centre's
why: >-
  the responsible centre managed the primary: entry reason primary, earliest diagnosis date, then smallest centre id;
  without any, the smallest centre id
--- */
SELECT
    reading.tumour_id,
    reading.patient_id,
    tumour.centre_id,
    tumour.entry_reason,
    tumour.diagnosis_date,
    CASE tumour.diagnosis_date_precision
        WHEN 'month' THEN last_day(tumour.diagnosis_date)
        WHEN 'year' THEN make_date(year(tumour.diagnosis_date), 12, 31)
        ELSE tumour.diagnosis_date
    END AS diagnosis_date_latest,
    tumour.diagnosis_date_precision,
    tumour.laterality,
    tumour.size_mm,
    tumour.depth,
    tumour.grade,
    tumour.grade_system,
    tumour.extent_at_diagnosis,
    tumour.had_biopsy,
    reading.topography,
    reading.reading_id,
    row_number() OVER (
        PARTITION BY reading.tumour_id
        ORDER BY
            tumour.entry_reason IS DISTINCT FROM 'primary',
            CASE WHEN tumour.entry_reason = 'primary' THEN tumour.diagnosis_date END NULLS LAST,
            tumour.centre_id,
            tumour.local_patient_id,
            tumour.local_tumour_id,
            tumour.row_id
    ) AS place
FROM val_tumour AS tumour
INNER JOIN har_diagnosis_reading AS reading
    ON tumour.row_id = reading.row_id AND reading.reading = 'declared'
