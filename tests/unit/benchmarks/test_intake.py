"""The floor of intake reads every row, intake stages every row, and the ratio is of the fastest of each."""

from pathlib import Path

import pytest

from benchmarks import intake
from benchmarks.intake import _fastest, main, measure, read_floor
from benchmarks.measure import Cost
from pipelines.io import configuration
from tests import small_network
from tests.dialects import centre, xlsx

TITLED = centre(
    r"""
export: {format: csv, separator: "|", encoding: cp1252}
files:
  - match: 'a\.csv'
    sheets:
      - header_line: 3
        tables: [{entity: patient_identity, columns: {local_patient_id: IPP, birth_name: NOM}}]
"""
)
WORKBOOK = centre(
    r"""
export: {format: xlsx}
files:
  - match: 'a\.xlsx'
    sheets:
      - sheet: Feuil1
        tables: [{entity: patient_identity, columns: {local_patient_id: IPP, birth_name: NOM}}]
"""
)


def test_the_floor_reads_what_a_centre_declares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / TITLED.id
    folder.mkdir()
    (folder / "a.csv").write_bytes("Extrait\nÉdition\nIPP|NOM\n1|LEFÈVRE\n2|DURAND\n".encode("cp1252"))
    (folder / "unknown.csv").write_text("x\n1\n2\n3\n")
    monkeypatch.setattr(
        configuration, "load_centres", lambda network_id: {TITLED.id: TITLED, "absent": WORKBOOK}
    )
    assert read_floor(tmp_path) == 2


def test_the_floor_reads_every_sheet_of_a_workbook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / WORKBOOK.id
    folder.mkdir()
    (folder / "a.xlsx").write_bytes(xlsx([["IPP", "NOM"], ["1", "DURAND"]], more={"Notes": [["rien"]]}))
    monkeypatch.setattr(configuration, "load_centres", lambda network_id: {WORKBOOK.id: WORKBOOK})
    assert read_floor(tmp_path) == 3


def test_intake_stages_the_exports_and_stops_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(intake, "NETWORK", small_network.NETWORK)
    with small_network.in_force(small_network.write_network(tmp_path)) as net:
        rows = intake.take_in(net.inbox, tmp_path / "home")
    assert rows == 14
    work = tmp_path / "home" / "work" / small_network.NETWORK
    assert (work / "centre").is_dir()
    assert not (work / "linked").exists()


def test_staging_types_every_row_and_asks_no_rule(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(intake, "NETWORK", small_network.NETWORK)
    with small_network.in_force(small_network.write_network(tmp_path)) as net:
        rows = intake.type_all(net.inbox, tmp_path / "home")
    names = {file.name for file in (tmp_path / "home").rglob("*.parquet")}
    assert rows >= 14
    assert {"stg_tumour.parquet", "val_tumour.parquet"} <= names
    assert "finding.parquet" not in names


def test_the_fastest_counts_and_the_highest_peak():
    costs = [Cost(3.0, 100.4, 0, 2.5), Cost(2.0, 90.0, 0, 2.6)]
    assert _fastest(2, costs.__getitem__) == {"seconds": 2.0, "cpu_seconds": 2.5, "peak_mib": 100}


def test_one_size_is_measured_three_times_and_a_large_one_once(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []

    def remember(command: list[str], *, log: Path) -> Cost:
        asked.append(command[3])
        (log.parent / "exports").mkdir(exist_ok=True)
        seconds, cpu_seconds = {"flow": (6.0, 8.0), "staging": (5.0, 7.0)}.get(command[3], (2.0, 2.0))
        return Cost(seconds, 50.0, 0, cpu_seconds)

    monkeypatch.setattr(intake, "run", remember)
    found = measure(44_000)
    assert asked == ["synth", *["floor"] * 3, *["staging"] * 3, *["flow"] * 3]
    assert (found["ratio"], found["cpu_ratio"], found["intake"]["seconds"]) == (3.0, 4.0, 6.0)
    assert (found["staging_ratio"], found["staging_cpu_ratio"]) == (2.5, 3.5)
    measure(440_000)
    assert asked[10:] == ["synth", "floor", "staging", "flow"]


def test_a_process_that_failed_is_not_a_figure(monkeypatch: pytest.MonkeyPatch):
    def fail(command: list[str], *, log: Path) -> Cost:
        log.write_text("why it failed")
        return Cost(1.0, 1.0, int(command[3] == "flow"))

    monkeypatch.setattr(intake, "run", fail)
    with pytest.raises(SystemExit, match="flow ended with 1: why it failed"):
        measure(44_000)


@pytest.mark.parametrize("arguments", [[], ["floor"], ["run", "x"]])
def test_an_unknown_command_says_what_there_is(monkeypatch: pytest.MonkeyPatch, arguments: list[str]):
    monkeypatch.setattr("sys.argv", ["intake", *arguments])
    with pytest.raises(SystemExit, match="measure PATIENTS"):
        main()
