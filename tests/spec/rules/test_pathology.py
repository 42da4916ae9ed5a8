"""Biopsy, imaging and second reading, one table per rule."""

import pytest

from tests.rule_cases import disagreements

CASES = {
    "PATHOLOGY-001": """
        found         | expert_date | expert_morphology_code | expert_label | why
        PATHOLOGY-001 | 2015-04-02  | -                      | -            | dated, without conclusion
        PATHOLOGY-001 | 2015        | -                      | -            | dated to the year
        -             | 2015-04-02  | 8850/3                 | -            | a code concludes
        -             | 2015-04-02  | -                      | liposarcome  | words conclude
        -             | -           | -                      | -            | not read yet
    """,
    "PATHOLOGY-002": """
        found         | concordance | initial_morphology_code | expert_morphology_code | why
        PATHOLOGY-002 | complete    | 8850/3                  | 8850/3                 | full written complete
        -             | complete    | 8800/3                  | 8850/3                 | another diagnosis
        -             | full        | 8850/3                  | 8850/3                 | concordant
        -             | partial     | 8850/3                  | 8850/3                 | another grade
        -             | -           | 8850/3                  | 8850/3                 | concordance missing
        -             | complete    | -                       | 8850/3                 | first reading missing
        -             | complete    | 8850/3                  | -                      | words only
        -             | complete    | -                       | -                      | nothing to compare
    """,
    "PATHOLOGY-003": """
        found         | expert_morphology_code | why
        -             | 8850/3                 | as ICD-O writes it
        -             | 88503                  | without stroke
        -             | M8850/3                | with a letter
        -             | 8850                   | without behaviour
        -             | 9180/3                 | osteosarcoma
        PATHOLOGY-003 | 8,8E+03                | a spreadsheet made it a number
        PATHOLOGY-003 | mars-00                | a spreadsheet made it a date
        PATHOLOGY-003 | 7850/3                 | below the first morphology
        PATHOLOGY-003 | 8850/7                 | no such behaviour
        PATHOLOGY-003 | liposarcome            | words in the column of the code
        -             | -                      | words only
    """,
    "BIOPSY-001": """
        found      | biopsy_date | why
        BIOPSY-001 | -           | unknown
        -          | 2015        | the year orders it a little
        -          | 2015-03     | the month more
        -          | 2015-03-10  |
    """,
    "BIOPSY-002": """
        found        | biopsy_kind | why
        BIOPSY-002   | -           | missing
        -            | core        |
        -            | fna         |
        -            | incisional  |
        -            | excisional  |
        CONTRACT-003 | tru-cut     | a word out of the list is held, not missing
    """,
    "BIOPSY-003": """
        found      | tumour.had_biopsy | biopsy_kind | why
        BIOPSY-003 | false             | core        | declared without, described with
        -          | true              | core        | declared and described
        -          | -                 | core        | not declared
        BIOPSY-002 BIOPSY-003 | false  | -           | and of no kind
    """,
    "IMAGING-001": """
        found       | imaging_date | why
        IMAGING-001 | -            | unknown
        -           | 2015         | the year orders it a little
        -           | 2015-03      | the month more
        -           | 2015-03-01   |
    """,
}


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    return disagreements(CASES)


@pytest.mark.parametrize("rule_id", CASES)
def test_a_row_breaks_exactly_what_the_table_says(wrong, rule_id):
    assert wrong[rule_id] == []
