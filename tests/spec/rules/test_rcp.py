"""Multidisciplinary meetings: dated, of a kind, and not of a network that did not exist."""

import pytest

from tests.rule_cases import disagreements

CASES = {
    "RCP-001": """
        found   | rcp_date   | why
        RCP-001 | -          | unknown
        -       | 2015       | the year orders it a little
        -       | 2015-04    | the month more
        -       | 2015-04-01 |
    """,
    "RCP-002": """
        found        | rcp_kind          | why
        RCP-002      | -                 | missing
        -            | local             | does not count, but is said
        -            | sarcoma_network   |
        -            | resos             |
        -            | molecular         |
        -            | diagnostic_advice |
        CONTRACT-003 | rcp sarcome       | a word out of the list is held, not missing
    """,
    "RCP-003": """
        given: tumour.diagnosis_date = -
        found   | rcp_date   | rcp_kind          | why
        RCP-003 | 2008-12-31 | sarcoma_network   | the day before 2009
        -       | 2009-01-01 | sarcoma_network   | the first day
        -       | 2009-01-02 | sarcoma_network   |
        RCP-003 | 2008-12-31 | resos             | the bone network too
        -       | 2008-12-31 | local             | meetings existed
        -       | 2008-12-31 | molecular         |
        -       | 2008-12-31 | diagnostic_advice |
        RCP-002 | 2008-12-31 | -                 | kind missing: said as such
        RCP-003 | 2008-12    | sarcoma_network   | the whole month before
        -       | 2009-01    | sarcoma_network   |
        RCP-003 | 2008       | sarcoma_network   | the whole year before
        -       | 2009       | sarcoma_network   | perhaps at its end
        RCP-003 | 2001-05-12 | sarcoma_network   | 2001 written for 2021
        RCP-001 | -          | sarcoma_network   | no date: said as such
    """,
    "RCP-004": """
        found   | rcp_date   | rcp_reason | tumour.diagnosis_date | why
        RCP-004 | 2015-03-09 | relapse    | 2015-03-10            | the day before
        RCP-004 | 2015-03-09 | follow_up  | 2015-03-10            |
        -       | 2015-03-10 | relapse    | 2015-03-10            | that day
        -       | 2015-03-09 | diagnosis  | 2015-03-10            | it makes the diagnosis
        -       | 2015-03-09 | treatment  | 2015-03-10            |
        -       | 2015-03-09 | -          | 2015-03-10            | reason missing
        RCP-004 | 2015-02    | relapse    | 2015-03               | the month before
        -       | 2015       | relapse    | 2015-03               | perhaps later in the year
        -       | 2015-03-09 | relapse    | -                     | no diagnosis date
        RCP-001 | -          | relapse    | 2015-03-10            | no date: said as such
    """,
    "RCP-005": """
        given: tumour.morphology_code = 9180/3, tumour.laterality = -
        found   | rcp_kind        | tumour.topography_code | why
        RCP-005 | resos           | C48.0                  | the retroperitoneum
        RCP-005 | resos           | C16.9                  | the stomach
        RCP-005 | resos           | C54.2                  | the uterus
        -       | resos           | C40.2                  | a long bone
        -       | resos           | C41.4                  | the pelvis
        -       | resos           | C49.2                  | beside a bone
        -       | resos           | C30.0                  | bones of the nose
        -       | sarcoma_network | C48.0                  |
        -       | resos           | -                      | site missing
        RCP-002 | -               | C48.0                  | kind missing: said as such
    """,
}


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    return disagreements(CASES)


@pytest.mark.parametrize("rule_id", CASES)
def test_a_row_breaks_exactly_what_the_table_says(wrong, rule_id):
    assert wrong[rule_id] == []
