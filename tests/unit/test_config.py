"""A centre's file is checked when it is read: unknown keys, fields, codes and double words are refused, all at once."""

import copy
from pathlib import Path

import pytest
import yaml
from pydantic import ValidationError

from pipelines.config import Centre, Network
from pipelines.errors import ConfigError
from pipelines.io.configuration import (
    centre_ids,
    load_centre,
    load_centres,
    load_network,
    network_ids,
    parse_yaml,
)

CENTRE = {
    "id": "alpha", "name": "Alpha", "city": "Ville", "region": "Région", "yearly_patients": 10,
    "roles": [{"network": "netsarc", "role": "expert", "valid_from": "2010-01-01"}],
    "export": {"format": "csv"},
    "files": [{"match": r"p\.csv", "sheets": [{"tables": [
        {"entity": "surgery", "columns": {"local_patient_id": "IPP", "margin": "Marge"},
         "constants": {"local_tumour_id": "1"}}]}]}],
    "values": {"margin": {"R0": ["saine"], "R1": ["micro"]}},
}  # fmt: skip


def changed(path: str, value: object) -> dict:
    content = copy.deepcopy(CENTRE)
    place = content
    *way, last = path.split("/")
    for step in way:
        place = place[int(step)] if isinstance(place, list) else place[step]
    place[last] = value
    return content


def test_the_example_is_accepted():
    centre = Centre.model_validate(CENTRE)
    table = centre.files[0].sheets[0].tables[0]
    assert table.presence == ("margin",)
    assert centre.files[0].sheets[0].expected_columns == ("IPP", "Marge")
    assert centre.files[0].sheets[0].key_columns == ("IPP",)


TABLE = "files/0/sheets/0/tables/0"


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("colour", "blue", "Extra inputs"),
        ("id", "Alpha Beta", "pattern"),
        ("export/encoding", "utf-7", "Input should be"),
        ("export/dates", "american", "Input should be"),
        ("files/0/match", "(", "not a regular expression"),
        (f"{TABLE}/entity", "biology", "unknown entity"),
        (f"{TABLE}/columns", {"local_patient_id": "IPP", "margine": "M"}, "no field margine"),
        (f"{TABLE}/columns", {"margin": "M"}, "does not map its key local_patient_id"),
        (
            f"{TABLE}/constants",
            {"local_tumour_id": "1", "margin": "R0"},
            "both to a column and to a constant",
        ),
        ("values", {"margin": {"R9": ["x"]}}, "no code R9"),
        ("values", {"margin": {"R0": ["x"], "R1": ["X"]}}, "stands for two codes"),
        ("values", {"surgery_facility": {"R0": ["x"]}}, "not a coded field"),
        ("values", {"boolean": {"maybe": ["x"]}}, "no code maybe"),
    ],
)
def test_a_mistake_is_refused(path: str, value: object, complaint: str):
    with pytest.raises(ValidationError, match=complaint):
        Centre.model_validate(changed(path, value))


def test_all_mistakes_of_a_file_are_reported_together():
    content = changed("colour", "blue") | {"yearly_patients": "many"}
    with pytest.raises(ConfigError) as caught:
        parse_yaml(yaml.safe_dump(content), Centre, where="alpha.yaml")
    assert "colour" in str(caught.value)
    assert "yearly_patients" in str(caught.value)
    assert "alpha.yaml" in str(caught.value)


def test_every_shipped_file_is_read():
    for network in network_ids():
        assert load_network(network).id == network
        assert list(load_centres(network)) == centre_ids(network)


def test_an_unknown_network_names_the_known_ones():
    with pytest.raises(ConfigError, match="netsarc"):
        load_network("nowhere")


def test_a_centre_file_names_its_own_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    folder = tmp_path / "config" / "centres" / "netsarc"
    folder.mkdir(parents=True)
    (folder / "beta.yaml").write_text(yaml.safe_dump(CENTRE))
    monkeypatch.setattr("pipelines.io.configuration.share", lambda: tmp_path)
    with pytest.raises(ConfigError, match="declares id 'alpha'"):
        load_centre("netsarc", "beta")


def test_published_values_name_known_indicators_and_periods():
    content = load_network("netsarc").model_dump()
    content["published"] = [{"indicator": "unknown", "period": "2010_2012", "percent": 1, "source": "x"}]
    with pytest.raises(ValidationError, match="unknown indicator or period"):
        Network.model_validate(content)
