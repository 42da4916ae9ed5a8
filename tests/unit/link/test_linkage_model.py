"""Reading the versioned model: both files, every mistake named."""

import json
import shutil

import pytest

from pipelines.errors import ConfigError
from pipelines.io import linkage_model
from pipelines.io.linkage_model import load_model, model_ids, save_settings
from pipelines.io.share import share


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A copy of `config/linkage` that a test may damage."""
    shutil.copytree(share() / "config" / "linkage", tmp_path / "config" / "linkage")
    monkeypatch.setattr(linkage_model, "share", lambda: tmp_path)
    return tmp_path / "config" / "linkage"


def test_every_model_loads_under_its_own_name():
    assert {name: load_model(name).id for name in model_ids()} == {name: name for name in model_ids()}


def test_an_unknown_model_names_the_known_ones():
    with pytest.raises(ConfigError, match="fr-2026-2"):
        load_model("fr-1999-1")


@pytest.mark.parametrize(
    ("line", "damaged", "said"),
    [
        ("auto_from: 5", "auto_from: -1", "component_from <= review_from <= auto_from"),
        ("ambiguity_margin: 4", "ambiguity_margin: -4", "ambiguity_margin"),
        ("records_per_block: 400", "records_per_block: 1", "records_per_block"),
        ("pairs_per_record: 0.29", "pairs_per_record: 40", "pairs_per_record"),
        ("weight_cap: 20", "weight_cap: 20\n  colour: 3", "colour"),
    ],
)
def test_a_wrong_decision_is_refused(folder, line, damaged, said):
    path = folder / "fr-2026-2.yaml"
    text = path.read_text("utf-8")
    assert line in text
    path.write_text(text.replace(line, damaged), "utf-8")
    with pytest.raises(ConfigError, match=said):
        load_model("fr-2026-2")


@pytest.mark.parametrize("content", [None, "", "{"])
def test_missing_estimates_are_refused(folder, content):
    path = folder / "fr-2026-2.json"
    path.unlink()
    if content is not None:
        path.write_text(content, "utf-8")
    with pytest.raises(ConfigError, match="Train the model again"):
        load_model("fr-2026-2")


def test_estimates_are_written_as_they_are_read(folder):
    settings = load_model("fr-2026-2").settings
    before = (folder / "fr-2026-2.json").read_bytes()
    save_settings("fr-2026-2", dict(reversed(list(settings.items()))))
    assert (folder / "fr-2026-2.json").read_bytes() == before
    assert json.loads(before) == settings
