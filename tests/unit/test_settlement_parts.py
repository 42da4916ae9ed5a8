"""What a night compares: the findings that somebody is asked about, and the records that the centres still send."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest

from pipelines import settlement
from pipelines.corrections import Seen, State, Status
from pipelines.io.ledger import Ledger
from pipelines.io.tables import read_columns, write_table
from pipelines.run import Run
from pipelines.settlement import _Sent, seen_findings, settle_findings
from pipelines.stage.records import record_ids
from tests.conftest import KEY
from tests.tables import parse

DAY_1, DAY_2 = dt.date(2026, 1, 1), dt.date(2026, 1, 2)


class Centres:
    """What a settlement reads of a registry: a ledger, a key, and the accepted tables of some centres."""

    def __init__(self, root: Path, ledger: Ledger) -> None:
        self.root, self.ledger, self.key, self.network = root, ledger, KEY, SimpleNamespace(id="n")

    def accepted_folder(self, centre_id: str) -> Path | None:
        folder = self.root / centre_id
        return folder if folder.exists() else None

    def tables(self, name: str) -> list[Path]:
        return [folder / f"{name}.parquet" for folder in sorted(self.root.iterdir())]

    def find(self, centre_id: str, *found: dict[str, Any]) -> None:
        """Write the findings of a centre."""
        names = [name if name != "digest" else "record_digest" for name in Seen.__dataclass_fields__]
        columns = {name: [one.get(name) for one in found] for name in names}
        kinds = {"rule_version": pa.int64()}
        made = {name: pa.array(values, kinds.get(name, pa.string())) for name, values in columns.items()}
        write_table(pa.table(made), self.root / centre_id / "finding.parquet")

    def send(self, centre_id: str, entity: str, text: str) -> None:
        """Write the staged rows of an entity."""
        write_table(pa.Table.from_pylist(parse(text)), self.root / centre_id / f"stg_{entity}.parquet")


@pytest.fixture
def centres(tmp_path: Path) -> Iterator[Centres]:
    (tmp_path / "centres").mkdir()
    with Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}", key_fingerprint="k") as ledger:
        yield Centres(tmp_path / "centres", ledger)


def record(centre_id: str, table_name: str, patient: str = "", tumour: str = "", network: str = "n") -> str:
    [found] = record_ids([(network, centre_id, table_name, patient, tumour)], key=KEY)
    return found


def row(finding_id: str = "f1", centre_id: str = "alpha", **changes: Any) -> dict[str, Any]:
    facts = {
        "finding_id": finding_id, "centre_id": centre_id, "rule_id": "SURGERY-001", "rule_version": 2,
        "severity": "error", "table_name": "val_surgery", "field": "margin",
        "record_id": record(centre_id, "val_surgery", "P1", "T1"), "record_digest": "d1",
    }  # fmt: skip
    return {**facts, **changes}


def state(**changes: Any) -> State:
    facts = {name: value for name, value in row().items() if name != "record_digest"} | {"digest": "d1"}
    days = {"first_seen": DAY_1, "since": DAY_1, "last_seen": DAY_1, "status": Status.OPEN, "changed_run": 1}
    return State(**{**facts, **days, **changes})


# --- what is seen ---


def test_a_finding_is_read_with_the_digest_of_its_record(centres: Centres):
    centres.find("alpha", row(record_digest="d9"))
    facts = {name: value for name, value in row().items() if name != "record_digest"}
    assert seen_findings(centres) == {"f1": Seen(**facts, digest="d9")}  # type: ignore[arg-type]


def test_a_finding_without_a_record_is_only_counted_and_is_not_settled(centres: Centres):
    centres.find("alpha", row("f1", record_id=None, record_digest=None), row("f2"))
    assert [*seen_findings(centres)] == ["f2"]  # type: ignore[arg-type]


def test_the_findings_of_every_centre_are_seen(centres: Centres):
    centres.find("beta", row("f2", "beta"), row("f3", "beta"))
    centres.find("alpha", row("f1"))
    centres.find("gamma")
    found = seen_findings(centres)  # type: ignore[arg-type]
    assert {name: one.centre_id for name, one in found.items()} == {"f1": "alpha", "f2": "beta", "f3": "beta"}


def test_without_a_centre_nothing_is_seen(centres: Centres):
    assert seen_findings(centres) == {}  # type: ignore[arg-type]


# --- what is still sent ---

SURGERY = """
    local_patient_id | local_tumour_id
    P1               | T1
    P1               | T2
    P2               | -
"""
SENT = parse("""
    table_name           | patient | tumour | centre | is_sent | why
    val_surgery          | P1      | T1     | alpha  | true    | a row
    val_surgery          | P1      | T2     | alpha  | true    | another of the patient
    val_surgery          | P2      | -      | alpha  | true    | a row without tumour
    val_surgery          | P1      | T3     | alpha  | false   | another tumour
    val_surgery          | P1      | -      | alpha  | false   | the patient without a tumour
    val_surgery          | P2      | T1     | alpha  | false   | the tumour of another patient
    val_surgery          | P3      | T1     | alpha  | false   | another patient
    val_surgery          | -       | -      | alpha  | true    | the file
    val_biopsy           | P1      | T1     | alpha  | false   | a table that is not staged
    val_biopsy           | -       | -      | alpha  | true    | its file
    val_patient_identity | P1      | -      | alpha  | true    | a table without tumours
    val_patient_identity | P1      | T1     | alpha  | false   | which never has one
    val_patient_identity | P9      | -      | alpha  | false   | a patient who is gone
    val_surgery          | P1      | T1     | beta   | false   | a centre that has nothing
    val_surgery          | -       | -      | beta   | false   | not even a file
""")


@pytest.mark.parametrize("case", SENT, ids=lambda case: case["why"])
def test_a_record_is_sent_while_a_row_has_its_keys(centres: Centres, case: dict[str, Any]):
    centres.send("alpha", "surgery", SURGERY)
    centres.send("alpha", "patient_identity", "local_patient_id\nP1")
    centre_id, table_name = case["centre"], case["table_name"]
    known = record(centre_id, table_name, case["patient"] or "", case["tumour"] or "")
    one = state(centre_id=centre_id, table_name=table_name, record_id=known)
    assert _Sent(centres).is_sent(one) is case["is_sent"]  # type: ignore[arg-type]


def test_a_finding_on_no_table_is_on_the_file(centres: Centres):
    centres.send("alpha", "surgery", SURGERY)
    one = state(table_name=None, record_id=record("alpha", ""))
    assert _Sent(centres).is_sent(one)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    [record("alpha", "val_surgery", "P1", "T1", network="other"), record("beta", "val_surgery", "P1", "T1"),
     record("alpha", "val_biopsy", "P1", "T1")],
    ids=["network", "centre", "table"],
)  # fmt: skip
def test_the_same_keys_elsewhere_are_another_record(centres: Centres, other: str):
    centres.send("alpha", "surgery", SURGERY)
    assert not _Sent(centres).is_sent(state(record_id=other))  # type: ignore[arg-type]


def test_a_table_is_read_once_and_only_when_it_is_asked(centres: Centres, monkeypatch: pytest.MonkeyPatch):
    centres.send("alpha", "surgery", SURGERY)
    centres.send("alpha", "patient_identity", "local_patient_id\nP1")
    read: list[str] = []

    def counted(path: Path, names: Any) -> pa.Table:
        read.append(path.stem)
        return read_columns(path, names)

    monkeypatch.setattr(settlement, "read_columns", counted)
    sent = _Sent(centres)  # type: ignore[arg-type]
    assert read == []
    assert [sent.is_sent(state()) for _ in range(3)] == [True] * 3
    assert read == ["stg_surgery"]


# --- a night ---


def settled(centres: Centres, fingerprint: str, today: dt.date = DAY_2) -> dict[str, tuple[str, dt.date]]:
    """Settle once; the status and the last day of every finding."""
    run = Run(run_id=centres.ledger.start_run("n"), inbox=centres.root)
    settle_findings(centres, run, fingerprint=fingerprint, today=today)  # type: ignore[arg-type]
    states = centres.ledger.findings("n").states()
    return {name: (one.status.value, one.last_seen) for name, one in states.items()}


def test_a_night_opens_what_is_new_closes_what_is_gone_and_knows_why(centres: Centres):
    gone = record("alpha", "val_surgery", "P7", "T1")
    centres.send("alpha", "surgery", SURGERY)
    centres.find("alpha", row("stays"), row("mended"), row("withdrawn", record_id=gone))
    assert settled(centres, "one", DAY_1) == dict.fromkeys(("stays", "mended", "withdrawn"), ("open", DAY_1))
    centres.find("alpha", row("stays"), row("new"))
    assert settled(centres, "two") == {
        "mended": ("fixed", DAY_1),
        "new": ("open", DAY_2),
        "stays": ("open", DAY_2),
        "withdrawn": ("obsolete", DAY_1),
    }


def test_the_same_data_are_settled_once(centres: Centres):
    centres.find("alpha", row("f1"))
    first = settled(centres, "one", DAY_1)
    centres.find("alpha", row("f1"), row("f2"))
    assert settled(centres, "one") == first
    assert [*settled(centres, "two")] == ["f1", "f2"]


def test_only_a_night_that_settles_is_a_step_of_its_run(centres: Centres):
    centres.find("alpha", row("f1"))
    steps = []
    for fingerprint in ("one", "one", "two"):
        settled(centres, fingerprint)
        run_id = len(steps) + 1
        steps.append([step["step"] for step in centres.ledger.steps(run_id)])
    assert steps == [["findings"], [], ["findings"]]
