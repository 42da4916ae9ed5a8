"""`reseau check`: what a run would say of files before they are sent, for the centre that sends them.

The terminal and the JSON show names of files, sheets and columns, lines, rules and counts; what a person's record
holds goes into the workbook only, which the centre asked for and keeps.
"""

import datetime as dt
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.options import DEFAULT_NETWORK, JsonOption, NetworkOption
from pipelines.cli.show import say
from pipelines.errors import ConfigError, RegistryError

if TYPE_CHECKING:
    from pipelines.config import Centre

FilesArgument = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="The files to send.", show_default=False)
]
CentreOption = Annotated[str, typer.Option("--centre", metavar="ID", help="The centre that sends them.")]
OutOption = Annotated[
    Path | None,
    typer.Option("--out", metavar="WORKBOOK.xlsx", help="Write every finding there, with values."),
]


def check(
    files: FilesArgument,
    centre: CentreOption,
    network: NetworkOption = DEFAULT_NETWORK,
    out: OutOption = None,
    as_json: JsonOption = False,
) -> int:
    """Tell what a run would say of files before they are sent; nothing of them is kept."""
    for file in files:
        _refuse_unreadable(file)
    if out is not None:
        _refuse_unwritable(out, files)
    declared = _known_centre(network, centre)

    from pipelines.check import check_files
    from pipelines.cli.check_show import show_json, show_verdict
    from pipelines.cli.check_workbook import write_verdict

    verdict = check_files(files, network_id=network, centre=declared)
    if out is not None:
        write_verdict(out, verdict, declared, today=dt.datetime.now(dt.UTC).date())
    if as_json:
        show_json(verdict, declared, network_id=network, out=out)
    else:
        show_verdict(verdict, declared, out=out)
    return verdict.exit_code


def _refuse_unreadable(file: Path) -> None:
    if not file.exists():
        raise RegistryError(say("le fichier n'existe pas", "there is no such file"), where=str(file))
    if not file.is_file() or not os.access(file, os.R_OK):
        what = say("ce n'est pas un fichier lisible", "it is not a readable file")
        raise RegistryError(what, where=str(file))


def _refuse_unwritable(out: Path, files: list[Path]) -> None:
    folder = out.resolve().parent
    if out.suffix.casefold() != ".xlsx" or out.is_dir():
        what = say("le classeur n'a pas la terminaison .xlsx", "the workbook does not end in .xlsx")
        raise RegistryError(what, where=str(out), remedy="--out CONSTATS.xlsx")
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        what = say("on ne peut pas écrire dans son dossier", "its folder cannot be written")
        raise RegistryError(what, where=str(out))
    if out.resolve() in {file.resolve() for file in files}:
        what = say(
            "ce fichier est à contrôler, il ne sera pas écrasé", "it is a file to check, not to overwrite"
        )
        raise RegistryError(what, where=str(out))


def _known_centre(network_id: str, centre_id: str) -> "Centre":
    from pipelines.io.configuration import centre_ids, load_centre, load_network

    load_network(network_id)
    known = centre_ids(network_id)
    if centre_id not in known:
        names = ", ".join(known)
        what = say(f"le centre {centre_id!r} est inconnu", f"centre {centre_id!r} is unknown")
        raise ConfigError(what, remedy=say(f"Centres connus : {names}.", f"Known centres: {names}."))
    return load_centre(network_id, centre_id)
