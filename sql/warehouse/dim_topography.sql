/* ---
id: dim_topography
title: {fr: Sièges CIM-O-3, en: ICD-O-3 sites}
grain: one row per topography
why: sites are grouped for reports and for counting primaries
--- */
SELECT
    topography,
    label_fr,
    label_en,
    site_group,
    iarc_site_group
FROM src_topography
ORDER BY topography
