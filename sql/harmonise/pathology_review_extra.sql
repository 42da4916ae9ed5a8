/* ---
id: pathology_review_extra
title: {fr: Morphologies d'une relecture, en: Morphologies of a review}
grain: one row per review
why: both readings in ICD-O-3.2 side by side; whether each is certain is in har_diagnosis_reading
--- */
SELECT
    row_id,
    max(morphology) FILTER (WHERE reading = 'initial') AS initial_morphology,
    max(morphology) FILTER (WHERE reading = 'expert') AS expert_morphology
FROM reading_coded
WHERE reading <> 'declared'
GROUP BY row_id
