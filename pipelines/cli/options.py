"""Options that several commands share."""

from pathlib import Path
from typing import Annotated

import typer

NetworkOption = Annotated[str, typer.Option("--network", help="The network, a file of config/networks.")]
HomeOption = Annotated[
    Path,
    typer.Option(
        "--home", envvar="RESEAU_HOME", help="The registry's folder: deliveries, ledger, snapshots."
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")]
DEFAULT_NETWORK = "netsarc"
DEFAULT_HOME = Path("reseau-home")
