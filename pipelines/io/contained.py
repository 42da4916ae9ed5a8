"""Parsers run elsewhere: a function is called in a child process with limits, and its death is an answer.

Whatever a file does to its parser (panic, endless loop, crash, hunger for memory), the caller gets a refusal with a
code. The child has no secret: it starts from a fresh interpreter with an empty environment, so neither the key nor an
address of a database is in its memory. It is cut off from the network by a namespace where the system allows one, and
everywhere by Python's own doors; it may still read what this user may read, because native code is not fenced in.
"""

import atexit
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, fields
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.errors import FileRefused, Refusal, RefusalCode, WorkerError
from pipelines.io.contained_child import (
    COMPLAINTS,
    NO_MEMORY,
    NOT_STARTED,
    TASK,
    TOO_LARGE,
    VERDICT,
    Allowance,
    Answer,
)
from pipelines.refusals import printable, refused

__all__ = ["Allowance", "Answer", "allowance", "run_contained"]

_MIB = 1 << 20
_LARGEST_VERDICT = 256 * _MIB
_SECONDS_PER_MIB = 0.5
_MEMORY_PER_BYTE = 12
_ROOT = Path(__file__).resolve().parents[2]
_CODES = {value for name, value in vars(RefusalCode).items() if name.isupper()}
#: What a library says as it aborts because memory was refused to it.
_HUNGRY = (b"memory allocation of", b"bad_alloc", b"MemoryError", b"Cannot allocate memory")


def allowance(size: int) -> Allowance:
    """What reading a file of `size` bytes may use.

    >>> allowance(0).seconds, allowance(100 << 20).seconds
    (30, 80)
    """
    grown = max(2 << 30, (1 << 30) + _MEMORY_PER_BYTE * size)
    return Allowance(memory=grown, seconds=30 + int(size / _MIB * _SECONDS_PER_MIB))


def run_contained(
    work: Callable[..., Any],
    *arguments: object,
    limits: Allowance,
    name: str,
    keep: Mapping[str, Path] | None = None,
    preload: tuple[str, ...] = (),
) -> Answer:
    """The answer of `work(*arguments)`, run in a child; FileRefused about the file `name` when the child dies.

    `work` is importable, and returns what JSON can hold or an Answer. It works in a folder of its own, from which the
    files named by `keep` are moved to their places when it ends well. `preload` names modules to import only once.
    """
    folder = Path(tempfile.mkdtemp(prefix="reseau-contained-"))
    try:
        (folder / TASK).write_bytes(pickle.dumps((work, arguments)))
        code, is_late = _forker(preload, os.getpid()).run(folder, limits)
        answer = _answer(folder, code, is_late=is_late, limits=limits, name=name)
        for own, place in (keep or {}).items():
            shutil.move(folder / own, place)
        return answer
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Forker:
    """The process that forks a child for each work."""

    def __init__(self, preload: tuple[str, ...]) -> None:
        self._preload = preload
        self._start()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", "from pipelines.io.contained_child import serve; serve()"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
            start_new_session=True,  # an interrupt of the terminal is for the one who asked
        )
        with suppress(BrokenPipeError):  # one that is dead already is noticed when it should work
            self._tell(self._preload)

    def _tell(self, line: object) -> None:
        assert self._process.stdin is not None  # noqa: S101
        self._process.stdin.write(json.dumps(line).encode() + b"\n")
        self._process.stdin.flush()

    def run(self, folder: Path, limits: Allowance) -> tuple[int, bool]:
        """The exit code of the child that did the work in `folder`, and whether its time was over."""
        order = {"folder": str(folder), "allowance": asdict(limits)}
        for _ in range(2):  # one that was killed meanwhile is started once more
            with suppress(BrokenPipeError):
                self._tell(order)
                assert self._process.stdout is not None  # noqa: S101
                if line := self._process.stdout.readline():
                    end = json.loads(line)
                    return end["code"], bool(end["is_late"])
            self.close()
            self._start()
        raise _no_worker()

    def close(self) -> None:
        """End the process, and with it the child that it may have."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        self._process.wait()


@cache
def _forker(preload: tuple[str, ...], _process: int) -> _Forker:
    forker = _Forker(preload)
    atexit.register(forker.close)
    return forker


def _environment() -> dict[str, str]:
    """What the interpreter and its libraries need, and nothing of the caller's."""
    loader = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return {
        **loader,
        "PYTHONPATH": str(_ROOT),
        "LANG": "C.UTF-8",
        "TZ": "UTC",
        # no threads: a process that forks has one, and a limit on address space counts every thread's reserve
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "JE_ARROW_MALLOC_CONF": "background_thread:false",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "MALLOC_ARENA_MAX": "1",
    }


def _answer(folder: Path, code: int, *, is_late: bool, limits: Allowance, name: str) -> Answer:
    """What the child left, checked: it may have been taken over by the file that it read."""
    verdict = _verdict(folder / VERDICT)
    if is_late or code == -signal.SIGXCPU:
        raise refused(RefusalCode.TOO_SLOW, name, seconds=limits.seconds)
    if code == NO_MEMORY or (code < 0 and _was_hungry(folder / COMPLAINTS)):
        raise refused(RefusalCode.OUT_OF_MEMORY, name, mib=limits.memory // _MIB)
    if code == TOO_LARGE:
        why = {"why_fr": "trop de texte", "why_en": "too much text"}
        raise refused(RefusalCode.OVER_LIMIT, name, **why)
    if code == NOT_STARTED:
        raise _no_worker()
    if code == 0 and "refusal" in verdict:
        raise FileRefused(_refusal(verdict["refusal"], name))
    if code == 0 and "facts" in verdict:
        return Answer(verdict["facts"], _tables(folder, verdict.get("n_tables"), name=name))
    raise _crashed(name, verdict.get("crash", f"exit code {code}"))


def _verdict(path: Path) -> dict[str, Any]:
    try:
        if path.is_symlink() or path.stat().st_size > _LARGEST_VERDICT:
            return {}
        found = json.loads(path.read_bytes().decode("utf-8", errors="surrogatepass"))
    except (OSError, ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _was_hungry(path: Path) -> bool:
    try:
        said = path.read_bytes()[:4096]
    except OSError:
        return False
    return any(word in said for word in _HUNGRY)


def _refusal(found: object, name: str) -> Refusal:
    names = {field.name for field in fields(Refusal)}
    if not isinstance(found, dict) or set(found) != names or found["code"] not in _CODES:
        raise _crashed(name, "unreadable refusal")
    words = {key: str(text) for key, text in found.items() if key not in ("file", "centre_id")}
    return Refusal(file=printable(name), centre_id=None, **words)


def _tables(folder: Path, count: object, *, name: str) -> tuple[Any, ...]:
    if not count:
        return ()
    import pyarrow as pa

    try:
        return tuple(_table(folder / f"{number}.arrow") for number in range(int(str(count))))
    except (pa.ArrowException, OSError, ValueError) as problem:
        raise _crashed(name, type(problem).__name__) from None


def _table(path: Path) -> Any:
    """The table of a file that is unlinked while it is mapped: its pages live as long as the table."""
    import pyarrow as pa

    with pa.memory_map(str(path)) as source:
        table = pa.RecordBatchFileReader(source).read_all()
    table.validate(full=True)
    return table


def _crashed(name: str, note: object) -> FileRefused:
    problem = refused(RefusalCode.CRASHED, name)
    problem.add_note(str(note)[:200])
    return problem


def _no_worker() -> WorkerError:
    remedy = "See the memory, the disk and the installation of this machine; no file is to blame."
    return WorkerError("no contained process can work", remedy=remedy)
