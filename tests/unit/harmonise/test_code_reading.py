import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.harmonise.code_reading import read_adicap, read_icd10, repair_topography

SITES = [
    # written   code    rule
    ("C49.2", "C49.2", "as_written"),
    ("c49.2", "C49.2", "as_written"),
    (" C49 .2", "C49.2", "as_written"),
    ("C492", "C49.2", "separator"),
    ("C49,2", "C49.2", "separator"),
    ("49.2", "C49.2", "separator"),
    ("49,2", "C49.2", "separator"),
    ("Ｃ４９．２", "C49.2", "as_written"),
    ("C48", "C48", "three_characters"),
    ("C49.-", "C49", "three_characters"),
    ("C49-", "C49", "three_characters"),
    ("C49.X", "C49", "three_characters"),
    ("C49.30", "C49.3", "french_extension"),
    ("C49.38", "C49.3", "french_extension"),
    ("42", None, "letter_lost"),
    ("492", None, "letter_lost"),
    ("4.2", None, "unreadable"),
    ("cuisse", None, "unreadable"),
    ("8858/3", None, "unreadable"),
    ("", None, "blank"),
    (None, None, "blank"),
]


@pytest.mark.parametrize(("written", "code", "rule"), SITES)
def test_topography(written, code, rule):
    repaired = repair_topography(written)
    assert (repaired.code, repaired.rule) == (code, rule)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("C49.2", "C49.2"), ("C492", "C49.2"), ("c49,2", "C49.2"), ("C49.30", "C49.3"), ("C4930", "C49.3"),
        ("D48.38", "D48.3"), ("D481", "D48.1"), ("C61", "C61"), ("C49.-", "C49"), ("C49-", "C49"),
        ("Z51.1", None), ("49.2", None), ("", None), (None, None), ("C4", None),
    ],
)  # fmt: skip
def test_icd10(written, code):
    assert read_icd10(written) == code


@pytest.mark.parametrize(
    ("written", "lesion"),
    [
        ("BHTCL7S6", "L7S6"), ("bhtc l7s6", "L7S6"), ("OH.TC.L7S6", "L7S6"), ("OHXRL7S6TC", "L7S6"),
        ("L7S6", "L7S6"), ("X0J0", "X0J0"), ("BHTC7200", None), ("BHTC", None), ("", None), (None, None),
        ("8858/3", None),
    ],
)  # fmt: skip
def test_adicap(written, lesion):
    assert read_adicap(written) == lesion


@given(st.text(max_size=20))
def test_any_text_is_read_without_crashing(text):
    code = repair_topography(text).code
    assert code is None or code.startswith("C")
    read_icd10(text)
    read_adicap(text)
