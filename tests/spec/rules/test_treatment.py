"""Radiotherapy and systemic treatment: doses in the right unit, fields of the right kind, one table per rule."""

import pytest

from tests.rule_cases import disagreements

CASES = {
    "TREATMENT-001": """
        given: fractions = -
        found         | dose_gy | treatment_kind | why
        TREATMENT-001 | 4.9     | radiotherapy   | just under 5 Gy
        -             | 5       | radiotherapy   | the lower limit
        -             | 5.1     | radiotherapy   | just above
        -             | 50      | radiotherapy   | before surgery
        -             | 66      | radiotherapy   | after surgery
        -             | 89.9    | radiotherapy   | just under 90 Gy
        -             | 90      | radiotherapy   | the upper limit
        TREATMENT-001 | 90.1    | radiotherapy   | just above
        TREATMENT-001 | 0.5     | radiotherapy   | 50 Gy written in hundreds
        TREATMENT-001 | 0       | radiotherapy   | none given
        TREATMENT-001 | 150     | radiotherapy   | the last value of the contract
        CONTRACT-002  | 5000    | radiotherapy   | 50 Gy in cGy: held before
        CONTRACT-002  | -1      | radiotherapy   | held before
        -             | -       | radiotherapy   | dose missing
        -             | 4.9     | other          | brachytherapy of another kind
        -             | 100     | ilp            | not a dose of radiotherapy
        TREATMENT-003 | 100     | systemic       | said as such
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
        -             | -       | 25        | dose missing
        -             | 50      | -         | fractions missing
        CONTRACT-002  | 50      | 0         | no division: held before
        CONTRACT-002  | 50      | 250       | 25 times ten: held before
        CONTRACT-002  | 5000    | 25        | 50 Gy in cGy: held before, no dose per fraction
        TREATMENT-001 TREATMENT-002 | 100 | 5 | the total and the fraction
    """,
    "TREATMENT-003": """
        found         | treatment_kind | dose_gy | fractions | why
        TREATMENT-003 | systemic       | 50      | 25        | both
        TREATMENT-003 | systemic       | 50      | -         | a dose
        TREATMENT-003 | systemic       | -       | 25        | fractions
        -             | systemic       | -       | -         | neither
        -             | radiotherapy   | 50      | 25        | where they belong
        -             | ilp            | 50      | -         | a perfusion has a dose of its own
        TREATMENT-005 | -              | 50      | 25        | kind missing: said as such
        TREATMENT-003 | systemic       | 75      | -         | 75 mg/m2 in the column of Gy
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
        found         | treatment_start_date | treatment_end_date | why
        TREATMENT-006 | -                    | -                  | unknown
        TREATMENT-006 | -                    | 2015-08-15         | the end does not tell the start
        -             | 2015                 | -                  | the year orders it a little
        -             | 2015-07              | -                  | the month more
    """,
}


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    return disagreements(CASES)


@pytest.mark.parametrize("rule_id", CASES)
def test_a_row_breaks_exactly_what_the_table_says(wrong, rule_id):
    assert wrong[rule_id] == []
