"""The delivery store: every file ever accepted, named by the SHA-256 of its bytes. Written once, never edited.

A reader sees a whole file or none: bytes go to a temporary name, are forced to the disk, then renamed.
"""

import fcntl
import hashlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from pipelines.errors import RegistryError
from pipelines.io.home import sync

_CHUNK = 1 << 20
_NEW = ".new-"


class UnstableFileError(RegistryError):
    """A file changed while it was copied: it is taken up by a later run, never in part."""


@dataclass(frozen=True)
class Stored:
    """What was stored: the hash that names it and its size in bytes."""

    content_hash: str
    size: int


def _chunks(source: Path) -> Iterator[bytes]:
    with source.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk


@contextmanager
def _readable(source: Path) -> Iterator[None]:
    """Of what goes wrong with the sender's file, say that it is not ready; a full disk of ours is not that."""
    try:
        yield
    except (FileNotFoundError, PermissionError) as problem:
        if problem.filename != str(source):
            raise
        raise UnstableFileError("the file vanished or cannot be read", where=source.name) from None


def _state(path: Path) -> tuple[int, int]:
    facts = path.stat()
    return facts.st_size, facts.st_mtime_ns


@dataclass(frozen=True)
class Store:
    """The store below one folder."""

    root: Path

    def path(self, content_hash: str) -> Path:
        """Where the bytes of that hash are, or would be."""
        return self.root / content_hash

    def __contains__(self, content_hash: object) -> bool:
        """True when the bytes of that hash are stored."""
        return isinstance(content_hash, str) and self.path(content_hash).is_file()

    def put(self, content: bytes) -> str:
        """Store bytes; their hash. Storing the same bytes again changes nothing."""
        return self._write([content]).content_hash

    def add(self, source: Path, *, looked: tuple[int, int] | None = None) -> Stored:
        """Store a copy of a file, read once in pieces. UnstableFileError when it changes meanwhile.

        `looked`: its size and time of change when it was looked at, if it was.
        """
        with _readable(source):
            before = _state(source)
            stored = self._write(_chunks(source))
            after = _state(source)
        if {before, after, looked or before} != {before} or stored.size != before[0]:
            raise UnstableFileError("the file changed while it was read", where=source.name)
        return stored

    def _write(self, chunks: Iterable[bytes]) -> Stored:
        self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
        digest, size = hashlib.sha256(), 0
        # a name of its own: runs of two networks, in two containers, may share the store and a process number
        with tempfile.NamedTemporaryFile(dir=self.root, prefix=_NEW, delete=False) as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            for chunk in chunks:
                digest.update(chunk)
                size += file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
            self._settle(Path(file.name), self.path(digest.hexdigest()))
        return Stored(digest.hexdigest(), size)

    def _settle(self, building: Path, target: Path) -> None:
        if target.exists():
            building.unlink()
            return
        building.chmod(0o400)
        building.replace(target)
        sync(self.root)

    def sweep(self) -> None:
        """Remove what a killed run left half written."""
        for leftover in self.root.glob(f"{_NEW}*"):
            with suppress(FileNotFoundError, BlockingIOError), leftover.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # one that another run is writing stays
                leftover.unlink()
