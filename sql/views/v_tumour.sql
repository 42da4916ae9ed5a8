/* ---
id: v_tumour
title: {fr: Tumeurs avec leurs libellés, en: Tumours with their labels}
grain: one row per national primary tumour, as fct_tumour
why: a flat table for a first look, with diagnosis, site and patient in words
--- */
SELECT
    tumour.tumour_id,
    tumour.patient_id,
    tumour.centre_id,
    tumour.period_id,
    tumour.is_incident,
    tumour.is_in_scope,
    tumour.diagnosis_date,
    tumour.diagnosis_date_precision,
    tumour.age_at_diagnosis,
    patient.sex,
    tumour.morphology,
    diagnosis.label_fr AS diagnosis_fr,
    diagnosis.label_en AS diagnosis_en,
    diagnosis.malignancy_class,
    tumour.topography,
    site.label_fr AS site_fr,
    site.label_en AS site_en,
    site.site_group,
    tumour.grade,
    tumour.extent_at_diagnosis,
    tumour.first_biopsy_date,
    tumour.first_network_rcp_date,
    tumour.first_surgery_date,
    tumour.first_surgery_margin,
    tumour.is_first_surgery_in_reference
FROM fct_tumour AS tumour
INNER JOIN dim_patient AS patient ON tumour.patient_id = patient.patient_id
LEFT JOIN dim_diagnosis AS diagnosis ON tumour.morphology = diagnosis.morphology
LEFT JOIN dim_topography AS site ON tumour.topography = site.topography
