"""One centre, from its files to typed rows that passed the gate. A function of the deliveries and the configuration.

A file that cannot be read keeps the whole centre out: its last accepted files stay in place, because figures without
the rows of that file would be wrong unseen. So it is when the patients or the tumours were not sent: nobody was
withdrawn by that. A file of events that only has its header says that there were none.
"""

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.account import Account, Reason
from pipelines.config import Centre
from pipelines.delivery import Delivery
from pipelines.errors import Refusal, RefusalCode
from pipelines.io.calculator import calculator
from pipelines.refusals import refusal
from pipelines.stage.date_order import FileDates, date_orders, order_findings
from pipelines.stage.entity import StagedEntity, stage_entity, validation_accounts
from pipelines.stage.extra import extra_cells, extra_schema
from pipelines.stage.fates import replacement_schema, replacements
from pipelines.stage.findings import finding_schema, finding_table, locate, located_schema
from pipelines.stage.quarantine import quarantine_schema, set_aside
from pipelines.stage.received import reading_accounts
from pipelines.stage.results import rule_result_table
from pipelines.stage.sheets import Sheet, read_sheets, sheet_findings
from pipelines.stage.superseded import newest_exports
from pipelines.stage.typing import type_rows
from validations.contracts.derive import arrow_schema
from validations.contracts.entities import ENTITIES
from validations.contracts.tables import STAGED, TABLES, VALIDATED
from validations.cross import scan_across
from validations.gate import check
from validations.scan import Scan

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

#: Without these, the other rows of a centre belong to nobody.
INDISPENSABLE = frozenset({"patient_identity", "tumour"})


@dataclass(frozen=True, kw_only=True)
class StagedCentre:
    """The tables of one centre by entity, every entity present; `is_accepted` is False when it is kept out."""

    staged: "dict[str, pa.Table]"
    validated: "dict[str, pa.Table]"
    findings: "pa.Table"
    results: "pa.Table"
    quarantine: "pa.Table"
    merged: "pa.Table"
    extra: "pa.Table"
    accounts: list[Account] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    date_orders: list[FileDates] = field(default_factory=list)
    is_accepted: bool = True


@dataclass(frozen=True, kw_only=True)
class _Outcome:
    """What came of one entity: the rows the gate kept, those set aside, located findings, rule results, both accounts.

    `merged` names the rows that another row stands for.
    """

    staged: "pa.Table"
    validated: "pa.Table"
    findings: "pa.Table"
    results: "pa.Table"
    quarantine: "pa.Table"
    merged: "pa.Table"
    accounts: list[Account]
    reasons: list[Reason]


def stage_centre(
    centre: Centre,
    deliveries: list[Delivery],
    *,
    open_delivery: Callable[[Delivery], Path],
    network_id: str,
    key: bytes,
    whole: Collection[str] | None = None,
) -> StagedCentre:
    """Read, stage and validate the deliveries of one centre; `open_delivery` says where the bytes of one are.

    `whole`: the entities of which these are all the rows, when files may be absent; None: all that the centre declares.
    """
    sheets, refusals, refused = read_sheets(centre, deliveries, open_delivery)
    if whole is None:
        refusals += _not_sent(centre, deliveries)
    lost = {entity for delivery in refused for entity in _entities_of(centre, delivery.file_index)}
    if not sheets or lost & INDISPENSABLE or any(r.code != RefusalCode.HEADER_ONLY for r in refusals):
        return _kept_out(refusals)
    newest = newest_exports(sheets)
    orders = date_orders(sheets, centre=centre)
    mapped = _mapped(centre) if whole is None else whole
    with calculator() as con:
        outcomes = {
            entity: _validate(
                stage_entity(entity, sheets, centre_id=centre.id, newest=newest),
                centre,
                deliveries,
                orders,
                con,
                mapped=mapped,
            )
            for entity in ENTITIES
        }
        crossed = scan_across(con, as_of=_export_days(deliveries), mapped=mapped)
    return _gather(centre, outcomes, crossed, sheets, refusals, orders, network_id=network_id, key=key)


def _mapped(centre: Centre) -> set[str]:
    """The entities that a centre sends."""
    return {table.entity for file in centre.files for sheet in file.sheets for table in sheet.tables}


def _export_days(deliveries: list[Delivery]) -> dict[str, dt.date | None]:
    return {delivery.delivery_id: delivery.exported for delivery in deliveries}


def _entities_of(centre: Centre, file_index: int) -> set[str]:
    return {table.entity for sheet in centre.files[file_index].sheets for table in sheet.tables}


def _not_sent(centre: Centre, deliveries: list[Delivery]) -> list[Refusal]:
    """One refusal per declared file that is not optional and of which nothing came; its name is the declared one."""
    sent = {delivery.file_index for delivery in deliveries}
    return [
        refusal(RefusalCode.MISSING_FILE, file.match, centre_id=centre.id)
        for index, file in enumerate(centre.files)
        if index not in sent and not file.is_optional
    ]


def _kept_out(refusals: list[Refusal]) -> StagedCentre:
    return StagedCentre(
        staged={entity: arrow_schema(STAGED[entity]).empty_table() for entity in ENTITIES},
        validated={entity: arrow_schema(VALIDATED[entity]).empty_table() for entity in ENTITIES},
        findings=finding_schema().empty_table(),
        results=arrow_schema(TABLES["fct_rule_result"]).empty_table(),
        quarantine=quarantine_schema().empty_table(),
        merged=replacement_schema().empty_table(),
        extra=extra_schema().empty_table(),
        refusals=refusals,
        is_accepted=False,
    )


def _validate(
    part: StagedEntity,
    centre: Centre,
    deliveries: list[Delivery],
    orders: dict[str, FileDates],
    con: "duckdb.DuckDBPyConnection",
    *,
    mapped: Collection[str],
) -> _Outcome:
    import pyarrow as pa

    entity = part.entity
    typed, held = type_rows(part.rows, entity, centre=centre, orders=orders)
    gate = check(entity, typed, con=con, held=held, as_of=_export_days(deliveries), mapped=mapped)
    rejected = set_aside(part.rows, gate.quarantined, entity=entity)
    accounts, reasons = validation_accounts(
        entity, staged=part.rows, kept=gate.kept, rejected=rejected, centre_id=centre.id
    )
    return _Outcome(
        staged=part.rows,
        validated=gate.kept,
        findings=locate(gate.findings, part.rows, entity=entity, quarantined=gate.quarantined),
        results=gate.results,
        quarantine=pa.concat_tables([part.ragged, rejected]),
        merged=replacements(part.gone, entity=entity),
        accounts=[*part.accounts, *accounts],
        reasons=[*part.reasons, *reasons],
    )


def _gather(
    centre: Centre,
    outcomes: dict[str, _Outcome],
    crossed: dict[str, Scan],
    sheets: list[Sheet],
    refusals: list[Refusal],
    orders: dict[str, FileDates],
    *,
    network_id: str,
    key: bytes,
) -> StagedCentre:
    import pyarrow as pa

    of_sheets = [finding for sheet in sheets for finding in sheet_findings(sheet)]
    of_sheets += order_findings(sheets, orders)
    findings = pa.concat_tables(
        [
            pa.Table.from_pylist(of_sheets, schema=located_schema()),
            *(outcome.findings for outcome in outcomes.values()),
            *(
                locate(found.findings, outcomes[entity].staged, entity=entity, quarantined=())
                for entity, found in crossed.items()
            ),
        ]
    )
    read, why = reading_accounts(sheets)
    return StagedCentre(
        staged={entity: outcome.staged for entity, outcome in outcomes.items()},
        validated={entity: outcome.validated for entity, outcome in outcomes.items()},
        findings=finding_table(
            findings,
            {entity: outcome.staged for entity, outcome in outcomes.items()},
            network_id=network_id,
            key=key,
        ),
        results=rule_result_table(
            [*(o.results for o in outcomes.values()), *(found.results for found in crossed.values())],
            located=findings,
            staged={entity: outcome.staged.num_rows for entity, outcome in outcomes.items()},
            centre_id=centre.id,
            sent=_mapped(centre),
        ),
        date_orders=list(orders.values()),
        quarantine=pa.concat_tables([outcome.quarantine for outcome in outcomes.values()]),
        merged=pa.concat_tables([outcome.merged for outcome in outcomes.values()]),
        extra=extra_cells(sheets),
        accounts=[*read, *(account for outcome in outcomes.values() for account in outcome.accounts)],
        reasons=[*why, *(reason for outcome in outcomes.values() for reason in outcome.reasons)],
        refusals=refusals,
    )
