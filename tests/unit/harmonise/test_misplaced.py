import pytest

from pipelines.harmonise.misplaced import Stated, code_in_label, put_in_place, read_version

PLACES = [
    # column, what is written there                      → the column where it is read
    ("morphology", "C49.2", "topography_code"),
    ("morphology", "c492", "topography_code"),
    ("morphology", "D48.1", "icd10"),
    ("morphology", "BHTCL7S6", "adicap"),
    ("topography_code", "8858/3", "morphology"),
    ("topography_code", "D48.1", "icd10"),
    ("adicap", "8858/3", "morphology"),
    ("icd10", "M-8858/3", "morphology"),
    ("label", "8858/3", "morphology"),
    ("label", "C49.2", "topography_code"),
    ("topography_text", "C49.2", "topography_code"),
]
IN_PLACE = [
    ("morphology", "8858/3"),
    ("morphology", "88583"),
    ("topography_code", "C49.2"),
    ("icd10", "C49.2"),
    ("icd10", "D48.38"),
    ("adicap", "OHTCL7S6"),
    ("label", "liposarcome 8858/3"),
    ("label", "sarcome de grade 2/3"),
    ("topography_text", "cuisse"),
]
IN_LABEL = [
    ("8858/3", "8858/3"),
    ("M8858/3 - liposarcome", "8858/3"),
    ("liposarcome (8858/3)", "8858/3"),
    ("liposarcome 8858/3, 8858/3", "8858/3"),
    ("8858/3 ou 8890/3", None),
    ("léiomyosarcome de grade 2/3", None),
    ("dossier 12018858/3", None),
    ("", None),
    (None, None),
]
VERSIONS = [
    ("3.2", "icdo32"), ("icdo32", "icdo32"), ("ICD-O-3.2", "icdo32"), ("CIM-O-3.1", "icdo31"), ("31", "icdo31"),
    ("3.0", "icdo30"), ("ICD-O-3", None), ("2000", None), ("", None), (None, None), ("13.25", None),
]  # fmt: skip


@pytest.mark.parametrize(("column", "text", "home"), PLACES)
def test_a_code_of_another_system_is_read_in_its_own_column_and_said(column, text, home):
    stated, is_misplaced = put_in_place(Stated(**{column: text}))
    assert (stated, is_misplaced) == (Stated(**{home: text}), True)


@pytest.mark.parametrize(("column", "text"), IN_PLACE)
def test_what_stands_in_its_place_stays(column, text):
    assert put_in_place(Stated(**{column: text})) == (Stated(**{column: text}), False)


def test_a_misplaced_code_never_replaces_another():
    given = Stated(morphology="C49.2", topography_code="C48.0")
    assert put_in_place(given) == (Stated(topography_code="C48.0"), True)


@pytest.mark.parametrize(("label", "code"), IN_LABEL)
def test_a_code_written_in_a_label(label, code):
    assert code_in_label(label) == code


@pytest.mark.parametrize(("text", "version"), VERSIONS)
def test_a_version_is_read_when_it_is_named(text, version):
    assert read_version(text) == version
