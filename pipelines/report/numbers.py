"""Figures as French and English readers write them. Halves are rounded up, as spreadsheets do."""

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal

from markupsafe import Markup

Language = Literal["fr", "en"]
#: A figure that may not be shown (the French statistical secret), and one that does not exist.
MASKED, NOTHING = "s", "—"
_NARROW, _UNBREAKABLE = "\u202f", "\u00a0"
_MONTHS_FR = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre",
    "novembre", "décembre",
)  # fmt: skip
_MONTHS_EN = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip


def count_text(count: int, language: Language) -> str:
    """A count with its thousands apart.

    >>> count_text(12345, "en")
    '12,345'
    """
    return f"{count:,}".replace(",", _NARROW if language == "fr" else ",")


def _tenths(percent: float, language: Language) -> str:
    text = str(Decimal(repr(float(percent))).quantize(Decimal("0.1"), ROUND_HALF_UP))
    return text.replace(".", ",") if language == "fr" else text


def decimal_text(value: float, places: int, language: Language) -> str:
    """A number with so many decimals, its minus as long as a plus.

    >>> decimal_text(-0.125, 2, "fr")
    '−0,13'
    """
    text = str(Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
    text = text.replace("-", "−")
    return text.replace(".", ",") if language == "fr" else text


def percent_text(percent: float, language: Language) -> str:
    """A percentage with one decimal.

    >>> percent_text(62.85, "en")
    '62.9%'
    """
    return _tenths(percent, language) + (f"{_UNBREAKABLE}%" if language == "fr" else "%")


def range_text(low: float, high: float, language: Language) -> str:
    """The two ends of an interval of percentages, without their sign.

    >>> range_text(61.0, 64.75, "en")
    '61.0–64.8'
    """
    return f"{_tenths(low, language)}–{_tenths(high, language)}"


def day_text(day: dt.date, language: Language) -> str:
    """A day in words.

    >>> day_text(dt.date(2026, 11, 1), "fr")
    '1er novembre 2026'
    """
    if language == "en":
        return f"{day.day} {_MONTHS_EN[day.month - 1]} {day.year}"
    return f"{'1er' if day.day == 1 else day.day} {_MONTHS_FR[day.month - 1]} {day.year}"


def short_day(day: dt.date, language: Language) -> str:
    """A day in figures, for a column.

    >>> short_day(dt.date(2026, 11, 1), "fr")
    '01/11/2026'
    """
    return day.isoformat() if language == "en" else f"{day:%d/%m/%Y}"


@lru_cache(maxsize=20_000)
def both(fr: str, en: str) -> Markup:
    """A text in both languages, of which the page shows one; a single text when they are alike."""
    if fr == en:
        return Markup("{}").format(fr)
    return Markup('<span lang="fr">{}</span><span lang="en">{}</span>').format(fr, en)


@lru_cache(maxsize=20_000)
def count_markup(count: int | None, is_shown: bool = True) -> Markup:
    """A count for the page; `is_shown` tells a masked figure from one that does not exist."""
    if count is None:
        return Markup("{}").format(NOTHING if is_shown else MASKED)
    return both(count_text(count, "fr"), count_text(count, "en"))


@lru_cache(maxsize=20_000)
def percent_markup(percent: float | None, is_shown: bool = True) -> Markup:
    """A percentage for the page."""
    if percent is None:
        return Markup("{}").format(NOTHING if is_shown else MASKED)
    return both(percent_text(percent, "fr"), percent_text(percent, "en"))


@lru_cache(maxsize=20_000)
def decimal_markup(value: float, places: int) -> Markup:
    """A number with so many decimals, for the page."""
    return both(decimal_text(value, places, "fr"), decimal_text(value, places, "en"))


def range_markup(low: float, high: float) -> Markup:
    """An interval for the page."""
    return both(range_text(low, high, "fr"), range_text(low, high, "en"))


def day_markup(day: dt.date | None) -> Markup:
    """A day for the page."""
    return Markup("{}").format(NOTHING) if day is None else both(day_text(day, "fr"), day_text(day, "en"))


def short_day_markup(day: dt.date | None) -> Markup:
    """A day in figures, for the page."""
    return Markup("{}").format(NOTHING) if day is None else both(short_day(day, "fr"), short_day(day, "en"))
