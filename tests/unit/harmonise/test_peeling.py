"""What stands beside a diagnosis is taken away only when it agrees with what is left."""

import pytest

from pipelines.harmonise.peeling import agrees, check_site, peel
from pipelines.harmonise.words import fold, words_of
from pipelines.io.configuration import read_codes


def peeled(label):
    return peel(words_of(fold(label)))


BESIDE = [
    # label                                    → words kept, sites
    ("léiomyosarcome de la cuisse gauche", {"leiomyosarcom"}, ("C49.2",)),
    ("retroperitoneal liposarcoma", {"liposarcom"}, ("C48.0",)),
    ("GIST gastrique KIT exon 11 muté", {"gist"}, ("C16.9",)),
    ("sarcome synovial SS18-SSX du genou", {"sarcom", "synovial"}, ("C49.2",)),
    ("angiosarcome du cuir chevelu", {"angiosarcom"}, ("C44.4",)),
    ("chondrosarcome grade 2 du bassin", {"chondrosarcom"}, ("C41.4",)),
    ("liposarcome dédifférencié", {"dediff", "liposarcom"}, ()),
]


@pytest.mark.parametrize(("label", "kept", "sites"), BESIDE)
def test_what_may_be_taken_away(label, kept, sites):
    words = set(words_of(fold(label)))
    found = peeled(label)
    assert words - found.words == kept
    assert found.sites == sites


AGREEMENT = [
    # code, label, agrees
    ("8890/3", "léiomyosarcome métastatique de la cuisse", True),
    ("8850/0", "lipome métastatique", False),
    ("8850/0", "lipome infiltrant", False),
    ("8850/0", "lipome de grade 1", False),
    ("8850/0", "lipome du bras gauche", True),
    ("8850/3", "liposarcome malin", True),
    ("8821/1", "tumeur desmoïde maligne", False),
    ("8890/0", "léiomyome bénin", True),
    ("9180/3", "ostéosarcome de bas grade", False),
    ("9180/3", "ostéosarcome de haut grade", True),
    ("9020/1", "tumeur phyllode de haut grade", False),
    ("8800/3", "sarcome MDM2 amplifié", False),
    ("8858/3", "liposarcome dédifférencié MDM2 amplifié", True),
    ("9044/3", "sarcome à cellules claires du rein", False),
    ("8936/3", "GIST de la cuisse", False),
    ("8936/3", "GIST de l'estomac", True),
    ("8800/3", "sarcome de l'estomac", False),
]


@pytest.mark.parametrize(("code", "label", "is_sound"), AGREEMENT)
def test_agreement(code, label, is_sound):
    found = peeled(label)
    assert agrees(code, found.words & set(words_of(fold(label))), found) is is_sound


@pytest.mark.parametrize(
    ("code", "site", "instead"),
    [("9250/1", "C49.2", "9251/1"), ("9250/1", "C40.2", "9250/1"), ("8850/1", "C48.0", "8851/3")],
)
def test_a_site_that_makes_another_tumour(code, site, instead):
    assert check_site(code, site).instead == instead


def test_a_site_says_nothing_of_most_tumours():
    assert check_site("8890/3", "C49.2") is None
    assert check_site("9250/1", None) is None


def test_the_tables_point_to_codes_we_have():
    known = set(read_codes("morphology")["morphology"])
    checks, markers = read_codes("site_check"), read_codes("label_marker")
    assert set(checks["morphology"]) | set(checks["instead"].dropna()) <= known
    assert {code for codes in markers["morphologies"] for code in codes.split()} <= known
    assert set(checks["is_certain"]) == {"yes", "no"}
    assert checks["comment"].notna().all()
