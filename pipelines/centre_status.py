"""How each centre stands: what is loaded, how fresh it is, whether its volume drifts, what waits.

Everything comes from the ledger and from the last accepted staging; nothing is computed anew.
"""

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from pipelines.account import Account
from pipelines.centre_work import MANIFEST, staged_delivery_ids
from pipelines.config import Centre
from pipelines.io.home import read_pointer
from pipelines.io.ledger import Acceptance
from pipelines.registry import Registry


@dataclass(frozen=True, kw_only=True)
class CentreStatus:
    """One centre. `exported` is the newest day that any of its names declared, `patients` those of what is loaded.

    The rows are those of the loaded files; `files` counts them, or those received while nothing is loaded.
    """

    centre: str
    files: int
    exported: dt.date | None
    days_since: int | None
    is_late: bool
    patients: int | None
    patients_before: int | None
    drift_percent: float | None
    rows_received: int
    rows_kept: int
    rows_set_aside: int
    rows_merged: int
    rows_filtered: int
    is_loaded: bool
    holds: tuple[str, ...]


def centre_statuses(registry: Registry, *, today: dt.date) -> list[CentreStatus]:
    """The standing of every centre that ever sent a file, by centre."""
    ledger, network_id = registry.ledger, registry.network.id
    received = ledger.all_deliveries(network_id)
    current = {delivery.delivery_id for delivery in ledger.current_deliveries(network_id)}
    acceptances, holds = ledger.acceptances(network_id), ledger.holds(network_id)
    found = []
    for centre_id in sorted({d.centre_id for d in received} & set(registry.centres)):
        mine = [delivery for delivery in received if delivery.centre_id == centre_id]
        folder = registry.accepted_folder(centre_id)
        loaded = (
            staged_delivery_ids(folder)
            if folder
            else [i.delivery_id for i in mine if i.delivery_id in current]
        )
        exported = max((d.exported for d in mine if d.exported), default=None)
        found.append(
            CentreStatus(
                centre=centre_id,
                files=len(loaded),
                exported=exported,
                **_freshness(registry.centres[centre_id], exported, today=today),
                **_volume([a for a in acceptances if a.centre_id == centre_id] if folder else []),
                **_rows(_accounts(registry, centre_id)),
                is_loaded=folder is not None,
                holds=tuple(hold.hold_id for hold in holds if hold.centre_id == centre_id),
            )
        )
    return found


def _freshness(centre: Centre, exported: dt.date | None, *, today: dt.date) -> dict[str, Any]:
    if exported is None:
        return {"days_since": None, "is_late": False}
    days = (today - exported).days
    return {"days_since": days, "is_late": days > centre.expected_every_days}


def _volume(acceptances: list[Acceptance]) -> dict[str, Any]:
    """Patients now and at the accepted staging before, with the change in percent of the latter."""
    before, now = [None, None, *(a.patients for a in acceptances)][-2:]
    drift = 100 * (now - before) / before if now is not None and before else None
    return {"patients": now, "patients_before": before, "drift_percent": drift}


def _accounts(registry: Registry, centre_id: str) -> list[Account]:
    folder = registry.accepted_folder(centre_id)
    manifest = read_pointer(folder / MANIFEST) if folder else None
    return [Account(**account) for account in json.loads(manifest)["accounts"]] if manifest else []


def _rows(accounts: list[Account]) -> dict[str, Any]:
    """The lines as rows of each table that they may speak of, and what became of them: the sum closes."""
    staged = [a for a in accounts if a.step == "stage"]
    checked = [a for a in accounts if a.step == "validate"]
    return {
        "rows_received": sum(a.rows_in for a in staged),
        "rows_kept": sum(a.rows_out for a in checked),
        "rows_set_aside": sum(a.rows_set_aside for a in (*staged, *checked)),
        "rows_merged": sum(a.rows_merged for a in (*staged, *checked)),
        "rows_filtered": sum(a.rows_filtered for a in (*staged, *checked)),
    }
