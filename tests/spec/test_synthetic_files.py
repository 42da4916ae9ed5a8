"""The files: every centre in its own dialect, readable by its own YAML, the same bytes for a seed."""

import hashlib

import numpy as np
import pandas as pd
import pytest

from pipelines.io.configuration import load_centres
from pipelines.io.exports import read_tables
from pipelines.synthetic.calibration import load_calibration
from pipelines.synthetic.generate import draw_block, generate
from pipelines.synthetic.layout import base_of
from tests.tables import parse

PATIENTS = 600


@pytest.fixture(scope="module")
def centres():
    return load_centres("netsarc")


@pytest.fixture(scope="module")
def clean(tmp_path_factory):
    out = tmp_path_factory.mktemp("clean")
    generate(patients=PATIENTS, seed=1, out=out, faults="none")
    return out


@pytest.fixture(scope="module")
def dirty(tmp_path_factory):
    out = tmp_path_factory.mktemp("dirty")
    generate(patients=PATIENTS, seed=1, out=out, faults="default")
    return out


def digests(out):
    files = sorted(path for path in out.rglob("*") if path.is_file())
    return {str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def truth(out, name):
    return pd.read_parquet(out / "truth" / f"{name}.parquet")


def content(out, centres):
    """(centre, file, sheet map, what was read) for every file."""
    for centre_id, centre in centres.items():
        for path in sorted((out / "exports" / centre_id).glob("*")):
            (file,) = [f for f in centre.files if f.pattern.fullmatch(path.name)]
            read = read_tables(path, export=centre.export, sheets=file.sheets, name=path.name)
            yield from (
                (centre_id, path.name, sheet, table) for sheet, table in zip(file.sheets, read, strict=True)
            )


@pytest.fixture(scope="module")
def read_clean(clean, centres):
    return list(content(clean, centres))


@pytest.fixture(scope="module")
def read_dirty(dirty, centres):
    return list(content(dirty, centres))


def test_a_seed_gives_the_same_bytes(dirty, tmp_path):
    generate(patients=PATIENTS, seed=1, out=tmp_path, faults="default")
    assert digests(tmp_path) == digests(dirty)


def test_another_seed_gives_another_network(centres):
    cal = load_calibration("netsarc")
    tables = [
        draw_block(cal, 50, 0, (0, 1), np.zeros(len(centres), np.int64), np.random.default_rng([seed, 0]))[1]
        for seed in (2, 2, 3)
    ]
    assert tables[0]["person"].equals(tables[1]["person"])
    assert not tables[0]["person"].equals(tables[2]["person"])


def test_nothing_else_is_left_beside(clean):
    assert sorted(path.name for path in clean.iterdir()) == ["exports", "truth"]


def test_there_are_26_reference_centres_and_two_registries(centres):
    roles = [role.role for centre in centres.values() for role in centre.roles]
    assert (roles.count("coordinating"), roles.count("expert")) == (3, 23)
    assert (roles.count("pathology"), roles.count("bone")) == (1, 1)


def dialect(centre):
    export = centre.export
    text = (export.encoding, export.separator) if export.format == "csv" else ()
    headers = {sheet.header_line for file in centre.files for sheet in file.sheets}
    return (export.format, *text, export.dates, export.date_separator, export.decimal, *sorted(headers))


def test_dialects_are_distinct(centres):
    expert = [c for c in centres.values() if {r.role for r in c.roles} <= {"coordinating", "expert"}]
    assert len({dialect(centre) for centre in expert}) >= 20


@pytest.mark.parametrize(
    ("what", "expected"),
    [
        ("format", {"csv", "xlsx", "xls", "ods"}),
        ("encoding", {"utf-8", "utf-8-sig", "cp1252", "iso-8859-15", "utf-16"}),
        ("separator", {";", ",", "\t", "|"}),
        ("dates", {"day_first", "month_first", "year_first"}),
        ("decimal", {",", "."}),
    ],
)
def test_every_habit_is_met(centres, what, expected):
    assert {getattr(centre.export, what) for centre in centres.values()} == expected


def test_code_systems_and_layouts_are_met(centres):
    tables = [
        t
        for c in centres.values()
        for f in c.files
        for s in f.sheets
        for t in s.tables
        if t.entity == "tumour"
    ]
    assert {t.constants.get("morphology_version") for t in tables} == {"icdo30", "icdo31", "icdo32", None}
    assert any("adicap_code" in t.columns for t in tables)
    assert any("morphology_code" not in t.columns and "adicap_code" not in t.columns for t in tables)
    lines = {sheet.header_line for c in centres.values() for f in c.files for sheet in f.sheets}
    assert {1, 2, 3, 5} <= lines
    assert {base_of(s) for c in centres.values() for f in c.files for s in f.sheets if len(s.tables) > 5} == {
        "tumour"
    }


def test_every_file_is_read_by_its_own_map(read_clean):
    odd = [(centre, file, table.missing, table.unmapped) for centre, file, _, table in read_clean
           if table.missing or table.unmapped or table.ragged]  # fmt: skip
    assert len(read_clean) > 140
    assert odd == []


def rows_by_centre(read, entity):
    counts = {}
    for centre, _, sheet, table in read:
        if base_of(sheet) == entity:
            counts[centre] = counts.get(centre, 0) + len(table.lines)
    return counts


def test_clean_files_hold_every_record_and_tumour(clean, read_clean):
    records = truth(clean, "record").groupby("centre_id").size()
    tumours = truth(clean, "local_tumour").groupby("centre_id").size()
    identities, lines = rows_by_centre(read_clean, "patient_identity"), rows_by_centre(read_clean, "tumour")
    assert identities == {centre: records[centre] for centre in identities}
    assert lines == {centre: tumours[centre] for centre in lines}
    assert set(identities) | set(lines) == set(records.index)


def test_clean_files_hold_the_true_identity(clean, read_clean):
    person = truth(clean, "person").merge(truth(clean, "record"), on="person_key")
    key = person.set_index(["centre_id", "local_patient_id"])
    checked = 0
    for centre, _, sheet, table in read_clean:
        for map_ in (m for m in sheet.tables if m.entity == "patient_identity"):
            ids = table.frame[map_.columns["local_patient_id"]]
            true = key.loc[[(centre, local) for local in ids]]
            for field in ("birth_name", "first_names", "ins_matricule"):
                assert table.frame[map_.columns[field]].tolist() == true[field].tolist()
            checked += len(ids)
    assert checked >= len(truth(clean, "record"))


def test_damaged_lines_are_seen_where_the_truth_says(dirty, read_dirty):
    faults = truth(dirty, "fault")
    said = faults[faults["kind"] == "ragged_line"].groupby("file").size().to_dict()
    seen = {}
    for _, file, _, table in read_dirty:
        if table.ragged:
            seen[file] = seen.get(file, 0) + len(table.ragged)
    assert seen == said


def test_every_fault_names_a_file_that_is_there(dirty):
    faults = truth(dirty, "fault")
    written = {(path.parent.name, path.name) for path in (dirty / "exports").rglob("*.*")}
    assert set(zip(faults["centre_id"], faults["file"], strict=True)) <= written
    assert len(faults) > PATIENTS


def test_faults_do_not_move_the_truth(clean, dirty):
    for name in ("person", "record", "tumour", "local_tumour", "indicator"):
        pd.testing.assert_frame_equal(truth(clean, name), truth(dirty, name))


def test_faults_name_nobody(dirty):
    person = truth(dirty, "person")
    cells = set(
        truth(dirty, "fault").drop(columns=["local_patient_id", "local_tumour_id"]).to_numpy().ravel()
    )
    assert not cells & (set(person["birth_name"]) | set(person["ins_matricule"]))


@pytest.fixture(scope="module")
def in_blocks(tmp_path_factory):
    """A network drawn in three blocks, written in small parts, over the remains of another one."""
    out, told = tmp_path_factory.mktemp("blocks"), []
    (out / "exports").mkdir()
    (out / "exports" / "old.csv").touch()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipelines.synthetic.generate.PATIENTS_PER_PART", 5)
        patch.setattr("pipelines.synthetic.generate.BLOCK", 250)
        counts = generate(
            patients=700, seed=1, out=out, faults="none", progress=lambda *step: told.append(step)
        )
    return out, counts, told


def test_a_new_network_replaces_the_old_one(in_blocks):
    out, _, _ = in_blocks
    assert not (out / "exports" / "old.csv").exists()


def test_progress_is_told(in_blocks):
    _, _, told = in_blocks
    assert told[:3] == [("draw", 1, 3), ("draw", 2, 3), ("draw", 3, 3)]
    assert told[-1] == ("write", 28, 28)


def test_an_xls_export_comes_in_parts(in_blocks, centres):
    out, _, _ = in_blocks
    name = next(name for name, centre in sorted(centres.items()) if centre.export.format == "xls")
    rows = sum(
        len(table.lines)
        for _, _, sheet, table in content(out, {name: centres[name]})
        if base_of(sheet) == "patient_identity"
    )
    assert len(list((out / "exports" / name).iterdir())) > 1
    assert rows == (truth(out, "record")["centre_id"] == name).sum()


def test_blocks_join_without_a_seam(in_blocks):
    out, counts, _ = in_blocks
    person, record = truth(out, "person"), truth(out, "record")
    assert counts["person"] == person["person_key"].nunique() == person["ins_matricule"].nunique()
    assert not record.duplicated(["centre_id", "local_patient_id"]).any()
    assert truth(out, "tumour")["is_incident"].sum() == 700


def cells(read, entity):
    """The rows of an entity of one row per patient or tumour, by centre, under the names of its fields."""
    found = {}
    for centre, _, sheet, table in read:
        for map_ in (m for m in sheet.tables if m.entity == entity):
            keys = [map_.columns[k] for k in ("local_patient_id", "local_tumour_id") if k in map_.columns]
            columns = {header: field for field, header in map_.columns.items() if header not in keys}
            frame = table.frame.drop_duplicates(keys).set_index(keys)[list(columns)].rename(columns=columns)
            found[centre] = frame
    return found


@pytest.mark.parametrize("entity", ["patient_identity", "tumour"])
def test_every_fault_shows_in_its_cell_and_no_other_cell_moved(dirty, read_clean, read_dirty, entity):
    before, after = cells(read_clean, entity), cells(read_dirty, entity)
    faults = truth(dirty, "fault").query("entity == @entity")
    lines = faults[faults["kind"].isin(["ragged_line", "duplicate_line", "missing_key"])]
    together = {"ins_oid", "ins_status", "first_names"}  # fields that change with another one
    shown = due = 0
    for centre, clean_rows in before.items():
        named = faults[(faults["centre_id"] == centre) & ~faults.index.isin(lines.index)]
        common = clean_rows.index.intersection(after[centre].index)
        changed = clean_rows.loc[common].fillna("").ne(after[centre].loc[common].fillna(""))
        said = set(zip(named["local_patient_id"], named["field"], strict=True))
        patients = [key[0] if isinstance(key, tuple) else key for key in common]
        moved = {
            (patient, field)
            for field in changed
            for patient, is_so in zip(patients, changed[field], strict=True)
            if is_so
        }
        assert {pair for pair in moved - said if pair[1] not in together} == set()
        shown += len(said & moved)
        due += len({pair for pair in said if pair[0] in patients})
    assert shown >= 0.99 * due > 30  # two faults of one cell may undo each other


def test_a_local_id_lost_in_a_line_is_in_the_truth(dirty, read_dirty):
    faults = truth(dirty, "fault").query("kind == 'missing_key'").groupby(["centre_id", "entity"]).size()
    for centre, _, sheet, table in read_dirty:
        base = base_of(sheet)
        map_ = next(m for m in sheet.tables if m.entity == base)
        key = "local_patient_id" if base.startswith("patient") else "local_tumour_id"
        blank = (table.frame[map_.columns[key]] == "").sum()
        assert blank == faults.get((centre, base), 0)


def test_an_expected_word_is_never_replaced_by_its_code(read_clean, centres):
    """What is written in a coded column is one of the words that the centre declares for it."""
    for centre, _, sheet, table in read_clean:
        said = centres[centre].values  # noqa: PD011 - a mapping of the YAML
        for map_ in sheet.tables:
            for field, header in map_.columns.items():
                if field in said:
                    words = {word for group in said[field].values() for word in group}
                    found = set(table.frame[header]) - {"", *centres[centre].export.missing}
                    assert found <= words, (centre, field)


DATES = {
    ("day_first", "/"): r"\d\d/\d\d/\d{4}", ("day_first", "-"): r"\d\d-\d\d-\d{4}",
    ("day_first", "."): r"\d\d\.\d\d\.\d{4}", ("month_first", "/"): r"\d\d/\d\d/\d{4}",
    ("year_first", "-"): r"\d{4}-\d\d-\d\d", ("year_first", ""): r"\d{8}", ("year_first", "/"): r"\d{4}/\d\d/\d\d",
}  # fmt: skip


def test_dates_are_written_in_the_declared_order(read_clean, centres):
    for centre, _, sheet, table in read_clean:
        export = centres[centre].export
        mark = export.date_separator
        mark = mark if mark is not None else "-" if export.dates == "year_first" else "/"
        shape = DATES[export.dates, mark] if export.format == "csv" else DATES["year_first", "-"]
        for map_ in sheet.tables:
            for header in (h for field, h in map_.columns.items() if field.endswith("_date")):
                text = table.frame[header]
                text = text[~text.isin(["", *export.missing])]
                assert text.str.fullmatch(shape).all(), (centre, header)


def test_decimals_bear_the_declared_mark(read_clean, centres):
    marks = {}
    for centre, _, sheet, table in read_clean:
        for map_ in (
            m for m in sheet.tables if "size_mm" in m.columns and centres[centre].export.format == "csv"
        ):
            broken = table.frame[map_.columns["size_mm"]].str.extract(r"^\d+([.,])\d$")[0].dropna()
            marks.setdefault(centre, set()).update(broken)
    assert {centre: {centres[centre].export.decimal} for centre in marks if marks[centre]} == {
        centre: found for centre, found in marks.items() if found
    }
    assert {mark for found in marks.values() for mark in found} == {",", "."}


def test_damaged_codes_are_in_the_files(read_dirty, dirty):
    seen = {"damaged_code": 0, "ambiguous_code": 0}
    for _, _, sheet, table in read_dirty:
        for map_ in (m for m in sheet.tables if "morphology_code" in m.columns):
            code = table.frame[map_.columns["morphology_code"]]
            seen["damaged_code"] += code.str.fullmatch(r"\d{4}-0\d-01").sum()
            seen["ambiguous_code"] += code.str.fullmatch(r"(janv|févr|mars|juin|sept)-\d\d").sum()
    said = truth(dirty, "fault")["kind"].value_counts()
    assert seen["damaged_code"] == pytest.approx(
        said["damaged_code"], abs=2
    )  # a damaged line may be ragged or twice
    assert seen["ambiguous_code"] == pytest.approx(said["ambiguous_code"], abs=2)


DIALECTS = """
    centre         | format | encoding    | separator | header | dates       | codes             | files
    clb            | csv    | utf-8       | ";"       | 1      | day_first   | icdo32            | 10
    bergonie       | csv    | cp1252      | ";"       | 1      | day_first   | icdo31            | 10
    gustave_roussy | csv    | utf-8-sig   | ","       | 1      | year_first  | icdo32            | 10
    oscar_lambret  | csv    | cp1252      | tab       | 1      | day_first   | icdo32            | 10
    ico            | csv    | iso-8859-15 | ";"       | 1      | day_first   | icdo32            | 1
    chu_nantes     | xlsx   | -           | -         | 3      | day_first   | icdo32            | 1
    timone         | csv    | utf-16      | tab       | 1      | day_first   | labels            | 9
    ipc            | csv    | utf-8       | bar       | 1      | year_first  | icdo32            | 9
    iuct           | csv    | utf-8       | ";"       | 2      | day_first   | icdo32            | 2
    icl            | csv    | cp1252      | ";"       | 2      | day_first   | adicap            | 10
    icans          | csv    | utf-16      | ";"       | 1      | month_first | icdo32            | 9
    cgfl           | csv    | iso-8859-15 | ","       | 1      | day_first   | icdo32            | 9
    cochin         | csv    | cp1252      | ";"       | 1      | day_first   | adicap            | 1
    curie          | csv    | utf-8       | tab       | 1      | year_first  | icdo30            | 10
    eugene_marquis | csv    | cp1252      | bar       | 1      | day_first   | labels            | 2
    becquerel      | csv    | utf-8-sig   | ";"       | 5      | day_first   | icdo31            | 9
    saint_louis    | xlsx   | -           | -         | 1      | month_first | icdo32            | 1
    icm            | csv    | iso-8859-15 | tab       | 3      | year_first  | icdo32            | 9
    tours          | csv    | cp1252      | ","       | 1      | year_first  | adicap            | 10
    besancon       | xls    | -           | -         | 1      | day_first   | icdo31            | 1
    lacassagne     | xlsx   | -           | -         | 2      | day_first   | icdo32            | 2
    baclesse       | csv    | utf-8       | ","       | 1      | day_first   | labels            | 1
    jean_perrin    | ods    | -           | -         | 2      | day_first   | icdo32            | 1
    limoges        | xls    | -           | -         | 3      | day_first   | labels            | 1
    reims          | xlsx   | -           | -         | 1      | day_first   | icdo31            | 1
    la_reunion     | ods    | -           | -         | 1      | day_first   | adicap            | 1
    rreps          | csv    | utf-8-sig   | ";"       | 1      | day_first   | icdo32            | 3
    resos          | csv    | cp1252      | ";"       | 1      | day_first   | icdo32            | 4
"""


@pytest.mark.parametrize("expected", parse(DIALECTS), ids=lambda row: row["centre"])
def test_how_each_centre_writes(centres, expected):
    centre = centres[expected["centre"]]
    export, is_text = centre.export, centre.export.format == "csv"
    tumour = next(t for f in centre.files for s in f.sheets for t in s.tables if t.entity == "tumour")
    codes = tumour.constants.get(
        "morphology_version", "adicap" if "adicap_code" in tumour.columns else "labels"
    )
    assert expected == {
        "centre": centre.id,
        "format": export.format,
        "encoding": export.encoding if is_text else None,
        "separator": {"\t": "tab", "|": "bar"}.get(export.separator, export.separator) if is_text else None,
        "header": centre.files[0].sheets[0].header_line,
        "dates": export.dates,
        "codes": codes,
        "files": len(centre.files),
    }
