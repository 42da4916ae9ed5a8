"""Archives: what is in them, and everything that an archive can do to us."""

import gzip
import io
import stat
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import FileRefused
from pipelines.io.reading.limits import Limits
from pipelines.io.reading.unpack import is_unsafe_name, unpack

SMALL = Limits(total_bytes=1 << 22, ratio=10, ratio_from=1 << 16, members=5)


def archive(*members: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as target:
        for name, member in members:
            target.writestr(name, member)
    return content.getvalue()


def link(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def encrypted() -> bytes:
    """An archive whose member is marked as encrypted, in its local header and in the directory."""
    content = bytearray(archive(("a.csv", b"a")))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def bad_sum() -> bytes:
    """An archive in which one byte of its stored second member differs."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as target:
        target.writestr("a.csv", b"IPP\n1\n")
        target.writestr("b.csv", b"IPP\nsecond\n")
    return content.getvalue().replace(b"second", b"sacond")


def lying() -> bytes:
    """An archive whose directory says that its member is one byte long."""
    content = bytearray(archive(("a.csv", b"IPP\n1\n")))
    at = content.index(b"PK\x01\x02") + 24
    content[at : at + 4] = (1).to_bytes(4, "little")
    return bytes(content)


def unknown_version() -> bytes:
    """An archive whose directory asks for a version that no program has."""
    content = bytearray(archive(("a.csv", b"1")))
    content[content.index(b"PK\x01\x02") + 6] = 0xFF
    return bytes(content)


def members(content: bytes, limits: Limits = SMALL) -> list[tuple[tuple[str, ...], bytes]]:
    return [(member.names, member.content) for member in unpack(content, name="x", limits=limits)]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"IPP\n1\n", [((), b"IPP\n1\n")]),
        (gzip.compress(b"IPP\n1\n"), [((), b"IPP\n1\n")]),
        (gzip.compress(b"IPP\n") + gzip.compress(b"1\n"), [((), b"IPP\n1\n")]),
        (gzip.compress(b"") + b"\0" * 8, [((), b"")]),
        (archive(("a.csv", b"1"), ("d/b.csv", b"2")), [(("a.csv",), b"1"), (("d/b.csv",), b"2")]),
        (archive(("d/", b""), ("d/b.csv", b"2")), [(("d/b.csv",), b"2")]),
        (archive(("a.csv", b"1"), ("__MACOSX/._a.csv", b"2"), ("d/.DS_Store", b"3")), [(("a.csv",), b"1")]),
        (archive(("z.zip", archive(("a.csv", b"1")))), [(("z.zip", "a.csv"), b"1")]),
        (archive(("a.csv.gz", gzip.compress(b"1"))), [(("a.csv.gz",), b"1")]),
        (archive(("a.csv", b"1"), ("A.csv", b"2")), [(("a.csv",), b"1"), (("A.csv",), b"2")]),
        (archive(("é" * 80 + ".csv", b"1")), [(("é" * 80 + ".csv",), b"1")]),
        (archive(), []),
    ],
)
def test_members(content: bytes, expected: list[tuple[tuple[str, ...], bytes]]):
    assert members(content) == expected


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (archive(("../a.csv", b"1")), "unsafe_path_in_archive"),
        (archive(("a.csv", b"1"), ("..\\..\\b.csv", b"1")), "unsafe_path_in_archive"),
        (archive(("/etc/a.csv", b"1")), "unsafe_path_in_archive"),
        (archive(("C:\\a.csv", b"1")), "unsafe_path_in_archive"),
        (archive((link("a.csv"), b"/etc/passwd")), "unsafe_path_in_archive"),
        (archive(("__MACOSX/../../a", b"1")), "unsafe_path_in_archive"),
        (archive(("d/../", b"")), "unsafe_path_in_archive"),
        (encrypted(), "password_protected"),
        (bad_sum(), "truncated_archive"),
        (lying(), "truncated_archive"),
        (unknown_version(), "truncated_archive"),
        (archive(("a.csv", b"1"))[:-10], "truncated_archive"),
        (gzip.compress(b"IPP\n1\n")[:-1], "truncated_archive"),
        (gzip.compress(b"IPP\n1\n")[:12], "truncated_archive"),
        (gzip.compress(b"IPP\n1\n")[:-8] + b"\0" * 8, "truncated_archive"),
        (gzip.compress(b"IPP\n1\n") + b"garbage", "truncated_archive"),
        (gzip.compress(b"0" * (1 << 20)), "decompression_bomb"),
        (archive(("a.csv", b"0" * (1 << 20))), "decompression_bomb"),
        (archive(*((f"{i}.csv", b"0" * (1 << 15)) for i in range(5))), "decompression_bomb"),
        (archive(("z.zip", archive(("y.zip", archive(("a.csv", b"1")))))), "decompression_bomb"),
        (gzip.compress(gzip.compress(gzip.compress(b"1"))), "decompression_bomb"),
        (archive(*((f"{i}.csv", b"1") for i in range(6))), "over_limit"),
    ],
)
def test_refused(content: bytes, code: str):
    with pytest.raises(FileRefused) as problem:
        members(content)
    assert problem.value.refusal.code == code


def test_a_large_total_is_refused_however_little_it_is_compressed():
    content = archive(("a.csv", bytes(range(256)) * 8))
    assert members(content, Limits(total_bytes=2048))
    with pytest.raises(FileRefused, match="proportion"):
        members(content, Limits(total_bytes=2047))


def test_a_highly_compressed_small_file_is_no_bomb():
    assert members(gzip.compress(b"0" * 60_000)) == [((), b"0" * 60_000)]


def test_no_member_is_given_out_before_it_was_read_to_its_end():
    found = unpack(bad_sum(), name="x", limits=SMALL)
    assert next(found).names == ("a.csv",)
    with pytest.raises(FileRefused):
        next(found)


@pytest.mark.parametrize("name", ["", "/", "..", "a/..", "\\\\host\\a", "c:", "a\0b"])
def test_unsafe_names(name: str):
    assert is_unsafe_name(name)


@given(
    st.sampled_from([archive(("a.csv", b"IPP\n1\n"), ("b.csv", b"2")), gzip.compress(b"IPP\n1\n")]), st.data()
)
def test_a_damaged_archive_gives_its_true_members_or_a_refusal(content: bytes, data: st.DataObject):
    at = data.draw(st.integers(0, len(content) - 1))
    damage = data.draw(st.binary(min_size=1, max_size=4))
    changed = content[:at] + damage + content[at + len(damage) :]
    try:
        found = members(changed)
    except FileRefused:
        return
    is_no_archive_any_more = found == [((), changed)]
    assert is_no_archive_any_more or all(inner in (b"IPP\n1\n", b"2") for _, inner in found)
