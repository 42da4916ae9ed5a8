"""What the ledger keeps of names, deliveries, holds and accepted stagings: all of a look or nothing, and for ever."""

import datetime as dt
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipelines.delivery import Delivery, Sighting, Version
from pipelines.errors import LedgerError
from pipelines.holds import Hold, HoldCode
from pipelines.io.ledger import Acceptance, CentreIntake, Ledger

SEEN = Sighting(centre_id="a", file_name="a1.csv", content_hash="h1", data_hash="d1", size=10)
FIRST = Delivery(
    delivery_id="d1", centre_id="a", file_name="a1.csv", content_hash="h1", size=10, file_index=0,
    exported=dt.date(2021, 1, 31), data_hash="d1", version_number=2, parts=3, part=1, mode="incremental",
)  # fmt: skip
SECOND = replace(FIRST, delivery_id="d2", file_name="a2.csv", exported=None)
HOLD = Hold(
    hold_id="h", centre_id="a", code=HoldCode.FEWER_PARTS, claims=(("d1", FIRST.version), ("d2", Version.of(None, 0))),
    facts={"files": ["a1.csv"], "parts": 1},
)  # fmt: skip
OMISSION = replace(HOLD, hold_id="o", code=HoldCode.OMISSION)


@pytest.fixture
def file(ledger_file: Path) -> Path:
    return ledger_file


@pytest.fixture
def ledger(file: Path) -> Iterator[Ledger]:
    with Ledger(f"sqlite:///{file}", key_fingerprint="k") as found:
        yield found


def look(ledger: Ledger, *centres: CentreIntake, run: int = 1, sightings: tuple[Sighting, ...] = ()) -> None:
    ledger.record_intake("n", run, sightings=sightings, centres=centres)


def alpha(*in_use: Delivery, others: tuple[Delivery, ...] = (), holds: tuple[Hold, ...] = ()) -> CentreIntake:
    return CentreIntake(centre_id="a", in_use=in_use, others=others, holds=holds, is_settled=not holds)


def current(ledger: Ledger) -> list[str]:
    return [delivery.delivery_id for delivery in ledger.current_deliveries("n")]


def statuses(ledger: Ledger) -> dict[str, str]:
    return {record.hold.hold_id: record.hold.status for record in ledger.hold_records("n")}


def test_every_change_of_a_name_is_kept_in_order(ledger: Ledger):
    changes = [SEEN, replace(SEEN, content_hash="h2"), SEEN]
    for change in changes:
        look(ledger, sightings=(change,))
    assert ledger.sightings("n") == changes
    assert ledger.sightings("m") == []


def test_what_a_name_declares_comes_back(ledger: Ledger):
    look(ledger, alpha(FIRST, others=(SECOND,)))
    assert ledger.current_deliveries("n") == [FIRST]
    assert ledger.all_deliveries("n") == [FIRST, SECOND]


def test_a_delivery_takes_its_latest_name(ledger: Ledger):
    look(ledger, alpha(FIRST))
    renamed = replace(FIRST, file_name="a9.csv", exported=dt.date(2021, 9, 30))
    look(ledger, alpha(renamed))
    assert ledger.all_deliveries("n") == [renamed]


def test_a_centre_that_waits_keeps_what_it_had_in_use(ledger: Ledger):
    look(ledger, alpha(FIRST))
    look(ledger, alpha(replace(FIRST, file_name="new.csv"), SECOND, holds=(HOLD,)))
    assert ledger.current_deliveries("n") == [FIRST]
    assert [d.delivery_id for d in ledger.all_deliveries("n")] == ["d1", "d2"]
    look(ledger, alpha(SECOND))
    assert current(ledger) == ["d2"]


def test_another_centre_is_left_alone(ledger: Ledger):
    look(ledger, alpha(FIRST), CentreIntake(centre_id="b", in_use=[replace(SECOND, centre_id="b")]))
    look(ledger, alpha())
    assert current(ledger) == ["d2"]


def test_a_look_is_written_whole_or_not_at_all(ledger: Ledger):
    look(ledger, alpha(FIRST))
    broken = CentreIntake(centre_id="b", in_use=[replace(SECOND, size=None)])  # type: ignore[arg-type]
    with pytest.raises(sa.exc.IntegrityError):
        look(ledger, alpha(SECOND, holds=(HOLD,)), broken, sightings=(SEEN,))
    assert (current(ledger), ledger.sightings("n"), ledger.hold_records("n")) == (["d1"], [], [])


def test_a_hold_comes_back_as_it_was(ledger: Ledger):
    look(ledger, alpha(holds=(HOLD,)), run=7)
    [record] = ledger.hold_records("n")
    assert (record.hold, record.opened_run, record.by) == (HOLD, 7, None)
    assert ledger.holds("n") == [HOLD]
    assert ledger.decisions("n") == ledger.holds("m") == []


def test_a_hold_ends_with_its_cause_and_opens_again_with_it(ledger: Ledger):
    for holds, expected in (((HOLD,), "open"), ((), "resolved"), ((), "resolved"), ((HOLD,), "open")):
        look(ledger, alpha(holds=holds))
        assert statuses(ledger) == {"h": expected}


def test_a_look_leaves_the_question_of_vanished_patients_alone(ledger: Ledger):
    ledger.record_omission("n", 1, "a", OMISSION)
    look(ledger, alpha(holds=(HOLD,)))
    look(ledger, alpha())
    assert statuses(ledger) == {"h": "resolved", "o": "open"}
    ledger.record_omission("n", 2, "b", None)
    assert statuses(ledger)["o"] == "open"
    ledger.record_omission("n", 2, "a", None)
    assert statuses(ledger) == {"h": "resolved", "o": "resolved"}


@pytest.mark.parametrize("status", ["approved", "rejected"])
def test_a_decision_is_kept_for_ever(ledger: Ledger, status: str):
    look(ledger, alpha(holds=(HOLD,)))
    ledger.decide("n", "h", status=status, by="B", reason="because", chosen="d1")
    with pytest.raises(LedgerError, match="not open"):
        ledger.decide("n", "h", status="approved", by="C", reason="no")
    look(ledger, alpha())
    look(ledger, alpha(holds=(HOLD,)))
    [record] = ledger.hold_records("n")
    assert (record.hold.status, record.hold.chosen, record.by, record.reason) == (
        status,
        "d1",
        "B",
        "because",
    )
    assert record.decided is not None
    assert ledger.decisions("n") == [replace(HOLD, status=status, chosen="d1")]
    assert ledger.holds("n") == []


@pytest.mark.parametrize(("network", "hold"), [("n", "other"), ("m", "h")])
def test_only_a_hold_of_the_network_is_decided(ledger: Ledger, network: str, hold: str):
    look(ledger, alpha(holds=(HOLD,)))
    with pytest.raises(LedgerError, match=f"{hold}: this hold is not open"):
        ledger.decide(network, hold, status="approved", by="B", reason="x")
    assert statuses(ledger) == {"h": "open"}


def test_an_accepted_staging_is_noted_when_it_is_another_one(ledger: Ledger):
    for run, fingerprint in enumerate("xxyyx"):
        for centre in "ab":
            ledger.record_acceptance(
                "n", Acceptance(run_id=run, centre_id=centre, fingerprint=fingerprint, patients=run)
            )
    assert [(a.run_id, a.fingerprint) for a in ledger.acceptances("n") if a.centre_id == "b"] == [
        (0, "x"), (2, "y"), (4, "x"),
    ]  # fmt: skip


def test_a_ledger_of_another_version_is_refused_untouched_with_a_way_on(file: Path, ledger: Ledger):
    ledger.close()
    with sqlite3.connect(file) as con:
        con.execute("UPDATE meta SET value = '1' WHERE key = 'schema_version'")
        con.execute("DROP TABLE sighting")
    con.close()
    before = file.read_bytes()
    with pytest.raises(LedgerError, match=r"version 1.*new --home and the same key") as caught:
        Ledger(f"sqlite:///{file}", key_fingerprint="k")
    assert caught.value.exit_code == 2
    assert file.read_bytes() == before
