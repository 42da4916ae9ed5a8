"""The register of rules: findings of past snapshots name these ids and versions, so that they may not change meaning.

A rule is never renumbered nor reused; a changed condition, severity or consequence is a new version. To change a rule:
raise its version, then its line here. To add one: add its line.
"""

import hashlib

import pytest

from tests.tables import parse
from validations.contracts.codes import SEVERITY
from validations.rules import contract
from validations.rules.catalogue import CATALOGUE, FAMILIES, record_rules
from validations.rules.model import Consequence, Rule, Severity

REGISTER = parse("""
    id            | v | of                                      | severity | becomes | condition
    CONTRACT-001  | 1 | *.*                                     | error    | reject  | none
    CONTRACT-002  | 1 | *.*                                     | error    | hold    | none
    CONTRACT-003  | 1 | *.*                                     | error    | hold    | none
    CONTRACT-004  | 1 | *.*                                     | error    | hold    | none
    CONTRACT-005  | 1 | *.*                                     | error    | hold    | none
    CONTRACT-006  | 1 | *.*                                     | error    | hold    | none
    CONTRACT-007  | 1 | *.*                                     | error    | hold    | none
    CONTRACT-008  | 1 | *.*                                     | info     | flag    | none
    CONTRACT-009  | 1 | *.*                                     | error    | hold    | none
    CONTRACT-010  | 1 | *.*                                     | error    | hold    | none
    CONTRACT-011  | 1 | *.*                                     | error    | reject  | none
    CONTRACT-012  | 1 | *.*                                     | error    | reject  | none
    CONTRACT-013  | 1 | *.*                                     | error    | reject  | none
    CONTRACT-014  | 1 | *.*                                     | error    | reject  | none
    CONTRACT-015  | 1 | *.*                                     | warning  | flag    | none
    CONTRACT-016  | 1 | *.*                                     | warning  | flag    | none
    CONTRACT-017  | 1 | *.*                                     | warning  | flag    | none
    CONTRACT-018  | 1 | *.*                                     | warning  | flag    | none
    CONTRACT-019  | 1 | *.*                                     | error    | hold    | none
    CONTRACT-020  | 1 | *.*                                     | info     | flag    | none
    CONTRACT-021  | 1 | *.*                                     | warning  | flag    | none
    CONTRACT-022  | 1 | *.*                                     | warning  | flag    | none
    CONTRACT-023  | 1 | *.*                                     | error    | hold    | none
    CONTRACT-024  | 1 | *.*                                     | error    | hold    | none
    CONTRACT-025  | 1 | *.*                                     | warning  | flag    | none
    CONTRACT-026  | 1 | *.*                                     | info     | flag    | none
    IDENTITY-001  | 1 | patient_identity.ins_matricule          | error    | hold    | #d20c7a9a
    IDENTITY-002  | 1 | patient_identity.ins_matricule          | error    | hold    | #8b0455da
    IDENTITY-003  | 1 | patient_identity.sex                    | warning  | flag    | #2fd1966d
    IDENTITY-004  | 1 | patient_identity.birth_date             | warning  | flag    | #e43dd1f6
    IDENTITY-005  | 1 | patient_identity.ins_status             | warning  | flag    | #43aa4bdf
    IDENTITY-006  | 1 | patient_identity.ins_matricule          | warning  | flag    | #853cf816
    IDENTITY-007  | 1 | patient_identity.birth_name             | error    | flag    | #52d88de6
    IDENTITY-008  | 1 | patient_identity.birth_name             | warning  | flag    | #a6aa2f55
    IDENTITY-009  | 1 | patient_identity.birth_name             | warning  | flag    | #28d00030
    IDENTITY-010  | 1 | patient_identity.birth_place_cog        | warning  | flag    | #f0cb161e
    IDENTITY-011  | 1 | patient_identity.residence_commune      | warning  | flag    | #0c9a62a6
    IDENTITY-012  | 1 | patient_identity.sex                    | warning  | flag    | #7522de5a
    IDENTITY-013  | 1 | patient_identity.birth_date             | info     | flag    | #6107de08
    IDENTITY-014  | 1 | patient_identity.local_patient_id       | warning  | flag    | #814a9f0f
    IDENTITY-015  | 1 | patient_identity.first_names            | warning  | flag    | #06104971
    IDENTITY-016  | 1 | patient_identity.birth_place_cog        | info     | flag    | #bc3a314d
    IDENTITY-017  | 1 | patient_identity.birth_date             | warning  | flag    | #6b355f59
    IDENTITY-018  | 1 | patient_identity.birth_name             | warning  | flag    | #5888180b
    IDENTITY-019  | 1 | patient_identity.used_name              | warning  | flag    | #2dd21526
    IDENTITY-020  | 1 | patient_identity.birth_name             | warning  | flag    | #f65618ee
    IDENTITY-021  | 1 | patient_identity.birth_place_cog        | warning  | flag    | #8072d9f4
    IDENTITY-022  | 1 | patient_identity.residence_commune      | warning  | flag    | #776739f1
    IDENTITY-023  | 1 | patient_identity.birth_place_cog        | warning  | flag    | #e743e330
    IDENTITY-024  | 1 | patient_identity.ins_oid                | info     | flag    | #44054d88
    IDENTITY-025  | 1 | patient_identity.ins_oid                | warning  | flag    | #b84e98b6
    HISTORY-001   | 1 | patient_history.has_previous_cancer     | warning  | flag    | #28bb064d
    HISTORY-002   | 1 | patient_history.has_previous_radiotherapy | info     | flag    | #d4fdf528
    HISTORY-003   | 1 | patient_history.predisposition          | info     | flag    | #370e88a1
    DIAGNOSIS-001 | 1 | tumour.morphology_code                  | warning  | flag    | #ada573f1
    DIAGNOSIS-002 | 1 | tumour.topography_code                  | warning  | flag    | #d4dc86bf
    DIAGNOSIS-003 | 1 | tumour.icd10_code                       | warning  | flag    | #c626ef51
    DIAGNOSIS-004 | 1 | tumour.adicap_code                      | warning  | flag    | #67af29f4
    DIAGNOSIS-005 | 1 | tumour.diagnosis_label                  | warning  | flag    | #ba973e88
    DIAGNOSIS-006 | 1 | tumour.topography_code                  | warning  | flag    | #19bd3666
    DIAGNOSIS-007 | 1 | tumour.topography_code                  | error    | flag    | #982ab949
    DIAGNOSIS-008 | 1 | tumour.diagnosis_date                   | warning  | flag    | #507a06e9
    DIAGNOSIS-009 | 1 | tumour.grade                            | error    | hold    | #4195fa18
    DIAGNOSIS-010 | 1 | tumour.grade_system                     | warning  | flag    | #5baf42cb
    DIAGNOSIS-011 | 1 | tumour.grade                            | warning  | flag    | #69ec5f3f
    DIAGNOSIS-012 | 1 | tumour.morphology_code                  | warning  | flag    | #5d4a6eca
    DIAGNOSIS-013 | 1 | tumour.size_mm                          | warning  | flag    | #043bec06
    DIAGNOSIS-014 | 1 | tumour.depth                            | warning  | flag    | #4990f480
    DIAGNOSIS-015 | 1 | tumour.laterality                       | warning  | flag    | #73462b07
    DIAGNOSIS-016 | 1 | tumour.laterality                       | info     | flag    | #d848d1b5
    DIAGNOSIS-017 | 1 | tumour.morphology_code                  | info     | flag    | #4fd3a1a1
    DIAGNOSIS-018 | 1 | tumour.size_mm                          | info     | flag    | #2d3d0d96
    DIAGNOSIS-019 | 1 | tumour.depth                            | info     | flag    | #d2eb2a38
    DIAGNOSIS-020 | 1 | tumour.extent_at_diagnosis              | info     | flag    | #95105981
    DIAGNOSIS-021 | 1 | tumour.grade                            | info     | flag    | #a39e2451
    DIAGNOSIS-022 | 1 | tumour.morphology_version               | info     | flag    | #6d5c4b7a
    DIAGNOSIS-023 | 1 | tumour.diagnosis_label                  | warning  | flag    | #b04e0a0f
    DIAGNOSIS-024 | 1 | tumour.topography_label                 | warning  | flag    | #70ae3640
    DIAGNOSIS-025 | 1 | tumour.icd10_code                       | warning  | flag    | #66d6f422
    DIAGNOSIS-026 | 1 | tumour.laterality                       | warning  | flag    | #5fdf0a57
    DIAGNOSIS-027 | 1 | tumour.depth                            | warning  | flag    | #a5455874
    DIAGNOSIS-028 | 1 | tumour.adicap_code                      | warning  | flag    | #0e147a17
    DIAGNOSIS-029 | 1 | tumour.diagnosis_label                  | info     | flag    | #dd13cb07
    PATHOLOGY-001 | 1 | pathology_review.expert_label           | warning  | flag    | #f3f0e613
    PATHOLOGY-002 | 1 | pathology_review.concordance            | warning  | flag    | #25bea9b7
    PATHOLOGY-003 | 1 | pathology_review.expert_morphology_code | warning  | flag    | #94547d15
    PATHOLOGY-004 | 1 | pathology_review.sampling_date          | info     | flag    | #0681fe6f
    PATHOLOGY-005 | 1 | pathology_review.initial_morphology_code | warning  | flag    | #9d2f1e12
    PATHOLOGY-006 | 1 | pathology_review.concordance            | warning  | flag    | #350a2be3
    PATHOLOGY-007 | 1 | pathology_review.expert_label           | warning  | flag    | #31143364
    PATHOLOGY-008 | 1 | pathology_review.initial_label          | warning  | flag    | #291fb8a1
    PATHOLOGY-009 | 1 | pathology_review.had_molecular_test     | info     | flag    | #f6cdf3fe
    PATHOLOGY-010 | 1 | pathology_review.expert_morphology_code | info     | flag    | #79dd277c
    BIOPSY-001    | 1 | biopsy.biopsy_date                      | warning  | flag    | #a55e8594
    BIOPSY-002    | 1 | biopsy.biopsy_kind                      | warning  | flag    | #51448636
    BIOPSY-003    | 1 | biopsy.biopsy_kind                      | warning  | flag    | #4dac3c37
    IMAGING-001   | 1 | imaging.imaging_date                    | warning  | flag    | #c603dd50
    IMAGING-002   | 1 | imaging.modality                        | warning  | flag    | #c2640290
    IMAGING-003   | 1 | imaging.imaging_target                  | warning  | flag    | #2759b7e9
    IMAGING-004   | 1 | imaging.modality                        | warning  | flag    | #41be561d
    RCP-001       | 1 | rcp.rcp_date                            | warning  | flag    | #f302e0ec
    RCP-002       | 1 | rcp.rcp_kind                            | warning  | flag    | #138036e3
    RCP-003       | 1 | rcp.rcp_date                            | warning  | flag    | #bd235fb1
    RCP-004       | 1 | rcp.rcp_reason                          | warning  | flag    | #31ada23b
    RCP-005       | 1 | rcp.rcp_kind                            | warning  | flag    | #c43f3dd3
    SURGERY-001   | 1 | surgery.margin                          | warning  | flag    | #6a59eb9f
    SURGERY-002   | 1 | surgery.margin                          | warning  | flag    | #55a2c0ec
    SURGERY-003   | 1 | surgery.surgery_date                    | warning  | flag    | #d64dcf32
    SURGERY-004   | 1 | surgery.surgery_kind                    | warning  | flag    | #b433fa9d
    SURGERY-005   | 1 | surgery.surgery_facility                | warning  | flag    | #6b4c0382
    SURGERY-006   | 1 | surgery.surgery_target                  | warning  | flag    | #3d6179af
    SURGERY-007   | 1 | surgery.ccam_code                       | warning  | flag    | #dc324452
    SURGERY-008   | 1 | surgery.margin                          | info     | flag    | #fffdab52
    SURGERY-009   | 1 | surgery.had_rupture                     | info     | flag    | #4ca3b0f6
    SURGERY-010   | 1 | surgery.surgery_intent                  | info     | flag    | #0dd82dc5
    SURGERY-011   | 1 | surgery.surgery_target                  | info     | flag    | #7dedfa6d
    SURGERY-012   | 1 | surgery.margin                          | info     | flag    | #0ecc9e53
    SURGERY-013   | 1 | surgery.surgery_kind                    | warning  | flag    | #55920fdc
    SURGERY-014   | 1 | surgery.ccam_code                       | warning  | flag    | #9fff16d8
    TREATMENT-001 | 1 | treatment.dose_gy                       | warning  | flag    | #210e60ac
    TREATMENT-002 | 1 | treatment.fractions                     | warning  | flag    | #2f452ebf
    TREATMENT-003 | 1 | treatment.dose_gy                       | warning  | flag    | #053d4c88
    TREATMENT-004 | 1 | treatment.drugs                         | warning  | flag    | #e9ecbb4e
    TREATMENT-005 | 1 | treatment.treatment_kind                | warning  | flag    | #9056cebc
    TREATMENT-006 | 1 | treatment.treatment_start_date          | warning  | flag    | #1c69d6fa
    TREATMENT-007 | 1 | treatment.dose_gy                       | info     | flag    | #71f050d8
    TREATMENT-008 | 1 | treatment.fractions                     | info     | flag    | #88bc3ab6
    TREATMENT-009 | 1 | treatment.treatment_end_date            | info     | flag    | #29bcfa50
    TREATMENT-010 | 1 | treatment.treatment_setting             | info     | flag    | #6fbdb62b
    TREATMENT-011 | 1 | treatment.drugs                         | warning  | flag    | #c478a750
    TREATMENT-012 | 1 | treatment.drugs                         | warning  | flag    | #88a9356d
    TREATMENT-013 | 1 | treatment.treatment_end_date            | info     | flag    | #91625021
    TREATMENT-014 | 1 | treatment.treatment_end_date            | warning  | flag    | #4dc01381
    TREATMENT-015 | 1 | treatment.treatment_end_date            | warning  | flag    | #4c682abf
    TREATMENT-016 | 1 | treatment.fractions                     | warning  | flag    | #926bf732
    TREATMENT-017 | 1 | treatment.treatment_kind                | warning  | flag    | #1a48b9e6
    TREATMENT-018 | 1 | treatment.drugs                         | warning  | flag    | #8c3eaad7
    TREATMENT-019 | 1 | treatment.drugs                         | warning  | flag    | #032a083f
    FOLLOWUP-001  | 1 | follow_up.death_date                    | warning  | flag    | #22058c28
    FOLLOWUP-002  | 1 | follow_up.disease_status                | error    | flag    | #1580308f
    FOLLOWUP-003  | 1 | follow_up.death_date                    | error    | flag    | #77a3649d
    FOLLOWUP-004  | 1 | follow_up.event_date                    | warning  | flag    | #cdc20bb7
    FOLLOWUP-005  | 1 | follow_up.disease_status                | warning  | flag    | #8ca82416
    FOLLOWUP-006  | 1 | follow_up.follow_up_event               | warning  | flag    | #263c8f58
    FOLLOWUP-007  | 1 | follow_up.event_date                    | info     | flag    | #9fa7dff2
    FOLLOWUP-008  | 1 | follow_up.event_date                    | warning  | flag    | #64da970e
    FOLLOWUP-009  | 1 | follow_up.event_date                    | warning  | flag    | #db9e3508
    FOLLOWUP-010  | 1 | follow_up.follow_up_event               | warning  | flag    | #008a19a8
    FOLLOWUP-011  | 1 | follow_up.follow_up_event               | warning  | flag    | #4b079a0d
    DATE-001      | 2 | tumour.diagnosis_date                   | warning  | flag    | #c9fc921b
    DATE-002      | 1 | follow_up.death_date                    | error    | flag    | #ade5dfda
    DATE-003      | 1 | follow_up.event_date                    | error    | flag    | #8d0c886a
    DATE-004      | 1 | follow_up.event_date                    | warning  | flag    | #d3ddc652
    DATE-005      | 1 | treatment.treatment_end_date            | error    | flag    | #8d4dd677
    DATE-006      | 1 | pathology_review.expert_date            | warning  | flag    | #af228399
    DATE-007      | 1 | pathology_review.received_date          | warning  | flag    | #4299e842
    DATE-008      | 1 | pathology_review.expert_date            | warning  | flag    | #d7db4d4a
    DATE-009      | 1 | follow_up.event_date                    | info     | flag    | #25f8bad2
    DATE-101      | 1 | tumour.diagnosis_date                   | error    | hold    | #8fc7f0b4
    DATE-102      | 1 | biopsy.biopsy_date                      | error    | hold    | #e5bce1e8
    DATE-103      | 1 | imaging.imaging_date                    | error    | hold    | #67f2c189
    DATE-104      | 1 | rcp.rcp_date                            | error    | hold    | #56b7525d
    DATE-105      | 1 | pathology_review.expert_date            | error    | hold    | #dff26e77
    DATE-106      | 1 | surgery.surgery_date                    | error    | hold    | #5e9fc3b7
    DATE-107      | 1 | treatment.treatment_start_date          | error    | hold    | #380eedd9
    DATE-108      | 1 | follow_up.event_date                    | error    | hold    | #859f2f66
    DATE-109      | 1 | follow_up.death_date                    | error    | hold    | #d81b2c00
    DATE-110      | 1 | patient_identity.birth_date             | error    | hold    | #95d4489d
    DATE-111      | 1 | treatment.treatment_end_date            | error    | hold    | #1428021c
    DATE-112      | 1 | pathology_review.sampling_date          | error    | hold    | #3e36fd2e
    DATE-113      | 1 | pathology_review.received_date          | error    | hold    | #65f7c427
    DATE-121      | 1 | tumour.diagnosis_date                   | error    | flag    | #377017d3
    DATE-122      | 1 | biopsy.biopsy_date                      | error    | flag    | #1392f495
    DATE-123      | 1 | imaging.imaging_date                    | error    | flag    | #e4166ae7
    DATE-124      | 1 | rcp.rcp_date                            | error    | flag    | #1dff8206
    DATE-125      | 1 | pathology_review.expert_date            | error    | flag    | #7d204455
    DATE-126      | 1 | surgery.surgery_date                    | error    | flag    | #4bab2e7b
    DATE-127      | 1 | treatment.treatment_start_date          | error    | flag    | #7e3384bf
    DATE-128      | 1 | follow_up.event_date                    | error    | flag    | #7ac70bd4
    DATE-129      | 1 | follow_up.death_date                    | error    | flag    | #92d39d8f
    DATE-141      | 2 | biopsy.biopsy_date                      | warning  | flag    | #a1a490a1
    DATE-142      | 2 | surgery.surgery_date                    | warning  | flag    | #de502b68
    DATE-143      | 2 | treatment.treatment_start_date          | warning  | flag    | #5d04d72b
    DATE-144      | 2 | rcp.rcp_date                            | warning  | flag    | #c3e44dda
    PATHWAY-001   | 1 | biopsy.biopsy_date                      | warning  | flag    | #680cb66f
    PATHWAY-002   | 1 | rcp.rcp_date                            | warning  | flag    | #d3c32cb0
    PATHWAY-003   | 1 | rcp.rcp_date                            | warning  | flag    | #22c05db7
    PATHWAY-004   | 1 | tumour.had_biopsy                       | info     | flag    | #72d8e94f
    PATHWAY-005   | 1 | surgery.surgery_date                    | warning  | flag    | #38d44a76
    PATHWAY-006   | 1 | surgery.surgery_kind                    | warning  | flag    | #44232125
    PATHWAY-007   | 1 | surgery.surgery_kind                    | warning  | flag    | #9266af29
    PATHWAY-008   | 1 | follow_up.event_date                    | warning  | flag    | #6f0d1cb4
    PATHWAY-009   | 1 | treatment.treatment_setting             | warning  | flag    | #8fe814ac
    PATHWAY-010   | 1 | treatment.treatment_setting             | warning  | flag    | #6b75e501
    PATHWAY-011   | 1 | follow_up.event_date                    | error    | flag    | #4fd634e4
    PATHWAY-012   | 1 | follow_up.death_date                    | warning  | flag    | #975a9d74
    PATHWAY-013   | 1 | patient_identity.vital_status           | warning  | flag    | #91855cb9
    PATHWAY-014   | 1 | tumour.had_biopsy                       | info     | flag    | #d11c7841
    PATHWAY-015   | 1 | surgery.margin                          | info     | flag    | #910e3c64
    PATHWAY-016   | 1 | tumour.morphology_code                  | info     | flag    | #13bcfef5
    PATHWAY-017   | 1 | treatment.treatment_start_date          | info     | flag    | #67fd03c0
    PATHWAY-018   | 1 | tumour.grade                            | info     | flag    | #72831982
    PATHWAY-019   | 1 | surgery.margin                          | warning  | flag    | #46404ddc
    PATHWAY-101   | 1 | biopsy.biopsy_date                      | error    | flag    | #fd9c1d55
    PATHWAY-102   | 1 | imaging.imaging_date                    | error    | flag    | #cd8b2781
    PATHWAY-103   | 1 | surgery.surgery_date                    | error    | flag    | #99b51322
    PATHWAY-104   | 1 | treatment.treatment_start_date          | error    | flag    | #b8842eff
    REPEAT-001    | 1 | tumour.local_tumour_id                  | warning  | flag    | #c6d4ceb7
    REPEAT-002    | 1 | tumour.local_tumour_id                  | warning  | flag    | #85f2bd31
    REPEAT-003    | 1 | tumour.local_tumour_id                  | warning  | flag    | #8a662c92
    REPEAT-004    | 1 | tumour.local_tumour_id                  | warning  | flag    | #cbb1d7db
    REPEAT-005    | 1 | tumour.local_tumour_id                  | warning  | flag    | #3811349a
    REPEAT-006    | 1 | tumour.local_tumour_id                  | info     | flag    | #5b130886
    REPEAT-101    | 1 | patient_identity.local_patient_id       | warning  | flag    | #4dc510d9
    REPEAT-102    | 1 | patient_identity.local_patient_id       | warning  | flag    | #13904d1f
    SITE-001      | 1 | tumour.topography_code                  | warning  | flag    | #ed5ed7cd
    SITE-002      | 1 | tumour.topography_code                  | warning  | flag    | #11c06af7
    SITE-003      | 1 | tumour.topography_code                  | warning  | flag    | #6d36bd86
    SITE-004      | 1 | tumour.topography_code                  | warning  | flag    | #179612eb
    SITE-005      | 1 | tumour.topography_code                  | warning  | flag    | #f01b72f5
    SITE-006      | 1 | tumour.topography_code                  | warning  | flag    | #e03a5bd7
    SITE-007      | 1 | tumour.topography_code                  | warning  | flag    | #2c37d5f9
    SITE-008      | 1 | tumour.topography_code                  | warning  | flag    | #111c6c96
    SITE-009      | 1 | tumour.topography_code                  | warning  | flag    | #e37a100b
    SITE-010      | 1 | tumour.topography_code                  | warning  | flag    | #26669f5b
    SITE-011      | 1 | tumour.topography_code                  | warning  | flag    | #302ab065
    SITE-012      | 1 | tumour.topography_code                  | warning  | flag    | #cd9a063e
    SITE-013      | 1 | tumour.topography_code                  | warning  | flag    | #54a6888b
    SITE-014      | 1 | tumour.topography_code                  | warning  | flag    | #d37f7d49
    SITE-015      | 1 | tumour.topography_code                  | warning  | flag    | #84008dde
    SITE-016      | 1 | tumour.topography_code                  | warning  | flag    | #08d8eca9
    SITE-017      | 1 | tumour.topography_code                  | warning  | flag    | #9e64fb9b
    SITE-018      | 1 | tumour.topography_code                  | warning  | flag    | #5d8cdb9b
    SITE-019      | 1 | tumour.topography_code                  | warning  | flag    | #76fafe4d
    SITE-101      | 1 | tumour.topography_code                  | info     | flag    | #9d0a55ec
    SITE-102      | 1 | tumour.topography_code                  | info     | flag    | #9634fa88
    SITE-103      | 1 | tumour.topography_code                  | info     | flag    | #19165b9f
    SITE-104      | 1 | tumour.topography_code                  | info     | flag    | #a3bf8e7c
    AGE-001       | 1 | tumour.topography_code                  | warning  | flag    | #7a095b84
    AGE-002       | 1 | tumour.topography_code                  | warning  | flag    | #5127b10f
    AGE-003       | 1 | tumour.morphology_code                  | warning  | flag    | #8ce46fbc
    AGE-004       | 1 | tumour.topography_code                  | warning  | flag    | #c1c59671
    AGE-005       | 1 | tumour.diagnosis_date                   | info     | flag    | #34d7e6b2
    AGE-101       | 1 | tumour.topography_code                  | info     | flag    | #7c5c2686
    AGE-102       | 1 | tumour.topography_code                  | info     | flag    | #6869d55d
    AGE-103       | 1 | tumour.morphology_code                  | warning  | flag    | #3cc7ff79
    AGE-104       | 1 | tumour.topography_code                  | info     | flag    | #1a4b358d
    AGE-105       | 1 | tumour.morphology_code                  | warning  | flag    | #1dfe672b
    SEX-001       | 1 | tumour.morphology_code                  | warning  | flag    | #7774cceb
    BEHAVIOUR-001 | 1 | tumour.morphology_code                  | warning  | flag    | #c555953c
    GRADE-001     | 1 | tumour.grade                            | error    | flag    | #d4f10871
    GRADE-002     | 1 | tumour.grade                            | warning  | flag    | #f83511aa
    GRADE-003     | 1 | tumour.grade                            | warning  | flag    | #fc12dde6
    GRADE-004     | 1 | tumour.grade                            | info     | flag    | #faec6a2c
    GRADE-005     | 1 | tumour.grade                            | warning  | flag    | #6169e507
    MORPHOLOGY-001 | 1 | tumour.diagnosis_label                  | info     | flag    | #9d466236
    MORPHOLOGY-002 | 1 | tumour.morphology_code                  | info     | flag    | #a5806a1b
""")


def fingerprint(rule: Rule) -> str:
    """Eight digits of the condition, whatever its spaces; none when the reader or the gate applies it."""
    if not (rule.violated_when or rule.query):
        return "none"
    condition = " ".join((rule.query or f"{rule.applies_when}\n{rule.violated_when}").split())
    return f"#{hashlib.sha256(condition.encode()).hexdigest()[:8]}"


def line(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "v": rule.version,
        "of": f"{rule.table or '*'}.{(rule.fields or ('*',))[0]}",
        "severity": rule.severity.value,
        "becomes": rule.consequence.value,
        "condition": fingerprint(rule),
    }


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__.rpartition(".")[2])
def test_a_rule_is_what_the_register_says(family):
    ids = [rule.id for rule in family.RULES]
    assert [line(rule) for rule in family.RULES] == [row for row in REGISTER if row["id"] in ids]


def test_every_rule_is_registered():
    assert list(CATALOGUE) == [row["id"] for row in REGISTER]


def test_the_numbers_of_a_family_rise():
    for family in FAMILIES:
        for prefix in dict.fromkeys(rule.id.partition("-")[0] for rule in family.RULES):
            numbers = [rule.id for rule in family.RULES if rule.id.startswith(f"{prefix}-")]
            assert numbers == sorted(numbers)


def test_no_two_families_share_a_prefix():
    prefixes = [{rule.id.partition("-")[0] for rule in family.RULES} for family in FAMILIES]
    assert sum(map(len, prefixes)) == len(set().union(*prefixes))


def test_only_unusable_rows_are_set_aside():
    """A row that could be used is never lost: these are the only reasons."""
    rejecting = {rule.id for rule in CATALOGUE.values() if rule.consequence is Consequence.REJECT}
    assert rejecting == {
        contract.MISSING_KEY,
        contract.RAGGED_ROW,
        contract.SECOND_RECORD,
        contract.UNKNOWN_PATIENT,
        contract.UNKNOWN_TUMOUR,
    }


def test_only_what_is_certainly_wrong_is_set_aside_or_held():
    harsh = {rule.severity for rule in CATALOGUE.values() if rule.consequence is not Consequence.FLAG}
    assert harsh == {Severity.ERROR}


def test_each_name_of_a_rule_of_the_contract_is_one_rule():
    named = {
        name: value for name, value in vars(contract).items() if name.isupper() and name not in {"RULES"}
    }
    ids = [value for value in named.values() if isinstance(value, str) and value.startswith("CONTRACT-")]
    assert sorted(ids) == [rule.id for rule in contract.RULES]


def test_severities_are_those_of_the_contract():
    assert [code.value for code in SEVERITY] == [severity.value for severity in Severity]


@pytest.mark.parametrize("entity", ["tumour", "surgery", "follow_up"])
def test_record_rules_are_those_of_the_entity_in_the_order_of_their_ids(entity):
    ids = [rule.id for rule in record_rules(entity)]
    assert ids == sorted(
        row["id"] for row in REGISTER if row["of"].startswith(f"{entity}.") and not CATALOGUE[row["id"]].query
    )


def test_an_unknown_entity_has_no_rule():
    assert record_rules("no_such_entity") == []
