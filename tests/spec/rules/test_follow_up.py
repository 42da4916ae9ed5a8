"""Follow-up: vital status, death and last news tell one story, one table per rule."""

import pytest

from tests.rule_cases import disagreements

CASES = {
    "FOLLOWUP-001": """
        found        | disease_status | death_date | why
        FOLLOWUP-001 | DOD            | -          | dead of disease
        FOLLOWUP-001 | DOC            | -          | dead of another cause
        FOLLOWUP-001 | DUC            | -          | dead of unknown cause
        -            | DOD            | 2020-01-01 | dated
        -            | DOD            | 2020       | the year is enough
        -            | NED            | -          | alive
        -            | AWD            | -          | alive
        -            | lost           | -          | lost is not dead
        -            | -              | -          | status missing
    """,
    "FOLLOWUP-002": """
        found        | disease_status | death_date | why
        FOLLOWUP-002 | NED            | 2020-01-01 | alive and dead
        FOLLOWUP-002 | AWD            | 2020-01-01 | alive and dead
        FOLLOWUP-002 | NED            | 2020       | whatever the day
        -            | DOD            | 2020-01-01 |
        -            | DOC            | 2020-01-01 |
        -            | DUC            | 2020-01-01 |
        -            | lost           | 2020-01-01 | lost, then known dead
        -            | -              | 2020-01-01 | status missing
        -            | NED            | -          | alive
    """,
    "FOLLOWUP-003": """
        given: disease_status = DOD
        found        | patient.vital_status | death_date | why
        FOLLOWUP-003 | alive                | 2020-01-01 | the identity disagrees
        FOLLOWUP-003 | alive                | 2020       | whatever the day
        -            | dead                 | 2020-01-01 | both agree
        -            | lost                 | 2020-01-01 | lost there, found here
        -            | -                    | 2020-01-01 | vital status missing
        FOLLOWUP-001 | alive                | -          | no date: said as such
    """,
    "FOLLOWUP-004": """
        found        | event_date | death_date | disease_status | why
        FOLLOWUP-004 | -          | -          | NED            | news of no date
        -            | -          | 2020-01-01 | DOD            | the death dates the news
        -            | 2018-01-10 | -          | NED            |
        -            | 2018       | -          | NED            | the year is enough
    """,
}


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    return disagreements(CASES)


@pytest.mark.parametrize("rule_id", CASES)
def test_a_row_breaks_exactly_what_the_table_says(wrong, rule_id):
    assert wrong[rule_id] == []
