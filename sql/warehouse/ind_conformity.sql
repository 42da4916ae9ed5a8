/* ---
id: ind_conformity
title: {fr: Résultats des indicateurs, en: Results of the indicators}
grain: >-
  one row per indicator, period and group; all and the three places always, a centre only where it has eligible tumours
why: >-
  every proportion is given twice, of all and of the known, each with its Wilson 95 % interval
  (score interval without continuity correction, z² = 3.841458820694124); nothing eligible leaves the figures empty
--- */
WITH place (group_kind, group_id) AS (
    VALUES ('all', 'all'), ('place', 'in_reference'), ('place', 'outside'), ('place', 'unknown')
),

grouped AS (
    SELECT indicator_id, period_id, is_achieved, 'all' AS group_kind, 'all' AS group_id
    FROM fct_indicator
    UNION ALL
    SELECT
        indicator_id,
        period_id,
        is_achieved,
        'place' AS group_kind,
        CASE
            WHEN is_first_surgery_in_reference THEN 'in_reference'
            WHEN NOT is_first_surgery_in_reference THEN 'outside'
            ELSE 'unknown'
        END AS group_id
    FROM fct_indicator
    UNION ALL
    SELECT indicator_id, period_id, is_achieved, 'centre' AS group_kind, centre_id AS group_id
    FROM fct_indicator
),

counted AS (
    SELECT
        indicator_id,
        period_id,
        group_kind,
        group_id,
        count(*) AS eligible_count,
        count(*) FILTER (WHERE is_achieved) AS achieved_count,
        count(*) FILTER (WHERE NOT is_achieved) AS not_achieved_count
    FROM grouped
    GROUP BY indicator_id, period_id, group_kind, group_id
),

expected AS (
    SELECT wanted.indicator_id, wanted.period_id, place.group_kind, place.group_id
    FROM src_indicator AS wanted
    CROSS JOIN place
    UNION
    SELECT indicator_id, period_id, group_kind, group_id
    FROM counted
),

numbered AS (
    SELECT
        expected.indicator_id,
        expected.period_id,
        expected.group_kind,
        expected.group_id,
        coalesce(counted.eligible_count, 0) AS eligible_count,
        coalesce(counted.achieved_count, 0) AS achieved_count,
        coalesce(counted.not_achieved_count, 0) AS not_achieved_count,
        CAST(counted.achieved_count AS DOUBLE PRECISION) AS k,
        nullif(CAST(counted.eligible_count AS DOUBLE PRECISION), 0) AS n_all,
        nullif(CAST(counted.achieved_count + counted.not_achieved_count AS DOUBLE PRECISION), 0) AS n_known,
        CAST(3.841458820694124 AS DOUBLE PRECISION) AS z2,
        CASE WHEN expected.group_kind = 'all' THEN wanted.published_percent END AS published_percent
    FROM expected
    LEFT JOIN counted USING (indicator_id, period_id, group_kind, group_id)
    LEFT JOIN src_indicator AS wanted USING (indicator_id, period_id)
)

SELECT
    indicator_id,
    period_id,
    group_kind,
    group_id,
    eligible_count,
    achieved_count,
    not_achieved_count,
    eligible_count - achieved_count - not_achieved_count AS missing_count,
    100 * k / n_all AS percent_all,
    -- greatest and least clear the last bit at 0 and 100 %, but they pass over NULL
    CASE
        WHEN n_all > 0
            THEN greatest(0, 100 * (k + z2 / 2 - sqrt(z2 * (k * (n_all - k) / n_all + z2 / 4))) / (n_all + z2))
    END AS percent_all_low,
    CASE
        WHEN n_all > 0
            THEN least(100, 100 * (k + z2 / 2 + sqrt(z2 * (k * (n_all - k) / n_all + z2 / 4))) / (n_all + z2))
    END AS percent_all_high,
    100 * k / n_known AS percent_known,
    CASE
        WHEN n_known > 0
            THEN greatest(0, 100 * (k + z2 / 2 - sqrt(z2 * (k * (n_known - k) / n_known + z2 / 4))) / (n_known + z2))
    END AS percent_known_low,
    CASE
        WHEN n_known > 0
            THEN least(100, 100 * (k + z2 / 2 + sqrt(z2 * (k * (n_known - k) / n_known + z2 / 4))) / (n_known + z2))
    END AS percent_known_high,
    published_percent
FROM numbered
ORDER BY indicator_id, period_id, group_kind, group_id
