/* ---
id: dim_date
title: {fr: Calendrier, en: Calendar}
grain: one row per day, whole years, from the first tumour date to the reference day or the last tumour date
why: analysts group by year, quarter and month without computing them
--- */
WITH tumour_span AS (
    SELECT
        min(least(
            diagnosis_date, first_biopsy_date, first_rcp_date, first_surgery_date, first_expert_reading_date,
            last_news_date
        )) AS first_day,
        max(greatest(
            diagnosis_date_latest, first_biopsy_date_latest, first_rcp_date_latest, first_surgery_date_latest,
            first_expert_reading_date, last_news_date
        )) AS last_day
    FROM fct_tumour
),

span AS (
    SELECT
        date_trunc('year', least(setting.today, tumour_span.first_day)) AS first_day,
        date_trunc('year', greatest(setting.today, tumour_span.last_day)) AS last_year
    FROM src_setting AS setting
    CROSS JOIN tumour_span
),

calendar AS (
    SELECT CAST(unnest(range(first_day, last_year + INTERVAL 1 YEAR, INTERVAL 1 DAY)) AS DATE) AS day
    FROM span
)

SELECT
    day,
    year(day) AS year,
    quarter(day) AS quarter,
    month(day) AS month
FROM calendar
ORDER BY day
