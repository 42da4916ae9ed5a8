"""What is looked at in a workbook before its parser sees it: nothing that is no data may come in with the data.

Macros, links to other files, XML entities and passwords are refused by name, so that a centre can remove them. Of most
XML parts only the beginning is read: a declaration of entities cannot stand below the first element. Not looked for:
links to other workbooks in the formulas of an XLS, which no reader of ours follows.
"""

import io
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import partial
from xml.parsers import expat

from pipelines.errors import FileRefused, RefusalCode
from pipelines.io.reading.kind import KindId, has_ole_stream
from pipelines.io.reading.limits import Limits
from pipelines.io.reading.unpack import is_unsafe_name
from pipelines.io.used_range import blocks, used_range
from pipelines.refusals import refused

_ENCRYPTED = 0x1
_MACROS = re.compile(r"(?:^|/)(?:vbaproject\.bin|macrosheets/.*|basic/.*\.xml|scripts/.+)$", re.IGNORECASE)
_LINKS = re.compile(r"(?:^|/)externallinks/", re.IGNORECASE)
_XML = re.compile(r"\.(?:xml|rels|vml|xhtml)$", re.IGNORECASE)
_RELATIONS = re.compile(r"\.rels$", re.IGNORECASE)
_SHEETS = re.compile(r"^xl/worksheets/[^/]+\.xml$", re.IGNORECASE)
#: What an OpenDocument file loads from elsewhere: a linked sheet, area, program or picture, a formula on another file.
_LINK_WORDS = (b"table-source", b"range-source", b"dde-source", b"dde-link", b"<draw:", b"formula=")
_ODS_LINKS = re.compile(
    rb"""<(?:[\w.-]+:)?(?:table-source|cell-range-source|dde-source|dde-link)[\s/>]"""
    rb"""|<draw:(?:image|object|object-ole|plugin|applet|floating-frame)\s[^<>]*xlink:href=["'](?:[a-z]+:|/)"""
    rb"""|table:formula=["'][^"'<>]*(?:'|&apos;)[a-z]+:/""",
    re.IGNORECASE,
)
_MACRO_STREAMS = ("_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA")
_CHUNK = 1 << 14
_LONGEST_PROLOG = 1 << 20
_LONGEST_HEAD = 16 << 20
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)


def check_workbook(content: bytes, kind: KindId, *, name: str, limits: Limits) -> None:
    """FileRefused when a workbook holds what is no data, or more than it may."""
    if kind == "xls":
        _check_ole(content, name=name)
        return
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_directory(archive, len(content), name=name, limits=limits)
            _check_parts(archive, name=name)
            _check_links(archive, name=name)
            _check_sheets(archive, name=name, limits=limits)
    except _DAMAGED:
        raise refused(RefusalCode.TRUNCATED, name) from None


def check_cells(n_rows: int, n_columns: int, *, name: str, limits: Limits) -> None:
    """FileRefused when a table has more cells than may be read."""
    if n_rows * n_columns > limits.cells:
        why = {"why_fr": f"plus de {limits.cells} cellules", "why_en": f"over {limits.cells} cells"}
        raise refused(RefusalCode.OVER_LIMIT, name, **why)


def _check_ole(content: bytes, *, name: str) -> None:
    if any(has_ole_stream(content, stream) for stream in _MACRO_STREAMS):
        raise refused(RefusalCode.MACROS, name)


def _check_directory(archive: zipfile.ZipFile, n_packed: int, *, name: str, limits: Limits) -> None:
    members = archive.infolist()
    if len(members) > limits.members:
        why = {"why_fr": f"plus de {limits.members} parties", "why_en": f"over {limits.members} parts"}
        raise refused(RefusalCode.OVER_LIMIT, name, **why)
    if any(is_unsafe_name(member.orig_filename) for member in members):
        raise refused(RefusalCode.UNSAFE_PATH, name)
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise refused(RefusalCode.PASSWORD, name)
    if max(Counter(member.filename.casefold() for member in members).values(), default=0) > 1:
        raise refused(RefusalCode.TRUNCATED, name)  # which of the two is read would depend on the reader
    _check_size(sum(member.file_size for member in members), n_packed, name=name, limits=limits)
    for pattern, code in ((_MACROS, RefusalCode.MACROS), (_LINKS, RefusalCode.EXTERNAL_LINKS)):
        if any(pattern.search(member.filename) for member in members):
            raise refused(code, name)


def _check_size(n_unpacked: int, n_packed: int, *, name: str, limits: Limits) -> None:
    if n_unpacked > limits.total_bytes:
        n = limits.total_bytes >> 20
        raise refused(RefusalCode.BOMB, name, why_fr=f"plus de {n} Mio", why_en=f"over {n} MiB")
    if n_unpacked > max(limits.ratio_from, limits.ratio * n_packed):
        n = limits.ratio
        raise refused(
            RefusalCode.BOMB, name, why_fr=f"plus de {n} fois sa taille", why_en=f"over {n} times its size"
        )


def _check_parts(archive: zipfile.ZipFile, *, name: str) -> None:
    for member in archive.infolist():
        if _XML.search(member.filename):
            with archive.open(member) as part:
                declares = _declares_entities(iter(lambda: part.read(_CHUNK), b""))
            if declares:
                raise refused(RefusalCode.ENTITIES, name)
        if _RELATIONS.search(member.filename):
            _check_relations(archive, member, name=name)
    manifest = "META-INF/manifest.xml"
    if manifest in archive.namelist() and b"encryption-data" in _head_of(archive, manifest):
        raise refused(RefusalCode.PASSWORD, name)


def _check_links(archive: zipfile.ZipFile, *, name: str) -> None:
    """An OpenDocument file names its links among its cells; that of Excel has parts for them."""
    if "content.xml" not in archive.namelist():
        return
    with archive.open("content.xml") as part:
        if any(_is_linked(block) for block in blocks(part)):
            raise refused(RefusalCode.EXTERNAL_LINKS, name)


def _is_linked(xml: bytes) -> bool:
    return any(word in xml for word in _LINK_WORDS) and _ODS_LINKS.search(xml) is not None


def _check_sheets(archive: zipfile.ZipFile, *, name: str, limits: Limits) -> None:
    for member in archive.infolist():
        if _SHEETS.search(member.filename):
            check_cells(*used_range(partial(archive.open, member)), name=name, limits=limits)


def _head_of(archive: zipfile.ZipFile, member: str) -> bytes:
    with archive.open(member) as part:
        return part.read(_LONGEST_HEAD)


class _FirstElement(Exception):
    """The prolog is over."""


class _Declaration(Exception):
    """A document type is declared."""


def _declares_entities(chunks: Iterator[bytes]) -> bool:
    """True when an XML document declares a type, and so could declare entities; whatever encoding it is in."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _stop_at_declaration
    parser.StartElementHandler = _stop_at_element
    n_read = 0
    try:
        for chunk in chunks:
            parser.Parse(chunk)
            n_read += len(chunk)
            if n_read > _LONGEST_PROLOG:
                return True  # no honest writer has such a prolog
    except _FirstElement:
        return False
    except _Declaration:
        return True
    except expat.ExpatError:
        return False  # the parser of the workbook will say that it is damaged
    return False


def _stop_at_declaration(*_: object) -> None:
    raise _Declaration


def _stop_at_element(*_: object) -> None:
    raise _FirstElement


def _check_relations(archive: zipfile.ZipFile, member: zipfile.ZipInfo, *, name: str) -> None:
    """Links in cells to a web page or a mail address are data; a target that a program would load is not."""
    found: list[dict[str, str]] = []
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda _, attributes: found.append(attributes)
    try:
        parser.Parse(_head_of(archive, member.filename), True)
    except expat.ExpatError:
        raise refused(RefusalCode.TRUNCATED, name) from None
    if any(_is_loaded(attributes) for attributes in found):
        raise refused(RefusalCode.EXTERNAL_LINKS, name)


def _is_loaded(attributes: dict[str, str]) -> bool:
    is_external = attributes.get("TargetMode", "").casefold() == "external"
    return is_external and not attributes.get("Type", "").casefold().endswith("/hyperlink")


def unreadable_kind(kind: KindId, *, declared: str, name: str) -> FileRefused:
    """The refusal of a content that is not what its centre declares."""
    from pipelines.io.reading.kind import WORDS

    fr, en = WORDS[kind]
    if kind == "encrypted":
        return refused(RefusalCode.PASSWORD, name)
    if kind in _TABLES:
        facts = {"declared": declared.upper(), "found_fr": fr, "found_en": en}
        return refused(RefusalCode.NOT_THIS_FORMAT, name, **facts)
    return refused(RefusalCode.UNKNOWN_KIND, name, found_fr=fr, found_en=en)


#: The kinds that may hold a table: their remedy is another export or another declaration.
_TABLES = frozenset({"text", "html", "xml", "json", "xlsx", "xlsb", "xls", "ods", "parquet", "zip", "gzip"})
