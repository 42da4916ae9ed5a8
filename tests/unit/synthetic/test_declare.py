"""Who declares what, on a handful of rows."""

import numpy as np
import pandas as pd
import pytest

from pipelines.synthetic.declare import declare, declared_reviews, histories, identities, local_tumours
from tests.tables import table

HELD = table("""
    record | tumour | centre | local_patient_id | local_tumour_id | record_kind     | entry_reason
    0      | 0      | 4      | "a"              | "a-1"           | primary         | primary
    1      | 0      | 7      | "b"              | "b-1"           | elsewhere       | primary
    2      | 0      | 9      | "c"              | "c-1"           | review_registry | opinion
    3      | 0      | 8      | "d"              | "d-1"           | bone_registry   | opinion
    4      | 0      | 5      | "e"              | "e-1"           | relapse         | relapse
""").astype({"record": int, "tumour": int, "centre": int})


def senders(entity, **fields):
    frame = pd.DataFrame([{"tumour": 0, f"{entity}_date": 10, **fields}])
    found = set()
    for seed in range(30):
        found |= set(declare({entity: frame}, HELD, np.random.default_rng(seed))[entity]["record_kind"])
    return found


def always(entity, **fields):
    frame = pd.DataFrame([{"tumour": 0, f"{entity}_date": 10, **fields}])
    kinds = [
        set(declare({entity: frame}, HELD, np.random.default_rng(seed))[entity]["record_kind"])
        for seed in range(30)
    ]
    return set.intersection(*kinds)


@pytest.mark.parametrize(
    ("entity", "fields", "expected"),
    [
        ("biopsy", {}, {"primary"}),
        ("surgery", {"is_first": True, "margin": "R0"}, {"primary", "elsewhere"}),
        ("surgery", {"is_first": False, "margin": "R0"}, {"primary"}),
        ("rcp", {"rcp_kind": "resos"}, {"primary", "bone_registry"}),
        ("rcp", {"rcp_kind": "local"}, {"primary"}),
        ("follow_up", {}, {"primary", "relapse"}),
    ],
)
def test_who_always_declares_an_act(entity, fields, expected):
    assert always(entity, **fields) == expected


@pytest.mark.parametrize("entity", ["biopsy", "imaging", "treatment"])
def test_a_registry_never_declares_care(entity):
    assert senders(entity) == {"primary", "elsewhere", "relapse"}


def test_the_pathology_registry_declares_the_experts_diagnosis():
    path = table("""
        diagnosis_date | topography | laterality | size_mm | depth | grade | grade_system | extent_at_diagnosis | had_biopsy | morphology | declared
        1              | C49.2      | left       | 50      | deep  | 1     | fnclcc       | localised           | true       | "8858/3"   | "8850/0"
    """)  # fmt: skip  # noqa: E501 - one row
    found = local_tumours(HELD, path).set_index("local_patient_id")["morphology"]
    assert found.to_dict() == {"a": "8850/0", "b": "8850/0", "c": "8858/3", "d": "8850/0", "e": "8850/0"}


@pytest.mark.parametrize(("by_registry", "sender"), [(True, "review_registry"), (False, "primary")])
def test_a_reading_has_one_sender(by_registry, sender):
    reviews = pd.DataFrame({"tumour": [0], "by_registry": [by_registry]})
    assert declared_reviews(reviews, HELD)["record_kind"].tolist() == [sender]


def test_a_registry_tells_no_history_but_an_identity(drawn):
    vital = np.full(len(drawn.records), "alive", object)
    clinical = ~drawn.records["record_kind"].str.endswith("registry")
    assert len(histories(drawn.records, drawn.people)) == clinical.sum()
    rows = identities(drawn.records, drawn.people, vital)
    assert len(rows) == len(drawn.records)
    assert set(rows["ins_status"]) == {"QUAL"}


def test_every_record_of_a_person_has_one_identity(drawn):
    rows = identities(drawn.records, drawn.people, np.full(len(drawn.records), "alive", object))
    traits = ["birth_name", "first_names", "sex", "birth_date", "birth_place_cog", "ins_matricule"]
    assert len(rows.drop_duplicates(["person", *traits])) == rows["person"].nunique()
