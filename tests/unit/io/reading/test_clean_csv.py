"""The clean CSV: RFC 4180, every cell's text unchanged, never half a file in the place of another."""

import csv
import io
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.io.reading.clean_csv import replacing, streaming, write_clean
from pipelines.io.reading.found import FoundTable

HEADER = ["IPP", "NOM"]


def table(*records: list[str], header: list[str] = HEADER) -> FoundTable:
    return FoundTable(name=None, header=header, records=records, lines=range(2, len(records) + 2))


def written(found: FoundTable | None, folder: Path) -> bytes:
    write_clean(found, folder / "clean.csv")
    return (folder / "clean.csv").read_bytes()


@pytest.mark.parametrize(
    ("record", "line"),
    [
        (["1", "A"], "1,A"),
        (["1", "A B "], "1,A B "),
        ([" 1", "\tA"], " 1,\tA"),
        (["1", "A,B"], '1,"A,B"'),
        (["1", 'A "B"'], '1,"A ""B"""'),
        (["1", "A\nB"], '1,"A\nB"'),
        (["1", "A\r\nB"], '1,"A\r\nB"'),
        (["1", "A\rB"], '1,"A\rB"'),
        (["1", "A;B'C"], "1,A;B'C"),
        (["1", "=A1+1"], "1,=A1+1"),
        (["1", "A\0B"], "1,A\0B"),
        (["1", "Noël ½ 🙂"], "1,Noël ½ 🙂"),
        (["1"], "1,"),
        ([], ","),
        (["1", "A", "more"], "1,A,more"),
        (["", ""], ","),
    ],
)
def test_a_record(record: list[str], line: str, tmp_path: Path):
    assert written(table(record), tmp_path) == b"IPP,NOM\r\n" + line.encode() + b"\r\n"


@pytest.mark.parametrize(
    ("found", "content"),
    [
        (None, b""),
        (table(), b"IPP,NOM\r\n"),
        (table(header=[]), b""),
        (table(header=[""]), b'""\r\n'),
        (table([""], ["1"], header=["IPP"]), b'IPP\r\n""\r\n1\r\n'),
        (table(header=["\ufeffIPP", "NOM"]), '"\ufeffIPP","NOM"\r\n'.encode()),
    ],
)
def test_a_table(found: FoundTable | None, content: bytes, tmp_path: Path):
    assert written(found, tmp_path) == content


@given(st.lists(st.lists(st.text(st.characters(codec="utf-8")), min_size=2, max_size=2), max_size=5))
def test_whatever_the_text_another_reader_finds_it_again(records: list[list[str]]):
    content = io.StringIO(newline="")
    from pipelines.io.reading.clean_csv import _write_rows

    _write_rows(table(*records), content)
    content.seek(0)
    assert list(csv.reader(content)) == [HEADER, *records]


def test_the_old_file_stays_until_the_new_one_is_whole(tmp_path: Path):
    target = tmp_path / "clean.csv"
    target.write_bytes(b"old")
    with replacing(target) as building:
        building.write_bytes(b"new")
        assert target.read_bytes() == b"old"
    assert target.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [target]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path: Path):
    target = tmp_path / "clean.csv"
    target.write_bytes(b"old")
    with pytest.raises(KeyError), replacing(target) as building:
        building.write_bytes(b"half")
        raise KeyError
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_name_as_long_as_the_system_allows_can_be_replaced(tmp_path: Path):
    target = tmp_path / ("é" * 125 + ".csv")
    with replacing(target) as building:
        building.write_bytes(b"new")
    assert target.read_bytes() == b"new"


def test_a_link_is_followed_not_replaced(tmp_path: Path):
    (tmp_path / "link.csv").symlink_to(tmp_path / "clean.csv")
    with replacing(tmp_path / "link.csv") as building:
        building.write_bytes(b"new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "clean.csv").read_bytes() == b"new"


def test_a_pipe_is_written_not_replaced(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    with replacing(pipe) as building:
        building.write_bytes(b"new")
    assert os.read(reading, 10) == b"new"
    assert pipe.is_fifo()
    os.close(reading)


def test_a_stream_gets_the_file_only_when_it_is_whole():
    stream = io.BytesIO()
    with pytest.raises(KeyError), streaming(stream) as building:
        building.write_bytes(b"half")
        raise KeyError
    assert stream.getvalue() == b""
    with streaming(stream) as building:
        building.write_bytes(b"whole")
    assert stream.getvalue() == b"whole"
    assert not building.exists()
