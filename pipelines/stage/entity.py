"""The rows of one entity from every sheet of a centre, each source line accounted for."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.account import NOTHING_STATED, Account, Reason, check_sets
from pipelines.stage.fates import accounts_of, count_by_delivery, fates, reasons_of, without
from pipelines.stage.quarantine import ragged_lines
from pipelines.stage.rows import entity_rows, exact_repeats
from pipelines.stage.sheets import Sheet
from pipelines.stage.superseded import superseded
from validations.contracts.derive import arrow_schema
from validations.contracts.tables import STAGED

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa


@dataclass(frozen=True, kw_only=True)
class StagedEntity:
    """The staged rows of one entity, the lines that could not become rows, and the fate of every row not staged.

    `accounts` and `reasons` count them per delivery.
    """

    entity: str
    rows: "pa.Table"
    ragged: "pa.Table"
    gone: "pa.Table"
    accounts: list[Account]
    reasons: list[Reason]


def stage_entity(entity: str, sheets: list[Sheet], *, centre_id: str, newest: "pd.DataFrame") -> StagedEntity:
    """Gather the rows of an entity in reading order, without what a later export replaced and exact repeats."""
    import pyarrow as pa

    stated, unstated = _gathered(entity, sheets)
    ragged = ragged_lines(sheets, entity)
    replaced = superseded(stated, sheets, newest)
    current = without(stated, replaced)
    merged = exact_repeats(current, entity)
    rows = without(current, merged)
    silent = fates(unstated, "filtered", NOTHING_STATED)
    gone = pa.concat_tables([silent, replaced, merged, fates(ragged, "set_aside", ragged["rule_id"])])
    received = [*stated["row_id"].chunks, *unstated["row_id"].chunks, *ragged["row_id"].chunks]
    check_sets(
        pa.chunked_array(received, pa.string()), [rows["row_id"], gone["row_id"]], where=f"stage/{entity}"
    )
    name = {"step": "stage", "table": f"stg_{entity}", "centre_id": centre_id}
    reasons = reasons_of(gone, **name)
    accounts = accounts_of(_received(entity, sheets), count_by_delivery(rows), reasons, **name)
    return StagedEntity(
        entity=entity, rows=rows, ragged=ragged, gone=gone, accounts=accounts, reasons=reasons
    )


def _gathered(entity: str, sheets: list[Sheet]) -> "tuple[pa.Table, pa.Table]":
    """The rows that state something about the entity, and those that do not."""
    import pyarrow as pa

    found = [
        entity_rows(sheet.columns, table, origin=origin, lines=sheet.lines, is_shared=sheet.is_shared)
        for sheet in sheets
        for table, origin in sheet.tables()
        if table.entity == entity
    ]
    empty = arrow_schema(STAGED[entity]).empty_table()
    stated = pa.concat_tables([empty, *(part.rows for part in found)], promote_options="permissive")
    return stated, pa.concat_tables([empty, *(part.unstated for part in found)], promote_options="permissive")


def _received(entity: str, sheets: list[Sheet]) -> Counter[str]:
    """The lines of each delivery that may speak of the entity, as the reader counted them, once per table map."""
    counted = Counter[str]()
    for sheet in sheets:
        times = sum(table.entity == entity for table in sheet.sheet_map.tables)
        if times:
            counted[sheet.delivery.delivery_id] += times * sheet.n_usable
    return counted


def validation_accounts(
    entity: str, *, staged: "pa.Table", kept: "pa.Table", rejected: "pa.Table", centre_id: str
) -> tuple[list[Account], list[Reason]]:
    """One account of the gate per delivery, with the rules that set rows aside."""
    gone = fates(rejected, "set_aside", rejected["rule_id"])
    check_sets(staged["row_id"], [kept["row_id"], gone["row_id"]], where=f"validate/{entity}")
    name = {"step": "validate", "table": f"val_{entity}", "centre_id": centre_id}
    reasons = reasons_of(gone, **name)
    return accounts_of(count_by_delivery(staged), count_by_delivery(kept), reasons, **name), reasons
