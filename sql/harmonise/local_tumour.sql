/* ---
id: local_tumour
title: {fr: Tumeurs locales et ce qui les rapproche, en: Local tumours and what brings them together}
grain: one row per local tumour of a linked patient, numbered by patient, centre and local ids
why: >-
  a tumour sent in several rows is one node; an unknown site (C80) or an unspecified histology (IARC group 17) is no
  evidence and counts as missing
--- */
WITH declaration AS (
    SELECT
        tumour.centre_id,
        tumour.local_patient_id,
        tumour.local_tumour_id,
        record.person_id,
        record.patient_id,
        tumour.row_id,
        nullif(topography.iarc_site_group, 'C80') AS site_group,
        nullif(morphology.iarc_group, '17') AS iarc_group,
        tumour.diagnosis_date,
        CASE tumour.diagnosis_date_precision
            WHEN 'month' THEN last_day(tumour.diagnosis_date)
            WHEN 'year' THEN make_date(year(tumour.diagnosis_date), 12, 31)
            ELSE tumour.diagnosis_date
        END AS diagnosis_date_latest
    FROM val_tumour AS tumour
    INNER JOIN lnk_record AS record
        ON tumour.centre_id = record.centre_id AND tumour.local_patient_id = record.local_patient_id
    INNER JOIN reading_coded AS coded ON tumour.row_id = coded.row_id AND coded.reading = 'declared'
    LEFT JOIN code_morphology AS morphology ON coded.morphology = morphology.morphology
    LEFT JOIN code_topography AS topography ON coded.topography = topography.topography
),

best_row AS (
    SELECT
        declaration.*,
        row_number() OVER (
            PARTITION BY declaration.centre_id, declaration.local_patient_id, declaration.local_tumour_id
            ORDER BY
                declaration.iarc_group IS NULL,
                declaration.site_group IS NULL,
                declaration.diagnosis_date IS NULL,
                declaration.row_id
        ) AS place
    FROM declaration
)

SELECT
    row_number() OVER (ORDER BY patient_id, centre_id, local_patient_id, local_tumour_id) AS node,
    centre_id,
    local_patient_id,
    local_tumour_id,
    person_id,
    patient_id,
    site_group,
    iarc_group,
    diagnosis_date,
    diagnosis_date_latest
FROM best_row
WHERE place = 1
