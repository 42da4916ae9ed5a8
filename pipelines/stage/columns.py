"""Typing a column through its distinct texts: each text is read once, however many rows hold it.

What cannot be read becomes missing and keeps a problem, the id of a rule of `validations.rules.contract`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import pyarrow as pa

Value = TypeVar("Value")


@dataclass(frozen=True)
class Reading:
    """What one text says: a value or none, and the rule it breaks, if any. A value may come with a mere remark."""

    value: Any = None
    problem: str | None = None
    precision: str | None = None


BLANK = Reading()


@dataclass(frozen=True)
class Typed:
    """A typed column beside the rule each row breaks (null for none); a date column also has its precision."""

    column: "pa.Array"
    problems: "pa.Array"
    precision: "pa.Array"


def read_texts(texts: "pa.Array", parse: Callable[[str], Reading], kind: "pa.DataType") -> Typed:
    """Apply `parse` to each text; none may be missing."""
    import pyarrow as pa

    readings = [parse(text) for text in texts.to_pylist()]
    return Typed(
        column=pa.array([r.value for r in readings], kind),
        problems=pa.array([r.problem for r in readings], pa.string()),
        precision=pa.array([r.precision for r in readings], pa.string()),
    )


def read_column(texts: "pa.ChunkedArray", read: "Callable[[pa.Array], Typed]", kind: "pa.DataType") -> Typed:
    """Apply `read` to the distinct texts; a missing text stays missing, without a problem."""
    import pyarrow as pa

    n = len(texts)
    if texts.null_count == n:
        return Typed(pa.nulls(n, kind), pa.nulls(n, pa.string()), pa.nulls(n, pa.string()))
    encoded = texts.combine_chunks().dictionary_encode()
    found = read(encoded.dictionary)
    return Typed(
        *(_spread(part, encoded.indices) for part in (found.column, found.problems, found.precision))
    )


def _spread(items: "pa.Array", places: "pa.Array") -> "pa.Array":
    import pyarrow as pa

    if items.null_count == len(items):
        return pa.nulls(len(places), items.type)
    return items.take(places)


def together(parts: "Sequence[Typed]") -> Typed:
    """One column of parts of which at most one reads each row."""
    import pyarrow.compute as pc

    if len(parts) == 1:
        return parts[0]
    return Typed(
        column=pc.coalesce(*(part.column for part in parts)),
        problems=pc.coalesce(*(part.problems for part in parts)),
        precision=pc.coalesce(*(part.precision for part in parts)),
    )
