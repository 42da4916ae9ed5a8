/* ---
id: v_conformity
title: {fr: Résultats des indicateurs avec leurs libellés, en: Results of the indicators with their labels}
grain: one row per indicator, period and group, as ind_conformity
why: >-
  the first query of an analyst; small counts are not suppressed here, the warehouse is not a publication
--- */
WITH centre AS (
    SELECT centre_id, min(name) AS name
    FROM dim_centre
    GROUP BY centre_id
)

SELECT
    result.indicator_id,
    result.period_id,
    period.label_fr AS period_fr,
    period.label_en AS period_en,
    period.is_exhaustive,
    result.group_kind,
    result.group_id,
    centre.name AS centre_name,
    result.eligible_count,
    result.achieved_count,
    result.not_achieved_count,
    result.missing_count,
    result.percent_all,
    result.percent_all_low,
    result.percent_all_high,
    result.percent_known,
    result.percent_known_low,
    result.percent_known_high,
    result.published_percent
FROM ind_conformity AS result
INNER JOIN dim_period AS period ON result.period_id = period.period_id
LEFT JOIN centre ON result.group_kind = 'centre' AND result.group_id = centre.centre_id
