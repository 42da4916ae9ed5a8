"""A column of dates read in a few sweeps: what `parse_date` reads one by one, for all distinct texts at once.

`parse_date` is the definition, and its shapes are the ones tried here, in its order, each on what the ones before did
not read. A text that no shape reads (a month in letters, digits of another script) is left to `parse_date` itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from pipelines.config import DateOrder
from pipelines.stage.columns import Typed, read_texts
from pipelines.stage.dates import (
    DEFAULT_DAYS,
    FRENCH_MIDNIGHT,
    LAST_YEAR,
    parse_date,
    shapes,
)
from validations.rules.contract import (
    DEFAULT_DATE,
    IMPOSSIBLE_DATE,
    SHIFTED_DAY,
    TWO_DIGIT_YEAR,
    YEAR_OUT_OF_BOUNDS,
)

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Numbers = NDArray[np.int64]

_PRECISIONS = ("year", "month", "day")
#: Arrow's expressions know no "the same mark again": the second mark is read, then compared.
_SAME, _AGAIN = "(?P=mark)", r"(?P<again>[/.\- ])"


@dataclass(frozen=True, kw_only=True)
class DateReading:
    """How the dates of a column are read; the fields are the arguments of `parse_date`."""

    order: DateOrder | None
    first_year: int
    last_short_year: int | None
    is_decided_by_file: bool

    @property
    def parse(self) -> Callable[[str], Any]:
        """`parse_date` with these arguments."""
        return partial(
            parse_date,
            order=self.order,
            first_year=self.first_year,
            last_short_year=self.last_short_year,
            is_decided_by_file=self.is_decided_by_file,
        )


def read_dates(texts: "pa.Array", reading: DateReading) -> Typed:
    """The days written in distinct texts.

    >>> import pyarrow as pa
    >>> how = DateReading(order="day_first", first_year=1920, last_short_year=None, is_decided_by_file=False)
    >>> read_dates(pa.array(["23/04/2019", "avril 2019"]), how).precision.to_pylist()
    ['day', 'month']
    """
    import numpy as np
    import pyarrow as pa

    places, left, found = [], np.arange(len(texts)), []
    for shape in shapes(reading.order, is_decided_by_file=reading.is_decided_by_file):
        if not len(left):
            break
        mine, parts = _matching(texts.take(pa.array(left)), shape)
        if len(mine):
            places.append(left[mine])
            found.append(_days(parts, texts.take(pa.array(left[mine])), reading))
            left = np.delete(left, mine)
    places.append(left)
    found.append(read_texts(texts.take(pa.array(left)), reading.parse, pa.date32()))
    return _in_place(found, np.concatenate(places))


def _in_place(parts: list[Typed], places: "Numbers") -> Typed:
    """The parts as one column, each reading where its text was."""
    import numpy as np
    import pyarrow as pa

    back = pa.array(np.argsort(places))
    columns = zip(*((part.column, part.problems, part.precision) for part in parts), strict=True)
    return Typed(*(pa.concat_arrays(column).take(back) for column in columns))


def _matching(texts: "pa.Array", shape: str) -> "tuple[Numbers, dict[str, pa.Array]]":
    """The places of the texts that have the shape, and their parts by name."""
    import numpy as np
    import pyarrow.compute as pc

    read = pc.extract_regex(texts, f"^(?:{shape.replace(_SAME, _AGAIN)})$")
    is_match = read.is_valid()
    if _SAME in shape:
        is_match = pc.and_(is_match, pc.equal(read.field("mark"), read.field("again")))
    parts = read.filter(is_match)
    names = [field.name for field in read.type]
    return np.flatnonzero(np.asarray(is_match)), {name: parts.field(name) for name in names}


def _number(parts: "dict[str, pa.Array]", name: str, n: int) -> "Numbers":
    """A part as numbers; a part that is not there is 0."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    if name not in parts:
        return np.zeros(n, np.int64)
    digits = parts[name]
    return np.asarray(pc.if_else(pc.equal(digits, ""), "0", digits).cast(pa.int64()))


def _days(parts: "dict[str, pa.Array]", texts: "pa.Array", reading: DateReading) -> Typed:
    """The days of texts of one shape, as `parse_date` builds each."""
    import numpy as np
    import pyarrow as pa

    n = len(texts)
    if "short_year" in parts and reading.last_short_year is None:
        return Typed(pa.nulls(n, pa.date32()), _always(TWO_DIGIT_YEAR, n), pa.nulls(n, pa.string()))
    year, month, day = (_number(parts, name, n) for name in ("year", "month", "day"))
    if "short_year" in parts and reading.last_short_year is not None:
        last = reading.last_short_year
        year = last - (last - _number(parts, "short_year", n)) % 100
    days, is_real = _calendar(year, month, day)
    is_within = (year >= reading.first_year) & (year <= LAST_YEAR)
    is_partless = (day > 0) & (month == 0)
    is_read = is_real & is_within & ~is_partless
    precision = np.where(month == 0, 0, np.where(day == 0, 1, 2))
    problems = np.select([is_partless | is_within & ~is_real, ~is_within], [1, 2], 0)
    problems[is_read & (precision == 2) & np.isin(days, np.array(sorted(DEFAULT_DAYS), "M8[D]"))] = 3
    problems[(problems == 0) & _is_eve(texts)] = 4
    rules = (None, IMPOSSIBLE_DATE, YEAR_OUT_OF_BOUNDS, DEFAULT_DATE, SHIFTED_DAY)
    return Typed(
        column=pa.array(days, pa.date32(), mask=~is_read),
        problems=pa.array(rules, pa.string()).take(pa.array(problems)),
        precision=pa.array(_PRECISIONS).take(pa.array(precision, mask=~is_read)),
    )


def _always(rule_id: str, n: int) -> "pa.Array":
    import pyarrow as pa

    return pa.repeat(rule_id, n)


def _calendar(
    year: "Numbers", month: "Numbers", day: "Numbers"
) -> "tuple[NDArray[np.datetime64], NDArray[np.bool_]]":
    """The first possible day, and whether the calendar has it."""
    import numpy as np

    months = ((year - 1970) * 12 + np.clip(month, 1, 12) - 1).astype("M8[M]")
    days = months.astype("M8[D]") + (np.maximum(day, 1) - 1)
    return days, (month <= 12) & (days.astype("M8[M]") == months)


def _is_eve(texts: "pa.Array") -> "NDArray[np.bool_]":
    import numpy as np
    import pyarrow.compute as pc

    return np.asarray(pc.match_substring_regex(texts, f"^(?:{FRENCH_MIDNIGHT.pattern})$"))
