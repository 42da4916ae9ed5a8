"""`reseau report`: the report and the quality portal of a published snapshot, written again where one wants it."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import DEFAULT_HOME, DEFAULT_NETWORK, HomeOption, JsonOption, NetworkOption
from pipelines.cli.show import line, print_json, say
from pipelines.errors import RegistryError
from pipelines.registry import open_existing

SnapshotOption = Annotated[
    int | None, typer.Option("--snapshot", help="A snapshot number; the newest by default.")
]
OutOption = Annotated[Path, typer.Option("--out", help="The folder to write to.")]


def report(
    out: OutOption,
    network: NetworkOption = DEFAULT_NETWORK,
    home: HomeOption = DEFAULT_HOME,
    snapshot: SnapshotOption = None,
    as_json: JsonOption = False,
) -> int:
    """Write the conformity report of a snapshot (one HTML page, a CSV, an XLSX) and its quality portal."""
    from pipelines.publish import write_report_of

    with open_existing(network, home) as registry:
        published = {s.number: s for s in registry.ledger.snapshots(network)}
        if not published or (snapshot is not None and snapshot not in published):
            known = ", ".join(map(str, published)) or say("aucun", "none")
            raise RegistryError("that snapshot is not published", remedy=f"Published snapshots: {known}.")
        chosen = published[snapshot or max(published)]
        out.mkdir(parents=True, exist_ok=True)
        write_report_of(registry, chosen, out, today=dt.datetime.now(dt.UTC).date())
    files = sorted(str(path) for path in out.iterdir())
    if as_json:
        print_json({"snapshot": chosen.number, "files": files})
        return 0
    for name in files:
        line(say("Écrit : ", "Written: ") + name)
    return 0
