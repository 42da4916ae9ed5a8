"""Dates as hospitals write them, in the declared order and no other."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.stage.dates import FIRST_EVENT_YEAR, LAST_YEAR, parse_date
from validations.rules.contract import (
    AMBIGUOUS_DATE,
    DEFAULT_DATE,
    IMPOSSIBLE_DATE,
    NOT_A_DATE,
    SERIAL_NUMBER,
    SHIFTED_DAY,
    TWO_DIGIT_YEAR,
    YEAR_OUT_OF_BOUNDS,
)

ORDERS = ("day_first", "month_first", "year_first")
D = dt.date(2019, 4, 3)


@pytest.mark.parametrize(
    ("text", "day_first", "month_first", "year_first"),
    [
        ("03/04/2019", D, dt.date(2019, 3, 4), None),
        ("3/4/2019", D, dt.date(2019, 3, 4), None),
        ("03-04-2019", D, dt.date(2019, 3, 4), None),
        ("03.04.2019", D, dt.date(2019, 3, 4), None),
        ("03 04 2019", D, dt.date(2019, 3, 4), None),
        ("03042019", D, dt.date(2019, 3, 4), None),
        ("03/04/2019 14:30", D, dt.date(2019, 3, 4), None),
        ("2019/04/03", None, None, D),
        ("2019.04.03", None, None, D),
        ("2019 04 03", None, None, D),
        ("2019-04-03", D, D, D),
        ("2019-4-3", D, D, D),
        ("20190403", D, D, D),
        ("2019-04-03 00:00:00", D, D, D),
        ("2019-04-03T14:30:00.5", D, D, D),
        (" 2019-04-03 ", D, D, D),
        ("2019-04-03T23:30:00+02:00", D, D, D),
        ("2019-04-03T00:00:00.000Z", D, D, D),
        ("2019-04-03Z", D, D, D),
        ("03/04/2019 2:30 PM", D, dt.date(2019, 3, 4), None),
        ("3 avr. 2019", D, D, D),
        ("3 avril 2019", D, D, D),
        ("03-APR-2019", D, D, D),
        ("3avr2019", D, D, D),
        ("April 3, 2019", D, D, D),
        ("April 3rd 2019", D, D, D),
        ("03/avr/2019 00:00", D, D, D),
        ("1er août 2019", *[dt.date(2019, 8, 1)] * 3),
        ("20101980", dt.date(1980, 10, 20), None, None),
        ("03/04-2019", None, None, None),
    ],
)
def test_the_declared_order_decides(text, day_first, month_first, year_first):
    found = [parse_date(text, order=order) for order in ORDERS]
    assert [reading.value for reading in found] == [day_first, month_first, year_first]
    assert all((reading.value is None) == (reading.problem is not None) for reading in found)


@pytest.mark.parametrize(
    ("text", "value", "precision"),
    [
        ("2019", dt.date(2019, 1, 1), "year"),
        ("04/2019", dt.date(2019, 4, 1), "month"),
        ("4-2019", dt.date(2019, 4, 1), "month"),
        ("2019-04", dt.date(2019, 4, 1), "month"),
        ("00/04/2019", dt.date(2019, 4, 1), "month"),
        ("00/00/2019", dt.date(2019, 1, 1), "year"),
        ("00042019", dt.date(2019, 4, 1), "month"),
        ("2019-04-00", dt.date(2019, 4, 1), "month"),
        ("03/04/2019", dt.date(2019, 4, 3), "day"),
        ("mars 2019", dt.date(2019, 3, 1), "month"),
        ("Sept. 2019", dt.date(2019, 9, 1), "month"),
    ],
)
def test_a_partial_date_is_its_earliest_day_with_its_precision(text, value, precision):
    found = parse_date(text, order="day_first")
    assert (found.value, found.precision, found.problem) == (value, precision, None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("31/02/2019", IMPOSSIBLE_DATE),
        ("29/02/2019", IMPOSSIBLE_DATE),
        ("04/23/2019", IMPOSSIBLE_DATE),
        ("32/01/2019", IMPOSSIBLE_DATE),
        ("13/2019", IMPOSSIBLE_DATE),
        ("03/00/2019", IMPOSSIBLE_DATE),
        ("2019-13-01", IMPOSSIBLE_DATE),
        ("03/04/19", TWO_DIGIT_YEAR),
        ("3-4-19", TWO_DIGIT_YEAR),
        ("03/04/0019", YEAR_OUT_OF_BOUNDS),
        ("31/12/9999", YEAR_OUT_OF_BOUNDS),
        ("01/01/1015", YEAR_OUT_OF_BOUNDS),
        ("01/01/1879", YEAR_OUT_OF_BOUNDS),
        ("2036", YEAR_OUT_OF_BOUNDS),
        ("43558", SERIAL_NUMBER),
        ("jui 2019", NOT_A_DATE),
        ("mars-58", NOT_A_DATE),
        ("3 brumaire 2019", NOT_A_DATE),
        ("31 avril 2019", IMPOSSIBLE_DATE),
        ("3 avr. 19", TWO_DIGIT_YEAR),
        ("3 avril 1015", YEAR_OUT_OF_BOUNDS),
        ("inconnue", NOT_A_DATE),
        ("2019-04-03 Z", NOT_A_DATE),
        ("03/04/2019Z", NOT_A_DATE),
        ("3/4", NOT_A_DATE),
        ("123456789", NOT_A_DATE),
        ("2019?", NOT_A_DATE),
    ],
)
def test_what_is_no_day_says_why(text, problem):
    found = parse_date(text, order="day_first")
    assert (found.value, found.problem) == (None, problem)


@pytest.mark.parametrize("text", ["", "  "])
def test_a_blank_is_no_date_and_no_problem(text):
    found = parse_date(text, order="day_first")
    assert (found.value, found.problem, found.precision) == (None, None, None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("01/01/1900", DEFAULT_DATE),
        ("01/01/1970", DEFAULT_DATE),
        ("02/01/1970", None),
        ("1970", None),
        ("01/1900", None),
    ],
)
def test_a_default_day_is_kept_and_said(text, problem):
    found = parse_date(text, order="day_first")
    assert found.value is not None
    assert found.problem == problem


def test_an_act_has_later_bounds_than_a_birth():
    found = parse_date("01/01/1900", order="day_first", first_year=FIRST_EVENT_YEAR)
    assert found.problem == YEAR_OUT_OF_BOUNDS


@pytest.mark.parametrize(
    ("text", "value", "problem"),
    [
        ("03/04/2019", None, AMBIGUOUS_DATE),
        ("23/04/2019", None, AMBIGUOUS_DATE),
        ("00/04/2019", None, AMBIGUOUS_DATE),
        ("03042019", None, AMBIGUOUS_DATE),
        ("03/03/2019", dt.date(2019, 3, 3), None),
        ("2019-04-03", D, None),
        ("2019/04/03", D, None),
        ("20190403", D, None),
        ("04/2019", dt.date(2019, 4, 1), None),
        ("2019", dt.date(2019, 1, 1), None),
        ("3 avril 2019", D, None),
        ("03/04/19", None, TWO_DIGIT_YEAR),
        ("32/13/2019", None, IMPOSSIBLE_DATE),
        ("jamais", None, NOT_A_DATE),
        ("43558", None, SERIAL_NUMBER),
    ],
)
def test_without_an_order_only_what_needs_none_is_read(text, value, problem):
    found = parse_date(text, order=None, is_decided_by_file=True)
    assert (found.value, found.problem) == (value, problem)


@pytest.mark.parametrize(
    ("order", "text", "value"),
    [
        ("day_first", "03/04/2019", D),
        ("month_first", "04/03/2019", D),
        ("day_first", "2019/04/03", D),  # no program writes the year, the day, the month
        ("month_first", "2019/04", dt.date(2019, 4, 1)),
    ],
)
def test_an_order_that_the_file_shows_does_not_forbid_the_year_first(order, text, value):
    assert parse_date(text, order=order, is_decided_by_file=True).value == value


@pytest.mark.parametrize(
    ("text", "until", "year"),
    [
        ("03/04/19", 2029, 2019),
        ("03/04/29", 2029, 2029),
        ("03/04/30", 2029, 1930),
        ("03/04/00", 2029, 2000),
        ("03/04/99", 1999, 1999),
        ("03/04/00", 1999, 1900),
        ("3 avr. 30", 2029, 1930),
        ("3/4/19", None, None),
    ],
)
def test_a_century_is_what_the_centre_declares(text, until, year):
    found = parse_date(text, order="day_first", last_short_year=until)
    assert (found.value, found.problem) == ((dt.date(year, 4, 3), None) if year else (None, TWO_DIGIT_YEAR))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("1960-01-31T23:00:00Z", SHIFTED_DAY),
        ("1960-07-31T22:00:00.000Z", SHIFTED_DAY),
        ("1960-07-31 22:00:00+00:00", SHIFTED_DAY),
        ("1960-01-31T23:00:00", None),
        ("1960-01-31T23:00:00+01:00", None),
        ("1960-01-31T23:15:00Z", None),
        ("1960-01-31T00:00:00Z", None),
    ],
)
def test_a_french_midnight_in_universal_time_is_kept_and_said(text, problem):
    found = parse_date(text, order="day_first")
    assert (found.value.day, found.problem) == (31, problem)


SHAPES = {
    "day_first": ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%d %m %Y", "%d%m%Y", "%d/%m/%Y %H:%M"),
    "month_first": ("%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m %d %Y", "%m%d%Y"),
    "year_first": ("%Y/%m/%d", "%Y.%m.%d", "%Y %m %d", "%Y%m%d"),
}
days = st.dates(dt.date(1880, 1, 1), dt.date(LAST_YEAR, 12, 31))


@given(days, st.sampled_from(ORDERS), st.data())
def test_every_day_is_read_back_from_every_shape(day, order, data):
    shape = data.draw(st.sampled_from((*SHAPES[order], "%Y-%m-%d", "%Y-%m-%d 00:00:00", "%Y%m%d")))
    found = parse_date(day.strftime(shape), order=order)
    assert (found.value, found.precision) == (day, "day")


@given(days, st.sampled_from(ORDERS), st.sampled_from(["%m/%Y", "%Y-%m", "%Y"]))
def test_a_partial_date_never_begins_after_the_day_it_hides(day, order, shape):
    found = parse_date(day.strftime(shape), order=order)
    assert found.value <= day
    assert found.precision in ("month", "year")
    assert (found.value.year, found.value.day) == (day.year, 1)


@given(days)
def test_an_undecided_order_reads_a_day_only_where_both_orders_agree(day):
    text = day.strftime("%d/%m/%Y")
    found = parse_date(text, order=None)
    assert (found.value is not None) == (day.day == day.month)
    assert found.value in (day, None)


@given(st.text(max_size=12), st.sampled_from((*ORDERS, None)))
def test_any_text_is_a_day_a_blank_or_a_problem(text, order):
    found = parse_date(text, order=order)
    assert found.value is not None or found.problem is not None or not text.strip()
