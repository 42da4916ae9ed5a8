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
        PATHOLOGY-006 PATHOLOGY-010 | 9180/3                 | osteosarcoma
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
    "PATHOLOGY-004": """
        found         | sampling_date | why
        PATHOLOGY-004 | -             | a specimen of no date
        -             | 2015          | the year is enough
        -             | 2015-03-10    |
    """,
    "PATHOLOGY-005": """
        found         | initial_morphology_code | concordance | why
        -             | 8850/3                  |             | as ICD-O writes it
        -             | M8850/3                 |             | with a letter
        PATHOLOGY-005 | 8,8E+03                 |             | a spreadsheet made it a number
        PATHOLOGY-005 | mars-00                 |             | a spreadsheet made it a date
        PATHOLOGY-005 | liposarcome             |             | words in the column of the code
        -             | -                       |             | no code
    """,
    "PATHOLOGY-006": """
        found         | concordance | initial_morphology_code | expert_morphology_code | why
        PATHOLOGY-006 | full        | 8800/3                  | 8850/3                 | not the same
        -             | full        | M88503                  | 8850/3                 | written otherwise
        -             | full        | 8850                    | 8850/3                 | behaviour missing
        -             | partial     | 8800/3                  | 8850/3                 | said so
        -             | full        | -                       | 8850/3                 | words only
        -             | full        | 8850/3                  | -                      | words only
        -             | -           | 8800/3                  | 8850/3                 | concordance missing
        PATHOLOGY-005 | full        | lipome                  | 8850/3                 | unreadable
    """,
    "PATHOLOGY-007": """
        found         | expert_label    | why
        PATHOLOGY-007 | NR              |
        PATHOLOGY-007 | À préciser      |
        PATHOLOGY-007 | ??              |
        -             | liposarcome     |
        -             | non sarcome     | says something
        -             | -               | the code is enough
    """,
    "PATHOLOGY-008": """
        found         | initial_label | why
        PATHOLOGY-008 | autre         |
        PATHOLOGY-008 | inconnue      |
        -             | lipome        |
        -             | -             | the code is enough
    """,
    "PATHOLOGY-009": """
        given: initial_morphology_code = -, tumour.morphology_code = -
        found         | expert_morphology_code | had_molecular_test | why
        PATHOLOGY-009 | 9040/3                 | false              | synovial
        -             | 9364/3                 | false              | round cell of an unstated kind
        PATHOLOGY-009 | 9260/3                 | false              | Ewing
        PATHOLOGY-009 | M88523                 | false              | myxoid liposarcoma
        -             | 9040/3                 | true               | tested
        -             | 9040/3                 | -                  | not stated
        -             | 8890/3                 | false              | histology is enough
        -             | -                      | false              | words only
    """,
    "PATHOLOGY-010": """
        given: initial_morphology_code = -, concordance = -
        found         | expert_date | expert_morphology_code | tumour.morphology_code | as_of      | why
        PATHOLOGY-010 | 2015-04-02  | 8850/3                 | 8800/3                 | 2015-10-03 | the day after six months
        -             | 2015-04-02  | 8850/3                 | 8800/3                 | 2015-10-02 | six months
        -             | 2015-04-02  | 8850/3                 | 8800/3                 | -          | export of no known day
        PATHOLOGY-010 | 2015-04     | 8850/3                 | 8800/3                 | 2015-11-01 | the whole month
        -             | 2015        | 8850/3                 | 8800/3                 | 2015-12-31 | perhaps read later
        -             | 2015-04-02  | 8850/3                 | 8850                   | 2018-10-03 | behaviour is not compared
        -             | 2015-04-02  | 8850/3                 | -                      | 2018-10-03 | words only
        -             | 2015-04-02  | -                      | 8800/3                 | 2018-10-03 | words only
        -             | -           | 8850/3                 | 8800/3                 | 2018-10-03 | not read yet
    """,  # noqa: E501 - one line per record
    "IMAGING-002": """
        found        | modality | why
        IMAGING-002  | -        | missing
        -            | mri      |
        CONTRACT-003 | irm      | a word out of the list is held, not missing
    """,
    "IMAGING-003": """
        found        | imaging_target | why
        IMAGING-003  | -              | missing
        -            | primary        |
        -            | chest          |
    """,
    "IMAGING-004": """
        found       | modality   | imaging_target | why
        IMAGING-004 | ultrasound | whole_body     | nobody does that
        IMAGING-004 | xray       | whole_body     |
        -           | mri        | whole_body     | whole-body MRI exists
        -           | pet        | whole_body     |
        -           | xray       | chest          |
        -           | ultrasound | primary        |
        IMAGING-002 | -          | whole_body     | modality missing: said as such
        IMAGING-003 | xray       | -              | target missing: said as such
    """,
}


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    return disagreements(CASES)


@pytest.mark.parametrize("rule_id", CASES)
def test_a_row_breaks_exactly_what_the_table_says(wrong, rule_id):
    assert wrong[rule_id] == []
