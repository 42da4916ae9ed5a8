"""The ledger: what was received, what each step did with it, what was published. It decides what work exists.

SQLite beside the data by default. It holds ids, file names, hashes and counts, never a value.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass, fields
from typing import Any

import sqlalchemy as sa

from pipelines.account import Account, Reason
from pipelines.delivery import Delivery, Sighting, Version, reading_order
from pipelines.errors import LedgerError, Refusal, SecretError
from pipelines.holds import Hold, HoldCode, HoldRecord, HoldStatus
from pipelines.io.expectation_ledger import ExpectationLedger
from pipelines.io.finding_ledger import FindingLedger
from pipelines.io.ledger_schema import (
    ACCEPTANCE,
    ACCOUNT,
    ACCOUNT_REASON,
    DELIVERY,
    HOLD,
    META,
    METADATA,
    REFUSAL,
    RUN,
    SCHEMA_VERSION,
    SEEN,
    SIGHTING,
    SNAPSHOT,
    STEP,
)

HOLDS_OF_STAGING = (HoldCode.OMISSION,)
HOLDS_OF_INTAKE = (
    HoldCode.AMBIGUOUS_VERSION,
    HoldCode.INCOMPLETE_PARTS,
    HoldCode.FEWER_PARTS,
    HoldCode.TWO_PLACES,
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


@dataclass(frozen=True, kw_only=True)
class CentreIntake:
    """What a run settles of one centre: the deliveries in use, the others that it knows, its open holds.

    When it is not settled, what was in use before stays so.
    """

    centre_id: str
    in_use: Sequence[Delivery]
    others: Sequence[Delivery] = ()
    holds: Sequence[Hold] = ()
    is_settled: bool = True


@dataclass(frozen=True, kw_only=True)
class Acceptance:
    """One accepted staging of a centre, with its number of patients."""

    run_id: int
    centre_id: str
    fingerprint: str
    patients: int


class Ledger(AbstractContextManager["Ledger"]):
    """The open ledger of one registry."""

    def __init__(self, url: str, *, key_fingerprint: str) -> None:
        """Open or create it. SecretError when it belongs to another key, LedgerError to another version."""
        self._engine = sa.create_engine(url)
        mine = {"schema_version": SCHEMA_VERSION, "key_fingerprint": key_fingerprint}
        with self._engine.begin() as con:
            META.create(con, checkfirst=True)
            known = {row.key: row.value for row in con.execute(sa.select(META))} or mine
        self._check(known, key_fingerprint)
        METADATA.create_all(self._engine)
        with self._engine.begin() as con:
            if not con.execute(sa.select(META)).first():
                con.execute(sa.insert(META), [{"key": k, "value": v} for k, v in mine.items()])

    def _check(self, known: dict[str, str], key_fingerprint: str) -> None:
        if known["key_fingerprint"] != key_fingerprint:
            self.close()
            remedy = "Restore the key: with another one every pseudonym would change."
            raise SecretError("the pseudonym key is not the one of this registry", remedy=remedy)
        if known["schema_version"] != SCHEMA_VERSION:
            self.close()
            raise LedgerError(
                f"the ledger has version {known['schema_version']}, this reseau writes version {SCHEMA_VERSION}",
                remedy="Run this reseau on the same inbox with a new --home and the same key (RESEAU_KEY_FILE): "
                "every file is taken in again. Copy the folder identity/ of the old home there first: persons "
                "keep their ids. The old home stays readable with its own version of reseau.",
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

    def record_intake(
        self, network_id: str, run_id: int, *, sightings: Iterable[Sighting], centres: Iterable[CentreIntake]
    ) -> None:
        """What a look at the inbox changes, all at once: what names hold, the deliveries in use, the holds."""
        seen = [
            {"network_id": network_id, "first_seen": _now(), **asdict(sighting)} for sighting in sightings
        ]
        with self._engine.begin() as con:
            if seen:
                con.execute(sa.insert(SIGHTING), seen)
            for centre in centres:
                self._settle(con, network_id, centre)
                codes = HOLDS_OF_INTAKE
                self._write_holds(con, network_id, run_id, centre.centre_id, centre.holds, codes=codes)

    def _settle(self, con: sa.Connection, network_id: str, centre: CentreIntake) -> None:
        known = self._first_seen(con, network_id)
        mine = _of(DELIVERY, network_id, sa.update).where(DELIVERY.c.centre_id == centre.centre_id)
        if centre.is_settled:
            con.execute(mine.values(is_current=False))
            self._write_deliveries(con, network_id, centre.in_use, known, is_current=True)
            self._write_deliveries(con, network_id, centre.others, known, is_current=False)
            return
        fresh = [d for d in (*centre.in_use, *centre.others) if d.delivery_id not in known]
        self._write_deliveries(con, network_id, fresh, known, is_current=False)

    def _first_seen(self, con: sa.Connection, network_id: str) -> dict[str, dt.datetime]:
        rows = con.execute(_of(DELIVERY, network_id, sa.select))
        return {row.delivery_id: row.first_seen for row in rows}

    def _write_deliveries(
        self,
        con: sa.Connection,
        network_id: str,
        deliveries: Sequence[Delivery],
        known: dict[str, dt.datetime],
        *,
        is_current: bool,
    ) -> None:
        """Write or replace the rows of these deliveries: another name may have become the latest."""
        rows = [
            {
                **asdict(delivery),
                "network_id": network_id,
                "is_current": is_current,
                "first_seen": known.get(delivery.delivery_id) or _now(),
            }
            for delivery in deliveries
        ]
        for row in rows:
            mine = DELIVERY.c.delivery_id == row["delivery_id"]
            if row["delivery_id"] in known:
                con.execute(_of(DELIVERY, network_id, sa.delete).where(mine))
        if rows:  # in the same transaction: no moment, no crash without current deliveries
            con.execute(sa.insert(DELIVERY), rows)

    def _write_holds(
        self,
        con: sa.Connection,
        network_id: str,
        run_id: int,
        centre_id: str,
        holds: Iterable[Hold],
        *,
        codes: Collection[str],
    ) -> None:
        """Open these holds of a centre; those of the same kinds whose cause went away are resolved."""
        wanted = {hold.hold_id: hold for hold in holds}
        mine = _of(HOLD, network_id, sa.select).where(HOLD.c.centre_id == centre_id)
        known = {row.hold_id: row for row in con.execute(mine)}
        for name, row in known.items():
            if row.status == HoldStatus.OPEN and row.code in codes and name not in wanted:
                _set_hold(con, network_id, name, status=HoldStatus.RESOLVED)
            elif row.status == HoldStatus.RESOLVED and name in wanted:
                _set_hold(con, network_id, name, **_hold_row(wanted[name]), opened_run=run_id)
            elif row.status == HoldStatus.OPEN and name in wanted:  # other names may claim the same data now
                _set_hold(con, network_id, name, **_hold_row(wanted[name]))
        facts = {"network_id": network_id, "opened_run": run_id}
        fresh = [{**_hold_row(hold), **facts} for name, hold in wanted.items() if name not in known]
        if fresh:
            con.execute(sa.insert(HOLD), fresh)

    def record_omission(self, network_id: str, run_id: int, centre_id: str, hold: Hold | None) -> None:
        """The hold of a staging in which patients vanished; with none, what was asked about it before is resolved."""
        holds, codes = [hold] if hold else [], HOLDS_OF_STAGING
        with self._engine.begin() as con:
            self._write_holds(con, network_id, run_id, centre_id, holds, codes=codes)

    def record_acceptance(self, network_id: str, accepted: Acceptance) -> None:
        """Note that a centre's accepted staging is another one now; the same again is nothing new."""
        last = [a for a in self.acceptances(network_id) if a.centre_id == accepted.centre_id][-1:]
        if [one.fingerprint for one in last] != [accepted.fingerprint]:
            self._add(ACCEPTANCE, [{"network_id": network_id, **asdict(accepted)}])

    def acceptances(self, network_id: str) -> list[Acceptance]:
        """Every staging that was accepted, in order."""
        rows = self._all(_of(ACCEPTANCE, network_id, sa.select).order_by(ACCEPTANCE.c.seq))
        return [Acceptance(**{f.name: row[f.name] for f in fields(Acceptance)}) for row in rows]

    def sightings(self, network_id: str) -> list[Sighting]:
        """Every change of what a name holds, in order."""
        rows = self._all(_of(SIGHTING, network_id, sa.select).order_by(SIGHTING.c.seq))
        return [Sighting(**{f.name: row[f.name] for f in fields(Sighting)}) for row in rows]

    def hold_records(self, network_id: str) -> list[HoldRecord]:
        """Every hold there ever was, by centre, run and id."""
        rows = self._all(_of(HOLD, network_id, sa.select))
        rows.sort(key=lambda row: (row["centre_id"], row["opened_run"], row["hold_id"]))
        return [_hold_record(row) for row in rows]

    def holds(self, network_id: str) -> list[Hold]:
        """The holds that are open, by centre."""
        listed = (record.hold for record in self.hold_records(network_id))
        return [hold for hold in listed if hold.status == HoldStatus.OPEN]

    def decisions(self, network_id: str) -> list[Hold]:
        """The holds that a person decided."""
        answers = (HoldStatus.APPROVED, HoldStatus.REJECTED)
        return [r.hold for r in self.hold_records(network_id) if r.hold.status in answers]

    def decide(
        self, network_id: str, hold_id: str, *, status: str, by: str, reason: str, chosen: str | None = None
    ) -> None:
        """Write a person's decision on an open hold, once and for ever; LedgerError when it is not open."""
        with self._engine.begin() as con:
            mine = _of(HOLD, network_id, sa.update).where(
                HOLD.c.hold_id == hold_id, HOLD.c.status == HoldStatus.OPEN
            )
            facts = {"by": by, "reason": reason, "chosen": chosen, "decided": _now()}
            if con.execute(mine.values(status=status, **facts)).rowcount != 1:
                raise LedgerError("this hold is not open", where=hold_id, remedy="See `reseau status`.")

    def current_deliveries(self, network_id: str) -> list[Delivery]:
        """The deliveries that count, by centre, file, version and part."""
        found = self._deliveries(_of(DELIVERY, network_id, sa.select).where(DELIVERY.c.is_current))
        return sorted(found, key=lambda d: (d.centre_id, *reading_order(d)))

    def deliveries(self, network_id: str, ids: set[str]) -> list[Delivery]:
        """These deliveries, current or superseded, by centre and id."""
        return [one for one in self.all_deliveries(network_id) if one.delivery_id in ids]

    def all_deliveries(self, network_id: str) -> list[Delivery]:
        """Every delivery that was ever taken, by centre and id."""
        order = (DELIVERY.c.centre_id, DELIVERY.c.delivery_id)
        return self._deliveries(_of(DELIVERY, network_id, sa.select).order_by(*order))

    def _deliveries(self, query: sa.Select[Any]) -> list[Delivery]:
        names = [field.name for field in fields(Delivery)]
        return [Delivery(**{name: row[name] for name in names}) for row in self._all(query)]

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

    def findings(self, network_id: str) -> FindingLedger:
        """The findings of a network, with their answers."""
        return FindingLedger(self._engine, network_id)

    def expectations(self, network_id: str) -> ExpectationLedger:
        """What Great Expectations said of the snapshots of a network."""
        return ExpectationLedger(self._engine, network_id)

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

    def last_run_with(self, network_id: str, delivery_id: str) -> int | None:
        """The newest run of the network that accounted for the rows of a delivery, None when none did."""
        mine = _of(RUN, network_id, sa.select).with_only_columns(RUN.c.run_id)
        query = sa.select(sa.func.max(ACCOUNT.c.run_id).label("run_id")).where(
            ACCOUNT.c.delivery_id == delivery_id, ACCOUNT.c.run_id.in_(mine)
        )
        found: int | None = self._all(query)[0]["run_id"]
        return found

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


def _of(table: sa.Table, network_id: str, statement: Any) -> Any:
    """A select, update or delete of the rows of one network."""
    return statement(table).where(table.c.network_id == network_id)


def _set_hold(con: sa.Connection, network_id: str, name: str, **values: Any) -> None:
    con.execute(_of(HOLD, network_id, sa.update).where(HOLD.c.hold_id == name).values(**values))


def _hold_row(hold: Hold) -> dict[str, Any]:
    return {
        "hold_id": hold.hold_id,
        "centre_id": hold.centre_id,
        "code": hold.code,
        "delivery_ids": list(hold.delivery_ids),
        "claims": [[i, version.day.isoformat(), version.number] for i, version in hold.claims],
        "facts": dict(hold.facts),
        "status": hold.status,
    }


def _hold_record(row: dict[str, Any]) -> HoldRecord:
    names = ("hold_id", "centre_id", "code", "facts", "status", "chosen")
    claims = tuple((i, Version(dt.date.fromisoformat(day), number)) for i, day, number in row["claims"])
    hold = Hold(claims=claims, **{name: row[name] for name in names})
    told = {name: row[name] for name in ("opened_run", "by", "reason", "decided")}
    return HoldRecord(hold=hold, **told)
