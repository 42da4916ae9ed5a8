"""Each morphology has a WHO entity with a stable name; two entities of one code are told apart by the label."""

import re

import pytest

from pipelines.harmonise.entities import find_entity
from pipelines.io.configuration import read_codes

TABLE = read_codes("entity")
FOUND = [
    # code, label                                        → entity
    ("8858/3", None, "adipocytic.dedifferentiated-liposarcoma"),
    ("8840/3", "Sarcome fibromyxoïde de bas grade", "fibroblastic.low-grade-fibromyxoid-sarcoma"),
    ("8840/3", "Fibrosarcome épithélioïde sclérosant", "fibroblastic.sclerosing-epithelioid-fibrosarcoma"),
    ("8840/3", "Sclerosing epithelioid fibrosarcoma", "fibroblastic.sclerosing-epithelioid-fibrosarcoma"),
    ("8840/3", None, "fibroblastic.low-grade-fibromyxoid-sarcoma"),
    ("9136/1", "Hémangioendothéliome composite", "vascular.composite-haemangioendothelioma"),
    ("9136/1", "Hémangioendothéliome rétiforme", "vascular.retiform-haemangioendothelioma"),
    ("1234/3", "inconnu", None),
    (None, "sarcome", None),
]
ONE_ENTITY = [
    ("8850/1", "8851/3"), ("8802/3", "8830/3"), ("8821/1", "8822/1"), ("8815/0", "8815/3"), ("9222/1", "9222/3"),
    ("9040/3", "9043/3"), ("9180/3", "9181/3"), ("9252/0", "9252/1"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "label", "entity"), FOUND)
def test_entity(code, label, entity):
    assert find_entity(code, label=label) == entity


@pytest.mark.parametrize(("left", "right"), ONE_ENTITY)
def test_two_codes_of_one_entity(left, right):
    assert find_entity(left, label=None) == find_entity(right, label=None)


def test_every_morphology_has_one_entity_of_its_own_or_shared():
    plain = TABLE[TABLE["words"].isna()]
    assert plain["morphology"].is_unique
    assert set(plain["morphology"]) == set(read_codes("morphology")["morphology"])


def test_an_entity_is_a_group_and_a_slug():
    groups = set(read_codes("morphology")["who_group"])
    assert all(re.fullmatch(r"[a-z_]+\.[a-z0-9]+(-[a-z0-9]+)*", entity) for entity in TABLE["entity"])
    assert {entity.split(".")[0] for entity in TABLE["entity"]} <= groups
