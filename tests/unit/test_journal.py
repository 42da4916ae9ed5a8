"""What the ledger tells the quality portal of one snapshot of the small network."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from shutil import copyfile

import duckdb
import pytest

from pipelines.corrections import Alike, Answer, Status, after_answer
from pipelines.io.ledger import Snapshot
from pipelines.journal import journal_of
from pipelines.publish import current_snapshot, write_report_of
from pipelines.registry import Registry
from pipelines.report.quality_journal import Journal
from tests import small_network
from tests.pages import read_page
from tests.small_network import NETWORK, TODAY, SmallNetwork


@pytest.fixture(scope="module")
def registry(first: SmallNetwork) -> Iterator[Registry]:
    """The registry after its first night, only read."""
    with small_network.in_force(first) as network, network.open() as opened:
        yield opened


@pytest.fixture(scope="module")
def snapshot(registry: Registry) -> Snapshot:
    found = current_snapshot(registry)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def told(registry: Registry, snapshot: Snapshot) -> Journal:
    return journal_of(registry, snapshot, docs="way/to/docs")


def test_the_deliveries_are_those_of_the_snapshot(told: Journal):
    assert [delivery.file_name for delivery in told.deliveries if delivery.centre_id == "alpha"] == [
        name for name in (d.file_name for d in told.received if d.centre_id == "alpha")
    ]
    assert {delivery.centre_id for delivery in told.deliveries} == {"alpha", "beta", "gamma"}
    assert len(told.deliveries) == 5


def test_every_delivery_has_its_accounts(told: Journal):
    accounted = {account.delivery_id for account in told.accounts}
    assert {delivery.delivery_id for delivery in told.deliveries} <= accounted


def test_the_findings_are_counted_by_what_they_have_in_common(registry: Registry, told: Journal):
    states = registry.ledger.findings(NETWORK).states().values()
    assert told.findings is not None
    assert sum(found.count for found in told.findings) == len(states)
    for found in told.findings:
        same = [
            state for state in states
            if (state.rule_id, state.centre_id, state.status, state.since) ==
               (found.rule_id, found.centre_id, found.status, found.since)
        ]  # fmt: skip
        assert len(same) == found.count


def test_what_is_counted_names_no_record(told: Journal):
    assert {field.name for field in fields(Alike)} == {
        "rule_id", "centre_id", "status", "since", "last_seen", "changed_run", "count",
    }  # fmt: skip
    assert told.findings
    assert all(found.since == found.last_seen == TODAY for found in told.findings)


def test_the_days_after_which_an_export_is_late_are_those_of_the_centres(registry: Registry, told: Journal):
    assert told.expected_days == {
        name: centre.expected_every_days for name, centre in registry.centres.items()
    }


def test_the_way_to_the_docs_is_kept(told: Journal):
    assert told.docs == "way/to/docs"


def test_findings_settled_for_other_data_are_not_told(registry: Registry, snapshot: Snapshot):
    older = replace(snapshot, fingerprint="of other data")
    assert journal_of(registry, older).findings is None


def test_an_answer_moves_a_finding_to_another_count(first: SmallNetwork, tmp_path: Path):
    own = small_network.copied(first, tmp_path / "own")
    with small_network.in_force(own), own.open() as opened:
        findings = opened.ledger.findings(NETWORK)
        state = next(iter(findings.states().values()))
        confirmed = after_answer(state, Answer.CONFIRMED, run_id=state.changed_run)
        findings.record_answers([(confirmed, Answer.CONFIRMED)], by="q", reasons={})
        before = sum(found.count for found in findings.alike())
        [verified] = [found for found in findings.alike() if found.status == Status.VERIFIED]
    assert (verified.rule_id, verified.centre_id, verified.count) == (state.rule_id, state.centre_id, 1)
    assert before == len(findings.states())


def portal(registry: Registry, snapshot: Snapshot, out: Path) -> str:
    out.mkdir(exist_ok=True)
    write_report_of(registry, snapshot, out, today=TODAY + dt.timedelta(days=3))
    return (out / "qualite" / "index.html").read_text(encoding="utf-8")


def test_a_report_comes_with_its_portal(registry: Registry, snapshot: Snapshot, tmp_path: Path):
    page = read_page(portal(registry, snapshot, tmp_path), "fr")
    text = page.text
    assert all(name in text for name in ("Alpha", "Beta", "Gamma"))
    assert "4 juin 2021" in text
    assert (tmp_path / "qualite" / "centres" / "alpha.html").is_file()


def test_the_portal_leads_to_the_docs_of_its_snapshot(first: SmallNetwork, tmp_path: Path):
    own = small_network.copied(first, tmp_path / "own")
    docs = own.current() / "expectations" / "index.html"
    docs.parent.mkdir(exist_ok=True)
    docs.write_text("docs", encoding="utf-8")
    with small_network.in_force(own), own.open() as opened:
        found = current_snapshot(opened)
        assert found is not None
        page = read_page(portal(opened, found, tmp_path / "out"), "fr")
    [link] = [
        found["href"] for tag, found in page.tags if tag == "a" and "expectations" in (found["href"] or "")
    ]
    assert ((tmp_path / "out" / "qualite") / (link or "")).resolve() == docs.resolve()


def test_a_small_network_tells_no_count(registry: Registry, snapshot: Snapshot, tmp_path: Path):
    """Five people: everything but zero is small."""
    page = read_page(portal(registry, snapshot, tmp_path), "fr")
    [table] = [table for table in page.tables if table.caption.startswith("Anomalies à corriger")]
    counts = {cell.strip() for row in table.rows[1:] for cell in row[1:6]}
    assert counts <= {"s", "0"}
    assert "s" in counts


def test_the_portal_tells_the_linkage_of_the_snapshot(
    registry: Registry, snapshot: Snapshot, told: Journal, tmp_path: Path
):
    portal(registry, snapshot, tmp_path)
    page = read_page((tmp_path / "qualite" / "rapprochement.html").read_text(encoding="utf-8"), "fr")
    assert told.linkages == []
    assert "Aucun instantané antérieur" in page.text
    [table] = [table for table in page.tables if table.caption.startswith("Dossiers par centre")]
    assert [row[0].strip() for row in table.rows[2:]] == ["Alpha", "Beta", "Gamma", "Réseau entier"]
    counts = {cell.strip() for table in page.tables[:5] for row in table.rows[1:] for cell in row[1:]}
    assert not [cell for cell in counts if cell.strip("≈ ").isdigit() and 0 < int(cell.strip("≈ ")) < 11]


def test_the_linkages_before_are_read_from_their_snapshots(first: SmallNetwork, tmp_path: Path):
    """The newest first; one that is gone, broken or older than its figures is left out."""
    own = small_network.copied(first, tmp_path / "own")
    file = own.current() / "warehouse.duckdb"
    with small_network.in_force(own), own.open() as opened:
        one = current_snapshot(opened)
        assert one is not None
        for number in (2, 3, 4, 5, 6):
            opened.ledger.record_snapshot(replace(one, number=number, run_id=one.run_id))
            if number != 3:
                folder = opened.home.snapshot(NETWORK, number)
                folder.mkdir()
                copyfile(file, folder / "warehouse.duckdb")
        (opened.home.snapshot(NETWORK, 4) / "warehouse.duckdb").write_bytes(b"broken")
        with duckdb.connect(str(opened.home.snapshot(NETWORK, 5) / "warehouse.duckdb")) as con:
            con.execute("DROP TABLE fct_linkage")
        found = journal_of(opened, replace(one, number=6)).linkages
    assert [past.snapshot for past in found] == [2, 1]
    assert {row["group_kind"] for past in found for row in past.rows} == {"all"}
    persons = {row["total_count"] for row in found[0].rows if row["measure"] == "person_size"}
    assert persons == {5}
