"""The rows of one entity from every sheet of a centre, each source line accounted for."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.account import Account
from pipelines.config import Centre
from pipelines.stage.quarantine import ragged_lines
from pipelines.stage.rows import entity_rows, merge_repeats
from pipelines.stage.sheets import Sheet
from validations.contracts.derive import arrow_schema
from validations.contracts.tables import STAGED

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, kw_only=True)
class StagedEntity:
    """The staged rows of one entity, the lines that could not become rows, and one account per delivery."""

    entity: str
    rows: "pa.Table"
    ragged: "pa.Table"
    accounts: list[Account]


def stage_entity(entity: str, sheets: list[Sheet], *, centre: Centre) -> StagedEntity:
    """Gather the rows of an entity in reading order and drop exact repeats; a repeat is counted as merged."""
    import pyarrow as pa

    empty = arrow_schema(STAGED[entity]).empty_table()
    parts, lines, filtered = [empty], Counter[str](), Counter[str]()
    for sheet in sheets:
        for table, origin in sheet.tables():
            if table.entity != entity:
                continue
            found = entity_rows(
                sheet.columns, table, origin=origin, lines=sheet.source.lines, is_shared=sheet.is_shared
            )
            parts.append(found.rows)
            lines[sheet.delivery.delivery_id] += len(sheet.source.lines) + len(sheet.source.ragged)
            filtered[sheet.delivery.delivery_id] += found.filtered
    before = pa.concat_tables(parts, promote_options="permissive")
    rows, ragged = merge_repeats(before, entity), ragged_lines(sheets, entity)
    out, all_rows, unread = (count_by_delivery(part) for part in (rows, before, ragged))
    accounts = [
        Account(
            step="stage",
            table=f"stg_{entity}",
            rows_in=lines[delivery],
            rows_out=out[delivery],
            rows_set_aside=unread[delivery],
            rows_merged=all_rows[delivery] - out[delivery],
            rows_filtered=filtered[delivery],
            centre_id=centre.id,
            delivery_id=delivery,
        )
        for delivery in sorted(lines)
    ]
    return StagedEntity(entity=entity, rows=rows, ragged=ragged, accounts=accounts)


def count_by_delivery(rows: "pa.Table") -> Counter[str]:
    """How many rows each delivery gave."""
    counts = rows.column("delivery_id").value_counts().to_pylist()
    return Counter({count["values"]: count["counts"] for count in counts})


def validation_accounts(
    entity: str, *, staged: "pa.Table", kept: "pa.Table", rejected: "pa.Table", centre: Centre
) -> list[Account]:
    """One account of the gate per delivery."""
    rows_in, out, aside = (count_by_delivery(part) for part in (staged, kept, rejected))
    return [
        Account(
            step="validate",
            table=f"val_{entity}",
            rows_in=rows_in[delivery],
            rows_out=out[delivery],
            rows_set_aside=aside[delivery],
            centre_id=centre.id,
            delivery_id=delivery,
        )
        for delivery in sorted(rows_in)
    ]
