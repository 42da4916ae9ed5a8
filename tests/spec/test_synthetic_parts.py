"""A network in blocks and in parts: no seam between blocks, no patient in two parts, each fault in the file that the
truth names.
"""

import re

import numpy as np
import pandas as pd
import pytest

from pipelines.io.configuration import load_centres
from pipelines.io.exports import read_tables
from pipelines.synthetic.calibration import load_calibration
from pipelines.synthetic.generate import draw_block, generate

PATIENTS, PER_PART = 260, 2
CENTRES = load_centres("netsarc")
XLS = sorted(name for name, centre in CENTRES.items() if centre.export.format == "xls")


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    """Two blocks, parts of two patients, faults."""
    folder = tmp_path_factory.mktemp("parts")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.synthetic.generate.PATIENTS_PER_PART", PER_PART)
        patch.setattr("pipelines.synthetic.generate.BLOCK", PATIENTS // 2)
        generate(patients=PATIENTS, seed=12, out=folder, faults="default")
    return folder


def patients_of(path, centre):
    """[(sheet name, the local patients of its lines)] of a file; a patient whose id was lost is blank."""
    (file,) = [f for f in centre.files if f.pattern.fullmatch(path.name)]
    read = read_tables(path, export=centre.export, sheets=file.sheets, name=path.name)
    headers = [sheet.tables[0].columns["local_patient_id"] for sheet in file.sheets]
    return [(table.sheet, table.frame[header].tolist()) for header, table in zip(headers, read, strict=True)]


@pytest.fixture(scope="module")
def held(out):
    """(centre, file) → the local patients that the file names."""
    return {
        (name, path.name): {patient for _, found in patients_of(path, centre) for patient in found}
        for name, centre in CENTRES.items()
        for path in sorted((out / "exports" / name).iterdir())
    }


def truth(out, name):
    return pd.read_parquet(out / "truth" / f"{name}.parquet")


@pytest.mark.parametrize("name", XLS)
def test_parts_are_numbered_from_one_without_a_gap(out, name):
    (file,) = CENTRES[name].files
    numbers = sorted(
        int(file.pattern.fullmatch(path.name)["part"]) for path in (out / "exports" / name).iterdir()
    )
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 1


@pytest.mark.parametrize("name", XLS)
def test_a_patient_is_in_one_part_with_all_that_is_known_of_him(held, name):
    parts = [patients - {""} for (centre, _), patients in sorted(held.items()) if centre == name]
    everybody = [patient for patients in parts for patient in patients]
    assert len(everybody) == len(set(everybody))
    assert max(map(len, parts)) <= PER_PART


@pytest.mark.parametrize("name", XLS)
def test_all_parts_together_hold_every_patient(out, held, name):
    records = truth(out, "record").query("centre_id == @name")["local_patient_id"]
    lost = truth(out, "fault").query("centre_id == @name and kind == 'missing_key'")["local_patient_id"]
    found = set().union(*(patients for (centre, _), patients in held.items() if centre == name))
    assert set(records) - set(lost) <= found <= set(records) | {""}


def test_each_fault_is_of_a_patient_of_the_file_that_the_truth_names(out, held):
    faults = truth(out, "fault")
    lines = faults[faults["kind"].isin(["missing_key", "ragged_line"])]
    lost = set(zip(lines["centre_id"], lines["file"], lines["local_patient_id"], strict=True))
    wrong = [
        row
        for row in faults.itertuples()
        if row.local_patient_id not in held.get((row.centre_id, row.file), ())
        and (row.centre_id, row.file, row.local_patient_id) not in lost
    ]
    assert wrong == []
    assert len(lost) < 0.02 * len(faults)
    files = faults[faults["centre_id"].isin(XLS)]["file"]
    assert len({re.sub(r"\D", "", file) for file in files}) > 2


def test_two_blocks_have_everybody_once(out):
    person, record, tumour = (truth(out, name) for name in ("person", "record", "tumour"))
    assert person["person_key"].tolist() == [f"P{n:08d}" for n in range(len(person))]
    assert person["ins_matricule"].is_unique
    assert not record.duplicated(["centre_id", "local_patient_id"]).any()
    assert tumour["is_incident"].sum() == PATIENTS
    assert tumour["tumour_key"].is_unique


def test_a_block_is_drawn_by_its_own_seed(out):
    """The second block is what the seed and its number give: no block depends on the size of another."""
    cal = load_calibration("netsarc")
    counters = np.zeros(len(cal.centres), np.int64)
    found = truth(out, "person")
    first_key = 0
    for block in (0, 1):
        rng = np.random.default_rng([12, block])
        _, truths = draw_block(cal, PATIENTS // 2, first_key, (block, 2), counters, rng)
        person = truths["person"].to_pandas()
        mine = found.iloc[first_key : first_key + len(person)].reset_index(drop=True)
        assert person["ins_matricule"].tolist() == mine["ins_matricule"].tolist()
        assert person["person_key"].tolist() == mine["person_key"].tolist()
        first_key += len(person)
    assert first_key == len(found)


def test_local_ids_of_a_centre_are_in_its_own_habit_and_without_a_gap(out):
    """Seven digits, letters and six digits, or a number above a million; numbered in the order they came."""
    record = truth(out, "record")
    habits = {r"\d{7}": 0, r"[A-Z]{3}-\d{6}": 0}
    for name, rows in record.groupby("centre_id"):
        ids = rows["local_patient_id"]
        (habit,) = [shape for shape in habits if ids.str.fullmatch(shape).all()]
        habits[habit] += 1
        numbers = sorted(ids.str.extract(r"(\d+)$")[0].astype(int) % 1_000_000)
        assert numbers == list(range(1, len(rows) + 1)), name
    assert min(habits.values()) > 5


@pytest.mark.parametrize("patients", [1, 5])
def test_a_very_small_network_is_one_too(patients):
    cal = load_calibration("netsarc")
    counters = np.zeros(len(cal.centres), np.int64)
    tables, truths = draw_block(cal, patients, 0, (0, 1), counters, np.random.default_rng(3))
    assert sum(row["is_incident"] for row in truths["tumour"].to_pylist()) == patients
    assert tables["patient_identity"].num_rows == truths["record"].num_rows == counters.sum()
    assert tables["tumour"].num_rows == truths["local_tumour"].num_rows >= patients
