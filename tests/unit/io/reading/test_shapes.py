"""What cells look like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.io.reading.shapes import credit, shape


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", "number"), ("-3,5", "number"), ("1 234,50", "number"), ("1'000", "number"), ("2.5e-3", "number"),
        ("€ 120", "number"), ("12 %", "number"), ("(45)", "number"), (".5", "number"), ("1,234,567.89", "number"),
        ("03/04/2019", "date"), ("2019-04-03", "date"), ("3.4.19", "date"), ("12 mars 2020", "date"),
        ("2019-04-03T10:20:30Z", "date"), ("03/04/2019 8:30", "date"), ("2020-05", "date"), ("Jan 3, 2020", "date"),
        ("8:30", "time"), ("23:59:59", "time"), ("9h15", "time"), ("10:30 PM", "time"),
        ("https://ex.org/a?b=1", "link"), ("www.ex.org", "link"), ("a.b@ex.org", "link"),
        ("M8850/3", "code"), ("C49.2", "code"), ("A001", "code"), ("3-4-x", "code"),
        ("Dupont", "text"), ("R zéro", "text"), ("le 3 mai", "text"), ("12 rue du Lac", "text"), ("x" * 500, "text"),
        ("", "empty"), ("  ", "empty"), ("\t", "empty"),
    ],
)  # fmt: skip
def test_shapes(text, expected):
    assert shape(text) == expected


@pytest.mark.parametrize(
    ("better", "worse"),
    [("12,5", "12;5"), ("Dupont", '"Dupont'), ("Lyon", "Lyon|3"), ("a b", "a,b"), ("M8850/3", "x~y"),
     ("Lyon", "Lyon:R0"),     ("https://ex.org/?a=b;c", "c;https://ex.org/?a=b")],
)  # fmt: skip
def test_a_cell_of_one_thing_has_more_credit_than_left_over_separators(better, worse):
    assert credit(better) > credit(worse)


@given(st.text(max_size=300))
def test_any_text_has_a_shape_and_a_credit(text):
    assert shape(text)
    assert 0 <= credit(text) <= 1


def test_long_texts_of_digits_are_judged_at_once():
    for text in ("1 " * 100_000, "1,234" * 50_000, "a." * 100_000 + "@", "0" * 100_000):
        assert 0 <= credit(text) <= 1
