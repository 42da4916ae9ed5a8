"""What became of each row that does not go on: set aside, merged into another row, filtered; and why.

Every staged row has exactly one fate or goes on: this is proved on the sets of row ids, not on sums alone.
"""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, cast

from pipelines.account import Account, Outcome, Reason

if TYPE_CHECKING:
    import pyarrow as pa

#: Which column of an account counts an outcome.
_COLUMNS = {"set_aside": "rows_set_aside", "merged": "rows_merged", "filtered": "rows_filtered"}


def fate_schema() -> "pa.Schema":
    """Row and delivery, outcome and reason; the row and the delivery that take its place, where there is one."""
    import pyarrow as pa

    names = ("row_id", "delivery_id", "outcome", "reason", "into_row_id", "into_delivery_id")
    return pa.schema([pa.field(name, pa.string()) for name in names])


def fates(
    rows: "pa.Table",
    outcome: Outcome,
    reason: "str | pa.ChunkedArray",
    *,
    into_row_id: "pa.ChunkedArray | None" = None,
    into_delivery_id: "pa.ChunkedArray | None" = None,
) -> "pa.Table":
    """The fate of `rows` (row_id, delivery_id): one reason for all, or one for each."""
    import pyarrow as pa

    nothing = pa.nulls(rows.num_rows, pa.string())
    columns = [
        rows["row_id"],
        rows["delivery_id"],
        pa.repeat(outcome, rows.num_rows),
        pa.repeat(reason, rows.num_rows) if isinstance(reason, str) else reason,
        nothing if into_row_id is None else into_row_id,
        nothing if into_delivery_id is None else into_delivery_id,
    ]
    return pa.table(columns, schema=fate_schema())


def without(rows: "pa.Table", gone: "pa.Table") -> "pa.Table":
    """The rows that have no fate."""
    import pyarrow.compute as pc

    if not gone.num_rows:
        return rows
    return rows.filter(pc.invert(pc.is_in(rows["row_id"], value_set=gone["row_id"].combine_chunks())))


def count_by_delivery(rows: "pa.Table") -> Counter[str]:
    """How many rows each delivery gave."""
    counts = rows.column("delivery_id").value_counts().to_pylist()
    return Counter({count["values"]: count["counts"] for count in counts})


def reasons_of(gone: "pa.Table", *, step: str, table: str, centre_id: str) -> list[Reason]:
    """How many rows of each delivery had each fate."""
    if not gone.num_rows:
        return []
    keys = ["delivery_id", "outcome", "reason"]
    counted = gone.group_by(keys, use_threads=False).aggregate([([], "count_all")])
    return [
        Reason(
            step=step,
            table=table,
            outcome=cast("Outcome", row["outcome"]),
            reason=row["reason"],
            rows=row["count_all"],
            centre_id=centre_id,
            delivery_id=row["delivery_id"],
        )
        for row in counted.sort_by(
            [(n, "ascending") for n in ("delivery_id", "outcome", "reason")]
        ).to_pylist()
    ]


def accounts_of(
    received: Counter[str],
    out: Counter[str],
    reasons: Iterable[Reason],
    *,
    step: str,
    table: str,
    centre_id: str,
) -> list[Account]:
    """One account per delivery that was received: what went on is counted, the rest is what the reasons say."""
    told: Counter[tuple[str | None, str]] = Counter()
    for reason in reasons:
        told[reason.delivery_id, reason.outcome] += reason.rows
    return [
        Account(
            step=step,
            table=table,
            rows_in=received[delivery],
            rows_out=out[delivery],
            **{column: told[delivery, outcome] for outcome, column in _COLUMNS.items()},
            centre_id=centre_id,
            delivery_id=delivery,
        )
        for delivery in sorted(received)
    ]


def replacement_schema() -> "pa.Schema":
    """A row, its table, what became of it, and the row or the delivery that stands for it now."""
    import pyarrow as pa

    names = ("row_id", "table_name", "outcome", "into_row_id", "into_delivery_id")
    return pa.schema([pa.field(name, pa.string()) for name in names])


def replacements(gone: "pa.Table", *, entity: str) -> "pa.Table":
    """The rows that another one stands for: exact repeats, and rows that a later export replaced."""
    import pyarrow as pa
    import pyarrow.compute as pc

    found = gone.filter(pc.is_valid(gone["into_delivery_id"]))
    table_name = pa.repeat(f"stg_{entity}", found.num_rows)
    return pa.table(
        [found["row_id"], table_name, found["outcome"], found["into_row_id"], found["into_delivery_id"]],
        schema=replacement_schema(),
    )
