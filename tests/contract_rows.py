"""Rows of contract tables for tests, written as short text tables: what is not said takes a plain default.

A date is written as far as it is known: `2019-03-12`, `2019-03` or `2019`; its latest day and precision follow.
"""

import calendar
import datetime as dt
from typing import Any

from tests.tables import parse
from validations.contracts.model import Kind, Table
from validations.contracts.tables import TABLES

#: What a row is unless it says otherwise: an incident tumour in scope, operated with curative intent, one declaration.
DEFAULTS: dict[str, Any] = {
    "patient_id": "p1",
    "tumour_id": "t1",
    "centre_id": "clb",
    "delivery_id": "d_clb",
    "declaration_count": 1,
    "record_count": 1,
    "is_in_scope": True,
    "is_incident": True,
    "period_id": "2016_2020",
    "entry_reason": "primary",
    "first_surgery_kind": "resection",
    "is_quarantined": False,
}


def span(written: Any) -> tuple[dt.date | None, dt.date | None, str]:
    """The earliest day, the latest day and the precision of a date written to the day, month or year."""
    if written is None:
        return None, None, "unknown"
    if isinstance(written, dt.date):
        return written, written, "day"
    year, _, month = str(written).partition("-")
    if not month:
        return dt.date(int(year), 1, 1), dt.date(int(year), 12, 31), "year"
    last = calendar.monthrange(int(year), int(month))[1]
    return dt.date(int(year), int(month), 1), dt.date(int(year), int(month), last), "month"


def _complete(table: Table, row: dict[str, Any], number: int) -> dict[str, Any]:
    unknown = sorted(row.keys() - set(table.columns))
    assert not unknown, f"{table.name} has no column {unknown}"
    full = {"row_id": f"r{number}", **{k: v for k, v in DEFAULTS.items() if k in table.columns}, **row}
    for field in table.fields:
        if field.kind is Kind.DATE and f"{field.name}_latest" in table.columns:
            full[field.name], full[f"{field.name}_latest"], full[f"{field.name}_precision"] = span(
                row.get(field.name)
            )
    return {name: full.get(name) for name in table.columns}


def contract_rows(name: str, text: str) -> list[tuple[Any, ...]]:
    """The complete rows of a contract table, in the order of its columns."""
    table = TABLES[name]
    return [tuple(_complete(table, row, i).values()) for i, row in enumerate(parse(text), start=1)]
