"""What the quality portal needs of the ledger for one snapshot: accounts, deliveries, refusals, findings."""

from pipelines.io.ledger import Snapshot
from pipelines.publish import warehouse_file
from pipelines.registry import Registry
from pipelines.report.quality_journal import Journal, PastLinkage

#: How many snapshots the portal looks back on.
PAST = 11


def _linkages_before(registry: Registry, number: int) -> list[PastLinkage]:
    """The linkages of the snapshots before one, the newest first; a snapshot that is gone has none."""
    from pipelines.io.warehouse import read_linkage_figures

    network_id = registry.network.id
    earlier = [s.number for s in registry.ledger.snapshots(network_id) if s.number < number]
    found = []
    for one in sorted(earlier, reverse=True)[:PAST]:
        file = warehouse_file(registry, one)
        figures = read_linkage_figures(file) if file.exists() else None
        if figures and figures[1]:
            found.append(PastLinkage(one, *figures))
    return found


def journal_of(registry: Registry, snapshot: Snapshot, *, docs: str | None = None) -> Journal:
    """The journal of a published snapshot. It tells the findings only while they were last settled for its data.

    The deliveries are those whose rows the run that built the snapshot accounted for.
    """
    ledger, network_id = registry.ledger, registry.network.id
    accounts = ledger.accounts(snapshot.run_id)
    used = {account.delivery_id for account in accounts}
    received = [one for one in ledger.all_deliveries(network_id) if one.centre_id in registry.centres]
    findings = ledger.findings(network_id)
    is_settled = findings.settled() == snapshot.fingerprint
    return Journal(
        run_id=snapshot.run_id,
        accounts=accounts,
        deliveries=[one for one in received if one.delivery_id in used],
        received=received,
        refusals=ledger.refusals(snapshot.run_id),
        findings=findings.alike() if is_settled else None,
        expected_days={name: centre.expected_every_days for name, centre in registry.centres.items()},
        docs=docs,
        linkages=_linkages_before(registry, snapshot.number),
    )
