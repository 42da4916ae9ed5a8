"""The ledger keeps the state of each finding: what goes in comes out, by centre and status, night after night."""

import datetime as dt
from dataclasses import asdict, replace
from typing import Any

import pytest

from pipelines.corrections import CLOSED, RAISED, Alike, State, Status
from pipelines.io import finding_ledger
from pipelines.io.finding_ledger import FindingLedger
from pipelines.io.ledger import Ledger
from tests.tables import parse

DAY = dt.date
NIGHT_1, NIGHT_2, NIGHT_3 = DAY(2026, 1, 1), DAY(2026, 1, 2), DAY(2026, 1, 3)


@pytest.fixture
def findings(ledger: Ledger) -> FindingLedger:
    return ledger.findings("n")


def state(finding_id: str = "f1", **changes: Any) -> State:
    facts: dict[str, Any] = {
        "centre_id": "alpha", "rule_id": "SURGERY-001", "rule_version": 1, "severity": "warning",
        "table_name": "val_surgery", "field": "margin", "record_id": f"record {finding_id}", "digest": "d1",
        "first_seen": NIGHT_1, "since": NIGHT_1, "last_seen": NIGHT_1, "status": Status.OPEN, "changed_run": 1,
    }  # fmt: skip
    return State(finding_id=finding_id, **{**facts, **changes})


def night(
    findings: FindingLedger, *states: State, today: dt.date = NIGHT_1, fingerprint: str = "data"
) -> None:
    findings.record_night(states, fingerprint=fingerprint, today=today)


STATES = {
    "plain": {},
    "on a whole file": {"table_name": None, "field": None},
    "without a field": {"field": None},
    "an empty field": {"field": ""},
    "a third version of its rule": {"rule_version": 3},
    "came back": {"since": NIGHT_2, "last_seen": NIGHT_3},
    "a later run": {"changed_run": 40_000},
    "accents": {"field": "marge d'exérèse", "centre_id": "île"},
    "quotes": {"field": "a'b\"c; DROP TABLE finding"},
    **{f"status {status}": {"status": status} for status in Status if status in CLOSED},
    **{f"severity {word}": {"severity": word} for word in ("fatal", "error", "info")},
}


@pytest.mark.parametrize("changes", STATES.values(), ids=STATES)
def test_a_state_comes_out_as_it_went_in(findings: FindingLedger, changes: dict[str, Any]):
    one = state(**{"last_seen": NIGHT_3, **changes})
    night(findings, one, today=NIGHT_3)
    [(found_id, found)] = findings.states().items()
    assert (found_id, found) == ("f1", one)
    assert [type(value) for value in asdict(found).values()] == [
        type(value) for value in asdict(one).values()
    ]


def test_a_state_outlives_the_process(url: str):
    with Ledger(url, key_fingerprint="k") as ledger:
        night(ledger.findings("n"), state(), fingerprint="kept")
    with Ledger(url, key_fingerprint="k") as ledger:
        assert ledger.findings("n").states() == {"f1": state()}
        assert ledger.findings("n").settled() == "kept"


def test_before_the_first_night_there_is_nothing(findings: FindingLedger):
    assert findings.states() == {}
    assert findings.alike() == []
    assert findings.answers() == {}
    assert findings.settled() is None


def test_states_are_in_the_order_of_their_ids(findings: FindingLedger):
    night(findings, *(state(name) for name in ("c", "a", "b")))
    assert [*findings.states()] == ["a", "b", "c"]


CHOSEN = parse("""
    centre | status             | found
    -      | -                  | a1 a2 a3 a4 b1 b2
    alpha  | -                  | a1 a2 a3 a4
    beta   | -                  | b1 b2
    gamma  | -                  |
    -      | open               | a1 b1
    -      | open answered      | a1 a2 b1
    alpha  | open answered      | a1 a2
    alpha  | fixed obsolete     | a4
    beta   | fixed obsolete     | b2
    alpha  | verified           | a3
    beta   | verified           |
""")
KNOWN = [
    state("a1"), state("a2", status=Status.ANSWERED), state("a3", status=Status.VERIFIED),
    state("a4", status=Status.FIXED), state("b1", centre_id="beta"),
    state("b2", centre_id="beta", status=Status.OBSOLETE),
]  # fmt: skip


@pytest.mark.parametrize("case", CHOSEN, ids=lambda case: f"{case['centre']} {case['status']}")
def test_states_are_chosen_by_centre_and_status(findings: FindingLedger, case: dict[str, Any]):
    night(findings, *KNOWN)
    status = {Status(word) for word in case["status"].split()} if case["status"] else None
    found = findings.states(centre_id=case["centre"], status=status)
    assert [*found] == (case["found"] or "").split()


def test_no_status_chooses_no_state(findings: FindingLedger):
    night(findings, *KNOWN)
    assert findings.states(status=()) == {}
    assert [*findings.states(status=RAISED)] == ["a1", "a2", "b1"]


# --- nights ---


@pytest.mark.parametrize(
    ("status", "is_seen"),
    [
        (Status.OPEN, True),
        (Status.ANSWERED, True),
        (Status.VERIFIED, True),
        (Status.FIXED, False),
        (Status.OBSOLETE, False),
    ],
)
def test_a_night_sees_what_is_not_closed(findings: FindingLedger, status: Status, is_seen: bool):
    night(findings, state(status=status), today=NIGHT_1)
    night(findings, today=NIGHT_2, fingerprint="other")
    assert findings.states()["f1"] == state(status=status, last_seen=NIGHT_2 if is_seen else NIGHT_1)


def test_a_finding_that_is_closed_this_night_was_not_seen_in_it(findings: FindingLedger):
    night(findings, state("gone"), state("here"))
    night(findings, state("gone", status=Status.FIXED, changed_run=2), today=NIGHT_2)
    assert {name: one.last_seen for name, one in findings.states().items()} == {
        "gone": NIGHT_1,
        "here": NIGHT_2,
    }


def test_a_changed_state_takes_the_place_of_the_one_before(findings: FindingLedger):
    night(findings, state("f1"), state("f2"))
    changed = state(
        "f1", digest="d2", rule_version=2, status=Status.VERIFIED, changed_run=2, last_seen=NIGHT_2
    )
    night(findings, changed, today=NIGHT_2)
    assert findings.states() == {"f1": changed, "f2": state("f2", last_seen=NIGHT_2)}


def test_no_finding_is_ever_forgotten(findings: FindingLedger):
    for number in range(1, 5):
        night(findings, state(f"f{number}", status=Status.OBSOLETE), fingerprint=str(number))
    assert [*findings.states()] == ["f1", "f2", "f3", "f4"]


def test_the_last_night_says_of_which_data(findings: FindingLedger):
    told = []
    for fingerprint in ("one", "two", "two", "one"):
        night(findings, fingerprint=fingerprint)
        told.append(findings.settled())
    assert told == ["one", "two", "two", "one"]


def test_a_night_that_fails_leaves_everything_as_it_was(findings: FindingLedger):
    night(findings, state("f1"), fingerprint="before")
    spoilt = replace(state("f2"), record_id=None)  # type: ignore[arg-type]
    with pytest.raises(Exception, match="NOT NULL"):
        night(findings, state("f1", digest="d2"), spoilt, today=NIGHT_2, fingerprint="after")
    assert findings.states() == {"f1": state("f1")}
    assert findings.settled() == "before"


@pytest.mark.parametrize("count", [1, 2, 3, 4, 6, 7])
def test_more_states_than_one_statement_takes_are_replaced(
    findings: FindingLedger, monkeypatch: pytest.MonkeyPatch, count: int
):
    monkeypatch.setattr(finding_ledger, "_BATCH", 3)
    night(findings, *(state(f"f{number}") for number in range(count)))
    night(findings, *(state(f"f{number}", digest="d2") for number in range(count)))
    assert [one.digest for one in findings.states().values()] == ["d2"] * count


# --- what is counted ---


def alike(**changes: Any) -> Alike:
    facts: dict[str, Any] = {
        "rule_id": "SURGERY-001", "centre_id": "alpha", "status": Status.OPEN, "since": NIGHT_1,
        "last_seen": NIGHT_1, "changed_run": 1, "count": 1,
    }  # fmt: skip
    return Alike(**{**facts, **changes})


def test_findings_that_have_all_in_common_are_counted_together(findings: FindingLedger):
    night(findings, state("f1"), state("f2", digest="d2", record_id="x", field="other"), state("f3"))
    assert findings.alike() == [alike(count=3)]


APART = {
    "rule": {"rule_id": "SURGERY-002"},
    "centre": {"centre_id": "beta"},
    "status": {"status": Status.VERIFIED},
    "since": {"since": DAY(2025, 12, 31)},
    "run": {"changed_run": 2},
}


@pytest.mark.parametrize("change", APART.values(), ids=APART)
def test_findings_that_differ_are_counted_apart(findings: FindingLedger, change: dict[str, Any]):
    night(findings, state("f1"), state("f2"), state("f3", **change))
    found = findings.alike()
    assert len(found) == 2
    assert alike(count=2) in found
    assert alike(**change) in found


def test_a_closed_finding_is_counted_at_the_day_it_was_last_seen(findings: FindingLedger):
    night(findings, state("f1", status=Status.FIXED), state("f2"))
    night(findings, today=NIGHT_3)
    assert {(one.status, one.last_seen) for one in findings.alike()} == {
        (Status.FIXED, NIGHT_1),
        (Status.OPEN, NIGHT_3),
    }


def test_what_is_counted_has_an_order_and_no_id(findings: FindingLedger):
    night(
        findings,
        state("f1", rule_id="B"),
        state("f2", rule_id="A", centre_id="beta"),
        state("f3", rule_id="A"),
    )
    found = findings.alike()
    assert [(one.rule_id, one.centre_id) for one in found] == [("A", "alpha"), ("A", "beta"), ("B", "alpha")]
    assert "f1" not in str(found)
    assert "record" not in str(found)
