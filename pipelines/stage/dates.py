"""Dates as hospitals write them.

An order is never guessed: 03/04/2019 is two different days. The centre declares it, or the whole file shows it; what
reads in one way only (ISO, a month in letters) is read in every order. A partial date is kept as its earliest day with
its precision, a time zone never moves the day as written, and a century is only what the centre declares.
"""

import datetime as dt
import re
from functools import cache

from pipelines.config import DateOrder
from pipelines.config_checks import compared_word
from pipelines.stage.columns import BLANK, Reading
from validations.rules.contract import (
    AMBIGUOUS_DATE,
    DEFAULT_DATE,
    IMPOSSIBLE_DATE,
    NOT_A_DATE,
    SERIAL_NUMBER,
    SHIFTED_DAY,
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
_SHORT = r"(?P<short_year>\d{2})"
_MARK, _SAME = r"(?P<mark>[/.\- ])", r"(?P=mark)"
_ZONE = r"(?: ?(?:Z|UTC|[+-]\d{2}(?::?\d{2})?))?"
_TIME = rf"(?:[T ]+\d{{1,2}}:\d{{2}}(?::\d{{2}}(?:[.,]\d+)?)?(?: ?[AP]M)?{_ZONE})?"
_COMPACT_DAY, _COMPACT_MONTH, _COMPACT_YEAR = (
    r"(?P<day>\d{2})",
    r"(?P<month>\d{2})",
    r"(?P<year>(?:18|19|20)\d{2})",
)
_ISO = (
    rf"{_YEAR}-{_MONTH}(?:-{_DAY}(?:{_TIME}|Z))?",
    _COMPACT_YEAR + _COMPACT_MONTH + _COMPACT_DAY,
)
_PARTIAL = (_YEAR, rf"{_MONTH}[/.\- ]{_YEAR}")
#: Eight digits are read in the declared order first; no day reads both so and as ISO, for lack of a month 18 to 20.
_SHAPES: dict[DateOrder, tuple[str, ...]] = {
    "day_first": (
        rf"{_DAY}{_MARK}{_MONTH}{_SAME}{_YEAR}{_TIME}",
        _COMPACT_DAY + _COMPACT_MONTH + _COMPACT_YEAR,
        rf"{_DAY}{_MARK}{_MONTH}{_SAME}{_SHORT}",
    ),
    "month_first": (
        rf"{_MONTH}{_MARK}{_DAY}{_SAME}{_YEAR}{_TIME}",
        _COMPACT_MONTH + _COMPACT_DAY + _COMPACT_YEAR,
        rf"{_MONTH}{_MARK}{_DAY}{_SAME}{_SHORT}",
    ),
    "year_first": (
        rf"{_YEAR}{_MARK}{_MONTH}{_SAME}{_DAY}{_TIME}",
        rf"{_YEAR}[/. ]{_MONTH}",
        rf"{_SHORT}{_MARK}{_MONTH}{_SAME}{_DAY}",
    ),
}
#: `jui` is June or July, `ma` March or May: neither is here.
_NAMES = (
    "jan janv janvier january", "fev fevr fevrier feb february", "mar mars march", "avr avril apr april", "mai may",
    "juin jun june", "juil juillet jul july", "aou aout aug august", "sep sept septembre september",
    "oct octobre october", "nov novembre november", "dec decembre december",
)  # fmt: skip
_MONTH_NUMBERS = {name: str(rank) for rank, names in enumerate(_NAMES, start=1) for name in names.split()}
_NAME = r"(?P<name>[a-z]+)\.?"
_NAMED = tuple(
    re.compile(shape)
    for shape in (
        rf"(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)?[ .\-/]*{_NAME}[ .\-/]*(?:{_YEAR}|{_SHORT})(?: \d{{1,2}}:\d{{2}}.*)?",
        rf"{_NAME} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}",
        rf"{_NAME}[ .\-/]*{_YEAR}",
    )
)
_LETTERS = re.compile(r"[^\W\d_]{3}")
#: French midnight as universal time: a program wrote the day before.
FRENCH_MIDNIGHT = re.compile(r".*[T ]2[23]:00(?::00(?:\.0+)?)? ?(?:Z|UTC|\+00:?00)")


def shapes(order: DateOrder | None, *, is_decided_by_file: bool) -> tuple[str, ...]:
    """The shapes of a date that needs no letters, in the order in which they are tried."""
    own = _SHAPES[order] if order else ()
    more = _SHAPES["year_first"][:2] if is_decided_by_file else ()
    return (*own, *_ISO, *_PARTIAL, *more)


@cache
def _readers(order: DateOrder | None, is_decided_by_file: bool) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(shape) for shape in shapes(order, is_decided_by_file=is_decided_by_file))


def parse_date(
    text: str,
    *,
    order: DateOrder | None,
    first_year: int = FIRST_BIRTH_YEAR,
    last_short_year: int | None = None,
    is_decided_by_file: bool = False,
) -> Reading:
    """The day written in `text`, with its precision, or the rule it breaks. Without an order, only what needs none.

    >>> parse_date("03/04/2019", order="day_first").value
    datetime.date(2019, 4, 3)
    >>> parse_date("04/2019", order="day_first").precision
    'month'
    >>> parse_date("03/04/2019", order=None).problem == AMBIGUOUS_DATE
    True
    """
    text = text.strip()
    if not text:
        return BLANK
    for reader in _readers(order, is_decided_by_file):
        match = reader.fullmatch(text)
        if match:
            return _said(text, _day(match.groupdict(), first_year, last_short_year))
    if _LETTERS.search(text):
        return _named(text, first_year, last_short_year)
    if order is None:
        return _in_either_order(text, first_year, last_short_year)
    return Reading(problem=_why_not(text))


def _said(text: str, found: Reading) -> Reading:
    """The reading, with a remark when the day may be the eve."""
    if found.value and not found.problem and FRENCH_MIDNIGHT.fullmatch(text):
        return Reading(found.value, SHIFTED_DAY, found.precision)
    return found


def _in_either_order(text: str, first_year: int, last_short_year: int | None) -> Reading:
    """The day that both orders read; a day that depends on the order is nobody's to choose."""
    orders: tuple[DateOrder, ...] = ("day_first", "month_first")
    found = [
        parse_date(text, order=order, first_year=first_year, last_short_year=last_short_year)
        for order in orders
    ]
    if found[0] == found[1]:
        return found[0]
    return Reading(problem=AMBIGUOUS_DATE)


def _named(text: str, first_year: int, last_short_year: int | None) -> Reading:
    """A day whose month is in letters, French or English."""
    for reader in _NAMED:
        match = reader.fullmatch(compared_word(text))
        if match and match["name"] in _MONTH_NUMBERS:
            parts = match.groupdict() | {"month": _MONTH_NUMBERS[match["name"]]}
            return _day(parts, first_year, last_short_year)
    return Reading(problem=NOT_A_DATE)


def _why_not(text: str) -> str:
    if text.isdecimal() and int(text) in _SERIALS:
        return SERIAL_NUMBER
    return NOT_A_DATE


def _year(parts: dict[str, str | None], last_short_year: int | None) -> int | None:
    """The year as written; of two digits, the last such year up to the declared one, none when none is declared."""
    if not (short := parts.get("short_year")):
        return int(parts.get("year") or 0)
    if last_short_year is None:
        return None
    return last_short_year - (last_short_year - int(short)) % 100


def _day(parts: dict[str, str | None], first_year: int, last_short_year: int | None) -> Reading:
    """The day of a match; a day or month written 00 is unknown, as a missing one."""
    year = _year(parts, last_short_year)
    if year is None:
        return Reading(problem=TWO_DIGIT_YEAR)
    month, day = (int(parts.get(name) or 0) for name in ("month", "day"))
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
