"""The morphology that a label names, when the dictionary does not hold the whole label.

In this order, and only until one answers: the label itself; the label without what may stand beside a diagnosis
(`peeling`); its parts, when they agree; the label with a slip of the keyboard corrected. Certain is only what leaves
one term of ours and agrees with it; the rest are candidates for a person.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from pipelines.harmonise.codes import IcdO3Morphology, IcdO3Topography
from pipelines.harmonise.labels import ReadLabel, Terms, find_qualifier, read_label, without_doubt_words
from pipelines.harmonise.peeling import agrees, check_site, peel, removable_words
from pipelines.harmonise.spelling import correct
from pipelines.harmonise.terminology import Terminology
from pipelines.harmonise.words import fold, key_of, known_stems, plain_stems, with_meanings, words_of
from pipelines.io.configuration import read_codes

Read = ReadLabel[IcdO3Morphology]

_SIZE = re.compile(r"\b(?:\d+(?:[.,]\d+)? ?[x*] ?){0,2}\d+(?:[.,]\d+)? ?[cm]m\b")
_TNM = re.compile(r"\b[cpyr]{0,3}t[0-4x][a-d]?(?: ?n[0-3x][a-c]?)?(?: ?m[01x][a-c]?)?\b")
_STAGE = re.compile(r"\b(?:stade|stage) ?(?:iv|i{1,3}|[1-4])[a-c]?\b")
_PARTS = re.compile(r"[,;:()/\[\]\n+=]| - |\bsoit\b|\bdit\b|\balias\b")
_CHOICE = re.compile(r"\b(?:ou|or|versus|vs)\b")
_LONGEST = 300


class _Lexicon:
    """The keys of a dictionary by word, for keys that hold some words and no others."""

    def __init__(self, terms: Terms[IcdO3Morphology]) -> None:
        self.codes = {**terms.related, **terms.exact}
        self.exact = frozenset(terms.exact)
        self.keys: dict[str, list[frozenset[str]]] = {}
        for key in self.codes:
            words = frozenset(key.split())
            for word in words:
                self.keys.setdefault(word, []).append(words)
        self.vocabulary = frozenset(self.keys) | known_stems()

    def between(self, core: frozenset[str], every: frozenset[str]) -> list[frozenset[str]]:
        """The longest keys that hold every word of `core` and no word outside `every`."""
        if not core or any(word not in self.keys for word in core):
            return []
        rarest = min(core, key=lambda word: (len(self.keys[word]), word))
        found = [key for key in self.keys[rarest] if core <= key <= every]
        longest = max((len(key) for key in found), default=0)
        return [key for key in found if len(key) == longest]


@cache
def _lexicon(terms: Terminology) -> _Lexicon:
    return _Lexicon(terms.morphology_terms)


def _prepared(text: str) -> str:
    """A folded label without event, size, stage and words of doubt."""
    folded = without_doubt_words(fold(text[:_LONGEST]).strip())
    return _STAGE.sub(" ", _TNM.sub(" ", _SIZE.sub(" ", folded)))


def _read_words(words: tuple[str, ...], terms: Terminology) -> Read:
    """The one term among the words, beside what may stand there."""
    lexicon = _lexicon(terms)
    peeled = peel(words)
    every = frozenset(words)
    keys = lexicon.between(every - peeled.words, every)
    if not keys:  # every word may be taken away: the diagnosis is among them ("desmoïde de la paroi")
        return ReadLabel()
    codes = frozenset(code for key in keys for code in lexicon.codes[" ".join(sorted(key))])
    is_exact = len(codes) == 1 and all(" ".join(sorted(key)) in lexicon.exact for key in keys)
    if len(codes) == 1:
        code = next(iter(codes))
        taken = frozenset().union(*(every - key for key in keys))
        is_exact = agrees(code, taken, peeled) and (is_exact or _site_decides(code, peeled.sites))
        codes |= _instead(code, peeled.sites)
    return ReadLabel(codes=codes, is_exact=is_exact)


def _site_decides(code: IcdO3Morphology, sites: Sequence[IcdO3Topography]) -> bool:
    """True when a broad term has one meaning at its site."""
    checks = [check_site(code, site) for site in sites]
    return any(check is not None and check.is_certain for check in checks)


def _instead(code: IcdO3Morphology, sites: Sequence[IcdO3Topography]) -> frozenset[IcdO3Morphology]:
    checks = (check_site(code, site) for site in sites)
    return frozenset(check.instead for check in checks if check is not None and check.instead)


def _most_specific(codes: frozenset[IcdO3Morphology], terms: Terminology) -> IcdO3Morphology | None:
    """The code that every other one covers."""
    return next((one for one in sorted(codes) if all(terms.covers(other, one) for other in codes)), None)


def _read_parts(parts: Sequence[str], terms: Terminology) -> Read:
    """What the parts of a label say together; certain when each says the same, something wider, or nothing of it."""
    codes: frozenset[IcdO3Morphology] = frozenset()
    beside: list[str] = []
    is_exact = True
    for part in parts:
        words = words_of(part)
        if frozenset(words) <= peel(words).words:
            beside += words
            continue
        read = read_label(part, terms.morphology_terms)
        read = read if read.codes else _read_words(words, terms)
        codes |= read.codes
        is_exact &= read.is_exact
    best = _most_specific(codes, terms)
    if best is None:
        return ReadLabel(codes=codes)
    is_exact &= agrees(best, frozenset(beside), peel(tuple(beside)))
    return ReadLabel(codes=frozenset({best}), is_exact=is_exact)


def _read_corrected(prepared: str, terms: Terminology) -> Read:
    corrected = correct(plain_stems(prepared), vocabulary=_lexicon(terms).vocabulary, known=removable_words())
    if corrected is None:
        return ReadLabel()
    read = _read_words(with_meanings(corrected.words), terms)
    return ReadLabel(codes=read.codes, is_exact=read.is_exact and corrected.is_safe)


@lru_cache(maxsize=200_000)
def read_diagnosis_label(text: str | None, terms: Terminology) -> Read:
    """What a label says of the morphology; nothing when it is blank or unknown."""
    if text is None or not text.strip():
        return ReadLabel()
    dictionary = terms.morphology_terms
    key = key_of(words_of(fold(text).strip()))
    if key in dictionary.exact:
        return read_label(text, dictionary)
    read = _read_whole(_prepared(text), terms)
    if read.codes and (read.is_exact or key not in dictionary.related):
        return ReadLabel(codes=read.codes, is_exact=read.is_exact, qualifier=find_qualifier(text))
    direct = read_label(text, dictionary)
    return ReadLabel(codes=direct.codes | read.codes, qualifier=direct.qualifier)


def _read_whole(prepared: str, terms: Terminology) -> Read:
    """The first reading that finds a term: among the words, in the parts, with a slip corrected."""
    read = _read_words(words_of(prepared), terms)
    for pattern in (_PARTS, _CHOICE):
        if not read.codes and pattern.search(prepared):
            read = _read_parts(pattern.split(prepared), terms)
    return read if read.codes else _read_corrected(prepared, terms)


@lru_cache(maxsize=200_000)
def sites_in_label(text: str | None) -> tuple[IcdO3Topography, ...]:
    """The sites that a label names beside the diagnosis, without that of a metastasis."""
    return peel(words_of(_prepared(text or ""))).sites


@cache
def _families() -> list[tuple[frozenset[str], IcdO3Morphology]]:
    """The words that name a family of tumours whatever stands beside them, the longest first."""
    table = read_codes("label_family")
    pairs = [
        (frozenset(words_of(fold(words))), IcdO3Morphology(code))
        for words, code in zip(table["words"], table["morphology"], strict=True)
    ]
    return sorted(pairs, key=lambda pair: (-len(pair[0]), pair[1]))


#: Roots of our own tumours: beside one of them a carcinoma may be a component, or another diagnosis.
_OURS = re.compile(
    r"sarcom|gist|desmoid|stromal|mesenchym|phyllod|tissumou|myoepithelial|fibromatos|hemangio|tumor|sarcomat|pecom|ewing"
)


def read_family(text: str | None) -> IcdO3Morphology | None:
    """The family of a tumour that is not ours, from one word of its label; None where the label names ours, or doubts.

    >>> read_family("Carcinome urothélial infiltrant de la vessie"), read_family("carcinome ou sarcome")
    ('8010/3', None)
    """
    if not text or len(text) > _LONGEST or find_qualifier(text):
        return None
    words = frozenset(words_of(_prepared(text)))
    found = {code: family for family, code in reversed(_families()) if family <= words}
    if not found or any(_OURS.search(word) for word in words):
        return None
    longest = max(len(family) for family in found.values())
    codes = [code for code, family in found.items() if len(family) == longest]
    return codes[0] if len(codes) == 1 else None
