"""The SQL that rules share: what it reads of a written code or word, and that it stays silent where it cannot read."""

import pytest

from validations.rules.expressions import (
    BEHAVIOUR,
    MORPHOLOGY,
    SITE,
    TUMOUR_MORPHOLOGY,
    TUMOUR_SITE,
    has_morphology,
    has_site,
    morphology_of,
    says_nothing,
)


def evaluate(con, sql, **columns):
    given = ", ".join(f"?::VARCHAR AS {name}" for name in columns)
    return con.execute(f"SELECT {sql} FROM (SELECT {given}) AS tumour", [*columns.values()]).fetchall()[0][0]


@pytest.mark.parametrize(
    ("written", "morphology", "behaviour"),
    [
        ("8850/3", 8850, 3),
        ("88503", 8850, 3),
        ("M8850/3", 8850, 3),
        ("M-88503", 8850, 3),
        ("8850", 8850, None),
        ("8850/39", 8850, 3),
        ("88500/3", 8850, None),
        ("7850/3", None, None),
        ("mars-00", None, None),
        ("liposarcome", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_a_written_morphology(con, written, morphology, behaviour):
    assert evaluate(con, MORPHOLOGY, morphology_code=written) == morphology
    assert evaluate(con, BEHAVIOUR, morphology_code=written) == behaviour
    assert evaluate(con, TUMOUR_MORPHOLOGY, morphology_code=written) == morphology
    assert evaluate(con, morphology_of("another"), another=written) == morphology


@pytest.mark.parametrize(
    ("written", "site"),
    [
        ("C49.2", "C492"),
        ("c492", "C492"),
        ("C49", "C49"),
        ("49.2", None),
        ("C49,2", None),
        ("cuisse", None),
        (None, None),
    ],
)
def test_a_written_site(con, written, site):
    assert evaluate(con, SITE, topography_code=written) == site
    assert evaluate(con, TUMOUR_SITE, topography_code=written) == site


@pytest.mark.parametrize(
    ("written", "is_one"),
    [
        ("8936/3", True),
        ("9180/3", True),
        ("9187/3", True),
        ("9188/3", False),
        ("9179/3", False),
        ("mars-00", None),
        (None, None),
    ],
)
def test_a_morphology_is_one_of_codes_and_ranges(con, written, is_one):
    assert evaluate(con, has_morphology("8936 9180-9187"), morphology_code=written) is is_one


@pytest.mark.parametrize(
    ("written", "is_in"),
    [("C49.1", True), ("C40.2", True), ("C49", False), ("C48.0", False), ("?", None), (None, None)],
)
def test_a_site_begins_with_one_of_them(con, written, is_in):
    assert evaluate(con, has_site("40|49[12]"), topography_code=written) is is_in


@pytest.mark.parametrize(
    ("written", "is_empty"),
    [
        ("Autre", True),
        (" non précisé ", True),
        ("?", True),
        ("12/03", True),
        ("", True),
        ("autre sarcome", False),
        ("LMS", False),
        (None, None),
    ],
)
def test_words_may_say_nothing(con, written, is_empty):
    assert evaluate(con, says_nothing("words"), words=written) is is_empty
