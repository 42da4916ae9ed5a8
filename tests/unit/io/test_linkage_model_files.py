"""The two files of a linkage model: whatever is wrong in one is a refusal that names it."""

from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.io import linkage_model
from pipelines.io.linkage_model import load_model, model_ids, save_settings

DECISIONS = """
id: m
provenance: made for a test
thresholds: {component_from: -5, review_from: 0, auto_from: 5, ambiguity_margin: 4, weight_cap: 20}
limits: {records_per_identifier: 10, records_per_block: 400, records_per_component: 50}
prior: {pairs_per_record: 0.3, minimum_records: 100, common_value_records: 1000}
blocking: [[birth_date], [birth_name, sex]]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installation with the model `m`."""
    monkeypatch.setattr(linkage_model, "share", lambda: tmp_path)
    folder = tmp_path / "config" / "linkage"
    folder.mkdir(parents=True)
    (folder / "m.yaml").write_text(DECISIONS, encoding="utf-8")
    (folder / "m.json").write_text('{"comparisons": []}', encoding="utf-8")
    return folder


def test_a_model_is_its_two_files(folder: Path):
    model = load_model("m")
    assert (model.id, model.settings, model.blocking) == (
        "m", {"comparisons": []}, (("birth_date",), ("birth_name", "sex")),
    )  # fmt: skip
    assert (model.thresholds.component_from, model.limits.records_per_block) == (-5, 400)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("component_from: -5", "component_from: 1", "component_from <= review_from"),
        ("review_from: 0", "review_from: 6", "review_from <= auto_from"),
        ("auto_from: 5", "auto_from: 21", "auto_from <= weight_cap"),
        ("ambiguity_margin: 4", "ambiguity_margin: -0.1", "thresholds.ambiguity_margin"),
        ("weight_cap: 20", "weight_cap: 0", "thresholds.weight_cap"),
        ("records_per_identifier: 10", "records_per_identifier: 1", "limits.records_per_identifier"),
        ("records_per_component: 50", "records_per_component: many", "limits.records_per_component"),
        ("pairs_per_record: 0.3", "pairs_per_record: 0", "prior.pairs_per_record"),
        ("pairs_per_record: 0.3", "pairs_per_record: 2.01", "prior.pairs_per_record"),
        ("minimum_records: 100", "minimum_records: 1", "prior.minimum_records"),
        ("common_value_records: 1000", "common_value_records: -1", "prior.common_value_records"),
        ("blocking: [[birth_date], [birth_name, sex]]", "blocking: birth_date", "blocking"),
        ("blocking: [[birth_date], [birth_name, sex]]", "blocking: [birth_date]", "blocking.0"),
        ("provenance: made for a test", "", "provenance: this key is missing"),
        ("id: m", "id: m\ncolour: red", "m.yaml:3:1: colour: unknown key"),
        ("id: m", "id: m\nid: m", "key written twice: id"),
        ("limits: {", "limits: {records_per_block: 3, ", "key written twice: records_per_block"),
    ],
)
def test_a_wrong_decision_is_named(folder: Path, old: str, new: str, said: str):
    assert old in DECISIONS
    (folder / "m.yaml").write_text(DECISIONS.replace(old, new), encoding="utf-8")
    with pytest.raises(ConfigError, match=said) as refused:
        load_model("m")
    assert refused.value.where == "m.yaml"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("component_from: -5", "component_from: 0"),
        ("auto_from: 5", "auto_from: 20"),
        ("ambiguity_margin: 4", "ambiguity_margin: 0"),
        ("pairs_per_record: 0.3", "pairs_per_record: 2"),
        ("records_per_block: 400", "records_per_block: 2"),
        ("common_value_records: 1000", "common_value_records: 0"),
    ],
)
def test_a_decision_at_its_limit_is_taken(folder: Path, old: str, new: str):
    (folder / "m.yaml").write_text(DECISIONS.replace(old, new), encoding="utf-8")
    assert load_model("m").id == "m"


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"{",
        b"[]",
        b"3",
        b'"text"',
        b"null",
        b"{'a': 1}",
        b'{"a": "\xe9"}',
        b"\xff\xfe{\0}\0",
        b'{"a": 1} more',
    ],
)
def test_estimates_that_are_no_object_of_json_are_refused(folder: Path, content: bytes | None):
    (folder / "m.json").unlink()
    if content is not None:
        (folder / "m.json").write_bytes(content)
    with pytest.raises(
        ConfigError, match=r"m\.json: the estimated settings cannot be read Train the model again"
    ):
        load_model("m")


@pytest.mark.parametrize("name", ["", "M", "../linkage/m", "m.yaml", "other"])
def test_an_unknown_model_names_the_known_ones(folder: Path, name: str):
    with pytest.raises(ConfigError, match=r"is unknown Known models: m\."):
        load_model(name)


def test_models_are_their_yaml_files_by_name(folder: Path):
    for name in ("z.yaml", "a.yaml", "b.json", "c.yml", "d.yaml.bak"):
        (folder / name).touch()
    assert model_ids() == ["a", "m", "z"]


@pytest.mark.parametrize(
    "settings",
    [{}, {"b": 1, "a": {"d": [1, 2.5], "c": None}}, {"é": "œ"}, {"m": 1e-12, "u": 0.1 + 0.2, "n": 10**18}],
)
def test_settings_come_back_exactly_and_in_one_order(folder: Path, settings: dict[str, object]):
    save_settings("m", settings)
    first = (folder / "m.json").read_bytes()
    save_settings("m", dict(reversed(settings.items())))
    assert (folder / "m.json").read_bytes() == first
    assert load_model("m").settings == settings
