"""Where a command may write its answer: an existing folder, and never over the table that it reads."""

from pathlib import Path

from pipelines.cli.show import say
from pipelines.errors import RegistryError


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
