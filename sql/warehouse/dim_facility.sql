/* ---
id: dim_facility
title: {fr: Établissements de soins, en: Facilities}
grain: one row per facility
why: the place of the first surgery decides whether it took place in a reference centre
--- */
SELECT
    facility_id,
    name,
    role,
    centre_id,
    CAST(valid_from AS DATE) AS valid_from,
    CAST(valid_to AS DATE) AS valid_to
FROM src_facility
ORDER BY facility_id
