/* ---
id: v_unknown_reason
title: {fr: Motifs d'inconnu par indicateur, en: Reasons for unknown by indicator}
grain: one row per indicator, period, responsible centre and reason
why: which missing statement costs an indicator most, and where
--- */
SELECT
    indicator_id,
    period_id,
    centre_id,
    reason_unknown,
    count(*) AS tumour_count
FROM fct_indicator
WHERE is_achieved IS NULL
GROUP BY indicator_id, period_id, centre_id, reason_unknown
