/* ---
id: first_surgery_in_reference
title:
  fr: Première chirurgie en centre de référence
  en: First surgery in a reference centre
population:
  fr: >-
    tumeurs incidentes du champ, une par patient, d'une période du rapport, avec une première chirurgie
    non palliative
  en: incident tumours in scope, one per patient, of a period of the report, with a first surgery that is not palliative
grain: one row per tumour
numerator:
  fr: l'établissement de la première chirurgie a le rôle de référence à cette date
  en: the facility of the first surgery has the reference role on that day
denominator:
  fr: toute la population
  en: the whole population
exclusions:
  fr: première chirurgie à visée palliative
  en: first surgery with palliative intent
unknown:
  fr: établissement inconnu, ou rôle indécidable faute de date
  en: facility unknown, or role undecidable for want of a date
direction: higher
defines_place: true
why:
  fr: la survie est meilleure quand la première chirurgie a lieu en centre expert
  en: survival is better when the first surgery takes place in an expert centre
source:
  fr: Blay et al. 2024, Annals of Oncology (intitulé et résultats ; le détail est de nous)
  en: Blay et al. 2024, Annals of Oncology (label and results; the details are ours)
author: definition netsarc-1 of this project, a proposal
checked_by:
  fr: personne à ce jour, attend une validation clinique
  en: nobody yet, awaits clinical sign-off
next_review: 2027-11
--- */
WITH judged AS (
    SELECT
        tumour.tumour_id,
        (
            tumour.is_incident
            AND tumour.period_id IS NOT NULL
            AND tumour.first_surgery_kind IS NOT NULL
            AND tumour.first_surgery_intent IS DISTINCT FROM 'palliative'
        ) AS is_eligible,
        CASE
            WHEN tumour.first_surgery_facility_id IS NULL THEN 'facility_unknown'
            WHEN tumour.is_first_surgery_in_reference THEN 'yes'
            WHEN NOT tumour.is_first_surgery_in_reference THEN 'no'
            WHEN tumour.first_surgery_date IS NULL THEN 'date_missing'
            ELSE 'date_overlap'  -- the role changed within the imprecise date
        END AS verdict
    FROM fct_tumour AS tumour
)

SELECT
    tumour_id,
    is_eligible,
    CASE verdict WHEN 'yes' THEN TRUE WHEN 'no' THEN FALSE END AS is_achieved,
    CASE WHEN verdict NOT IN ('yes', 'no') THEN verdict END AS reason_unknown
FROM judged
