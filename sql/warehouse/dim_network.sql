/* ---
id: dim_network
title: {fr: Réseau, en: Network}
grain: one row, the network of this warehouse
why: a figure always names the version of its definitions and of the ICD-O
--- */
SELECT
    network_id,
    label_fr,
    label_en,
    definition_version,
    icdo_version
FROM src_network
