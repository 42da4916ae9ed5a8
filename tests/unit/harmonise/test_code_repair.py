import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.harmonise.code_repair import repair_morphology
from pipelines.harmonise.terminology import load_terminology

KNOWN = load_terminology().known_morphologies
CERTAIN = [
    # written                     code      rule
    ("8858/3", "8858/3", "as_written"),
    (" 8858/3 ", "8858/3", "as_written"),
    ("M-8858/3", "8858/3", "as_written"),
    ("M8858/3", "8858/3", "as_written"),
    ("m 8858/3", "8858/3", "as_written"),
    ("８８５８/３", "8858/3", "as_written"),
    ("\u00a08858/3", "8858/3", "as_written"),
    ("88583", "8858/3", "separator"),
    ("M88583", "8858/3", "separator"),
    ("8858.3", "8858/3", "separator"),
    ("8858,3", "8858/3", "separator"),
    ("8858-3", "8858/3", "separator"),
    ("8858 / 3", "8858/3", "separator"),
    ("8858 3", "8858/3", "separator"),
    ("8805/31", "8805/3", "grade_digit"),
]
DOUBTFUL = [
    # written      rule             candidates
    ("8890", "behaviour_lost", ("8890/0", "8890/1", "8890/3")),
    ("8890.0", "behaviour_lost", ("8890/0", "8890/1", "8890/3")),
    ("8890,0", "behaviour_lost", ("8890/0", "8890/1", "8890/3")),
    ("8815/0/1/3", "several_codes", ("8815/0", "8815/1", "8815/3")),
    ("8711/0/3", "several_codes", ("8711/0", "8711/3")),
    ("mars-58", "century_lost", ("8858/3", "9758/3")),
    ("Mar-58", "century_lost", ("8858/3", "9758/3")),
    ("mars 58", "century_lost", ("8858/3", "9758/3")),
    ("03/58", "century_lost", ("8858/3", "9758/3")),
    ("01/03/58", "century_lost", ("8858/3", "9758/3")),
    ("janv-21", "century_lost", ("8821/1",)),
    ("juil-58", "century_lost", ()),
    ("mai-58", "century_lost", ()),
    ("liposarcome", "unreadable", ()),
    ("C49.2", "unreadable", ()),
    ("8858/4", "unreadable", ()),
    ("88589", "unreadable", ()),
    ("8858/3 ou 8851/3", "unreadable", ()),
    ("8858-03-01", "unreadable", ()),  # restored at staging, not twice
    ("2541419", "unreadable", ()),
    ("8858-13-01", "unreadable", ()),
    ("8858-03-02", "unreadable", ()),
    ("8858-03-01 10:30:00", "unreadable", ()),
    ("2541420", "unreadable", ()),
    ("", "blank", ()),
    ("   ", "blank", ()),
    (None, "blank", ()),
]


@pytest.mark.parametrize(("written", "code", "rule"), CERTAIN)
def test_a_repair_with_one_meaning_is_made(written, code, rule):
    repaired = repair_morphology(written, known=KNOWN)
    assert (repaired.code, repaired.rule) == (code, rule)


@pytest.mark.parametrize(("written", "rule", "candidates"), DOUBTFUL)
def test_a_repair_with_two_meanings_is_left_to_a_person(written, rule, candidates):
    repaired = repair_morphology(written, known=KNOWN)
    assert repaired.code is None
    assert (repaired.rule, repaired.candidates) == (rule, candidates)


def test_the_sixth_digit_is_kept_as_a_grade():
    assert repair_morphology("8805/34", known=KNOWN).icdo_grade == 4


def test_a_separator_is_put_back_for_a_code_that_exists_only():
    assert repair_morphology("88583", known=()).code is None


@given(st.dates(min_value=dt.date(1900, 1, 1), max_value=dt.date(2100, 12, 31)), st.sampled_from(
    ["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y-%m-%d 00:00:00", "%d/%m/%y", "%m/%y"]
))  # fmt: skip
def test_a_real_date_is_never_a_code(day, pattern):
    assert repair_morphology(day.strftime(pattern), known=KNOWN).code is None


@given(st.integers(1, 73_415))
def test_the_serial_of_a_real_day_is_never_a_code(serial):
    """Excel's serials of 1900 to 2100, except those that are five digits of a code as a centre writes it."""
    repaired = repair_morphology(str(serial), known=KNOWN)
    assert repaired.code is None


@given(st.text(max_size=30))
def test_any_text_is_read_without_crashing(text):
    repaired = repair_morphology(text, known=KNOWN)
    assert repaired.code is None or len(repaired.code) == 6
    assert set(repaired.candidates) <= KNOWN


@given(st.sampled_from(sorted(KNOWN)))
def test_repairing_a_repaired_code_changes_nothing(code):
    once = repair_morphology(code, known=KNOWN).code
    assert repair_morphology(once, known=KNOWN).code == once == code
