/* ---
id: dim_period
title: {fr: Périodes du rapport, en: Periods of the report}
grain: one row per period
why: a period that is not exhaustive is barred from incidence and marked in trend tables
--- */
SELECT
    period_id,
    label_fr,
    label_en,
    start_date,
    end_date,
    is_exhaustive
FROM src_period
ORDER BY start_date
