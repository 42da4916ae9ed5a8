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
        FOLLOWUP-005 | -              | -          | status missing
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
        FOLLOWUP-005 | -              | 2020-01-01 | status missing
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
    "FOLLOWUP-005": """
        found        | disease_status | follow_up_event | why
        FOLLOWUP-005 | -              | last_news       | news of what
        -            | AWD            | last_news       |
        -            | -              | local_relapse   | the event says it
        FOLLOWUP-006 | -              | -               | event missing: said as such
        CONTRACT-003 | vivant         | last_news       | a word out of the list is held, not missing
    """,
    "FOLLOWUP-006": """
        found        | follow_up_event | why
        FOLLOWUP-006 | -               | missing
        -            | last_news       |
        -            | metastasis      |
        CONTRACT-003 | rechute         | a word out of the list is held, not missing
    """,
    "FOLLOWUP-007": """
        found        | event_date | as_of      | disease_status | patient.vital_status | tumour.diagnosis_date | why
        FOLLOWUP-007 | 2018-01-10 | 2020-01-11 | NED            | alive                |                       | the day after 24 months
        -            | 2018-01-10 | 2020-01-10 | NED            | alive                |                       | 24 months
        FOLLOWUP-007 | 2018       | 2021-01-01 | AWD            | alive                |                       | the whole year
        -            | 2018       | 2020-06-01 | NED            | alive                |                       | perhaps later in the year
        -            | 2018-01-10 | 2024-01-01 | lost           | alive                |                       | said lost
        -            | 2018-01-10 | 2024-01-01 | NED            | lost                 |                       | said lost
        -            | 2018-01-10 | 2024-01-01 | NED            | -                    |                       | not said alive
        -            | 2018-01-10 | -          | NED            | alive                |                       | export of no known day
        FOLLOWUP-004 | -          | 2024-01-01 | NED            | alive                |                       | no date: said as such
        -            | 2020-03-10 | 2024-01-01 | NED            | alive                | 2015-03-10            | followed for five years
        FOLLOWUP-007 | 2020-03-09 | 2024-01-01 | NED            | alive                | 2015-03-10            | a day less
        -            | 2018-01-10 | 2024-01-01 | NED            | alive                | -                     | no diagnosis date
    """,  # noqa: E501 - one line per record
    "FOLLOWUP-008": """
        found        | event_date | tumour.diagnosis_date | disease_status | follow_up_event | why
        FOLLOWUP-008 | 2015-03-10 | 2015-03-10            | NED            | last_news       | no follow-up
        FOLLOWUP-008 | 2015-03-10 | 2015-03-10            | AWD            | last_news       |
        -            | 2015-03-11 | 2015-03-10            | NED            | last_news       | a day of it
        -            | 2015-03    | 2015-03               | NED            | last_news       | perhaps later in the month
        -            | 2015-03-10 | 2015-03-10            | lost           | last_news       | lost at once
        -            | 2015-03-10 | 2015-03-10            | AWD            | local_relapse   | another event
        -            | 2015-03-10 | -                     | NED            | last_news       | no diagnosis date
    """,  # noqa: E501 - one line per record
    "FOLLOWUP-009": """
        given: as_of = -
        found        | event_date | tumour.diagnosis_date | patient.birth_date | why
        FOLLOWUP-009 | 2060-01-01 | 1980-01-01            | 1970-01-02         | eighty years
        FOLLOWUP-009 | 2061-01-01 | 2015-03-10            | 1960-01-15         | over a hundred
        FOLLOWUP-009 | 2021-01-01 | 2015-03-10            | 1921-01-01         | a hundred to the day
        -            | 2020-12-31 | 2015-03-10            | 1921-01-01         | the day before
        -            | 2021-01-01 | 2015-03-10            | 1921               | perhaps born in December
        -            | 2022-01-01 | 2019-03-10            | 1921-01-01         | very old at diagnosis
        -            | 2061-01-01 | 2015-03-10            | -                  | no birth date, 46 years
        -            | 2061-01-01 | -                     | 1960-01-15         | no diagnosis date
    """,
    "FOLLOWUP-010": """
        given: follow_up_event = metastasis
        found        | event_date | tumour.diagnosis_date | tumour.extent_at_diagnosis | why
        FOLLOWUP-010 | 2016-01-10 | 2015-03-10            | metastatic                 | the first one was there
        -            | 2015-03-10 | 2015-03-10            | metastatic                 | that one
        -            | 2016-01-10 | 2015-03-10            | localised                  | a relapse
        -            | 2016-01-10 | 2015-03-10            | -                          | extent missing
        -            | 2015       | 2015-03-10            | metastatic                 | perhaps that one
        -            | 2016-01-10 | -                     | metastatic                 | no diagnosis date
        FOLLOWUP-010 | 2016       | 2015                  | metastatic                 | the year after
    """,
    "FOLLOWUP-011": """
        given: follow_up_event = metastasis
        found        | event_date | tumour.diagnosis_date | tumour.extent_at_diagnosis | why
        FOLLOWUP-011 | 2015-03-10 | 2015-03-10            | localised                  | found together
        FOLLOWUP-011 | 2015-03-10 | 2015-03-10            | locoregional               |
        -            | 2015-03-11 | 2015-03-10            | localised                  | the day after
        -            | 2015-03    | 2015-03-10            | localised                  | perhaps after
        -            | 2015-03-10 | 2015-03-10            | metastatic                 | said so
        -            | 2015-03-10 | 2015-03-10            | -                          | extent missing
        DATE-004     | 2015-03-09 | 2015-03-10            | localised                  | before: said as such
    """,
}


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    return disagreements(CASES)


@pytest.mark.parametrize("rule_id", CASES)
def test_a_row_breaks_exactly_what_the_table_says(wrong, rule_id):
    assert wrong[rule_id] == []
