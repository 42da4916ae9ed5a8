"""Files that were made to hurt a reader: each with its declared format and the ways in which it may end.

Every one is harmless to keep as text of a program: the bytes are made when a test or a measure asks for them.
"""

import gzip
import io
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.dialects import ods, xls, xlsx

HEADER = ["IPP", "Nom", "Né le"]
ROWS = [HEADER, ["1", "LÉVY", "x"], ["2", "B", "y"]]
CSV = "IPP;Nom;Né le\n1;LÉVY;x\n2;B;y\n".encode()
LOADED = "loaded"
ASIDE = "set aside"

_BILLION = (
    b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 10 + b'"><!ENTITY c "' + b"&b;" * 10 + b'">]>'
)
_OUTSIDE = b'<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
_QUADRATIC = b'<!DOCTYPE l [<!ENTITY a "' + b"x" * 50_000 + b'">]>'
_PARAMETER = b'<!DOCTYPE l SYSTEM "http://127.0.0.1:9/x.dtd">'


@dataclass(frozen=True)
class Hostile:
    """One file: its name, its declared format, how to make it, and its permitted ends."""

    name: str
    file_format: str
    make: Callable[[], bytes]
    ends: tuple[str, ...]


def zipped(*members: tuple[str | zipfile.ZipInfo, bytes], comment: bytes = b"") -> bytes:
    """A ZIP archive of these members, duplicates and odd names included."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.comment = comment
        for name, content in members:
            archive.writestr(name, content)
    return memory.getvalue()


def changed(book: bytes, parts: dict[str, Callable[[bytes], bytes]], **more: bytes) -> bytes:
    """A workbook with parts rewritten and parts added."""
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        members = [(name, parts.get(name, bytes)(archive.read(name))) for name in archive.namelist()]
    return zipped(*members, *((name.replace("__", "/"), content) for name, content in more.items()))


def with_prolog(book: bytes, part: str, prolog: bytes, *, encoding: str = "utf-8") -> bytes:
    """A workbook one of whose XML parts declares a document type."""

    def declare(xml: bytes) -> bytes:
        text = xml.decode("utf-8")
        start = text.index("?>") + 2 if text.startswith("<?xml") else 0
        return (f'<?xml version="1.0" encoding="{encoding}"?>' + prolog.decode() + text[start:]).encode(
            encoding
        )

    return changed(book, {part: declare})


def sheet_of(rows: bytes) -> bytes:
    """A workbook whose only sheet has these rows, as XML."""
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    xml = (
        b'<?xml version="1.0"?><worksheet xmlns="'
        + space
        + b'"><sheetData>'
        + rows
        + b"</sheetData></worksheet>"
    )
    return changed(xlsx(ROWS), {"xl/worksheets/sheet1.xml": lambda _: xml})


def cell(place: str, text: str) -> bytes:
    """A cell with its text in place."""
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'.encode()


HEADER_ROW = (
    b'<row r="1">' + b"".join(cell(f"{c}1", t) for c, t in zip("ABC", HEADER, strict=True)) + b"</row>"
)
FIRST_ROW = b'<row r="2">' + cell("A2", "1") + b"</row>"


def with_relation(kind: str) -> bytes:
    """A workbook whose sheet has a relation to something outside."""
    relation = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" '
        'Target="http://127.0.0.1:9/x" TargetMode="External"/></Relationships>'
    )
    return changed(xlsx(ROWS), {}, **{"xl__worksheets___rels__sheet1.xml.rels": relation.encode()})


def with_cells(rows: str) -> bytes:
    """An OpenDocument workbook with more rows, as XML."""
    end = b"</table:table>"
    return changed(ods(ROWS), {"content.xml": lambda xml: xml.replace(end, rows.encode() + end)})


REPEATED = (
    '<table:table-row table:number-rows-repeated="1000000"><table:table-cell table:number-columns-repeated="1000"'
    ' office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
)
#: What an OpenDocument workbook would load from elsewhere, and what is like it but harmless.
ODS_LINKS = {
    "sheet": '<table:table-source xlink:href="file:///x.ods" table:table-name="a"/>',
    "area": '<table:cell-range-source table:name="a" xlink:href="x.ods"/>',
    "program": '<office:dde-source office:dde-application="soffice" office:dde-topic="x"/>',
    "picture": '<draw:image xlink:href="https://127.0.0.1:9/x.png"/>',
    "object": "<draw:object xlink:type='simple' xlink:href='/x.ods'/>",
    "formula": "<table:table-row><table:table-cell table:formula=\"of:=['file:///x.ods'#$A.A1]\"/></table:table-row>",
}
ODS_HARMLESS = {
    "own picture": '<draw:image xlink:href="Pictures/1.png"/>',
    "own formula": '<table:table-row><table:table-cell table:formula="of:=[.A1]+1"/></table:table-row>',
    "link in a text": '<table:table-row><table:table-cell office:value-type="string"><text:p>'
    '<text:a xlink:href="https://x.test/">x</text:a></text:p></table:table-cell></table:table-row>',
}


def lying_size(packed: bytes, size: int) -> bytes:
    """An archive whose first member says that it is of another size, in both places."""
    found = bytearray(packed)
    central = found.index(b"PK\x01\x02")
    found[22:26] = size.to_bytes(4, "little")
    found[central + 24 : central + 28] = size.to_bytes(4, "little")
    return bytes(found)


def bad_crc(packed: bytes) -> bytes:
    """An archive whose members do not have the checksum that it says."""
    found, at = bytearray(packed), -1
    while (at := found.find(b"PK\x01\x02", at + 1)) >= 0:
        found[at + 16] ^= 0xFF
    return bytes(found)


def encrypted(packed: bytes) -> bytes:
    """An archive whose members are said to be encrypted."""
    found, at = bytearray(packed), -1
    while (at := found.find(b"PK\x01\x02", at + 1)) >= 0:
        found[at + 8] |= 1
    return bytes(found)


def zeros(n_mib: int) -> bytes:
    """Zeros, compressed as gzip."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = b"0;1;2\n" * 174_763
    return b"".join(packer.compress(block) for _ in range(n_mib)) + packer.flush()


def nested(depth: int) -> bytes:
    """An archive in an archive, and so on."""
    content = CSV
    for _ in range(depth):
        content = zipped(("export.zip", content))
    return content


def link() -> bytes:
    """An archive with a symbolic link."""
    info = zipfile.ZipInfo("export.csv")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return zipped((info, b"/etc/hostname"))


def truncated() -> Iterator[Hostile]:
    """Archives and workbooks that end too early, at many places."""
    rows = [HEADER, *([str(i), f"NOM{i * 7919 % 1000}", "x"] for i in range(300))]
    whole = {
        "gzip": ("csv", gzip.compress(b"".join(b"%d;N%d;x\n" % (i, i * 7919) for i in range(3000)))),
        "zip": ("csv", zipped(("export.csv", CSV * 50))),
        "xlsx": ("xlsx", xlsx(rows)),
        "ods": ("ods", ods(rows)),
        "xls": ("xls", xls(rows)),
    }
    codes = (
        "truncated_archive",
        "truncated_workbook",
        "unknown_kind",
        "not_the_declared_format",
        "parser_crashed",
    )
    for kind, (file_format, content) in whole.items():
        for share in (0.02, 0.2, 0.5, 0.8, 0.95, 0.999):
            cut = content[: max(5, int(len(content) * share))]
            yield Hostile(f"{kind} cut at {share}", file_format, lambda cut=cut: cut, codes)  # type: ignore[misc]


def archives() -> Iterator[Hostile]:
    """Archives with members that are not what they should be."""
    for name in ("../export.csv", "..\\export.csv", "/export.csv", "C:\\export.csv", "a/../../export.csv"):
        yield Hostile(f"zip slip {name}", "csv", lambda n=name: zipped((n, CSV)), ("unsafe_path_in_archive",))  # type: ignore[misc]
    yield Hostile("symbolic link", "csv", link, ("unsafe_path_in_archive",))
    yield Hostile("zip in zip", "csv", lambda: nested(2), (LOADED,))
    yield Hostile("zip in zip in zip", "csv", lambda: nested(3), ("decompression_bomb",))
    yield Hostile("zip nested 30 times", "csv", lambda: nested(30), ("decompression_bomb",))
    yield Hostile("bad checksum", "csv", lambda: bad_crc(zipped(("a.csv", CSV))), ("truncated_archive",))
    yield Hostile(
        "size too small", "csv", lambda: lying_size(zipped(("a.csv", CSV)), 5), ("truncated_archive",)
    )
    yield Hostile(
        "size too large",
        "csv",
        lambda: lying_size(zipped(("a.csv", CSV)), 1 << 30),
        (LOADED, "truncated_archive"),
    )
    yield Hostile(
        "encrypted member", "csv", lambda: encrypted(zipped(("a.csv", CSV))), ("password_protected",)
    )
    yield Hostile(
        "2000 members", "csv", lambda: zipped(*((f"{i}.csv", b"") for i in range(2000))), ("over_limit",)
    )
    yield Hostile("case collision", "csv", lambda: zipped(("a.csv", CSV), ("A.csv", CSV)), ("unknown_file",))
    yield Hostile("name of 255 bytes", "csv", lambda: zipped(("x" * 251 + ".csv", CSV)), (LOADED,))
    yield Hostile("no member", "csv", lambda: zipped(), ("empty_file",))
    yield Hostile(
        "two gzip members", "csv", lambda: gzip.compress(CSV[:20]) + gzip.compress(CSV[20:]), (LOADED,)
    )
    yield Hostile("gzip and rubbish", "csv", lambda: gzip.compress(CSV) + b"rubbish", ("truncated_archive",))


def documents() -> Iterator[Hostile]:
    """Workbooks with what is no data."""
    sheet, styles, relations = "xl/worksheets/sheet1.xml", "xl/styles.xml", "_rels/.rels"
    for what, prolog in (
        ("laughs", _BILLION),
        ("outside", _OUTSIDE),
        ("quadratic", _QUADRATIC),
        ("dtd", _PARAMETER),
    ):
        for part in (sheet, styles, "xl/workbook.xml", relations, "[Content_Types].xml"):
            yield Hostile(
                f"{what} in {part}", "xlsx",
                lambda p=part, d=prolog: with_prolog(xlsx(ROWS), p, d), ("xml_entities",),  # type: ignore[misc]
            )  # fmt: skip
        yield Hostile(
            f"{what} in ods",
            "ods",
            lambda d=prolog: with_prolog(ods(ROWS), "content.xml", d),
            ("xml_entities",),  # type: ignore[misc]
        )
    yield Hostile(
        "laughs in UTF-16", "xlsx",
        lambda: with_prolog(xlsx(ROWS), sheet, _BILLION, encoding="utf-16"), ("xml_entities",),
    )  # fmt: skip
    yield Hostile("vba", "xlsx", lambda: changed(xlsx(ROWS), {}, **{"xl__vbaProject.bin": b"x"}), ("macros",))
    yield Hostile(
        "xlm", "xlsx", lambda: changed(xlsx(ROWS), {}, **{"xl__macrosheets__s.xml": b"<x/>"}), ("macros",)
    )
    yield Hostile(
        "external link", "xlsx",
        lambda: changed(xlsx(ROWS), {}, **{"xl__externalLinks__externalLink1.xml": b"<x/>"}), ("external_links",),
    )  # fmt: skip
    yield Hostile("external image", "xlsx", lambda: with_relation("image"), ("external_links",))
    yield Hostile("template outside", "xlsx", lambda: with_relation("attachedTemplate"), ("external_links",))
    yield Hostile("link in a cell", "xlsx", lambda: with_relation("hyperlink"), (LOADED,))
    for what, xml in ODS_LINKS.items():
        yield Hostile(f"{what} elsewhere in ods", "ods", lambda x=xml: with_cells(x), ("external_links",))  # type: ignore[misc]
    for what, xml in ODS_HARMLESS.items():
        yield Hostile(f"{what} in ods", "ods", lambda x=xml: with_cells(x), (LOADED,))  # type: ignore[misc]
    yield Hostile("sheet name twice", "xlsx", two_sheets_of_one_name, ("truncated_workbook",))
    yield Hostile("part twice", "xlsx", lambda: xlsx_twice(), ("truncated_workbook",))
    yield Hostile(
        "part outside",
        "xlsx",
        lambda: changed(xlsx(ROWS), {}, **{"..__evil.xml": b"<x/>"}),
        ("unsafe_path_in_archive",),
    )
    yield Hostile("encrypted parts", "xlsx", lambda: encrypted(xlsx(ROWS)), ("password_protected",))
    yield Hostile("bad checksums", "xlsx", lambda: bad_crc(xlsx(ROWS)), ("truncated_workbook",))


def outside() -> bytes:
    """A workbook with a part above its folder."""
    return changed(xlsx(ROWS), {}, **{"..__evil.xml": b"<x/>"})


def two_sheets_of_one_name() -> bytes:
    """A workbook that no spreadsheet would write: a reader that goes by names never sees its second sheet."""
    book = xlsx(ROWS, title="A", more={"B": ROWS})
    return changed(book, {"xl/workbook.xml": lambda xml: xml.replace(b'name="B"', b'name="A"')})


def xlsx_twice() -> bytes:
    """A workbook with one part twice, which two readers would read differently."""
    book = xlsx(ROWS)
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    return zipped(*members, ("XL/WORKSHEETS/sheet1.xml", b"<x/>"))


def sizes() -> Iterator[Hostile]:
    """Files that are larger than they look, or look larger than they are."""
    yield Hostile(
        "one cell at the last place", "xlsx",
        lambda: sheet_of(HEADER_ROW + FIRST_ROW + b'<row r="1048576">' + cell("XFD1048576", "x") + b"</row>"),
        ("over_limit",),
    )  # fmt: skip
    yield Hostile(
        "one cell at the last column", "xlsx",
        lambda: sheet_of(HEADER_ROW + FIRST_ROW + b'<row r="9">' + cell("XFD9", "x") + b"</row>"),
        (LOADED,),
    )  # fmt: skip
    yield Hostile(
        "a format at the last place", "xlsx",
        lambda: sheet_of(HEADER_ROW + FIRST_ROW + b'<row r="1048576"><c r="XFD1048576" s="1"/></row>'),
        (LOADED,),
    )  # fmt: skip
    yield Hostile(
        "a row repeated a million times",
        "ods",
        lambda: with_cells(REPEATED),
        ("truncated_workbook",),
    )
    yield Hostile(
        "one cell at the last row", "xlsx",
        lambda: sheet_of(HEADER_ROW + FIRST_ROW + b'<row r="1048576">' + cell("A1048576", "x") + b"</row>"),
        (LOADED,),
    )  # fmt: skip
    yield Hostile(
        "1,048,576 empty rows", "xlsx",
        lambda: sheet_of(HEADER_ROW + FIRST_ROW + b"".join(b'<row r="%d" s="1"/>' % i for i in range(3, 1_048_577))),
        (LOADED,),
    )  # fmt: skip
    yield Hostile("field of 10 MB", "csv", lambda: CSV + b'3;"' + b"x" * 10_000_000 + b'";z\n', (LOADED,))
    yield Hostile("field of 20 MB", "csv", lambda: CSV + b'3;"' + b"x" * 20_000_000 + b'";z\n', (ASIDE,))
    yield Hostile(
        "a million columns",
        "csv",
        lambda: b";".join([b"IPP", *[b"x"] * 1_000_000]) + b"\n1;A\n",
        ("over_limit",),
    )
    yield Hostile("a row of a million cells", "csv", lambda: CSV + b"3" + b";" * 1_000_000 + b"\n", (ASIDE,))
    yield Hostile("a million lines of nothing", "csv", lambda: CSV + b"\n" * 1_000_000, (LOADED,))
    yield Hostile("quotes never closed", "csv", lambda: CSV + b'3;"a;z\n' * 2000, (ASIDE,))


def texts() -> Iterator[Hostile]:
    """Texts that are no texts, or several."""
    yield Hostile("null characters", "csv", lambda: CSV + b"3;C\0;z\n", (ASIDE,))
    yield Hostile("nothing but nulls", "csv", lambda: b"\0" * 10_000, ("unknown_kind",))
    yield Hostile("mixed encodings", "csv", lambda: CSV + "3;É;z\n".encode("cp1252"), ("unreadable_text",))
    yield Hostile("control characters", "csv", lambda: CSV + b"3;\x07\x1b[31m;z\n", (LOADED,))
    yield Hostile("written right to left", "csv", lambda: CSV + "3;\u202ea\u200b;z\n".encode(), (LOADED,))
    yield Hostile("formulas", "csv", lambda: CSV + b"3;=cmd|'/c calc'!A0;@SUM(1)\n", (LOADED,))
    for name, content in {
        "xls": xls(ROWS), "xlsx": xlsx(ROWS), "html": b"<html><table><tr><td>x</td></tr></table></html>",
        "pdf": b"%PDF-1.7\n%\xe2\xe3", "png": b"\x89PNG\r\n\x1a\n" + bytes(50), "empty": b"",
        "zstd": b"\x28\xb5\x2f\xfdxxxx",
    }.items():  # fmt: skip
        codes = ("not_the_declared_format", "unknown_kind", "empty_file")
        yield Hostile(f"{name} named csv", "csv", lambda c=content: c, codes)  # type: ignore[misc]
    yield Hostile("text named xls", "xls", lambda: CSV, ("not_the_declared_format",))
    yield Hostile(
        "html named xls", "xls", lambda: b"<html><table></table></html>", ("not_the_declared_format",)
    )


def bombs(n_mib: int) -> list[Hostile]:
    """Small files that would be `n_mib` MiB once decompressed."""
    media = {"xl__media__x.bin": bytes(n_mib << 20)}
    makers: dict[str, tuple[str, Callable[[], bytes]]] = {
        "gzip bomb": ("csv", lambda: zeros(n_mib)),
        "zip bomb": ("csv", lambda: zipped(("a.csv", gzip.decompress(zeros(n_mib))))),
        "gzip in zip bomb": ("csv", lambda: zipped(("a.gz", zeros(n_mib)))),
        "workbook bomb": ("xlsx", lambda: changed(xlsx(ROWS), {}, **media)),
    }
    return [Hostile(name, kind, make, ("decompression_bomb",)) for name, (kind, make) in makers.items()]


def everything() -> list[Hostile]:
    """Every hostile file but the bombs."""
    return [*truncated(), *archives(), *documents(), *sizes(), *texts()]
