"""Great Expectations in a process of its own, started early: its import takes seconds that other steps use.

The child imports at once, then waits for one job on its standard input and answers on its standard output. What else
it might print is dropped, because a library's message may quote a value.
To see it: `echo '{"warehouse": FILE, "docs": FOLDER}' | python -m pipelines.warehouse.expectations_process`.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import WarehouseError
from validations.contracts.tables import TABLES, WAREHOUSE
from validations.expectations import ExpectationSummary, TableResult, run_suites

if TYPE_CHECKING:
    import duckdb
    import pandas as pd


class ExpectationsProcess:
    """The running child; `close` ends it, at any moment and as often as one likes."""

    def __init__(self) -> None:
        """Start the interpreter."""
        root = Path(__file__).resolve().parents[2]
        path = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
        self._child = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", __name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path, "GX_ANALYTICS_ENABLED": "False"},
            text=True,
        )

    def run(self, warehouse: Path, docs: Path) -> ExpectationSummary:
        """Validate the DuckDB file `warehouse` and write the Data Docs into `docs`; once per process.

        WarehouseError when the child ends without an answer.
        """
        job = json.dumps({"warehouse": str(warehouse), "docs": str(docs)})
        answer, _ = self._child.communicate(job + "\n")
        if self._child.returncode != 0:
            remedy = "Run `python -m pipelines.warehouse.expectations_process` on the file to see why."
            raise WarehouseError(
                f"Great Expectations ended with code {self._child.returncode}", remedy=remedy
            )
        results = json.loads(answer)
        return ExpectationSummary(
            tuple(TableResult(r["table"], r["passed"], tuple(r["failures"])) for r in results)
        )

    def close(self) -> None:
        """End the child if it still runs."""
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                pipe.close()


def start() -> ExpectationsProcess:
    """Start the child, which imports Great Expectations while the caller goes on."""
    return ExpectationsProcess()


class _Frames(Mapping[str, "pd.DataFrame"]):
    """The tables of the warehouse, each read when it is asked for."""

    def __init__(self, con: "duckdb.DuckDBPyConnection") -> None:
        self._con = con

    def __getitem__(self, name: str) -> "pd.DataFrame":
        from pipelines.io.warehouse import read_frame

        return read_frame(self._con, TABLES[name])

    def __iter__(self) -> Iterator[str]:
        return (table.name for table in WAREHOUSE)

    def __len__(self) -> int:
        return len(WAREHOUSE)


def main() -> None:
    """The child: import, wait for the job, answer. Ends quietly when no job comes."""
    answer, sys.stdout = sys.stdout, sys.stderr  # a library that prints must not spoil the answer
    import great_expectations  # noqa: F401 - the import is the work

    from pipelines.io.data_docs import make_offline
    from pipelines.io.warehouse import read_only

    line = sys.stdin.readline()
    if not line:
        return
    job = json.loads(line)
    docs = Path(job["docs"])
    with read_only(Path(job["warehouse"])) as con:
        summary = run_suites(_Frames(con), docs, tables=WAREHOUSE)
    make_offline(docs, summary)
    answer.write(json.dumps([asdict(table) for table in summary.tables]) + "\n")
    answer.flush()


if __name__ == "__main__":
    main()
