/* ---
id: sign
title: {fr: "Ce que la lecture a remarqué, et où", en: "What reading noticed, and where"}
grain: one row per finding, merged row and date kept as a month or a year
why: a fault is detected by a sign at its place; `is_line` says that the whole line is meant, whatever it speaks of
--- */
WITH finding_sign AS (
    SELECT
        row_id,
        centre_id,
        file,
        CAST(split_part(row_id, ':', 2) AS BIGINT) AS rank,
        line,
        nullif(field, '') AS field,
        rule_id AS sign,
        severity,
        is_quarantined,
        rule_id = 'CONTRACT-011' AS is_line
    FROM finding
),

merged_sign AS (
    SELECT
        staged.row_id,
        staged.centre_id,
        staged.file,
        staged.rank,
        staged.line,
        CAST(NULL AS VARCHAR) AS field,
        'merged' AS sign,
        CAST(NULL AS VARCHAR) AS severity,
        FALSE AS is_quarantined,
        FALSE AS is_line
    FROM merged
    INNER JOIN staged ON merged.into_row_id = staged.row_id
    WHERE merged.outcome = 'merged'
),

partial_sign AS (
    SELECT
        staged.row_id,
        staged.centre_id,
        staged.file,
        staged.rank,
        staged.line,
        partial_date.field,
        'partial' AS sign,
        CAST(NULL AS VARCHAR) AS severity,
        FALSE AS is_quarantined,
        FALSE AS is_line
    FROM partial_date
    INNER JOIN staged USING (row_id)
)

SELECT * FROM finding_sign
UNION ALL
SELECT * FROM merged_sign
UNION ALL
SELECT * FROM partial_sign
