"""Numbers with the centre's decimal mark. A spreadsheet number always has a point, whatever the centre writes in text.

The other mark is refused, never guessed: 1.250 is either one and a quarter or a thousand two hundred and fifty.
"""

import re
from typing import Literal

from pipelines.stage.columns import BLANK, Reading
from validations.rules.contract import NOT_A_NUMBER

_SPACES = re.compile("[ \u00a0\u202f]")
_GROUPED = re.compile("[+-]?\\d{1,3}(?:[ \u00a0\u202f]\\d{3})+(?:[.,]\\d+)?")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,2})?")


def parse_number(text: str, *, decimal: Literal[".", ","], is_workbook: bool) -> Reading:
    """The number written in `text`, or the rule it breaks. Thousands may be separated by spaces.

    >>> parse_number("1 250,5", decimal=",", is_workbook=False).value
    1250.5
    """
    text = text.strip()
    if not text:
        return BLANK
    if _GROUPED.fullmatch(text):
        text = _SPACES.sub("", text)
    if decimal == ",":
        if "." in text and not is_workbook:
            return Reading(problem=NOT_A_NUMBER)
        text = text.replace(",", ".")
    return Reading(float(text)) if _NUMBER.fullmatch(text) else Reading(problem=NOT_A_NUMBER)


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
