"""Which columns tie the tables of an export together, from their contents alone.

The patient's identifier is unique in one table and most other tables take their values from it; the tumour's likewise,
in fewer tables.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.propose.source import SourceTable

_KEY = re.compile(r"[\w./\-]{1,40}")
_FEWEST_ROWS = 5
_UNIQUE, _WITHIN = 0.97, 0.9
#: Fewer different values are a number of order, or a code.
_FEWEST_VALUES = 5


@dataclass(frozen=True)
class _Column:
    table: int
    header: str
    values: frozenset[str]
    is_unique: bool


def key_columns(tables: Sequence[SourceTable]) -> list[dict[str, str]]:
    """For each table, the headers of the columns that hold the patient's or the tumour's identifier."""
    columns = [c for rank, table in enumerate(tables) for c in _candidates(rank, table)]
    roots = [(c, _references(c, columns)) for c in columns if c.is_unique]
    roots = sorted((r for r in roots if len({c.table for c in r[1]}) >= 2), key=lambda r: -len(r[1]))
    found: list[dict[str, str]] = [{} for _ in tables]
    taken: set[frozenset[str]] = set()
    fields = iter(("local_patient_id", "local_tumour_id"))
    for root, references in roots:
        if any(_overlap(root.values, other) > 0.5 for other in taken):
            continue
        field = next(fields, None)
        if field is None:
            break
        taken.add(root.values)
        for column in (root, *references):
            found[column.table].setdefault(column.header, field)
    return found


def _candidates(rank: int, table: SourceTable) -> list[_Column]:
    found = []
    for header, cells in zip(table.header, table.columns, strict=True):
        said = [cell.strip() for cell in cells if cell.strip()]
        values = frozenset(said)
        is_full = len(said) >= max(_FEWEST_ROWS, 0.95 * len(cells))
        if is_full and len(values) >= _FEWEST_VALUES and all(_KEY.fullmatch(v) for v in values):
            found.append(_Column(rank, header, values, len(values) >= _UNIQUE * len(said)))
    return found


def _references(root: _Column, columns: Sequence[_Column]) -> list[_Column]:
    """The columns of other tables whose values come from this one."""
    others = (c for c in columns if c.table != root.table)
    return [c for c in others if len(c.values & root.values) >= _WITHIN * len(c.values)]


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, min(len(one), len(other)))
