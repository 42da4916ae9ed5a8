/* ---
id: reading_coded
title: {fr: Lectures codées, en: Coded readings}
grain: one row per reading
why: a decision is taken once per distinct combination of what is written, then joined back
--- */
SELECT
    written.row_id,
    written.centre_id,
    written.local_patient_id,
    written.local_tumour_id,
    written.reading,
    written.reading_date,
    written.morphology_stated,
    written.morphology_version,
    written.adicap_stated,
    written.label_stated,
    coalesce(written.topography_code, written.topography_label, written.icd10_code) AS topography_stated,
    diagnosis.morphology,
    place.topography,
    diagnosis.coding_method,
    diagnosis.is_certain,
    nullif(concat_ws('; ', diagnosis.review_reason, place.review_reason), '') AS review_reason
FROM reading_source AS written
INNER JOIN decided_diagnosis AS diagnosis
    ON
        written.morphology_stated IS NOT DISTINCT FROM diagnosis.morphology_stated
        AND written.morphology_version IS NOT DISTINCT FROM diagnosis.morphology_version
        AND written.adicap_stated IS NOT DISTINCT FROM diagnosis.adicap_stated
        AND written.label_stated IS NOT DISTINCT FROM diagnosis.label_stated
INNER JOIN decided_site AS place
    ON
        written.topography_code IS NOT DISTINCT FROM place.topography_code
        AND written.icd10_code IS NOT DISTINCT FROM place.icd10_code
        AND written.topography_label IS NOT DISTINCT FROM place.topography_label
