"""The parts of the portal's pages that compute: bands of colour, names of months, readable SQL, words."""

from itertools import chain

import pytest

from pipelines.report.quality_charts import trend_chart
from pipelines.report.quality_page import band, sql_lines, step_markup
from pipelines.report.quality_tally import Cell
from pipelines.report.quality_time import NO_MONTH, QUARTER
from pipelines.report.quality_words import (
    ASKED,
    CONSEQUENCE,
    DIMENSION_OF,
    DIMENSIONS,
    FAMILY_OF,
    FAMILY_WORDS,
    GROUPS,
    OUTCOMES,
    SEVERITY_MEANING,
    SIGN_OFF,
)
from validations.contracts.codes import RULE_OUTCOME, SEVERITY
from validations.rules.catalogue import CATALOGUE, FAMILIES


@pytest.mark.parametrize(
    ("failed", "expected"),
    [(0, "b0"), (5, "b0"), (6, "b1"), (20, "b1"), (21, "b2"), (50, "b2"), (51, "b3"), (100, "b3"), (101, "b4"),
     (1000, "b4")],
)  # fmt: skip
def test_a_band_begins_at_its_percentage(failed: int, expected: str):
    assert band(Cell(failed=failed, judged=1000)) == expected


def test_the_band_is_that_of_the_figure_that_is_read():
    assert band(Cell(failed=54, judged=10_000)) == "b0"  # 99.46 % is written 99.5 %
    assert band(Cell(failed=56, judged=10_000)) == "b1"


def test_what_is_hidden_or_was_not_judged_has_no_band():
    assert band(Cell(failed=None, judged=100)) == band(Cell(failed=3, judged=None)) == band(Cell()) == "none"


@pytest.mark.parametrize(
    ("step", "fr", "en"),
    [
        (2, "févr. 2020", "Feb 2020"),
        (12, "déc. 2020", "Dec 2020"),
        (QUARTER + 1, "2020, T1", "2020, Q1"),
        (NO_MONTH, "2020, mois inconnu", "2020, month unknown"),
        (QUARTER + 5, "2020, mois inconnu", "2020, month unknown"),
    ],
)
def test_a_step_has_a_name_in_both_languages(step: int, fr: str, en: str):
    assert step_markup(2020, step) == f'<span lang="fr">{fr}</span><span lang="en">{en}</span>'


def test_sql_has_one_term_per_line():
    assert sql_lines("a = 1 AND b = 2 AND NOT c OR d") == "a = 1\nAND b = 2\nAND NOT c\nOR d"
    assert sql_lines("SELECT a FROM t LEFT JOIN u USING (a) WHERE b GROUP BY a") == (
        "SELECT a\nFROM t\nLEFT JOIN u USING (a)\nWHERE b\nGROUP BY a"
    )


def test_an_operator_is_not_broken():
    assert sql_lines("a IS DISTINCT FROM b AND c") == "a IS DISTINCT FROM b\nAND c"
    assert sql_lines("a BETWEEN 1 AND 9 AND b") == "a BETWEEN 1 AND 9\nAND b"
    assert sql_lines("expected_border = 'ORANGE AND'") == "expected_border = 'ORANGE\nAND'"  # layout only


@pytest.mark.parametrize("rule_id", list(CATALOGUE))
def test_breaking_lines_changes_nothing_else(rule_id: str):
    rule = CATALOGUE[rule_id]
    for sql in (rule.applies_when, rule.violated_when, rule.query):
        assert sql_lines(sql).split() == sql.split()


def test_every_rule_has_a_dimension_a_family_and_words_for_all_it_says():
    assert set(DIMENSION_OF.values()) == set(DIMENSIONS)
    assert set(FAMILY_OF) == set(DIMENSION_OF) == set(ASKED) == set(CATALOGUE)
    assert {rule.severity.value for rule in CATALOGUE.values()} <= set(SEVERITY_MEANING)
    assert {code.value for code in SEVERITY} == set(SEVERITY_MEANING)
    assert {rule.consequence.value for rule in CATALOGUE.values()} <= set(CONSEQUENCE)
    assert {rule.status for rule in CATALOGUE.values()} <= set(SIGN_OFF)
    assert {code.value for code in RULE_OUTCOME} <= set(OUTCOMES)


def test_every_family_is_named_in_words():
    names = [family.__name__.rpartition(".")[2] for family in FAMILIES]
    assert list(FAMILY_WORDS) == names
    assert not [name for name in names if FAMILY_WORDS[name] == (name, name)]


def test_the_names_of_groups_differ_from_one_another():
    names = list(chain.from_iterable(set(of.values()) for of in GROUPS.values()))
    assert len(names) == len(set(names))
    assert not set(names) & set(CATALOGUE)


def chart(*lines: list[float | None]) -> str:
    named = [((f"ligne {i}", f"line {i}"), values) for i, values in enumerate(lines)]
    return trend_chart(("Titre", "Title"), named, {0: "2019", 1: "2020"}, prefix="x")


def test_a_chart_says_its_lines_in_both_languages():
    svg = chart([97.0, 98.0], [99.0, 96.5])
    for text in ("ligne 0", "line 0", "ligne 1", "line 1", "2019", "2020", "100 %", "100%"):
        assert f">{text}</text>" in svg
    assert 'aria-labelledby="x-title-fr x-desc-fr"' in svg


def test_the_axis_goes_down_to_what_is_lowest():
    assert ">96 %</text>" in chart([99.0, 98.0])
    assert ">88 %</text>" in chart([91.0, 98.0])
    assert ">0 %</text>" in chart([0.0, 98.0])


def test_hidden_values_leave_a_hole_not_a_zero():
    whole, broken = chart([97.0, 98.0, 99.0]), chart([97.0, None, 99.0])
    assert ">96 %</text>" in broken
    assert broken.count("<use ") == whole.count("<use ") - 1  # one mark less


def test_a_chart_of_nothing_is_still_a_chart():
    assert "<svg" in chart([None, None])


def test_the_same_lines_give_the_same_chart():
    assert chart([97.0, 98.0]) == chart([97.0, 98.0])
