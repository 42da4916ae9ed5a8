"""Great Expectations in a process of its own, started early: its import takes seconds that other steps use.

The child imports at once, then waits for jobs on its standard input and answers each on its standard output. What else
it might print is dropped, because a library's message may quote a value.
To see it: `echo '{"warehouse": FILE, "docs": FOLDER}' | python -m pipelines.warehouse.expectations_process`.
"""

import gc
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from pipelines.errors import WarehouseError
from validations.contracts.entities import ENTITIES
from validations.contracts.tables import TABLES, WAREHOUSE
from validations.expectation_result import ExpectationSummary, summary_of
from validations.expectations import contract_suite, rule_suite, run_suites, run_suites_on_server, suite_name
from validations.rules.model import Rule
from validations.warehouse_rules import askable_rules, question

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

    @property
    def pid(self) -> int:
        """The child's process id, for who measures it."""
        return self._child.pid

    def run(self, warehouse: Path, docs: Path) -> ExpectationSummary:
        """Judge the DuckDB file `warehouse` by contract and catalogue; writes the documents into `docs`.

        WarehouseError when the child ends without an answer.
        """
        return self._ask({"warehouse": str(warehouse), "docs": str(docs)})

    def run_on_server(self, url: str, schema: str, docs: Path) -> ExpectationSummary:
        """Judge a schema of a PostgreSQL server by contract and catalogue; writes the documents into `docs`.

        The address goes through the pipe: no command line, log or document shows it.
        """
        return self._ask({"url": url, "schema": schema, "docs": str(docs)})

    def _ask(self, job: dict[str, str]) -> ExpectationSummary:
        jobs, answers = cast("IO[str]", self._child.stdin), cast("IO[str]", self._child.stdout)
        with suppress(BrokenPipeError):  # it died; the missing answer says so
            jobs.write(json.dumps(job) + "\n")
            jobs.flush()
        answer = answers.readline()
        if not answer:
            code = self._child.wait()
            remedy = "Run `python -m pipelines.warehouse.expectations_process` on the file to see why."
            raise WarehouseError(f"Great Expectations ended with code {code}", remedy=remedy)
        return summary_of(json.loads(answer))

    def close(self) -> None:
        """End the child if it still runs."""
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()
        for pipe in (self._child.stdin, self._child.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):  # a job that a dead child never read
                    pipe.close()


def start() -> ExpectationsProcess:
    """Start the child, which imports Great Expectations while the caller goes on."""
    return ExpectationsProcess()


def _rules() -> dict[str, tuple[Rule, ...]]:
    """What can be asked of each entity in the warehouse."""
    from pipelines.io.calculator import calculator

    with calculator() as parser:
        asked = {entity: askable_rules(entity, parser) for entity in ENTITIES}
    return {entity: rules for entity, rules in asked.items() if rules}


class _Frames(Mapping[str, "pd.DataFrame"]):
    """The rows of each suite, read when they are asked for."""

    def __init__(self, con: "duckdb.DuckDBPyConnection", rules: Mapping[str, tuple[Rule, ...]]) -> None:
        self._con = con
        self._entities = {suite_name(entity): entity for entity in rules}
        self._rules = rules

    def __getitem__(self, name: str) -> "pd.DataFrame":
        from pipelines.io.warehouse import read_answers, read_frame

        if name in TABLES:
            return read_frame(self._con, TABLES[name])
        entity = self._entities[name]
        return read_answers(self._con, entity, self._rules[entity])

    def __iter__(self) -> Iterator[str]:
        return iter((*(table.name for table in WAREHOUSE), *self._entities))

    def __len__(self) -> int:
        return len(WAREHOUSE) + len(self._entities)


def _judge(job: Mapping[str, str], docs: Path) -> ExpectationSummary:
    """What both engines are asked is the same: the contract of every table, the rules of every entity."""
    from pipelines.io.warehouse import read_only

    rules = _rules()
    suites = [*map(contract_suite, WAREHOUSE), *(rule_suite(*one) for one in rules.items())]
    if "url" in job:
        questions = {suite_name(e): question(e, asked, schema=job["schema"]) for e, asked in rules.items()}
        return run_suites_on_server(job["url"], job["schema"], docs, suites=suites, questions=questions)
    with read_only(Path(job["warehouse"])) as con:
        return run_suites(_Frames(con, rules), docs, suites=suites)


def main() -> None:
    """The child: import, then answer each job. Ends quietly when no job comes."""
    answer, sys.stdout = sys.stdout, sys.stderr  # a library that prints must not spoil the answer
    import great_expectations  # noqa: F401 - the import is the work

    from pipelines.io.data_docs import make_offline, write_results

    gc.freeze()  # the library's objects stay: a collection need not look at them again

    for line in sys.stdin:
        job = json.loads(line)
        docs = Path(job["docs"])
        summary = _judge(job, docs)
        make_offline(docs, summary)
        write_results(docs, summary)
        answer.write(json.dumps(summary.as_json()) + "\n")
        answer.flush()


if __name__ == "__main__":
    main()
