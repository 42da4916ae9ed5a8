"""What a look at the inbox writes into the ledger, in one word."""

from collections.abc import Sequence

from pipelines.delivery import Delivery
from pipelines.io.ledger import CentreIntake, Ledger


def use(ledger: Ledger, network: str, deliveries: Sequence[Delivery]) -> None:
    """Make these, and no others, the deliveries in use of every centre that has or had one."""
    known = {delivery.centre_id for delivery in (*ledger.current_deliveries(network), *deliveries)}
    centres = [
        CentreIntake(centre_id=centre, in_use=[d for d in deliveries if d.centre_id == centre])
        for centre in known
    ]
    ledger.record_intake(network, 1, sightings=[], centres=centres)
