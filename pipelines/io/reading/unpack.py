"""What is inside a gzip file or a zip archive, read to memory with a running count of what it costs.

Nothing is ever written to disk and a member's name is never used as a path; a damaged member refuses the whole file.
"""

import gzip
import io
import lzma
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from pipelines.errors import FileRefused, RefusalCode
from pipelines.io.reading.kind import Kind, kind_of
from pipelines.io.reading.limits import Limits
from pipelines.refusals import refused

_CHUNK = 1 << 20
_ENCRYPTED = 0x1
#: What an archive program or a desktop adds by itself: no centre means to send it.
_LEFTOVERS = re.compile(r"(?:^|/)(?:__MACOSX/.*|\.DS_Store|Thumbs\.db|desktop\.ini)$")
#: RuntimeError: a version or a method of compression that we do not have, as damage can make it seem.
_DAMAGED = (
    RuntimeError,
    zipfile.BadZipFile,
    gzip.BadGzipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
)


@dataclass(frozen=True)
class Member:
    """One file of a delivery: the file itself (no names), or a member of an archive with the names that lead to it."""

    names: tuple[str, ...]
    content: bytes
    kind: Kind


@dataclass
class _Meter:
    """What was decompressed so far out of one file, all its archives together."""

    n_packed: int
    limits: Limits
    name: str
    n_unpacked: int = field(default=0)

    def count(self, n_bytes: int) -> None:
        self.n_unpacked += n_bytes
        if self.n_unpacked > self.limits.total_bytes:
            raise self.bomb(
                f"plus de {self.limits.total_bytes >> 20} Mio", f"over {self.limits.total_bytes >> 20} MiB"
            )
        ratio = self.limits.ratio
        if self.n_unpacked > max(self.limits.ratio_from, ratio * self.n_packed):
            raise self.bomb(f"plus de {ratio} fois sa taille", f"over {ratio} times its size")

    def bomb(self, fr: str, en: str) -> FileRefused:
        return refused(RefusalCode.BOMB, self.name, why_fr=fr, why_en=en)

    def damaged(self) -> FileRefused:
        return refused(RefusalCode.TRUNCATED_ARCHIVE, self.name)


def unpack(content: bytes, *, name: str, limits: Limits) -> Iterator[Member]:
    """The file itself, or every member of the archive that it is; an archive in an archive counts as one depth more."""
    meter = _Meter(len(content), limits, name)
    yield from _members(content, (), meter, depth=0)


def _members(content: bytes, names: tuple[str, ...], meter: _Meter, *, depth: int) -> Iterator[Member]:
    kind = kind_of(content)
    if kind.id not in ("gzip", "zip"):
        yield Member(names, content, kind)
        return
    if depth == meter.limits.depth:
        raise meter.bomb(f"plus de {depth} archives emboîtées", f"over {depth} nested archives")
    inner = _gzip_members if kind.id == "gzip" else _zip_members
    for inner_names, inner_content in inner(content, meter):
        yield from _members(inner_content, names + inner_names, meter, depth=depth + 1)


def _gzip_members(content: bytes, meter: _Meter) -> Iterator[tuple[tuple[str, ...], bytes]]:
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as source:
            inner = _read_counted(source, meter)
    except _DAMAGED:
        raise meter.damaged() from None
    yield (), inner


def _zip_members(content: bytes, meter: _Meter) -> Iterator[tuple[tuple[str, ...], bytes]]:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _DAMAGED:
        raise meter.damaged() from None
    with archive:
        for info in _checked_infos(archive, meter):
            yield (info.filename,), _read_member(archive, info, meter)


def _checked_infos(archive: zipfile.ZipFile, meter: _Meter) -> list[zipfile.ZipInfo]:
    """The members that are files, once nothing about any of them speaks against the archive."""
    infos = archive.infolist()
    if len(infos) > meter.limits.members:
        n = meter.limits.members
        raise refused(
            RefusalCode.OVER_LIMIT, meter.name, why_fr=f"plus de {n} fichiers", why_en=f"over {n} files"
        )
    if any(is_unsafe_name(info.orig_filename) or _is_link(info) for info in infos):
        raise refused(RefusalCode.UNSAFE_PATH, meter.name)
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise refused(RefusalCode.PASSWORD, meter.name)
    return [info for info in infos if not info.is_dir() and not _LEFTOVERS.search(info.filename)]


def is_unsafe_name(name: str) -> bool:
    r"""True for a member name that could leave the folder it is unpacked in, on any system.

    >>> [is_unsafe_name(name) for name in ("a/b.csv", "../b.csv", r"a\..\b.csv", "/b.csv", "C:b.csv", "a..b.csv")]
    [False, True, True, True, True, False]
    """
    parts = re.split(r"[/\\]", name)
    return ".." in parts or parts[0] == "" or "\0" in name or re.match(r"[A-Za-z]:", name) is not None


def _is_link(info: zipfile.ZipInfo) -> bool:
    return stat.S_ISLNK(info.external_attr >> 16)


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, meter: _Meter) -> bytes:
    try:
        with archive.open(info) as source:
            return _read_counted(source, meter)
    except _DAMAGED:
        raise meter.damaged() from None


def _read_counted(source: IO[bytes] | gzip.GzipFile, meter: _Meter) -> bytes:
    found = io.BytesIO()
    while chunk := source.read(_CHUNK):
        meter.count(len(chunk))
        found.write(chunk)
    return found.getvalue()
