/* ---
id: tumour_link
title: {fr: Tumeur nationale de chaque ligne d'événement, en: National tumour of each local key}
grain: one row per centre, local patient and local tumour written in any table
why: >-
  an event may name a tumour that the centre did not send: it belongs to the patient's only tumour at that centre,
  and to none when there are several
--- */
WITH only_tumour AS (
    SELECT
        centre_id,
        local_patient_id,
        min(tumour_id) AS tumour_id,
        min(patient_id) AS patient_id
    FROM lnk_tumour
    GROUP BY centre_id, local_patient_id
    HAVING count(DISTINCT tumour_id) = 1
)

SELECT
    written.centre_id,
    written.local_patient_id,
    written.local_tumour_id,
    coalesce(tumour.tumour_id, only_tumour.tumour_id) AS tumour_id,
    coalesce(tumour.patient_id, only_tumour.patient_id) AS patient_id
FROM written_tumour AS written
LEFT JOIN lnk_tumour AS tumour
    ON
        written.centre_id = tumour.centre_id
        AND written.local_patient_id = tumour.local_patient_id
        AND written.local_tumour_id = tumour.local_tumour_id
LEFT JOIN only_tumour
    ON written.centre_id = only_tumour.centre_id AND written.local_patient_id = only_tumour.local_patient_id
WHERE coalesce(tumour.tumour_id, only_tumour.tumour_id) IS NOT NULL
