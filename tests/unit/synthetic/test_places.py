"""The truth names the file, table map, sheet and line of each fault: there, and only there, the file shows it."""

import dataclasses

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pipelines.io.configuration import load_centres
from pipelines.io.exports import read_tables
from pipelines.synthetic import generate as generating
from pipelines.synthetic.layout import bases
from pipelines.synthetic.places import file_places, numbered, place_of, shifted
from pipelines.synthetic.sheets import Sheet
from tests.tables import rows, table

UNKNOWN = {"à préciser", "code 99", "voir dossier"}


def two_of_each_form():
    """Two centres of each file format, with a line per tumour and with a line per act."""
    forms = {}
    for centre in load_centres("netsarc").values():
        forms.setdefault((centre.export.format, bases(centre) == {"tumour"}), []).append(centre)
    return [centre for found in forms.values() for centre in found[:2]]


@pytest.fixture(scope="module")
def network(cal, tmp_path_factory):
    """A network of two blocks where a row in five has each fault: its folder, the faults of the centres read."""
    faults = cal.tables["faults"].assign(percent=20.0)
    often = dataclasses.replace(cal, tables={**cal.tables, "faults": faults})
    out = tmp_path_factory.mktemp("often")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generating, "load_calibration", lambda _: often)
        patch.setattr(generating, "BLOCK", 100)
        patch.setattr(generating, "PATIENTS_PER_PART", 5)
        generating.generate(patients=200, seed=3, out=out, faults="default")
    faults = pd.read_parquet(out / "truth" / "fault.parquet")
    return out, faults[faults["centre_id"].isin([centre.id for centre in two_of_each_form()])]


@pytest.fixture(scope="module")
def written(network):
    """(centre, file, rank of the table map) → its map, its sheet and what is read there; with the ragged lines."""
    out, _ = network
    found = {}
    for centre in two_of_each_form():
        for path in sorted((out / "exports" / centre.id).glob("*")):
            (file,) = [f for f in centre.files if f.pattern.fullmatch(path.name)]
            read = read_tables(path, export=centre.export, sheets=file.sheets, name=path.name)
            maps = [
                (map_, one) for sheet, one in zip(file.sheets, read, strict=True) for map_ in sheet.tables
            ]
            found |= {(centre.id, path.name, rank): pair for rank, pair in enumerate(maps)}
    return found


def cell(written, fault):
    """The text at the place of a fault; None when the line cannot be read as cells."""
    map_, source = written[fault.centre_id, fault.file, fault.rank]
    assert map_.entity == fault.entity
    (place,) = np.flatnonzero(source.lines == fault.line)[:1] if fault.line in source.lines else (None,)
    return None if place is None else source.frame[map_.columns[fault.field]].iloc[place]


def test_nearly_every_fault_has_a_place(network):
    """A line of a wide sheet has room for two or three acts; a fault of a further one is in no file."""
    _, faults = network
    assert len(faults) > 300
    assert faults["line"].isna().mean() < 0.01


@pytest.mark.parametrize(
    ("kind", "shows"),
    [
        ("unknown_word", lambda text: text in UNKNOWN),
        ("impossible_date", lambda text: "31" in text and "02" in text),
        ("missing_key", lambda text: text in {"", "ND", "NA"}),
    ],
)
def test_the_cell_of_a_fault_shows_it(network, written, kind, shows):
    _, faults = network
    struck = faults[(faults["kind"] == kind) & faults["line"].notna()]
    texts = [cell(written, fault) for fault in struck.itertuples()]
    assert len(struck) > 10
    assert [text for text in texts if text is not None and not shows(text)] == []
    assert sum(text is None for text in texts) < 0.5 * len(texts)  # on a ragged line


def test_a_ragged_line_is_the_line_that_the_truth_names(network, written):
    _, faults = network
    struck = faults[faults["kind"] == "ragged_line"]
    said = set(zip(struck["centre_id"], struck["file"], struck["line"], strict=True))
    seen = {
        (centre, file, ragged.line)
        for (centre, file, _), (_, source) in written.items()
        for ragged in source.ragged
    }
    assert said == seen
    assert len(said) > 5


def test_a_line_written_twice_is_followed_by_itself(network, written):
    _, faults = network
    struck = faults[(faults["kind"] == "duplicate_line")]
    for fault in struck.itertuples():
        _, source = written[fault.centre_id, fault.file, fault.rank]
        (place,) = np.flatnonzero(source.lines == fault.line)
        assert source.frame.iloc[place].tolist() == source.frame.iloc[place + 1].tolist()
    assert len(struck) > 20


# --- by hand ---

PATIENTS = numbered(pa.table({"local_patient_id": ["a", "b", "c"]})).slice(1)  # the second part of an export
WIDE = Sheet(
    name="Feuil1", preamble=["a title"], header=[], columns=[], ragged=np.array([], np.int64),
    positions=[("patient_identity", np.array([0, 0, 1])), ("biopsy", np.array([-1, 0, -1]))],
)  # fmt: skip
TABLES = {"patient_identity": PATIENTS, "biopsy": numbered(pa.table({"local_patient_id": ["b"]}))}


def test_the_lines_of_a_sheet_and_the_rows_in_them():
    assert rows(file_places("x.xls", [WIDE, WIDE], TABLES).query("rank < 2")) == rows(
        table("""
            file  | rank | sheet  | line | entity           | row
            x.xls | 0    | Feuil1 | 3    | patient_identity | 1
            x.xls | 0    | Feuil1 | 4    | patient_identity | 1
            x.xls | 0    | Feuil1 | 5    | patient_identity | 2
            x.xls | 1    | Feuil1 | 4    | biopsy           | 0
        """)
    )


def test_the_ranks_of_table_maps_run_over_the_sheets_of_a_file():
    assert sorted(set(file_places("x.xls", [WIDE, WIDE], TABLES)["rank"])) == [0, 1, 2, 3]


def test_a_fault_has_the_first_line_of_its_row_or_none():
    faults = pa.table({"file": ["x.xls"] * 3, "entity": ["patient_identity", "patient_identity", "biopsy"]})
    found = place_of(faults, pa.chunked_array([[1, 0, 0]]), [file_places("x.xls", [WIDE], TABLES)])
    assert found.select(["rank", "sheet", "line"]).to_pylist() == [
        {"rank": 0, "sheet": "Feuil1", "line": 3},
        {"rank": None, "sheet": None, "line": None},  # the row went into another part
        {"rank": 1, "sheet": "Feuil1", "line": 4},
    ]


def test_the_rows_of_a_block_come_after_those_of_the_blocks_before():
    faults = pa.table({"centre": [0, 1, 1], "entity": ["tumour", "tumour", "biopsy"], "row": [0, 1, 2]})
    sent = {"tumour": np.array([10, 20]), "biopsy": np.array([0, 300])}
    assert shifted(faults, sent)["row"].to_pylist() == [10, 21, 302]
