/* ---
id: fault_score
title: {fr: "Défauts injectés, trouvés, manqués", en: "Faults injected, detected, missed"}
grain: one row per rule of config/synthetic/faults.csv
why: recall is counted on the faults that could be seen at their place; the others are shown
--- */
SELECT
    fault_rule.kind,
    fault_rule.entity,
    fault_rule.field,
    fault_rule.nature,
    count(fault_outcome.outcome) AS injected,
    count(*) FILTER (WHERE fault_outcome.outcome = 'detected') AS detected,
    count(*) FILTER (WHERE fault_outcome.outcome = 'missed') AS missed,
    count(*) FILTER (WHERE fault_outcome.outcome = 'hidden') AS hidden
FROM fault_rule
LEFT JOIN fault_outcome USING (rule_rank)
GROUP BY fault_rule.rule_rank, fault_rule.kind, fault_rule.entity, fault_rule.field, fault_rule.nature
ORDER BY fault_rule.rule_rank
