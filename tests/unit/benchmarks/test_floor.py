"""The floor reads every row of every export, whatever its dialect, so that the ratio to it means something."""

from pathlib import Path

import duckdb
import pytest

from benchmarks import floor
from tests import small_network
from tests.dialects import centre, xls, xlsx


def rows_of(file: Path) -> list[tuple[str, ...]]:
    with duckdb.connect() as con:
        return con.execute(f"SELECT * FROM '{file}'").fetchall()


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[tuple[str, ...]]]:
    """The rows of each file of the small network, as the floor wrote them."""
    root = tmp_path_factory.mktemp("floor")
    with (
        small_network.in_force(small_network.write_network(root)) as net,
        pytest.MonkeyPatch.context() as patch,
    ):
        centres = {name: centre for name, centre in floor.load_centres("petit").items() if centre.files}
        patch.setattr(floor, "load_centres", lambda network_id: centres)
        floor.main(net.inbox, root / "out")
    return {path.stem: rows_of(path) for path in sorted((root / "out").glob("*.parquet"))}


@pytest.mark.parametrize(
    ("name", "rows", "first"),
    [
        ("alpha-patients", 3, "A1"),
        ("alpha-tumeurs", 3, "A1"),
        ("alpha-chirurgie", 2, "A1"),
        ("beta-tout", 2, "B1"),  # cp1252, tabs
        ("gamma-export.0", 2, "IPP"),  # a workbook is read with its header
    ],
)
def test_every_row_is_written(read: dict[str, list[tuple[str, ...]]], name: str, rows: int, first: str):
    assert (len(read[name]), read[name][0][0]) == (rows, first)


def test_every_file_is_read(read: dict[str, list[tuple[str, ...]]]):
    assert len(read) == len(small_network.FILES)


def test_text_in_another_encoding_is_read_as_written(read: dict[str, list[tuple[str, ...]]]):
    assert read["beta-tout"][1][1] == "LEFÈVRE"


def test_everything_is_text(read: dict[str, list[tuple[str, ...]]]):
    cells = [cell for rows in read.values() for row in rows for cell in row if cell is not None]
    assert {type(cell) for cell in cells} == {str}


TITLED = centre(
    r"""
export: {format: csv, separator: "|"}
files:
  - match: 'a\.csv'
    sheets:
      - header_line: 3
        tables: [{entity: patient_identity, columns: {local_patient_id: IPP, birth_name: NOM}}]
"""
)


def test_lines_above_the_header_are_no_rows(tmp_path: Path):
    file = tmp_path / "a.csv"
    file.write_text("Export\nEdition\nIPP|NOM\n1|DUPONT\n2|DURAND\n")
    with duckdb.connect() as con:
        floor._text(con, file, TITLED, tmp_path / "a.parquet")
    assert rows_of(tmp_path / "a.parquet") == [("1", "DUPONT"), ("2", "DURAND")]


@pytest.mark.parametrize(("name", "write"), [("a.xlsx", xlsx), ("a.xls", xls)])
def test_every_sheet_of_a_workbook_is_written(tmp_path: Path, name: str, write):
    (tmp_path / name).write_bytes(write([["IPP", "NOM"], ["1", "DUPONT"]]))
    floor._workbook(tmp_path / name, tmp_path / "a.parquet")
    assert rows_of(tmp_path / "a.0.parquet") == [("IPP", "NOM"), ("1", "DUPONT")]
