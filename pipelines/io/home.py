"""The registry's home folder: where deliveries, work, snapshots, reports, the ledger and the key are.

The key lives beside the data only for a single-machine installation; `RESEAU_KEY_FILE` names another place.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import LedgerError, SecretError
from pipelines.keys import KEY_BYTES, check_key

KEY_VARIABLE = "RESEAU_KEY_FILE"


@dataclass(frozen=True)
class Home:
    """The paths of one registry."""

    root: Path

    @property
    def ledger(self) -> Path:
        """The SQLite ledger."""
        return self.root / "ledger.sqlite"

    @property
    def deliveries(self) -> Path:
        """The content-addressed store."""
        return self.root / "deliveries"

    @property
    def key_file(self) -> Path:
        """The pseudonym key: the environment's choice, else beside the data."""
        named = os.environ.get(KEY_VARIABLE)
        return Path(named) if named else self.root / "secret" / "pseudonym.key"

    def work(self, network_id: str, *parts: str) -> Path:
        """A folder of the integration zone."""
        return self.root.joinpath("work", network_id, *parts)

    def identity(self, network_id: str, log: str) -> Path:
        """The folder of an append-only log of identities (`persons`, `decisions`): never made again from anything."""
        return self.root / "identity" / network_id / log

    def snapshots(self, network_id: str) -> Path:
        """The published snapshots of a network."""
        return self.root / "snapshots" / network_id

    def snapshot(self, network_id: str, number: int) -> Path:
        """The folder of one snapshot."""
        return self.snapshots(network_id) / f"{number:06d}"

    def reports(self, network_id: str, number: int) -> Path:
        """The folder of the reports of one snapshot."""
        return self.root / "reports" / network_id / f"{number:06d}"

    @property
    def is_new(self) -> bool:
        """True before the first run."""
        return not self.ledger.exists()


def open_home(root: Path) -> Home:
    """The home folder, created for this user only when it does not exist."""
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Home(root.resolve())


def load_key(home: Home) -> bytes:
    """The pseudonym key. A new registry gets a new key; an existing one without its key is refused."""
    path = home.key_file
    if not path.exists():
        if not home.is_new:
            raise SecretError(
                "the pseudonym key of this registry is missing",
                where=str(path),
                remedy=f"Restore it, or name its place in {KEY_VARIABLE}: no pseudonym is made without it.",
            )
        _create_key(path)
    if path.stat().st_mode & 0o077:
        raise SecretError("others can read the pseudonym key", where=str(path), remedy="chmod 600 it.")
    try:
        return check_key(bytes.fromhex(path.read_text(encoding="ascii").strip()))
    except ValueError as problem:
        raise SecretError(
            "the key is not hexadecimal", where=str(path), remedy="Restore the key."
        ) from problem


def _create_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    building = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(building, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(KEY_BYTES) + "\n")
    sync(building)
    with suppress(FileExistsError):  # another first run was quicker: its key is the key
        os.link(building, path)
    building.unlink()
    sync(path.parent)


@contextmanager
def only_run(home: Home, network_id: str) -> Iterator[None]:
    """Hold the network's run lock; LedgerError when another run is at work. A dead run leaves no lock."""
    with _locked(home.work(network_id, "run.lock"), f"another run of {network_id} is at work"):
        yield


@contextmanager
def only_stager(home: Home, network_id: str, centre_id: str) -> Iterator[None]:
    """Hold one centre's lock beside the stagers of other centres; LedgerError when a run or its like is at work."""
    run_lock = home.work(network_id, "run.lock")
    with (
        _locked(run_lock, f"another run of {network_id} is at work", shared=True),
        _locked(home.work(network_id, "centre", f"{centre_id}.lock"), f"{centre_id} is being staged"),
    ):
        yield


@contextmanager
def _locked(path: Path, what: str, *, shared: bool = False) -> Iterator[None]:
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise LedgerError(what, remedy="Wait until it ends; nothing was changed.") from problem
        yield


@contextmanager
def filling(target: Path) -> Iterator[Path]:
    """A new folder that takes the place `target` only when the block ends well; a leftover is swept first."""
    building = target.with_name(f".building-{target.name}")
    shutil.rmtree(building, ignore_errors=True)
    building.mkdir(parents=True)
    yield building
    for file in building.rglob("*"):
        if file.is_file():
            sync(file)
    shutil.rmtree(target, ignore_errors=True)
    building.replace(target)
    sync(target.parent)


def sync(path: Path) -> None:
    """Force a file or folder to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_pointer(path: Path, text: str) -> None:
    """Write a small file so that a reader sees the old or the new content, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    building = path.with_name(f".{path.name}.new")
    building.write_text(text, encoding="utf-8")
    sync(building)
    building.replace(path)


def read_pointer(path: Path) -> str | None:
    """The content of a pointer, None when there is none."""
    return path.read_text(encoding="utf-8") if path.exists() else None


def switch(link: Path, target: Path) -> None:
    """Point the symbolic link `link` to `target`, in one step."""
    building = link.with_name(f".{link.name}.new")
    building.unlink(missing_ok=True)
    building.symlink_to(target.name)
    building.replace(link)
    sync(link.parent)


def sweep(parent: Path, *, keep: str) -> None:
    """Remove the folders in `parent`, but the one named `keep` and the newest."""
    folders = sorted(
        (path for path in parent.iterdir() if path.is_dir()), key=lambda path: path.stat().st_mtime_ns
    )
    for folder in folders[:-1]:
        if folder.name != keep:
            shutil.rmtree(folder, ignore_errors=True)
