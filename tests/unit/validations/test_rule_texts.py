"""What a centre reads about a rule: a sentence and a remedy in each language, that quote nothing of a record."""

import re
from collections.abc import Callable

import pytest

from validations.contracts.entities import ENTITIES
from validations.rules.catalogue import CATALOGUE, FAMILIES
from validations.rules.model import Rule

RULES = list(CATALOGUE.values())
#: Names of columns are ours: a centre has its own.
COLUMNS = {f.name for fields in ENTITIES.values() for f in fields if "_" in f.name}
#: Words that betray the other language.
FOREIGN = {
    "fr": r"\b(the|is|are|of|or|not|with|check|complete|correct)\b",
    "en": r"\b(le|la|les|des|est|et|ou|une|du|vérifier|compléter|corriger)\b",
}
EVERY_LANGUAGE = pytest.mark.parametrize("language", ["fr", "en"])


def texts(rule: Rule, language: str) -> list[str]:
    return [getattr(rule, f"sentence_{language}"), getattr(rule, f"remedy_{language}")]


def guilty(language: str, is_wrong: Callable[[str], object]) -> list[str]:
    """The rules with a text of which it is true."""
    return [rule.id for rule in RULES if any(is_wrong(text) for text in texts(rule, language))]


def matching(pattern: str) -> Callable[[str], object]:
    return lambda text: re.search(pattern, text)


@EVERY_LANGUAGE
@pytest.mark.parametrize(
    ("fault", "is_wrong"),
    [
        ("several lines or double spaces", lambda text: text != " ".join(text.split())),
        ("no capital", lambda text: not text[0].isupper()),
        ("no full stop", lambda text: not text.endswith(".")),
        ("two full stops", lambda text: text.endswith("..")),
        ("too short to help", lambda text: len(text) < 10),
        ("too long for a cell", lambda text: len(text) > 120),
        ("a place for a value", matching(r"[{}%]")),
        ("a quoted value", matching('["«»“”`]')),
        ("a date", matching(r"\d{4}-\d{2}|\d{2}/\d{2}/\d{4}")),
        ("a long number", matching(r"\d{5}")),
        ("a condition instead of words", matching(r"[<>=]|\bNULL\b|\bNone\b|\bIS\b")),
        ("a name of our columns", lambda text: COLUMNS & set(re.findall(r"\w+", text))),
    ],
    ids=lambda part: part if isinstance(part, str) else "",
)
def test_no_text_has_this_fault(language, fault, is_wrong):
    assert guilty(language, is_wrong) == []


@EVERY_LANGUAGE
def test_a_text_is_in_its_language(language):
    assert guilty(language, matching(f"(?i){FOREIGN[language]}")) == []


@pytest.mark.parametrize(("language", "misplaced"), [("fr", r"\S[:;?!]"), ("en", r"\s[:;?!]")])
def test_points_stand_as_the_language_wants_them(language, misplaced):
    assert guilty(language, matching(misplaced)) == []


def test_a_remedy_says_what_to_do():
    """In French it begins with an infinitive; it never repeats the sentence."""
    infinitive = re.compile(r"(L'|Ne )?\w+(er|ir|re)\b")
    assert [rule.id for rule in RULES if not infinitive.match(rule.remedy_fr)] == []
    assert [rule.id for rule in RULES if set(texts(rule, "fr")) & set(texts(rule, "en"))] == []
    assert [r.id for r in RULES if r.remedy_fr == r.sentence_fr or r.remedy_en == r.sentence_en] == []


@EVERY_LANGUAGE
def test_no_two_rules_of_one_table_say_the_same(language):
    said = [(rule.table, texts(rule, language)[0]) for rule in RULES]
    assert sorted(one for one in set(said) if said.count(one) > 1) == []


def test_a_rule_has_a_source_and_a_version():
    assert [rule.id for rule in RULES if not rule.source.strip() or rule.version < 1] == []


def test_what_awaits_a_signature_is_a_proposal():
    assert [r.id for r in RULES if "sign-off" in r.source and r.status != "proposal"] == []


def test_a_rule_on_rows_names_its_table_and_one_on_files_names_none():
    assert [
        r.id for r in RULES if not bool(r.violated_when or r.query) == bool(r.table) == bool(r.fields)
    ] == []
    files = [rule for rule in RULES if not rule.table]
    assert [r.id for r in files if r.fails or r.passes or r.applies_when != "TRUE"] == []


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__.rpartition(".")[2])
def test_every_rule_of_a_family_is_in_the_catalogue(family):
    assert family.RULES
    assert [rule.id for rule in family.RULES if CATALOGUE.get(rule.id) is not rule] == []
