"""The process in which parsers run: it starts with nothing of ours, waits for work, and forks one child for each.

The process that waits never touches a file of a centre; the child that does may die of it. Every child has limits on
memory, processor, time, written bytes and open files, a folder of its own, and no way to a network from Python.
"""

import gc
import json
import os
import pickle
import resource
import select
import shutil
import signal
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from importlib import import_module
from typing import Any

TASK, VERDICT, COMPLAINTS = "task", "verdict.json", "complaints"
#: How a child ended that has no verdict.
CRASHED, NOT_STARTED, TOO_LARGE, NO_MEMORY = 3, 4, 5, 12
_NEW_USERS, _NEW_NETWORK = 0x10000000, 0x40000000
_DIE_WITH_PARENT = 1
#: What Python announces before it happens; none of it belongs to reading a file.
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.exec",
    "os.fork",
    "os.posix_spawn",
    "os.system",
    "os.kill",
    "ctypes.dlopen",
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass(frozen=True, kw_only=True)
class Allowance:
    """What one contained work may use: bytes of address space, seconds, bytes of one written file, open files."""

    memory: int = 2 << 30
    seconds: int = 30
    written: int = 4 << 30
    open_files: int = 64


@dataclass(frozen=True)
class Answer:
    """What a contained work returns when it has tables: facts that JSON can hold, and Arrow tables."""

    facts: Any
    tables: tuple[Any, ...] = field(default=())


class _NoPandas:
    """No reading needs pandas, yet pyarrow imports it where it can: that would cost each child 0.3 seconds."""

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> None:
        """Nothing is found elsewhere once this fails."""
        if name == "pandas":
            raise ModuleNotFoundError(name)


def serve() -> None:
    """Import what the first line names, then run one work per line until the input ends."""
    _leave_network()
    sys.meta_path.insert(0, _NoPandas())
    for module in json.loads(sys.stdin.buffer.readline() or b"[]"):
        import_module(module)
    gc.freeze()  # what is there stays shared between the children
    gc.disable()  # a child ends with its file: looking for cycles among a million rows costs more than they hold
    while line := sys.stdin.buffer.readline():
        order = json.loads(line)
        end = _run(order["folder"], Allowance(**order["allowance"]))
        if end is None:  # nobody waits for the answer any more
            shutil.rmtree(order["folder"], ignore_errors=True)
            return
        sys.stdout.buffer.write(json.dumps(end).encode() + b"\n")
        sys.stdout.buffer.flush()


def _leave_network() -> None:
    """A network namespace of its own, where the system allows it; elsewhere only Python's own doors are shut."""
    import ctypes

    alone = _NEW_NETWORK if os.geteuid() == 0 else _NEW_USERS | _NEW_NETWORK
    with suppress(OSError, AttributeError):  # root in a user namespace of its own would lose its files
        ctypes.CDLL(None).unshare(alone)


def _run(folder: str, allowed: Allowance) -> dict[str, int] | None:
    """Fork, wait, and tell how the child ended; None when the one who asked is gone."""
    child = os.fork()
    if not child:
        _be_child(folder, allowed)
    watch = os.pidfd_open(child)
    try:
        ready, _, _ = select.select([watch, sys.stdin.buffer], [], [], allowed.seconds)
    finally:
        os.close(watch)
    with suppress(ProcessLookupError):  # the whole group, also what a dead parser left behind
        os.killpg(child, signal.SIGKILL)
    if watch not in ready:
        with suppress(ProcessLookupError):  # it may not lead its group yet
            os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if sys.stdin.buffer in ready:
        return None
    return {"code": os.waitstatus_to_exitcode(status), "is_late": int(not ready)}


def _be_child(folder: str, allowed: Allowance) -> None:
    code = NOT_STARTED
    try:
        _settle(folder, allowed)
        with open(TASK, "rb") as file:  # written by the one who asked
            work, arguments = pickle.load(file)  # noqa: S301
        code = CRASHED
        sys.addaudithook(_forbid)
        code = _work(work, arguments)
    except MemoryError:
        code = NO_MEMORY
    finally:  # also of a panic, which is no Exception: nothing of the child may outlive it
        _note_crash()
        os._exit(code)


def _settle(folder: str, allowed: Allowance) -> None:
    """The private folder, the limits, and no stream of the parent's."""
    import ctypes

    os.setsid()
    ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
    os.chdir(folder)
    os.environ["TMPDIR"] = folder
    nothing = os.open(os.devnull, os.O_RDWR)
    complaints = os.open(COMPLAINTS, os.O_WRONLY | os.O_CREAT, 0o600)
    for stream, target in ((0, nothing), (1, nothing), (2, complaints)):
        os.dup2(target, stream)
    os.closerange(3, 256)
    with (
        suppress(OSError),
        open("/proc/self/oom_score_adj", "w") as file,
    ):  # the first to go when memory runs out
        file.write("1000")
    for limit, value in (
        (resource.RLIMIT_AS, allowed.memory),
        (resource.RLIMIT_CPU, allowed.seconds),
        (resource.RLIMIT_FSIZE, allowed.written),
        (resource.RLIMIT_NOFILE, allowed.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (value, value + (limit == resource.RLIMIT_CPU)))


def _forbid(event: str, arguments: tuple[Any, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(f"{event} is not allowed where files of a centre are read")
    if event == "open" and arguments[2] & _WRITING and not _is_own(arguments[0]):
        raise PermissionError("only the child's own folder may be written")


def _is_own(path: object) -> bool:
    if not isinstance(path, str | bytes | os.PathLike):
        return True  # a descriptor that is already open
    place = os.path.realpath(os.fsdecode(path))
    return place.startswith(os.getcwd() + os.sep) or place == os.devnull


def _work(work: Any, arguments: tuple[Any, ...]) -> int:
    from pipelines.errors import FileRefused

    try:
        found = work(*arguments)
    except FileRefused as problem:
        _write({"refusal": asdict(problem.refusal)})
        return 0
    answer = found if isinstance(found, Answer) else Answer(found)
    try:
        for number, table in enumerate(answer.tables):
            _write_table(table, f"{number}.arrow")
        _write({"facts": answer.facts, "n_tables": len(answer.tables)})
    except OSError as problem:  # the disk is full, or the limit on written bytes is reached
        return TOO_LARGE if problem.errno == 27 else NOT_STARTED
    return 0


def _write_table(table: Any, path: str) -> None:
    import pyarrow as pa

    with pa.OSFile(path, "wb") as sink, pa.RecordBatchFileWriter(sink, table.schema) as writer:
        writer.write_table(table)


def _write(verdict: dict[str, Any]) -> None:
    with open(VERDICT, "w", encoding="utf-8", errors="surrogatepass") as file:
        json.dump(verdict, file)


def _note_crash() -> None:
    """Where our code was when it failed, for the engineer: the class and the line, never the message."""
    kind, _, trace = sys.exc_info()
    if kind is None or trace is None:
        return
    while trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}"
    with suppress(OSError, MemoryError):
        _write({"crash": f"{kind.__name__} at {place}"})
