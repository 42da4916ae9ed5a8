"""Which merges can be undone, and of which records the undoing speaks."""

import datetime as dt
from types import SimpleNamespace

import pytest

from pipelines.errors import LedgerError
from pipelines.link.decisions import PAIR, decision_schema
from pipelines.person_history import merges, parting, persons_now
from tests.unit.link.test_history import Registry


@pytest.fixture
def registry():
    """Three persons: c becomes part of b, then b, with c in it, of a."""
    nights = Registry()
    for night in ("a1 | b1 | c1", "a1 | b1 c1", "a1 b1 c1"):
        nights.night(night)
    empty = decision_schema().empty_table()
    return SimpleNamespace(
        persons=SimpleNamespace(read=lambda: nights.log), decisions=SimpleNamespace(read=lambda: empty)
    )


def parted(registry, event_no):
    found = parting(registry, event_no, author="x", reason="y", today=dt.date(2026, 1, 1)).to_pylist()
    return [tuple(row[name] for name in PAIR) for row in found]


def oldest(registry):
    """The person of record a1, which never has another."""
    return next(
        event["person_id"] for event in registry.persons.read().to_pylist() if event["centre_id"] == "a"
    )


def test_the_merge_of_two_persons_is_undone_for_all_their_records(registry):
    of_b = next(merge for merge in reversed(merges(registry)) if merge.survivor_id == oldest(registry))
    assert parted(registry, of_b.event_no) == [("a", "1", "b", "1"), ("a", "1", "c", "1")]


def test_a_merge_that_only_followed_another_is_refused_never_a_silent_nothing(registry):
    after = next(merge for merge in merges(registry) if merge.survivor_id == oldest(registry))
    with pytest.raises(LedgerError, match="followed"):
        parted(registry, after.event_no)


def test_all_records_of_a_person_are_known(registry):
    assert set(map(tuple, persons_now(registry).values())) == {(("a", "1"), ("b", "1"), ("c", "1"))}
