"""The first table of a workbook that a person filled in and sent back."""

from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.cli.show import say
from pipelines.errors import RegistryError

if TYPE_CHECKING:
    from pipelines.io.reading.found import FoundTable


def answered_table(file: Path) -> "FoundTable":
    """What the first sheet holds, its header on line 1. FileRefused, RegistryError when it is empty."""
    from pipelines.io.unseen import read_unseen

    found = read_unseen(file, header_line=1)
    if not found.tables:
        raise RegistryError(say("le classeur est vide", "the workbook is empty"), where=file.name)
    return found.tables[0]
