"""The merges of the persons, and the undoing of one: both sides as they were just before it are parted again.

Undoing is a decision ("different") about every pair of the two sides. The next run parts them, and each has back the id
that it had (`link/history.py`).
"""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.errors import LedgerError
from pipelines.link.decisions import PAIR, Verdict, decision_schema
from pipelines.registry import Registry
from pipelines.review_queue import Record

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, kw_only=True)
class Merge:
    """One merge of the log: the id that became an alias, the one that stayed, and whether it holds today."""

    event_no: int
    run_id: int
    person_id: str
    survivor_id: str
    holds: bool


def merges(registry: Registry) -> list[Merge]:
    """Every merge, newest first."""
    import pyarrow.compute as pc

    log = registry.persons.read()
    about = log.filter(
        pc.is_in(log["kind"], value_set=_kinds("created", "split", "merged", "restored"))
    ).to_pylist()
    last = {event["person_id"]: event["event_no"] for event in about}
    return [
        Merge(
            event_no=event["event_no"],
            run_id=event["run_id"],
            person_id=event["person_id"],
            survivor_id=event["other_id"],
            holds=last[event["person_id"]] == event["event_no"],
        )
        for event in reversed(about)
        if event["kind"] == "merged"
    ]


def persons_now(registry: Registry) -> dict[Record, list[Record]]:
    """The records of each record's person, as the last linkage left them."""
    members = _members(registry.persons.read())
    of_person: dict[str, list[Record]] = {}
    for record, person in members.items():
        of_person.setdefault(person, []).append(record)
    return {record: of_person[person] for record, person in members.items()}


def parting(registry: Registry, event_no: int, *, author: str, reason: str, today: dt.date) -> "pa.Table":
    """The decisions that undo a merge (`decision_schema`). LedgerError when none of this number holds."""
    import pyarrow as pa
    import pyarrow.compute as pc

    merge = next((one for one in merges(registry) if one.event_no == event_no), None)
    if merge is None or not merge.holds:
        what = "there is no such merge" if merge is None else "this merge was undone already"
        raise LedgerError(what, where=str(event_no), remedy="See `reseau review history`.")
    log = registry.persons.read()
    before = _members(log.filter(pc.less(log["event_no"], event_no)))
    sides = [
        [record for record, person in before.items() if person == one]
        for one in (merge.person_id, merge.survivor_id)
    ]
    if not all(sides):
        remedy = (
            "Undo the merge that the same run made of the person it was part of; see `reseau review history`."
        )
        raise LedgerError("this merge only followed another one", where=str(event_no), remedy=remedy)
    number = last_decision(registry) + 1
    rows = [
        {"decision_no": number, "verdict": Verdict.DIFFERENT.value, **dict(zip(PAIR, (*left, *right), strict=True)),
         "is_asked": False, "author": author, "reason": reason, "decided": today}
        for left, right in sorted((min(a, b), max(a, b)) for a in sides[0] for b in sides[1])
    ]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=decision_schema())


def last_decision(registry: Registry) -> int:
    """The number of the last decision, 0 before the first."""
    import pyarrow.compute as pc

    return int(pc.max(registry.decisions.read()["decision_no"]).as_py() or 0)


def _kinds(*names: str) -> "pa.Array":
    import pyarrow as pa

    return pa.array(names, pa.string())


def _members(log: "pa.Table") -> dict[Record, str]:
    """The person of each record that was ever sent, after these events."""
    import pyarrow.compute as pc

    joined = log.filter(pc.equal(log["kind"], "joined"))
    columns = (joined[name].to_pylist() for name in ("centre_id", "local_patient_id", "person_id"))
    return {(centre, patient): person for centre, patient, person in zip(*columns, strict=True)}
