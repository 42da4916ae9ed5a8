"""Acts of surgery: margins, kinds, targets and procedure codes, one table per rule."""

import pytest

from tests.rule_cases import disagreements

CASES = {
    "SURGERY-001": """
        found       | surgery_kind       | surgery_target | surgery_intent | margin | why
        SURGERY-001 | resection          | primary        | curative       | -      | the margins are the result
        SURGERY-001 | re_excision        | primary        | curative       | -      |
        SURGERY-001 | amputation         | primary        | curative       | -      |
        SURGERY-001 | unplanned_excision | primary        | curative       | -      | even where no sarcoma was expected
        SURGERY-001 SURGERY-010 | resection | primary | -            | -      | intent missing is not palliative
        -           | resection          | primary        | palliative     | -      | margins are not the aim
        -           | resection          | relapse        | curative       | -      | not the primary
        -           | resection          | metastasis     | curative       | -      | not the primary
        SURGERY-011 | resection          | -              | curative       | -      | target missing: nothing certain
        -           | excisional_biopsy  | primary        | curative       | -      | a biopsy
        -           | metastasectomy     | metastasis     | curative       | -      |
        -           | complication       | primary        | curative       | -      | nothing removed
        -           | exploratory        | primary        | curative       | -      | nothing removed
        SURGERY-004 | -                  | primary        | curative       | -      | kind missing: said as such
        -           | resection          | primary        | curative       | RX     | said that it cannot be told
    """,
    "SURGERY-002": """
        found       | surgery_kind      | margin | why
        SURGERY-002 | exploratory       | R0     | no tumour was removed
        SURGERY-002 | exploratory       | R1     |
        SURGERY-002 | complication      | R0     |
        SURGERY-002 | complication      | R1     |
        -           | exploratory       | R2     | the tumour is still there
        -           | exploratory       | RX     | not assessable
        -           | complication      | -      | no margin
        -           | resection         | R0     | a resection has margins
        -           | excisional_biopsy | R1     | a biopsy that removes has margins
        SURGERY-004 | -                 | R0     | kind missing: said as such
    """,
    "SURGERY-003": """
        found       | surgery_date | why
        SURGERY-003 | -            | unknown
        -           | 2015         | the year orders it a little
        -           | 2015-05      | the month more
        -           | 2015-05-04   |
    """,
    "SURGERY-004": """
        found       | surgery_kind       | why
        SURGERY-004 | -                  | missing
        -           | resection          |
        -           | re_excision        |
        -           | amputation         |
        -           | unplanned_excision |
        CONTRACT-003 | resections        | a word out of the list is held, not missing
    """,
    "SURGERY-005": """
        found       | surgery_facility | why
        SURGERY-005 | -                | missing
        -           | 690000880        | a FINESS number
        -           | CLINIQUE DU PARC | a name
    """,
    "SURGERY-006": """
        found       | surgery_kind   | surgery_target | why
        SURGERY-006 | metastasectomy | primary        | one of the two is wrong
        -           | metastasectomy | metastasis     |
        -           | metastasectomy | relapse        | a relapse elsewhere
        -           | metastasectomy | -              | target missing
        -           | resection      | primary        |
        -           | resection      | metastasis     |
        SURGERY-004 | -              | primary        | kind missing: said as such
    """,
    "SURGERY-007": """
        found       | ccam_code     | why
        -           | PZFA001       | four letters, three digits
        -           | pzfa001       | in lower case
        -           | PZFA001-1-0   | with activity and phase
        SURGERY-007 | PZFA          | cut
        SURGERY-007 | PZFA01        | two digits
        SURGERY-007 | PZF0001       | three letters
        SURGERY-007 | PZFA O01      | a letter O and a space
        SURGERY-007 | 4PZFA001      | a character in front
        SURGERY-007 | exérèse       | the words are in the column of the code
        -           | -             | no code
    """,
    "SURGERY-008": """
        found       | surgery_kind       | margin | why
        SURGERY-008 | excisional_biopsy  | R2     | a macroscopic residual is an incisional biopsy
        -           | excisional_biopsy  | R1     |
        -           | excisional_biopsy  | R0     |
        -           | excisional_biopsy  | RX     |
        -           | excisional_biopsy  | -      | no margin
        -           | resection          | R2     | a resection may leave something
        -           | unplanned_excision | R2     | the usual case
        SURGERY-004 | -                  | R2     | kind missing: said as such
    """,
    "SURGERY-009": """
        given: tumour.topography_code = C16.9, tumour.laterality = -
        found       | tumour.morphology_code | surgery_kind | surgery_target | had_rupture | why
        SURGERY-009 | 8936/3                 | resection    | primary        | -           | a GIST that may have burst
        -           | 8936/3                 | resection    | primary        | false       |
        -           | 8890/3                 | resection    | primary        | -           | asked of GIST only
        -           | 8936/3                 | resection    | relapse        | -           | not the primary
        -           | 8936/3                 | excisional_biopsy | primary   | -           | a biopsy
        -           | -                      | resection    | primary        | -           | words only
    """,
    "SURGERY-010": """
        given: margin = RX
        found       | surgery_kind      | surgery_intent | why
        SURGERY-010 | resection         | -              |
        SURGERY-010 | re_excision       | -              |
        SURGERY-010 | amputation        | -              |
        -           | unplanned_excision | -              | nobody intended it
        -           | excisional_biopsy | -              | a biopsy
        -           | exploratory       | -              | nothing removed
        SURGERY-004 | -                 | -              | kind missing: said as such
        -           | resection         | curative       | said
    """,
    "SURGERY-011": """
        given: margin = RX
        found       | surgery_kind   | surgery_target | why
        SURGERY-011 | resection      | -              |
        SURGERY-011 | amputation     | -              |
        -           | metastasectomy | -              | its kind says its target
        -           | exploratory    | -              |
        SURGERY-004 | -              | -              | kind missing: said as such
        -           | resection         | relapse        | said
    """,
    "SURGERY-012": """
        found       | had_rupture | margin | why
        SURGERY-012 | true        | R0     | spilt, and clear
        -           | true        | R1     |
        -           | true        | RX     |
        -           | false       | R0     |
        -           | -           | R0     | rupture not stated
        SURGERY-001 | true        | -      | margin missing: said as such
    """,
    "SURGERY-013": """
        given: tumour.laterality = -
        found       | surgery_kind | tumour.topography_code | why
        SURGERY-013 | amputation   | C48.0                  | the retroperitoneum
        SURGERY-013 | amputation   | C16.9                  | the stomach
        SURGERY-013 | amputation   | C34.9                  | a lung
        -           | amputation   | C49.2                  | a leg
        -           | amputation   | C41.4                  | half of the pelvis
        -           | amputation   | C49.3                  | the shoulder with the arm
        -           | amputation   | C20.9                  | of the rectum, as surgeons say
        -           | amputation   | C80.9                  | site unknown
        -           | amputation   | -                      | site missing
        -           | resection    | C48.0                  |
        SURGERY-004 | -            | C48.0                  | kind missing: said as such
    """,
    "SURGERY-014": """
        found       | ccam_code | tumour.topography_code | surgery_target | why
        SURGERY-014 | MZFA001   | C49.2                  | primary        | an arm for a leg
        SURGERY-014 | nzfa002   | C49.1                  | primary        | a leg for an arm
        SURGERY-014 | MZFA001   | C40.2                  | primary        | bones too
        -           | NZFA002   | C49.2                  | primary        | a leg
        -           | MZFA001   | C40.0                  | primary        | an arm
        -           | PZFA001   | C49.2                  | primary        | of no limb
        -           | MZFA001   | C49.3                  | primary        | the shoulder with the wall
        -           | MZFA001   | C49.2                  | metastasis     | a metastasis may be anywhere
        -           | MZFA001   | -                      | primary        | site missing
        -           | -         | C49.2                  | primary        | no code
        SURGERY-007 | MZFA      | C49.2                  | primary        | cut
    """,
}


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    return disagreements(CASES)


@pytest.mark.parametrize("rule_id", CASES)
def test_a_row_breaks_exactly_what_the_table_says(wrong, rule_id):
    assert wrong[rule_id] == []
