"""What a parser may do to the process it runs in: each a work for `run_contained`."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from pipelines.io.contained_child import VERDICT, Answer
from pipelines.refusals import refused


def echo(value: object) -> object:
    return value


def tables(*columns: list[str]) -> Answer:
    import pyarrow as pa

    return Answer({"n": len(columns)}, tuple(pa.table({"text": column}) for column in columns))


def refuse(code: str) -> None:
    raise refused(code, "own.csv")


def fail() -> None:
    raise KeyError("DUPONT")


def panic(path: str) -> None:
    import python_calamine

    workbook = python_calamine.load_workbook(path)
    for name in workbook.sheet_names:
        workbook.get_sheet_by_name(name).to_python()


class Panic(BaseException):
    """What a panic is to Python: no Exception."""


def panic_of_its_own() -> None:
    raise Panic


def spin() -> None:
    while True:
        pass


def sleep() -> None:
    time.sleep(600)


def abort() -> None:
    os.abort()


def segfault() -> None:
    signal.raise_signal(signal.SIGSEGV)


def killed() -> None:
    signal.raise_signal(signal.SIGKILL)


def exit_well() -> None:
    os._exit(0)


def hunger() -> int:
    return len(b"x" * (8 << 30))


def abort_of_hunger() -> None:
    os.write(2, b"memory allocation of 8589934592 bytes failed")
    os.abort()


def recurse(depth: int = 0) -> int:
    return recurse(depth + 1) + 1


def write_much() -> Answer:
    import pyarrow as pa

    return Answer(None, (pa.table({"text": ["x" * 1000] * 10_000}),))


def dial() -> None:
    socket.create_connection(("127.0.0.1", 9))


def look_up() -> None:
    socket.getaddrinfo("localhost", 80)


def start_a_program() -> None:
    subprocess.run([sys.executable, "-c", "pass"], check=True)


def write_outside(path: str) -> None:
    Path(path).write_text("x", encoding="utf-8")


def leave_files() -> str:
    Path("clean.csv").write_text("a,b\n", encoding="utf-8")
    return str(Path.cwd())


def surroundings() -> dict[str, object]:
    return {
        "environment": dict(os.environ),
        "folder": str(Path.cwd()),
        "threads": len(os.listdir("/proc/self/task")),
    }


def open_files() -> list[str]:
    return sorted(
        str(Path(entry).readlink()) for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink()
    )


def interfaces() -> list[str]:
    return [line.split(":")[0].strip() for line in Path("/proc/net/dev").read_text().splitlines()[2:]]


def leave_a_child() -> int:
    import ctypes

    child = ctypes.CDLL(None).fork()  # native code asks nobody
    if not child:
        time.sleep(600)
    return child


def lie(verdict: str) -> None:
    Path(VERDICT).write_text(verdict, encoding="utf-8")
    os._exit(0)


def lie_about_tables() -> None:
    Path("0.arrow").write_bytes(b"ARROW1\0\0" + b"\xff" * 4096)
    lie('{"facts": null, "n_tables": 1}')
