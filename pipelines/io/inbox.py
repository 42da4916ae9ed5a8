"""What lies in the inbox: plain files, with the facts that tell whether one changed. Links are not followed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.errors import IntakeError
from pipelines.refusals import printable


@dataclass(frozen=True, kw_only=True)
class InboxFile:
    """A file or folder: `folder` is the inbox folder it lies in, "" at top level. Links and folders are not plain."""

    path: Path
    folder: str
    name: str
    is_plain: bool
    size: int
    mtime_ns: int

    @property
    def state(self) -> tuple[str, int, int]:
        """Its path, size and time of change: equal states are taken for equal bytes."""
        return printable(str(self.path)), self.size, self.mtime_ns


#: A hidden file that the synthetic network leaves in its exports; what is made from them says so.
SYNTHETIC_MARK = ".synthetic"


def mark_synthetic(inbox: Path) -> None:
    """Say in the inbox that no person in it is real."""
    (inbox / SYNTHETIC_MARK).touch()


def is_synthetic(inbox: Path) -> bool:
    """True when the inbox says that no person in it is real."""
    return (inbox / SYNTHETIC_MARK).exists()


def is_folder(path: Path) -> bool:
    """True for a real folder, not for a link to one."""
    return path.is_dir() and not path.is_symlink()


def _look(path: Path, folder: str) -> Iterator[InboxFile]:
    try:
        facts = path.lstat()
    except FileNotFoundError:
        return  # renamed or taken back since the folder was read: the next run sees what became of it
    yield InboxFile(
        path=path,
        folder=folder,
        name=path.name,
        is_plain=path.is_file() and not path.is_symlink(),
        size=facts.st_size,
        mtime_ns=facts.st_mtime_ns,
    )


def _visible(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def look_into(inbox: Path) -> list[InboxFile]:
    """What lies in the inbox and in its folders, hidden things excepted, by name; IntakeError without inbox."""
    if not inbox.is_dir():
        raise IntakeError(
            "the inbox is not a folder", where=str(inbox), remedy="Name the folder of the exports."
        )
    found = []
    for path in _visible(inbox.resolve()):
        if is_folder(path):
            found += _look_below(path)
        else:
            found += _look(path, "")
    return found


def look_at(paths: Iterable[Path], *, folder: str) -> list[InboxFile]:
    """Files from anywhere, as if they lay in that folder of the inbox under the names given; links are followed."""
    return [replace(one, name=path.name) for path in paths for one in _look(path.resolve(), folder)]


def _look_below(folder: Path) -> list[InboxFile]:
    """What lies in a folder; the folder itself, as something that is not plain, when it cannot be read."""
    try:
        names = _visible(folder)
    except OSError:  # withdrawn rights, a share that went away: the other centres go on
        return [replace(one, is_plain=False) for one in _look(folder, "")]
    return [one for path in names for one in _look(path, folder.name)]
