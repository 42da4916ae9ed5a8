"""How a centre writes: date order, decimal mark, words for missing, units, each with the evidence for it.

A date order is taken from days that exclude the other order (a part above 12), never from habit alone.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pipelines.propose.choice import Choice
from pipelines.propose.lexicon import compared
from pipelines.propose.profile import Profile
from pipelines.propose.source import SourceTable

#: What people and programs write for "nothing", and nothing else.
_CERTAIN = frozenset(
    {"nr", "n r", "nsp", "null", "nan", "non renseigne", "non renseignee", "non disponible", "ne sait pas", "manquant",
     "missing", "vide", "a preciser", "?", "-", "--", "---", ".", "/", "..", "*", "not available", "not known"}
)  # fmt: skip
#: The same, but they are codes somewhere else: not applicable, unknown, none.
_DOUBTFUL = frozenset(
    {"na", "n a", "none", "nd", "nc", "ns", "inconnu", "inconnue", "unknown", "non precise"}
)
_MISSING = _CERTAIN | _DOUBTFUL
_WHOLE_DATE = re.compile(r"(\d{1,4})([/.\- ])(\d{1,2})\2(\d{1,4})(?:[T ].*)?")
_COMPACT_YEAR_FIRST = re.compile(r"(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])")
_COMPACT = re.compile(r"(\d{2})(\d{2})(?:18|19|20)\d{2}")
_MOST_SHARED = 0.3


def missing_words(tables: Iterable[SourceTable]) -> tuple[str, ...]:
    """The words for missing, as written: they stand among dates or numbers, or nearly everywhere.

    A word that only columns of codes have may be a code: it is not one of them.
    """
    said: Counter[str] = Counter()
    strong: Counter[str] = Counter()
    spelt: dict[str, str] = {}
    columns = 0
    for table in tables:
        for cells in table.columns:
            columns += 1
            words = {word for word in _short_words(cells) if compared(word) in _MISSING}
            spelt |= {word.casefold(): word for word in sorted(words)}
            folded = {word.casefold() for word in words}
            said.update(folded)
            strong.update(folded if _is_measured(cells, words) else ())
    many = max(1.0, _MOST_SHARED * columns)
    kept = [w for w, n in said.items() if n > many or (strong[w] and (n > 1 or compared(w) in _CERTAIN))]
    return tuple(sorted(spelt[word] for word in kept))


def _short_words(cells: Sequence[str]) -> set[str]:
    return {cell.strip() for cell in set(cells) if 0 < len(cell.strip()) <= 20}


def _is_measured(cells: Sequence[str], words: set[str]) -> bool:
    """True when the other cells are dates or numbers."""
    others = [c for c in set(cells) if c.strip() and c.strip() not in words]
    figures = sum(c.strip()[:1].isdigit() for c in others)
    return len(others) >= 2 and figures >= 0.8 * len(others)


def date_choices(profiles: Iterable[Profile], *, is_workbook: bool) -> list[Choice]:
    """The date order, the sign between the parts when it is unusual, and the two-digit years."""
    evidence: Counter[str] = Counter()
    signs: Counter[str] = Counter()
    for seen in profiles:
        for text, n in seen.counts.items():
            order, sign, is_short = _read_order(text)
            if order:
                evidence[order] += n
                signs[sign] += n
                evidence["short"] += n * is_short
    return [_order(evidence, is_workbook=is_workbook), *_sign(signs, evidence), *_short_years(evidence)]


def _read_order(text: str) -> tuple[str, str, bool]:
    """The order that a date shows (`either` when both fit), its sign, and whether its year has two digits."""
    if _COMPACT_YEAR_FIRST.fullmatch(text):
        return "year_first", "", False
    match = _WHOLE_DATE.fullmatch(text)
    if match:
        first, sign, second, third = match[1], match[2], match[3], match[4]
        if len(first) == 4:
            return ("iso" if sign == "-" else "year_first"), sign, False
        return _day_or_month(int(first), int(second)), sign, len(third) == 2
    compact = _COMPACT.fullmatch(text)
    return (_day_or_month(int(compact[1]), int(compact[2])), "", False) if compact else ("", "", False)


def _day_or_month(first: int, second: int) -> str:
    if first > 12:
        return "day_first"
    return "month_first" if second > 12 else "either"


def _order(evidence: Mapping[str, int], *, is_workbook: bool) -> Choice:
    iso = evidence.get("iso", 0)
    days, months = evidence.get("day_first", 0), evidence.get("month_first", 0)
    years = evidence.get("year_first", 0) + (0 if is_workbook else iso)
    votes = {"day_first": days, "month_first": months, "year_first": years}
    best = max(votes, key=lambda order: votes[order])
    total = days + months + years
    if not total:
        fr, en = "aucune date ne départage les ordres", "no date tells the orders apart"
        typed = is_workbook and iso > 0 and not evidence.get("either", 0)
        return Choice(key="dates", value="day_first", confidence=0.9 if typed else 0.3, fr=fr, en=en)
    share = votes[best] / total
    sure = min(1.0, total / 3) * (2 * share - 1)
    fr = f"{votes[best]} dates ne se lisent que dans cet ordre, {total - votes[best]} que dans un autre"
    en = f"{votes[best]} dates read in this order only, {total - votes[best]} in another only"
    return Choice(key="dates", value=best, confidence=round(max(0.0, sure), 2), fr=fr, en=en)


def _sign(signs: Mapping[str, int], evidence: Mapping[str, int]) -> list[Choice]:
    if not signs:
        return []
    sign = max(signs, key=lambda s: signs[s])
    is_year_first = evidence.get("year_first", 0) + evidence.get("iso", 0) > sum(signs.values()) / 2
    if sign == ("-" if is_year_first else "/") or sign == " ":
        return []
    share = signs[sign] / sum(signs.values())
    words = {"fr": f"{signs[sign]} dates l'ont", "en": f"{signs[sign]} dates have it"}
    return [Choice(key="date_separator", value=sign, confidence=round(share, 2), **words)]


def _short_years(evidence: Mapping[str, int]) -> list[Choice]:
    n = evidence.get("short", 0)
    if not n:
        return []
    words = {"fr": f"{n} dates ont une année à deux chiffres", "en": f"{n} dates have a year of two digits"}
    return [Choice(key="two_digit_years_until", value="2029", confidence=0.4, **words)]


def decimal_choice(profiles: Iterable[Profile], *, is_workbook: bool) -> Choice:
    """The decimal mark of the numbers."""
    marks: Counter[str] = Counter()
    for seen in profiles:
        for text, n in seen.counts.items():
            if re.fullmatch(r"[+-]?\d+[.,]\d+", text):
                marks["," if "," in text else "."] += n
    if is_workbook or not marks:
        fr = "nombres de tableur" if is_workbook else "aucun nombre décimal"
        en = "spreadsheet numbers" if is_workbook else "no decimal number"
        return Choice(key="decimal", value=",", confidence=0.9 if is_workbook else 0.6, fr=fr, en=en)
    mark, n = marks.most_common(1)[0]
    total = sum(marks.values())
    words = {"fr": f"{n} nombres sur {total}", "en": f"{n} numbers of {total}"}
    return Choice(key="decimal", value=mark, confidence=round(n / total, 2), **words)


def size_unit(header: str, seen: Profile) -> Choice | None:
    """Centimetres, when the header says so or the sizes are too small for millimetres."""
    words = set(re.findall(r"[a-z]+", header.lower()))
    if "mm" in words or not seen.numbers:
        return None
    middle = seen.numbers[len(seen.numbers) // 2]
    if "cm" in words:
        return Choice(
            key="units.size_mm", value="cm", confidence=1.0, fr="l'en-tête le dit", en="the header says so"
        )
    if middle >= 16:
        return None
    has_decimals = any(not number.is_integer() for number in seen.numbers)
    return Choice(
        key="units.size_mm",
        value="cm",
        confidence=0.8 if has_decimals and middle < 13 else 0.4,
        fr=f"la moitié des tailles est sous {middle:g}",
        en=f"half of the sizes are below {middle:g}",
    )
