"""The delivery store: whole files under their hash, written once."""

import hashlib
import os

import pytest

from pipelines.io.store import Store, UnstableFileError

SHA = hashlib.sha256(b"abc").hexdigest()


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "deliveries")


def test_bytes_are_found_under_their_hash(store):
    assert store.put(b"abc") == SHA
    assert SHA in store
    assert store.path(SHA).read_bytes() == b"abc"


def test_the_same_bytes_are_stored_once(store):
    store.put(b"abc")
    written = store.path(SHA).stat().st_mtime_ns
    store.put(b"abc")
    assert store.path(SHA).stat().st_mtime_ns == written
    assert [path.name for path in store.root.iterdir()] == [SHA]


def test_a_stored_file_is_read_only_and_private(store):
    store.put(b"abc")
    assert store.path(SHA).stat().st_mode & 0o777 == 0o400
    assert store.root.stat().st_mode & 0o777 == 0o700


def test_a_file_is_copied_in_pieces(store, tmp_path):
    content = os.urandom(3_000_000)
    source = tmp_path / "a.csv"
    source.write_bytes(content)
    stored = store.add(source)
    assert (stored.content_hash, stored.size) == (hashlib.sha256(content).hexdigest(), 3_000_000)
    assert store.path(stored.content_hash).read_bytes() == content


def test_a_file_that_grows_while_it_is_read_is_not_taken(store, tmp_path, monkeypatch):
    source = tmp_path / "a.csv"
    source.write_bytes(b"abc")
    write = Store._write

    def slow(self, chunks):
        done = write(self, chunks)
        source.write_bytes(b"abcdef")
        return done

    monkeypatch.setattr(Store, "_write", slow)
    with pytest.raises(UnstableFileError):
        store.add(source)


def test_a_file_that_vanished_is_not_ready(store, tmp_path):
    with pytest.raises(UnstableFileError):
        store.add(tmp_path / "gone.csv")


def test_a_full_disk_of_ours_is_not_blamed_on_the_sender(store, tmp_path, monkeypatch):
    source = tmp_path / "a.csv"
    source.write_bytes(b"abc")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        store.add(source)
    assert SHA not in store


def test_a_killed_write_leaves_nothing_that_counts(store):
    store.put(b"abc")
    (store.root / ".new-99999").write_bytes(b"half")
    store.sweep()
    assert [path.name for path in store.root.iterdir()] == [SHA]


@pytest.mark.parametrize("name", [None, 3, "0" * 64])
def test_what_is_not_stored_is_not_in_it(store, name):
    assert name not in store
