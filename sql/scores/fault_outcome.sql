/* ---
id: fault_outcome
title: {fr: "Ce qu'est devenu chaque défaut injecté", en: "What became of each injected fault"}
grain: one row per injected fault
why: detected by a declared sign at its own place; hidden when nobody could see it there; missed otherwise
source: config/synthetic/faults.csv declares the signs of each fault
--- */
WITH fault AS (
    SELECT
        row_number() OVER () AS fault_id,
        truth_fault.*,
        fault_rule.rule_rank,
        fault_rule.nature
    FROM truth_fault
    INNER JOIN fault_rule
        ON truth_fault.kind = fault_rule.kind AND truth_fault.entity = fault_rule.entity
        AND truth_fault.field IS NOT DISTINCT FROM fault_rule.field
),

seen AS (
    SELECT DISTINCT fault.fault_id
    FROM fault
    INNER JOIN fault_sign USING (rule_rank)
    INNER JOIN sign USING (centre_id, file, line, sign)
    WHERE (sign.rank = fault.rank OR sign.is_line) AND (sign.field = fault.field OR sign.field IS NULL OR fault.field IS NULL)
),

set_aside AS (
    SELECT DISTINCT fault.fault_id
    FROM fault
    INNER JOIN sign USING (centre_id, file, line)
    WHERE sign.is_quarantined AND (sign.rank = fault.rank OR sign.is_line)
),

struck_again AS (
    SELECT DISTINCT fault.fault_id
    FROM fault
    INNER JOIN fault AS later USING (centre_id, file, rank, line, field)
    WHERE later.rule_rank > fault.rule_rank
)

SELECT
    fault.rule_rank,
    fault.kind,
    fault.entity,
    fault.field,
    fault.nature,
    CASE
        WHEN seen.fault_id IS NOT NULL THEN 'detected'
        WHEN fault.line IS NULL OR set_aside.fault_id IS NOT NULL OR struck_again.fault_id IS NOT NULL THEN 'hidden'
        ELSE 'missed'
    END AS outcome
FROM fault
LEFT JOIN seen USING (fault_id)
LEFT JOIN set_aside USING (fault_id)
LEFT JOIN struck_again USING (fault_id)
