/* ---
id: r1_first_surgery
title:
  fr: Résection R1 à la première chirurgie
  en: R1 resection at first surgery
population:
  fr: >-
    tumeurs incidentes du champ, une par patient, d'une période du rapport, avec une première chirurgie
    non palliative
  en: incident tumours in scope, one per patient, of a period of the report, with a first surgery that is not palliative
grain: one row per tumour
numerator:
  fr: marges de la première chirurgie R1 ; la première, jamais la dernière
  en: margins of the first surgery are R1; the first act, never the last
denominator:
  fr: toute la population
  en: the whole population
exclusions:
  fr: première chirurgie à visée palliative
  en: first surgery with palliative intent
unknown:
  fr: marges RX ou non renseignées
  en: margins RX or not stated
direction: none
partition: margin_first_surgery
why:
  fr: "complète R0 et R2 : les trois parts et l'inconnu font 100 %"
  en: "completes R0 and R2: the three shares and the unknown make 100 %"
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
            WHEN coalesce(tumour.first_surgery_margin, 'RX') = 'RX' THEN 'margin_unknown'
            WHEN tumour.first_surgery_margin = 'R1' THEN 'yes'
            ELSE 'no'
        END AS verdict
    FROM fct_tumour AS tumour
)

SELECT
    tumour_id,
    is_eligible,
    CASE verdict WHEN 'yes' THEN TRUE WHEN 'no' THEN FALSE END AS is_achieved,
    CASE WHEN verdict NOT IN ('yes', 'no') THEN verdict END AS reason_unknown
FROM judged
