"""Dates as hospitals write them.

A centre declares its order; we never guess it: 03/04/2019 is two different days. ISO dates are read in every order.
A partial date is kept as its earliest day with its precision; a century is never guessed.
"""

import datetime as dt
import re

from pipelines.config import DateOrder
from pipelines.stage.columns import BLANK, Reading
from validations.rules.contract import (
    DEFAULT_DATE,
    IMPOSSIBLE_DATE,
    NOT_A_DATE,
    SERIAL_NUMBER,
    TWO_DIGIT_YEAR,
    YEAR_OUT_OF_BOUNDS,
)

#: No patient of the registry was born, and no act done, before these years: 01/01/1900 is no date of surgery.
FIRST_BIRTH_YEAR, FIRST_EVENT_YEAR = 1880, 1920
LAST_YEAR = 2035
#: What a program or a clerk writes where a date is mandatory and unknown.
DEFAULT_DAYS = frozenset({dt.date(1900, 1, 1), dt.date(1901, 1, 1), dt.date(1970, 1, 1)})
_SERIALS = range(20_000, 60_001)  # spreadsheet day numbers of 1954 to 2064

_DAY, _MONTH, _YEAR = r"(?P<day>\d{1,2})", r"(?P<month>\d{1,2})", r"(?P<year>\d{4})"
_MARK, _SAME = r"(?P<mark>[/.\- ])", r"(?P=mark)"
_TIME = r"(?:[T ]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
_COMPACT_DAY, _COMPACT_MONTH, _COMPACT_YEAR = (
    r"(?P<day>\d{2})",
    r"(?P<month>\d{2})",
    r"(?P<year>(?:18|19|20)\d{2})",
)
_ISO = (rf"{_YEAR}-{_MONTH}(?:-{_DAY}{_TIME})?", _COMPACT_YEAR + _COMPACT_MONTH + _COMPACT_DAY)
_PARTIAL = (_YEAR, rf"{_MONTH}[/.\- ]{_YEAR}")
#: Eight digits are read in the declared order first; no day reads both so and as ISO, for lack of a month 18 to 20.
_SHAPES: dict[DateOrder, tuple[str, ...]] = {
    "day_first": (
        rf"{_DAY}{_MARK}{_MONTH}{_SAME}{_YEAR}{_TIME}",
        _COMPACT_DAY + _COMPACT_MONTH + _COMPACT_YEAR,
    ),
    "month_first": (
        rf"{_MONTH}{_MARK}{_DAY}{_SAME}{_YEAR}{_TIME}",
        _COMPACT_MONTH + _COMPACT_DAY + _COMPACT_YEAR,
    ),
    "year_first": (rf"{_YEAR}{_MARK}{_MONTH}{_SAME}{_DAY}{_TIME}", rf"{_YEAR}[/. ]{_MONTH}"),
}
_READERS = {
    order: tuple(re.compile(shape) for shape in (*shapes, *_ISO, *_PARTIAL))
    for order, shapes in _SHAPES.items()
}
_SHORT_YEAR = re.compile(r"\d{1,2}[/.\- ]\d{1,2}[/.\- ]\d{2}")


def parse_date(text: str, *, order: DateOrder, first_year: int = FIRST_BIRTH_YEAR) -> Reading:
    """The day written in `text`, with its precision, or the rule it breaks.

    >>> parse_date("03/04/2019", order="day_first").value
    datetime.date(2019, 4, 3)
    >>> parse_date("04/2019", order="day_first").precision
    'month'
    >>> parse_date("31/02/2019", order="day_first").problem == IMPOSSIBLE_DATE
    True
    """
    text = text.strip()
    if not text:
        return BLANK
    for reader in _READERS[order]:
        match = reader.fullmatch(text)
        if match:
            return _day(match, first_year)
    return Reading(problem=_why_not(text))


def _why_not(text: str) -> str:
    if _SHORT_YEAR.fullmatch(text):
        return TWO_DIGIT_YEAR
    if text.isdecimal() and int(text) in _SERIALS:
        return SERIAL_NUMBER
    return NOT_A_DATE


def _day(match: re.Match[str], first_year: int) -> Reading:
    """The day of a match; a day or month written 00 is unknown, as a missing one."""
    parts = match.groupdict()
    year, month, day = (int(parts.get(name) or 0) for name in ("year", "month", "day"))
    precision = "day" if month and day else "month" if month else "year"
    if day and not month:
        return Reading(problem=IMPOSSIBLE_DATE)
    if not first_year <= year <= LAST_YEAR:
        return Reading(problem=YEAR_OUT_OF_BOUNDS)
    try:
        value = dt.date(year, month or 1, day or 1)
    except ValueError:
        return Reading(problem=IMPOSSIBLE_DATE)
    is_default = precision == "day" and value in DEFAULT_DAYS
    return Reading(value, DEFAULT_DATE if is_default else None, precision)
