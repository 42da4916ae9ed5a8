"""Records: who has how many, where, and which of them is responsible."""

import numpy as np

from pipelines.synthetic.records import draw_records, responsible_centres
from tests.tables import table

CLINICAL = ["primary", "elsewhere", "opinion", "relapse"]


def test_fifteen_percent_of_the_clinical_records_are_further_ones(drawn):
    clinical = drawn.records[drawn.records["record_kind"].isin(CLINICAL)]
    assert abs((clinical["record_kind"] != "primary").mean() - 0.15) < 0.001


def test_everybody_has_one_first_record(drawn):
    first = drawn.records[drawn.records["record_kind"] == "primary"]
    assert sorted(first["person"]) == list(range(len(drawn.people)))


def test_local_ids_are_unique_in_a_centre_and_go_on_in_the_next_block(cal, drawn, rng):
    assert not drawn.records.duplicated(["centre", "local_patient_id"]).any()
    counters = drawn.counters.copy()
    after = draw_records(cal, drawn.path, drawn.reviews, counters, rng)
    both = set(zip(drawn.records["centre"], drawn.records["local_patient_id"], strict=True))
    again = set(zip(after["centre"], after["local_patient_id"], strict=True))
    assert not both & again
    assert counters.sum() == len(drawn.records) + len(after)


def test_an_operation_elsewhere_opens_a_record_there(drawn):
    first = drawn.path[drawn.path["rank"] == 1].set_index("person")
    moved = drawn.records[drawn.records["record_kind"] == "elsewhere"]
    assert len(moved) > 50
    assert (first.loc[moved["person"], "surgery_centre"].to_numpy() == moved["centre"].to_numpy()).all()


def test_a_registry_holds_what_it_knows(cal, drawn):
    registry = drawn.records[drawn.records["record_kind"] == "review_registry"]
    read = drawn.path.loc[drawn.reviews.loc[drawn.reviews["by_registry"], "tumour"], "person"]
    assert set(registry["person"]) == set(read)
    bone = drawn.records[drawn.records["record_kind"] == "bone_registry"]["person"]
    sites = drawn.path[drawn.path["person"].isin(bone) & (drawn.path["rank"] == 1)]["topography"]
    assert set(sites.str[:3]) == {"C40", "C41"}


def test_a_patient_seen_at_relapse_only_has_no_primary_record(drawn):
    reasons = drawn.held[drawn.held["status"] == "relapse_only"]["entry_reason"]
    assert len(reasons) > 0
    assert "primary" not in set(reasons)


def test_every_tumour_is_held_and_its_keys_are_unique(drawn):
    assert set(drawn.held["tumour"]) == set(drawn.path.index)
    assert not drawn.held.duplicated(["centre", "local_patient_id", "local_tumour_id"]).any()


def test_the_responsible_centre_is_the_smallest_of_the_primary_ones():
    held = table("""
        tumour | centre | entry_reason
        1      | 3      | relapse
        1      | 9      | primary
        1      | 7      | primary
        2      | 5      | opinion
        2      | 4      | relapse
    """)
    found = responsible_centres(held.astype({"tumour": int, "centre": int}))
    assert found.to_dict() == {1: 7, 2: 4}


def test_some_patients_have_three_records_or_two_in_one_centre(drawn):
    clinical = drawn.records[drawn.records["record_kind"].isin(CLINICAL)]
    assert clinical.groupby("person").size().max() == 3
    assert clinical.duplicated(["person", "centre"]).any()
    assert np.isin(drawn.records["centre"].unique(), np.arange(28)).all()
