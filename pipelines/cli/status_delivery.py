"""`reseau status --delivery`: the account of one file, line by line of its path, with every reason.

Counts, codes and file names only.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from pipelines.account import REASONS, Account, Reason
from pipelines.cli.show import integer, line, print_json, say, table
from pipelines.errors import LedgerError
from validations.contracts.entities import ENTITY_LABELS
from validations.rules.catalogue import CATALOGUE

if TYPE_CHECKING:
    from pipelines.delivery import Delivery
    from pipelines.registry import Registry

_COLUMNS = ("rows_in", "rows_out", "rows_set_aside", "rows_merged", "rows_filtered")
_STEPS = {
    "read": ("fichier", "file"),
    "stage": ("lecture", "reading"),
    "validate": ("contrôle", "validation"),
}
_OUTCOMES = {
    "set_aside": ("à part", "set aside"),
    "merged": ("fusionnées", "merged"),
    "filtered": ("filtrées", "filtered"),
}


@dataclass(frozen=True, kw_only=True)
class DeliveryAccount:
    """One delivery and what became of its rows in the last run that staged it; `run_id` is None before one did."""

    delivery: "Delivery"
    is_current: bool
    run_id: int | None
    accounts: Sequence[Account] = ()
    reasons: Sequence[Reason] = ()

    @property
    def received(self) -> int | None:
        """The lines of the file below its headers, None before a run read it."""
        found = [account.rows_in for account in self.accounts if account.step == "read"]
        return sum(found) if found else None


def show_delivery(registry: "Registry", delivery_id: str, as_json: bool = False) -> int:
    """Print the account of the delivery whose id begins with `delivery_id`; LedgerError unless there is exactly one."""
    found = delivery_account(registry, delivery_id)
    if as_json:
        print_json(_facts(found))
    else:
        _show(found)
    return 0


def delivery_account(registry: "Registry", delivery_id: str) -> DeliveryAccount:
    """The delivery whose id begins with `delivery_id`, with its accounts and reasons."""
    network, ledger = registry.network.id, registry.ledger
    delivery = _only(delivery_id, ledger.all_deliveries(network))
    current = {one.delivery_id for one in ledger.current_deliveries(network)}
    run_id = ledger.last_run_with(network, delivery.delivery_id)
    accounts = ledger.accounts(run_id) if run_id else []
    reasons = ledger.reasons(run_id) if run_id else []
    return DeliveryAccount(
        delivery=delivery,
        is_current=delivery.delivery_id in current,
        run_id=run_id,
        accounts=[account for account in accounts if account.delivery_id == delivery.delivery_id],
        reasons=[reason for reason in reasons if reason.delivery_id == delivery.delivery_id],
    )


def _only(prefix: str, deliveries: "Sequence[Delivery]") -> "Delivery":
    found = [delivery for delivery in deliveries if prefix and delivery.delivery_id.startswith(prefix)]
    if len(found) == 1:
        return found[0]
    remedy = say(
        "Voir les identifiants avec `reseau status --json`.", "See the ids with `reseau status --json`."
    )
    if not found:
        raise LedgerError(say("aucun dépôt n'a cet identifiant", "no delivery has this id"), remedy=remedy)
    count = len(found)
    what = say(f"{count} dépôts commencent par cet identifiant", f"{count} deliveries begin with this id")
    raise LedgerError(what, remedy=say("En donner plus de caractères.", "Give more of its characters."))


def _words(reason: str) -> tuple[str, str]:
    """A reason in French and English: a rule's sentence, or our own words."""
    if reason in CATALOGUE:
        return CATALOGUE[reason].sentence_fr, CATALOGUE[reason].sentence_en
    return REASONS[reason]


def _table_words(name: str) -> tuple[str, str]:
    return ENTITY_LABELS.get(name.partition("_")[2], ("lignes", "lines"))


def _facts(found: DeliveryAccount) -> dict[str, Any]:
    names = ("delivery_id", "centre_id", "file_name", "exported", "content_hash", "size")
    return {
        **{name: getattr(found.delivery, name) for name in names},
        "is_current": found.is_current,
        "run": found.run_id,
        "lines_received": found.received,
        "accounts": [
            {"step": account.step, "table": account.table}
            | {name: getattr(account, name) for name in _COLUMNS}
            for account in found.accounts
        ],
        "reasons": [
            {name: value for name, value in asdict(reason).items() if not name.endswith("_id")}
            for reason in found.reasons
        ],
    }


def _show(found: DeliveryAccount) -> None:
    delivery = found.delivery
    state = say("en vigueur", "in use") if found.is_current else say("remplacé", "replaced")
    facts = [
        (say("dépôt", "delivery"), f"{delivery.delivery_id} ({state})"),
        (say("centre", "centre"), delivery.centre_id),
        (say("fichier", "file"), delivery.file_name),
        (say("export du", "exported"), delivery.exported or "—"),
        (say("empreinte", "hash"), delivery.content_hash),
        (say("taille", "size"), f"{integer(delivery.size)} {say('octets', 'bytes')}"),
        (say("lignes reçues", "lines received"), "—" if found.received is None else integer(found.received)),
    ]
    width = max(len(name) for name, _ in facts)
    for name, value in facts:
        line(f"{name:<{width}}  {value}")
    if found.run_id is None:
        line(say("Aucun passage n'a lu ce dépôt.", "No run has read this delivery."))
        return
    _show_accounts(found)
    _show_reasons(found)


def _show_accounts(found: DeliveryAccount) -> None:
    header = [say("étape", "step"), "table", say("entrées", "in"), say("gardées", "kept"),
              say("à part", "aside"), say("fusion", "merged"), say("filtre", "filtered")]  # fmt: skip
    rows = [
        (
            say(*_STEPS[account.step]),
            say(*_table_words(account.table)),
            *(integer(getattr(account, name)) for name in _COLUMNS),
        )
        for account in found.accounts
        if account.rows_in or account.step == "read"
    ]
    title = say(f"Compte des lignes, passage {found.run_id}", f"Account of the rows, run {found.run_id}")
    table(title, header, rows, numbers_from=2)


def _show_reasons(found: DeliveryAccount) -> None:
    """A reason that one line has in several tables is said of each of them."""
    if not found.reasons:
        line(say("Chaque ligne est gardée.", "Every row is kept."))
        return
    header = [say("étape", "step"), "table", say("devenir", "outcome"), say("motif", "reason"),
              say("lignes", "rows")]  # fmt: skip
    rows = [
        (
            say(*_STEPS[reason.step]),
            say(*_table_words(reason.table)),
            say(*_OUTCOMES[reason.outcome]),
            _reason_text(reason.reason),
            integer(reason.rows),
        )
        for reason in found.reasons
    ]
    table(say("Motifs", "Reasons"), header, rows, numbers_from=len(header) - 1)


def _reason_text(reason: str) -> str:
    words = say(*_words(reason))
    return f"{reason} {words}" if reason in CATALOGUE else words
