"""What the gate says of the rows of one entity: nothing disappears, every row is kept or set aside.

A rule has four outcomes: passed, failed, not applicable (it concerned no row) and error (it could not be evaluated:
its condition itself failed). Not applicable never counts as passed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, kw_only=True)
class GateResult:
    """`kept` has the contract's columns; `quarantined` gives each row set aside (by row_id) its first rule.

    `findings` has one line per row, rule and field, for kept and quarantined rows alike. `results` has one line per
    rule asked of the entity, with its counts and its outcome (see `rule_results`).
    """

    kept: "pa.Table"
    quarantined: dict[str, str]
    findings: "pa.Table"
    results: "pa.Table"


def findings(rows: Iterable[tuple[str, str, str]] = ()) -> "pa.Table":
    """A table of findings: row_id, rule_id and field."""
    import pyarrow as pa

    columns = zip(*rows, strict=True)
    names = ("row_id", "rule_id", "field")
    found = dict(zip(names, columns, strict=False)) or dict.fromkeys(names, ())
    return pa.table({name: pa.array(column, pa.string()) for name, column in found.items()})


#: The counts of a rule: every row is in one of the last four.
COUNTS = ("row_count", "not_applicable_count", "unknown_count", "passed_count", "failed_count")


def rule_results(rows: Iterable[Mapping[str, str | int | None]] = ()) -> "pa.Table":
    """A table of results: rule_id, entity, the five counts, outcome, and the kind of error when there was one.

    `unknown_count` are the rows that the rule concerns and of which a value it needs is missing.
    """
    import pyarrow as pa

    schema = pa.schema(
        [
            pa.field("rule_id", pa.string()),
            pa.field("entity", pa.string()),
            *(pa.field(name, pa.int64()) for name in COUNTS),
            pa.field("outcome", pa.string()),
            pa.field("error", pa.string()),
        ]
    )
    return pa.Table.from_pylist([dict(row) for row in rows], schema=schema)


def rule_result(
    rule_id: str,
    entity: str,
    *,
    rows: int,
    not_applicable: int = 0,
    unknown: int = 0,
    failed: int = 0,
    error: str = "",
) -> dict[str, str | int | None]:
    """One line of `rule_results`; with an `error`, the kind of it, no row was judged."""
    if error:
        counts = (rows, 0, rows, 0, 0)
        return {"rule_id": rule_id, "entity": entity, **dict(zip(COUNTS, counts, strict=True)),
                "outcome": "error", "error": error}  # fmt: skip
    passed = rows - not_applicable - unknown - failed
    counts = (rows, not_applicable, unknown, passed, failed)
    outcome = "failed" if failed else "passed" if passed else "not_applicable"
    return {"rule_id": rule_id, "entity": entity, **dict(zip(COUNTS, counts, strict=True)),
            "outcome": outcome, "error": None}  # fmt: skip
