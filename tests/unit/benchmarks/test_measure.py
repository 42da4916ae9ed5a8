"""The cost of a command: its whole process tree, its own exit code, its output kept for whoever looks."""

import sys
from pathlib import Path

import pytest

from benchmarks import measure
from benchmarks.measure import Cost, run

HOLD = "import time; held = bytearray({mib} * 2**20); time.sleep(0.5)"


@pytest.fixture(autouse=True)
def sampled_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measure, "SAMPLE_SECONDS", 0.02)


def python(program: str, folder: Path) -> Cost:
    return run([sys.executable, "-c", program], log=folder / "log.txt")


@pytest.mark.parametrize("code", [0, 1, 2, 77])
def test_the_exit_code_is_that_of_the_command(tmp_path: Path, code: int):
    assert python(f"raise SystemExit({code})", tmp_path).exit_code == code


def test_a_command_that_is_killed_has_a_negative_code(tmp_path: Path):
    assert python("import os; os.kill(os.getpid(), 9)", tmp_path).exit_code == -9


def test_the_memory_of_children_counts(tmp_path: Path):
    child = HOLD.format(mib=120)
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    alone = python(HOLD.format(mib=1), tmp_path)
    with_child = python(parent, tmp_path)
    assert alone.peak_mib < 100  # MiB, not KiB
    assert 120 < with_child.peak_mib < 300


def test_wall_time_is_counted_to_the_end(tmp_path: Path):
    assert 0.3 <= python("import time; time.sleep(0.3)", tmp_path).seconds < 30


def test_the_processors_of_children_count_and_waiting_does_not(tmp_path: Path):
    busy = "import time\nwhile time.process_time() < 0.5: pass"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {busy!r}])"
    assert 0.5 <= python(parent, tmp_path).cpu_seconds < 5
    assert python("import time; time.sleep(0.5)", tmp_path).cpu_seconds < 0.5


def test_both_outputs_are_kept_one_command_after_the_other(tmp_path: Path):
    python("import sys; print('one'); print('two', file=sys.stderr)", tmp_path)
    python("print('three')", tmp_path)
    assert sorted((tmp_path / "log.txt").read_text().split()) == ["one", "three", "two"]
