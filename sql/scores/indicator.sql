/* ---
id: indicator
title: {fr: "Indicateurs, comparés à la vérité", en: "Indicators compared with the truth"}
grain: one row per indicator and period of either side
why: every difference is one of four causes, and their sum is the difference
--- */
WITH both_sides AS (
    SELECT
        coalesce(truth.indicator_id, found.indicator_id) AS indicator_id,
        truth.period_id AS true_period_id,
        found.period_id AS found_period_id,
        truth.indicator_id IS NOT NULL AS is_true,
        found.indicator_id IS NOT NULL AS is_found,
        truth.is_achieved AS true_answer,
        found.is_achieved AS found_answer
    FROM (
        SELECT truth_indicator.*, tumour_match.tumour_id
        FROM truth_indicator
        LEFT JOIN tumour_match USING (tumour_key)
    ) AS truth
    FULL OUTER JOIN fct_indicator AS found
        ON truth.tumour_id = found.tumour_id AND truth.indicator_id = found.indicator_id
        AND truth.period_id = found.period_id
)

SELECT
    indicator_id,
    coalesce(true_period_id, found_period_id) AS period_id,
    count(*) FILTER (WHERE is_true) AS true_eligible,
    count(*) FILTER (WHERE is_true AND true_answer) AS true_achieved,
    count(*) FILTER (WHERE is_found) AS eligible,
    count(*) FILTER (WHERE is_found AND found_answer) AS achieved,
    count(*) FILTER (WHERE is_true AND NOT is_found) AS not_found,
    count(*) FILTER (WHERE is_found AND NOT is_true) AS not_true,
    count(*) FILTER (WHERE is_true AND is_found AND true_answer IS NOT NULL AND found_answer IS NULL) AS answer_lost,
    count(*) FILTER (
        WHERE is_true AND is_found AND found_answer IS NOT NULL AND true_answer IS DISTINCT FROM found_answer
    ) AS answer_changed
FROM both_sides
GROUP BY indicator_id, coalesce(true_period_id, found_period_id)
ORDER BY indicator_id, coalesce(true_period_id, found_period_id)
