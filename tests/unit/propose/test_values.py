"""A centre's words for codes."""

import pytest

from pipelines.propose.profile import profile
from pipelines.propose.reading import load_lexicon
from pipelines.propose.values import value_words


def codes(field: str, cells: str) -> dict[str, str | None]:
    found = value_words([(field, profile(cells.split("|")))], load_lexicon())
    return {word.word: word.code for word in found}


@pytest.mark.parametrize(
    ("field", "word", "code"),
    [
        ("sex", "Masculin", "M"),
        ("sex", "female", "F"),
        ("vital_status", "DCD", "dead"),
        ("margin", "R0", "R0"),
        ("margin", "marges saines", "R0"),
        ("laterality", "Gauche", "left"),
        ("depth", "sus-aponévrotique", "superficial"),
        ("modality", "TDM", "ct"),
        ("disease_status", "décédé d'une autre cause", "DOC"),
        ("extent_at_diagnosis", "Métastatiqe", "metastatic"),
        ("surgery_kind", "Amputation transtibiale", "amputation"),
        ("had_biopsy", "O", "yes"),
        ("had_rupture", "non", "no"),
        ("margin", "voir dossier", None),
        ("margin", "résidu", None),
        ("laterality", "code 99", None),
        ("vital_status", "0", None),
        ("concordance", "??", None),
    ],
)
def test_a_word_is_a_code_when_it_is_known_or_nearly(field, word, code):
    assert codes(field, f"{word}|{word}") == {word: code}


def test_figures_for_sex_follow_the_identity_number():
    assert codes("sex", "1|2|2") == {"2": "F", "1": "M"}


def test_figures_among_words_for_sex_are_asked_for():
    assert codes("sex", "1|F|M")["1"] is None


def test_one_word_in_two_cases_is_said_once():
    assert len(codes("sex", "Homme|HOMME|homme|Femme")) == 2


def test_words_of_identity_columns_are_never_listed():
    assert codes("birth_name", "MARTIN|DURAND") == {}
