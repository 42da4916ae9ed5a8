/* ---
id: faulty_place
title: {fr: "Où un défaut a été écrit", en: "Where a fault was written"}
grain: one row per file, table map and line with a fault
why: a fault without a field, or in a local key, concerns the whole line, whatever else stands in it
--- */
SELECT
    centre_id,
    file,
    rank,
    line,
    bool_or(field IS NULL OR field IN ('local_patient_id', 'local_tumour_id')) AS is_line
FROM truth_fault
WHERE line IS NOT NULL
GROUP BY centre_id, file, rank, line
