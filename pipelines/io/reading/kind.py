"""What a file is, decided by its content: its name and its ending are never looked at.

A workbook that was cut short is still named a workbook, so that the refusal says what to do with it.
"""

import io
import json
import re
import zipfile
from dataclasses import dataclass
from typing import Final, Literal

KindId = Literal[
    "empty", "text", "xlsx", "xlsb", "xls", "ods", "parquet", "gzip", "zip", "tar", "bzip2", "xz", "7z", "zstd", "rar",
    "html", "xml", "json", "pdf", "rtf", "image", "encrypted", "document", "old_xls", "database", "binary",
]  # fmt: skip

#: What each kind is called, in French and English, as the end of a sentence.
WORDS: Final[dict[KindId, tuple[str, str]]] = {
    "empty": ("un fichier vide", "an empty file"),
    "text": ("du texte", "text"),
    "xlsx": ("un classeur XLSX", "an XLSX workbook"),
    "xlsb": ("un classeur XLSB", "an XLSB workbook"),
    "xls": ("un classeur XLS", "an XLS workbook"),
    "ods": ("un classeur ODS", "an ODS workbook"),
    "parquet": ("un fichier Parquet", "a Parquet file"),
    "gzip": ("un fichier compressé GZIP", "a GZIP-compressed file"),
    "zip": ("une archive ZIP", "a ZIP archive"),
    "tar": ("une archive TAR", "a TAR archive"),
    "bzip2": ("un fichier compressé BZIP2", "a BZIP2-compressed file"),
    "xz": ("un fichier compressé XZ", "an XZ-compressed file"),
    "7z": ("une archive 7-Zip", "a 7-Zip archive"),
    "zstd": ("un fichier compressé Zstandard", "a Zstandard-compressed file"),
    "rar": ("une archive RAR", "a RAR archive"),
    "html": ("une page HTML", "an HTML page"),
    "xml": ("un document XML", "an XML document"),
    "json": ("un document JSON", "a JSON document"),
    "pdf": ("un document PDF", "a PDF document"),
    "rtf": ("un document RTF", "an RTF document"),
    "image": ("une image", "an image"),
    "encrypted": ("un classeur protégé par mot de passe", "a password-protected workbook"),
    "document": ("un document bureautique sans feuille de calcul", "an office document without a sheet"),
    "old_xls": ("un classeur Excel 4 ou plus ancien", "a workbook of Excel 4 or earlier"),
    "database": ("une base de données", "a database"),
    "binary": ("un contenu binaire inconnu", "unknown binary content"),
}


@dataclass(frozen=True)
class Kind:
    """What a content is, how sure that is (0 to 1), and the evidence in French and English."""

    id: KindId
    confidence: float
    evidence_fr: str
    evidence_en: str


_SIGNATURES: Final[tuple[tuple[bytes, KindId], ...]] = (
    (b"PAR1\x15", "parquet"),
    (b"\x1f\x8b", "gzip"),
    *((b"BZh%d1AY&SY" % level, "bzip2") for level in range(1, 10)),
    (b"\xfd7zXZ\0", "xz"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"Rar!\x1a\x07", "rar"),
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n\x1a\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"SQLite format 3\0", "database"),
    (b"\x00\x01\x00\x00Standard ", "database"),
    (b"\x09\x00\x04\x00", "old_xls"),
    (b"\x09\x02\x06\x00", "old_xls"),
    (b"\x09\x04\x06\x00", "old_xls"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_SAMPLE = 1 << 16


def kind_of(content: bytes) -> Kind:
    """The kind of a content.

    >>> kind_of(b"%PDF-1.7").id, kind_of(b"IPP;NOM").id, kind_of(b"<table><tr>").id
    ('pdf', 'text', 'html')
    """
    if not content:
        return Kind("empty", 1.0, "0 octet", "0 bytes")
    if content.startswith(_ZIP):
        return _zip_kind(content)
    if content.startswith(_OLE):
        return _ole_kind(content)
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return Kind(kind, 1.0, "signature au début du fichier", "signature at the start of the file")
    if content[257:262] == b"ustar":
        return Kind("tar", 1.0, "signature à l'octet 257", "signature at byte 257")
    return _markup_kind(content) or _json_kind(content) or _text_or_binary(content)


def _zip_kind(content: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            mimetype = _mimetype(archive)
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return _damaged_zip(content)
    kind = _office_kind({name.lstrip("/").lower() for name in names}, mimetype)
    if kind == "zip":
        return Kind("zip", 1.0, "archive ZIP sans classeur", "ZIP archive that is no workbook")
    return Kind(kind, 1.0, "parties du classeur dans une archive ZIP", "workbook parts in a ZIP archive")


def _mimetype(archive: zipfile.ZipFile) -> bytes:
    """The first bytes of an ODF file's `mimetype`, the standard's own label; nothing when it is no ODF file."""
    if "mimetype" not in archive.namelist():
        return b""
    try:
        with archive.open("mimetype") as label:
            return label.read(100)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, EOFError, ValueError):
        return b""


def _office_kind(names: set[str], mimetype: bytes) -> KindId:
    if mimetype.startswith(b"application/vnd.oasis.opendocument"):
        return "ods" if b"spreadsheet" in mimetype else "document"
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if any(name.startswith(("word/", "ppt/")) for name in names):
        return "document"
    if "content.xml" in names:
        return "ods"
    return "xlsx" if "[content_types].xml" in names else "zip"


def _damaged_zip(content: bytes) -> Kind:
    """The kind that the local headers of an archive without a readable directory still tell."""
    names = {name.decode("ascii").lower() for name in _local_names(content)}
    mimetype = b"application/vnd.oasis.opendocument" if b"application/vnd.oasis" in content[:120] else b""
    kind = "ods" if mimetype else _office_kind(names, b"")
    kind = "xlsx" if kind == "zip" and any(name.startswith("_rels/") for name in names) else kind
    return Kind(
        kind, 0.8, "archive ZIP sans table des matières lisible", "ZIP archive with no readable directory"
    )


def _local_names(content: bytes) -> list[bytes]:
    local = re.compile(rb"PK\x03\x04.{22}.{4}([\x20-\x7e]{1,80}?\.(?:xml|rels|bin))", re.DOTALL)
    return [found.group(1) for found in local.finditer(content[: 1 << 20])]


_OLE_STREAMS: Final[tuple[tuple[str, KindId], ...]] = (
    ("EncryptedPackage", "encrypted"),
    ("Workbook", "xls"),
    ("WORKBOOK", "xls"),
    ("Book", "xls"),
    ("BOOK", "xls"),
)


def _ole_kind(content: bytes) -> Kind:
    if _is_encrypted_xls(content):
        return Kind(
            "encrypted", 1.0, "enregistrement FILEPASS d'un XLS", "FILEPASS record of an XLS workbook"
        )
    for stream, kind in _OLE_STREAMS:
        if has_ole_stream(content, stream):
            return Kind(
                kind,
                1.0,
                f"document composé OLE avec le flux {stream}",
                f"OLE compound document, stream {stream}",
            )
    return Kind(
        "document", 0.9, "document composé OLE sans classeur", "OLE compound document without a workbook"
    )


#: How the records of a workbook begin, in BIFF8 and BIFF5.
_GLOBALS: Final = (b"\x09\x08\x10\x00\x00\x06\x05\x00", b"\x09\x08\x08\x00\x00\x05\x05\x00")
_WRITE_PROTECT, _FILE_PASS = 0x86, 0x2F


def _is_encrypted_xls(content: bytes) -> bool:
    """True when the workbook's first records say that the following ones are encrypted."""
    at = max(content.find(start) for start in _GLOBALS)
    while 0 <= at < len(content) - 4:
        record = int.from_bytes(content[at : at + 2], "little")
        if record == _FILE_PASS:
            return True
        if record not in (0x0809, _WRITE_PROTECT):
            return False
        at += 4 + int.from_bytes(content[at + 2 : at + 4], "little")
    return False


def has_ole_stream(content: bytes, name: str) -> bool:
    """True when an OLE document has a stream or storage of this name, even where its allocation table is damaged."""
    wanted = name.encode("utf-16-le") + b"\0\0"
    at = content.find(wanted)
    while at >= 0:
        # a directory entry: 128 bytes, the name first, its length in bytes 64 and 65
        if at % 128 == 0 and content[at + 64 : at + 66] == len(wanted).to_bytes(2, "little"):
            return True
        at = content.find(wanted, at + 1)
    return False


_HTML = re.compile(r"<(?:html|table|head|body|style|meta|title)[\s>]|<!doctype\s+html", re.IGNORECASE)
_XML = re.compile(r"<\?xml\s|<!doctype\s|<!entity\s", re.IGNORECASE)


def _markup_kind(content: bytes) -> Kind | None:
    head = _head(content)
    if _HTML.match(head) or (_XML.match(head) and "<html" in head.lower()):
        return Kind("html", 1.0, "balises HTML au début du fichier", "HTML tags at the start of the file")
    if _XML.match(head):
        return Kind("xml", 1.0, "balises XML au début du fichier", "XML tags at the start of the file")
    return None


def _head(content: bytes) -> str:
    """The first characters of a text without its mark, blanks and comments."""
    head = content[:4096]
    encoding = next((name for name, mark in _MARKS.items() if head.startswith(mark)), "latin-1")
    text = head.decode(encoding, "replace").lstrip("\ufeff\xef\xbb\xbf \t\r\n\0")
    return re.sub(r"\A(?:<!--.*?-->\s*)+", "", text, flags=re.DOTALL)


_MARKS: Final = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}


def _json_kind(content: bytes) -> Kind | None:
    """JSON only when the whole content is one object or list: a delimited file of more than a line never is."""
    if not re.match(rb"(?:\xef\xbb\xbf)?\s*(?:\{\s*\"|\[\s*[^\]\s])", content[:200]):
        return None
    try:
        json.loads(content)
    except (ValueError, RecursionError):
        return None
    return Kind("json", 1.0, "le tout est une valeur JSON", "the whole is one JSON value")


#: Characters below the space that text files do hold: tabs, line ends, form feeds, the old end-of-file mark.
_CONTROLS: Final = bytes(set(range(1, 32)) - {9, 10, 11, 12, 13, 26, 27})


def _text_or_binary(content: bytes) -> Kind:
    sample = content[:_SAMPLE]
    if _is_utf16(sample):
        return Kind("text", 0.9, "caractères UTF-16", "UTF-16 characters")
    nulls = sample.count(0) / len(sample)
    controls = (len(sample) - len(sample.translate(None, _CONTROLS))) / len(sample)
    if nulls > 0.3 or (controls > 0.05 and not _is_utf8(sample)):
        return Kind("binary", 0.8, "caractères nuls ou de commande", "null or control characters")
    return Kind("text", 1.0 if nulls == 0 else 0.8, "aucune signature binaire", "no binary signature")


def _is_utf16(sample: bytes) -> bool:
    """True when there is a mark, or when nearly every second byte is null, as in Latin text."""
    if sample.startswith(tuple(_MARKS.values())):
        return True
    even, odd = sample[0::2], sample[1::2]
    if len(odd) < 2:
        return False
    return any(
        a.count(0) > 0.6 * len(a) and b.count(0) < 0.05 * len(b) for a, b in ((even, odd), (odd, even))
    )


def _is_utf8(sample: bytes) -> bool:
    try:
        sample[:-4].decode("utf-8")
    except UnicodeDecodeError as problem:
        return problem.start > len(sample) - 8  # cut within a character
    return True
