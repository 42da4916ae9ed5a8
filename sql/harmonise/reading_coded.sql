/* ---
id: reading_coded
title: {fr: Lectures codées, en: Coded readings}
grain: one row per reading
why: a decision is taken once per distinct combination of what is written, then joined back
--- */
SELECT
    source.row_id,
    source.centre_id,
    source.local_patient_id,
    source.local_tumour_id,
    source.reading,
    source.reading_date,
    source.morphology_stated,
    source.morphology_version,
    source.adicap_stated,
    source.label_stated,
    coalesce(source.topography_code, source.topography_label, source.icd10_code) AS topography_stated,
    diagnosis.morphology,
    place.topography,
    diagnosis.coding_method,
    diagnosis.is_certain,
    nullif(concat_ws('; ', diagnosis.review_reason, place.review_reason), '') AS review_reason
FROM reading_source AS source
INNER JOIN decided_diagnosis AS diagnosis
    ON
        source.morphology_stated IS NOT DISTINCT FROM diagnosis.morphology_stated
        AND source.morphology_version IS NOT DISTINCT FROM diagnosis.morphology_version
        AND source.adicap_stated IS NOT DISTINCT FROM diagnosis.adicap_stated
        AND source.label_stated IS NOT DISTINCT FROM diagnosis.label_stated
INNER JOIN decided_site AS place
    ON
        source.topography_code IS NOT DISTINCT FROM place.topography_code
        AND source.icd10_code IS NOT DISTINCT FROM place.icd10_code
        AND source.topography_label IS NOT DISTINCT FROM place.topography_label
