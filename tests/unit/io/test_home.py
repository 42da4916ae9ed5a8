"""The home folder: the key is safe or refused, a folder appears whole or not at all, one run at a time."""

import stat
from pathlib import Path

import pytest

from pipelines.errors import LedgerError, SecretError
from pipelines.io.home import (
    KEY_VARIABLE,
    filling,
    load_key,
    only_run,
    open_home,
    read_pointer,
    switch,
    write_pointer,
)


def test_a_new_registry_gets_a_key_for_its_owner_only(tmp_path: Path):
    home = open_home(tmp_path / "home")
    key = load_key(home)
    assert len(key) == 32
    assert stat.S_IMODE(home.key_file.stat().st_mode) == 0o600
    assert load_key(home) == key


def test_a_registry_without_its_key_is_refused(tmp_path: Path):
    home = open_home(tmp_path)
    home.ledger.touch()
    with pytest.raises(SecretError, match="missing"):
        load_key(home)


@pytest.mark.parametrize(
    ("content", "mode", "complaint"),
    [
        ("00" * 32, 0o644, "others can read"),
        ("00" * 16, 0o600, "shorter than 256 bits"),
        ("zz-top-secret", 0o600, "not hexadecimal"),
    ],
)
def test_an_unsafe_key_is_refused(tmp_path: Path, content: str, mode: int, complaint: str):
    home = open_home(tmp_path)
    home.key_file.parent.mkdir()
    home.key_file.write_text(content)
    home.key_file.chmod(mode)
    with pytest.raises(SecretError, match=complaint) as caught:
        load_key(home)
    assert content not in str(caught.value)


def test_the_environment_may_name_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    place = tmp_path / "elsewhere" / "key"
    monkeypatch.setenv(KEY_VARIABLE, str(place))
    home = open_home(tmp_path / "home")
    load_key(home)
    assert home.key_file == place
    assert not (tmp_path / "home" / "secret").exists()


def test_a_folder_appears_whole(tmp_path: Path):
    with filling(tmp_path / "done") as folder:
        (folder / "a").write_text("x")
        assert not (tmp_path / "done").exists()
    assert (tmp_path / "done" / "a").read_text() == "x"


def test_a_folder_that_failed_does_not_appear_and_the_old_stays(tmp_path: Path):
    with filling(tmp_path / "done") as folder:
        (folder / "a").write_text("old")
    with pytest.raises(RuntimeError), filling(tmp_path / "done") as folder:
        (folder / "a").write_text("half")
        raise RuntimeError
    assert (tmp_path / "done" / "a").read_text() == "old"
    with filling(tmp_path / "done") as folder:
        assert list(folder.iterdir()) == []


def test_a_pointer_is_replaced(tmp_path: Path):
    assert read_pointer(tmp_path / "p") is None
    write_pointer(tmp_path / "p", "1")
    write_pointer(tmp_path / "p", "2")
    assert read_pointer(tmp_path / "p") == "2"


def test_the_switch_moves_the_link(tmp_path: Path):
    for name in ("000001", "000002"):
        (tmp_path / name).mkdir()
        switch(tmp_path / "current", tmp_path / name)
        assert (tmp_path / "current").resolve().name == name


def test_a_second_run_is_refused_until_the_first_ends(tmp_path: Path):
    home = open_home(tmp_path)
    with only_run(home, "n"):
        with only_run(home, "m"):
            pass
        with pytest.raises(LedgerError, match="another run"), only_run(home, "n"):
            pass
    with only_run(home, "n"):
        pass
