"""Whatever happens to the child, the caller gets an answer: facts, tables, or a refusal with a code."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from pipelines.errors import FileRefused, RefusalCode, WorkerError
from pipelines.io import contained
from pipelines.io.contained import Allowance, allowance, run_contained
from tests import contained_works as works

LIMITS = Allowance(seconds=20)
SHORT = Allowance(seconds=1)
PRELOAD = ("tests.contained_works", "pyarrow")


def ask(work, *arguments, limits=LIMITS, **more):
    return run_contained(work, *arguments, limits=limits, name="DUPONT.csv", preload=PRELOAD, **more)


def code_of(work, *arguments, limits=LIMITS):
    with pytest.raises(FileRefused) as caught:
        ask(work, *arguments, limits=limits)
    return caught.value.refusal.code


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the private folders are made."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("value", [None, 1, "é\n\udcff", [1, [2]], {"a": None}])
def test_facts_come_back(value):
    assert ask(works.echo, value).facts == value


def test_tables_come_back():
    answer = ask(works.tables, ["a", ""], ["é"])
    assert (answer.facts, [t["text"].to_pylist() for t in answer.tables]) == ({"n": 2}, [["a", ""], ["é"]])


@pytest.mark.parametrize(
    ("work", "code"),
    [
        (works.fail, RefusalCode.CRASHED),
        (works.panic_of_its_own, RefusalCode.CRASHED),
        (works.abort, RefusalCode.CRASHED),
        (works.segfault, RefusalCode.CRASHED),
        (works.killed, RefusalCode.CRASHED),
        (works.exit_well, RefusalCode.CRASHED),
        (works.recurse, RefusalCode.CRASHED),
        (works.hunger, RefusalCode.OUT_OF_MEMORY),
        (works.abort_of_hunger, RefusalCode.OUT_OF_MEMORY),
        (works.dial, RefusalCode.CRASHED),
        (works.look_up, RefusalCode.CRASHED),
        (works.start_a_program, RefusalCode.CRASHED),
        (works.lie_about_tables, RefusalCode.CRASHED),
    ],
)
def test_a_child_that_dies_is_a_refusal(work, code):
    assert code_of(work) == code


@pytest.mark.parametrize("work", [works.spin, works.sleep])
def test_a_child_that_does_not_end_is_ended(work):
    assert code_of(work, limits=SHORT) == RefusalCode.TOO_SLOW


def test_a_child_that_writes_too_much_is_over_a_limit():
    assert code_of(works.write_much, limits=Allowance(written=1 << 20)) == RefusalCode.OVER_LIMIT


@pytest.mark.parametrize(
    "verdict",
    ["", "[]", "{", "[" * 100_000, '{"refusal": {}}', '{"refusal": {"code": "x"}}', '{"facts": 1, "n_tables": "x"}',
     '{"facts": 1, "n_tables": 3}', '{"refusal": {"code": "not_ours", "file": "a", "centre_id": null, "reason_fr": "", '
     '"reason_en": "", "remedy_fr": "", "remedy_en": ""}}'],
)  # fmt: skip
def test_a_verdict_that_is_none_is_a_crash(verdict):
    assert code_of(works.lie, verdict) == RefusalCode.CRASHED


def test_a_refusal_of_the_child_keeps_its_code():
    assert code_of(works.refuse, RefusalCode.EMPTY_FILE) == RefusalCode.EMPTY_FILE


def test_a_crash_is_told_without_its_message():
    with pytest.raises(FileRefused) as caught:
        ask(works.fail)
    [note] = caught.value.__notes__
    assert note.startswith("KeyError at contained_works.py:")
    assert caught.value.refusal.file == "DUPONT.csv"


def test_the_next_work_is_not_disturbed():
    assert code_of(works.abort) == RefusalCode.CRASHED
    assert ask(works.echo, 1).facts == 1


def test_nothing_is_written_outside(tmp_path: Path):
    target = tmp_path / "outside.txt"
    assert code_of(works.write_outside, str(target)) == RefusalCode.CRASHED
    assert not target.exists()


def test_the_private_folder_is_removed_and_its_named_files_kept(temporary: Path):
    place = temporary / "kept.csv"
    folder = ask(works.leave_files, keep={"clean.csv": place}).facts
    assert Path(folder).parent == temporary
    assert [path.name for path in temporary.iterdir()] == ["kept.csv"]
    assert place.read_text(encoding="utf-8") == "a,b\n"


@pytest.mark.parametrize("work", [works.fail, works.killed, works.sleep])
def test_the_private_folder_is_removed_when_the_child_dies(work, temporary: Path):
    code_of(work, limits=SHORT)
    assert list(temporary.iterdir()) == []


def test_the_child_knows_nothing_of_the_caller(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RESEAU_WAREHOUSE", "postgresql://user:secret@host/base")
    contained._forker.cache_clear()
    found = ask(works.surroundings).facts
    assert "RESEAU_WAREHOUSE" not in found["environment"]
    assert "HOME" not in found["environment"]
    assert found["environment"]["TMPDIR"] == found["folder"]
    assert found["threads"] == 1


def test_the_child_holds_no_file_of_the_caller(tmp_path: Path):
    with (tmp_path / "ledger.sqlite").open("w") as file:
        os.set_inheritable(file.fileno(), True)
        contained._forker.cache_clear()
        assert [path for path in ask(works.open_files).facts if path.endswith("ledger.sqlite")] == []


def test_a_file_that_grows_gets_more_time_and_memory():
    small, large = allowance(1000), allowance(1 << 30)
    assert (small.memory, small.seconds) == (2 << 30, 30)
    assert large.memory > small.memory
    assert large.seconds > small.seconds


def test_a_forker_that_was_killed_is_started_again():
    ask(works.echo, 1)
    forker = contained._forker(PRELOAD, os.getpid())
    forker._process.kill()
    forker._process.wait()
    assert ask(works.echo, 2).facts == 2


def test_a_forker_that_cannot_start_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch):
    contained._forker.cache_clear()
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(WorkerError, match="no contained process"):
        ask(works.echo, 1)
    contained._forker.cache_clear()


def test_a_work_that_cannot_be_loaded_is_no_fault_of_the_file():
    class Unknown:
        def __reduce__(self):
            return (__import__, ("no_such_module_of_ours",))

    with pytest.raises(WorkerError):
        ask(works.echo, Unknown())


ORPHAN = """
from pipelines.io.contained import Allowance, run_contained
from tests import contained_works
run_contained(contained_works.sleep, limits=Allowance(seconds=60), name="x")
"""


def test_a_caller_that_is_killed_leaves_nothing(temporary: Path):
    environment = {**os.environ, "TMPDIR": str(temporary), "PYTHONPATH": str(Path(__file__).parents[3])}
    caller = subprocess.Popen([sys.executable, "-c", ORPHAN], env=environment)
    family = _wait(lambda: _family(caller.pid, at_least=2))
    assert family
    caller.send_signal(signal.SIGKILL)
    caller.wait()
    assert _wait(lambda: not any(_is_alive(process) for process in family))
    assert _wait(lambda: not list(temporary.iterdir()))


def _family(pid: int, *, at_least: int) -> list[psutil.Process]:
    found = psutil.Process(pid).children(recursive=True)
    return found if len(found) >= at_least else []


def _is_alive(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE


def _wait(found):
    for _ in range(400):
        if value := found():
            return value
        time.sleep(0.05)
    return found()
