"""How much a header resembles what people call a field.

Words are weighted by how few fields use them: "naissance" says more than "date". The words around a header (the names
of its file, its sheet and its group of columns) may complete it, never contradict it.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import lru_cache

from validations.contracts.entities import ENTITIES, ENTITY_LABELS

#: Words that say nothing of a field.
_EMPTY_WORDS = frozenset(
    {"de", "du", "des", "d", "la", "le", "les", "l", "au", "aux", "a", "un", "une", "en", "et", "ou", "par", "pour",
     "of", "the", "and", "in", "on", "by", "for", "to", "is", "export", "extraction", "donnees", "data", "liste",
     "table", "fichier", "file", "feuil", "feuille", "sheet"}
)  # fmt: skip
#: Usual short forms that are no prefix of their word.
_SHORT_FORMS = {
    "dt": "date",
    "dat": "date",
    "nb": "nombre",
    "nbr": "nombre",
    "no": "numero",
    "nr": "numero",
    "num": "numero",
    "nro": "numero",
    "ndeg": "numero",
    "k": "cancer",
    "pt": "patient",
    "bx": "biopsie",
    "tx": "treatment",
    "trt": "ttt",
    "nbre": "nombre",
    "dx": "diagnosis",
    "hx": "history",
    "tumor": "tumour",
    "tumors": "tumour",
    "fup": "follow",
    "etabl": "etab",
}
#: The classifications are one word however they are written: CIM-O-3, cimo3, ICD-O; CIM-10, icd10.
_CLASSIFICATIONS = (
    (re.compile(r"(?<![a-z])(?:cim|icd)[ _-]?o(?![a-z])(?:[ _-]?3(?:[.,]\d)?)?", re.IGNORECASE), " cimo "),
    (re.compile(r"(?<![a-z])(?:cim|icd)[ _-]?10", re.IGNORECASE), " cimdix "),
)
_PIECES = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
#: A header word that no vocabulary knows weighs little: it is often the name of a program or a project.
_UNKNOWN_WEIGHT = 0.35
_CONTEXT_STRENGTH = 0.9


def _plain(text: str) -> str:
    text = text.replace("n°", "numero ").replace("N°", "Numero ").replace("œ", "oe")
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def tokens(text: str) -> tuple[str, ...]:
    """The words of a header, without accents, case, short forms or words that say nothing.

    >>> tokens("dtNaissance"), tokens("N° DOSSIER"), tokens("CIMO3_MORPHO")
    (('date', 'naissance'), ('numero', 'dossier'), ('cimo', 'morpho'))
    """
    plain = _plain(text)
    for shape, word in _CLASSIFICATIONS:
        plain = shape.sub(word, plain)
    found = (piece.lower() for piece in _PIECES.findall(plain))
    words = (_SHORT_FORMS.get(word, word) for word in found if not word.isdigit())
    return tuple(word for word in words if word not in _EMPTY_WORDS)


@lru_cache(maxsize=200_000)
def likeness(one: str, other: str) -> float:
    """How far two words are the same: equal, plural, abbreviation by its beginning or by its letters, misspelt.

    >>> likeness("chir", "chirurgie"), likeness("marges", "marge")
    (0.9, 1.0)
    """
    one, other = one.rstrip("s") or one, other.rstrip("s") or other
    if one == other:
        return 1.0
    short, long = sorted((one, other), key=len)
    if len(short) >= 3 and long.startswith(short):
        return 0.9
    if len(short) < 4:
        return 0.55 if len(short) == 3 and _is_skeleton(short, long) else 0.0
    if short[0] == long[0] and 3 * len(short) >= 2 * len(long):  # the only words that can be so much alike
        ratio = SequenceMatcher(None, one, other).ratio()
        if ratio >= 0.8:
            return 0.9 * ratio
    return 0.6 if _is_skeleton(short, long) else 0.0


def _is_skeleton(short: str, long: str) -> bool:
    """True when the letters of `short` stand in `long` in order, from its first: `dgn` for diagnostic."""
    letters = iter(long)
    is_within = all(letter in letters for letter in short)
    return is_within and short[0] == long[0] and len(long) <= 4 * len(short)


@dataclass(frozen=True)
class HeaderWords:
    """The phrases that people use for each field and for each entity, and what each word is worth."""

    phrases: dict[str, tuple[tuple[str, ...], ...]]
    weights: dict[str, float]
    _found: dict[str, float] = field(default_factory=dict, repr=False)

    def weight(self, word: str) -> float:
        """What a word is worth: that of the known word it resembles most."""
        if word not in self._found:
            self._found[word] = self.weights.get(word) or _weight(word, self.weights)
        return self._found[word]

    def score(self, header: tuple[str, ...], field: str, context: Iterable[str] = ()) -> float:
        """How much a header, read in its context, resembles the best phrase of a field, from 0 to 1."""
        around = tuple(context)
        found = (self._one(header, phrase, around) for phrase in self.phrases.get(field, ()))
        return max(found, default=0.0)

    def _one(self, header: tuple[str, ...], phrase: tuple[str, ...], context: tuple[str, ...]) -> float:
        weighed = [(self.weight(word), word) for word in header]
        said = sum(w * max((likeness(word, p) for p in phrase), default=0.0) for w, word in weighed)
        if not said:
            return 0.0
        free = sum(w for w, word in weighed if word in context and not any(likeness(word, p) for p in phrase))
        precision = said / max(sum(w for w, _ in weighed) - 0.7 * free, 1e-9)
        wanted = [(self.weight(word), word) for word in phrase]
        heard = sum(w * self._heard(word, header, context) for w, word in wanted)
        recall = heard / sum(w for w, _ in wanted)
        return 2 * precision * recall / (precision + recall) if recall else 0.0

    @staticmethod
    def _heard(word: str, header: tuple[str, ...], context: tuple[str, ...]) -> float:
        here = max((likeness(word, h) for h in header), default=0.0)
        return max(here, _CONTEXT_STRENGTH * max((likeness(word, c) for c in context), default=0.0))

    def entity_score(self, context: Iterable[str], entity: str) -> float:
        """How much the words around a header (file, sheet, group) name an entity, from 0 to 1."""
        around = tuple(context)
        return max(
            (
                min(max((likeness(word, c) for c in around), default=0.0) for word in phrase)
                for phrase in self.phrases.get(entity, ())
            ),
            default=0.0,
        )


def _weight(word: str, weights: Mapping[str, float]) -> float:
    close = [(likeness(word, known), w) for known, w in weights.items()]
    best, weight = max(close, default=(0.0, 1.0))
    return weight if best >= 0.8 else _UNKNOWN_WEIGHT * max((w for _, w in close), default=1.0)


def header_words(rows: Iterable[tuple[str, str]]) -> HeaderWords:
    """The vocabulary: the contract's own names and meanings, and the (field, word) rows of our list."""
    phrases: dict[str, set[tuple[str, ...]]] = {}
    for name, text in (*_contract_phrases(), *rows):
        phrases.setdefault(name, set()).add(tokens(text))
    kept = {name: tuple(sorted(p for p in found if p)) for name, found in phrases.items()}
    return HeaderWords(kept, _weights(kept))


def _contract_phrases() -> list[tuple[str, str]]:
    fields = {f.name: f for group in ENTITIES.values() for f in group}
    said = [(name, text) for name, f in fields.items() for text in (name, f.fr, f.en)]
    return said + [(entity, text) for entity, labels in ENTITY_LABELS.items() for text in labels]


def _weights(phrases: Mapping[str, tuple[tuple[str, ...], ...]]) -> dict[str, float]:
    fields = {f.name for group in ENTITIES.values() for f in group}
    used = Counter(
        word for field in fields for word in {w for phrase in phrases.get(field, ()) for w in phrase}
    )
    return {word: math.log(1 + len(fields) / n) for word, n in used.items()}
