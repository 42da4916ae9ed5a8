"""Dates against one another: only a contradiction that no possible day escapes is one."""

import datetime as dt

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.contract_rows import span
from tests.rule_cases import disagreements
from tests.spec.clean_record import findings
from validations.contracts.entities import ENTITIES
from validations.contracts.model import Kind
from validations.rules.catalogue import CATALOGUE

OTHERS = {
    "DATE-001": """
        found    | patient.birth_date | diagnosis_date | why
        DATE-001 | 1899-03-10         | 2015-03-10     | the 116th birthday
        -        | 1899-03-11         | 2015-03-10     | the day before it: still 115
        -        | 1900-03-10         | 2015-03-10     | 115 to the day
        DATE-001 | 1898               | 2015-03-10     | 116 even if born in December
        -        | 1899               | 2015-03-10     | 115 if born in December
        DATE-001 | 1899-02            | 2015-03-10     | the birthday is past whatever the day
        -        | 1899-03            | 2015-03-10     | the birthday may be to come
        DATE-001 | 1899-01-01         | 2015           | 116 from the first day of the year on
        -        | 1899-01-02         | 2015           | 115 on that first day
        DATE-001 | 1860-01-15         |                | 1860 written for 1960
        -        | -                  |                | no birth date
        DIAGNOSIS-008 | 1860-01-15    | -              | no diagnosis date
        -        | 1923-12-11         | 2023-06-02     | a hundred years old is rare, not wrong
    """,
    "DATE-002": """
        given: disease_status = DOD, event_date = -
        found    | death_date | tumour.diagnosis_date | why
        DATE-002 | 2015-03-09 | 2015-03-10            | the day before
        -        | 2015-03-10 | 2015-03-10            | found at death
        -        | 2015-03-11 | 2015-03-10            | the day after
        DATE-002 | 2015-02    | 2015-03-10            | the month before
        -        | 2015-03    | 2015-03-10            | perhaps later in the month
        DATE-002 | 2014       | 2015-03-10            | the year before
        -        | 2015       | 2015-03-10            | perhaps later in the year
        -        | 2015-03-09 | 2015-03               | perhaps diagnosed before that day
        DATE-002 | 2015-02-28 | 2015-03               | before the whole month of diagnosis
        DATE-002 | 2014       | 2015                  | before the whole year of diagnosis
        -        | 2015       | 2015                  | the same year says nothing
        DATE-002 | 2012-02    | 2012-03-01            | a leap February ends on the 29th
        -        | 2012-02    | 2012-02-29            | and may be that day
        DATE-002 | 2005-06-01 | 2015-03-10            | 2005 written for 2025
        -        | 2015-03-09 | -                     | no diagnosis date
        FOLLOWUP-001 FOLLOWUP-004 | -  | 2015-03-10   | no death date
    """,
    "DATE-003": """
        given: disease_status = DOD
        found    | event_date | death_date | why
        DATE-003 | 2018-01-11 | 2018-01-10 | the day after
        -        | 2018-01-10 | 2018-01-10 | the death is the event
        -        | 2018-01-09 | 2018-01-10 | the day before
        DATE-003 | 2018-02    | 2018-01-10 | the month after
        -        | 2018-01    | 2018-01-10 | perhaps before in the month
        -        | 2018       | 2018-01-10 | perhaps before in the year
        DATE-003 | 2019       | 2018-01-10 | the year after
        -        | 2018-01-11 | 2018-01    | perhaps dead later in the month
        DATE-003 | 2018-02-01 | 2018-01    | after the whole month of death
        -        | 2018-12-31 | 2018       | perhaps dead that day
        DATE-003 | 2019-01-01 | 2018       | after the whole year of death
        DATE-003 DATE-108 FOLLOWUP-009 | 2081-01-10 | 2018-01-10 | 2081 written for 2018: also after the export
        -        | -          | 2018-01-10 | no event date
        FOLLOWUP-001 | 2018-01-11 | -      | no death date
    """,
    "DATE-004": """
        given: tumour.diagnosis_date = 2015-03-10
        found    | follow_up_event | event_date | why
        DATE-004 | local_relapse   | 2015-03-09 | the day before
        -        | local_relapse   | 2015-03-10 | the same day
        -        | local_relapse   | 2015-03-11 | the day after
        DATE-004 | progression     | 2015-03-09 |
        DATE-004 | metastasis      | 2015-03-09 |
        DATE-009 | last_news       | 2015-03-09 | news of a patient already known: counted
        -        | second_cancer   | 2015-03-09 | another cancer may come first
        FOLLOWUP-006 | -               | 2015-03-09 | no event said
        DATE-004 | metastasis      | 2015-02    | the month before
        -        | metastasis      | 2015-03    | perhaps later in the month
        DATE-004 | metastasis      | 2014       | the year before
        -        | metastasis      | 2015       | perhaps later in the year
        DATE-004 DATE-128 | metastasis | 1916-05-02 | 1916 written for 2016: also before birth
        FOLLOWUP-004 | metastasis  | -          | no event date
    """,
    "DATE-005": """
        given: treatment_kind = other, dose_gy = -, fractions = -
        found    | treatment_start_date | treatment_end_date | why
        DATE-005 | 2015-07-02           | 2015-07-01         | the day before
        -        | 2015-07-01           | 2015-07-01         | one day
        -        | 2015-07-01           | 2015-07-02         | two days
        DATE-005 | 2015-07-01           | 2015-06            | the month before
        -        | 2015-07-31           | 2015-07            | perhaps the 31st
        DATE-005 | 2015-07-01           | 2014               | the year before
        -        | 2015-12-31           | 2015               | perhaps that day
        -        | 2015-07              | 2015-07-01         | perhaps begun on the 1st
        DATE-005 | 2015-07              | 2015-06-30         | before the whole month of the start
        DATE-005 | 2015-07-01           | 2015-01-07         | day and month exchanged
        -        | 2015-07-01           | -                  | still treated
        TREATMENT-006 | -               | 2015-07-01         | no start date
    """,
    "DATE-006": """
        given: received_date = -
        found    | sampling_date | expert_date | why
        DATE-006 | 2015-03-10    | 2015-03-09  | the day before
        -        | 2015-03-10    | 2015-03-10  | extemporaneous reading
        -        | 2015-03-10    | 2015-03-11  | the day after
        DATE-006 | 2015-03-10    | 2015-02     | the month before
        -        | 2015-03-10    | 2015-03     | perhaps later in the month
        DATE-006 | 2015-03-10    | 2014        | the year before
        -        | 2015-03-10    | 2015        | perhaps later in the year
        -        | 2015          | 2015-01-01  | perhaps sampled that day
        DATE-006 | 2015          | 2014-12-31  | before the whole year of sampling
        DATE-006 | 2015-03-10    | 2015-02-04  | day and month exchanged
        PATHOLOGY-004 | -             | 2015-03-09  | no sampling date
        -        | 2015-03-10    | -           | not read yet
    """,
    "DATE-007": """
        given: expert_date = -
        found    | sampling_date | received_date | why
        DATE-007 | 2015-03-10    | 2015-03-09    | the day before
        -        | 2015-03-10    | 2015-03-10    | the same day
        -        | 2015-03-10    | 2015-03-11    | the day after
        DATE-007 | 2015-03-10    | 2015-02       | the month before
        -        | 2015-03-10    | 2015-03       | perhaps later in the month
        DATE-007 | 2015-03-10    | 2014          | the year before
        -        | 2015-03       | 2015-03-01    | perhaps sampled that day
        DATE-007 | 2015-03       | 2015-02-28    | before the whole month of sampling
        DATE-007 | 2021-03-10    | 2012-03-20    | 2012 written for 2021
        PATHOLOGY-004 | -             | 2015-03-09    | no sampling date
        -        | 2015-03-10    | -             | not received
    """,
    "DATE-008": """
        given: sampling_date = 2015-01-01
        found    | received_date | expert_date | why
        DATE-008 | 2015-03-10    | 2015-03-09  | the day before
        -        | 2015-03-10    | 2015-03-10  | read at once
        DATE-008 | 2015-03-10    | 2015-02     | the month before
        -        | 2015-03-10    | 2015-03     | perhaps later in the month
        -        | 2015-03       | 2015-03-01  | perhaps received that day
        DATE-008 | 2015-03-10    | 2015-02-04  | day and month exchanged
        -        | -             | 2015-03-09  | not said received
        -        | 2015-03-10    | -           | not read yet
    """,
    "DATE-009": """
        found    | follow_up_event | event_date | tumour.diagnosis_date | why
        DATE-009 | last_news       | 2015-03-09 | 2015-03-10            | the day before
        -        | last_news       | 2015-03-11 | 2015-03-10            | the day after
        DATE-009 | last_news       | 2015-02    | 2015-03-10            | the month before
        -        | last_news       | 2015       | 2015-03-10            | perhaps later in the year
        -        | last_news       | 2015-03-09 | 2015                  | perhaps diagnosed before
        -        | second_cancer   | 2012-03-09 | 2015-03-10            | a cancer before this one
        DATE-004 | local_relapse   | 2015-03-09 | 2015-03-10            | a relapse: said apart
        FOLLOWUP-006 | -           | 2015-03-09 | 2015-03-10            | of no event, nothing is said
        FOLLOWUP-004 | last_news   | -          | 2015-03-10            | no date
        -        | last_news       | 2015-03-09 | -                     | no date of diagnosis
    """,
}

#: What a date needs around it so that only the rule in question may speak.
GIVEN = {
    "treatment_start_date": "treatment_end_date = -, treatment_kind = other, dose_gy = -, fractions = -",
    "treatment_end_date": "treatment_kind = other, dose_gy = -, fractions = -",
    "death_date": "disease_status = DOD, event_date = -",
    "birth_date": "ins_matricule = -, ins_status = -",
    "expert_date": "sampling_date = 2000-01-01, received_date = -",
    "sampling_date": "received_date = -, expert_date = -",
    "received_date": "expert_date = -",
}
#: What is said of the same date when it is missing.
WHEN_MISSING = {
    "diagnosis_date": "DIAGNOSIS-008",
    "biopsy_date": "BIOPSY-001",
    "imaging_date": "IMAGING-001",
    "rcp_date": "RCP-001",
    "surgery_date": "SURGERY-003",
    "treatment_start_date": "TREATMENT-006",
    "sampling_date": "PATHOLOGY-004",
    "event_date": "FOLLOWUP-004",
    "death_date": "FOLLOWUP-001 FOLLOWUP-004",
}

AFTER_EXPORT = {
    "DATE-101": "diagnosis_date",
    "DATE-102": "biopsy_date",
    "DATE-103": "imaging_date",
    "DATE-104": "rcp_date",
    "DATE-105": "expert_date",
    "DATE-106": "surgery_date",
    "DATE-107": "treatment_start_date",
    "DATE-108": "event_date",
    "DATE-109": "death_date",
    "DATE-110": "birth_date",
    "DATE-111": "treatment_end_date",
    "DATE-112": "sampling_date",
    "DATE-113": "received_date",
}
AFTER_EXPORT_TABLE = """
    found     | {date}     | as_of      | why
    {rule}    | 2024-07-01 | 2024-06-30 | the day after the export
    -         | 2024-06-30 | 2024-06-30 | the day of the export
    -         | 2024-06-29 | 2024-06-30 | the day before
    {rule}    | 2024-07    | 2024-06-30 | the month after
    -         | 2024-06    | 2024-06-30 | perhaps earlier in the month
    {rule}    | 2025       | 2024-06-30 | the year after
    -         | 2024       | 2024-06-30 | perhaps earlier in the year
    {rule}    | 2051-05-04 | 2024-06-30 | 2051 written for 2015
    -         | 2051-05-04 | -          | no export date declared
    -         | 2024-07-01 | 2024-12-31 | a later export of the same centre
    {missing} | -          | 2024-06-30 | no date
"""

BEFORE_BIRTH = {
    "DATE-121": "diagnosis_date",
    "DATE-122": "biopsy_date",
    "DATE-123": "imaging_date",
    "DATE-124": "rcp_date",
    "DATE-125": "expert_date",
    "DATE-126": "surgery_date",
    "DATE-127": "treatment_start_date",
    "DATE-128": "event_date",
    "DATE-129": "death_date",
}
BEFORE_BIRTH_TABLE = """
    found     | {date}     | patient.birth_date | why
    {rule}    | 2015-06-09 | 2015-06-10         | the day before birth
    {child}   | 2015-06-10 | 2015-06-10         | the day of birth
    {child}   | 2015-06-11 | 2015-06-10         | the day after
    {rule}    | 2015-05    | 2015-06-10         | the month before
    {child}   | 2015-06    | 2015-06-30         | perhaps born before, in the month
    {rule}    | 2014       | 2015-06-10         | the year before
    {child}   | 2015       | 2015-12-31         | perhaps that day
    {child}   | 2015-06-09 | 2015-06            | perhaps born earlier in the month
    {rule}    | 2015-05-31 | 2015-06            | before the whole month of birth
    {child}   | 2015-06-09 | 2015               | perhaps born earlier in the year
    {rule}    | 2014-12-31 | 2015               | before the whole year of birth
    {child}   | 2016-02    | 2016-02-29         | a leap February ends on the 29th
    {rule}    | 2016-02    | 2016-03-01         | and not later
    {rule}    | 2015-05-04 | 2019-01-15         | 2019 written for 1991
    -         | 2015-05-04 | 2060-01-15         | a birth after the export is held: it accuses nobody
    -         | 2015-05-04 | -                  | no birth date
    {missing} | -          | 2015-06-10         | no date
"""

LONG_BEFORE_DIAGNOSIS = {
    "DATE-141": "biopsy_date",
    "DATE-142": "surgery_date",
    "DATE-143": "treatment_start_date",
    "DATE-144": "rcp_date",
}
LONG_BEFORE_DIAGNOSIS_TABLE = """
    found     | {date}     | tumour.diagnosis_date | why
    {rule}    | 2013-03-09 | 2015-03-10            | 24 months and a day
    -         | 2013-03-10 | 2015-03-10            | 24 months
    -         | 2013-03-11 | 2015-03-10            | a day less
    -         | 2011-03-10 | 2013-03-10            | 24 months with a leap day
    {rule}    | 2011-03-09 | 2013-03-10            | and a day
    {rule}    | 2013-02    | 2015-03-10            | more than 24 months whatever the day
    -         | 2013-03    | 2015-03-10            | perhaps less
    {rule}    | 2012       | 2015-03-10            | more than 24 months whatever the month
    -         | 2013       | 2015-03-10            | perhaps less
    {rule}    | 2012-12-31 | 2015                  | even if diagnosed on 1 January
    -         | 2013-01-01 | 2015                  | 24 months if diagnosed on 1 January
    {rule}    | 2010-05-04 | 2015-03-10            | 2010 written for 2015
    -         | 2019-05-04 | 2015-03-10            | long after is another matter
    -         | 2010-05-04 | -                     | no diagnosis date
    -         | 2010-05-04 | 2051-03-10            | a diagnosis after the export is held: it accuses nothing
    {missing} | -          | 2015-03-10            | no date
"""


def filled(rules: dict[str, str], table: str, *given: str) -> dict[str, str]:
    """The table of a shape of rule, once for each of its dates."""
    found = {}
    for rule_id, date in rules.items():
        around = ", ".join([*([GIVEN[date]] if date in GIVEN else []), *given])
        child = "AGE-005" if date == "diagnosis_date" else "-"  # a tumour of a newborn is asked about
        missing = WHEN_MISSING.get(date, "-")
        body = table.format(date=date, rule=rule_id, missing=missing, child=child).strip()
        found[rule_id] = f"given: {around}\n{body}" if around else body
    return found


def apart_from_the_tumour(rules: dict[str, str]) -> dict[str, str]:
    """The tumour's own date is not given; that of its events would otherwise speak of the diagnosis too."""
    own = {rule_id: date for rule_id, date in rules.items() if date == "diagnosis_date"}
    others = {rule_id: date for rule_id, date in rules.items() if rule_id not in own}
    return filled(own, BEFORE_BIRTH_TABLE) | filled(others, BEFORE_BIRTH_TABLE, "tumour.diagnosis_date = -")


CASES = (
    OTHERS
    | filled(AFTER_EXPORT, AFTER_EXPORT_TABLE)
    | apart_from_the_tumour(BEFORE_BIRTH)
    | filled(LONG_BEFORE_DIAGNOSIS, LONG_BEFORE_DIAGNOSIS_TABLE)
)


@pytest.fixture(scope="module")
def wrong() -> dict[str, list[str]]:
    return disagreements(CASES)


@pytest.mark.parametrize("rule_id", CASES)
def test_a_row_breaks_exactly_what_the_table_says(wrong, rule_id):
    assert wrong[rule_id] == []


def test_every_date_is_held_against_the_export_and_the_birth_but_for_those_listed():
    dates = {(entity, f.name) for entity in ENTITIES for f in ENTITIES[entity] if f.kind is Kind.DATE}
    covered = {
        family: {(CATALOGUE[rule_id].table, *CATALOGUE[rule_id].fields) for rule_id in rules}
        for family, rules in {"export": AFTER_EXPORT, "birth": BEFORE_BIRTH}.items()
    }
    around_the_reading = {("pathology_review", "sampling_date"), ("pathology_review", "received_date")}
    not_asked = around_the_reading | {("treatment", "treatment_end_date")}
    assert dates - covered["export"] == set()
    assert dates - covered["birth"] == not_asked | {("patient_identity", "birth_date")}


@pytest.mark.parametrize("rule_id", AFTER_EXPORT)
def test_a_date_after_the_export_is_held_and_the_other_contradictions_only_asked_about(rule_id):
    assert (CATALOGUE[rule_id].severity, CATALOGUE[rule_id].consequence) == ("error", "hold")


@pytest.mark.parametrize("rule_id", [r for r in CASES if r not in AFTER_EXPORT])
def test_a_contradiction_between_two_dates_does_not_say_which_is_wrong(rule_id):
    assert CATALOGUE[rule_id].consequence == "flag"


day = st.dates(dt.date(2011, 1, 1), dt.date(2014, 12, 31))
written = st.one_of(day, day.map(lambda d: f"{d:%Y-%m}"), day.map(lambda d: f"{d:%Y}"), st.none())


def as_row(name: str, text: dt.date | str | None) -> dict[str, object]:
    return {name: span(text)[0], f"{name}_precision": span(text)[2]}


@given(st.lists(st.tuples(written, written), min_size=30, max_size=30))
@settings(max_examples=4, deadline=None)
def test_an_act_precedes_birth_exactly_when_no_day_of_either_date_escapes(pairs):
    """The oracle looks at the ends of both spans; the rule is SQL on a day and a precision."""
    examples = {
        f"n{i}": as_row("biopsy_date", act)
        | as_row("patient.birth_date", birth)
        | {"tumour.diagnosis_date": None}
        for i, (act, birth) in enumerate(pairs)
    }
    expected = {
        f"n{i}"
        for i, (act, birth) in enumerate(pairs)
        if act is not None and birth is not None and span(act)[1] < span(birth)[0]
    }
    with duckdb.connect() as con:
        found = findings(con, "biopsy", examples)
    assert {name for name, rules in found.items() if "DATE-122" in rules} == expected
