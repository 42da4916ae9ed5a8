"""What the cells of a column look like, as counts and shares: the decisions are made on these, never on rows."""

import re
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

#: Enough different values to know a column.
_MOST_VALUES = 3000
_DATE = re.compile(r"(\d{1,4})([/.\- ])(\d{1,2})\2(\d{1,4})(?:[T ]+\d{1,2}:\d{2}.*)?")
_COMPACT = re.compile(r"(?:18|19|20)\d{6}|\d{4}(?:19|20)\d{2}")
_PARTIAL = re.compile(r"\d{1,2}[/.\-](?:18|19|20)\d{2}|(?:18|19|20)\d{2}-\d{1,2}")
_NUMBER = re.compile(r"[+-]?\d{1,9}(?:[.,]\d+)?")
_YEAR = re.compile(r"(?<!\d)(?:18|19|20)\d{2}(?!\d)|^(?:18|19|20)\d{2}(?=\d{4}$)|(?<=^\d{4})(?:19|20)\d{2}$")
SHAPES: Mapping[str, re.Pattern[str]] = {
    "morphology": re.compile(r"[Mm]?-?[89]\d{3}\s?[/\-]?\s?\d(?:-\d+)?"),
    "topography": re.compile(r"[Cc]\d{2}(?:[.,]?\d)?"),
    "icd10": re.compile(r"[CcDd]\d{2}(?:[.,]?\d)?"),
    "adicap": re.compile(r"[A-Z]{2}[A-Z0-9]{2}[A-Z0-9]{4}"),
    "ccam": re.compile(r"[A-Z]{4}\d{3}"),
    "ins": re.compile(r"[1-478]\s?\d{2}\s?\d{2}\s?(?:\d{2}|2[AB])\s?\d{3}\s?\d{3}(?:\s?\d{2})?"),
    "oid": re.compile(r"1\.2\.250(?:\.\d+)+"),
    "cog": re.compile(r"(?:\d{2}|2[ABab])\d{3}"),
    "name": re.compile(r"[^\W\d_][^\d_/;]{1,60}"),
    "integer": re.compile(r"\d{1,9}(?:[.,]0+)?"),
    "key": re.compile(r"(?=\D*\d)[\w./\-]{1,40}"),
}
_PLACE = re.compile(
    r"\b(?:chu|chr|ch|clinique|h[oô]pital|centre|institut|hospital|polyclinique|gustave)\b", re.IGNORECASE
)
_DRUG = re.compile(
    r"(?:rubicin|fosfamid|tinib|platin|taxel|citabin|trabect|eribulin|dacarba|methotrex|etoposid|vincrist|api\b|ai\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Profile:
    """The different values of a column with how often each occurs; `n_cells` counts the empty cells too."""

    counts: Mapping[str, int]
    n_cells: int

    @cached_property
    def n(self) -> int:
        """The number of cells that say something."""
        return sum(self.counts.values())

    @property
    def is_empty(self) -> bool:
        """True when no cell says anything."""
        return not self.counts

    @property
    def filled(self) -> float:
        """The share of cells that say something."""
        return self.n / self.n_cells if self.n_cells else 0.0

    @property
    def distinct(self) -> int:
        """How many different values there are."""
        return len(self.counts)

    def share(self, shape: str) -> float:
        """The share of cells that wholly have a shape of `SHAPES`."""
        return self._share(SHAPES[shape].fullmatch)

    def _share(self, test: Callable[[str], object]) -> float:
        return sum(n for value, n in self.counts.items() if test(value)) / self.n if self.n else 0.0

    @cached_property
    def dates(self) -> float:
        """The share of cells that are dates, whole or partial."""
        return self._share(lambda v: _DATE.fullmatch(v) or _COMPACT.fullmatch(v) or _PARTIAL.fullmatch(v))

    @cached_property
    def places(self) -> float:
        """The share of cells that name a hospital."""
        return self._share(_PLACE.search)

    @cached_property
    def drugs(self) -> float:
        """The share of cells that name a drug."""
        return self._share(_DRUG.search)

    @cached_property
    def years(self) -> list[int]:
        """The years written in the cells, in order, as often as they occur."""
        found = ((match[0], n) for v, n in self.counts.items() if (match := _YEAR.search(v)))
        return sorted(int(year) for year, n in found for _ in range(n))

    @cached_property
    def numbers(self) -> list[float]:
        """The numbers of the cells that are numbers, in order, as often as they occur."""
        found = ((v, n) for v, n in self.counts.items() if _NUMBER.fullmatch(v))
        return sorted(float(v.replace(",", ".")) for v, n in found for _ in range(n))

    def known(self, words: Container[str], compared: Callable[[str], str]) -> float:
        """The share of cells whose compared form is one of the words."""
        return self._share(lambda value: compared(value) in words)


def profile(cells: Sequence[str], *, missing: frozenset[str] = frozenset()) -> Profile:
    """The profile of a column's cells, without blank cells and the words for missing (compared in lower case).

    >>> profile(["Oui", "oui ", "", "NR"], missing=frozenset({"nr"})).counts
    {'Oui': 1, 'oui': 1}
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.utf8_trim_whitespace(pa.array(cells, pa.string()))
    dropped = pa.array(sorted({"", *missing}), pa.string())
    said = text.filter(pc.invert(pc.is_in(pc.utf8_lower(text), value_set=dropped)))
    counted = pc.value_counts(said)[:_MOST_VALUES].to_pylist()
    return Profile({row["values"]: row["counts"] for row in counted}, len(text))
