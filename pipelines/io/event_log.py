"""An append-only log of tables: numbered Parquet files, each with the hash of the one before it.

`000001.parquet`, `000002.parquet` … and `head`, which holds the number and the hash of the last. A file is never
changed: one byte of difference anywhere, or a file that is missing, and the log is not read. A file beyond the head
is one whose writer was stopped before it could say so: it is whole, so it counts.
"""

import hashlib
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import LedgerError
from pipelines.io.home import read_pointer, sync, write_pointer

if TYPE_CHECKING:
    import pyarrow as pa

_HEAD = "head"
_PREVIOUS = b"reseau.previous"
_BROKEN = "Restore the folder from its last sound copy; nothing is linked or decided without it."


class EventLog:
    """One log in one folder, which is made with the first line."""

    def __init__(self, folder: Path, schema: "pa.Schema") -> None:
        """`schema` is that of every table."""
        self._folder, self._schema = folder, schema

    def read(self) -> "pa.Table":
        """Every line, in order. LedgerError when the log is not what was written."""
        import pyarrow as pa
        import pyarrow.parquet

        tables = [self._schema.empty_table()]
        files, _ = self._checked()
        for file in files:
            tables.append(pyarrow.parquet.read_table(file).cast(self._schema))
        return pa.concat_tables(tables)

    @property
    def head(self) -> str:
        """What changes with every line; empty before the first."""
        return read_pointer(self._folder / _HEAD) or ""

    def append(self, lines: "pa.Table") -> int:
        """Add lines after the last; returns how many. LedgerError when another writer was quicker."""
        import pyarrow.parquet

        if not lines.num_rows:
            return 0
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        files, last_hash = self._checked()
        said = lines.cast(self._schema).replace_schema_metadata({_PREVIOUS: last_hash.encode()})
        target = self._folder / f"{len(files) + 1:06d}.parquet"
        building = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
        try:
            pyarrow.parquet.write_table(said, building, compression="zstd")
            building.chmod(0o600)
            sync(building)
            os.link(building, target)
        except FileExistsError as problem:
            remedy = "Wait until the other command ends, and run again."
            raise LedgerError("the log was written meanwhile", where=str(target), remedy=remedy) from problem
        finally:
            building.unlink(missing_ok=True)
        sync(self._folder)
        self._point_to(target)
        return int(lines.num_rows)

    def _point_to(self, file: Path) -> None:
        write_pointer(self._folder / _HEAD, f"{file.stem} {_hash(file)}\n")

    def _checked(self) -> tuple[list[Path], str]:
        """The files in order and the hash of the last; LedgerError when one is changed or missing."""
        files = sorted(self._folder.glob("[0-9]*.parquet"))
        number, _, head = (read_pointer(self._folder / _HEAD) or "0 ").partition(" ")
        if not number.isascii() or not number.isdigit():
            raise LedgerError("the head of the log was changed", where=str(self._folder), remedy=_BROKEN)
        if [int(file.stem) for file in files] != list(range(1, len(files) + 1)) or int(number) > len(files):
            raise LedgerError("a file of the log is missing", where=str(self._folder), remedy=_BROKEN)
        hashes = ["", *map(_hash, files)]
        if hashes[int(number)] != head.strip():
            raise LedgerError("the log was changed", where=str(files[int(number) - 1]), remedy=_BROKEN)
        for file, previous in reversed(
            list(zip(files, hashes, strict=False))
        ):  # each proves the one before it
            if _previous(file) != previous:
                raise LedgerError("the log was changed", where=str(file), remedy=_BROKEN)
        if int(number) < len(files):
            self._point_to(files[-1])
        return files, hashes[-1]


def _previous(file: Path) -> str:
    """The hash that the file says the one before it has; a file that cannot be read says nothing."""
    import pyarrow.parquet

    try:
        metadata = pyarrow.parquet.read_schema(file).metadata or {}
    except (pyarrow.lib.ArrowException, OSError):
        return "unreadable"
    return str(metadata.get(_PREVIOUS, b""), "ascii", "replace")


def _hash(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()
