"""Configuration as people damage it: each mistake is a ConfigError that names the file, never a traceback."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict

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

ALPHA = """
id: alpha
name: Alpha
city: Ville
region: Région
yearly_patients: 10
roles: [{network: small, role: expert, valid_from: 2010-01-01}]
export: {format: csv}
files: [{match: 'p\\.csv', sheets: [{tables: [{entity: patient_identity, columns: {local_patient_id: IPP}}]}]}]
values: {boolean: {"yes": [oui], "no": [non]}}
"""
NINE = ",".join(["*{}"] * 9)
#: Each level holds nine times the one before: written out, a thousand million words.
BOMB = "a: &a [" + ",".join(["x"] * 9) + "]\n" + "".join(
    f"{name}: &{name} [{NINE.replace('{}', before)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)  # fmt: skip


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
        ("a: 1\na: 2\n", "key written twice: a"),
        ("x:\n  y:\n    z: 1\n    z: 2\n", "key written twice: z"),
        ("x: [{a: 1}, {b: 1, b: 2}]\n", "key written twice: b"),
        ("{a: {b: 1, c: 2, c: 3}, d: 4, d: 5}\n", "key written twice"),
        ("x: {1: a, 1: b}\n", "key written twice: 1"),
        ("x: {é: a, é: b}\n", "key written twice: é"),
        ("base: &b {a: 1}\nx:\n  <<: *b\n  a: 2\n", "key written twice: a"),
        ("x: {<<: 3}\n", "expected a mapping"),
        ("? [a, b]\n: 1\n", "stands as a key"),
        ("? {a: 1}\n: 1\n", "stands as a key"),
        ("day: 2010-02-30\n", "day is out of range"),
        ("day: 2010-13-01\n", "month must be in 1..12"),
        ("a: &a {x: *a}\n", "recursive"),
        ("a: &a [*a]\n", "recursive"),
        ("a: *nothing\n", "undefined alias"),
        ("a: 1\n---\na: 2\n", "another document"),
        ("a: b: c\n", "mapping values are not allowed"),
        ("a:\n\tb: 1\n", "cannot start any token"),
        ("a: \x01\n", "control characters"),
        ("a: !!python/name:os.system\n", "could not determine a constructor"),
        ("a: !!python/object/new:os.system [ls]\n", "could not determine a constructor"),
        ("a: !shell ls\n", "could not determine a constructor"),
        ("", "valid dictionary"),
        ("only text\n", "valid dictionary"),
        ("- a\n- b\n", "valid dictionary"),
        ("# a comment alone\n", "valid dictionary"),
    ],
)
def test_a_text_that_is_not_one_sound_mapping_is_refused_by_file_name(text: str, complaint: str):
    with pytest.raises(ConfigError, match=complaint) as refused:
        parse_yaml(text, Anything, where="centre.yaml")
    assert refused.value.where == "centre.yaml"
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\n", {"a": 1}),
        ("\ufeffa: 1\n", {"a": 1}),
        ("a: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
        ("a: é\n", {"a": "é"}),
        ("a: {b: 1}\nc: {b: 2}\n", {"a": {"b": 1}, "c": {"b": 2}}),
        ("x: &b {p: 1}\ny: {<<: *b, q: 2}\n", {"x": {"p": 1}, "y": {"p": 1, "q": 2}}),
        ("a: '007'\n", {"a": "007"}),
        ('a: "\\t;"\n', {"a": "\t;"}),
    ],
)
def test_a_sound_text_is_read_as_written(text: str, expected: dict[str, object]):
    assert parse_yaml(text, Anything, where="x.yaml").model_dump() == expected


@pytest.mark.parametrize("place", ["", "values: *i\n", "name: *i\n", "files: *i\n", "aliases: *i\n"])
def test_a_bomb_of_anchors_is_refused_before_it_grows(place: str):
    with pytest.raises(ConfigError) as refused:
        parse_yaml(BOMB + place, configuration.Centre, where="x.yaml")
    assert len(str(refused.value)) < 5_000


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ('"yes": [oui]', "yes: [oui]", r"values\.boolean\.1\.\[key\]"),  # a bare yes is true
        ("yearly_patients: 10", "yearly_patients: ten", "yearly_patients: Input should be a valid integer"),
        ("valid_from: 2010-01-01", "valid_from: 01/02/2010", "roles.0.valid_from"),
        ("valid_from: 2010-01-01", "valid_from: 2010-02-30", "day is out of range"),
        ("role: expert", "role: chief", "roles.0.role"),
        ("export: {format: csv}", "export: {format: csv, separator: 'x'}", "export.separator"),
        ("export: {format: csv}", "export: {format: csv, missing: NA}", "export.missing"),
        ("export: {format: csv}", "export: [csv]", "export: Input should be"),
        ("id: alpha", "id: Alpha", "id: String should match"),
        ("id: alpha", "id: 'alpha\n'", "id: String should match"),
        ("id: alpha", "id: ../alpha", "id: String should match"),
        ("tables: [{entity", "header_line: 0, tables: [{entity", "header_line: Input should be greater"),
        ("columns: {local_patient_id: IPP}", "columns: {local_patient_id: 3}", "valid string"),
    ],
)
def test_a_wrong_value_is_named_by_its_place(centres: Path, old: str, new: str, complaint: str):
    assert old in ALPHA
    (centres / "alpha.yaml").write_text(ALPHA.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match=complaint) as refused:
        load_centre("small", "alpha")
    assert "config/centres/small/alpha.yaml" in str(refused.value)


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
    assert [
        line.partition(".yaml")[0].rpartition("/")[2] for line in str(refused.value).splitlines()[:2]
    ] == [
        "beta",
        "delta",
    ]
    assert "config/centres/small/gamma.yaml: roles.0.role" in str(refused.value)
    assert "alpha.yaml" not in str(refused.value)


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
