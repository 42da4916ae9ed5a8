"""The cost of one command: wall time, processor time, and the peak of the memory of its whole process tree."""

import resource
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

SAMPLE_SECONDS = 0.1


@dataclass(frozen=True)
class Cost:
    """Seconds of wall time, MiB at the peak over all processes together, exit code, seconds of all processors."""

    seconds: float
    peak_mib: float
    exit_code: int
    cpu_seconds: float = 0.0


def _tree_mib(process: psutil.Process) -> float:
    total = 0
    for one in (process, *process.children(recursive=True)):
        try:
            total += one.memory_info().rss
        except psutil.NoSuchProcess:  # it ended between the listing and the question
            continue
    return total / 2**20


def _watch(process: psutil.Process, peak: list[float], done: threading.Event) -> None:
    while not done.wait(SAMPLE_SECONDS):
        try:
            peak[0] = max(peak[0], _tree_mib(process))
        except psutil.NoSuchProcess:
            return


def _children_cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(command: list[str], *, log: Path) -> Cost:
    """Run a command to its end; its output goes to `log`."""
    peak, done = [0.0], threading.Event()
    start, before = time.perf_counter(), _children_cpu()
    with log.open("a", encoding="utf-8") as out:
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        watcher = threading.Thread(target=_watch, args=(psutil.Process(child.pid), peak, done))
        watcher.start()
        code = child.wait()
    seconds, cpu = time.perf_counter() - start, _children_cpu() - before
    done.set()
    watcher.join()
    return Cost(seconds, peak[0], code, cpu)
