"""What the gate says of the rows of one entity: nothing disappears, every row is kept or set aside."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, kw_only=True)
class GateResult:
    """`kept` has the contract's columns; `quarantined` gives each row set aside (by row_id) its first rule.

    `findings` has one line per row, rule and field, for kept and quarantined rows alike.
    """

    kept: "pa.Table"
    quarantined: dict[str, str]
    findings: "pa.Table"


def findings(rows: Iterable[tuple[str, str, str]] = ()) -> "pa.Table":
    """A table of findings: row_id, rule_id and field."""
    import pyarrow as pa

    columns = zip(*rows, strict=True)
    names = ("row_id", "rule_id", "field")
    found = dict(zip(names, columns, strict=False)) or dict.fromkeys(names, ())
    return pa.table({name: pa.array(column, pa.string()) for name, column in found.items()})
