"""The hash of what a file says, whatever its packing: the same export zipped again or saved with other line ends.

Nothing is written and nothing trusted: a payload that is damaged, too large or too deep keeps the hash of its bytes,
so that it is a delivery of its own and its reader says what is wrong with it.
"""

import codecs
import gzip
import hashlib
import io
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Final

_CHUNK: Final = 1 << 20
#: Real exports shrink to a tenth; beyond this a packed file is a bomb.
LARGEST_RATIO: Final = 300
LARGEST_PAYLOAD: Final = 4 << 30
_SLACK: Final = 16 << 20
_MOST_MEMBERS: Final = 10_000
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_WORKBOOK_MEMBERS = frozenset({"[Content_Types].xml", "mimetype"})
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_DAMAGE = (EOFError, OSError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError)


def data_hash(path: Path) -> str:
    """SHA-256 of the payload: unpacked once, text without byte order mark and kind of line end, workbooks by member."""
    with path.open("rb") as file:
        raw = hashlib.file_digest(file, "sha256").hexdigest()
    try:
        with path.open("rb") as file:
            return _unpacked(file, allowed=path.stat().st_size * LARGEST_RATIO + _SLACK) or raw
    except _DAMAGE:
        return raw


def _unpacked(file: IO[bytes], *, allowed: int) -> str | None:
    """The hash of the payload of a file that is open; None when only its bytes can tell it."""
    start = file.read(len(_ZIP))
    file.seek(0)
    allowed = min(allowed, LARGEST_PAYLOAD)
    if start[:2] == _GZIP:
        with gzip.GzipFile(fileobj=file) as packed:
            return _spooled(packed, allowed=allowed)
    if start == _ZIP:
        return _of_archive(file, allowed=allowed)
    return _of_payload(file, allowed=allowed)


def _spooled(packed: IO[bytes] | gzip.GzipFile, *, allowed: int) -> str | None:
    with tempfile.SpooledTemporaryFile(max_size=64 << 20) as payload:
        for chunk in _counted(packed, allowed=allowed):
            payload.write(chunk)
        payload.seek(0)
        start = payload.read(len(_ZIP))
        payload.seek(0)
        if start == _ZIP:
            with zipfile.ZipFile(payload) as archive:
                return _of_workbook(archive, allowed=allowed) or _of_payload(payload, allowed=allowed)
        return _of_payload(payload, allowed=allowed)


def _of_archive(file: IO[bytes], *, allowed: int) -> str | None:
    with zipfile.ZipFile(file) as archive:
        if _is_workbook(archive):
            return _of_workbook(archive, allowed=allowed)
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) != 1 or not _is_plain(members[0]):
            return None
        with archive.open(members[0]) as packed:
            return _spooled(packed, allowed=allowed)


def _is_workbook(archive: zipfile.ZipFile) -> bool:
    return not _WORKBOOK_MEMBERS.isdisjoint(archive.namelist())


def _is_plain(member: zipfile.ZipInfo) -> bool:
    is_locked = bool(member.flag_bits & 1)
    return not is_locked and member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def _of_workbook(archive: zipfile.ZipFile, *, allowed: int) -> str | None:
    """The hash of the members' names and bytes; None when it is no workbook, or one whose reading is not certain."""
    members = [member for member in archive.infolist() if not member.filename.startswith("docProps/")]
    names = {member.filename for member in members}
    if not _is_workbook(archive) or len(names) != len(members) or len(members) > _MOST_MEMBERS:
        return None
    if not all(map(_is_plain, members)) or sum(member.file_size for member in members) > allowed:
        return None
    return _digest(f"{name}\0{content}\n" for name, content in sorted(_contents(archive, members)))


def _contents(archive: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Iterator[tuple[str, str]]:
    for member in members:
        with archive.open(member) as file:
            yield member.filename, hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]


def _digest(texts: Iterator[str]) -> str:
    total = hashlib.sha256(b"workbook\0")
    for text in texts:
        total.update(text.encode("utf-8", "surrogatepass"))
    return total.hexdigest()


def _counted(file: IO[bytes] | gzip.GzipFile, *, allowed: int) -> Iterator[bytes]:
    """The pieces of a file; ValueError when there are more bytes than allowed."""
    size = 0
    while chunk := file.read(_CHUNK):
        size += len(chunk)
        if size > allowed:
            raise ValueError("the payload is out of proportion")
        yield chunk


def _of_payload(file: IO[bytes], *, allowed: int) -> str:
    """The hash of text without its byte order mark and with one kind of line end; of anything else, of its bytes."""
    file.seek(0)
    start = file.read(3)
    encoding = _UTF16.get(start[:2], "latin-1")  # every byte is a character there, whatever the code page
    skipped = 2 if encoding != "latin-1" else 3 if start == codecs.BOM_UTF8 else 0
    file.seek(0)
    raw, text = hashlib.sha256(), hashlib.sha256()
    lines = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder(encoding)("surrogatepass"), translate=True
    )
    is_text = True
    for chunk in _counted(file, allowed=allowed):
        raw.update(chunk)
        is_text = is_text and (encoding != "latin-1" or b"\0" not in chunk)
        if is_text:
            text.update(lines.decode(chunk[skipped:]).encode(encoding, "surrogatepass"))
            skipped = 0
    if is_text:
        text.update(lines.decode(b"", final=True).encode(encoding, "surrogatepass"))
    return (text if is_text else raw).hexdigest()
