"""`reseau snapshots`: what was published, when, and how large it is."""

from dataclasses import asdict

from pipelines.cli.options import DEFAULT_HOME, DEFAULT_NETWORK, HomeOption, JsonOption, NetworkOption
from pipelines.cli.show import integer, line, print_json, say, table
from pipelines.registry import open_existing


def snapshots(
    network: NetworkOption = DEFAULT_NETWORK, home: HomeOption = DEFAULT_HOME, as_json: JsonOption = False
) -> int:
    """List the published snapshots, oldest first."""
    with open_existing(network, home) as registry:
        published = registry.ledger.snapshots(network)
    if as_json:
        print_json([asdict(snapshot) for snapshot in published])
        return 0
    if not published:
        line(say("Aucun instantané publié.", "No snapshot is published yet."))
        return 0
    header = [say("numéro", "number"), say("publié (UTC)", "published (UTC)"), say("passage", "run"), "patients",
              say("tumeurs", "tumours"), say("empreinte", "content hash")]  # fmt: skip
    rows = [
        (s.number, s.published, s.run_id, integer(s.patients), integer(s.tumours), s.content_hash[:12])
        for s in published
    ]
    table(say("Instantanés", "Snapshots"), header, rows)
    return 0
