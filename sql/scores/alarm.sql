/* ---
id: alarm
title: {fr: "Anomalies signalées où rien n'a été altéré", en: "Findings where nothing was altered"}
grain: one row per rule and severity
why: >
  a finding on a row without a fault is false, unless the row was set aside with its patient or tumour, whose own line
  a fault had made unreadable: such a finding follows from a fault and is counted apart
--- */
WITH lost AS (
    SELECT DISTINCT
        truth_fault.centre_id,
        truth_fault.local_patient_id
    FROM truth_fault
    INNER JOIN sign USING (centre_id, file, line)
    WHERE sign.is_quarantined AND (sign.rank = truth_fault.rank OR sign.is_line)
),

clean AS (
    SELECT
        sign.sign AS rule_id,
        sign.severity,
        coalesce(sign.is_quarantined AND lost.local_patient_id IS NOT NULL, FALSE) AS is_following
    FROM sign
    LEFT JOIN staged USING (row_id)
    LEFT JOIN lost ON staged.centre_id = lost.centre_id AND staged.local_patient_id = lost.local_patient_id
    WHERE
        sign.severity IS NOT NULL
        AND NOT EXISTS (
            SELECT 1
            FROM faulty_place
            WHERE
                faulty_place.centre_id = sign.centre_id AND faulty_place.file = sign.file
                AND faulty_place.line = sign.line
                AND (faulty_place.rank = sign.rank OR faulty_place.is_line OR sign.is_line)
        )
)

SELECT
    rule_id,
    severity,
    count(*) AS alarms,
    count(*) FILTER (WHERE is_following) AS following
FROM clean
GROUP BY rule_id, severity
ORDER BY rule_id, severity
