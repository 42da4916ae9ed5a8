"""Diagnoses and sites in words, in two languages: one code when a term of ours is named, else candidates; and doubt."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, Literal, TypeVar

from pipelines.harmonise.words import fold, key_of, normalise, words_of

__all__ = ["Code", "Qualifier", "ReadLabel", "Terms", "find_qualifier", "normalise", "read_label"]

Code = TypeVar("Code", bound=str)
Qualifier = Literal["hedged", "negated", "history", "differential"]

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
    r"^(?:\w+ )?(?:metastas\w*|recidive\w*|rechute\w*|recurrence|relapse|localisations? secondaires?)(?: \w+){0,2}?"
    r"(?: d[eu]s? | d'| of | from )(?:l'|la |un |une |an? )?"
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


#: "antécédent de": taken away, it leaves what the person had.
_PAST = re.compile(r"\b(?:antecedents?|atcd|history)(?: personnels?)? (?:d'|de |of )(?:un |une |an? )?")


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


@lru_cache(maxsize=100_000)
def find_qualifier(text: str) -> Qualifier | None:
    """The first class of doubt in a label, in either language: negated, history, hedged, differential."""
    folded = fold(text)
    return next((name for name, pattern in _QUALIFIERS if pattern.search(folded)), None)


def without_doubt_words(folded: str) -> str:
    """A folded label without "metastasis of", "history of" and the words that hedge."""
    return _HEDGE.sub(" ", _PAST.sub("", _EVENT.sub("", folded)))


def _look_up(folded: str, terms: Terms[Code]) -> tuple[frozenset[Code], bool]:
    """The codes of a label as it is, then without "metastasis of", grade and size, words that hedge."""
    without_event = _EVENT.sub("", folded)
    without_grade = _GRADE_OR_SIZE.sub(" ", without_event)
    for version in dict.fromkeys((folded, without_event, without_grade, _HEDGE.sub(" ", without_grade))):
        key = key_of(words_of(version))
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
    codes, is_exact = _look_up(fold(text).strip(), terms)
    qualifier = find_qualifier(text)
    if qualifier == "differential" and is_exact:
        qualifier = None  # a curated term says "ou" itself
    return ReadLabel(codes=codes, is_exact=is_exact, qualifier=qualifier)
