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


def read_column(texts: "pa.ChunkedArray", parse: Callable[[str], Reading], kind: "pa.DataType") -> Typed:
    """Apply `parse` to each distinct text; a missing text stays missing, without a problem."""
    import pyarrow as pa

    encoded = texts.combine_chunks().dictionary_encode()
    readings = [parse(text) for text in encoded.dictionary.to_pylist()]

    def spread(items: list[Any], type_: "pa.DataType") -> "pa.Array":
        return pa.array(items, type_).take(encoded.indices)

    return Typed(
        column=spread([r.value for r in readings], kind),
        problems=spread([r.problem for r in readings], pa.string()),
        precision=spread([r.precision for r in readings], pa.string()),
    )


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
