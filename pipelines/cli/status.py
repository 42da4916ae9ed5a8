"""`reseau status`: what each centre sent, what the last run did with it, what it refused."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from pipelines.cli.options import DEFAULT_HOME, DEFAULT_NETWORK, HomeOption, JsonOption, NetworkOption
from pipelines.cli.show import integer, line, print_json, say, show_refusals, table
from pipelines.registry import open_existing

if TYPE_CHECKING:
    from pipelines.account import Account
    from pipelines.delivery import Delivery


def status(
    network: NetworkOption = DEFAULT_NETWORK, home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False
) -> int:
    """Show the deliveries and rows of each centre, and the outcome of the last run."""
    with open_existing(network, home) as registry:
        deliveries = registry.ledger.current_deliveries(network)
        last = registry.ledger.last_run(network)
        accounts = registry.ledger.accounts(last["run_id"]) if last else []
        refusals = registry.ledger.refusals(last["run_id"]) if last else []
        staged = registry.staged_centres()
    rows = _centre_rows(deliveries, accounts, set(staged))
    if as_json:
        names = ("centre", "files", "exported", "rows_received", "rows_kept", "rows_set_aside", "is_loaded")
        listed = [dict(zip(names, row, strict=True)) for row in rows]
        print_json({"last_run": last, "centres": listed, "refusals": [asdict(r) for r in refusals]})
        return 1 if refusals else 0
    if last is None:
        line(say("Aucun passage.", "No run yet."))
        return 0
    header = ["centre", say("fichiers", "files"), say("export du", "exported"), say("lignes reçues", "rows received"),
              say("gardées", "kept"), say("à part", "set aside"), say("chargé", "loaded")]  # fmt: skip
    yes, no = say("oui", "yes"), say("non", "no")
    shown = [
        (c, f, e, integer(r), integer(k), integer(s), yes if ok else no) for c, f, e, r, k, s, ok in rows
    ]
    table(say("Dépôts en cours", "Current deliveries"), header, shown)
    show_refusals(refusals)
    line(
        say("Dernier passage : ", "Last run: ")
        + f"{last['run_id']}, {last['started']} UTC, {last['outcome']}"
    )
    return 1 if refusals else 0


def _centre_rows(
    deliveries: list["Delivery"], accounts: list["Account"], staged: set[str]
) -> list[tuple[str, int, str, int, int, int, bool]]:
    found = []
    for centre in sorted({delivery.centre_id for delivery in deliveries}):
        mine = [d for d in deliveries if d.centre_id == centre]
        checked = [a for a in accounts if a.step == "validate" and a.centre_id == centre]
        received = sum(a.rows_in for a in accounts if a.step == "stage" and a.centre_id == centre)
        exported = max((str(d.exported) for d in mine if d.exported), default="—")
        kept, aside = sum(a.rows_out for a in checked), sum(a.rows_set_aside for a in checked)
        found.append((centre, len(mine), exported, received, kept, aside, centre in staged))
    return found
