"""Codes written otherwise than in the book. Only repairs that can have one meaning are made; the rest goes to a person.

A code that a spreadsheet made into a whole date came back to itself at staging (`pipelines.stage.spreadsheet`); here is
what needs the table of codes: lost separators, sixth digits, several codes, dates without their century.
"""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from pipelines.harmonise.codes import IcdO3Morphology, clean_code

_MONTH_NAMES = {"JAN": 1, "FEV": 2, "FEB": 2, "MAR": 3, "JUIN": 6, "JUN": 6, "SEP": 9}

_PLAIN = re.compile(r"(\d{4})/([012369])", re.ASCII)
_LOOSE = re.compile(r"(\d{4}) ?[/.,-]? ?([012369])", re.ASCII)
#: Behaviour 0 after a point is what a number leaves of any behaviour.
_ROUND_TRIP = re.compile(r"(\d{4})(?:[.,]0+)?", re.ASCII)
_GRADED = re.compile(r"(\d{4})/([012369])([1-9])", re.ASCII)
_SEVERAL = re.compile(r"(\d{4})((?:/[012369]){2,})", re.ASCII)
_SHORT_DIGITS = re.compile(r"(?:0?1[-/])?(\d{1,2})[-/](\d{2})", re.ASCII)
_SHORT_NAME = re.compile(r"([A-Z]{3,5})\.?[- /](\d{2})", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class RepairedMorphology:
    """What was read: a code when it is certain, else the codes it may be, and the rule that fired."""

    rule: str
    code: IcdO3Morphology | None = None
    candidates: tuple[IcdO3Morphology, ...] = ()
    icdo_grade: int | None = None


def _from_short_date(text: str, known: Collection[IcdO3Morphology]) -> RepairedMorphology | None:
    """A date without its century (`mars-58`): the first two digits of the code are lost for good."""
    if found := _SHORT_NAME.fullmatch(unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()):
        month = next((n for name, n in _MONTH_NAMES.items() if found[1].startswith(name)), 0)
    elif found := _SHORT_DIGITS.fullmatch(text):
        month = int(found[1])
    else:
        return None
    candidates = tuple(sorted(c for c in known if c[2:] == f"{found[2]}/{month}"))
    return RepairedMorphology(rule="century_lost", candidates=candidates)


def _from_digits(text: str, known: Collection[IcdO3Morphology]) -> RepairedMorphology | None:
    """A morphology whose separator, behaviour or spelling suffered."""
    if found := _GRADED.fullmatch(text):
        code = IcdO3Morphology(f"{found[1]}/{found[2]}")
        if code in known:
            return RepairedMorphology(rule="grade_digit", code=code, icdo_grade=int(found[3]))
    if found := _ROUND_TRIP.fullmatch(text):
        candidates = tuple(sorted(c for c in known if c.startswith(f"{found[1]}/")))
        return RepairedMorphology(rule="behaviour_lost", candidates=candidates)
    if found := _SEVERAL.fullmatch(text):
        listed = (IcdO3Morphology(f"{found[1]}/{digit}") for digit in found[2].split("/")[1:])
        return RepairedMorphology(rule="several_codes", candidates=tuple(c for c in listed if c in known))
    if found := _LOOSE.fullmatch(text):
        code = IcdO3Morphology(f"{found[1]}/{found[2]}")
        if code in known:
            return RepairedMorphology(rule="separator", code=code)
    return None


def repair_morphology(text: str | None, *, known: Collection[IcdO3Morphology]) -> RepairedMorphology:
    """The morphology written in a code column. `known`: the codes of every version. Never raises.

    >>> repair_morphology("M-8858/3", known=()).code
    '8858/3'
    """
    if text is None or not text.strip():
        return RepairedMorphology(rule="blank")
    cleaned = re.sub(r"^M ?-? ?(?=\d)", "", clean_code(text))
    if found := _PLAIN.fullmatch(cleaned):
        return RepairedMorphology(rule="as_written", code=IcdO3Morphology(found[0]))
    return (
        _from_digits(cleaned, known)
        or _from_short_date(cleaned, known)
        or RepairedMorphology(rule="unreadable")
    )
