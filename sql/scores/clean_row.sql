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
    FROM faulty_place
    WHERE
        faulty_place.centre_id = staged.centre_id AND faulty_place.file = staged.file
        AND faulty_place.line = staged.line AND (faulty_place.rank = staged.rank OR faulty_place.is_line)
)
GROUP BY staged.entity
ORDER BY staged.entity
