/* ---
id: tumour_pair
title: {fr: Paires compatibles de tumeurs locales, en: Compatible pairs of local tumours}
grain: one row per ordered pair of different local tumours of one patient that may be the same primary
why: >-
  IARC/IACR 2004 (same site group and histology group, or one unspecified), and our extension: same site group and
  diagnosed within 60 days is one lesion whose histology changed at a second reading. Strength 3 knows site and
  histology, 2 the site, 1 the histology, 0 neither
--- */
WITH pair AS (
    SELECT
        a.node AS node_a,
        b.node AS node_b,
        a.site_group AS site_a,
        b.site_group AS site_b,
        a.iarc_group AS group_a,
        b.iarc_group AS group_b,
        greatest(
            0,
            a.diagnosis_date - b.diagnosis_date_latest,
            b.diagnosis_date - a.diagnosis_date_latest
        ) AS gap_days,
        a.diagnosis_date IS NOT NULL AND b.diagnosis_date IS NOT NULL AS is_dated
    FROM local_tumour AS a
    INNER JOIN local_tumour AS b ON a.patient_id = b.patient_id AND a.node <> b.node
)

SELECT
    node_a,
    node_b,
    CASE WHEN site_a IS NULL THEN 0 ELSE 2 END + CASE WHEN group_a IS NULL THEN 0 ELSE 1 END AS strength_a,
    CASE WHEN site_b IS NULL THEN 0 ELSE 2 END + CASE WHEN group_b IS NULL THEN 0 ELSE 1 END AS strength_b,
    CASE WHEN is_dated THEN gap_days END AS gap_days
FROM pair
WHERE
    (site_a = site_b OR site_a IS NULL OR site_b IS NULL)
    AND (group_a = group_b OR group_a IS NULL OR group_b IS NULL OR (is_dated AND gap_days <= 60))
