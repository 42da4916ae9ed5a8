/* ---
id: clean_row
title: {fr: "Lignes où rien n'a été altéré", en: "Rows where nothing was altered"}
grain: one row per entity
why: the denominator of false alarms
--- */
SELECT
    staged.entity,
    count(*) AS row_count
FROM staged
WHERE NOT EXISTS (
    SELECT 1
    FROM truth_fault
    WHERE
        truth_fault.centre_id = staged.centre_id AND truth_fault.file = staged.file
        AND truth_fault.line = staged.line AND truth_fault.rank = staged.rank
)
GROUP BY staged.entity
ORDER BY staged.entity
