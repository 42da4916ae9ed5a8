/* ---
id: dim_delivery
title: {fr: Dépôts, en: Deliveries}
grain: one row per delivery that this snapshot is made of
why: a figure can be traced to the bytes that were received
--- */
SELECT
    delivery_id,
    centre_id,
    content_hash,
    exported_date
FROM src_delivery
ORDER BY delivery_id
