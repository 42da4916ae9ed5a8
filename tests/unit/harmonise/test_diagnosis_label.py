"""Labels that the dictionary does not hold whole: what is beside, parts, slips; and what stays with a person."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.harmonise.diagnosis_label import read_diagnosis_label, read_family, sites_in_label
from pipelines.harmonise.terminology import load_terminology

TERMS = load_terminology()
CERTAIN = [
    ("Léiomyosarcome de la veine cave inférieure, 12 x 8 cm", "8890/3"),
    ("Liposarcome dédifférencié rétropéritonéal droit pT2bN0M0 stade IIIA", "8858/3"),
    ("Récidive locale d'un liposarcome dédifférencié de la cuisse", "8858/3"),
    ("Métastases pulmonaires d'un léiomyosarcome de la jambe", "8890/3"),
    ("Lung metastasis from leiomyosarcoma", "8890/3"),
    ("Sarcome d'Ewing EWSR1-FLI1 du fémur", "9364/3"),
    ("Léiomyosarcome (LMS)", "8890/3"),
    ("Sarcome : liposarcome myxoïde", "8852/3"),
    ("Chondrosarcome grade 2 de l'aile iliaque gauche", "9220/3"),
    ("Tumeur à cellules géantes du tibia", "9250/1"),
    ("Angiosarcome malin du foie", "9120/3"),
    ("Lipsoarcome myxoïde", "8852/3"),
    ("Breast angiosarcoma", "9120/3"),
    ("Sarcome du stroma endométrial de bas grade de l'utérus", "8931/3"),
    ("Lipome intramusculaire de la cuisse", "8856/0"),
    ("Sarcome à cellules claires, rein gauche", "8964/3"),
]
DOUBTFUL = [
    # label                                            → every code that it may be
    ("Sarcome MDM2 amplifié de la cuisse", {"8800/3"}),
    ("Ostéosarcome de bas grade du fémur", {"9180/3"}),
    ("Lipome métastatique du bras", {"8850/0"}),
    ("Liposarcome dédiférencié", {"8858/3"}),
    ("Léiomyosarcome ou GIST", {"8890/3", "8936/3"}),
    ("Tumeur à cellules géantes", {"9250/1"}),
    ("GIST de la cuisse", {"8936/3", "8890/3"}),
    ("Léiomyosarcome à composante chondroblastique", set()),
]
NOTHING = [
    "Masse de la cuisse",
    "Lésion osseuse du fémur gauche",
    "douleur",
    "",
    None,
    "myolymphome",
    "cuisse",
    "12 cm",
]
SITES = [
    ("Léiomyosarcome de la cuisse", ("C49.2",)),
    ("Métastase pulmonaire d'un léiomyosarcome de la cuisse", ("C49.2",)),
    ("Léiomyosarcome", ()),
    (None, ()),
]


@pytest.mark.parametrize(("label", "code"), CERTAIN)
def test_one_term_beside_what_agrees_with_it_is_certain(label, code):
    found = read_diagnosis_label(label, TERMS)
    assert (found.codes, found.is_exact, found.qualifier) == ({code}, True, None)


@pytest.mark.parametrize(("label", "codes"), DOUBTFUL)
def test_what_may_be_another_tumour_is_a_candidate(label, codes):
    found = read_diagnosis_label(label, TERMS)
    assert (set(found.codes), found.is_exact) == (codes, False)


@pytest.mark.parametrize("label", NOTHING)
def test_a_label_without_a_diagnosis_says_nothing(label):
    assert read_diagnosis_label(label, TERMS).codes == frozenset()


@pytest.mark.parametrize(("label", "sites"), SITES)
def test_the_site_of_the_primary(label, sites):
    assert sites_in_label(label) == sites


FAMILIES = [
    ("Carcinome urothélial infiltrant de la vessie", "8010/3"),
    ("Adénocarcinome mucineux du côlon", "8140/3"),
    ("Carcinome épidermoïde bien différencié de la langue", "8070/3"),
    ("Lymphome folliculaire", "9590/3"),
    ("Metastatic melanoma, left groin", "8720/3"),
    ("Métastase d'un carcinome du sein", "8010/3"),
    ("Carcinome ou sarcome", None),
    ("Carcinome probable", None),
    ("Pas de carcinome", None),
    ("Carcinosarcome de l'utérus", None),
    ("Mélanome des tissus mous", None),
    ("Lymphome et adénocarcinome", None),
    ("Sarcome", None),
    (None, None),
]


@pytest.mark.parametrize(("label", "family"), FAMILIES)
def test_a_family_that_is_not_ours_is_known_by_one_word(label, family):
    assert read_family(label) == family


@settings(deadline=None)  # the first label builds the index
@given(st.text(max_size=120))
def test_any_text_is_read(text):
    found = read_diagnosis_label(text, TERMS)
    assert not found.is_exact or len(found.codes) == 1
