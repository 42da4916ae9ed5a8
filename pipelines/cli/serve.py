"""`reseau serve`: the review queue and the published reports in a browser of this machine, and nowhere else."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.options import DEFAULT_HOME, DEFAULT_NETWORK, HomeOption, NetworkOption
from pipelines.cli.show import console, line, say
from pipelines.errors import ConfigError
from pipelines.registry import Registry, open_existing

PORT = 8484
PortOption = Annotated[
    int, typer.Option("--port", min=0, max=65_535, help="The port on this machine; 0 takes any free one.")
]
ReportOption = Annotated[
    Path | None,
    typer.Option("--report", help="A folder of reports to show; the newest of the home by default."),
]


def serve(
    network: NetworkOption = DEFAULT_NETWORK,
    home: HomeOption = DEFAULT_HOME,
    port: PortOption = PORT,
    report: ReportOption = None,
) -> int:
    """Decide the pairs under review in a browser of this machine. The address that is printed opens once."""
    from pipelines.io.local_server import answer, listen
    from pipelines.review_page.app import make_app
    from pipelines.review_page.desk import Desk
    from pipelines.review_page.gate import Gate

    with open_existing(network, home) as registry:
        reports = _reports(registry, report)
        desk = Desk(registry, today=lambda: dt.datetime.now(dt.UTC).date())
        waiting = len(desk.asked())  # refused here, with a reason, when nothing was linked yet
        with listen(port) as opened:
            gate = Gate(opened.getsockname()[1])
            _welcome(gate.address, waiting)
            answer(opened, make_app(desk, gate=gate, reports=reports))
    line(say("Fin. Les décisions enregistrées restent.", "Ended. The decisions that were recorded stay."))
    return 0


def _reports(registry: Registry, named: Path | None) -> Path | None:
    """The folder of reports to show: the one that was named, or that of the newest snapshot if there is one."""
    from pipelines.publish import current_snapshot

    if named is not None:
        if not named.is_dir():
            what = say("ce n'est pas un dossier", "this is not a folder")
            raise ConfigError(what, where="--report", remedy="reseau report --out DIR")
        return named
    last = current_snapshot(registry)
    found = registry.home.reports(registry.network.id, last.number) if last else None
    return found if found and found.is_dir() else None


def _welcome(address: str, waiting: int) -> None:
    line(say(f"{waiting} paires dans la file.", f"{waiting} pairs in the queue."))
    line(
        say(
            "À ouvrir dans un navigateur de cette machine ; l'adresse ne sert qu'une fois :",
            "Open it in a browser of this machine; the address works only once:",
        )
    )
    console().print(address, soft_wrap=True, markup=False)
    line(say("Ctrl-C pour terminer.", "Ctrl-C to end."))
