/* ---
id: tumour_edge
title: {fr: Liens entre tumeurs locales, en: Links between local tumours}
grain: one row per ordered pair that is the same primary
why: >-
  a tumour that says less joins one tumour that says more, the nearest in time, so that it never brings two of them
  together; tumours that say as much join when they agree
--- */
WITH attachable AS (
    SELECT
        node_a,
        node_b,
        row_number() OVER (PARTITION BY node_a ORDER BY gap_days ASC NULLS LAST, strength_b DESC, node_b ASC) AS place
    FROM tumour_pair
    WHERE strength_a < strength_b
),

attached AS (
    SELECT
        node_a,
        node_b
    FROM attachable
    WHERE place = 1
)

SELECT
    node_a,
    node_b
FROM attached
UNION ALL
SELECT
    node_b AS node_a,
    node_a AS node_b
FROM attached
UNION ALL
SELECT
    tumour_pair.node_a,
    tumour_pair.node_b
FROM tumour_pair
LEFT JOIN attached AS left_end ON tumour_pair.node_a = left_end.node_a
LEFT JOIN attached AS right_end ON tumour_pair.node_b = right_end.node_a
WHERE
    tumour_pair.strength_a = tumour_pair.strength_b
    AND left_end.node_a IS NULL
    AND right_end.node_a IS NULL
