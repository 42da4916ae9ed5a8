"""`reseau status`: what each centre sent, how fresh it is, what was refused and what waits for a person."""

import datetime as dt
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.centre_work import staged_delivery_ids
from pipelines.cli.options import DEFAULT_HOME, DEFAULT_NETWORK, HomeOption, JsonOption, NetworkOption
from pipelines.cli.show import integer, line, percent, print_json, say, show_refusals, table
from pipelines.cli.show_holds import hold_facts, show_holds
from pipelines.registry import Registry, open_existing

if TYPE_CHECKING:
    from pipelines.centre_status import CentreStatus
    from pipelines.errors import Refusal

DeliveryOption = Annotated[
    str | None, typer.Option("--delivery", help="The account of one delivery, by the id that --json shows.")
]


def status(
    network: NetworkOption = DEFAULT_NETWORK,
    home: HomeOption = DEFAULT_HOME,
    delivery: DeliveryOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show how each centre stands and the outcome of the last run; 1 when files are refused or wait for a person."""
    from pipelines.centre_status import centre_statuses

    with open_existing(network, home) as registry:
        if delivery is not None:
            return _show_delivery(registry, delivery, as_json=as_json)
        centres = centre_statuses(registry, today=dt.datetime.now(dt.UTC).date())
        last = registry.ledger.last_run(network)
        refusals = registry.ledger.refusals(last["run_id"]) if last else []
        holds = registry.ledger.holds(network)
        if as_json:
            print_json(_facts(registry, centres, last, refusals))
        elif last is None:
            line(say("Aucun passage.", "No run yet."))
        else:
            _show_centres(centres)
            show_holds(holds)
            show_refusals(refusals)
            line(_last_run(last))
    return 1 if refusals or holds else 0


def _show_delivery(registry: Registry, delivery_id: str, *, as_json: bool) -> int:
    from pipelines.cli.status_delivery import show_delivery

    return show_delivery(registry, delivery_id, as_json)


def _last_run(last: dict[str, Any]) -> str:
    shown = f"{last['run_id']}, {last['started']} UTC, {last['outcome']}"
    return say("Dernier passage : ", "Last run: ") + shown


def _facts(
    registry: Registry,
    centres: "list[CentreStatus]",
    last: dict[str, Any] | None,
    refusals: "list[Refusal]",
) -> dict[str, Any]:
    """Everything, for a machine: also the deliveries that do not count and the decisions that were taken."""
    ledger, network_id = registry.ledger, registry.network.id
    loaded = {i for folder in registry.staged_folders() for i in staged_delivery_ids(folder)}
    return {
        "last_run": last,
        "centres": [asdict(centre) for centre in centres],
        "deliveries": [
            {**asdict(delivery), "is_loaded": delivery.delivery_id in loaded}
            for delivery in ledger.all_deliveries(network_id)
        ],
        "holds": [
            {
                **hold_facts(record.hold),
                "opened_run": record.opened_run,
                "by": record.by,
                "reason": record.reason,
                "decided": record.decided,
            }
            for record in ledger.hold_records(network_id)
        ],
        "refusals": [asdict(refusal) for refusal in refusals],
    }


def _show_centres(centres: "list[CentreStatus]") -> None:
    """Two narrow tables: how each centre stands, and the rows of what is loaded."""
    header = ["centre", say("état", "state"), say("fichiers", "files"), say("export du", "exported"),
              say("jours", "days"), "patients", say("écart", "drift")]  # fmt: skip
    rows = [
        (c.centre, _state(c), c.files, c.exported, c.days_since, _count(c.patients), _drift(c.drift_percent))
        for c in centres
    ]
    table(say("Dépôts en cours", "Current deliveries"), header, rows, numbers_from=2)
    header = ["centre", say("reçues", "received"), say("gardées", "kept"), say("à part", "set aside"),
              say("fusionnées", "merged"), say("filtrées", "filtered")]  # fmt: skip
    names = ("rows_received", "rows_kept", "rows_set_aside", "rows_merged", "rows_filtered")
    counts = [(c.centre, *(integer(getattr(c, name)) for name in names)) for c in centres]
    table(say("Lignes chargées", "Loaded rows"), header, counts)


def _state(centre: "CentreStatus") -> str:
    words = [say("chargé", "loaded") if centre.is_loaded else say("non chargé", "not loaded")]
    words += [say("retenu", "held")] if centre.holds else []
    words += [say("en retard", "late")] if centre.is_late else []
    return ", ".join(words)


def _count(value: int | None) -> str | None:
    return None if value is None else integer(value)


def _drift(value: float | None) -> str:
    """A signed percentage, so that a loss of patients is seen at once."""
    shown = percent(value)
    return f"+{shown}" if value is not None and value > 0 else shown
