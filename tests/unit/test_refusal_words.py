"""What a centre reads of a refused file: complete sentences in its language, names and positions, never a value."""

import re
import string

import pytest

from pipelines import refusals
from pipelines.errors import FileRefused, RefusalCode
from pipelines.refusals import refusal, refused

CODES = sorted(value for name, value in vars(RefusalCode).items() if name.isupper())
#: What a message may be completed with: names, positions, our own explanations.
FACTS = {"line", "declared", "found_fr", "found_en", "encoding", "why_fr", "why_en", "sheet", "columns"}
FACTS |= {"seconds", "mib", "number", "count"}
FRENCH = re.compile(r"\b(le|la|les|un|une|ce|aucune?|colonnes|dans|de|ne)\b")
ENGLISH = re.compile(r"\b(the|this|none|indispensable|columns|of|is)\b")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_code_has_words_and_every_word_a_code():
    assert sorted(refusals._WORDS) == CODES


def test_codes_are_stable_and_each_says_one_thing():
    """They are shown to centres and counted over years: a changed one is a new one."""
    assert CODES == [
        "decompression_bomb", "duplicate_column", "empty_file", "external_links", "header_only", "macros",
        "missing_file", "missing_header", "missing_key_column", "missing_sheet", "no_table",
        "not_the_declared_format", "over_limit", "parser_crashed", "password_protected", "reading_too_large",
        "reading_too_slow", "truncated_archive", "truncated_workbook", "unknown_centre", "unknown_file",
        "unknown_kind", "unreadable_text", "unsafe_path_in_archive", "unstable_file", "xml_entities",
    ]  # fmt: skip
    assert len({words.reason_fr for words in refusals._WORDS.values()}) == len(CODES)


@pytest.mark.parametrize("code", CODES)
def test_the_two_languages_say_the_same_facts(code: str):
    words = refusals._WORDS[code]
    in_french, in_english = (
        {name.removesuffix(f"_{language}") for name in fields(text)}
        for language, text in (("fr", words.reason_fr), ("en", words.reason_en))
    )
    assert in_french == in_english
    assert fields(words.reason_fr) | fields(words.reason_en) <= FACTS
    assert not fields(words.remedy_fr) | fields(words.remedy_en)


@pytest.mark.parametrize("code", CODES)
def test_each_text_is_in_its_language(code: str):
    words = refusals._WORDS[code]
    assert FRENCH.search(words.reason_fr)
    assert ENGLISH.search(words.reason_en)
    assert words.remedy_fr.endswith(".")
    assert words.remedy_en.endswith(".")
    assert not re.search(r"[éèêàç]", words.reason_en + words.remedy_en)


@pytest.mark.parametrize(
    ("code", "facts", "reason_fr", "reason_en"),
    [
        ("header_only", {"line": 4}, "(ligne 4)", "(line 4)"),
        ("missing_sheet", {"sheet": "Feuil1"}, "« Feuil1 »", '"Feuil1"'),
        ("missing_key_column", {"line": 1, "columns": "IPP, {NOM}"}, "IPP, {NOM}", "IPP, {NOM}"),
        (
            "not_the_declared_format",
            {"declared": "XLSX", "found_fr": "du texte", "found_en": "text"},
            "du XLSX mais : du texte",
            "not XLSX but: text",
        ),
    ],
)
def test_facts_are_put_in(code: str, facts: dict[str, str | int], reason_fr: str, reason_en: str):
    found = refusal(code, "a.csv", centre_id="alpha", **facts)
    assert reason_fr in found.reason_fr
    assert reason_en in found.reason_en


@pytest.mark.parametrize("code", [code for code in CODES if fields(refusals._WORDS[code].reason_fr)])
def test_a_fact_that_is_missing_is_a_mistake_of_ours_not_a_gap_in_the_text(code: str):
    with pytest.raises(KeyError):
        refusal(code, "a.csv")


def test_a_reader_raises_what_the_flow_records():
    problem = refused("missing_header", "a\nb.csv", line=2)
    assert isinstance(problem, FileRefused)
    assert (problem.refusal.code, problem.refusal.file, problem.refusal.centre_id) == (
        "missing_header",
        "a\\nb.csv",
        None,
    )
    assert problem.where == "a\\nb.csv"
    assert "line 2" in problem.what
