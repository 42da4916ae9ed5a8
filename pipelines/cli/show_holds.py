"""The deliveries that wait for a person, as the terminal shows them."""

from collections.abc import Sequence
from typing import Any

from pipelines.cli.show import say, table
from pipelines.holds import Hold, reason, remedy


def show_holds(holds: Sequence[Hold]) -> None:
    """The open holds with id, reason and what a person can do."""
    if not holds:
        return
    header = [say("retenue", "hold"), "centre", say("motif", "reason"), say("que faire", "what to do")]
    rows = [(h.hold_id, h.centre_id, say(*reason(h)), say(*remedy(h))) for h in holds]
    title = say(
        "En attente d'une décision (--by NOM --reason TEXTE)",
        "Waiting for a decision (--by NAME --reason TEXT)",
    )
    table(title, header, rows, numbers_from=len(header))


def hold_facts(hold: Hold) -> dict[str, Any]:
    """A hold as JSON: ids, file names and counts."""
    fr, en = reason(hold)
    return {
        "hold": hold.hold_id,
        "centre_id": hold.centre_id,
        "code": hold.code,
        "status": hold.status,
        "delivery_ids": list(hold.delivery_ids),
        "facts": dict(hold.facts),
        "reason_fr": fr,
        "reason_en": en,
    }
