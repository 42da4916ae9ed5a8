"""A centre's words for codes. A word is taken for a code when our lists or the contract's labels have it, or nearly.

What is left is asked: a code is never guessed from the order or the frequency of words.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher

from pipelines.propose.lexicon import BOOLEAN, CODED, FIELDS, Lexicon, compared
from pipelines.propose.profile import Profile
from validations.contracts.model import Kind

_CLOSE = 0.86
_LEAD = 0.04


@dataclass(frozen=True, kw_only=True)
class Word:
    """A word of a coded column, as the centre writes it, with the code proposed for it (None: unknown)."""

    field: str
    word: str
    n: int
    code: str | None
    confidence: float


def value_words(columns: Iterable[tuple[str, Profile]], lexicon: Lexicon) -> list[Word]:
    """The words of the coded and yes/no columns (field, profile), by field, the most frequent first."""
    said: dict[str, Counter[str]] = {}
    for field, seen in columns:
        name = BOOLEAN if FIELDS[field].kind is Kind.BOOLEAN else field
        if name == BOOLEAN or name in CODED:
            said.setdefault(name, Counter()).update(seen.counts)
    return [word for field, counts in said.items() for word in _words(field, counts, lexicon)]


def _words(field: str, counts: Counter[str], lexicon: Lexicon) -> list[Word]:
    known = _known(field, lexicon, counts)
    spelt: dict[str, str] = {}
    total: Counter[str] = Counter()
    for text, n in counts.most_common():
        total[spelt.setdefault(text.casefold(), text)] += n
    read = {text: _code(compared(text), known) for text in total}
    return [Word(field=field, word=w, n=n, code=read[w][0], confidence=read[w][1]) for w, n in total.items()]


def _known(field: str, lexicon: Lexicon, counts: Counter[str]) -> Mapping[str, str]:
    known = lexicon.codes[field]
    figures = {text for text in counts if text.isdigit()}
    is_figures = bool(figures) and figures <= {"1", "2", "3", "9", "0"} and 2 * len(figures) > len(counts)
    if field == "sex" and is_figures:  # as the first figure of the identity number
        return {**known, "1": "M", "2": "F", "3": "U", "9": "U", "0": "U"}
    return known


def _code(word: str, known: Mapping[str, str]) -> tuple[str | None, float]:
    """The code of a word in compared form, and how sure that is."""
    if word in known:
        return known[word], 0.97
    best: dict[str, float] = {}
    for other, code in known.items():
        best[code] = max(best.get(code, 0.0), _alike(word, other))
    ranked = sorted(best.items(), key=lambda item: -item[1])
    first, second = ranked[0], ranked[1] if len(ranked) > 1 else (None, 0.0)
    if first[1] >= _CLOSE and first[1] - second[1] >= _LEAD:
        return first[0], round(0.85 * first[1], 2)
    return None, 0.0


def _alike(word: str, other: str) -> float:
    """How far a word is another: misspelt, shortened, or said with more words."""
    if min(len(word), len(other)) < 4:
        return 0.0
    if word.startswith(other) or other.startswith(word):
        return 0.9
    if set(other.split()) < set(word.split()) and len(other) >= 6:
        return 0.87
    return SequenceMatcher(None, word, other).ratio()
