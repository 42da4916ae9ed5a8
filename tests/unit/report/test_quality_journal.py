"""What became of findings: since the run before, and how old what is left is."""

import datetime as dt

import pytest

from pipelines.corrections import Status
from pipelines.report.quality_journal import STANDINGS, Age, ages, standing_of, standing_rows
from pipelines.report.quality_tally import NATION, Cell
from tests.quality_snapshot import DAY, RUN, alike

BEFORE = dt.date(2026, 5, 1)
GROUPS = {"R1": "asked", "R2": "asked", "R3": "counted"}


@pytest.mark.parametrize(
    ("status", "changed_run", "since", "expected"),
    [
        (Status.OPEN, RUN, DAY, "new"),
        (Status.OPEN, RUN - 1, BEFORE, "persisting"),
        (Status.OPEN, RUN, BEFORE, "persisting"),  # an answer that no longer holds: it was there before
        (Status.ANSWERED, RUN, DAY, "persisting"),
        (Status.ANSWERED, RUN - 1, BEFORE, "persisting"),
        (Status.VERIFIED, RUN - 1, BEFORE, "verified"),
        (Status.FIXED, RUN, BEFORE, "fixed"),
        (Status.FIXED, RUN - 1, BEFORE, None),  # told by an earlier portal
        (Status.OBSOLETE, RUN, BEFORE, "obsolete"),
        (Status.OBSOLETE, RUN - 1, BEFORE, None),
    ],
)
def test_where_a_finding_stands_after_a_run(
    status: Status, changed_run: int, since: dt.date, expected: str | None
):
    found = alike("R1", "a", 1, status=status, changed_run=changed_run, since=since)
    assert standing_of(found, run_id=RUN) == expected


def test_standings_are_counts_of_a_cell():
    assert set(STANDINGS) <= set(Cell.__dataclass_fields__)


def test_findings_alike_but_for_their_days_are_added():
    found = [
        alike("R1", "a", 4, changed_run=2, since=BEFORE),
        alike("R1", "a", 5, changed_run=3, since=dt.date(2026, 6, 1)),
        alike("R1", "a", 6, changed_run=RUN, since=DAY),
        alike("R1", "b", 7, changed_run=RUN, since=DAY),
        alike("R1", "b", 8, status=Status.FIXED, changed_run=RUN - 1, since=BEFORE),
    ]
    assert standing_rows(found, run_id=RUN) == [
        {"rule_id": "R1", "centre_id": "a", "persisting": 9},
        {"rule_id": "R1", "centre_id": "a", "new": 6},
        {"rule_id": "R1", "centre_id": "b", "new": 7},
    ]


def test_the_age_is_that_of_what_is_still_raised():
    found = [
        alike("R1", "a", 12, changed_run=2, since=BEFORE),
        alike("R1", "a", 11, changed_run=RUN, since=DAY),
        alike("R1", "a", 90, status=Status.FIXED, changed_run=RUN, since=dt.date(2020, 1, 1)),
        alike("R1", "a", 90, status=Status.VERIFIED, changed_run=2, since=dt.date(2020, 1, 1)),
    ]
    told = ages(found, GROUPS, today=DAY, threshold=11)
    days = (DAY - BEFORE).days
    assert told["R1", "a"] == Age(BEFORE, days)
    assert told["R1", NATION] == told["asked", "a"] == told["asked", NATION] == Age(BEFORE, days)


def test_the_median_is_the_day_that_half_of_the_findings_reach():
    found = [
        alike("R1", "a", 11, changed_run=2, since=BEFORE),
        alike("R1", "a", 12, changed_run=RUN, since=DAY),
    ]
    assert ages(found, GROUPS, today=DAY, threshold=11)["R1", "a"] == Age(BEFORE, 0)


def test_a_clock_that_went_back_makes_no_negative_age():
    found = [alike("R1", "a", 11, changed_run=RUN, since=DAY)]
    assert ages(found, GROUPS, today=BEFORE, threshold=11)["R1", "a"] == Age(DAY, 0)


def test_the_age_of_few_findings_is_not_told():
    found = [
        alike("R1", "a", 10, changed_run=2, since=BEFORE),
        alike("R2", "b", 10, changed_run=2, since=BEFORE),
    ]
    told = ages(found, GROUPS, today=DAY, threshold=11)
    assert set(told) == {("asked", NATION)}


def test_groups_are_aged_apart():
    found = [
        alike("R1", "a", 20, changed_run=2, since=BEFORE),
        alike("R3", "a", 20, changed_run=2, since=dt.date(2026, 1, 1)),
    ]
    told = ages(found, GROUPS, today=DAY, threshold=11)
    assert (told["asked", "a"].oldest, told["counted", "a"].oldest) == (BEFORE, dt.date(2026, 1, 1))
