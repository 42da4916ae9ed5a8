"""Ranked candidates for a label that the dictionary does not hold: how much of its words, and of their pieces, each of
our terms shares. A similarity is never an answer: it orders what a person chooses from.

Words are compared by runs of two to five letters, so that a slip or an ending counts little; words that change the
diagnosis (dedifferentiated, myxoid, malignant …) count as wholes too, and more.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from pipelines.harmonise.codes import IcdO3Morphology
from pipelines.harmonise.peeling import check_site, peel
from pipelines.harmonise.terminology import Terminology
from pipelines.harmonise.words import fold, words_of
from pipelines.io.configuration import read_codes

if TYPE_CHECKING:
    import numpy as np

_SIZES = (2, 3, 4, 5)
_BATCH = 500
_MOST = 10
#: Below this the letters that two texts share are chance.
_LEAST = 0.30
#: Read no further: a report of ten thousand letters is not compared.
_LONGEST = 200
#: Words that make another diagnosis of the same root, by their shared stems.
_DECISIVE = frozenset(
    ("dediff", "biendiff", "peudiff", "indiff", "pleomorph", "myxoid", "embryonnar", "alveolar", "fusiform",
     "sclerosant", "basgrade", "hautgrade", "malin", "benin", "potincertain", "epithelioid", "cellrond", "cellclair",
     "cellgeant", "mesenchymateu", "extrasquelet", "parosteal", "periosteal", "monophas", "biphas", "atyp",
     "chondroblast", "fibroblast", "telangiectat", "pigment", "inflammatoir", "plexiform", "kaposiform", "retiform")
)  # fmt: skip
_WEIGHT_OF_DECISIVE = 1.8
_WEIGHT_OF_WORD = 1.0
#: What evidence beside the words leaves of a score.
_OTHER_BEHAVIOUR = 0.7
_OTHER_SITE = 0.6


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A code and how near it is, from 0 to 1."""

    code: IcdO3Morphology
    score: float


@dataclass(frozen=True, kw_only=True)
class Sought:
    """A label to compare, with its site and the behaviour that other codings give it, where they are known."""

    label: str
    site: str | None = None
    behaviour: str | None = None


@lru_cache(maxsize=100_000)
def _features(word: str) -> tuple[str, ...]:
    """The pieces of a word, and the word itself."""
    edged = f" {word} "
    pieces = [edged[at : at + size] for size in _SIZES for at in range(len(edged) - size + 1)]
    return (*pieces, f"={word}")


class CandidateIndex:
    """Our terms in both languages as weighted features, to be compared with labels by the batch."""

    def __init__(self, terms: Terminology) -> None:
        import numpy as np

        table = terms.morphology_terms
        pairs = sorted(
            {(key, code) for part in (table.exact, table.related) for key in part for code in part[key]}
        )
        self._codes = sorted({code for _, code in pairs})
        place = {code: at for at, code in enumerate(self._codes)}
        self._code_of_term = np.array([place[code] for _, code in pairs])
        labels = [key.split() for key, _ in pairs]
        frequency = Counter(
            feature for words in labels for feature in {f for w in words for f in _features(w)}
        )
        self._place = {feature: at for at, feature in enumerate(sorted(frequency))}
        self._weight = self._weights(frequency, len(pairs))
        order = np.argsort(self._code_of_term, kind="stable")
        self._code_of_term = self._code_of_term[order]
        self._starts = np.flatnonzero(np.r_[True, np.diff(self._code_of_term) > 0])
        self._of_word: dict[str, list[int]] = {}
        self._terms = self._matrix([labels[at] for at in order]).T.tocsr()

    def _weights(self, frequency: Counter[str], terms: int) -> "np.ndarray[Any, Any]":
        """How much each feature counts: the rarer among our terms, the more."""
        import numpy as np

        weight = np.array([np.log(1 + terms / frequency[feature]) for feature in self._place])
        for feature, at in self._place.items():
            if feature.startswith("="):
                weight[at] *= _WEIGHT_OF_DECISIVE if feature[1:] in _DECISIVE else _WEIGHT_OF_WORD
        return weight

    def _columns(self, word: str) -> list[int]:
        """The features of a word that our terms have too."""
        if word not in self._of_word:
            self._of_word[word] = [self._place[name] for name in _features(word) if name in self._place]
        return self._of_word[word]

    def _matrix(self, labels: Sequence[Sequence[str]]) -> Any:
        """One row of unit length per label, given as words."""
        import numpy as np
        from scipy import sparse

        ends = np.zeros(len(labels) + 1, dtype=np.int64)
        columns: list[int] = []
        for row, words in enumerate(labels):
            for word in words:
                columns += self._columns(word)
            ends[row + 1] = len(columns)
        at = np.array(columns, dtype=np.int64)
        found = sparse.csr_matrix((self._weight[at], at, ends), shape=(len(labels), len(self._place)))
        found.sum_duplicates()
        length = np.sqrt(np.asarray(found.multiply(found).sum(axis=1)).ravel())
        return (sparse.diags_array(1 / np.where(length > 0, length, 1)) @ found).astype(np.float32).tocsr()

    def rank(self, sought: Sequence[Sought]) -> list[tuple[Candidate, ...]]:
        """Up to ten candidates of each label, best first; none when nothing resembles it."""
        import numpy as np

        found: list[tuple[Candidate, ...]] = []
        for start in range(0, len(sought), _BATCH):
            batch = sought[start : start + _BATCH]
            likeness = (self._matrix([_compared(one) for one in batch]) @ self._terms).toarray()
            by_code = np.maximum.reduceat(likeness, self._starts, axis=1)
            found.extend(self._best(one, scores) for one, scores in zip(batch, by_code, strict=True))
        return found

    def _best(self, one: Sought, scores: "np.ndarray[Any, Any]") -> tuple[Candidate, ...]:
        import numpy as np

        near = np.flatnonzero(scores >= _LEAST)
        if len(near) > 2 * _MOST:
            near = near[np.argsort(-scores[near], kind="stable")[: 2 * _MOST]]
        words = words_of(fold(one.label[:_LONGEST]))
        ranked = sorted(
            (-round(float(scores[at]) * _evidence(self._codes[at], one, words), 3), self._codes[at])
            for at in near
        )
        return tuple(Candidate(code=code, score=-score) for score, code in ranked[:_MOST])


def _compared(one: Sought) -> list[str]:
    """The words that are compared: without site and side, unless nothing else is left."""
    words = words_of(fold(one.label[:_LONGEST]))
    beside = {
        word
        for word, kind in peel(words).kinds.items()
        if kind not in ("behaviour", "grade", "generic", "depth")
    }
    kept = [word for word in dict.fromkeys(words) if word not in beside]
    return kept or list(words)


def _evidence(code: IcdO3Morphology, one: Sought, words: Sequence[str]) -> float:
    """What site, behaviour and "malignant" or "benign" among the words leave of a score."""
    left = 1.0
    if one.behaviour and code[-1] != one.behaviour:
        left *= _OTHER_BEHAVIOUR
    if ("benin" in words and code.endswith("/3")) or ("malin" in words and code.endswith("/0")):
        left *= _OTHER_BEHAVIOUR
    check = check_site(code, one.site)
    if check is not None and not check.is_certain:
        left *= _OTHER_SITE
    return left * _at_home(code, one.site)


@cache
def _groups() -> dict[str, str]:
    table = read_codes("morphology")
    return dict(zip(table["morphology"], table["who_group"], strict=True))


_BONE = frozenset(
    ("osteogenic", "chondrogenic", "giant_cell_rich", "notochordal", "fibrogenic", "adamantinoma")
)
#: Group → the sites where it is met: a small push between candidates that resemble the label as much.
_HOMES = {
    "gist": ("C15", "C16", "C17", "C18", "C20", "C26", "C48"),
    "endometrial_stromal": ("C53", "C54", "C55", "C57"),
}


def _at_home(code: IcdO3Morphology, site: str | None) -> float:
    """A little less for a tumour of bone outside bone, of soft tissue inside bone, of an organ elsewhere."""
    if site is None:
        return 1.0
    group = _groups().get(code, "")
    if group in _BONE or group in _HOMES:
        return 1.0 if site.startswith(_HOMES.get(group, ("C40", "C41"))) else 0.9
    return 0.95 if site.startswith(("C40", "C41")) else 1.0


@cache
def candidate_index(terms: Terminology) -> CandidateIndex:
    """The index of a terminology, built once."""
    return CandidateIndex(terms)
