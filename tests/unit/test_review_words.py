"""A trait under review in words: what, how far it agrees, what it weighs."""

import pytest

from pipelines.review_queue import Part
from pipelines.review_words import bits, sentence


@pytest.mark.parametrize(
    ("weight", "fr", "en"),
    [
        (11.23, "+11,2", "+11.2"), (-5.716, "−5,7", "−5.7"), (0.0, "0", "0"), (0.04, "0", "0"), (-0.04, "0", "0"),
        (0.05001, "+0,1", "+0.1"), (-0.06, "−0,1", "−0.1"), (1000, "+1000,0", "+1000.0"),
    ],
)  # fmt: skip
def test_bits(weight, fr, en):
    assert bits(weight) == (fr, en)


@pytest.mark.parametrize(
    ("part", "fr", "en"),
    [
        (("birth_name", "exact", 11.2, 1.7), "nom de naissance : identique, rare (+11,2)",
         "birth name: identical, rare (+11.2)"),
        (("birth_name", "exact", 7.5, -2.0), "nom de naissance : identique, valeur courante (+7,5)",
         "birth name: identical, a common value (+7.5)"),
        (("birth_name", "exact", 10.0, 0.99), "nom de naissance : identique (+10,0)", "birth name: identical (+10.0)"),
        (("sex", "exact", 1.0, None), "sexe : identique (+1,0)", "sex: identical (+1.0)"),
        (("first_name", "other", -5.7, 0.0), "prénoms de naissance : ne concorde pas (−5,7)",
         "birth first names: does not agree (−5.7)"),
        (("birth_date", "swapped", 9.9, None), "date de naissance : jour et mois intervertis (+9,9)",
         "date of birth: day and month swapped (+9.9)"),
        (("birth_name", "alike", 7.5, 3.0), "nom de naissance : ressemblant (+7,5)", "birth name: alike (+7.5)"),
        (("ins", "missing", 0.0, None), "matricule INS : donnée manquante (0)", "INS number: missing (0)"),
        (("prior", "prior", -15.1, None), "point de départ : deux dossiers pris au hasard (−15,1)",
         "start: two records taken at random (−15.1)"),
    ],
)  # fmt: skip
def test_sentence(part, fr, en):
    assert sentence(Part(*part)) == (fr, en)
