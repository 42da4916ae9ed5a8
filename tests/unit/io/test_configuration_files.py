"""Configuration as people damage it: each mistake is a ConfigError that names the file, never a traceback."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

from pipelines.config import Centre
from pipelines.errors import ConfigError
from pipelines.io import configuration
from pipelines.io.configuration import (
    centre_ids,
    load_centre,
    load_centres,
    load_network,
    network_ids,
    parse_yaml,
    read_calibration,
    read_codes,
)
from pipelines.io.share import share

ALPHA = """
id: alpha
name: Alpha
city: Ville
region: Région
yearly_patients: 10
roles: [{network: small, role: expert, valid_from: 2010-01-01}]
export: {format: csv}
files: [{match: 'p\\.csv', sheets: [{tables: [
  {entity: patient_identity, columns: {local_patient_id: IPP, sex: SEXE}}]}]}]
values: {sex: {M: [homme], F: [femme]}}
"""


class Anything(BaseModel):
    """A model that takes every key, to see what a text says."""

    model_config = ConfigDict(extra="allow")


@pytest.fixture
def centres(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with an empty network `small`; returns the folder of its centres."""
    monkeypatch.setattr(configuration, "share", lambda: tmp_path)
    for folder in ("networks", "centres/small", "codes", "synthetic"):
        (tmp_path / "config" / folder).mkdir(parents=True)
    return tmp_path / "config" / "centres" / "small"


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "x.yaml:1:1: file: Input should be a valid dictionary"),
        ("only text\n", "x.yaml:1:1: file: Input should be a valid dictionary"),
        ("- a\n- b\n", "x.yaml:1:1: file: Input should be a valid dictionary"),
        ("# a comment alone\n", "x.yaml:1:1: file: Input should be a valid dictionary"),
        ("a: 1\na: 2\n", "x.yaml:2:1: a: key written twice: a; keep one of them"),
        ("a: [1\n", "x.yaml:2:1: file: "),
        ("a: *b\n", "x.yaml:1:4: file: anchors and aliases are not read"),
    ],
)
def test_a_text_that_is_not_one_sound_mapping_is_refused_with_its_line(text: str, complaint: str):
    with pytest.raises(ConfigError) as refused:
        parse_yaml(text, Anything, where="x.yaml")
    assert str(refused.value).startswith(complaint)


def test_the_lines_of_a_header_are_those_of_its_file():
    with pytest.raises(ConfigError, match=r"^x\.sql:8:1: a: key written twice"):
        parse_yaml("a: 1\na: 2\n", Anything, where="x.sql", first_line=7)


@pytest.mark.parametrize("text", ["a: 1\n", "\ufeffa: 1\n"])
def test_a_sound_text_is_read_as_written(text: str):
    assert parse_yaml(text, Anything, where="x.yaml").model_dump() == {"a": 1}


SHEET = "files.0.sheets.0"


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("{M: [homme]", "{M: [no]", "11:20: values.sex.M.0: Input should be a valid string; correct it"),
        (
            "{M: [homme]",
            "{no: [homme]",
            "11:16: values.sex.no: the key no is not read as text; put it in quotes",
        ),
        (
            "yearly_patients: 10",
            "yearly_patients: ten",
            "6:1: yearly_patients: Input should be a valid integer",
        ),
        (
            "yearly_patients: 10",
            "yearly_patients: yes",
            "6:1: yearly_patients: Input should be a valid integer",
        ),
        (
            "yearly_patients: 10",
            "yearly_patients: '10'",
            "6:1: yearly_patients: Input should be a valid integer",
        ),
        ("valid_from: 2010-01-01", "valid_from: 01/02/2010", "7:40: roles.0.valid_from: Input should be"),
        (
            "valid_from: 2010-01-01",
            "valid_from: 2010-02-30",
            "7:52: roles.0.valid_from: a value cannot be read: day is out of range",
        ),
        ("role: expert", "role: chief", "7:26: roles.0.role: Input should be 'coordinating'"),
        ("role: expert, ", "", "7:9: roles.0.role: this key is missing; add it"),
        ("csv}", "csv, seperator: ','}", "8:23: export.seperator: unknown key; did you mean 'separator'?"),
        ("csv}", "csv, separator: 'x'}", "8:23: export.separator: Input should be"),
        ("csv}", "csv, missing: NA}", "8:23: export.missing: Input should be"),
        ("csv}", "csv, units: {size_mm: m}}", "8:31: export.units.size_mm: Input should be 'cm' or 'mm'"),
        ("export: {format: csv}", "export: [csv]", "8:1: export: Input should be"),
        ("region:", "regoin:", "5:1: regoin: unknown key; did you mean 'region'?"),
        ("id: alpha", "id: Alpha", "2:1: id: String should match"),
        ("id: alpha", "id: 'alpha\n\n'", "2:1: id: String should match"),
        ("id: alpha", "id: ../alpha", "2:1: id: String should match"),
        ("id: alpha", "id: beta", "2:1: id: Value error, the file declares id 'beta'"),
        ("sheets: [{", "sheets: [{header_line: 0, ", f"9:37: {SHEET}.header_line: Input should be greater"),
        ("sheets: [{", "sheets: [{hedder_line: 1, ", f"9:37: {SHEET}.hedder_line: unknown key; did you mean"),
        ("IPP,", "3,", f"10:40: {SHEET}.tables.0.columns.local_patient_id: Input should be a valid string"),
        (
            "sex: SEXE",
            "sexe: SEXE",
            f"10:63: {SHEET}.tables.0.columns.sexe: patient_identity has no field sexe",
        ),
    ],
)
def test_a_wrong_value_is_named_by_its_line_and_its_place(centres: Path, old: str, new: str, complaint: str):
    assert old in ALPHA
    (centres / "alpha.yaml").write_text(ALPHA.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_centre("small", "alpha")
    lines = str(refused.value).splitlines()
    assert any(line.startswith(f"config/centres/small/alpha.yaml:{complaint}") for line in lines), lines


def test_the_mistakes_of_a_file_come_in_the_order_of_its_lines(centres: Path):
    text = (
        ALPHA.replace("city: Ville", "town: Ville")
        .replace("csv}", "cvs}")
        .replace("sex: {M:", "sex: {M: [], N:")
    )
    (centres / "alpha.yaml").write_text(text + "name: Beta\n", encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_centre("small", "alpha")
    assert [line.split(": ")[1] for line in str(refused.value).splitlines()] == [
        "city", "town", "export.format", "values.sex.N", "name",
    ]  # fmt: skip


def test_what_is_written_twice_by_mistake_is_said_once(centres: Path):
    (centres / "alpha.yaml").write_text(ALPHA.replace("2010-01-01", "2010-02-30"), encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_centre("small", "alpha")
    assert len(str(refused.value).splitlines()) == 1


def test_a_folder_or_a_giant_in_the_place_of_a_file_is_refused(centres: Path):
    (centres / "alpha.yaml").mkdir()
    with pytest.raises(ConfigError, match=r"alpha\.yaml: the file cannot be read \(IsADirectoryError\)"):
        load_centre("small", "alpha")
    (centres / "beta.yaml").write_bytes(b"a" * 5_000_000)
    with pytest.raises(ConfigError, match=r"beta\.yaml:1:1: file: the file is larger than"):
        load_centre("small", "beta")


@pytest.mark.parametrize("encoding", ["cp1252", "iso-8859-15", "utf-16", "utf-32"])
def test_a_file_in_another_encoding_is_refused_with_what_to_do(centres: Path, encoding: str):
    (centres / "alpha.yaml").write_bytes(ALPHA.encode(encoding))
    with pytest.raises(ConfigError, match=r"alpha\.yaml: the file is not UTF-8 \(byte \d+\) Save it"):
        load_centre("small", "alpha")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_byte_order_mark_changes_nothing(centres: Path, encoding: str):
    (centres / "alpha.yaml").write_bytes(ALPHA.encode(encoding))
    assert load_centre("small", "alpha").region == "Région"


@pytest.mark.parametrize(
    ("load", "complaint"),
    [
        (lambda: load_centre("small", "nowhere"), "nowhere.yaml: there is no such file"),
        (lambda: load_centre("elsewhere", "alpha"), "alpha.yaml: there is no such file"),
        (lambda: load_network("small"), "network 'small' is unknown"),
        (lambda: load_network("../centres/small/alpha"), "is unknown"),
        (lambda: load_network(""), "network '' is unknown"),
    ],
)
def test_what_is_not_declared_is_a_refusal(centres: Path, load, complaint: str):
    (centres / "alpha.yaml").write_text(ALPHA, encoding="utf-8")
    with pytest.raises(ConfigError, match=complaint):
        load()


def test_the_mistakes_of_every_centre_come_together(centres: Path):
    for name, text in {
        "alpha": ALPHA,
        "beta": ALPHA,  # declares another id
        "gamma": ALPHA.replace("alpha", "gamma").replace("role: expert", "role: chief"),
        "delta": "id: delta\nid: delta\n",
    }.items():
        (centres / f"{name}.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        load_centres("small")
    assert [line.split(": ")[0].rpartition("/")[2] for line in str(refused.value).splitlines()] == [
        "beta.yaml:2:1", "delta.yaml:1:1", "delta.yaml:1:1", "delta.yaml:1:1", "delta.yaml:1:1", "delta.yaml:1:1",
        "delta.yaml:1:1", "delta.yaml:1:1", "delta.yaml:2:1", "gamma.yaml:7:26",
    ]  # fmt: skip


def test_only_yaml_files_declare_something(centres: Path):
    for name in ("b.yaml", "a.yaml", "c.yml", "d.yaml.bak", "notes.txt"):
        (centres / name).touch()
        (centres.parents[1] / "networks" / name).touch()
    assert centre_ids("small") == ["a", "b"]
    assert network_ids() == ["a", "b"]
    assert centre_ids("nowhere") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,b\n1,\n", [("1", None)]),
        ("a,b\n007,NA\n", [("007", "NA")]),  # an "NA" of ours is a word
        ("a,b\nnull,nan\n", [("null", "nan")]),
        ('a,b\n"x, y","é"\n', [("x, y", "é")]),
        ("a,b\n 1 ,2.0\n", [(" 1 ", "2.0")]),
        ("a,b\nTRUE,1e5\n", [("TRUE", "1e5")]),
        ("a,b\n", []),
    ],
)
@pytest.mark.parametrize(("read", "folder"), [(read_codes, "codes"), (read_calibration, "synthetic")])
def test_a_code_table_is_text_and_only_an_empty_cell_is_missing(
    centres: Path, read, folder: str, text: str, expected: list[tuple[str | None, ...]]
):
    (centres.parents[1] / folder / "t.csv").write_text(text, encoding="utf-8")
    frame = read("t")
    assert [str(kind) for kind in frame.dtypes] == ["string", "string"]
    absent = frame.astype(object).where(frame.notna(), None)
    assert [tuple(row) for row in absent.itertuples(index=False)] == expected


REAL = share().joinpath("config", "centres", "netsarc", "rreps.yaml").read_text(encoding="utf-8").splitlines()
KEY = re.compile(r"\s*(?:- )?(?P<key>\w+):")
KEYS = [number for number, line in enumerate(REAL, start=1) if KEY.match(line)]


def refusal_of(lines: list[str]) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        parse_yaml("\n".join(lines), Centre, where="x.yaml")
    return str(refused.value).splitlines()


@pytest.mark.parametrize("number", KEYS)
def test_any_key_of_a_real_file_that_is_misspelt_is_refused_at_its_line(number: int):
    line = REAL[number - 1]
    end = KEY.match(line).end("key")
    said = refusal_of([*REAL[: number - 1], line[:end] + "x" + line[end:], *REAL[number:]])
    assert any(complaint.startswith(f"x.yaml:{number}:") for complaint in said), said


@pytest.mark.parametrize("number", [n for n in KEYS if not REAL[n - 1].lstrip().startswith("- ")])
def test_any_key_of_a_real_file_that_is_written_twice_is_refused_at_its_second_line(number: int):
    line = REAL[number - 1]
    key = KEY.match(line)["key"]
    end = next(
        (
            n for n in range(number, len(REAL)) if indent(REAL[n]) <= indent(line)
        ),  # after all that the key holds
        len(REAL),
    )
    said = refusal_of([*REAL[:end], " " * indent(line) + f"{key}: again", *REAL[end:]])
    assert any(
        f"x.yaml:{end + 1}:" in complaint and f"written twice: {key};" in complaint for complaint in said
    )


def indent(line: str) -> int:
    return len(line) - len(line.lstrip())
