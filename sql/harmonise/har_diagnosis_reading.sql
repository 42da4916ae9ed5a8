/* ---
id: har_diagnosis_reading
title: {fr: Lectures du diagnostic, en: Diagnosis readings}
grain: one row per reading of a national tumour
why: every reading is kept; the golden diagnosis chooses among them and erases none
--- */
SELECT
    concat(coded.row_id, ':', coded.reading) AS reading_id,
    coded.row_id,
    link.tumour_id,
    link.patient_id,
    coded.centre_id,
    coded.reading,
    coded.reading_date,
    coded.morphology_stated,
    coded.morphology_version,
    coded.adicap_stated,
    coded.label_stated,
    coded.topography_stated,
    coded.morphology,
    coded.topography,
    coded.coding_method,
    coded.is_certain,
    coded.review_reason
FROM reading_coded AS coded
INNER JOIN tumour_link AS link
    ON
        coded.centre_id = link.centre_id
        AND coded.local_patient_id = link.local_patient_id
        AND coded.local_tumour_id = link.local_tumour_id
