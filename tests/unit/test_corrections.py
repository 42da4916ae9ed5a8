"""The correction loop as tables: what a finding was, what the night brings, what it becomes."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.corrections import CLOSED, Answer, Given, Seen, State, Status, after_answer, settle
from tests.tables import parse

DAY_1, DAY_2 = dt.date(2026, 1, 1), dt.date(2026, 1, 2)


def seen(finding_id="f1", digest="a", version=1) -> Seen:
    return Seen(
        finding_id=finding_id, centre_id="alpha", rule_id="SURGERY-001", rule_version=version, severity="warning",
        table_name="val_surgery", field="margin", record_id="r1", digest=digest,
    )  # fmt: skip


def state(status, digest="a", version=1) -> State:
    facts = {name: getattr(seen(digest=digest, version=version), name) for name in Seen.__dataclass_fields__}
    return State(**facts, first_seen=DAY_1, since=DAY_1, last_seen=DAY_1, status=status, changed_run=1)


def night(before, found, answer=None, *, is_sent=True, today=DAY_2) -> State | None:
    """What one night makes of one finding; None when it changes nothing."""
    changed = list(
        settle(
            {"f1": before} if before else {}, {"f1": found} if found else {}, {"f1": answer} if answer else {},
            is_sent=lambda _: is_sent, run_id=2, today=today,
        )
    )  # fmt: skip
    return changed[0] if changed else None


NIGHTS = parse("""
    was      | answer    | found | version | sent  | becomes  | why
    -        | -         | a     | 1       | true  | open     | seen for the first time
    open     | -         | a     | 1       | true  | open     | still wrong
    open     | -         | -     | 1       | true  | fixed    | the record is there and conforms
    open     | -         | -     | 1       | false | obsolete | the record is gone: nothing was mended
    answered | corrected | a     | 1       | true  | answered | said, not yet delivered
    answered | corrected | b     | 1       | true  | open     | delivered anew and still wrong
    answered | corrected | -     | 1       | true  | fixed    | delivered and right
    answered | not_ours  | a     | 1       | true  | answered | still sent
    answered | not_ours  | -     | 1       | false | obsolete | withdrawn
    verified | confirmed | a     | 1       | true  | verified | nothing changed: not asked again
    verified | unknown   | a     | 1       | true  | verified | likewise
    verified | confirmed | b     | 1       | true  | open     | the record changed: asked again
    verified | confirmed | a     | 2       | true  | open     | the rule changed: asked again
    verified | confirmed | -     | 1       | true  | fixed    | it no longer breaks the rule
    fixed    | -         | a     | 1       | true  | open     | it came back
    obsolete | -         | a     | 1       | true  | open     | the record came back
    fixed    | confirmed | a     | 1       | true  | verified | it came back as it was verified
    fixed    | -         | -     | 1       | true  | fixed    | closed for good
    obsolete | -         | -     | 1       | true  | obsolete | closed for good
""")


@pytest.mark.parametrize("row", NIGHTS, ids=lambda row: row["why"])
def test_a_night_makes_of_a_finding(row):
    before = state(Status(row["was"])) if row["was"] else None
    answer = Given(answer=Answer(row["answer"]), digest="a", rule_version=1) if row["answer"] else None
    found = seen(digest=row["found"], version=row["version"]) if row["found"] else None
    after = night(before, found, answer, is_sent=row["sent"]) or before
    assert after.status == row["becomes"]


def test_the_age_of_a_finding_goes_on_and_begins_again_when_it_comes_back():
    assert night(None, seen()).since == DAY_2
    assert night(state(Status.VERIFIED), seen()).since == DAY_1
    back = night(state(Status.FIXED), seen())
    assert (back.first_seen, back.since, back.last_seen) == (DAY_1, DAY_2, DAY_2)


def test_a_closed_finding_keeps_the_day_it_was_last_seen():
    assert night(state(Status.OPEN), None).last_seen == DAY_1


def test_the_same_night_again_changes_nothing():
    once = night(state(Status.FIXED), seen())
    assert night(once, seen()) is None


def test_a_status_knows_the_run_that_gave_it():
    assert night(state(Status.OPEN), seen(digest="b")).changed_run == 1
    assert night(state(Status.OPEN), None).changed_run == 2
    assert after_answer(state(Status.OPEN), Answer.CONFIRMED, run_id=7).changed_run == 7


@pytest.mark.parametrize(
    ("answer", "status"),
    [("corrected", "answered"), ("not_ours", "answered"), ("confirmed", "verified"), ("unknown", "verified")],
)
def test_an_answer_never_closes_a_finding(answer, status):
    after = after_answer(state(Status.OPEN), Answer(answer), run_id=3)
    assert after.status == status
    assert after.status not in CLOSED


nights = st.lists(
    st.tuples(st.sampled_from([None, "a", "b"]), st.booleans(), st.sampled_from([None, *Answer])), max_size=12
)


@given(nights)
def test_whatever_the_nights_only_data_close_and_what_is_seen_is_never_closed(history):
    known, answer = None, None
    for found, is_sent, word in history:
        if word and known and known.status not in CLOSED:
            known, answer = (
                after_answer(known, word, run_id=1),
                Given(answer=word, digest=known.digest, rule_version=1),
            )
        before, known = (
            known,
            night(known, seen(digest=found) if found else None, answer, is_sent=is_sent) or known,
        )
        assert known is None or (known.status in CLOSED) == (found is None)
        if found is None and before and before.status not in CLOSED:
            assert known.status == (Status.FIXED if is_sent else Status.OBSOLETE)
