"""What comes in: a store that no crash, race or name can spoil, and an inbox seen as it is, whatever lies in it."""

import fcntl
import hashlib
import os
import socket
import subprocess
import threading
import unicodedata
from pathlib import Path

import pytest

from pipelines.errors import IntakeError
from pipelines.io import inbox as inbox_module
from pipelines.io.inbox import is_folder, look_into
from pipelines.io.store import Store, UnstableFileError

NAUGHTY = (
    "a b.csv", "a;b.csv", "'; DROP TABLE x--.csv", "$(reboot).csv", "`id`.csv", "-rf.csv", "%00.csv", "%s%n.csv",
    "é.csv", "e\u0301.csv", "Ω中心🏥.csv", "a\u202egpj.csv", "a\tb.csv", "a\nb.csv", "\u00a0.csv", "con.csv",
    "..csv..", "~.csv",
    "a" * 250 + ".csv", "*.csv", "[a].csv", "{{7*7}}.csv", "<b>.csv", "\\..\\x.csv", "NULL", "1\u22151",
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "deliveries")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder


def put(folder: Path, *names: str, content: bytes = b"x") -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def held(store: Store) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(store.root.iterdir())}


def named(*contents: bytes) -> dict[str, bytes]:
    return dict(sorted((hashlib.sha256(content).hexdigest(), content) for content in contents))


# --- the store ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("puts", "kept"),
    [
        ([b"a"], [b"a"]),
        ([b"a", b"a"], [b"a"]),
        ([b"a", b"b", b"a"], [b"a", b"b"]),
        ([b""], [b""]),
        ([b"\0" * 3_000_000, b"\0" * 3_000_001], [b"\0" * 3_000_000, b"\0" * 3_000_001]),
    ],
)
def test_content_is_kept_once_under_its_hash(store: Store, puts: list[bytes], kept: list[bytes]):
    assert [store.put(content) for content in puts] == [
        hashlib.sha256(content).hexdigest() for content in puts
    ]
    assert held(store) == named(*kept)


@pytest.mark.parametrize("name", NAUGHTY)
def test_the_name_of_a_file_plays_no_part(store: Store, inbox: Path, name: str):
    put(inbox, name, content=b"content")
    stored = store.add(inbox / name)
    assert (stored.content_hash, stored.size) == (hashlib.sha256(b"content").hexdigest(), 7)
    assert held(store) == named(b"content")


def test_the_same_content_under_another_name_and_date_changes_nothing(store: Store, inbox: Path):
    put(inbox, "a.csv", "b.csv", content=b"same")
    store.add(inbox / "a.csv")
    before = store.path(hashlib.sha256(b"same").hexdigest()).stat()
    os.utime(inbox / "b.csv", (1, 1))
    store.add(inbox / "b.csv")
    after = store.path(hashlib.sha256(b"same").hexdigest()).stat()
    assert (after.st_ino, after.st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert (inbox / "b.csv").read_bytes() == b"same"


def test_many_writers_at_once_do_not_mix_their_bytes(store: Store):
    contents = [bytes([i]) * 2_000_000 for i in range(6)]
    threads = [threading.Thread(target=store.put, args=(content,)) for content in contents for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert held(store) == named(*contents)


def test_a_sweep_leaves_what_another_run_is_writing(store: Store):
    store.put(b"a")
    (store.root / ".new-dead").write_bytes(b"half")
    with (store.root / ".new-alive").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        store.sweep()
        assert sorted(path.name for path in store.root.glob(".new-*")) == [".new-alive"]
    store.sweep()
    assert held(store) == named(b"a")


def test_a_sweep_before_the_first_delivery_is_nothing(store: Store):
    store.sweep()
    assert not store.root.exists()


@pytest.mark.parametrize("leftover", [".new-1", ".new-99999", ".new-abc"])
def test_a_leftover_is_never_taken_for_a_delivery(store: Store, leftover: str):
    store.root.mkdir()
    (store.root / leftover).write_bytes(b"half")
    assert store.put(b"whole") in store
    store.sweep()
    assert held(store) == named(b"whole")


def failing(number: int):
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@pytest.mark.parametrize("number", [28, 5, 122])  # no space, input/output error, quota
def test_a_write_that_fails_stores_nothing_and_the_next_one_works(
    store: Store, monkeypatch: pytest.MonkeyPatch, number: int
):
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", failing(number))
        with pytest.raises(OSError, match=os.strerror(number)):
            store.put(b"a")
    assert hashlib.sha256(b"a").hexdigest() not in store
    store.sweep()
    store.put(b"a")
    assert held(store) == named(b"a")


@pytest.mark.parametrize(
    "change",
    [
        lambda path: path.write_bytes(b"longer than before"),
        lambda path: path.write_bytes(b""),
        lambda path: path.unlink(),
        lambda path: os.utime(path, ns=(1, 1)),  # same bytes, touched: it may still be copied to
    ],
)
def test_a_file_that_moves_under_the_reader_is_left_for_the_next_run(
    store: Store, inbox: Path, monkeypatch: pytest.MonkeyPatch, change
):
    put(inbox, "a.csv", content=b"before")
    write = Store._write

    def changed(self: Store, chunks):
        done = write(self, chunks)
        change(inbox / "a.csv")
        return done

    monkeypatch.setattr(Store, "_write", changed)
    with pytest.raises(UnstableFileError, match=r"a\.csv"):
        store.add(inbox / "a.csv")


def test_a_stored_file_is_not_written_again_even_when_someone_changed_it(store: Store):
    path = store.path(store.put(b"a"))
    assert path.stat().st_mode & 0o777 == 0o400
    path.chmod(0o600)
    path.write_bytes(b"tampered")
    store.put(b"a")
    assert path.read_bytes() == b"tampered"  # the store never edits: an audit can see what happened


# --- the inbox ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ((), []),
        (("b.csv", "a.csv"), [("", "a.csv"), ("", "b.csv")]),
        (("x/b.csv", "x/a.csv", "c.csv"), [("", "c.csv"), ("x", "a.csv"), ("x", "b.csv")]),
        ((".hidden", ".ssh/key", "x/.~lock.a.csv#", "x/.DS_Store"), []),
        (("x/.git/config", "x/a.csv"), [("x", "a.csv")]),
        (("x/deep/a.csv",), [("x", "deep")]),
        (("x/deep/er/a.csv", "y/a.csv"), [("x", "deep"), ("y", "a.csv")]),
        (("A/a", "a/a", "B/a"), [("A", "a"), ("B", "a"), ("a", "a")]),
    ],
)
def test_what_lies_in_the_inbox(inbox: Path, files: tuple[str, ...], expected: list[tuple[str, str]]):
    put(inbox, *files)
    assert [(file.folder, file.name) for file in look_into(inbox)] == expected


@pytest.mark.parametrize("name", [name for name in NAUGHTY if not name.startswith(".")])
@pytest.mark.parametrize("folder", ["", "x"])
def test_a_naughty_name_is_only_a_name(inbox: Path, folder: str, name: str):
    put(inbox, f"{folder}/{name}".lstrip("/"))
    [file] = look_into(inbox)
    assert (file.folder, file.name, file.is_plain, file.size) == (folder, name, True, 1)
    assert file.path.read_bytes() == b"x"
    assert not any(unicodedata.category(letter).startswith("C") for letter in file.state[0])


def link(inbox: Path, name: str, target: Path) -> None:
    (inbox / name).parent.mkdir(exist_ok=True)
    (inbox / name).symlink_to(target)


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("a.csv", "../secret/key"),
        ("x/a.csv", "../../secret/key"),
        ("folder", "../secret"),
        ("x/folder", "../../secret"),
        ("dead", "nowhere"),
        ("itself", "itself"),
        ("up", ".."),
        ("etc", "/etc"),
        ("null", "/dev/null"),
    ],
)
def test_a_link_is_seen_and_never_followed(inbox: Path, name: str, target: str):
    put(inbox.parent, "secret/key", content=b"secret")
    link(inbox, name, Path(target))
    [file] = look_into(inbox)
    assert (file.is_plain, is_folder(file.path)) == (False, False)
    assert file.size == len(target)  # of the link itself


def test_what_is_no_file_is_not_plain(inbox: Path, monkeypatch: pytest.MonkeyPatch):
    os.mkfifo(inbox / "fifo")
    put(inbox, "x/deep/a.csv", "plain")
    monkeypatch.chdir(inbox)  # the address of a socket is short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("socket")
        assert {file.name: file.is_plain for file in look_into(inbox)} == {
            "deep": False, "fifo": False, "plain": True, "socket": False,
        }  # fmt: skip


def test_the_inbox_itself_may_be_a_link(inbox: Path, tmp_path: Path):
    put(inbox, "a.csv")
    (tmp_path / "drop").symlink_to(inbox)
    assert [file.path for file in look_into(tmp_path / "drop")] == [inbox.resolve() / "a.csv"]


@pytest.mark.parametrize("name", ["nowhere", "file"])
def test_an_inbox_that_is_no_folder_is_refused(tmp_path: Path, name: str):
    (tmp_path / "file").touch()
    with pytest.raises(IntakeError, match="the inbox is not a folder"):
        look_into(tmp_path / name)


@pytest.mark.parametrize("gone", ["a.csv", "x/b.csv"])
def test_a_file_that_leaves_while_we_look_is_not_there(
    inbox: Path, monkeypatch: pytest.MonkeyPatch, gone: str
):
    put(inbox, "a.csv", "x/b.csv", "x/c.csv")
    listed = inbox_module._visible

    def late(folder: Path) -> list[Path]:
        found = listed(folder)
        if folder == (inbox / gone).parent.resolve():
            (inbox / gone).unlink()
        return found

    monkeypatch.setattr(inbox_module, "_visible", late)
    assert [file.name for file in look_into(inbox)] == [
        n for n in ("a.csv", "b.csv", "c.csv") if not gone.endswith(n)
    ]


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        (lambda path: None, True),
        (lambda path: path.read_bytes(), True),
        (lambda path: path.chmod(0o600), True),
        (lambda path: path.write_bytes(b"other bytes"), False),
        (lambda path: os.utime(path, ns=(5, 5)), False),
        (lambda path: (path.unlink(), put(path.parent, path.name)), False),
    ],
)
def test_the_state_of_a_file_tells_whether_it_may_have_changed(inbox: Path, change, is_same: bool):
    put(inbox, "a.csv")
    os.utime(inbox / "a.csv", ns=(10**18, 10**18))
    [before] = look_into(inbox)
    change(inbox / "a.csv")
    [after] = look_into(inbox)
    assert (before.state == after.state) == is_same


def test_a_folder_of_many_files_is_looked_at_without_reading_one(inbox: Path):
    put(inbox, *(f"c{i}/f{j}" for i in range(5) for j in range(20)))
    subprocess.run(["chmod", "-R", "a-r", *map(str, inbox.glob("*/*"))], check=True)
    assert len(look_into(inbox)) == 100
