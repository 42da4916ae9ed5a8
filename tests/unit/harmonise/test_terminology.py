"""Our code tables hold together: what the sarcoma range contains, what a term may mean."""

import re

import pytest

from pipelines.harmonise.labels import find_qualifier, normalise
from pipelines.harmonise.terminology import load_terminology
from pipelines.io.configuration import read_codes

TERMS = load_terminology()
MORPHOLOGY = read_codes("morphology").set_index("morphology")
TOPOGRAPHY = read_codes("topography").set_index("topography")
#: Codes that a person would look for first, in every group.
CLASSES = [
    ("8858/3", "sarcoma"), ("8850/1", "intermediate"), ("8832/1", "intermediate"), ("8832/3", "sarcoma"),
    ("8821/1", "intermediate"), ("8936/3", "sarcoma"), ("9140/3", "intermediate"), ("9364/3", "sarcoma"),
    ("9367/3", "sarcoma"), ("8830/1", "intermediate"), ("8850/0", "benign"), ("8841/0", "benign"),
    ("9260/0", "benign"), ("8800/3", "sarcoma"), ("8000/3", "unknown"), ("8070/3", "not_sarcoma"),
    ("8720/3", "not_sarcoma"), ("9590/3", "not_sarcoma"), ("8980/3", "not_sarcoma"),
]  # fmt: skip
#: IARC/IACR 2004 histology groups and our two extensions (E1: to group 6; E2: with Ewing in 16).
IARC = [
    ("8858/3", "6"), ("8800/3", "6"), ("9120/3", "6"), ("9180/3", "6"), ("9540/3", "6"), ("9370/3", "6"),
    ("8936/3", "16"), ("8930/3", "16"), ("8963/3", "16"), ("9020/3", "16"), ("9364/3", "16"),
    ("9140/3", "15"), ("9050/3", "7"), ("9755/3", "13"), ("8000/3", "17"),
    ("8714/3", "6"), ("9045/3", "6"), ("9137/3", "6"), ("9138/1", "6"), ("9366/3", "16"), ("9368/3", "16"),
]  # fmt: skip


@pytest.mark.parametrize(("code", "malignancy_class"), CLASSES)
def test_class(code, malignancy_class):
    assert MORPHOLOGY.loc[code, "malignancy_class"] == malignancy_class


@pytest.mark.parametrize(("code", "group"), IARC)
def test_iarc_group(code, group):
    assert MORPHOLOGY.loc[code, "iarc_group"] == group


def test_at_least_155_histotypes_are_in_scope():
    assert MORPHOLOGY["malignancy_class"].isin(["sarcoma", "intermediate"]).sum() >= 155


def test_codes_are_written_as_icdo3_with_their_behaviour():
    assert all(re.fullmatch(r"\d{4}/[01239]", code) for code in MORPHOLOGY.index)
    assert [code[-1] for code in MORPHOLOGY.index] == MORPHOLOGY["behaviour"].tolist()
    assert all(re.fullmatch(r"C\d{2}(\.\d)?", code) for code in TOPOGRAPHY.index)


@pytest.mark.parametrize("table", [MORPHOLOGY, TOPOGRAPHY])
def test_each_code_is_there_once_with_both_labels(table):
    assert table.index.is_unique
    assert table[["label_fr", "label_en"]].notna().all().all()


def test_every_in_scope_code_has_an_iarc_group():
    in_scope = MORPHOLOGY["malignancy_class"].isin(["sarcoma", "intermediate"])
    assert MORPHOLOGY.index[in_scope & MORPHOLOGY["iarc_group"].isna()].tolist() == []


def test_every_sub_site_has_its_group_and_the_same_iarc_site():
    groups = {code: TOPOGRAPHY.loc[code[:3], "iarc_site_group"] for code in TOPOGRAPHY.index}
    assert groups == TOPOGRAPHY["iarc_site_group"].to_dict()


@pytest.mark.parametrize(
    ("site", "group"),
    [("C41.2", "C40"), ("C40.2", "C40"), ("C20.9", "C19"), ("C49.2", "C49"), ("C67.9", "C65")],
)
def test_iarc_site_groups(site, group):
    assert TOPOGRAPHY.loc[site, "iarc_site_group"] == group


def test_parents_exist_and_end():
    assert {parent for parent in TERMS.parents.values() if parent} <= set(TERMS.parents)
    assert all(TERMS.covers(code, code) for code in TERMS.parents)
    assert TERMS.covers("8000/3", "8858/3")
    assert not TERMS.covers("8858/3", "8850/3")


def test_a_term_of_ours_means_one_thing():
    for terms in (TERMS.morphology_terms, TERMS.topography_terms):
        assert {key: codes for key, codes in terms.exact.items() if len(codes) > 1} == {}
    assert set(TERMS.morphology_terms.exact).isdisjoint(TERMS.morphology_terms.related)


def test_a_term_of_ours_never_sounds_doubtful():
    terms = [*MORPHOLOGY["label_fr"], *MORPHOLOGY["label_en"], *read_codes("morphology_synonym")["term"]]
    assert {find_qualifier(term) for term in terms} <= {None, "differential"}
    assert all(normalise(term) for term in terms)


@pytest.mark.parametrize(
    ("table", "column", "known"),
    [
        ("morphology_synonym", "morphology", MORPHOLOGY),
        ("adicap", "morphology", MORPHOLOGY),
        ("topography_synonym", "topography", TOPOGRAPHY),
        ("icd10_topography", "topography", TOPOGRAPHY),
    ],
)
def test_every_table_points_to_codes_we_have(table, column, known):
    assert set(read_codes(table)[column]) <= set(known.index)


def test_adicap_holds_at_least_60_sarcoma_lesions_once_each():
    table = read_codes("adicap")
    classes = MORPHOLOGY.loc[table["morphology"], "malignancy_class"]
    assert table["lesion"].is_unique
    assert set(table["predicate"]) <= {"exact", "narrow", "broad", "related"}
    assert classes.isin(["sarcoma", "intermediate"]).sum() >= 60


def test_a_lesion_wider_than_a_code_says_why():
    table = read_codes("adicap")
    unsure = table[table["predicate"] != "exact"]
    assert unsure["comment"].notna().all()
