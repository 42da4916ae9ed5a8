"""Findings over the nights of a small network: open, fixed by data, obsolete, verified until the record changes."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.corrections import Answer, Status, after_answer
from tests import small_network
from tests.small_network import NETWORK, TODAY, SmallNetwork

OPERATION = "A2;1;20/07/2018;resection;primary;R1;???"  # the intent is no word of the centre
FILE = "alpha/chirurgie.csv"


@pytest.fixture
def net(first: SmallNetwork, tmp_path: Path) -> Iterator[SmallNetwork]:
    """The network after its first night, for one test."""
    with small_network.in_force(small_network.copied(first, tmp_path / "net"), is_reported=False) as network:
        yield network


def intent(network: SmallNetwork):
    """The finding on the unknown word."""
    with network.open() as registry:
        states = registry.ledger.findings(NETWORK).states(centre_id="alpha").values()
    [found] = [s for s in states if (s.rule_id, s.field) == ("CONTRACT-003", "surgery_intent")]
    return found


def answer(network: SmallNetwork, word: Answer) -> None:
    with network.open() as registry:
        findings = registry.ledger.findings(NETWORK)
        told = [(after_answer(intent(network), word, run_id=1), word)]
        findings.record_answers(told, by="Mme Qualité", reasons={})


def test_every_finding_that_is_asked_is_open_after_the_first_night(net: SmallNetwork):
    with net.open() as registry:
        states = registry.ledger.findings(NETWORK).states()
    assert {s.status for s in states.values()} == {Status.OPEN}
    assert {s.first_seen for s in states.values()} == {TODAY}
    asked = net.query("SELECT finding_id FROM fct_finding WHERE severity <> 'info'")
    assert sorted(states) == sorted(finding_id for (finding_id,) in asked)


NIGHTS = {
    "nothing new": (lambda net: None, Status.OPEN),
    "corrected": (lambda net: net.edit(FILE, "???", "curative"), Status.FIXED),
    "the record is gone": (lambda net: net.edit(FILE, OPERATION, ""), Status.OBSOLETE),
    "another value of the record": (lambda net: net.edit(FILE, "R1;???", "R0;???"), Status.OPEN),
    "another record": (lambda net: net.edit("alpha/patients.csv", "femme", "F"), Status.OPEN),
    "the file has another order": (
        lambda net: net.edit(FILE, OPERATION, OPERATION.replace("20/07/2018", "20/07/2018 ")), Status.OPEN,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "status"), NIGHTS.values(), ids=NIGHTS)
def test_a_night_tells_what_became_of_a_finding(net: SmallNetwork, change, status):
    change(net)
    net.run()
    assert intent(net).status == status


@pytest.mark.parametrize(
    ("word", "before", "after"),
    [(Answer.CONFIRMED, Status.VERIFIED, Status.OPEN), (Answer.CORRECTED, Status.ANSWERED, Status.OPEN)],
)
def test_an_answer_holds_until_the_record_changes(net: SmallNetwork, word, before, after):
    answer(net, word)
    assert intent(net).status == before
    net.edit("alpha/tumeurs.csv", "8850/3", "8851/3")
    net.run()
    assert intent(net).status == before
    net.edit(FILE, "R1;???", "R0;???")
    net.run()
    assert intent(net).status == after


def test_a_finding_that_comes_back_is_open_again(net: SmallNetwork):
    net.edit(FILE, "???", "curative")
    net.run()
    net.edit(FILE, "R1;curative", "R1;???")
    net.run()
    assert intent(net).status == Status.OPEN


def test_a_run_that_died_before_it_is_made_up_for(net: SmallNetwork, monkeypatch: pytest.MonkeyPatch):
    def die(*_args, **_more):
        raise RuntimeError("killed")

    net.edit(FILE, "???", "curative")
    with monkeypatch.context() as patch:
        patch.setattr("pipelines.publish.settle_findings", die)
        with pytest.raises(RuntimeError, match="killed"):
            net.run()
    assert intent(net).status == Status.OPEN
    net.run()
    assert intent(net).status == Status.FIXED


def test_the_ledger_holds_no_value_of_a_person(net: SmallNetwork):
    content = (net.home / "ledger.sqlite").read_bytes()
    assert not any(word in content for word in (b"DURAND", b"A2|", b"20/07/2018"))
