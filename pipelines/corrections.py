"""The correction loop: what became of each finding, from the night it was first seen to the night it is gone.

Only data close a finding: it is `fixed` when the record is still sent and no longer breaks the rule, `obsolete` when
the record itself is gone. A person's word never closes it: "corrected in our system" makes it `answered` until the next
delivery tells; "the value is right" or "cannot be known" makes it `verified` for as long as the record and the rule
stay what they were, and it is not raised again meanwhile.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Status(StrEnum):
    """Where a finding stands."""

    OPEN = "open"
    ANSWERED = "answered"
    VERIFIED = "verified"
    FIXED = "fixed"
    OBSOLETE = "obsolete"


class Answer(StrEnum):
    """What a centre may say of a finding."""

    CORRECTED = "corrected"
    CONFIRMED = "confirmed"
    UNKNOWN = "unknown"
    NOT_OURS = "not_ours"


#: What is still raised, and what waits for data.
RAISED = frozenset({Status.OPEN, Status.ANSWERED})
CLOSED = frozenset({Status.FIXED, Status.OBSOLETE})
_STATUS = {
    Answer.CORRECTED: Status.ANSWERED,
    Answer.NOT_OURS: Status.ANSWERED,
    Answer.CONFIRMED: Status.VERIFIED,
    Answer.UNKNOWN: Status.VERIFIED,
}


@dataclass(frozen=True, kw_only=True)
class Seen:
    """A finding of the newest data. `record_id` and `digest` are keyed hashes: which record, and what it says."""

    finding_id: str
    centre_id: str
    rule_id: str
    rule_version: int
    severity: str
    table_name: str | None
    field: str | None
    record_id: str
    digest: str


@dataclass(frozen=True, kw_only=True)
class State(Seen):
    """What is known of a finding. `since` begins again when it comes back; `changed_run` gave it its status."""

    first_seen: dt.date
    since: dt.date
    last_seen: dt.date
    status: Status
    changed_run: int


@dataclass(frozen=True, kw_only=True)
class Alike:
    """How many findings of one rule in one centre have one status and the same days."""

    rule_id: str
    centre_id: str
    status: Status
    since: dt.date
    last_seen: dt.date
    changed_run: int
    count: int


@dataclass(frozen=True, kw_only=True)
class Given:
    """The last answer to a finding, with the record and the rule that it speaks of."""

    answer: Answer
    digest: str
    rule_version: int

    def holds_for(self, seen: Seen) -> bool:
        """True while neither the record nor the rule changed."""
        return (self.digest, self.rule_version) == (seen.digest, seen.rule_version)


def settle(
    before: Mapping[str, State],
    seen: Mapping[str, Seen],
    answers: Mapping[str, Given],
    *,
    is_sent: Callable[[State], bool],
    run_id: int,
    today: dt.date,
) -> Iterator[State]:
    """The states that this run changes or makes; `is_sent` tells whether the record of a finding is still there.

    A finding of which nothing changed but the day it was last seen is not among them.
    """
    for finding_id, found in seen.items():
        state = _present(before.get(finding_id), found, answers.get(finding_id), run_id=run_id, today=today)
        known = before.get(finding_id)
        if known is None or replace(state, last_seen=known.last_seen) != known:
            yield state
    for finding_id, known in before.items():
        if finding_id not in seen and known.status not in CLOSED:
            status = Status.FIXED if is_sent(known) else Status.OBSOLETE
            yield replace(known, status=status, changed_run=run_id)


def _present(known: State | None, found: Seen, given: Given | None, *, run_id: int, today: dt.date) -> State:
    status = _STATUS[given.answer] if given and given.holds_for(found) else Status.OPEN
    facts = {name: getattr(found, name) for name in Seen.__dataclass_fields__}
    if known is None:
        return State(
            **facts, first_seen=today, since=today, last_seen=today, status=status, changed_run=run_id
        )
    came_back = known.status in CLOSED
    return State(
        **facts,
        first_seen=known.first_seen,
        since=today if came_back else known.since,
        last_seen=today,
        status=status,
        changed_run=run_id if status != known.status else known.changed_run,
    )


def after_answer(known: State, answer: Answer, *, run_id: int) -> State:
    """The state of a finding that is raised or verified, once it is answered."""
    return replace(known, status=_STATUS[answer], changed_run=run_id)
