/* ---
id: dim_facility
title: {fr: Établissements de soins, en: Facilities}
grain: one row per facility; the code table has one row per alias
why: the place of the first surgery decides whether it took place in a reference centre
--- */
SELECT DISTINCT
    facility_id,
    name,
    role,
    centre_id,
    valid_from,
    valid_to
FROM src_facility
ORDER BY facility_id
