/* ---
id: har_tumour
title: {fr: Tumeurs primitives nationales, en: National primary tumours}
grain: one row per national tumour
why: >-
  each field comes from the responsible centre, else from the next declaration that knows it; a date keeps its own
  two ends, a grade its own system; a sub-site wins over a site group
--- */
WITH retained AS (
    SELECT
        tumour_id,
        min(patient_id) AS patient_id,
        arg_min(centre_id, place) AS centre_id,
        arg_min(topography, place + CASE WHEN length(topography) > 3 THEN 0 ELSE 1000000 END)
            FILTER (WHERE topography IS NOT NULL) AS topography,
        arg_min(
            struct_pack(
                day_from := diagnosis_date, day_to := diagnosis_date_latest, known_to := diagnosis_date_precision
            ),
            place
        ) FILTER (WHERE diagnosis_date IS NOT NULL) AS diagnosed,
        arg_min(entry_reason, place) FILTER (WHERE entry_reason IS NOT NULL) AS entry_reason,
        arg_min(laterality, place) FILTER (WHERE laterality IS NOT NULL) AS laterality,
        arg_min(size_mm, place) FILTER (WHERE size_mm IS NOT NULL) AS size_mm,
        arg_min(depth, place) FILTER (WHERE depth IS NOT NULL) AS depth,
        arg_min(struct_pack(grade := grade, grading := grade_system), place) FILTER (WHERE grade IS NOT NULL) AS graded,
        arg_min(extent_at_diagnosis, place) FILTER (WHERE extent_at_diagnosis IS NOT NULL) AS extent_at_diagnosis,
        arg_min(had_biopsy, place) FILTER (WHERE had_biopsy IS NOT NULL) AS had_biopsy,
        count(*) AS record_count
    FROM declaration_ranked
    GROUP BY tumour_id
)

SELECT
    retained.tumour_id,
    retained.patient_id,
    retained.centre_id,
    golden.morphology,
    retained.topography,
    retained.diagnosed.day_from AS diagnosis_date,
    retained.diagnosed.day_to AS diagnosis_date_latest,
    coalesce(retained.diagnosed.known_to, 'unknown') AS diagnosis_date_precision,
    retained.entry_reason,
    retained.laterality,
    retained.size_mm,
    retained.depth,
    retained.graded.grade AS grade,
    retained.graded.grading AS grade_system,
    retained.extent_at_diagnosis,
    retained.had_biopsy,
    scope_class.malignancy_class IS NOT NULL AS is_in_scope,
    retained.record_count
FROM retained
LEFT JOIN golden_morphology AS golden ON retained.tumour_id = golden.tumour_id
LEFT JOIN code_morphology AS morphology ON golden.morphology = morphology.morphology
LEFT JOIN scope_class ON morphology.malignancy_class = scope_class.malignancy_class
