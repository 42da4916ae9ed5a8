"""The nights of a small network: what is computed again, what is published, what stays when something goes wrong."""

import dataclasses
import json
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines import flow, publish
from pipelines.account import Account
from pipelines.errors import AccountError, AuditError, IntakeError
from pipelines.io import patients
from pipelines.io.patients import Comparison, compare_patients
from pipelines.log import LOGGER
from pipelines.run import Outcome, Run
from tests import small_network
from tests.small_network import FILES, NETWORK, OPERATIONS, PEOPLE, Expectations, SmallNetwork


@pytest.fixture
def net(first: SmallNetwork, tmp_path: Path) -> Iterator[SmallNetwork]:
    """The network after its first night, for one test."""
    with small_network.in_force(small_network.copied(first, tmp_path / "net")) as network:
        yield network


@pytest.fixture
def new(tmp_path: Path) -> Iterator[SmallNetwork]:
    """The network before its first night."""
    with small_network.in_force(small_network.write_network(tmp_path / "new")) as network:
        yield network


def steps(network: SmallNetwork, run_id: int) -> list[str]:
    """The steps of a run that are not about one centre."""
    with network.open() as registry:
        return [step["step"] for step in registry.ledger.steps(run_id) if step["centre_id"] is None]


def last_outcome(network: SmallNetwork) -> str | None:
    with network.open() as registry:
        last = registry.ledger.last_run(NETWORK)
    return last and last["outcome"]


def refused(outcome: Outcome) -> list[tuple[str | None, str, str]]:
    return [(refusal.centre_id, refusal.file, refusal.code) for refusal in outcome.refusals]


def bytes_below(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


# --- the first night, by hand ---


def test_the_warehouse_holds_the_five_people_and_their_tumours(first: SmallNetwork):
    assert first.query("""
        SELECT centre_id, morphology, topography, record_count, first_surgery_margin, period_id FROM fct_tumour
        ORDER BY diagnosis_date""") == [
        ("gamma", "8850/3", "C49.2", 1, None, "2016_2020"),
        ("alpha", "8890/3", "C49.2", 2, "R0", "2016_2020"),  # declared by two centres
        ("alpha", "8936/3", "C16.9", 1, "R1", "2016_2020"),
        ("alpha", "8850/3", "C48.0", 1, None, "2016_2020"),
        ("beta", "8890/3", "C49.2", 1, None, "2016_2020"),
    ]


@pytest.mark.parametrize(
    ("indicator", "eligible", "achieved", "unknown"),
    [
        ("r0_first_surgery", 2, 1, 0),
        ("biopsy_before_surgery", 2, 0, 2),  # nothing is said of biopsies
        ("first_surgery_in_reference", 2, 0, 2),  # the places are not given
    ],
)
def test_the_indicators_of_the_two_operated_tumours(
    first: SmallNetwork, indicator: str, eligible: int, achieved: int, unknown: int
):
    assert first.query(f"""
        SELECT eligible_count, achieved_count, missing_count FROM ind_conformity
        WHERE indicator_id = '{indicator}' AND period_id = '2016_2020' AND group_kind = 'all'
    """) == [(eligible, achieved, unknown)]


def test_the_accounts_follow_every_row_from_file_to_warehouse(first: SmallNetwork):
    with small_network.in_force(first), first.open() as registry:
        accounts = registry.ledger.accounts(1)
    assert [a for a in accounts if a.residual] == []
    total = {
        step: (sum(a.rows_in for a in mine), sum(a.rows_out for a in mine), sum(a.rows_merged for a in mine))
        for step in dict.fromkeys(a.step for a in accounts)
        for mine in [[a for a in accounts if a.step == step and "finding" not in a.table]]
    }
    assert total == {
        "read": (11, 11, 0),  # the lines of the files
        "stage": (14, 14, 0),  # 6 people, 6 tumours, 2 operations
        "validate": (14, 14, 0),
        "collapse": (6, 6, 0),
        "link": (6, 5, 1),  # Marie is one person
        "harmonise": (
            25,
            24,
            1,
        ),  # 6 tumours twice, once to group them: 5; 5 people; 6 readings; 2 operations
        "warehouse": (12, 12, 0),
    }


def test_each_step_of_the_first_night_is_in_the_ledger_once(first: SmallNetwork):
    with small_network.in_force(first):
        assert steps(first, 1) == [
            "receive", "stage_all", "link", "harmonise", "expectations", "build", "findings", "report",
        ]  # fmt: skip


def test_the_current_snapshot_is_a_link_to_the_first(first: SmallNetwork):
    folder = first.home / "snapshots" / NETWORK
    assert sorted(path.name for path in folder.iterdir()) == ["000001", "current"]
    assert (folder / "current").is_symlink()
    assert str((folder / "current").readlink()) == "000001"  # relative: the home may move


def test_the_report_lies_beside_its_snapshot(first: SmallNetwork):
    folder = first.home / "reports" / NETWORK / "000001"
    assert sorted(path.name for path in folder.iterdir()) == [
        "conformite.csv",
        "conformite.xlsx",
        "qualite",
        "rapport.html",
    ]


@pytest.mark.parametrize("secret", ["DURAND", "LEFÈVRE", "261036938300195"])
def test_no_identity_leaves_the_integration_zone(first: SmallNetwork, secret: str):
    outside = [first.home / "ledger.sqlite"]
    outside += [p for zone in ("snapshots", "reports") for p in (first.home / zone).rglob("*") if p.is_file()]
    assert len(outside) >= 5
    assert [path.name for path in outside if secret.encode() in path.read_bytes()] == []


# --- the second night ---


def test_a_night_without_news_changes_nothing_and_says_so(net: SmallNetwork):
    before = [bytes_below(net.home / zone) for zone in ("snapshots", "reports", "work", "deliveries")]
    outcome = net.run()
    assert (outcome.outcome, outcome.snapshot, outcome.exit_code) == ("unchanged", 1, 0)
    assert steps(net, outcome.run_id) == ["receive", "stage_all"]
    assert [bytes_below(net.home / zone) for zone in ("snapshots", "reports", "work", "deliveries")] == before


def test_a_night_without_news_compares_no_patients(net: SmallNetwork, monkeypatch: pytest.MonkeyPatch):
    compared = []

    def compare(*folders: Path | None) -> Comparison:
        compared.append(folders)
        return compare_patients(*folders)

    monkeypatch.setattr(patients, "compare_patients", compare)
    assert (net.run().outcome, compared) == ("unchanged", [])
    net.edit("alpha/chirurgie.csv", "R1", "R2")
    net.stage()
    assert len(compared) == 1


def test_a_correction_is_published_beside_the_old_snapshot(net: SmallNetwork):
    old = bytes_below(net.current())
    net.edit("alpha/chirurgie.csv", "R1", "R0")
    told: list[tuple[str, int, int]] = []
    outcome = net.run(progress=lambda *step: told.append(step))
    assert (outcome.outcome, outcome.snapshot, outcome.exit_code) == ("published", 2, 0)
    assert net.query("SELECT count(*) FROM fct_tumour WHERE first_surgery_margin = 'R0'") == [(2,)]
    assert bytes_below(net.home / "snapshots" / NETWORK / "000001") == old
    assert net.current().name == "000002"
    assert told == [("stage", 1, 1), *(("publish", done, 4) for done in (1, 2, 3, 4))]


@pytest.mark.parametrize(
    ("changes", "computed"),
    [
        ({}, []),
        ({"alpha": {"yearly_patients": 6}}, ["alpha"]),
        ({"beta": {"values": {"sex": {"F": ["femme", "f"], "M": ["homme"]}}}}, ["beta"]),
        ({"alpha": {"city": "Dijon"}, "gamma": {"city": "Metz"}}, ["alpha", "gamma"]),
    ],
)
def test_the_configuration_of_a_centre_restages_that_centre(
    net: SmallNetwork, changes: dict[str, Any], computed: list[str]
):
    for centre, change in changes.items():
        net.declare(centre, **change)
    assert net.stage() == computed


def test_a_new_version_of_the_code_restages_every_centre(net: SmallNetwork, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("pipelines.registry.STAGE_SOURCES", ("pipelines/config.py",))
    assert net.stage() == ["alpha", "beta", "gamma"]
    assert net.stage() == []


def test_the_network_file_restages_nothing_but_publishes(net: SmallNetwork):
    with net.open() as registry:
        before = registry.fingerprint()
    net.declare_network(disclosure_threshold=5)
    assert net.stage() == []
    with net.open() as registry:
        assert registry.fingerprint() != before


def test_bytes_that_come_back_give_the_staging_they_gave(net: SmallNetwork):
    with net.open() as registry:
        before = registry.staged_centres()
    net.edit("alpha/chirurgie.csv", "R1", "R2")
    assert net.stage() == ["alpha"]
    net.send("alpha/chirurgie.csv", OPERATIONS)
    assert net.stage() == ["alpha"]  # what was superseded is gone: it held identities
    assert net.run().outcome == "unchanged"
    with net.open() as registry:
        assert registry.staged_centres() == before


def test_only_the_named_centres_are_staged(net: SmallNetwork):
    net.edit("alpha/chirurgie.csv", "R1", "R0")
    net.edit("beta/tout.txt", "primary", "relapse", encoding="cp1252")
    assert net.stage("beta") == ["beta"]
    assert net.stage() == ["alpha"]


def test_the_same_bytes_under_another_date_are_the_same_delivery(net: SmallNetwork):
    with net.open() as registry:
        before = [d.delivery_id for d in registry.ledger.current_deliveries(NETWORK)]
    net.send("alpha/patients_20240101.csv", PEOPLE)
    net.stage()
    with net.open() as registry:
        assert [d.delivery_id for d in registry.ledger.current_deliveries(NETWORK)] == before


# --- files that are refused ---

NOT_A_TABLE = "X;Y\n1;2\n"


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("alpha/patients.csv", NOT_A_TABLE, [("alpha", "patients.csv", "missing_header")]),
        ("alpha/tumeurs.csv", "TUM;DIAG\n1;\n", [("alpha", "tumeurs.csv", "missing_key_column")]),
        ("alpha/patients.csv", PEOPLE.splitlines()[0], [("alpha", "patients.csv", "header_only")]),
        ("alpha/patients.csv", b"", [("alpha", "patients.csv", "empty_file")]),
        ("beta/tout.txt", b"", [("beta", "tout.txt", "empty_file")]),
        ("gamma/export.xlsx", FILES["gamma/export.xlsx"][:900], [("gamma", "export.xlsx", "truncated_workbook")]),
        ("gamma/export.xlsx", NOT_A_TABLE, [("gamma", "export.xlsx", "not_the_declared_format")]),
        ("delta/export.csv", NOT_A_TABLE, [(None, "delta/export.csv", "unknown_centre")]),
        ("alpha/notes.txt", "x", [("alpha", "notes.txt", "unknown_file")]),
    ],
)  # fmt: skip
def test_a_bad_file_is_refused_and_everything_published_stays(
    net: SmallNetwork, name: str, content: Any, expected: list[tuple[str, str, str]]
):
    staged = [bytes_below(net.home / "work" / NETWORK / "centre" / c) for c in ("beta", "gamma")]
    net.send(name, content)
    outcome = net.run()
    assert (refused(outcome), outcome.outcome, outcome.snapshot) == (expected, "unchanged", 1)
    assert outcome.exit_code == 1
    if name.startswith("alpha"):
        assert [bytes_below(net.home / "work" / NETWORK / "centre" / c) for c in ("beta", "gamma")] == staged


def test_a_refusal_is_said_again_every_night_but_not_computed_again(net: SmallNetwork):
    net.send("alpha/patients.csv", NOT_A_TABLE)
    assert net.stage() == ["alpha"]
    assert net.stage() == []
    with net.open() as registry:
        assert registry.ledger.refusals(2) == registry.ledger.refusals(3) != []


def test_a_refused_event_file_keeps_the_last_accepted_rows_of_the_centre(net: SmallNetwork):
    """Without its surgery, the centre's indicators would fall unseen."""
    with net.open() as registry:
        before = registry.staged_centres()
    net.send("alpha/chirurgie.csv", NOT_A_TABLE)
    assert net.stage() == ["alpha"]
    with net.open() as registry:
        assert [r.file for r in registry.ledger.refusals(2)] == ["chirurgie.csv"]
        assert registry.staged_centres() == before


def test_a_bad_centre_does_not_hold_back_the_correction_of_another(net: SmallNetwork):
    net.send("gamma/export.xlsx", FILES["gamma/export.xlsx"][:900])
    net.edit("alpha/chirurgie.csv", "R1", "R2")
    assert net.stage() == ["alpha", "gamma"]
    with net.open() as registry:
        assert [r.code for r in registry.ledger.refusals(2)] == ["truncated_workbook"]
        assert sorted(registry.staged_centres()) == ["alpha", "beta", "gamma"]
        [margins] = [p for p in registry.tables("val_surgery") if "alpha" in p.parts]
        [people] = [p for p in registry.tables("val_patient_identity") if "gamma" in p.parts]
    assert small_network.column(margins, "margin") == ["R0", "R2"]
    assert small_network.column(people, "local_patient_id") == ["G1"]


def test_a_centre_that_sends_nothing_keeps_its_rows(net: SmallNetwork):
    net.send("gamma/export.xlsx", None)
    outcome = net.run()
    assert (outcome.outcome, refused(outcome)) == ("unchanged", [])
    assert net.query("SELECT count(*) FROM fct_tumour WHERE centre_id = 'gamma'") == [(1,)]


def test_nothing_is_published_from_nothing(new: SmallNetwork):
    for name in FILES:
        new.send(name, b"")
    with pytest.raises(IntakeError, match="no centre could be loaded"):
        new.run()
    assert (new.published(), last_outcome(new)) == ([], "failed")
    assert not (new.home / "snapshots").exists()


# --- deliveries that wait, and those that do not come back ---


def test_a_file_taken_out_of_the_inbox_stays_in_use(net: SmallNetwork):
    net.send("alpha/tumeurs.csv", None)
    outcome = net.run()
    assert (outcome.outcome, refused(outcome), outcome.exit_code) == ("unchanged", [], 0)


def test_a_declared_file_that_never_came_keeps_the_centre_out(new: SmallNetwork):
    new.send("alpha/chirurgie.csv", None)
    new.stage()
    with new.open() as registry:
        assert [(r.code, r.file) for r in registry.ledger.refusals(1)] == [
            ("missing_file", r"chirurgie\.csv")
        ]
        assert sorted(registry.staged_centres()) == ["beta", "gamma"]
    files = [
        {**file, "is_optional": "chir" in file["match"]} for file in small_network.CENTRES["alpha"]["files"]
    ]
    new.declare("alpha", files=files)
    assert new.stage() == ["alpha"]
    with new.open() as registry:
        assert sorted(registry.staged_centres()) == ["alpha", "beta", "gamma"]


def test_a_file_that_cannot_be_taken_makes_the_whole_centre_wait(net: SmallNetwork):
    net.edit("alpha/chirurgie.csv", "R1", "R2")
    net.send("alpha/tumeurs.csv", b"")
    assert net.stage() == []
    net.send("alpha/tumeurs.csv", small_network.TUMOURS)
    assert net.stage() == ["alpha"]


def test_a_centre_that_waits_for_a_person_is_not_staged_and_the_others_are(net: SmallNetwork):
    parts = r"patients(_(?P<exported>\d{8}))?(_(?P<part>\d))?\.csv"
    first_file, *others = small_network.CENTRES["alpha"]["files"]
    net.declare("alpha", files=[{**first_file, "match": parts}, *others])
    assert net.stage() == ["alpha"]
    with net.open() as registry:
        before = registry.staged_centres()["alpha"]
    net.send("alpha/patients_20240101_2.csv", PEOPLE + "A4;ROUX;LUC;homme;01/01/1980;;;\n")
    net.edit("beta/tout.txt", "primary", "relapse", encoding="cp1252")
    assert net.stage() == ["beta"]
    with net.open() as registry:
        assert [hold.code for hold in registry.ledger.holds(NETWORK)] == ["incomplete_parts"]
        assert registry.staged_centres()["alpha"] == before
        with pytest.raises(IntakeError, match="nothing to stage"):
            flow.stage_centre(registry, Run(run_id=9, inbox=net.inbox), "alpha")
    net.send("alpha/patients_20240101_1.csv", PEOPLE)
    assert net.stage() == ["alpha"]
    with net.open() as registry:
        assert registry.ledger.holds(NETWORK) == []
        assert registry.staged_centres()["alpha"] != before


def test_a_centre_that_sent_nothing_cannot_be_staged(new: SmallNetwork):
    with new.open() as registry, pytest.raises(IntakeError, match="alpha: there is nothing to stage"):
        flow.stage_centre(registry, Run(run_id=1, inbox=new.inbox), "alpha")


def test_the_clock_decides_only_whether_a_file_may_still_grow(net: SmallNetwork):
    net.declare_network(settle_seconds=3600)
    net.edit("alpha/chirurgie.csv", "R1", "R2")
    assert net.stage() == []
    with net.open() as registry:
        assert {r.code for r in registry.ledger.refusals(2)} == {"unstable_file"}
    net.declare_network(settle_seconds=0)
    assert net.stage() == ["alpha"]


# --- what stops a publication ---


def stays_published(net: SmallNetwork) -> None:
    """The first snapshot is the published one, whole, and the run is marked as failed."""
    assert (net.published(), net.current().name, last_outcome(net)) == ([1], "000001", "failed")
    assert net.query("SELECT count(*) FROM fct_tumour") == [(5,)]
    assert not (net.home / "reports" / NETWORK / "000002").exists()


def lose_a_row(accounts: list[Account]) -> list[Account]:
    return [*accounts, Account(step="link", table="patient_identity", rows_in=6, rows_out=5)]


@pytest.mark.parametrize(
    "step", ["pipelines.link.step.link", "pipelines.warehouse.build.build"]
)  # fmt: skip
def test_rows_that_no_step_explains_stop_the_publication(net: SmallNetwork, step: str):
    from importlib import import_module

    module, name = step.rsplit(".", 1)
    real = getattr(import_module(module), name)
    net.edit("alpha/chirurgie.csv", "R1", "R0")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(step, lambda con, **more: lose_a_row(real(con, **more)))
        with pytest.raises(AccountError, match=r"link/patient_identity: \+1"):
            net.run()
    stays_published(net)
    with net.open() as registry:  # the account that did not close is there to be looked at
        assert [a.residual for a in registry.ledger.accounts(2) if a.residual] == [1]


@pytest.fixture(scope="module")
def corrected(first: SmallNetwork, tmp_path_factory: pytest.TempPathFactory) -> SmallNetwork:
    """The network when a correction was staged, linked and harmonised, and remains to be built."""
    network = small_network.copied(first, tmp_path_factory.mktemp("corrected") / "net")
    with small_network.in_force(network), network.open() as registry:
        network.edit("alpha/chirurgie.csv", "R1", "R0")
        run = flow.Run(run_id=registry.ledger.start_run(NETWORK), inbox=network.inbox)
        flow.receive(registry, run)
        flow.stage(registry, run)
        flow.link(registry, run)
        flow.harmonise(registry, run)
    return network


@pytest.fixture
def ready(corrected: SmallNetwork, tmp_path: Path) -> Iterator[SmallNetwork]:
    with small_network.in_force(small_network.copied(corrected, tmp_path / "net")) as network:
        yield network


def build(network: SmallNetwork, expectations: Expectations, *, run_id: int = 2) -> publish.Snapshot:
    with network.open() as registry:
        run = flow.Run(run_id=run_id, inbox=network.inbox)
        return publish.build(
            registry, run, fingerprint=registry.fingerprint(), today=small_network.TODAY,
            expectations=expectations,  # type: ignore[arg-type]
        )  # fmt: skip


def test_a_failed_audit_stops_before_the_expectations(ready: SmallNetwork, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        "pipelines.warehouse.audit.audit", lambda con, **_: ["fct_tumour: 2 rows repeat a key"]
    )
    expectations = Expectations()
    with pytest.raises(AuditError, match=r"2 rows repeat a key.*previous snapshot stays"):
        build(ready, expectations)
    assert (expectations.was_asked, expectations.is_closed) == (False, True)
    assert (ready.published(), ready.current().name) == ([1], "000001")


def test_a_failed_expectation_stops_the_publication_and_the_next_attempt_sweeps(ready: SmallNetwork):
    expectations, folder = Expectations("fct_tumour", "dim_patient"), ready.home / "snapshots" / NETWORK
    with pytest.raises(AuditError, match=r"2 expectations failed on fct_tumour, dim_patient \(duckdb\)"):
        build(ready, expectations)
    assert expectations.is_closed
    assert (ready.published(), ready.current().name) == ([1], "000001")
    snapshot = build(ready, Expectations())
    assert (snapshot.number, snapshot.patients, snapshot.tumours) == (2, 5, 5)
    assert sorted(path.name for path in folder.iterdir()) == ["000001", "000002", "current"]


def test_what_the_expectations_said_is_kept_when_it_stops_the_publication(ready: SmallNetwork):
    with pytest.raises(AuditError, match="See the Data Docs"):
        build(ready, Expectations("fct_tumour"))
    with ready.open() as registry:
        [kept] = registry.ledger.expectations(NETWORK).of_run(2)
    assert (kept["engine"], kept["snapshot"], kept["table_name"]) == ("duckdb", 2, "fct_tumour")
    assert (kept["success"], kept["judged_count"], kept["unexpected_count"]) == (False, 3, 2)


class KilledError(Exception):
    """The process dies here."""


def test_a_run_that_dies_between_the_switch_and_the_ledger_is_built_again(
    ready: SmallNetwork,
):
    def dies(*_: object) -> None:
        raise KilledError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.io.ledger.Ledger.record_snapshot", dies)
        with pytest.raises(KilledError):
            build(ready, Expectations())
    assert (ready.published(), ready.current().name) == (
        [1],
        "000002",
    )  # whole and audited, but not in the ledger
    lost = ready.query("SELECT * FROM fct_tumour ORDER BY tumour_id")
    assert build(ready, Expectations()).number == 3  # a number is never used twice
    assert (ready.published(), ready.current().name) == ([1, 3], "000003")
    assert ready.query("SELECT * FROM fct_tumour ORDER BY tumour_id") == lost


def test_a_run_that_dies_before_its_report_has_it_written_by_the_next(net: SmallNetwork):
    folder = net.home / "reports" / NETWORK / "000001"
    written = bytes_below(folder)
    shutil.rmtree(folder)
    with small_network.in_force(net, is_drawn=True):
        outcome = net.run()
    assert (outcome.outcome, outcome.report) == ("unchanged", folder)
    assert bytes_below(folder) == written  # with the accounts of the run that built it
    assert steps(net, outcome.run_id) == ["receive", "stage_all", "report"]


def test_an_unforeseen_death_is_marked_by_the_next_run(net: SmallNetwork):
    def dies(*_: object) -> None:
        raise KilledError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(flow, "stage", dies)
        with pytest.raises(KilledError):
            net.run()
    net.run()
    with net.open() as registry:
        assert [registry.ledger.outcome(run) for run in (1, 2, 3)] == [
            "published",
            "interrupted",
            "unchanged",
        ]


# --- the exit code ---


@pytest.mark.parametrize(
    ("budget", "centres", "code"),
    [
        (100.0, (), 0),
        (14.4, (), 0),  # two errors in 14 rows are 14.3 %
        (14.2, (), 1),
        (0.0, (), 1),
        (14.4, ("gamma",), 0),  # the rows of the centres that this run left alone count too
    ],
)
def test_errors_over_the_budget_end_with_1(
    net: SmallNetwork, budget: float, centres: tuple[str, ...], code: int
):
    with net.open() as opened:
        network = opened.network.model_copy(update={"error_budget_percent": budget})
        registry = dataclasses.replace(opened, network=network)
        run = flow.Run(run_id=registry.ledger.start_run(NETWORK), inbox=net.inbox, only_centres=centres)
        flow.stage(registry, run)
        outcome = flow._outcome(registry, run, "unchanged")
    assert (outcome.finding_counts.get("error"), outcome.exit_code) == (2, code)


# --- what is logged ---


def test_a_log_line_holds_a_step_and_its_cost_and_nothing_else(net: SmallNetwork):
    lines: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(record.getMessage())

    keeper, level = Keeper(), LOGGER.level
    LOGGER.addHandler(keeper)
    LOGGER.setLevel(logging.INFO)
    try:
        net.edit("alpha/chirurgie.csv", "R1", "R2")
        net.stage()
    finally:
        LOGGER.removeHandler(keeper)
        LOGGER.setLevel(level)
    logged = [json.loads(line) for line in lines]
    assert [one["step"] for one in logged] == ["receive", "stage_all"]
    assert {key for one in logged for key in one} == {"step", "run", "network", "seconds"}
