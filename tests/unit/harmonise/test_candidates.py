"""Candidates are ordered by likeness, and by what site and behaviour make of it; chance likeness gives none."""

import pytest

from pipelines.harmonise.candidates import Sought, candidate_index
from pipelines.harmonise.terminology import load_terminology

INDEX = candidate_index(load_terminology())
FIRST = [
    ("liposarcome dediférencié probable de type mixte", "8858/3"),
    ("lyomyosarcome", "8890/3"),
    ("synovial sarcoma, monophasic fibrous subtype", "9041/3"),
    ("rabdomiosarcome alveolaire", "8920/3"),
    ("rhabdomyosarcome embrionnaire", "8910/3"),
    ("hemangio-endoteliome epithelioide", "9133/3"),
    ("condrosarcome mesenchymateux", "9240/3"),
    ("dermatofibrosarcom de Darrier et Ferrand", "8832/1"),
    ("angiosarcomme du sein", "9120/3"),
]


def ranked(label, **evidence):
    [found] = INDEX.rank([Sought(label=label, **evidence)])
    return found


@pytest.mark.parametrize(("label", "code"), FIRST)
def test_the_nearest_term_comes_first(label, code):
    assert ranked(label)[0].code == code


@pytest.mark.parametrize("label", ["", "?", "12", "肉腫", "qwxz vbnk", "x" * 10_000])
def test_what_resembles_nothing_has_no_candidate(label):
    assert ranked(label) == ()


def test_candidates_are_ten_at_most_best_first_each_once():
    found = ranked("sarcome de type indéterminé avec différenciation")
    assert 1 < len(found) <= 10
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    assert len({one.code for one in found}) == len(found)


@pytest.mark.parametrize(("site", "code"), [("C49.2", "9251/1"), ("C40.2", "9250/1")])
def test_a_site_makes_a_candidate_less_likely(site, code):
    codes = [one.code for one in ranked("tumeur à cellules géantes à caractériser", site=site)]
    other = {"9251/1": "9250/1", "9250/1": "9251/1"}[code]
    assert other not in codes or codes.index(code) < codes.index(other)


def test_malignant_makes_a_benign_candidate_less_likely():
    assert ranked("schwannome malin atypique remanié")[0].code == "9560/3"


def test_labels_are_ranked_alone_or_together_alike():
    labels = [Sought(label=label) for label, _ in FIRST]
    assert INDEX.rank(labels) == [INDEX.rank([one])[0] for one in labels]
