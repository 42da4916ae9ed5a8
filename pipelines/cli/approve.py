"""`reseau approve`: a person's decision on a delivery that waits, kept for ever with name, reason and time."""

from typing import Annotated

import typer

from pipelines.cli.options import DEFAULT_HOME, DEFAULT_NETWORK, HomeOption, JsonOption, NetworkOption
from pipelines.cli.show import line, print_json, say
from pipelines.errors import ConfigError, LedgerError
from pipelines.holds import Hold, HoldCode, HoldStatus
from pipelines.registry import open_existing

HoldArgument = Annotated[str, typer.Argument(help="The id that `reseau status` shows.")]
ByOption = Annotated[str, typer.Option("--by", help="Who decides.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why; kept for ever.")]
RejectOption = Annotated[
    bool, typer.Option("--reject", help="Do not use the delivery, as if it had never come.")
]
DeliveryOption = Annotated[
    str | None, typer.Option("--delivery", help="Of several files for one version, the one to use.")
]


def approve(
    hold: HoldArgument,
    by: ByOption,
    reason: ReasonOption,
    reject: RejectOption = False,
    delivery: DeliveryOption = None,
    network: NetworkOption = DEFAULT_NETWORK,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> int:
    """Release a delivery that waits, or reject it; the next run acts on it."""
    for name, text in (("--by", by), ("--reason", reason)):
        if not text.strip():
            raise ConfigError("it must not be blank", where=name, remedy="Say who decides, and why.")
    status = HoldStatus.REJECTED if reject else HoldStatus.APPROVED
    with open_existing(network, home) as registry:
        found = next((h for h in registry.ledger.holds(network) if h.hold_id == hold), None)
        if found is None:
            raise LedgerError("no open hold has this id", where=hold, remedy="See `reseau status`.")
        _check_choice(found, delivery, is_rejected=reject)
        registry.ledger.decide(
            network, hold, status=status, by=by.strip(), reason=reason.strip(), chosen=delivery
        )
    if as_json:
        print_json({"hold": hold, "centre_id": found.centre_id, "code": found.code, "status": status})
    else:
        line(
            say("Décision enregistrée : ", "Decision recorded: ")
            + f"{found.centre_id}, {found.code}, {_word(status)}. "
            + say("La prochaine exécution l'applique.", "The next run acts on it.")
        )
    return 0


def _word(status: str) -> str:
    return say("rejeté", "rejected") if status == HoldStatus.REJECTED else say("accepté", "approved")


def _check_choice(hold: Hold, delivery: str | None, *, is_rejected: bool) -> None:
    """ConfigError unless a delivery is named exactly where one has to be chosen, and is one of the hold's."""
    needs_choice = hold.code == HoldCode.AMBIGUOUS_VERSION and not is_rejected
    if needs_choice and delivery not in hold.delivery_ids:
        remedy = f"Name one of {', '.join(hold.delivery_ids)}, or --reject them all."
        raise ConfigError("one of the deliveries has to be chosen", where="--delivery", remedy=remedy)
    if delivery is not None and not needs_choice:
        raise ConfigError("there is nothing to choose here", where="--delivery", remedy="Leave it out.")
