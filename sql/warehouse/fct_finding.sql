/* ---
id: fct_finding
title: {fr: Anomalies, en: Findings}
grain: one row per finding of the deliveries of this snapshot
why: the quality team works from the warehouse; a finding names a row and a field, never a value
--- */
SELECT
    finding_id,
    rule_id,
    rule_version,
    severity,
    table_name,
    field,
    row_id,
    centre_id,
    delivery_id,
    file,
    sheet,
    line,
    is_quarantined
FROM src_finding
ORDER BY finding_id
