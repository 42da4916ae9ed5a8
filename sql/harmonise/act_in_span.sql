/* ---
id: act_in_span
title: {fr: Rôle à la date de l'acte, en: Role on the day of the act}
grain: one row per distinct holder and date of act
why: >-
  an imprecise date is inside a role when both its ends are, outside when neither is, unknown otherwise; without any
  role the date does not matter
--- */
WITH act AS (
    SELECT DISTINCT
        holder_id,
        earliest,
        latest
    FROM dated_act
    WHERE holder_id IS NOT NULL
)

SELECT
    act.holder_id,
    act.earliest,
    act.latest,
    CASE
        WHEN count(span.holder_id) = 0 THEN FALSE
        WHEN act.earliest IS NULL THEN NULL
        WHEN bool_or(span.valid_from <= act.earliest AND act.latest <= span.valid_to) THEN TRUE
        WHEN bool_or(span.valid_from <= act.latest AND act.earliest <= span.valid_to) THEN NULL
        ELSE FALSE
    END AS is_inside
FROM act
LEFT JOIN role_span AS span ON act.holder_id = span.holder_id
GROUP BY act.holder_id, act.earliest, act.latest
