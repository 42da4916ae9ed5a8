/* ---
id: biopsy_before_surgery
title:
  fr: Biopsie avant la première chirurgie
  en: Biopsy before first surgery
population:
  fr: >-
    tumeurs incidentes du champ, une par patient, d'une période du rapport, avec une première chirurgie
    non palliative
  en: incident tumours in scope, one per patient, of a period of the report, with a first surgery that is not palliative
grain: one row per tumour
numerator:
  fr: >-
    au moins une biopsie de la tumeur (microbiopsie, biopsie chirurgicale ou cytoponction), certainement
    avant la première chirurgie ; le même jour n'est pas avant
  en: >-
    at least one biopsy of the tumour (core, incisional or fine-needle), certainly before the first surgery;
    the same day is not before
denominator:
  fr: toute la population
  en: the whole population
exclusions:
  fr: >-
    première chirurgie à visée palliative ; une biopsie-exérèse est la première chirurgie, jamais une
    biopsie avant elle
  en: >-
    first surgery with palliative intent; an excisional biopsy is the first surgery, never a biopsy before
    it
unknown:
  fr: >-
    date absente ou imprécise qui ne permet pas de conclure ; aucune biopsie enregistrée ni déclarée absente
  en: >-
    a missing or imprecise date that does not allow a conclusion; no biopsy recorded and none stated absent
direction: higher
why:
  fr: une exérèse se prépare sur un diagnostic histologique
  en: a resection is planned on a histological diagnosis
source:
  fr: Blay et al. 2024, Annals of Oncology (intitulé et résultats ; le détail est de nous)
  en: Blay et al. 2024, Annals of Oncology (label and results; the details are ours)
author: definition netsarc-1 of this project, a proposal
checked_by:
  fr: personne à ce jour, attend une validation clinique
  en: nobody yet, awaits clinical sign-off
next_review: 2027-11
--- */
WITH biopsy_order AS (
    SELECT
        biopsy.tumour_id,
        CASE
            WHEN biopsy.biopsy_date IS NULL OR tumour.first_surgery_date IS NULL THEN 'date_missing'
            WHEN biopsy.biopsy_date >= tumour.first_surgery_date_latest THEN 'not_before'
            WHEN biopsy.biopsy_date_latest >= tumour.first_surgery_date THEN 'date_overlap'
            WHEN biopsy.biopsy_kind IS NULL THEN 'kind_missing'  -- perhaps an excisional biopsy
            ELSE 'before'
        END AS place
    FROM fct_biopsy AS biopsy
    INNER JOIN fct_tumour AS tumour ON biopsy.tumour_id = tumour.tumour_id
    WHERE biopsy.biopsy_kind IS DISTINCT FROM 'excisional'
),

biopsy_summary AS (
    SELECT
        tumour_id,
        bool_or(place = 'before') AS has_before,
        bool_or(place = 'date_missing') AS has_date_missing,
        bool_or(place = 'date_overlap') AS has_date_overlap,
        bool_or(place = 'kind_missing') AS has_kind_missing
    FROM biopsy_order
    GROUP BY tumour_id
),

excisional_biopsy AS (
    SELECT DISTINCT tumour_id
    FROM fct_biopsy
    WHERE biopsy_kind = 'excisional'
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
            WHEN summary.has_kind_missing THEN 'no_statement'
            WHEN summary.tumour_id IS NOT NULL THEN 'no'  -- every biopsy came with or after the surgery
            WHEN NOT tumour.had_biopsy THEN 'no'  -- stated: none
            WHEN excisional.tumour_id IS NOT NULL THEN 'no'
            ELSE 'no_statement'
        END AS verdict
    FROM fct_tumour AS tumour
    LEFT JOIN biopsy_summary AS summary ON tumour.tumour_id = summary.tumour_id
    LEFT JOIN excisional_biopsy AS excisional ON tumour.tumour_id = excisional.tumour_id
)

SELECT
    tumour_id,
    is_eligible,
    CASE verdict WHEN 'yes' THEN TRUE WHEN 'no' THEN FALSE END AS is_achieved,
    CASE WHEN verdict NOT IN ('yes', 'no') THEN verdict END AS reason_unknown
FROM judged
