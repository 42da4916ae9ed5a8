"""The holds of the ledger: asked once, kept true while they are open, decided once."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.delivery import Version
from pipelines.errors import LedgerError
from pipelines.holds import Hold, HoldCode, HoldStatus
from pipelines.io.ledger import CentreIntake, Ledger

FEBRUARY, MARCH = Version(dt.date(2024, 2, 5), 0), Version(dt.date(2024, 3, 5), 0)


@pytest.fixture
def ledger(ledger_file: Path) -> Iterator[Ledger]:
    with Ledger(f"sqlite:///{ledger_file}", key_fingerprint="k") as opened:
        yield opened


def ask(ledger: Ledger, run_id: int, *versions: Version) -> None:
    holds = [hold(*versions)] if versions else []
    centre = CentreIntake(centre_id="alpha", in_use=(), others=(), holds=tuple(holds), is_settled=not holds)
    ledger.record_intake("netsarc", run_id, sightings=[], centres=[centre])


def hold(*versions: Version) -> Hold:
    return Hold(
        hold_id="h1",
        centre_id="alpha",
        code=HoldCode.TWO_PLACES,
        claims=tuple(("d1", version) for version in versions),
        facts={"files": [f"f_{version.day:%Y%m%d}.csv" for version in versions]},
    )


def claims(ledger: Ledger) -> list[tuple[Version, ...]]:
    return [tuple(version for _, version in found.claims) for found in ledger.holds("netsarc")]


def answer(ledger: Ledger) -> None:
    ledger.decide("netsarc", "h1", status=HoldStatus.APPROVED, by="A. Person", reason="checked")


def test_an_open_hold_names_what_claims_its_data_now(ledger: Ledger):
    """An answer puts out the versions that the hold claims: an old list would put out the wrong ones."""
    ask(ledger, 1, FEBRUARY)
    ask(ledger, 2, FEBRUARY, MARCH)
    assert claims(ledger) == [(FEBRUARY, MARCH)]
    assert [record.opened_run for record in ledger.hold_records("netsarc")] == [1]


def test_a_hold_that_comes_back_is_open_again_with_what_claims_its_data_now(ledger: Ledger):
    ask(ledger, 1, FEBRUARY)
    ask(ledger, 2)
    assert claims(ledger) == []
    ask(ledger, 3, MARCH)
    assert claims(ledger) == [(MARCH,)]
    assert [record.opened_run for record in ledger.hold_records("netsarc")] == [3]


def test_an_answer_stays_as_it_was_given(ledger: Ledger):
    ask(ledger, 1, FEBRUARY)
    answer(ledger)
    ask(ledger, 2, MARCH)
    assert claims(ledger) == []
    assert [found.claims for found in ledger.decisions("netsarc")] == [(("d1", FEBRUARY),)]


def test_a_hold_is_decided_once(ledger: Ledger):
    ask(ledger, 1, FEBRUARY)
    answer(ledger)
    with pytest.raises(LedgerError, match="not open"):
        answer(ledger)
