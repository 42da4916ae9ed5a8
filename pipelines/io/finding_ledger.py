"""What the ledger keeps of findings: their states, the answers to them, and of which data they were last settled.

Ids, rule names, statuses and keyed hashes; a reason is what the person who answers writes of it.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa

from pipelines.corrections import CLOSED, Alike, Answer, Given, State, Status
from pipelines.io.ledger_schema import FINDING, FINDING_ANSWER, FINDING_NIGHT

_NAMES = tuple(field.name for field in fields(State))
_ALIKE = tuple(field.name for field in fields(Alike) if field.name != "count")
_BATCH = 500  # keys of one statement: SQLite takes some thousands of parameters


class FindingLedger:
    """The findings of one network in an open ledger."""

    def __init__(self, engine: sa.Engine, network_id: str) -> None:
        self._engine, self._network_id = engine, network_id

    def states(
        self, *, centre_id: str | None = None, status: Collection[str] | None = None
    ) -> dict[str, State]:
        """Every finding ever raised, by id; of one centre, of some statuses."""
        query = sa.select(*(FINDING.c[name] for name in _NAMES)).where(self._mine(FINDING))
        if centre_id is not None:
            query = query.where(FINDING.c.centre_id == centre_id)
        if status is not None:
            query = query.where(FINDING.c.status.in_(list(status)))
        with self._engine.connect() as con:
            rows = con.execute(query.order_by(FINDING.c.finding_id)).mappings()
            return {row["finding_id"]: State(**{**row, "status": Status(row["status"])}) for row in rows}

    def alike(self) -> list[Alike]:
        """Every finding ever raised, counted by what they have in common: no id leaves the ledger."""
        same = [FINDING.c[name] for name in _ALIKE]
        query = sa.select(*same, sa.func.count().label("count")).where(self._mine(FINDING))
        with self._engine.connect() as con:
            rows = con.execute(query.group_by(*same).order_by(*same)).mappings()
            return [Alike(**{**row, "status": Status(row["status"])}) for row in rows]

    def answers(self) -> dict[str, Given]:
        """The last answer to each finding that has one."""
        query = sa.select(FINDING_ANSWER).where(self._mine(FINDING_ANSWER)).order_by(FINDING_ANSWER.c.seq)
        with self._engine.connect() as con:
            return {
                row.finding_id: Given(
                    answer=Answer(row.answer), digest=row.digest, rule_version=row.rule_version
                )
                for row in con.execute(query)
            }

    def settled(self) -> str | None:
        """The fingerprint of the data of which the findings were last settled, None before the first."""
        query = sa.select(FINDING_NIGHT.c.fingerprint).where(self._mine(FINDING_NIGHT))
        with self._engine.connect() as con:
            return con.execute(query).scalar()

    def record_night(self, changed: Iterable[State], *, fingerprint: str, today: dt.date) -> None:
        """Write what a night changed, all at once; what is still raised or verified was seen `today`."""
        rows = [self._row(state) for state in changed]
        with self._engine.begin() as con:
            self._write(con, rows)
            seen = sa.update(FINDING).where(self._mine(FINDING), FINDING.c.status.not_in(list(CLOSED)))
            con.execute(seen.values(last_seen=today))
            con.execute(sa.delete(FINDING_NIGHT).where(self._mine(FINDING_NIGHT)))
            con.execute(sa.insert(FINDING_NIGHT).values(network_id=self._network_id, fingerprint=fingerprint))

    def record_answers(
        self, answered: Iterable[tuple[State, Answer]], *, by: str, reasons: dict[str, str]
    ) -> None:
        """Keep the answers, with who gave them and why, and the states (after the answer) that follow from them."""
        told = list(answered)
        day = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
        rows: list[dict[str, Any]] = [
            {
                "network_id": self._network_id,
                "finding_id": state.finding_id,
                "answer": answer.value,
                "digest": state.digest,
                "rule_version": state.rule_version,
                "by": by,
                "reason": reasons.get(state.finding_id, ""),
                "answered": day,
            }
            for state, answer in told
        ]
        if not rows:
            return
        with self._engine.begin() as con:
            con.execute(sa.insert(FINDING_ANSWER), rows)
            self._write(con, [self._row(state) for state, _ in told])

    def _mine(self, table: sa.Table) -> sa.ColumnElement[bool]:
        return table.c.network_id == self._network_id

    def _row(self, state: State) -> dict[str, Any]:
        return {**asdict(state), "status": state.status.value, "network_id": self._network_id}

    def _write(self, con: sa.Connection, rows: list[dict[str, Any]]) -> None:
        """Insert or replace these states."""
        ids = [row["finding_id"] for row in rows]
        for start in range(0, len(ids), _BATCH):
            some = FINDING.c.finding_id.in_(ids[start : start + _BATCH])
            con.execute(sa.delete(FINDING).where(self._mine(FINDING), some))
        if rows:
            con.execute(sa.insert(FINDING), rows)
