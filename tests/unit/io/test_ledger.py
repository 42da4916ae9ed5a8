"""The ledger: one registry, one key; deliveries are superseded, never lost; runs that died are marked."""

import datetime as dt
from dataclasses import replace

import pytest

from pipelines.account import Account, Reason
from pipelines.delivery import Delivery
from pipelines.errors import LedgerError, Refusal, SecretError
from pipelines.io import ledger as module
from pipelines.io.ledger import Ledger, Snapshot
from tests.intakes import use

FIRST = Delivery(
    delivery_id="d1", centre_id="a", file_name="a1.csv", content_hash="h1", size=10, file_index=0,
    exported=dt.date(2021, 1, 31),
)  # fmt: skip
SECOND = replace(
    FIRST, delivery_id="d2", file_name="a2.csv", content_hash="h2", exported=dt.date(2021, 2, 28)
)


def test_another_key_is_refused(url: str, ledger: Ledger):
    with pytest.raises(SecretError, match="not the one of this registry"):
        Ledger(url, key_fingerprint="another")


def test_another_schema_version_is_refused(url: str, ledger: Ledger, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "SCHEMA_VERSION", "3")
    with pytest.raises(LedgerError, match="version 2"):
        Ledger(url, key_fingerprint="k")


def test_a_newer_delivery_supersedes_and_the_older_can_return(ledger: Ledger):
    use(ledger, "n", [FIRST])
    use(ledger, "n", [SECOND])
    assert ledger.current_deliveries("n") == [SECOND]
    use(ledger, "n", [FIRST])
    assert ledger.current_deliveries("n") == [FIRST]


def test_networks_do_not_see_each_other(ledger: Ledger):
    use(ledger, "n", [FIRST])
    use(ledger, "m", [])
    assert ledger.current_deliveries("n") == [FIRST]
    assert ledger.current_deliveries("m") == []


def test_deliveries_come_back_by_centre_file_and_part(ledger: Ledger):
    listed = [
        replace(FIRST, delivery_id=name, centre_id=centre, file_index=rank, part=part)
        for name, centre, rank, part in (
            ("1", "b", 0, None),
            ("2", "a", 1, 2),
            ("3", "a", 1, 1),
            ("4", "a", 0, None),
        )
    ]
    use(ledger, "n", listed)
    assert [d.delivery_id for d in ledger.current_deliveries("n")] == ["4", "3", "2", "1"]


def test_a_run_that_died_is_marked_by_the_next(ledger: Ledger):
    first = ledger.start_run("n")
    second = ledger.start_run("n")
    ledger.end_run(second, outcome="published", fingerprint="f")
    assert (first, second) == (1, 2)
    last = ledger.last_run("n")
    assert last is not None
    assert (last["run_id"], last["outcome"], last["fingerprint"]) == (2, "published", "f")
    assert ledger.last_run("m") is None


def test_known_files_are_replaced(ledger: Ledger):
    ledger.remember_files({("x", 1, 2): "h", ("y", 3, 4): "i"})
    ledger.remember_files({("x", 1, 5): "j"})
    assert ledger.seen_files() == {("x", 1, 5): "j"}


def test_accounts_refusals_steps_and_snapshots_come_back(ledger: Ledger):
    account = Account(step="stage", table="tumour", rows_in=3, rows_out=2, rows_set_aside=1, centre_id="a")
    refusal = Refusal("empty_file", "a.csv", "a", "vide", "empty", "renvoyer", "send again")
    snapshot = Snapshot(
        network_id="n", number=1, run_id=1, fingerprint="f", content_hash="c",
        published=dt.datetime(2026, 1, 2, 3, 4, 5), patients=2, tumours=3,  # noqa: DTZ001 - the ledger keeps UTC
    )  # fmt: skip
    ledger.record_accounts(1, [account])
    ledger.record_refusals(1, [refusal])
    ledger.record_step(1, "stage", centre_id="a", was_computed=True, seconds=0.5, peak_mb=12.0)
    ledger.record_snapshot(snapshot)
    assert ledger.accounts(1) == [account]
    assert ledger.refusals(1) == [refusal]
    assert [(s["step"], s["centre_id"], s["seconds"]) for s in ledger.steps(1)] == [("stage", "a", 0.5)]
    assert ledger.snapshots("n") == [snapshot]
    assert ledger.accounts(2) == ledger.refusals(2) == ledger.steps(2) == ledger.snapshots("m") == []


def test_reasons_come_back_and_a_repeated_step_counts_once(ledger: Ledger):
    reason = Reason(step="stage", table="stg_tumour", outcome="merged", reason="exact_repeat", rows=2,
                    centre_id="a", delivery_id="d1")  # fmt: skip
    other = replace(reason, delivery_id="d2")
    ledger.record_reasons(1, [reason, other])
    ledger.record_reasons(1, [reason])
    ledger.record_reasons(2, [])
    assert ledger.reasons(1) == [reason, other]
    assert ledger.reasons(2) == []


def test_nothing_to_record_is_not_an_error(ledger: Ledger):
    ledger.record_accounts(1, [])
    ledger.record_refusals(1, [])
    assert ledger.accounts(1) == []
