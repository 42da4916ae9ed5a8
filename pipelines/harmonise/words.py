"""The words of a label in French or English, each brought to one stem that both languages share.

No stop-word ever takes away "non", "sans" or the "dé" of "dédifférencié": those words change the diagnosis.
`config/codes/label_word.csv` holds what no rule can say: "spindle cell" and "à cellules fusiformes" are one word.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from pipelines.io.configuration import read_codes

_STOP_WORDS = frozenset(
    ("de", "du", "des", "d", "l", "la", "le", "les", "un", "une", "of", "the", "a", "an", "au", "aux", "type",
     "sai", "nos", "sap", "with", "avec", "and", "et", "in", "en", "on", "to", "for", "forme", "form", "formes",
     "variante", "variant", "variety", "variete", "s")
)  # fmt: skip
_UNSPECIFIED = re.compile(
    r"\b(?:sans (?:autre )?(?:precision|indication|specification)|not otherwise specified|unspecified)s?\b"
)
_CODE_IN_BRACKETS = re.compile(r"\([^()]*\d{2}[^()]*\)")
_CODE_ALONE = re.compile(r"\bm?-?\d{4}/\d\b")
#: "dé-différencié", "in différenciée": one word, before hyphens become spaces and "de" is dropped.
_SPLIT_PREFIX = re.compile(r"\b(de|in|un)[\s-]+(?=differenci(?:e|ee|es|ees)\b|differentiated\b)")
_COMPOUND = re.compile(
    r"\b(\w{2,}o|extra|intra|peri|para|retro|juxta|sus|sous|infra|inter|anti)-(?=[a-z]{3})(?!cell)"
)
_PREFIX_ALONE = re.compile(r"\b(extra|intra|juxta|peri|retro) (?=\w)")
_GRADE = re.compile(
    r"\b(?:grade|gr)(?: de malignite)?(?: histo(?:logique|pronostique)?)?(?: (?:de la |selon )?fnclcc)? ?[:=]? ?"
    r"(?P<a>iii|ii|iv|i|[1-4])\b(?: ?/ ?[34]\b| sur 3\b)?(?: ?fnclcc\b)?"
    r"|\bfnclcc ?[:=]? ?(?:grade )?(?P<b>iii|ii|i|[1-3])\b(?: ?/ ?3\b)?|\bg(?P<c>[1-3])\b"
)
_SPELLINGS = (
    ("haem", "hem"), ("tumour", "tumor"), ("tumeur", "tumor"), ("anevrys", "anevris"),
    ("desmoplasiq", "desmoplastiq"), ("izing", "ising"), ("ized", "ised"), ("metastasiz", "metastasis"),
    ("differentiated", "differencie"), ("differentiation", "differenciation"), ("aggress", "agress"), ("foet", "fet"),
    ("oedem", "edem"), ("leyomyo", "leiomyo"), ("liomyo", "leiomyo"),
    ("lyomyo", "leiomyo"), ("rabdo", "rhabdo"), ("domio", "domyo"), ("condro", "chondro"),
)  # fmt: skip
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_ENDINGS = (("euse", "eu"), ("ive", "if"), ("igne", "in"))
#: What is left of a word after its plural and feminine, French or English → the same for both.
_SHARED_ENDINGS = (
    ("omata", "om"), ("oma", "om"), ("ical", ""), ("iqu", ""), ("ic", ""), ("air", "ar"), ("ou", "eu"), ("ell", "el"),
)  # fmt: skip


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """Lower case without accents; ligatures spelt out; every apostrophe and dash plain.

    >>> fold("Fœtal – d’Ewing")
    "foetal - d'ewing"
    """
    text = text.casefold()
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("æ", "ae"))
        text = "".join(c for c in text if c.isascii() or not unicodedata.combining(c))
    return re.sub(r"[\u2010-\u2015\u2212]", "-", re.sub(r"[\u2018\u2019`´]", "'", text))


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """A word without the marks of plural, feminine and language; both sides of a comparison pass through it.

    >>> stem("fibreuses"), stem("fibrous"), stem("liposarcomas")
    ('fibreu', 'fibreu', 'liposarcom')
    """
    if len(word) <= 3:
        return word
    singular = word if word.endswith("ss") else word.rstrip("sx")
    for feminine, masculine in _ENDINGS:
        if singular.endswith(feminine):
            return singular.removesuffix(feminine) + masculine
    bare = singular.rstrip("e")
    if len(bare) <= 3:  # "abcès" is no abbreviation
        return word
    if len(bare) >= 6:
        for ending, kept in _SHARED_ENDINGS:
            if bare.endswith(ending):
                return bare.removesuffix(ending) + kept
    return bare


def _grade(found: re.Match[str]) -> str:
    digit = found["a"] or found["b"] or found["c"]
    return f" grade{_ROMAN.get(digit, digit)} "


def plain_stems(folded: str) -> list[str]:
    """The stems of a folded text in its order, before the table of words: no public spelling survives it."""
    text = _SPLIT_PREFIX.sub(r"\1", _CODE_ALONE.sub(" ", _CODE_IN_BRACKETS.sub(" ", folded)))
    text = _UNSPECIFIED.sub(" ", text)
    if "g" in text or "fnclcc" in text:
        text = _GRADE.sub(_grade, text)
    text = _PREFIX_ALONE.sub(r"\1", _COMPOUND.sub(r"\1", text) if "-" in text else text)
    for written, kept in _SPELLINGS:
        text = text.replace(written, kept)
    return [stem(word) for word in re.findall(r"[a-z0-9]+", text) if word not in _STOP_WORDS]


#: First stem → the phrases that begin with it, longest first, with what they stand for.
Phrases = dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]


def phrase_table(pairs: Iterable[tuple[tuple[str, ...], tuple[str, ...]]]) -> Phrases:
    """A table of phrases for `replace_phrases`."""
    found: Phrases = {}
    for phrase, meaning in pairs:
        if phrase:
            found.setdefault(phrase[0], []).append((phrase, meaning))
    for phrases in found.values():
        phrases.sort(key=lambda pair: (-len(pair[0]), pair[0]))
    return found


def replace_phrases(words: Sequence[str], table: Phrases) -> list[str]:
    """The words with each phrase of the table replaced by its meaning, the longest first, from left to right."""
    kept: list[str] = []
    at = 0
    while at < len(words):
        for phrase, meaning in table.get(words[at], ()):
            if tuple(words[at : at + len(phrase)]) == phrase:
                kept.extend(meaning)
                at += len(phrase)
                break
        else:
            kept.append(words[at])
            at += 1
    return kept


@cache
def _meanings() -> Phrases:
    table = read_codes("label_word")
    return phrase_table(
        (tuple(plain_stems(fold(words))), tuple(meaning.split()))
        for words, meaning in zip(table["words"], table["meaning"], strict=True)
    )


@cache
def known_stems() -> frozenset[str]:
    """The stems of every phrase of the table of words."""
    return frozenset(word for phrases in _meanings().values() for phrase, _ in phrases for word in phrase)


def with_meanings(stems: Sequence[str]) -> tuple[str, ...]:
    """Stems with each phrase of the table replaced by what it stands for."""
    return tuple(replace_phrases(stems, _meanings()))


@lru_cache(maxsize=200_000)
def words_of(folded: str) -> tuple[str, ...]:
    """The words of a folded label in its order, each brought to the stem that its synonyms share."""
    return with_meanings(plain_stems(folded))


def key_of(words: Iterable[str]) -> str:
    """The key of words: word order is not a diagnosis."""
    return " ".join(sorted(set(words)))


@lru_cache(maxsize=100_000)
def normalise(text: str) -> str:
    """The key of a label: the same for two spellings of one diagnosis.

    >>> normalise("Liposarcomes dé-différenciés, SAI") == normalise("Dedifferentiated liposarcoma, NOS")
    True
    >>> normalise("liposarcome dédifférencié") == normalise("liposarcome différencié")
    False
    """
    return key_of(words_of(fold(text)))
