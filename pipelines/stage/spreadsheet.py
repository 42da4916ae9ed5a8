"""What a spreadsheet did to a cell: errors, scientific notation, codes made into dates, zeros dropped.

Here the text of a coded column gets back what the spreadsheet took, where only one text can have been there; a finding
says so and the staged table keeps the cell as sent. What a code means, its other spellings, what a table of codes is
needed for, is `pipelines.harmonise`'s alone. Excel turned 73 of 85 morphologies of one European dictionary into dates.
"""

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from pipelines.stage.columns import BLANK, Reading, Typed
from validations.rules.contract import CODE_FROM_DATE, SPREADSHEET_ERROR, ZERO_RESTORED

if TYPE_CHECKING:
    import pyarrow as pa

_ERROR_NAMES = "REF|N/A|N/D|VALUE|VALEUR|DIV/0|NAME|NOM|NUM|NOMBRE|NULL|NUL|SPILL|CALC|GETTING_DATA"
#: A whole cell, for Arrow and for us: an error in French or English, or a column too narrow; a number in notation.
ERROR_CELL = rf"(?i)^(?:#(?:{_ERROR_NAMES})[!?]?|#{{3,}}|err:5\d\d)$"
SCIENTIFIC_CELL = r"^\d(?:[.,]\d+)?[eE]\+\d{1,3}$"

#: The behaviours that are a month too; behaviour 0 is none, so that /0 survives as text.
_BEHAVIOURS = {1, 2, 3, 6, 9}
_FIRST_CODED_YEAR = 8000
_CLOCK = r"(?:[ T]00:00:00(?:\.0+)?)?"
_YEAR_FIRST = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_CLOCK}", re.ASCII)
_YEAR_LAST = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}){_CLOCK}", re.ASCII)
_SERIAL = re.compile(r"(\d{7})(?:[.,]0+)?", re.ASCII)
_DAY_ZERO = dt.date(1899, 12, 30).toordinal()  # a spreadsheet's day 1 is 1899-12-31
_SERIALS = range(
    dt.date(8000, 1, 1).toordinal() - _DAY_ZERO, dt.date(9999, 12, 31).toordinal() - _DAY_ZERO + 1
)
#: Departments 01 to 09, none of which has 900 communes; 2A and 2B keep their letter.
_SHORT_COMMUNE = re.compile(r"([1-9](?!000)[0-8]\d\d)(?:[.,]0+)?", re.ASCII)


def are_errors(texts: "pa.Array") -> "pa.BooleanArray":
    """True for what a spreadsheet shows in a cell that it could not compute, in French or English.

    >>> import pyarrow as pa
    >>> are_errors(pa.array(["#N/A", "#NOM?", "N/A"])).to_pylist()
    [True, True, False]
    """
    import pyarrow.compute as pc

    return pc.match_substring_regex(pc.utf8_trim_whitespace(texts), ERROR_CELL)


def refuse_errors(texts: "pa.Array", typed: Typed) -> Typed:
    """The reading of `texts` in which a spreadsheet error is no wrong word or number: it says where to look."""
    import pyarrow as pa
    import pyarrow.compute as pc

    is_error = are_errors(texts)
    if not is_error.true_count:
        return typed
    return Typed(
        column=pc.if_else(is_error, pa.scalar(None, typed.column.type), typed.column),
        problems=pc.if_else(is_error, SPREADSHEET_ERROR, typed.problems),
        precision=pc.if_else(is_error, pa.scalar(None, pa.string()), typed.precision),
    )


def repair_morphology(text: str) -> Reading:
    """The morphology that a spreadsheet turned into a date; any other text as it is. No real date has a year 8000.

    >>> repair_morphology("8858-03-01 00:00:00").value, repair_morphology("mars-58").value
    ('8858/3', 'mars-58')
    """
    for year, month, day in _dates(text.strip()):
        if year >= _FIRST_CODED_YEAR and day == 1 and month in _BEHAVIOURS:
            return Reading(f"{year}/{month}", CODE_FROM_DATE)
    return _as_written(text)


def _dates(text: str) -> list[tuple[int, int, int]]:
    """The years, months and days that a text may be."""
    if found := _YEAR_FIRST.fullmatch(text):
        return [(int(found[1]), int(found[2]), int(found[3]))]
    if found := _YEAR_LAST.fullmatch(text):  # day or month first: one of them must be the day 1
        first, second, year = map(int, found.groups())
        return [(year, second, first), (year, first, second)]
    if (found := _SERIAL.fullmatch(text)) and int(found[1]) in _SERIALS:
        date = dt.date.fromordinal(int(found[1]) + _DAY_ZERO)
        return [(date.year, date.month, date.day)]
    return []


def repair_commune(text: str) -> Reading:
    """The commune code with the leading zero that a number lost; any other text as it is.

    >>> repair_commune("1004").value, repair_commune("2A004").value
    ('01004', '2A004')
    """
    if found := _SHORT_COMMUNE.fullmatch(text.strip()):
        return Reading(f"0{found[1]}", ZERO_RESTORED)
    return _as_written(text)


def _as_written(text: str) -> Reading:
    return Reading(text) if text.strip() else BLANK


#: The text fields that are codes, and what restores them.
REPAIRS: dict[str, Callable[[str], Reading]] = {
    "morphology_code": repair_morphology,
    "initial_morphology_code": repair_morphology,
    "expert_morphology_code": repair_morphology,
    "birth_place_cog": repair_commune,
    "residence_commune": repair_commune,
}
