"""The ledger keeps every answer to a finding and the last one counts; two networks know nothing of each other."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from pipelines.corrections import Answer, Given, State, Status, after_answer
from pipelines.io.finding_ledger import FindingLedger
from pipelines.io.ledger import Ledger
from pipelines.io.ledger_schema import FINDING_ANSWER
from tests.unit.io.test_finding_ledger_states import NIGHT_1, NIGHT_2, night, state


@pytest.fixture
def findings(ledger: Ledger) -> FindingLedger:
    return ledger.findings("n")


def answer(findings: FindingLedger, one: State, word: Answer, **more: Any) -> State:
    """Give one answer; the state that follows."""
    after = after_answer(one, word, run_id=more.pop("run_id", 7))
    findings.record_answers([(after, word)], **{"by": "Mme Qualité", "reasons": {}, **more})
    return after


def written(url: str) -> list[dict[str, Any]]:
    """Every row that the ledger has of answers, in the order in which they were given."""
    engine = sa.create_engine(url)
    with engine.connect() as con:
        rows = con.execute(sa.select(FINDING_ANSWER).order_by(FINDING_ANSWER.c.seq)).mappings()
        found = [dict(row) for row in rows]
    engine.dispose()
    return found


STATUS = {
    Answer.CORRECTED: Status.ANSWERED,
    Answer.NOT_OURS: Status.ANSWERED,
    Answer.CONFIRMED: Status.VERIFIED,
    Answer.UNKNOWN: Status.VERIFIED,
}


@pytest.mark.parametrize("word", Answer)
def test_an_answer_is_kept_with_the_state_that_follows(findings: FindingLedger, word: Answer):
    night(findings, state())
    after = answer(findings, state(), word)
    assert findings.answers() == {"f1": Given(answer=word, digest="d1", rule_version=1)}
    assert findings.states() == {"f1": after}
    assert (after.status, after.changed_run) == (STATUS[word], 7)


def test_an_answer_speaks_of_the_record_and_the_rule_as_they_were(findings: FindingLedger):
    one = state(digest="d9", rule_version=4)
    night(findings, one)
    answer(findings, one, Answer.CONFIRMED)
    night(findings, replace(one, digest="d10", rule_version=5), today=NIGHT_2)
    assert findings.answers()["f1"] == Given(answer=Answer.CONFIRMED, digest="d9", rule_version=4)


@pytest.mark.parametrize(
    ("words", "last"),
    [
        ([Answer.CONFIRMED, Answer.CORRECTED], Answer.CORRECTED),
        ([Answer.CORRECTED, Answer.CONFIRMED], Answer.CONFIRMED),
        ([Answer.UNKNOWN, Answer.NOT_OURS, Answer.UNKNOWN], Answer.UNKNOWN),
        ([Answer.CONFIRMED, Answer.CONFIRMED], Answer.CONFIRMED),
    ],
    ids=["to corrected", "to confirmed", "and back", "again"],
)
def test_the_last_answer_counts_and_those_before_stay(findings: FindingLedger, url: str, words, last):
    night(findings, state())
    for word in words:
        answer(findings, state(), word)
    assert findings.answers() == {"f1": Given(answer=last, digest="d1", rule_version=1)}
    assert findings.states()["f1"].status == STATUS[last]
    assert [row["answer"] for row in written(url)] == words


def test_an_answer_says_who_gave_it_why_and_when(findings: FindingLedger, url: str):
    night(findings, state("f1"), state("f2"))
    told = [
        (after_answer(state(name), Answer.CONFIRMED, run_id=2), Answer.CONFIRMED) for name in ("f1", "f2")
    ]
    before = dt.datetime.now(dt.UTC).replace(tzinfo=None, microsecond=0)
    findings.record_answers(told, by="Dr Qualité", reasons={"f1": "vu au bloc", "f3": "of another"})
    rows = written(url)
    assert [(row["finding_id"], row["by"], row["reason"]) for row in rows] == [
        ("f1", "Dr Qualité", "vu au bloc"),
        ("f2", "Dr Qualité", ""),
    ]
    for row in rows:
        assert before <= row["answered"] <= before + dt.timedelta(minutes=1)
        assert row["answered"].microsecond == 0


def test_several_answers_are_kept_together(findings: FindingLedger):
    night(findings, *(state(name) for name in ("f1", "f2", "f3")))
    words = {"f1": Answer.CONFIRMED, "f3": Answer.CORRECTED}
    told = ((after_answer(state(name), word, run_id=2), word) for name, word in words.items())
    findings.record_answers(told, by="x", reasons={})
    assert {name: given.answer for name, given in findings.answers().items()} == words
    assert {name: one.status for name, one in findings.states().items()} == {
        "f1": Status.VERIFIED,
        "f2": Status.OPEN,
        "f3": Status.ANSWERED,
    }


def test_no_answer_writes_nothing(findings: FindingLedger, url: str):
    night(findings, state(), fingerprint="data")
    findings.record_answers([], by="x", reasons={"f1": "why"})
    assert (written(url), findings.answers(), findings.states()) == ([], {}, {"f1": state()})


def test_an_answer_without_a_name_is_refused_and_nothing_is_kept(findings: FindingLedger):
    night(findings, state())
    with pytest.raises(sa.exc.IntegrityError):
        answer(findings, state(), Answer.CONFIRMED, by=None)
    assert findings.answers() == {}
    assert findings.states() == {"f1": state()}


def test_an_answer_is_no_night(findings: FindingLedger):
    night(findings, state("f1"), state("f2"), fingerprint="data")
    answer(findings, state("f1"), Answer.CONFIRMED)
    assert findings.settled() == "data"
    assert {one.last_seen for one in findings.states().values()} == {NIGHT_1}


def test_an_answer_stays_when_the_finding_is_gone(findings: FindingLedger):
    night(findings, state())
    answer(findings, state(), Answer.CONFIRMED)
    night(findings, state(status=Status.FIXED), today=NIGHT_2)
    assert findings.answers()["f1"].answer == Answer.CONFIRMED
    assert findings.states()["f1"].status == Status.FIXED


# --- two networks ---


def both(ledger: Ledger) -> tuple[FindingLedger, FindingLedger]:
    """Two networks that have findings of the same id."""
    ours, theirs = ledger.findings("n"), ledger.findings("other")
    night(ours, state("f1"), state("ours"), fingerprint="our data")
    night(theirs, state("f1", centre_id="beta"), state("theirs"), fingerprint="their data")
    return ours, theirs


def facts(findings: FindingLedger) -> tuple[object, ...]:
    return findings.states(), findings.alike(), findings.answers(), findings.settled()


def test_each_network_has_its_own_findings(ledger: Ledger):
    ours, theirs = both(ledger)
    assert ours.states() == {"f1": state("f1"), "ours": state("ours")}
    assert theirs.states() == {"f1": state("f1", centre_id="beta"), "theirs": state("theirs")}
    assert (ours.settled(), theirs.settled()) == ("our data", "their data")
    assert [sum(one.count for one in network.alike()) for network in (ours, theirs)] == [2, 2]
    assert theirs.states(centre_id="alpha") == {"theirs": state("theirs")}


DEEDS = {
    "a night that sees": lambda ours: night(ours, today=NIGHT_2, fingerprint="new"),
    "a night that changes": lambda ours: night(ours, state("f1", digest="d2"), today=NIGHT_2),
    "a night that closes": lambda ours: night(ours, state("f1", status=Status.FIXED), today=NIGHT_2),
    "a finding of their id": lambda ours: night(ours, state("theirs", status=Status.OBSOLETE), today=NIGHT_2),
    "an answer": lambda ours: answer(ours, state("f1"), Answer.CONFIRMED),
    "an answer to their id": lambda ours: answer(ours, state("theirs"), Answer.CORRECTED),
}


@pytest.mark.parametrize("deed", DEEDS.values(), ids=DEEDS)
def test_what_one_network_does_changes_nothing_of_the_other(ledger: Ledger, deed):
    ours, theirs = both(ledger)
    before, mine = facts(theirs), facts(ours)
    deed(ours)
    assert facts(theirs) == before
    assert facts(ours) != mine


def test_an_answer_of_another_network_is_not_ours(ledger: Ledger):
    ours, theirs = both(ledger)
    answer(theirs, state("f1", centre_id="beta"), Answer.UNKNOWN)
    assert ours.answers() == {}
    answer(ours, state("f1"), Answer.CORRECTED)
    assert {given.answer for given in theirs.answers().values()} == {Answer.UNKNOWN}
    assert {given.answer for given in ours.answers().values()} == {Answer.CORRECTED}


def test_a_network_that_is_not_there_has_nothing(ledger: Ledger):
    both(ledger)
    assert facts(ledger.findings("nobody")) == ({}, [], {}, None)
