"""Where a command may write its answer: an existing folder, and never over the table that it reads."""

from pathlib import Path

from pipelines.cli.show import say
from pipelines.errors import ConfigError, RegistryError


def refuse_unwritable(target: Path, source: Path) -> None:
    """RegistryError when `target` cannot be a new file, or is the table `source` itself."""
    if target.is_dir() or not target.resolve().parent.is_dir():
        what = say("on ne peut pas écrire à cet endroit", "this place cannot be written")
        raise RegistryError(what, where=str(target))
    if target.resolve() == source.resolve():
        what = say(
            "c'est la table à lire, elle ne sera pas écrasée", "it is the table to read, not to overwrite"
        )
        raise RegistryError(what, where=str(target))


def workbook_target(out: Path | None) -> Path:
    """The workbook that a command may write. ConfigError unless it is an .xlsx file of a folder that exists."""
    if out is None or out.suffix.lower() != ".xlsx" or not out.resolve().parent.is_dir():
        what = say("le classeur n'est pas nommé", "the workbook is not named")
        remedy = say(
            "Nommer un fichier .xlsx dans un dossier qui existe.", "Name an .xlsx file in an existing folder."
        )
        raise ConfigError(what, where="--out", remedy=remedy)
    return out
