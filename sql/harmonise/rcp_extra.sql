/* ---
id: rcp_extra
title: {fr: Label de chaque RCP, en: Label of each meeting}
grain: one row per meeting
why: a labelled kind of meeting counts when the centre that holds it has a role in the network on that day
--- */
SELECT
    rcp.row_id,
    CASE
        WHEN rcp.rcp_kind IS NULL THEN NULL
        ELSE rcp.rcp_kind IN (SELECT labelled_kind.rcp_kind FROM labelled_kind) AND judged.is_inside
    END AS is_labelled
FROM val_rcp AS rcp
LEFT JOIN dated_act AS act ON rcp.row_id = act.row_id
LEFT JOIN act_in_span AS judged
    ON
        act.holder_id = judged.holder_id
        AND act.earliest IS NOT DISTINCT FROM judged.earliest
        AND act.latest IS NOT DISTINCT FROM judged.latest
