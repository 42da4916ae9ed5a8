/* ---
id: fct_rule_result
title: {fr: Résultat des règles par centre, en: Results of the rules by centre}
grain: one row per centre, rule and table that the rule was asked of
why: a rule that concerned no row has not passed; every share needs its denominator
--- */
SELECT
    centre_id,
    rule_id,
    table_name,
    rule_version,
    severity,
    row_count,
    not_applicable_count,
    unknown_count,
    passed_count,
    failed_count,
    outcome,
    reason
FROM src_rule_result
ORDER BY centre_id, rule_id, table_name
