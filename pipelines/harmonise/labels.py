"""Diagnoses and sites in words, French or English, brought to a key that two spellings share.

No stop-word ever takes away "non", "sans" or the "dé" of "dédifférencié": those words change the diagnosis.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, Literal, TypeVar

Code = TypeVar("Code", bound=str)
Qualifier = Literal["hedged", "negated", "history", "differential"]

_STOP_WORDS = frozenset(
    ("de", "du", "des", "d", "l", "la", "le", "les", "un", "une", "of", "the", "a", "au", "aux", "type",
     "sai", "nos", "sap")
)  # fmt: skip
_UNSPECIFIED = re.compile(
    r"\b(?:sans (?:autre )?(?:precision|indication|specification)|not otherwise specified|unspecified)s?\b"
)
_CODE_IN_BRACKETS = re.compile(r"\([^()]*\d{2}[^()]*\)")
_CODE_ALONE = re.compile(r"\bm?-?\d{4}/\d\b")
#: "dé-différencié", "in différenciée": one word, before hyphens become spaces and "de" is dropped.
_SPLIT_PREFIX = re.compile(r"\b(de|in)[\s-]+(?=differenci(?:e|ee|es|ees)\b|differentiated\b)")
_COMPOUND = re.compile(r"\b(\w{2,}o|extra|intra|peri|para|retro|juxta|sus|sous|infra|inter|anti)-(?=\w)")
_PREFIX_ALONE = re.compile(r"\b(extra|intra|juxta|peri|retro) (?=\w)")
_SPELLINGS = (
    ("haem", "hem"), ("tumour", "tumor"), ("anevrys", "anevris"), ("desmoplasiq", "desmoplastiq"),
    ("izing", "ising"), ("ized", "ised"), ("metastasiz", "metastasis"),
)  # fmt: skip
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4"}
_ENDINGS = (("euse", "eu"), ("ive", "if"), ("igne", "in"))


def _fold(text: str) -> str:
    """Lower case without accents; ligatures spelt out; every apostrophe and dash plain."""
    text = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    text = "".join(c for c in text if not unicodedata.combining(c))
    return re.sub(r"[\u2010-\u2015\u2212]", "-", re.sub(r"[\u2018\u2019`´]", "'", text))


def _stem(word: str) -> str:
    """A word without the marks of plural and feminine; both sides of a comparison pass through it."""
    if len(word) <= 3:
        return word
    singular = word if word.endswith("ss") else word.rstrip("sx")
    for feminine, masculine in _ENDINGS:
        if singular.endswith(feminine):
            return singular.removesuffix(feminine) + masculine
    return singular.rstrip("e")


def _key(folded: str) -> str:
    """The sorted stems of a folded label: word order is not a diagnosis."""
    text = _SPLIT_PREFIX.sub(r"\1", _CODE_ALONE.sub(" ", _CODE_IN_BRACKETS.sub(" ", folded)))
    text = _PREFIX_ALONE.sub(r"\1", _COMPOUND.sub(r"\1", _UNSPECIFIED.sub(" ", text)))
    for written, kept in _SPELLINGS:
        text = text.replace(written, kept)
    words = re.findall(r"[a-z0-9]+", text)
    numbered = [
        _ROMAN.get(word, word) if i and words[i - 1] == "grade" else word for i, word in enumerate(words)
    ]
    return " ".join(sorted({_stem(word) for word in numbered if word not in _STOP_WORDS}))


@lru_cache(maxsize=100_000)
def normalise(text: str) -> str:
    """The key of a label: the same for two spellings of one diagnosis.

    >>> normalise("Liposarcomes dé-différenciés, SAI") == normalise("liposarcome dédifférencié")
    True
    >>> normalise("liposarcome dédifférencié") == normalise("liposarcome différencié")
    False
    """
    return _key(_fold(text))


_QUALIFIERS: tuple[tuple[Qualifier, re.Pattern[str]], ...] = (
    (
        "negated",
        re.compile(
            r"\b(?:pas d[e']|pas un|absence d|aucun|sans argument|exclu|elimin|ecart|infirm|no evidence|not an? |"
            r"ruled out|ni )"
        ),
    ),
    ("history", re.compile(r"\b(?:antecedent|atcd|history of|h/o|ancien)")),
    (
        "hedged",
        re.compile(
            r"\?|\b(?:possibl|probabl|vraisemblabl|suspicion|suspect|evocat|evoqu|compatible|en faveur|a priori|"
            r"peut[- ]etre|a confirmer|likely|suspicious|suggest|consistent with|favou?r|presum)"
        ),
    ),
    ("differential", re.compile(r"\b(?:ou|or|versus|vs)\b")),
)
#: "métastase pulmonaire d'un léiomyosarcome": the primary is what is coded.
_EVENT = re.compile(
    r"^(?:metastas\w*|recidive\w*|rechute\w*|recurrence|relapse|localisation secondaire)(?: \w+)?(?: d[eu]s? | d'| of )"
    r"(?:l'|la |un |une |an? )?"
)
_GRADE_OR_SIZE = re.compile(
    r"\b(?:de )?(?:haut|bas|high|low)[- ]grade\b|\b(?:de )?grade \S+(?: ?/ ?[1-4])?|\bfnclcc\b|"
    r"\bmetasta(?:tique|tic)s?\b|\brecidivante?s?\b|\b(?:de )?\d+(?:[.,]\d+)? ?[cm]m\b"
)
#: What hedges a diagnosis; taken away, it leaves a candidate for the person who decides.
_HEDGE = re.compile(
    r"\b(?:aspects?|probables?|possibles?|vraisemblables?|likely|compatibles? avec|en faveur d[e']|suspicion d[e']|"
    r"evocateurs? d[e']|suspicious for|consistent with|suggestive of|favou?rs?)\s*"
)


@dataclass(frozen=True)
class Terms(Generic[Code]):
    """A dictionary of terms: key → the codes it stands for. `related` terms are candidates, never answers."""

    exact: Mapping[str, frozenset[Code]]
    related: Mapping[str, frozenset[Code]]


@dataclass(frozen=True, kw_only=True)
class ReadLabel(Generic[Code]):
    """What a label says: one code when it is exact, else candidates; and the word that makes it doubtful."""

    codes: frozenset[Code] = frozenset()
    is_exact: bool = False
    qualifier: Qualifier | None = None


def find_qualifier(text: str) -> Qualifier | None:
    """The first class of doubt in a label, in either language: negated, history, hedged, differential."""
    folded = _fold(text)
    return next((name for name, pattern in _QUALIFIERS if pattern.search(folded)), None)


def _look_up(folded: str, terms: Terms[Code]) -> tuple[frozenset[Code], bool]:
    """The codes of a label as it is, then without "metastasis of", grade and size, words that hedge."""
    without_event = _EVENT.sub("", folded)
    without_grade = _GRADE_OR_SIZE.sub(" ", without_event)
    for version in (folded, without_event, without_grade, _HEDGE.sub(" ", without_grade)):
        key = _key(version)
        if codes := terms.exact.get(key):
            # a benign tumour has no metastasis, no grade: what was taken away contradicts what is left
            is_sound = version == folded or not any(code.endswith("/0") for code in codes)
            return codes, len(codes) == 1 and is_sound
        if codes := terms.related.get(key):
            return codes, False
    return frozenset(), False


def read_label(text: str | None, terms: Terms[Code]) -> ReadLabel[Code]:
    """What a label says in a dictionary of terms; nothing when it is blank or unknown."""
    if text is None or not text.strip():
        return ReadLabel()
    codes, is_exact = _look_up(_fold(text).strip(), terms)
    qualifier = find_qualifier(text)
    if qualifier == "differential" and is_exact:
        qualifier = None  # a curated term says "ou" itself
    return ReadLabel(codes=codes, is_exact=is_exact, qualifier=qualifier)
