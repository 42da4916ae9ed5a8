/* ---
id: fct_linkage
title: {fr: Chiffres du rapprochement des personnes, en: Figures of the linkage of persons}
grain: one row per group (all, or a centre), measure, subject and category
why: >-
  a linkage that degrades shows in its counts before it shows in an indicator; counts only, no record and no person
--- */
SELECT
    group_kind,
    group_id,
    measure,
    subject,
    category,
    category_rank,
    item_count,
    total_count,
    model_share,
    measured_value
FROM src_linkage
ORDER BY group_kind, group_id, measure, subject, category
