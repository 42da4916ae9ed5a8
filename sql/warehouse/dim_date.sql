/* ---
id: dim_date
title: {fr: Calendrier, en: Calendar}
grain: one row per day, whole years, from the first tumour date to the reference day or the last tumour date
why: analysts group by year, quarter and month without computing them
--- */
WITH span AS (
    SELECT
        date_trunc('year', least(CAST($today AS DATE), min(first_day))) AS first_day,
        date_trunc('year', greatest(CAST($today AS DATE), max(last_day))) AS last_year
    FROM (
        SELECT
            least(
                diagnosis_date, first_biopsy_date, first_rcp_date, first_surgery_date, first_expert_reading_date,
                last_news_date
            ) AS first_day,
            greatest(
                diagnosis_date_latest, first_biopsy_date_latest, first_rcp_date_latest, first_surgery_date_latest,
                first_expert_reading_date, last_news_date
            ) AS last_day
        FROM fct_tumour
    ) AS tumour
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
