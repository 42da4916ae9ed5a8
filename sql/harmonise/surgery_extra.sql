/* ---
id: surgery_extra
title: {fr: Lieu de chaque chirurgie, en: Place of each surgery}
grain: one row per surgery
why: the facility is found by exact name; an unknown name stays unknown and is never guessed
--- */
SELECT
    surgery.row_id,
    known.facility_id,
    judged.is_inside AS is_in_reference
FROM val_surgery AS surgery
LEFT JOIN facility_name AS known ON surgery.surgery_facility = known.name_stated
LEFT JOIN dated_act AS act ON surgery.row_id = act.row_id
LEFT JOIN act_in_span AS judged
    ON
        act.holder_id = judged.holder_id
        AND act.earliest IS NOT DISTINCT FROM judged.earliest
        AND act.latest IS NOT DISTINCT FROM judged.latest
