"""The ledger: what was received, what each step did with it, what was published. It decides what work exists.

SQLite beside the data by default. It holds ids, file names, hashes and counts, never a value.
"""

import datetime as dt
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, fields
from typing import Any

import sqlalchemy as sa

from pipelines.account import Account, Reason
from pipelines.delivery import Delivery
from pipelines.errors import LedgerError, Refusal, SecretError

METADATA = sa.MetaData()
SCHEMA_VERSION = "1"


def _table(name: str, *columns: sa.Column[Any]) -> sa.Table:
    return sa.Table(name, METADATA, *columns)


META = _table(
    "meta", sa.Column("key", sa.Text, primary_key=True), sa.Column("value", sa.Text, nullable=False)
)
SEEN = _table(
    "seen_file",  # so that an unchanged file is not hashed again
    sa.Column("path", sa.Text, primary_key=True),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("mtime_ns", sa.BigInteger, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),
)
DELIVERY = _table(
    "delivery",
    sa.Column("network_id", sa.Text, primary_key=True),
    sa.Column("delivery_id", sa.Text, primary_key=True),
    sa.Column("centre_id", sa.Text, nullable=False),
    sa.Column("file_name", sa.Text, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("file_index", sa.Integer, nullable=False),
    sa.Column("exported", sa.Date),
    sa.Column("part", sa.Integer),
    sa.Column("is_current", sa.Boolean, nullable=False),
    sa.Column("first_seen", sa.DateTime, nullable=False),
)
RUN = _table(
    "run",
    sa.Column("run_id", sa.Integer, primary_key=True),
    sa.Column("network_id", sa.Text, nullable=False),
    sa.Column("started", sa.DateTime, nullable=False),
    sa.Column("ended", sa.DateTime),
    sa.Column("outcome", sa.Text),  # published, unchanged, failed; empty while it runs
    sa.Column("fingerprint", sa.Text),
)
STEP = _table(
    "step",
    sa.Column("run_id", sa.Integer, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("centre_id", sa.Text),
    sa.Column("was_computed", sa.Boolean, nullable=False),
    sa.Column("seconds", sa.Double, nullable=False),
    sa.Column("peak_mb", sa.Double, nullable=False),
)
ACCOUNT = _table(
    "account",
    sa.Column("run_id", sa.Integer, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    sa.Column("table", sa.Text, nullable=False),
    sa.Column("centre_id", sa.Text),
    sa.Column("delivery_id", sa.Text),
    *(
        sa.Column(f.name, sa.BigInteger, nullable=False)
        for f in fields(Account)
        if f.name.startswith("rows_")
    ),
)
ACCOUNT_REASON = _table(
    "account_reason",
    sa.Column("run_id", sa.Integer, nullable=False),
    *(sa.Column(f.name, sa.Text) for f in fields(Reason) if f.name != "rows"),
    sa.Column("rows", sa.BigInteger, nullable=False),
)
REFUSAL = _table(
    "refusal",
    sa.Column("run_id", sa.Integer, nullable=False),
    *(sa.Column(field.name, sa.Text) for field in fields(Refusal)),
)
SNAPSHOT = _table(
    "snapshot",
    sa.Column("network_id", sa.Text, primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("run_id", sa.Integer, nullable=False),
    sa.Column("fingerprint", sa.Text, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("published", sa.DateTime, nullable=False),
    sa.Column("patients", sa.BigInteger, nullable=False),
    sa.Column("tumours", sa.BigInteger, nullable=False),
    sa.Column("is_synthetic", sa.Boolean, nullable=False),
)


@dataclass(frozen=True, kw_only=True)
class Snapshot:
    """One published snapshot."""

    network_id: str
    number: int
    run_id: int
    fingerprint: str
    content_hash: str
    published: dt.datetime
    patients: int
    tumours: int
    is_synthetic: bool = False


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(
        tzinfo=None, microsecond=0
    )  # informative only: nothing is ordered by it


class Ledger(AbstractContextManager["Ledger"]):
    """The open ledger of one registry."""

    def __init__(self, url: str, *, key_fingerprint: str) -> None:
        """Open or create it. SecretError when it belongs to another key, LedgerError to another version."""
        self._engine = sa.create_engine(url)
        METADATA.create_all(self._engine)
        with self._engine.begin() as con:
            known = {row.key: row.value for row in con.execute(sa.select(META))}
            mine = {"schema_version": SCHEMA_VERSION, "key_fingerprint": key_fingerprint}
            if not known:
                con.execute(sa.insert(META), [{"key": k, "value": v} for k, v in mine.items()])
                known = mine
        if known["key_fingerprint"] != key_fingerprint:
            self.close()
            remedy = "Restore the key: with another one every pseudonym would change."
            raise SecretError("the pseudonym key is not the one of this registry", remedy=remedy)
        if known["schema_version"] != SCHEMA_VERSION:
            self.close()
            raise LedgerError(
                f"the ledger has version {known['schema_version']}", remedy="Use its version of reseau."
            )

    def __exit__(self, *_: object) -> None:
        """Close the connection pool."""
        self.close()

    def close(self) -> None:
        """Close the connection pool."""
        self._engine.dispose()

    def _add(self, table: sa.Table, rows: Iterable[dict[str, Any]]) -> None:
        listed = list(rows)
        if listed:
            with self._engine.begin() as con:
                con.execute(sa.insert(table), listed)

    def _all(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        with self._engine.connect() as con:
            return [dict(row._mapping) for row in con.execute(query)]

    def start_run(self, network_id: str) -> int:
        """A new run and its number; a run that was left open is marked as interrupted."""
        with self._engine.begin() as con:
            left_open = sa.update(RUN).where(RUN.c.network_id == network_id, RUN.c.outcome.is_(None))
            con.execute(left_open.values(outcome="interrupted", ended=_now()))
            started = con.execute(sa.insert(RUN).values(network_id=network_id, started=_now()))
            return int(started.inserted_primary_key[0])  # type: ignore[index]  # an insert of one row has one

    def end_run(self, run_id: int, *, outcome: str, fingerprint: str | None = None) -> None:
        """Close a run with its outcome: published, unchanged or failed."""
        with self._engine.begin() as con:
            closed = sa.update(RUN).where(RUN.c.run_id == run_id)
            con.execute(closed.values(outcome=outcome, ended=_now(), fingerprint=fingerprint))

    def seen_files(self) -> dict[tuple[str, int, int], str]:
        """Content hashes of files whose path, size and modification time are known."""
        return {(r["path"], r["size"], r["mtime_ns"]): r["content_hash"] for r in self._all(sa.select(SEEN))}

    def remember_files(self, known: dict[tuple[str, int, int], str]) -> None:
        """Replace what is known of the files of the inbox."""
        rows = [{"path": p, "size": s, "mtime_ns": m, "content_hash": h} for (p, s, m), h in known.items()]
        with self._engine.begin() as con:
            con.execute(sa.delete(SEEN))
            if rows:
                con.execute(sa.insert(SEEN), rows)

    def record_deliveries(self, network_id: str, current: list[Delivery]) -> int:
        """Make these the current deliveries; earlier ones stay, superseded. Returns how many are new."""
        mine = DELIVERY.c.network_id == network_id
        known = {row["delivery_id"] for row in self._all(sa.select(DELIVERY.c.delivery_id).where(mine))}
        facts = {"network_id": network_id, "is_current": True, "first_seen": _now()}
        fresh = [{**asdict(d), **facts} for d in current if d.delivery_id not in known]
        ids = [d.delivery_id for d in current]
        with self._engine.begin() as con:
            con.execute(sa.update(DELIVERY).where(mine).values(is_current=False))
            con.execute(
                sa.update(DELIVERY).where(mine, DELIVERY.c.delivery_id.in_(ids)).values(is_current=True)
            )
            if fresh:  # in the same transaction: no moment, no crash without current deliveries
                con.execute(sa.insert(DELIVERY), fresh)
        return len(fresh)

    def current_deliveries(self, network_id: str) -> list[Delivery]:
        """The deliveries that count, by centre, file and part."""
        mine = sa.select(DELIVERY).where(DELIVERY.c.network_id == network_id, DELIVERY.c.is_current)
        names = [field.name for field in fields(Delivery)]
        order = (DELIVERY.c.centre_id, DELIVERY.c.file_index, DELIVERY.c.part, DELIVERY.c.delivery_id)
        return [Delivery(**{n: row[n] for n in names}) for row in self._all(mine.order_by(*order))]

    def deliveries(self, network_id: str, ids: set[str]) -> list[Delivery]:
        """These deliveries, current or superseded, by centre and id."""
        mine = sa.select(DELIVERY).where(DELIVERY.c.network_id == network_id)
        rows = self._all(mine.order_by(DELIVERY.c.centre_id, DELIVERY.c.delivery_id))
        names = [field.name for field in fields(Delivery)]
        return [Delivery(**{n: row[n] for n in names}) for row in rows if row["delivery_id"] in ids]

    def record_step(
        self,
        run_id: int,
        step: str,
        *,
        centre_id: str | None,
        was_computed: bool,
        seconds: float,
        peak_mb: float,
    ) -> None:
        """One step of a run with its cost."""
        row = {"run_id": run_id, "step": step, "centre_id": centre_id, "was_computed": was_computed}
        self._add(STEP, [{**row, "seconds": seconds, "peak_mb": peak_mb}])

    def record_accounts(self, run_id: int, accounts: Iterable[Account]) -> None:
        """The rows that a step took in and where they went."""
        self._add(ACCOUNT, ({"run_id": run_id, **asdict(account)} for account in accounts))

    def record_reasons(self, run_id: int, reasons: Iterable[Reason]) -> None:
        """Why the rows of a step's accounts did not go on."""
        self._add(ACCOUNT_REASON, ({"run_id": run_id, **asdict(reason)} for reason in reasons))

    def record_refusals(self, run_id: int, refusals: Iterable[Refusal]) -> None:
        """Files that a run refused."""
        self._add(REFUSAL, ({"run_id": run_id, **asdict(refusal)} for refusal in refusals))

    def record_snapshot(self, snapshot: Snapshot) -> None:
        """A snapshot that was published."""
        self._add(SNAPSHOT, [asdict(snapshot)])

    def snapshots(self, network_id: str) -> list[Snapshot]:
        """The published snapshots of a network, oldest first."""
        mine = sa.select(SNAPSHOT).where(SNAPSHOT.c.network_id == network_id).order_by(SNAPSHOT.c.number)
        return [Snapshot(**row) for row in self._all(mine)]

    def steps(self, run_id: int) -> list[dict[str, Any]]:
        """The steps of a run with their cost."""
        return self._all(sa.select(STEP).where(STEP.c.run_id == run_id))

    def accounts(self, run_id: int) -> list[Account]:
        """The accounts of a run; a step that was repeated in the run counts once."""
        names = [field.name for field in fields(Account)]
        rows = self._all(sa.select(ACCOUNT).where(ACCOUNT.c.run_id == run_id))
        return list(dict.fromkeys(Account(**{name: row[name] for name in names}) for row in rows))

    def reasons(self, run_id: int) -> list[Reason]:
        """The reasons of the accounts of a run; a step that was repeated in the run counts once."""
        rows = self._all(sa.select(ACCOUNT_REASON).where(ACCOUNT_REASON.c.run_id == run_id))
        return list(dict.fromkeys(Reason(**{f.name: row[f.name] for f in fields(Reason)}) for row in rows))

    def refusals(self, run_id: int) -> list[Refusal]:
        """The files that a run refused; a step that was repeated in the run counts once."""
        rows = self._all(sa.select(REFUSAL).where(REFUSAL.c.run_id == run_id))
        return list(dict.fromkeys(Refusal(**{f.name: row[f.name] for f in fields(Refusal)}) for row in rows))

    def outcome(self, run_id: int) -> str | None:
        """How a run ended, None while it is open; LedgerError when there is no such run."""
        found = self._all(sa.select(RUN.c.outcome).where(RUN.c.run_id == run_id))
        if not found:
            raise LedgerError(f"there is no run {run_id}", remedy="Start a new run.")
        ended: str | None = found[0]["outcome"]
        return ended

    def last_run(self, network_id: str) -> dict[str, Any] | None:
        """The newest run of a network, None before the first."""
        mine = sa.select(RUN).where(RUN.c.network_id == network_id).order_by(RUN.c.run_id.desc()).limit(1)
        return next(iter(self._all(mine)), None)
