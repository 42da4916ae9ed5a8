"""Figures as French and English readers write them."""

import datetime as dt
import doctest

import pytest

from pipelines.report import numbers, order, tabulate
from pipelines.report.numbers import (
    both,
    count_markup,
    count_text,
    day_markup,
    day_text,
    percent_markup,
    percent_text,
    range_text,
)  # fmt: skip


@pytest.mark.parametrize("module", [numbers, order, tabulate])
def test_the_examples_of_the_docstrings_hold(module: object):
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("count", "fr", "en"),
    [
        (0, "0", "0"),
        (999, "999", "999"),
        (1000, "1\u202f000", "1,000"),
        (1234567, "1\u202f234\u202f567", "1,234,567"),
    ],
)
def test_counts(count: int, fr: str, en: str):
    assert (count_text(count, "fr"), count_text(count, "en")) == (fr, en)


@pytest.mark.parametrize(
    ("percent", "fr", "en"),
    [
        (0.0, "0,0\u00a0%", "0.0%"),
        (62.9, "62,9\u00a0%", "62.9%"),
        (12.25, "12,3\u00a0%", "12.3%"),  # halves go up, as in a spreadsheet
        (62.85, "62,9\u00a0%", "62.9%"),
        (99.949, "99,9\u00a0%", "99.9%"),
        (99.95, "100,0\u00a0%", "100.0%"),
        (100.0, "100,0\u00a0%", "100.0%"),
        (1e-9, "0,0\u00a0%", "0.0%"),
    ],
)
def test_percentages(percent: float, fr: str, en: str):
    assert (percent_text(percent, "fr"), percent_text(percent, "en")) == (fr, en)


def test_intervals():
    assert range_text(57.26, 60.0, "fr") == "57,3–60,0"
    assert range_text(57.26, 60.0, "en") == "57.3–60.0"


@pytest.mark.parametrize(
    ("day", "fr", "en"),
    [
        (dt.date(2026, 8, 1), "1er août 2026", "1 August 2026"),
        (dt.date(2026, 11, 21), "21 novembre 2026", "21 November 2026"),
    ],
)
def test_days(day: dt.date, fr: str, en: str):
    assert (day_text(day, "fr"), day_text(day, "en")) == (fr, en)


def test_a_text_alike_in_both_languages_is_written_once():
    assert both("12", "12") == "12"
    assert both("a", "b") == '<span lang="fr">a</span><span lang="en">b</span>'


def test_a_text_is_escaped():
    assert both("<b>", "&") == '<span lang="fr">&lt;b&gt;</span><span lang="en">&amp;</span>'


def test_a_masked_figure_is_told_from_one_that_does_not_exist():
    assert [count_markup(None, False), count_markup(None, True)] == ["s", "—"]
    assert [percent_markup(None, False), percent_markup(None, True)] == ["s", "—"]
    assert day_markup(None) == "—"
