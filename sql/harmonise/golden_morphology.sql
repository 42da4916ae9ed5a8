/* ---
id: golden_morphology
title: {fr: Morphologie retenue par tumeur, en: Retained morphology of each tumour}
grain: one row per tumour with a coded reading
why: >-
  the certain expert reading (the latest), else the responsible centre's certain one, else any certain one (smallest
  centre id), else an uncertain one in the same order
--- */
WITH ordered AS (
    SELECT
        reading.tumour_id,
        reading.morphology,
        row_number() OVER (
            PARTITION BY reading.tumour_id
            ORDER BY
                reading.is_certain DESC,
                CASE
                    WHEN reading.reading = 'expert' THEN 0
                    WHEN declaration.place = 1 THEN 1
                    ELSE 2
                END ASC,
                CASE WHEN reading.reading = 'expert' THEN reading.reading_date END DESC NULLS LAST,
                reading.centre_id ASC,
                declaration.place ASC NULLS LAST,
                reading.reading_id ASC
        ) AS place
    FROM har_diagnosis_reading AS reading
    LEFT JOIN declaration_ranked AS declaration ON reading.reading_id = declaration.reading_id
    WHERE reading.morphology IS NOT NULL
)

SELECT
    tumour_id,
    morphology
FROM ordered
WHERE place = 1
