"""Workers: they start under any main module, and one that cannot start blames no centre."""

import subprocess
import sys
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from pipelines import centre_work
from pipelines.centre_work import check_workers
from pipelines.errors import WorkerError

PROGRAM = """
import os, sys
if __name__ != "__main__":
    raise SystemExit("the main module was imported by a worker")
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pipelines.centre_work import submit
main = sys.modules["__main__"]
with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
    assert submit(pool, os.getpid).result() != os.getpid()
assert sys.modules["__main__"] is main
"""


def test_a_worker_does_not_import_the_main_module(tmp_path: Path):
    file = tmp_path / "program.py"
    file.write_text(PROGRAM, encoding="utf-8")
    done = subprocess.run([sys.executable, str(file)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_workers_that_start_are_no_error():
    check_workers()


def test_a_worker_that_cannot_start_is_no_fault_of_a_centre(monkeypatch: pytest.MonkeyPatch):
    def broken(*_: object) -> None:
        raise BrokenProcessPool

    monkeypatch.setattr(centre_work, "submit", broken)
    with pytest.raises(WorkerError, match="no worker process can start"):
        check_workers()
