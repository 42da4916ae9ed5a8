/* ---
id: dim_diagnosis
title: {fr: Diagnostics CIM-O-3.2, en: ICD-O-3.2 diagnoses}
grain: one row per morphology
why: the scope of the network is a list of malignancy classes; a diagnosis outside it stays in the data
--- */
SELECT
    morphology,
    label_fr,
    label_en,
    behaviour,
    malignancy_class,
    who_group,
    iarc_group,
    coalesce(malignancy_class IN (SELECT scope.malignancy_class FROM src_scope AS scope), FALSE) AS is_in_scope
FROM src_diagnosis
ORDER BY morphology
