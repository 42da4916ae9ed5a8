/* ---
id: fct_indicator
title: {fr: Tumeur × indicateur, en: Tumour × indicator}
grain: one row per eligible tumour of one indicator; the query of the indicator is seen as indicator_result
why: every figure of the report can be opened down to its tumours
--- */
SELECT
    current_indicator.indicator_id,
    tumour.tumour_id,
    tumour.period_id,
    tumour.centre_id,
    tumour.is_first_surgery_in_reference,
    result.is_achieved,
    result.reason_unknown
FROM src_current_indicator AS current_indicator
CROSS JOIN indicator_result AS result
INNER JOIN fct_tumour AS tumour ON result.tumour_id = tumour.tumour_id
WHERE result.is_eligible
ORDER BY tumour.tumour_id
