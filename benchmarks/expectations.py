"""What Great Expectations costs on the warehouse of a national network, on each engine, and whether both say the same.

A run imports the library beside its other steps; here the import and the documents are part of the time. Processor
seconds are the child's, without the server's: they say more than wall time where the machine has other work.
`python -m benchmarks.expectations FILE` measures a warehouse that is there already.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from pipelines.io import postgres
from pipelines.warehouse.expectations_process import ExpectationsProcess, start
from tests.postgres import server

if TYPE_CHECKING:
    from validations.expectation_result import ExpectationSummary

#: The incident patients of the published national study.
PATIENTS = 43_975
NETWORK, SCHEMA = "netsarc", "reseau_netsarc_s0001"


def _warehouse(folder: Path) -> Path:
    """The warehouse of a synthetic national network."""
    home = folder / "home"
    synth = ["synth", "--patients", str(PATIENTS), "--seed", "1", "--out", str(folder)]
    chain = ["run", "--inbox", str(folder / "exports"), "--home", str(home)]
    for command, allowed in ((synth, {0}), (chain, {0, 1})):
        done = subprocess.run([sys.executable, "-m", "pipelines", *command], capture_output=True, check=False)
        if done.returncode not in allowed:
            raise SystemExit(f"{command[0]} ended with {done.returncode}")
    return home / "snapshots" / NETWORK / "current" / "warehouse.duckdb"


def _processor_seconds(pid: int) -> float:
    used = psutil.Process(pid).cpu_times()
    return used.user + used.system


def _peak_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def _costs(
    ask: Callable[[ExpectationsProcess], "ExpectationSummary"],
) -> "tuple[ExpectationSummary, dict[str, Any]]":
    """The answer of a new child, and what it cost."""
    begun = time.perf_counter()
    process = start()
    try:
        summary = ask(process)
        seconds = time.perf_counter() - begun
        used, peak = _processor_seconds(process.pid), _peak_mib(process.pid)
    finally:
        process.close()
    return summary, {
        "seconds": round(seconds, 1),
        "processor seconds": round(used, 1),
        "peak MiB": round(peak),
        "processes that wanted a processor meanwhile": round(os.getloadavg()[0], 1),
    }


def compared(one: "ExpectationSummary", other: "ExpectationSummary") -> int:
    """How many expectations the two do not answer alike."""
    asked = [{json.dumps(row, sort_keys=True) for row in summary.rows()} for summary in (one, other)]
    return len(asked[0] ^ asked[1])


def figures_of(file: Path, folder: Path) -> dict[str, Any]:
    """The figures of one warehouse, judged as a file and as a schema of a server."""
    on_duckdb, duckdb_costs = _costs(lambda process: process.run(file, folder / "duckdb"))
    with server(folder) as url:
        postgres.load(url, file, network_id=NETWORK, snapshot=1, content_hash="")
        on_server, server_costs = _costs(
            lambda process: process.run_on_server(url, SCHEMA, folder / "postgresql")
        )
    rules = [suite for suite in on_duckdb.suites if not suite.stops_publication]
    return {
        "patients": PATIENTS,
        "expectations of the contract": on_duckdb.passed + on_duckdb.failed,
        "expectations of the catalogue": sum(len(suite.results) for suite in rules),
        "not held of the contract": on_duckdb.failed,
        "DuckDB": duckdb_costs,
        "PostgreSQL": server_costs,
        "answers that differ between the engines": compared(on_duckdb, on_server),
    }


def measure() -> dict[str, Any]:
    """The figures on a national network that is made for it."""
    with tempfile.TemporaryDirectory(prefix="reseau-bench-") as name:
        folder = Path(name)
        return figures_of(_warehouse(folder), folder)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="reseau-bench-") as there:
        json.dump(figures_of(Path(sys.argv[1]), Path(there)), sys.stdout, indent=2)
