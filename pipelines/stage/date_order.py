"""Which part of 03/04/2019 is the day, decided for each file from all its dates.

A part over 12 can only be a day. One such part decides for the whole file, because one program wrote it; a file where
both places hold days, or neither does, decides nothing and its dates are held.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.config import AUTO, Centre, DateOrder
from pipelines.stage.sheets import Sheet, sheet_finding
from validations.contracts.entities import ENTITIES
from validations.contracts.model import Kind
from validations.rules.contract import DATE_ORDER_CONTRADICTED, DATE_ORDER_FOUND

if TYPE_CHECKING:
    import pyarrow as pa

#: Of a hundred dates that show an order, one may be a slip of the pen in the other.
_MOST_SLIPS_PERCENT = 1
#: Fewer dates against the declared order are slips, not another order.
_MANY = 5
#: For Arrow, which knows no "the same mark again"; blanks are Python's.
_BLANKS = r"[\s\x0b\x1c-\x1f]*"
_FULL = (
    rf"{_BLANKS}(?P<first>\d{{1,2}})(?P<mark>[/.\- ])(?P<second>\d{{1,2}})(?P<again>[/.\- ])"
    rf"(?:\d{{4}}|\d{{2}})(?:[T ].*)?{_BLANKS}"
)
_COMPACT = rf"{_BLANKS}(?P<first>\d{{2}})(?P<mark>)(?P<second>\d{{2}})(?P<again>)(?:18|19|20)\d{{2}}{_BLANKS}"
_DATES = {
    entity: frozenset(field.name for field in fields if field.kind is Kind.DATE)
    for entity, fields in ENTITIES.items()
}


@dataclass(frozen=True, kw_only=True)
class DateEvidence:
    """How many dates of a file can only be read day first, only month first, and how many in both orders."""

    day_first: int = 0
    month_first: int = 0
    either: int = 0

    def __add__(self, other: "DateEvidence") -> "DateEvidence":
        return DateEvidence(
            day_first=self.day_first + other.day_first,
            month_first=self.month_first + other.month_first,
            either=self.either + other.either,
        )

    @property
    def order(self) -> DateOrder | None:
        """The order that the file shows, None when it shows none or both.

        >>> DateEvidence(day_first=200, month_first=1).order, DateEvidence(either=9).order
        ('day_first', None)
        """
        most = max(self.day_first, self.month_first)
        slips = min(self.day_first, self.month_first)
        if not most or slips * 100 > (most + slips) * _MOST_SLIPS_PERCENT:
            return None
        return "day_first" if most == self.day_first else "month_first"


@dataclass(frozen=True, kw_only=True)
class FileDates:
    """The order in which the dates of one delivery are read, and why; `order` is None when nothing decides it."""

    delivery_id: str
    order: DateOrder | None
    is_decided_by_file: bool
    evidence: DateEvidence


def date_evidence(texts: "pa.Array") -> DateEvidence:
    """What the dates of one column show.

    >>> import pyarrow as pa
    >>> date_evidence(pa.array(["23/04/2019", "03/04/2019", "2019-04-23"]))
    DateEvidence(day_first=1, month_first=0, either=1)
    """
    import pyarrow.compute as pc

    counted = texts.drop_null().value_counts()
    found, left = DateEvidence(), counted
    for shape in (_FULL, _COMPACT):
        parts = pc.extract_regex(left.field("values"), f"^(?:{shape})$")
        is_match = pc.and_(parts.is_valid(), pc.equal(parts.field("mark"), parts.field("again")))
        found += _evidence(parts.filter(is_match), left.field("counts").filter(is_match))
        left = left.filter(pc.invert(pc.fill_null(is_match, False)))
    return found


def _evidence(parts: "pa.StructArray", counts: "pa.Array") -> DateEvidence:
    """Of the two parts of dates; a part 00 is an unknown day, and equal parts say nothing and need nothing."""
    import numpy as np
    import pyarrow as pa

    first, second = (np.asarray(parts.field(name).cast(pa.int64())) for name in ("first", "second"))
    times = np.asarray(counts)
    is_day_first = (second >= 1) & (second <= 12) & (first <= 31)
    is_month_first = (first >= 1) & (first <= 12) & (second <= 31)
    return DateEvidence(
        day_first=int(times[is_day_first & ~is_month_first].sum()),
        month_first=int(times[is_month_first & ~is_day_first].sum()),
        either=int(times[is_day_first & is_month_first & (first != second)].sum()),
    )


def date_orders(sheets: Iterable[Sheet], *, centre: Centre) -> dict[str, FileDates]:
    """For each delivery, the order of its dates: as declared, or as the whole file shows it."""
    shown: dict[str, DateEvidence] = {}
    for sheet in sheets:
        delivery = sheet.delivery.delivery_id
        columns = (sheet.columns[header] for header in _date_headers(sheet))
        shown[delivery] = sum(map(date_evidence, columns), shown.get(delivery, DateEvidence()))
    declared = centre.export.dates
    return {
        delivery: FileDates(
            delivery_id=delivery,
            order=evidence.order if declared == AUTO else declared,
            is_decided_by_file=declared == AUTO,
            evidence=evidence,
        )
        for delivery, evidence in shown.items()
    }


def _date_headers(sheet: Sheet) -> list[str]:
    mapped = {
        header
        for table in sheet.sheet_map.tables
        for name, header in table.columns.items()
        if name in _DATES[table.entity]
    }
    return sorted(mapped & sheet.columns.keys())


def order_findings(sheets: Iterable[Sheet], orders: Mapping[str, FileDates]) -> list[dict[str, Any]]:
    """One finding per file whose order was decided by its dates, or whose declared order its dates contradict."""
    first_sheets = {sheet.delivery.delivery_id: sheet for sheet in reversed(list(sheets))}
    found = []
    for delivery, dates in orders.items():
        shown = dates.evidence.order
        if dates.is_decided_by_file and shown:
            found.append(sheet_finding(first_sheets[delivery], DATE_ORDER_FOUND, shown))
        elif _is_contradicted(dates) and shown:
            found.append(sheet_finding(first_sheets[delivery], DATE_ORDER_CONTRADICTED, shown))
    return found


def _is_contradicted(dates: FileDates) -> bool:
    other = {"day_first": dates.evidence.month_first, "month_first": dates.evidence.day_first}
    return dates.evidence.order != dates.order and other.get(dates.order or "", 0) >= _MANY
