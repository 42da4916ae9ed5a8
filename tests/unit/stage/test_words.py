"""A centre's words: compared without case, accents and spaces, never by resemblance."""

import pytest

from pipelines.config_checks import compared_word
from pipelines.stage.words import parse_word, vocabulary
from validations.contracts.entities import ENTITIES
from validations.contracts.model import Kind
from validations.rules.contract import UNKNOWN_WORD

FIELDS = {field.name: field for fields in ENTITIES.values() for field in fields}
VALUES = {
    "boolean": {"yes": ("Oui", "O"), "no": ("Non", "N")},
    "margin": {"R0": ("saines",), "RX": ("non évaluable", "?")},
    "sex": {"F": ("M",), "M": ("H",)},
}


@pytest.mark.parametrize(
    ("field", "word", "value"),
    [
        ("margin", "saines", "R0"),
        ("margin", "SAINES", "R0"),
        ("margin", "  Non  Evaluable ", "RX"),
        ("margin", "?", "RX"),
        ("margin", "r1", "R1"),
        ("margin", "R 1", None),
        ("margin", "sain", None),
        ("had_rupture", "OUI", True),
        ("had_rupture", "n", False),
        ("had_rupture", "yes", True),
        ("had_rupture", "1", True),
        ("had_rupture", "0", False),
        ("had_rupture", "peut-être", None),
        ("had_rupture", "x", None),
        ("had_rupture", "?", None),
        ("had_rupture", "nsp", None),
        ("sex", "M", "F"),
        ("sex", "h", "M"),
        ("laterality", "left", "left"),
        ("laterality", "gauche", None),
    ],
)
def test_a_word_stands_for_a_code(field, word, value):
    found = parse_word(word, words=vocabulary(FIELDS[field], VALUES))
    assert (found.value, found.problem) == (value, None if value is not None else UNKNOWN_WORD)


@pytest.mark.parametrize("word", ["oui", "O", "vrai", "TRUE", "yes", "Y", "1"])
@pytest.mark.parametrize("opposite", [False, True])
def test_yes_needs_no_declaration_but_yields_to_one(word, opposite):
    declared = {"boolean": {"no": (word,)}} if opposite else {}
    found = parse_word(word, words=vocabulary(FIELDS["had_rupture"], declared))
    assert found.value is not opposite


@pytest.mark.parametrize("word", ["non", "N", "faux", "False", "no", "0"])
def test_no_needs_no_declaration(word):
    assert parse_word(word, words=vocabulary(FIELDS["had_rupture"], {})).value is False


def test_a_blank_is_no_word_and_no_problem():
    found = parse_word("  ", words={})
    assert (found.value, found.problem) == (None, None)


@pytest.mark.parametrize("field", [f for f in FIELDS.values() if f.kind is Kind.CODE], ids=lambda f: f.name)
def test_every_canonical_code_is_understood_without_being_declared(field):
    words = vocabulary(field, {})
    assert [parse_word(code, words=words).value for code in field.code_values] == list(field.code_values)


@pytest.mark.parametrize(
    ("word", "same"), [("Œdème", "œdème"), ("ÉTÉ", "e\u0301te\u0301"), ("ß", "SS"), ("ﬁn", "fin")]
)
def test_plain_words_compare(word, same):
    assert compared_word(word) == compared_word(same)
