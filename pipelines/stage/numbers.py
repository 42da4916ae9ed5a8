"""Numbers with the centre's decimal mark. A spreadsheet number always has a point, whatever the centre writes in text.

The other mark is refused, never guessed: 1.250 is either one and a quarter or a thousand two hundred and fifty. A unit
that the centre declares, or writes behind the number, is converted exactly; a unit that we do not convert is refused.
"""

import re
from decimal import Decimal
from typing import Literal

from pipelines.stage.columns import BLANK, Reading
from validations.rules.contract import NOT_A_NUMBER

#: The contract's unit → the units that are written for it, and how much of it one of them is.
UNITS: dict[str, dict[str, Decimal]] = {
    "mm": {"mm": Decimal(1), "cm": Decimal(10)},
    "Gy": {"gy": Decimal(1), "cgy": Decimal("0.01")},
}
_MARK = re.compile("[ \u00a0\u202f,.]")
_GROUPED = re.compile(
    "[+-]?\\d{1,3}(?:(?:[ \u00a0\u202f]\\d{3})+(?:[.,]\\d+)?|(?:\\.\\d{3})+,\\d+|(?:,\\d{3})+\\.\\d+)"
)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?")
_WITH_UNIT = re.compile("(.*\\d)[ \u00a0\u202f]?([a-zA-Zµ%°]+)")


def parse_number(
    text: str,
    *,
    decimal: Literal[".", ","],
    is_workbook: bool,
    unit: str | None = None,
    declared_unit: str | None = None,
) -> Reading:
    """The number written in `text`, in the contract's `unit`, or the rule it breaks. Thousands may be marked.

    >>> parse_number("1 250,5", decimal=",", is_workbook=False).value
    1250.5
    >>> parse_number("1,2 cm", decimal=",", is_workbook=False, unit="mm").value
    12.0
    """
    text = text.strip()
    if not text:
        return BLANK
    factors = UNITS.get(unit or "", {})
    factor = factors.get((declared_unit or "").casefold(), Decimal(1))
    with_unit = _WITH_UNIT.fullmatch(text)
    if with_unit and with_unit[2].casefold() in factors:
        text, factor = with_unit[1], factors[with_unit[2].casefold()]
    plain = _plain(text, decimal=decimal, is_workbook=is_workbook)
    if plain is None or not _NUMBER.fullmatch(plain):
        return Reading(problem=NOT_A_NUMBER)
    return Reading(float(Decimal(plain) * factor))


def _plain(text: str, *, decimal: Literal[".", ","], is_workbook: bool) -> str | None:
    """The number with a decimal point and no other mark; None when its marks are not the centre's."""
    if _GROUPED.fullmatch(text):
        *whole, last = _MARK.split(text)
        has_decimals = text[-len(last) - 1] in ".,"
        if has_decimals and text[-len(last) - 1] != decimal and not is_workbook:
            return None
        return "".join(whole) + ("." if has_decimals else "") + last
    if decimal == ",":
        if "." in text and not is_workbook:
            return None
        text = text.replace(",", ".")
    return text


def parse_integer(text: str, *, decimal: Literal[".", ","], is_workbook: bool) -> Reading:
    """The whole number written in `text`: 3, or 3 with zero decimals; a fraction is not rounded.

    >>> parse_integer("3,0", decimal=",", is_workbook=False).value
    3
    """
    found = parse_number(text, decimal=decimal, is_workbook=is_workbook)
    if found.value is None:
        return found
    is_whole = found.value.is_integer() and abs(found.value) < 2**53
    return Reading(int(found.value)) if is_whole else Reading(problem=NOT_A_NUMBER)
