"""The same data in another packing has the same hash; other data, and anything doubtful, has another."""

import codecs
import gzip
import hashlib
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipelines.io import data_hash as module
from pipelines.io.data_hash import data_hash

TEXT = "nom;âge\nx;1\n\ny;2"
UTF8 = TEXT.encode()
BOOK = {"[Content_Types].xml": b"t", "xl/workbook.xml": b"w", "docProps/core.xml": b"today"}
KEEP = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def zipped(members: dict[str, bytes] | list[tuple[str, bytes]], *, how: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, content in members.items() if isinstance(members, dict) else members:
            archive.writestr(name, content)
    return out.getvalue()


def locked(content: bytes) -> bytes:
    """The archive with its member marked as encrypted, in both headers."""
    at = content.index(b"PK\x01\x02") + 8
    return content[:6] + b"\x01" + content[7:at] + b"\x01" + content[at + 1 :]


@pytest.fixture
def hashed(tmp_path: Path):
    def of(content: bytes) -> str:
        path = tmp_path / "x"
        path.write_bytes(content)
        return data_hash(path)

    return of


def crlf(text: str) -> str:
    return text.replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (UTF8, crlf(TEXT).encode()),
        (UTF8, TEXT.replace("\n", "\r").encode()),
        (UTF8, codecs.BOM_UTF8 + UTF8),
        (UTF8, gzip.compress(UTF8)),
        (UTF8, gzip.compress(UTF8[:5]) + gzip.compress(UTF8[5:])),
        (UTF8, zipped({"a.csv": UTF8})),
        (UTF8, zipped({"b.txt": codecs.BOM_UTF8 + crlf(TEXT).encode()}, how=zipfile.ZIP_STORED)),
        (UTF8, zipped([("folder/", b""), ("folder/a.csv", UTF8)])),
        (TEXT.encode("cp1252"), crlf(TEXT).encode("cp1252")),
        (TEXT.encode("utf-16"), crlf(TEXT).encode("utf-16")),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), codecs.BOM_UTF16_BE + crlf(TEXT).encode("utf-16-be")),
        (zipped(BOOK), zipped(BOOK, how=zipfile.ZIP_STORED)),
        (zipped(BOOK), zipped(dict(reversed(BOOK.items())))),
        (zipped(BOOK), zipped(BOOK | {"docProps/core.xml": b"yesterday", "docProps/app.xml": b""})),
        (zipped(BOOK), gzip.compress(zipped(BOOK))),
        (zipped(BOOK), zipped({"a.xlsx": zipped(BOOK)})),
        (zipped({"mimetype": b"ods", "content.xml": b"c"}), zipped({"content.xml": b"c", "mimetype": b"ods"})),
    ],
)  # fmt: skip
def test_another_packing_is_the_same_data(hashed, one: bytes, other: bytes):
    assert one != other
    assert hashed(one) == hashed(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (UTF8, UTF8 + b"\n"),
        (UTF8, TEXT.encode("cp1252")),
        (UTF8, b" " + UTF8),
        (b"a\n\nb", b"a\nb"),
        (b"\0a\r\nb", b"\0a\nb"),  # no text: its bytes may mean anything
        (gzip.compress(UTF8), gzip.compress(UTF8 + b"x")),
        (gzip.compress(gzip.compress(UTF8)), UTF8),  # one level only
        (zipped({"a.csv": zipped({"b.csv": UTF8})}), UTF8),
        (zipped({"a.csv": UTF8, "b.csv": UTF8}), UTF8),
        (zipped(BOOK), zipped(BOOK | {"xl/workbook.xml": b"v"})),
        (zipped(BOOK), zipped(BOOK | {"xl/more.xml": b""})),
    ],
)
def test_other_data_is_another_hash(hashed, one: bytes, other: bytes):
    assert hashed(one) != hashed(other)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 cut",
        zipped({"a.csv": UTF8})[:-9],
        gzip.compress(UTF8)[:-5],
        gzip.compress(UTF8) + b"garbage",
        b"\x1f\x8b",
        locked(zipped({"a.csv": UTF8})),
        zipped({"a.csv": UTF8 * 9}, how=zipfile.ZIP_LZMA),
        zipped({"a.csv": UTF8, "b.csv": UTF8}),
        zipped({}),
        b"\xff\xfeodd",
    ],
)
def test_what_cannot_be_unpacked_for_certain_keeps_the_hash_of_its_bytes(hashed, content: bytes):
    assert hashed(content) == hashlib.sha256(content).hexdigest()


def test_a_member_that_is_there_twice_keeps_the_hash_of_its_bytes(hashed):
    with pytest.warns(UserWarning, match="Duplicate"):
        content = zipped([*BOOK.items(), ("xl/workbook.xml", b"other")])
    assert hashed(content) == hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize(
    "pack", [gzip.compress, lambda text: zipped({"a.csv": text}), lambda text: zipped(BOOK | {"b": text})]
)
def test_a_bomb_keeps_the_hash_of_its_bytes(hashed, pack, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "_SLACK", 0)
    bomb, export = pack(bytes(1 << 20)), pack(bytes(range(256)) * 40)
    assert hashed(bomb) == hashlib.sha256(bomb).hexdigest()
    assert hashed(export) != hashlib.sha256(export).hexdigest()


@KEEP
@given(st.text("ab;\n", max_size=40), st.sampled_from(["\n", "\r\n", "\r"]), st.integers(1, 7))
def test_line_ends_are_undone_wherever_a_piece_is_cut(hashed, text: str, end: str, chunk: int):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_CHUNK", chunk)
        assert hashed(text.replace("\n", end).encode()) == hashlib.sha256(text.encode()).hexdigest()


@KEEP
@given(st.binary(max_size=60))
def test_any_bytes_have_a_hash(hashed, content: bytes):
    assert (
        len(hashed(content))
        == len(hashed(b"PK\x03\x04" + content))
        == len(hashed(b"\x1f\x8b\x08" + content))
        == 64
    )
