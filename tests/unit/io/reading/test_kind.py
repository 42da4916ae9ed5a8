"""What a file is, by its content, whatever it is called."""

import bz2
import gzip
import io
import json
import lzma
import zipfile

import pytest
import xlsxwriter
import xlwt
from hypothesis import given
from hypothesis import strategies as st

from pipelines.io.reading.kind import WORDS, has_ole_stream, kind_of


def xlsx() -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        workbook.add_worksheet().write(0, 0, "IPP")
    return content.getvalue()


def xls() -> bytes:
    workbook, content = xlwt.Workbook(), io.BytesIO()
    workbook.add_sheet("Feuil1").write(0, 0, "IPP")
    workbook.save(content)
    return content.getvalue()


def archive(**members: bytes) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as target:
        for name, member in members.items():
            target.writestr(name, member)
    return content.getvalue()


def ole(stream: str) -> bytes:
    """An OLE document with one directory entry: all that tells its kind."""
    name = stream.encode("utf-16-le") + b"\0\0"
    entry = name.ljust(64, b"\0") + len(name).to_bytes(2, "little")
    return (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\0") + entry).ljust(1024, b"\0")


def biff(*records: bytes) -> bytes:
    """An XLS workbook that begins with these records."""
    content = ole("Workbook")
    return content[:512] + b"".join(records).ljust(512, b"\0") + content[512:]


BIFF8 = b"\x09\x08\x10\0\0\x06\x05\0" + bytes(12)
BIFF5 = b"\x09\x08\x08\0\0\x05\x05\0" + bytes(4)
WRITE_PROTECT, FILE_PASS, CODE_PAGE = b"\x86\0\0\0", b"\x2f\0\x04\0" + bytes(4), b"\x42\0\x02\0\xe4\x04"


def parquet() -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    content = io.BytesIO()
    pq.write_table(pa.table({"ipp": ["1"]}), content)
    return content.getvalue()


ODF = b"application/vnd.oasis.opendocument."
CONTENTS = [
    (b"", "empty"),
    (b"IPP;NOM\n1;A\n", "text"),
    (b"a", "text"),
    ("é;à\n".encode("cp1252"), "text"),
    ("IPP;NOM\n1;É\n".encode("utf-16"), "text"),
    ("IPP;NOM\n1;É\n".encode("utf-16-le"), "text"),
    ("IPP;NOM\n1;É\n".encode("utf-16-be"), "text"),
    (b"IPP;NOM\n1;A\0B\n", "text"),
    (b"value\n" + bytes(range(1, 32)), "text"),
    (b"<A;B>C\n1;2\n", "text"),
    (b"PAR1;PAR2\n1;2\n", "text"),
    (b"BZh;a\n1;2\n", "text"),
    (b"[1];[2]\n1;2\n", "text"),
    (b'{"a": 1}\n{"a": 2}\n', "text"),
    (xlsx(), "xlsx"),
    (xls(), "xls"),
    (archive(**{"xl/workbook.bin": b""}), "xlsb"),
    (archive(**{"/xl/workbook.xml": b""}), "xlsx"),
    (archive(**{"[Content_Types].xml": b"", "word/document.xml": b""}), "document"),
    (archive(mimetype=ODF + b"spreadsheet", **{"content.xml": b""}), "ods"),
    (archive(mimetype=ODF + b"text", **{"content.xml": b""}), "document"),
    (archive(**{"content.xml": b""}), "ods"),
    (archive(**{"export.csv": b"a"}), "zip"),
    (archive(), "zip"),
    (archive(**{"export.csv": b"a"})[:40], "zip"),
    (ole("EncryptedPackage"), "encrypted"),
    (ole("Book"), "xls"),
    (biff(BIFF8, FILE_PASS), "encrypted"),
    (biff(BIFF5, FILE_PASS), "encrypted"),
    (biff(BIFF8, WRITE_PROTECT, FILE_PASS), "encrypted"),
    (biff(BIFF8, CODE_PAGE, FILE_PASS), "xls"),
    (biff(BIFF8, WRITE_PROTECT), "xls"),
    (ole("WordDocument"), "document"),
    (parquet(), "parquet"),
    (gzip.compress(b"a"), "gzip"),
    (bz2.compress(b"a", 1), "bzip2"),
    (lzma.compress(b"a"), "xz"),
    (b"\r\n<!DOCTYPE html><table>", "html"),
    (b"<TABLE border=1>", "html"),
    (b"<!-- saved -->\n<html>", "html"),
    ("<table>".encode("utf-16"), "html"),
    (b'<?xml version="1.0"?><html xmlns="x">', "html"),
    (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook>', "xml"),
    (b'<!DOCTYPE a [<!ENTITY b "c">]>', "xml"),
    (b'{"a": [1]}', "json"),
    (b'[["a"], ["b"]]', "json"),
    (b"%PDF-1.7", "pdf"),
    (b"{\\rtf1", "rtf"),
    (b"\x89PNG\r\n\x1a\n\0", "image"),
    (b"\xff\xd8\xff\xe0", "image"),
    (b"\x09\x04\x06\x00\0\0", "old_xls"),
    (b"a" * 257 + b"ustar\0", "tar"),
    (b"\0" * 100, "binary"),
    (bytes(range(128, 256)) + bytes(range(1, 32)), "binary"),
]


@pytest.mark.parametrize(("content", "expected"), CONTENTS, ids=range(len(CONTENTS)))
def test_kind(content: bytes, expected: str):
    found = kind_of(content)
    assert found.id == expected
    assert found.evidence_fr
    assert found.evidence_en
    assert 0 < found.confidence <= 1


@pytest.mark.parametrize("length", [0.3, 0.5, 0.9, 0.99])
def test_a_workbook_that_was_cut_short_is_still_a_workbook(length: float):
    content = xlsx()
    found = kind_of(content[: int(length * len(content))])
    assert found.id == "xlsx"
    assert found.confidence < 1


@pytest.mark.parametrize("values", [{"a": 1}, [1, 2], [{"a": "é"}]])
def test_json_is_named_however_it_is_spaced(values: object):
    assert kind_of(json.dumps(values, indent=4).encode()).id == "json"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (ole("_VBA_PROJECT_CUR"), True),
        (ole("_VBA_PROJECT_CURE"), False),
        (b"x" + ole("_VBA_PROJECT_CUR"), False),
        ("_VBA_PROJECT_CUR\0".encode("utf-16-le"), False),
    ],
)
def test_an_ole_stream_is_found_in_the_directory_only(content: bytes, found: bool):
    assert has_ole_stream(content, "_VBA_PROJECT_CUR") is found


@given(st.binary(max_size=600) | st.text(max_size=300).map(str.encode))
def test_any_content_has_a_kind(content: bytes):
    assert kind_of(content).id in WORDS


@given(st.sampled_from([xlsx(), xls(), archive(a=b"b"), parquet()]), st.data())
def test_a_damaged_file_has_a_kind(content: bytes, data: st.DataObject):
    at = data.draw(st.integers(0, len(content) - 1))
    damage = data.draw(st.binary(max_size=8))
    assert kind_of(content[:at] + damage + content[at + len(damage) :]).id in WORDS
