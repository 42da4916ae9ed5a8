"""`reseau synth`: the exports of a synthetic national network, with the truth kept beside them."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from pipelines.cli.options import DEFAULT_NETWORK, JsonOption, NetworkOption
from pipelines.cli.show import integer, line, print_json, progress, say

NATIONAL = 43_975  # patients of the published national study (Blay 2024)
PatientsOption = Annotated[int, typer.Option("--patients", min=100, help="Incident patients.")]
SeedOption = Annotated[int, typer.Option("--seed", help="The same seed gives the same bytes.")]
FaultsOption = Annotated[
    Literal["default", "none"], typer.Option("--faults", help="Inject faults at stated rates.")
]
OutOption = Annotated[Path, typer.Option("--out", help="Where to write exports/ and truth/.")]


def synth(
    out: OutOption,
    patients: PatientsOption = NATIONAL,
    seed: SeedOption = 1,
    faults: FaultsOption = "default",
    network: NetworkOption = DEFAULT_NETWORK,
    as_json: JsonOption = False,
) -> int:
    """Write a synthetic network: 26 centres, RRePS and ResOs, each in its own dialect."""
    from pipelines.synthetic.generate import generate

    with progress(quiet=as_json) as tell:
        counts = generate(
            patients=patients, seed=seed, out=out, faults=faults, network_id=network, progress=tell
        )
    if as_json:
        print_json({"out": str(out), **counts})
        return 0
    line(", ".join(f"{name} {integer(count)}" for name, count in counts.items()))
    line(say("Exports : ", "Exports: ") + f"{out}/exports")
    line(say("Vérité : ", "Truth: ") + f"{out}/truth")
    return 0
