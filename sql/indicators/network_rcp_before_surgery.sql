/* ---
id: network_rcp_before_surgery
title:
  fr: RCP du réseau avant la première chirurgie
  en: Network RCP before first surgery
population:
  fr: >-
    tumeurs incidentes du champ, une par patient, d'une période du rapport, avec une première chirurgie
    non palliative
  en: incident tumours in scope, one per patient, of a period of the report, with a first surgery that is not palliative
grain: one row per tumour
numerator:
  fr: >-
    au moins une RCP labellisée (sarcome ou ResOs, label valable à la date de la RCP), certainement avant la
    première chirurgie ; le même jour n'est pas avant
  en: >-
    at least one labelled RCP (sarcoma network or ResOs, label valid on its day), certainly before the first
    surgery; the same day is not before
denominator:
  fr: toute la population
  en: the whole population
exclusions:
  fr: >-
    première chirurgie à visée palliative ; les RCP locales, moléculaires ou de simple avis ne comptent pas
  en: first surgery with palliative intent; local, molecular and advice-only meetings do not count
unknown:
  fr: date de la RCP ou de la chirurgie absente ou imprécise qui ne permet pas de conclure
  en: a missing or imprecise date of meeting or surgery that does not allow a conclusion
direction: higher
why:
  fr: la stratégie se décide à plusieurs avant le premier geste
  en: the strategy is decided together before the first act
source:
  fr: Blay et al. 2024, Annals of Oncology (intitulé et résultats ; le détail est de nous)
  en: Blay et al. 2024, Annals of Oncology (label and results; the details are ours)
author: definition netsarc-1 of this project, a proposal
checked_by:
  fr: personne à ce jour, attend une validation clinique
  en: nobody yet, awaits clinical sign-off
next_review: 2027-11
--- */
WITH rcp_order AS (
    SELECT
        rcp.tumour_id,
        CASE
            WHEN rcp.rcp_date IS NULL OR tumour.first_surgery_date IS NULL THEN 'date_missing'
            WHEN rcp.rcp_date >= tumour.first_surgery_date_latest THEN 'not_before'
            WHEN rcp.rcp_date_latest >= tumour.first_surgery_date THEN 'date_overlap'
            WHEN rcp.is_labelled IS NULL THEN 'label_missing'
            ELSE 'before'
        END AS place
    FROM fct_rcp AS rcp
    INNER JOIN fct_tumour AS tumour ON rcp.tumour_id = tumour.tumour_id
    WHERE rcp.is_labelled IS DISTINCT FROM FALSE
),

rcp_summary AS (
    SELECT
        tumour_id,
        bool_or(place = 'before') AS has_before,
        bool_or(place = 'date_missing') AS has_date_missing,
        bool_or(place = 'date_overlap') AS has_date_overlap,
        bool_or(place = 'label_missing') AS has_label_missing
    FROM rcp_order
    GROUP BY tumour_id
),

judged AS (
    SELECT
        tumour.tumour_id,
        (
            tumour.is_incident
            AND tumour.period_id IS NOT NULL
            AND tumour.first_surgery_kind IS NOT NULL
            AND tumour.first_surgery_intent IS DISTINCT FROM 'palliative'
        ) AS is_eligible,
        CASE
            WHEN summary.has_before THEN 'yes'
            WHEN summary.has_date_missing THEN 'date_missing'
            WHEN summary.has_date_overlap THEN 'date_overlap'
            WHEN summary.has_label_missing THEN 'no_statement'
            ELSE 'no'  -- every labelled RCP came with or after the surgery, or there is none
        END AS verdict
    FROM fct_tumour AS tumour
    LEFT JOIN rcp_summary AS summary ON tumour.tumour_id = summary.tumour_id
)

SELECT
    tumour_id,
    is_eligible,
    CASE verdict WHEN 'yes' THEN TRUE WHEN 'no' THEN FALSE END AS is_achieved,
    CASE WHEN verdict NOT IN ('yes', 'no') THEN verdict END AS reason_unknown
FROM judged
