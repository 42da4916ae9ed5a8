"""The home folder when things happen at once or stop midway: one key, whole folders, locks that die with a run."""

import os
import signal
import stat
import subprocess
import sys
import threading
from contextlib import nullcontext
from pathlib import Path

import pytest

from pipelines.errors import LedgerError, RegistryError, SecretError
from pipelines.io import home as module
from pipelines.io.home import (
    KEY_VARIABLE,
    Home,
    filling,
    load_key,
    only_run,
    only_stager,
    open_home,
    read_pointer,
    switch,
    write_pointer,
)

ROOT = Path(__file__).resolve().parents[3]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.delenv(KEY_VARIABLE, raising=False)
    return open_home(tmp_path / "home")


def test_many_first_runs_at_once_get_one_key(home: Home):
    found: list[bytes] = []
    gate = threading.Barrier(8)

    def start() -> None:
        gate.wait()
        found.append(load_key(home))

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert set(found) == {load_key(home)}
    assert [path.name for path in home.key_file.parent.iterdir()] == [home.key_file.name]


def test_a_key_that_another_run_made_meanwhile_is_the_key(home: Home, monkeypatch: pytest.MonkeyPatch):
    load_key(home)
    before = home.key_file.read_bytes()
    module._create_key(home.key_file)
    assert home.key_file.read_bytes() == before
    assert len(list(home.key_file.parent.iterdir())) == 1


def test_a_key_that_could_not_be_written_is_not_there(home: Home, monkeypatch: pytest.MonkeyPatch):
    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "sync", full)
    with pytest.raises(OSError, match="No space"):
        load_key(home)
    assert not home.key_file.exists()


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_home_and_key_are_their_owners_whatever_the_mask_of_the_system(tmp_path: Path, mask: int):
    before = os.umask(mask)
    try:
        home = open_home(tmp_path / "home")
        load_key(home)
    finally:
        os.umask(before)
    assert (mode(home.root), mode(home.key_file.parent), mode(home.key_file)) == (0o700, 0o700, 0o600)


@pytest.mark.parametrize(
    ("content", "permissions", "complaint"),
    [
        ("ab" * 32, 0o600, None),
        ("AB" * 32 + "\n", 0o400, None),
        ("  " + "ab" * 32 + "\r\n", 0o600, None),
        ("ab" * 64, 0o600, None),
        ("ab" * 32, 0o640, "others can read"),
        ("ab" * 32, 0o604, "others can read"),
        ("ab" * 32, 0o620, "others can read"),
        ("ab" * 32, 0o666, "others can read"),
        ("ab" * 31, 0o600, "shorter than 256 bits"),
        ("", 0o600, "shorter than 256 bits"),
        ("\n", 0o600, "shorter than 256 bits"),
        ("ab" * 31 + "a", 0o600, "not hexadecimal"),
        ("0x" + "ab" * 32, 0o600, "not hexadecimal"),
        ("é" * 64, 0o600, "not hexadecimal"),
        ("\ufeff" + "ab" * 32, 0o600, "not hexadecimal"),
    ],
)
def test_a_key_is_taken_or_refused_without_being_told(
    home: Home, content: str, permissions: int, complaint: str | None
):
    home.key_file.parent.mkdir(mode=0o700)
    home.key_file.write_bytes(content.encode())
    home.key_file.chmod(permissions)
    with pytest.raises(SecretError, match=complaint) if complaint else nullcontext() as refused:
        assert len(load_key(home)) >= 32
    assert "abab" not in (f"{refused.value} {refused.value.__cause__}" if refused else "")
    assert home.key_file.read_bytes() == content.encode()


def test_a_key_is_never_made_again_for_a_registry_that_exists(home: Home):
    before = load_key(home)
    home.ledger.touch()
    home.key_file.rename(home.root / "saved")
    with pytest.raises(SecretError, match=KEY_VARIABLE):
        load_key(home)
    assert not home.key_file.exists()
    (home.root / "saved").rename(home.key_file)
    assert load_key(home) == before


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (lambda home: home.ledger, "ledger.sqlite"),
        (lambda home: home.deliveries, "deliveries"),
        (lambda home: home.key_file, "secret/pseudonym.key"),
        (lambda home: home.work("n", "centre", "a"), "work/n/centre/a"),
        (lambda home: home.snapshot("n", 7), "snapshots/n/000007"),
        (lambda home: home.snapshot("n", 1234567), "snapshots/n/1234567"),
        (lambda home: home.reports("n", 7), "reports/n/000007"),
    ],
)
def test_everything_has_its_place(home: Home, path, expected: str):
    assert path(home).relative_to(home.root).as_posix() == expected


def test_a_folder_that_exists_is_a_home_and_keeps_what_it_holds(tmp_path: Path):
    (tmp_path / "mine").write_text("x")
    assert open_home(tmp_path / "sub" / "..").root == tmp_path
    assert (tmp_path / "mine").read_text() == "x"


# --- locks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "wanted", "is_free"),
    [
        (lambda h: only_run(h, "n"), lambda h: only_run(h, "n"), False),
        (lambda h: only_run(h, "n"), lambda h: only_run(h, "m"), True),
        (lambda h: only_run(h, "n"), lambda h: only_stager(h, "n", "a"), False),
        (lambda h: only_stager(h, "n", "a"), lambda h: only_run(h, "n"), False),
        (lambda h: only_stager(h, "n", "a"), lambda h: only_stager(h, "n", "a"), False),
        (lambda h: only_stager(h, "n", "a"), lambda h: only_stager(h, "n", "b"), True),
        (lambda h: only_stager(h, "n", "a"), lambda h: only_stager(h, "m", "a"), True),
        (lambda h: only_run(h, "m"), lambda h: only_stager(h, "n", "a"), True),
    ],
)
def test_who_may_work_beside_whom(home: Home, held, wanted, is_free: bool):
    with (
        held(home),
        nullcontext() if is_free else pytest.raises(LedgerError, match="Wait until"),
        wanted(home),
    ):
        pass
    with wanted(home):
        pass


def test_a_lock_ends_with_an_error_inside_it(home: Home):
    with pytest.raises(ZeroDivisionError), only_run(home, "n"):
        raise ZeroDivisionError
    with only_run(home, "n"):
        pass


def test_a_run_that_was_killed_leaves_no_lock(home: Home):
    text = (
        "from pathlib import Path\nfrom pipelines.io.home import Home, only_run\n"
        f"with only_run(Home(Path({str(home.root)!r})), 'n'):\n    print('held', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", text], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(LedgerError, match="another run of n"), only_run(home, "n"):
            pass
        os.kill(child.pid, signal.SIGKILL)
    with only_run(home, "n"):
        pass


# --- folders and pointers -----------------------------------------------------------------------------------------


def fill(target: Path, files: dict[str, str], *, fails: bool = False) -> None:
    with filling(target) as folder:
        for name, text in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        if fails:
            raise RegistryError("stopped")


def content(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}


@pytest.mark.parametrize(
    ("old", "leftover", "new", "fails", "expected"),
    [
        ({}, {}, {"a": "1", "b/c": "2"}, False, {"a": "1", "b/c": "2"}),
        ({"a": "old", "z": "old"}, {}, {"a": "new"}, False, {"a": "new"}),
        ({"a": "old"}, {}, {"a": "new"}, True, {"a": "old"}),
        ({"a": "old"}, {"half": "x", "a": "half"}, {"a": "new"}, False, {"a": "new"}),
        ({}, {"half": "x"}, {}, False, {}),
        ({}, {}, {"a": "new"}, True, None),
    ],
)
def test_a_folder_is_the_old_one_or_the_new_one(tmp_path: Path, old, leftover, new, fails: bool, expected):
    target = tmp_path / "deep" / "done"
    for folder, files in ((target, old), (target.with_name(".building-done"), leftover)):
        for name, text in files.items():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
    with pytest.raises(RegistryError) if fails else nullcontext():
        fill(target, new, fails=fails)
    assert (content(target) if target.exists() else None) == expected


@pytest.mark.parametrize("texts", [["1"], ["1", "2"], ["long" * 1000, "s"], ["", "x"], ["é\n"]])
def test_a_pointer_holds_its_last_text_and_leaves_no_other_file(tmp_path: Path, texts: list[str]):
    for text in texts:
        write_pointer(tmp_path / "deep" / "current", text)
    assert read_pointer(tmp_path / "deep" / "current") == texts[-1]
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["current"]


def test_a_pointer_whose_writing_failed_is_the_old_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    write_pointer(tmp_path / "p", "old")

    def full(_: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module, "sync", full)
    with pytest.raises(OSError, match="No space"):
        write_pointer(tmp_path / "p", "new")
    assert read_pointer(tmp_path / "p") == "old"


def test_the_link_moves_by_name_so_that_the_home_can_be_moved(tmp_path: Path):
    (tmp_path / "a" / "000001").mkdir(parents=True)
    (tmp_path / "a" / ".current.new").symlink_to("dead")  # what a killed switch left
    switch(tmp_path / "a" / "current", tmp_path / "a" / "000001")
    (tmp_path / "a").rename(tmp_path / "b")
    assert (tmp_path / "b" / "current").resolve() == tmp_path / "b" / "000001"
