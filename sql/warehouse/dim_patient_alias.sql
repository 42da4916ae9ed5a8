/* ---
id: dim_patient_alias
title: {fr: Anciens pseudonymes de patients, en: Former pseudonyms of patients}
grain: one row per pseudonym whose person was joined to another one
why: >-
  a list of patients made on an earlier snapshot can be carried over; chains are followed to their end, and a
  pseudonym that leads to a patient of whom nothing is sent any more is left out
--- */
SELECT
    alias.alias_patient_id,
    alias.patient_id
FROM src_patient_alias AS alias
INNER JOIN dim_patient AS patient
    ON alias.patient_id = patient.patient_id
ORDER BY alias.alias_patient_id
