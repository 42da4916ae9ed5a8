"""What is known before an export is seen: header words, code words, names of diagnoses, sites and hospitals."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from pipelines.propose.headers import HeaderWords, header_words
from validations.contracts.entities import ENTITIES
from validations.contracts.model import Field, Kind

#: The yes/no fields share one list of words.
BOOLEAN = "boolean"
FIELDS: Mapping[str, Field] = {f.name: f for group in ENTITIES.values() for f in group}
CODED = tuple(name for name, f in FIELDS.items() if f.kind is Kind.CODE)


@lru_cache(maxsize=100_000)
def compared(word: str) -> str:
    """A word as it is compared here: no accent, case, punctuation or double space.

    >>> compared("Sus-aponévrotique"), compared("X-RAY")
    ('sus aponevrotique', 'x ray')
    """
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    kept = "".join(c for c in decomposed if not unicodedata.combining(c))
    return " ".join(re.sub(r"[^\w+]|_", " ", kept).split()) or kept.strip()


@dataclass(frozen=True, kw_only=True)
class Lexicon:
    """The words by use. `codes[field]` maps a compared word to its code; `boolean` is one of its keys."""

    headers: HeaderWords
    codes: Mapping[str, Mapping[str, str]]
    diagnoses: frozenset[str] = field(default_factory=frozenset)
    sites: frozenset[str] = field(default_factory=frozenset)
    hospitals: frozenset[str] = field(default_factory=frozenset)

    def words(self, name: str) -> Mapping[str, str]:
        """The code words of a coded or yes/no field; none for the others."""
        is_flag = name in FIELDS and FIELDS[name].kind is Kind.BOOLEAN
        return self.codes.get(BOOLEAN if is_flag else name, {})


def lexicon(
    header_rows: Iterable[tuple[str, str]],
    value_rows: Iterable[tuple[str, str, str]],
    *,
    diagnoses: Iterable[str] = (),
    sites: Iterable[str] = (),
    hospitals: Iterable[str] = (),
) -> Lexicon:
    """The lexicon from the contract and our lists: (field, word) of headers, (field, code, word) of values."""
    return Lexicon(
        headers=header_words(header_rows),
        codes=_code_words(value_rows),
        diagnoses=frozenset(map(compared, diagnoses)),
        sites=frozenset(map(compared, sites)),
        hospitals=frozenset(map(compared, hospitals)),
    )


def _code_words(rows: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, str]]:
    """The contract's codes and labels first: our list never gives their words another code."""
    words: dict[str, dict[str, str]] = {BOOLEAN: {"yes": "yes", "no": "no"}}
    for name in CODED:
        said = words.setdefault(name, {})
        for stated in ("value", "fr", "en"):
            for code in FIELDS[name].codes:
                said.setdefault(compared(getattr(code, stated)), code.value)
    for name, code_value, word in rows:
        words.setdefault(name, {}).setdefault(compared(word), code_value)
    return words
