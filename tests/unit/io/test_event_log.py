"""The append-only log: what was written comes back, and nothing else is ever read."""

import shutil

import pyarrow as pa
import pytest

from pipelines.errors import LedgerError
from pipelines.io.event_log import EventLog

SCHEMA = pa.schema([("event_no", pa.int64()), ("kind", pa.string())])


def lines(*numbers: int) -> pa.Table:
    return pa.table({"event_no": numbers, "kind": [f"k{n}" for n in numbers]}, schema=SCHEMA)


@pytest.fixture
def log(tmp_path):
    """Three nights."""
    found = EventLog(tmp_path / "log", SCHEMA)
    for night in ((1, 2), (3,), (4, 5)):
        found.append(lines(*night))
    return found


@pytest.fixture
def folder(tmp_path, log):
    return tmp_path / "log"


def test_what_was_written_comes_back_in_order(log):
    assert log.read() == lines(1, 2, 3, 4, 5)


def test_a_log_that_was_never_written_is_empty_and_makes_no_folder(tmp_path):
    assert EventLog(tmp_path / "none", SCHEMA).read().num_rows == 0
    assert not (tmp_path / "none").exists()


def test_no_line_makes_no_file(log, folder):
    before = sorted(folder.iterdir())
    assert log.append(lines()) == 0
    assert sorted(folder.iterdir()) == before


def test_only_its_owner_reads_it(folder):
    assert {path.stat().st_mode & 0o777 for path in folder.glob("*.parquet")} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("number", [1, 3])
def test_any_changed_byte_is_noticed(log, folder, number):
    file = folder / f"{number:06d}.parquet"
    sound = file.read_bytes()
    for place in range(number, len(sound), 7):
        file.write_bytes(sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1 :])
        with pytest.raises(LedgerError):
            log.read()
    file.write_bytes(sound)
    assert log.read().num_rows == 5


@pytest.mark.parametrize(
    "gone", ["000001.parquet", "000002.parquet", "000003.parquet", "head", "*.parquet", "[0-9]*"]
)
def test_what_is_missing_is_noticed(log, folder, gone):
    for path in folder.glob(gone):
        path.unlink()
    if gone == "head":  # the files still follow each other: the last writer was stopped before the head
        assert log.read() == lines(1, 2, 3, 4, 5)
    else:
        with pytest.raises(LedgerError):
            log.read()


def test_a_file_put_back_from_an_older_copy_is_noticed(log, folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    log.append(lines(6))
    for name in ("000004.parquet",):
        (folder / name).unlink()
    with pytest.raises(LedgerError):
        log.read()
    shutil.rmtree(folder)
    shutil.copytree(tmp_path / "copy", folder)
    assert log.read() == lines(1, 2, 3, 4, 5)


def test_a_writer_stopped_before_the_head_lost_nothing(log, folder):
    old_head = (folder / "head").read_bytes()
    log.append(lines(6))
    (folder / "head").write_bytes(old_head)
    assert log.read() == lines(1, 2, 3, 4, 5, 6)
    assert (folder / "head").read_text().startswith("000004 ")


def test_of_two_writers_one_is_refused(log, folder, monkeypatch):
    files, last = log._checked()
    other = EventLog(folder, SCHEMA)
    other.append(lines(6))
    monkeypatch.setattr(log, "_checked", lambda: (files, last))
    with pytest.raises(LedgerError, match="meanwhile"):
        log.append(lines(6))
    monkeypatch.undo()
    assert log.read() == lines(1, 2, 3, 4, 5, 6)
    assert not list(folder.glob(".*"))
