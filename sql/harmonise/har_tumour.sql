/* ---
id: har_tumour
title: {fr: Tumeurs primitives nationales, en: National primary tumours}
grain: one row per national tumour
why: >-
  each field comes from the responsible centre, else from the next declaration that knows it; a date keeps its own
  two ends, a grade its own system; a sub-site wins over a site group
--- */
WITH declaration AS (
    SELECT
        ranked.*,
        row_number() OVER (
            PARTITION BY ranked.tumour_id ORDER BY length(ranked.topography) > 3 DESC, ranked.place ASC
        ) AS site_place
    FROM declaration_ranked AS ranked
),

retained AS (
    SELECT
        tumour_id,
        min(patient_id) AS patient_id,
        arg_min(centre_id, place) AS centre_id,
        arg_min(topography, site_place) FILTER (WHERE topography IS NOT NULL) AS topography,
        arg_min(diagnosis_date, place) FILTER (WHERE diagnosis_date IS NOT NULL) AS diagnosis_date,
        arg_min(diagnosis_date_latest, place) FILTER (WHERE diagnosis_date IS NOT NULL) AS diagnosis_date_latest,
        arg_min_null(diagnosis_date_precision, place) FILTER (WHERE diagnosis_date IS NOT NULL) AS date_precision,
        arg_min(entry_reason, place) FILTER (WHERE entry_reason IS NOT NULL) AS entry_reason,
        arg_min(laterality, place) FILTER (WHERE laterality IS NOT NULL) AS laterality,
        arg_min(size_mm, place) FILTER (WHERE size_mm IS NOT NULL) AS size_mm,
        arg_min(depth, place) FILTER (WHERE depth IS NOT NULL) AS depth,
        arg_min(grade, place) FILTER (WHERE grade IS NOT NULL) AS grade,
        -- the system of that very grade, even when it is not stated
        arg_min_null(grade_system, place) FILTER (WHERE grade IS NOT NULL) AS grade_system,
        arg_min(extent_at_diagnosis, place) FILTER (WHERE extent_at_diagnosis IS NOT NULL) AS extent_at_diagnosis,
        arg_min(had_biopsy, place) FILTER (WHERE had_biopsy IS NOT NULL) AS had_biopsy,
        count(*) AS record_count
    FROM declaration
    GROUP BY tumour_id
)

SELECT
    retained.tumour_id,
    retained.patient_id,
    retained.centre_id,
    golden.morphology,
    retained.topography,
    retained.diagnosis_date,
    retained.diagnosis_date_latest,
    coalesce(retained.date_precision, 'unknown') AS diagnosis_date_precision,
    retained.entry_reason,
    retained.laterality,
    retained.size_mm,
    retained.depth,
    retained.grade,
    retained.grade_system,
    retained.extent_at_diagnosis,
    retained.had_biopsy,
    scope_class.malignancy_class IS NOT NULL AS is_in_scope,
    retained.record_count
FROM retained
LEFT JOIN golden_morphology AS golden ON retained.tumour_id = golden.tumour_id
LEFT JOIN code_morphology AS morphology ON golden.morphology = morphology.morphology
LEFT JOIN scope_class ON morphology.malignancy_class = scope_class.malignancy_class
