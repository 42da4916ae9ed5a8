"""What a centre reads about a rule: a sentence and a remedy in each language, that quote nothing of a record."""

import re

import pytest

from validations.contracts.entities import ENTITIES
from validations.rules.catalogue import CATALOGUE
from validations.rules.model import Rule

EVERY_RULE = pytest.mark.parametrize("rule", CATALOGUE.values(), ids=lambda rule: rule.id)
LANGUAGES = {"fr": ("sentence_fr", "remedy_fr"), "en": ("sentence_en", "remedy_en")}
#: Words that betray the other language.
FOREIGN = {
    "fr": r"\b(the|is|are|of|or|not|date of|with|check|complete|correct)\b",
    "en": r"\b(le|la|les|des|est|et|ou|une|du|vérifier|compléter|corriger)\b",
}


def texts(rule: Rule, language: str) -> list[str]:
    return [getattr(rule, name) for name in LANGUAGES[language]]


@EVERY_RULE
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_one_clean_line_that_begins_with_a_capital_and_ends_with_a_full_stop(rule, language):
    for text in texts(rule, language):
        assert text == " ".join(text.split())
        assert text[0].isupper()
        assert text.endswith(".")
        assert not text.endswith("..")
        assert 10 <= len(text) <= 120


@EVERY_RULE
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_holds_no_value_and_no_place_for_one(rule, language):
    """No placeholder, no quoted cell, no date, no long number, no name of a column."""
    names = {f.name for fields in ENTITIES.values() for f in fields if "_" in f.name}
    for text in texts(rule, language):
        assert not re.search(r"[{}%<>=\"«»]|\bNULL\b|\bNone\b", text)
        assert not re.search(r"\d{4}-\d{2}|\d{2}/\d{2}/\d{4}|\d{5}", text)
        assert not names & set(re.findall(r"\w+", text))


@EVERY_RULE
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_text_is_in_its_language(rule, language):
    found = [re.findall(FOREIGN[language], text.lower()) for text in texts(rule, language)]
    assert found == [[], []]


@EVERY_RULE
def test_french_points_stand_after_a_space_and_english_points_do_not(rule):
    assert not re.search(r"\S[:;?!]", rule.sentence_fr + rule.remedy_fr.replace("://", ""))
    assert not re.search(r"\s[:;?!]", rule.sentence_en + rule.remedy_en)


@EVERY_RULE
def test_a_remedy_says_what_to_do_in_words_of_its_own(rule):
    """It begins with a verb, in the infinitive in French, and does not repeat the sentence."""
    first = re.split(r"[ ']", rule.remedy_fr)[0]
    assert first.endswith(("er", "ir", "re")) or first in {"L", "Ne"}
    assert rule.remedy_fr != rule.sentence_fr
    assert rule.remedy_en != rule.sentence_en


@pytest.mark.parametrize("name", ["sentence_fr", "sentence_en"])
def test_no_two_rules_of_one_table_say_the_same(name):
    said = [(rule.table, getattr(rule, name)) for rule in CATALOGUE.values()]
    assert sorted(one for one in set(said) if said.count(one) > 1) == []


@EVERY_RULE
def test_a_rule_has_a_source_and_a_version(rule):
    assert rule.source == rule.source.strip() != ""
    assert rule.version >= 1


@EVERY_RULE
def test_what_awaits_a_signature_is_a_proposal(rule):
    assert "sign-off" not in rule.source or rule.status == "proposal"


@EVERY_RULE
def test_a_rule_on_rows_names_its_table_and_one_on_files_names_none(rule):
    assert bool(rule.violated_when) == bool(rule.table) == bool(rule.fields)
    assert rule.violated_when or not (rule.fails or rule.passes or rule.applies_when != "TRUE")
