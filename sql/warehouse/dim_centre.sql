/* ---
id: dim_centre
title: {fr: Centres et leurs rôles, en: Centres and their roles}
grain: one row per centre and first day of a role
why: a role has dates, so that an act is judged by the role of its day
--- */
SELECT
    centre_id,
    name,
    city,
    region,
    finess,
    network_role,
    valid_from,
    valid_to
FROM src_centre
ORDER BY centre_id, valid_from
