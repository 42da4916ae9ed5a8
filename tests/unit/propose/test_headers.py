"""What a header resembles, with and without the words around it."""

import pytest

from pipelines.propose.headers import likeness, tokens
from pipelines.propose.reading import load_lexicon


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("N° dossier", ("numero", "dossier")),
        ("dtNaissance", ("date", "naissance")),
        ("DATE_DE_NAISSANCE", ("date", "naissance")),
        ("Prénom(s)", ("prenom", "s")),
        ("CIM-O-3 morpho", ("cimo", "morpho")),
        ("icd10", ("cimdix",)),
        ("ICD-10 code", ("cimdix", "code")),
        ("cimetière", ("cimetiere",)),
        ("Taille (mm)", ("taille", "mm")),
        ("1234", ()),
        ("", ()),
    ],
)
def test_a_header_is_its_words(text, words):
    assert tokens(text) == words


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ("marges", "marge", 1.0, 1.0),
        ("chir", "chirurgie", 0.9, 0.9),
        ("lateralite", "lateralit", 0.7, 1.0),
        ("dgns", "diagnosis", 0.5, 0.7),
        ("naissance", "residence", 0.0, 0.0),
        ("de", "date", 0.0, 0.0),
        ("sexe", "axe", 0.0, 0.0),
    ],
)
def test_words_are_alike_by_beginning_letters_or_spelling(one, other, low, high):
    assert low <= likeness(one, other) <= high
    assert likeness(one, other) == likeness(other, one)


@pytest.mark.parametrize(
    ("header", "context", "field"),
    [
        ("Date de naissance", "", "birth_date"),
        ("DDN", "", "birth_date"),
        ("dt_deces", "", "death_date"),
        ("Date", "chirurgies", "surgery_date"),
        ("Date", "biopsies", "biopsy_date"),
        ("Type", "rcp", "rcp_kind"),
        ("Date de début", "traitements", "treatment_start_date"),
        ("IPP", "chirurgies", "local_patient_id"),
        ("CIMO3_TOPO", "", "topography_code"),
        ("Code CIM-10", "", "icd10_code"),
        ("tumor size", "", "size_mm"),
        ("Nom d'usage", "", "used_name"),
    ],
)
def test_the_best_field_of_a_header(header, context, field):
    words = load_lexicon().headers
    scores = {name: words.score(tokens(header), name, tokens(context)) for name in _fields()}
    assert max(scores, key=lambda name: scores[name]) == field


def test_a_context_alone_names_no_field():
    words = load_lexicon().headers
    assert words.score(tokens("Couleur"), "surgery_date", tokens("date chirurgie")) == 0


def _fields() -> list[str]:
    from pipelines.propose.lexicon import FIELDS

    return list(FIELDS)
