"""Radiotherapy and systemic treatment: doses in the right unit, fields of the right kind, one table per rule."""

import pytest

from tests.rule_cases import disagreements

CASES = {
    "TREATMENT-001": """
        given: fractions = -
        found         | dose_gy | treatment_kind | why
        TREATMENT-001 TREATMENT-008 | 4.9     | radiotherapy   | just under 5 Gy
        TREATMENT-008 | 5       | radiotherapy   | the lower limit
        TREATMENT-008 | 5.1     | radiotherapy   | just above
        TREATMENT-008 | 50      | radiotherapy   | before surgery
        TREATMENT-008 | 66      | radiotherapy   | after surgery
        TREATMENT-008 | 89.9    | radiotherapy   | just under 90 Gy
        TREATMENT-008 | 90      | radiotherapy   | the upper limit
        TREATMENT-001 TREATMENT-008 | 90.1    | radiotherapy   | just above
        TREATMENT-001 TREATMENT-008 | 0.5     | radiotherapy   | 50 Gy written in hundreds
        TREATMENT-001 TREATMENT-008 | 0       | radiotherapy   | none given
        TREATMENT-001 TREATMENT-008 | 150     | radiotherapy   | the last value of the contract
        CONTRACT-002 TREATMENT-008 | 5000    | radiotherapy   | 50 Gy in cGy: held before
        CONTRACT-002 TREATMENT-008 | -1      | radiotherapy   | held before
        TREATMENT-007 TREATMENT-008 | -       | radiotherapy   | dose missing
        -             | 4.9     | other          | brachytherapy of another kind
        TREATMENT-011 | 100     | ilp            | not a dose of radiotherapy
        TREATMENT-003 TREATMENT-011 | 100     | systemic       | said as such
        TREATMENT-005 | 100     | -              | kind missing: said as such
    """,
    "TREATMENT-002": """
        found         | dose_gy | fractions | why
        -             | 50      | 50        | 1 Gy, the lower limit
        TREATMENT-002 | 50      | 51        | just under
        -             | 50      | 25        | 2 Gy
        -             | 25      | 5         | 5 Gy, a short course
        -             | 60      | 5         | 12 Gy, the upper limit
        TREATMENT-002 | 61      | 5         | just above
        TREATMENT-002 | 50      | 2         | 25 fractions with a digit lost
        TREATMENT-002 | 50      | 1         | the dose of a course in one
        TREATMENT-007 | -       | 25        | dose missing
        TREATMENT-008 | 50      | -         | fractions missing
        CONTRACT-002  | 50      | 0         | no division: held before
        CONTRACT-002  | 50      | 250       | 25 times ten: held before
        CONTRACT-002  | 5000    | 25        | 50 Gy in cGy: held before, no dose per fraction
        TREATMENT-001 TREATMENT-002 | 100 | 5 | the total and the fraction
    """,
    "TREATMENT-003": """
        found         | treatment_kind | dose_gy | fractions | why
        TREATMENT-003 TREATMENT-011 | systemic       | 50      | 25        | both
        TREATMENT-003 TREATMENT-011 | systemic       | 50      | -         | a dose
        TREATMENT-003 TREATMENT-011 | systemic       | -       | 25        | fractions
        TREATMENT-011 | systemic       | -       | -         | neither
        -             | radiotherapy   | 50      | 25        | where they belong
        TREATMENT-011 | ilp            | 50      | -         | a perfusion has a dose of its own
        TREATMENT-005 | -              | 50      | 25        | kind missing: said as such
        TREATMENT-003 TREATMENT-011 | systemic       | 75      | -         | 75 mg/m2 in the column of Gy
    """,
    "TREATMENT-004": """
        found         | treatment_kind | drugs        | cycles | dose_gy | fractions | why
        TREATMENT-004 | radiotherapy   | doxorubicine | 6      |         |           | both
        TREATMENT-004 | radiotherapy   | doxorubicine | -      |         |           | drugs
        TREATMENT-004 | radiotherapy   | -            | 6      |         |           | cycles
        -             | radiotherapy   | -            | -      |         |           | neither
        -             | systemic       | doxorubicine | 6      | -       | -         | where they belong
        -             | ilp            | melphalan    | 1      | -       | -         | a perfusion
        -             | other          | doxorubicine | -      | -       | -         |
        TREATMENT-005 | -              | doxorubicine | 6      | -       | -         | kind missing: said as such
    """,
    "TREATMENT-005": """
        found         | treatment_kind | why
        TREATMENT-005 | -              | missing
        -             | radiotherapy   |
        -             | other          |
        CONTRACT-003  | chimio         | a word out of the list is held, not missing
    """,
    "TREATMENT-006": """
        given: treatment_kind = other, dose_gy = -, fractions = -
        found         | treatment_start_date | treatment_end_date | why
        TREATMENT-006 | -                    | -                  | unknown
        TREATMENT-006 | -                    | 2015-08-15         | the end does not tell the start
        -             | 2015                 | -                  | the year orders it a little
        -             | 2015-07              | -                  | the month more
    """,
    "TREATMENT-007": """
        found         | dose_gy | treatment_kind | fractions | drugs        | why
        TREATMENT-007 | -       | radiotherapy   |           |              | how much
        -             | 50      | radiotherapy   |           |              |
        -             | -       | systemic       | -         | doxorubicine | drugs have no Gy
        -             | -       | other          |           |              |
        CONTRACT-002  | 5000    | radiotherapy   |           |              | a dose that is held is not missing
    """,
    "TREATMENT-008": """
        found         | fractions | treatment_kind | why
        TREATMENT-008 | -         | radiotherapy   | in how many times
        -             | 25        | radiotherapy   |
        -             | -         | other          |
    """,
    "TREATMENT-009": """
        found         | treatment_start_date | as_of      | treatment_kind | treatment_end_date | why
        TREATMENT-009 | 2015-07-01           | 2015-10-02 | radiotherapy   | -                  | it must be over
        -             | 2015-07-01           | 2015-10-01 | radiotherapy   | -                  | three months
        -             | 2015-07              | 2015-10-15 | radiotherapy   | -                  | perhaps begun at the end of the month
        -             | 2015-07-01           | -          | radiotherapy   | -                  | export of no known day
        -             | 2015-07-01           | 2018-10-02 | other          | -                  |
        -             | 2015-07-01           | 2015-10-02 | radiotherapy   | 2015-08-15         | ended
        -             | 2015-07-01           | 2015-10-02 | radiotherapy   | 2015               | ended that year
    """,  # noqa: E501 - one line per record
    "TREATMENT-010": """
        found         | treatment_setting | treatment_kind | dose_gy | fractions | drugs        | why
        TREATMENT-010 | -                 | radiotherapy   |         |           |              | before or after what
        -             | adjuvant          | radiotherapy   |         |           |              |
        -             | -                 | systemic       | -       | -         | doxorubicine | asked of radiotherapy only
    """,  # noqa: E501 - one line per record
    "TREATMENT-011": """
        given: dose_gy = -, fractions = -
        found         | treatment_kind | drugs        | why
        TREATMENT-011 | systemic       | -            | which
        TREATMENT-011 | ilp            | -            | which
        -             | systemic       | doxorubicine |
        -             | other          | -            | cryotherapy has none
    """,
    "TREATMENT-012": """
        given: treatment_kind = systemic, dose_gy = -, fractions = -
        found         | drugs        | why
        TREATMENT-012 | autre        |
        TREATMENT-012 | ?            |
        TREATMENT-012 | Non précisé  |
        -             | doxorubicine |
        -             | AI           | a protocol
        -             | API-AI       | another
        TREATMENT-011 | -            | missing: said as such
    """,
    "TREATMENT-013": """
        given: treatment_kind = other, dose_gy = -, fractions = -
        found         | treatment_start_date | treatment_end_date | tumour.diagnosis_date | why
        TREATMENT-013 | 2015-03-10           | 2015-03-10         | 2015-03-10            | all in one day
        TREATMENT-013 | 2015-03-10           | 2015-03-16         | 2015-03-10            | within the week
        -             | 2015-03-10           | 2015-03-17         | 2015-03-10            | a week later
        -             | 2015-03-09           | 2015-03-12         | 2015-03-10            | begun before
        -             | 2015-03              | 2015-03            | 2015-03-10            | perhaps a month
        -             | 2015-03-10           | -                  | 2015-03-10            | not ended
        -             | 2015-03-10           | 2015-03-10         | -                     | no diagnosis date
    """,
    "TREATMENT-014": """
        given: treatment_kind = systemic, dose_gy = -, fractions = -, drugs = doxorubicine
        found         | treatment_start_date | treatment_end_date | cycles | why
        TREATMENT-014 | 2015-07-01           | 2015-07-01         | 6      | six cycles in a day
        TREATMENT-014 | 2015-07-01           | 2015-07-01         | 2      |
        -             | 2015-07-01           | 2015-07-01         | 1      | one cycle
        -             | 2015-07-01           | 2015-07-22         | 2      |
        -             | 2015-07              | 2015-07            | 2      | known to the month
        -             | 2015-07-01           | 2015-07-01         | -      | cycles missing
        -             | 2015-07-01           | -                  | 6      | not ended
    """,
    "TREATMENT-015": """
        found         | treatment_start_date | treatment_end_date | why
        TREATMENT-015 | 2015-07-01           | 2015-09-24         | 85 days
        -             | 2015-07-01           | 2015-09-23         | 84 days
        -             | 2015-07              | 2015-10-20         | perhaps begun at the end of the month
        -             | 2015-07-01           | 2015               | perhaps ended before
        TREATMENT-015 | 2015-07              | 2015-10-24         | 85 days whatever the day
        TREATMENT-009 | 2015-07-01           | -                  | not ended: said as such
    """,
    "TREATMENT-016": """
        found         | treatment_start_date | treatment_end_date | fractions | dose_gy | why
        TREATMENT-016 | 2015-07-01           | 2015-07-05         | 25        |         | five a day
        TREATMENT-016 | 2015-07-01           | 2015-07-12         | 25        |         | 24 would do
        -             | 2015-07-01           | 2015-07-13         | 25        |         | two a day
        -             | 2015-07-01           | 2015-07-01         | 1         | 8       | one
        -             | 2015-07              | 2015-07            | 25        |         | known to the month
        DATE-005      | 2015-07-01           | 2015-06-01         | 25        |         | ends before: said as such
        TREATMENT-008 | 2015-07-01           | 2015-07-05         | -         |         | fractions missing: said as such
    """,  # noqa: E501 - one line per record
    "TREATMENT-017": """
        given: dose_gy = -, fractions = -, drugs = melphalan, tumour.laterality = -
        found         | treatment_kind | tumour.topography_code | why
        TREATMENT-017 | ilp            | C49.4                  | the abdomen is no limb
        TREATMENT-017 | ilp            | C48.0                  |
        TREATMENT-017 | ilp            | C54.2                  |
        -             | ilp            | C49.2                  | a leg
        -             | ilp            | C40.0                  | a bone of the arm
        -             | ilp            | C44.7                  | the skin of a leg
        -             | ilp            | C49.5                  | the groin is coded so
        -             | ilp            | C77.4                  | its nodes
        -             | ilp            | -                      | site missing
        -             | other          | C49.4                  |
    """,
    "TREATMENT-018": """
        given: treatment_kind = systemic, dose_gy = -, fractions = -, tumour.topography_code = C16.9
        found         | drugs                     | tumour.morphology_code | why
        TREATMENT-018 | Doxorubicine              | 8936/3                 |
        TREATMENT-018 | doxorubicin, ifosfamide   | 8936/3                 | both
        TREATMENT-018 | ADRIAMYCINE               | M89363                 | its other name
        -             | imatinib                  | 8936/3                 |
        -             | sunitinib                 | 8936/3                 |
        -             | doxorubicine              | 8890/3                 | a leiomyosarcoma
        -             | doxorubicine              | -                      | words only
        TREATMENT-011 | -                         | 8936/3                 | drugs missing: said as such
    """,
    "TREATMENT-019": """
        given: treatment_kind = systemic, dose_gy = -, fractions = -
        found         | drugs        | tumour.morphology_code | why
        TREATMENT-019 | imatinib     | 8890/3                 | once called leiomyosarcoma of the stomach
        TREATMENT-019 | Glivec 400   | 8850/3                 |
        -             | imatinib     | 8936/3                 | a GIST
        -             | imatinib     | 8821/1                 | a desmoid
        -             | imatinib     | 8832/3                 | a Darier
        -             | imatinib     | 9370/3                 | a chordoma
        -             | imatinib     | 8800/3                 | not specified
        -             | doxorubicine | 8890/3                 |
        -             | imatinib     | -                      | words only
        TREATMENT-011 | -            | 8890/3                 | drugs missing: said as such
    """,
}


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    return disagreements(CASES)


@pytest.mark.parametrize("rule_id", CASES)
def test_a_row_breaks_exactly_what_the_table_says(wrong, rule_id):
    assert wrong[rule_id] == []
