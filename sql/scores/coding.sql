/* ---
id: coding
title: {fr: "Codage du diagnostic, comparé à la vérité", en: "Coding of the diagnosis compared with the truth"}
grain: one row
why: the golden morphology and topography of each matched tumour; an uncoded tumour is counted apart, never as right
--- */
SELECT
    count(*) AS diagnoses,
    count(*) FILTER (
        WHERE har_tumour.morphology = truth_tumour.morphology AND har_tumour.topography = truth_tumour.topography
    ) AS diagnoses_right,
    count(*) FILTER (
        WHERE har_tumour.morphology IS NULL OR har_tumour.topography IS NULL
    ) AS diagnoses_uncoded
FROM tumour_match
INNER JOIN har_tumour USING (tumour_id)
INNER JOIN truth_tumour USING (tumour_key)
