"""What the ledger keeps of the expectations on the warehouse: verdicts and counts per run and engine, no value."""

from typing import Any

import sqlalchemy as sa

from pipelines.io.ledger_schema import EXPECTATION
from validations.expectation_result import Engine, ExpectationSummary


class ExpectationLedger:
    """The expectations of one network in an open ledger."""

    def __init__(self, engine: sa.Engine, network_id: str) -> None:
        self._engine, self._network_id = engine, network_id

    def record(self, run_id: int, engine: Engine, summary: ExpectationSummary, *, snapshot: int) -> None:
        """Write what a run found of a snapshot on one engine, in place of what an attempt of the same run wrote."""
        about = {
            "network_id": self._network_id,
            "run_id": run_id,
            "engine": engine.value,
            "snapshot": snapshot,
        }
        mine = (EXPECTATION.c.run_id == run_id, EXPECTATION.c.engine == engine.value)
        rows = [{**about, **row} for row in summary.rows()]
        with self._engine.begin() as con:
            con.execute(sa.delete(EXPECTATION).where(*mine))
            if rows:
                con.execute(sa.insert(EXPECTATION), rows)

    def of_run(self, run_id: int) -> list[dict[str, Any]]:
        """Every expectation of a run, by engine, suite, type and column."""
        order = ("engine", "suite", "expectation", "column_name")
        query = (
            sa.select(EXPECTATION)
            .where(EXPECTATION.c.network_id == self._network_id, EXPECTATION.c.run_id == run_id)
            .order_by(*(EXPECTATION.c[name] for name in order))
        )
        with self._engine.connect() as con:
            return [dict(row) for row in con.execute(query).mappings()]
