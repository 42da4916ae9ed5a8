"""The demonstration's folder: only a folder that the demonstration made is ever emptied."""

import shutil
from pathlib import Path

from pipelines.errors import ConfigError

MARK = ".reseau-demo"


def fresh(folder: Path) -> None:
    """An empty folder with our mark. ConfigError when it holds something that is not ours."""
    is_ours = (folder / MARK).exists()
    if folder.exists() and not is_ours and not (folder.is_dir() and not any(folder.iterdir())):
        remedy = "Choose another folder with --out."
        raise ConfigError(
            "the folder is not empty and was not made by the demo", where=str(folder), remedy=remedy
        )
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    (folder / MARK).touch()
