/* ---
id: reading_source
title: {fr: Lectures du diagnostic telles qu'écrites, en: Diagnosis readings as written}
grain: one row per declared tumour, first reading and expert reading that states something
why: a review names no ICD-O version; it is that of the centre's own tumour row, else of all the centre's rows
--- */
WITH local_version AS (
    SELECT
        centre_id,
        local_patient_id,
        local_tumour_id,
        min(morphology_version) AS morphology_version
    FROM val_tumour
    GROUP BY centre_id, local_patient_id, local_tumour_id
),

centre_version AS (
    SELECT
        centre_id,
        min(morphology_version) AS morphology_version
    FROM val_tumour
    GROUP BY centre_id
    HAVING count(DISTINCT morphology_version) = 1
),

review AS (
    SELECT
        reviewed.*,
        coalesce(local_version.morphology_version, centre_version.morphology_version) AS morphology_version
    FROM val_pathology_review AS reviewed
    LEFT JOIN local_version
        ON
            reviewed.centre_id = local_version.centre_id
            AND reviewed.local_patient_id = local_version.local_patient_id
            AND reviewed.local_tumour_id = local_version.local_tumour_id
    LEFT JOIN centre_version ON reviewed.centre_id = centre_version.centre_id
)

SELECT
    row_id,
    centre_id,
    local_patient_id,
    local_tumour_id,
    'declared' AS reading,
    diagnosis_date AS reading_date,
    morphology_code AS morphology_stated,
    morphology_version,
    adicap_code AS adicap_stated,
    diagnosis_label AS label_stated,
    topography_code,
    icd10_code,
    topography_label
FROM val_tumour
UNION ALL
SELECT
    row_id,
    centre_id,
    local_patient_id,
    local_tumour_id,
    'initial' AS reading,
    sampling_date AS reading_date,
    initial_morphology_code AS morphology_stated,
    morphology_version,
    NULL AS adicap_stated,
    initial_label AS label_stated,
    NULL AS topography_code,
    NULL AS icd10_code,
    NULL AS topography_label
FROM review
WHERE initial_morphology_code IS NOT NULL OR initial_label IS NOT NULL
UNION ALL
SELECT
    row_id,
    centre_id,
    local_patient_id,
    local_tumour_id,
    'expert' AS reading,
    expert_date AS reading_date,
    expert_morphology_code AS morphology_stated,
    morphology_version,
    NULL AS adicap_stated,
    expert_label AS label_stated,
    NULL AS topography_code,
    NULL AS icd10_code,
    NULL AS topography_label
FROM review
WHERE expert_morphology_code IS NOT NULL OR expert_label IS NOT NULL
