"""One answer per row: what is certain, what a person reads, what is not the network's; and why."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.harmonise.coding import code_labels, code_many
from pipelines.harmonise.misplaced import Stated
from pipelines.harmonise.terminology import load_terminology

TERMS = load_terminology()
SCOPE = ("sarcoma", "intermediate")
DECIDED = [
    # what is stated                                                    → morphology, decision, first reason
    ({"label": "Liposarcome dédifférencié"}, "8858/3", "auto", "by_label"),
    ({"label": "Tumeur desmoïde"}, "8821/1", "auto", "by_label"),
    ({"morphology": "8936/1", "icdo_version": "ICD-O-3.1"}, "8936/3", "auto", "by_migrated"),
    ({"morphology": "8890/3", "label": "Léiomyosarcome"}, "8890/3", "auto", "by_code"),
    ({"label": "8890/3 léiomyosarcome"}, "8890/3", "auto", "by_code"),
    ({"label": "Lipome"}, "8850/0", "out_of_scope", "scope_benign"),
    ({"label": "Adénocarcinome"}, "8140/3", "out_of_scope", "scope_not_sarcoma"),
    ({"label": "Carcinome urothélial de la vessie"}, "8010/3", "out_of_scope", "scope_not_sarcoma"),
    ({"label": "Tumeur à cellules géantes", "topography_code": "C40.2"}, "9250/1", "auto", "by_label"),
    ({"label": "Tumeur à cellules géantes", "topography_code": "C49.2"}, "9250/1", "review", "label_broad"),
    ({"label": "Tumeur desmoïde", "topography_code": "C48.1"}, "8821/1", "review", "site_disagrees"),
    ({"label": "GIST", "topography_code": "C40.2"}, "8936/3", "review", "site_disagrees"),
    ({"label": "Léiomyosarcome avec composante inhabituelle"}, "8890/3", "review", "label_unknown"),
    ({"label": "Mélanome"}, "8720/3", "out_of_scope", "scope_not_sarcoma"),
    ({"morphology": "9680/3"}, "9680/3", "out_of_scope", "scope_not_sarcoma"),
    ({"label": "Tumeur maligne"}, "8000/3", "review", "too_vague"),
    ({"label": "Liposarcome dédifférencié ?"}, "8858/3", "review", "label_hedged"),
    ({"label": "8858/3 léiomyosarcome"}, "8858/3", "review", "codings_disagree"),
    ({"label": "8858/3"}, "8858/3", "review", "code_misplaced"),
    ({"morphology": "C49.2"}, None, "review", "code_misplaced"),
    ({"topography_code": "8858/3"}, "8858/3", "review", "code_misplaced"),
    ({"label": "Léiomyosarcome", "icd10": "D25.9"}, "8890/3", "review", "icd10_disagrees"),
    ({"label": "Léiomyosarcome", "icd10": "C43.9"}, "8890/3", "review", "icd10_disagrees"),
    ({"label": "Lipome", "icd10": "C49.2"}, "8850/0", "review", "icd10_disagrees"),
    ({"label": "Léiomyosarcome", "icd10": "C49.2"}, "8890/3", "auto", "by_label"),
    ({"label": "Lymphome", "icd10": "C85.9"}, "9590/3", "out_of_scope", "scope_not_sarcoma"),
    ({"label": "Tumeur desmoïde", "icd10": "D48.1"}, "8821/1", "auto", "by_label"),
    ({}, None, "review", "nothing_stated"),
]
HOSTILE = [
    "", " ", "?", "azerty", "=1+1", "=HYPERLINK(\"http://x\")", "@SUM(A1)", "x" * 10_000, "sarcome " * 2_000, "саркома",
    "肉腫", "ساركوما", "\x00\x01", "'; DROP TABLE x; --", "12345", "8858", "NaN", "null", "🦴", "-" * 300,
]  # fmt: skip


def code(**stated):
    [found] = code_labels([Stated(**stated)], terms=TERMS, scope=SCOPE)
    return found


@pytest.mark.parametrize(("stated", "morphology", "decision", "reason"), DECIDED)
def test_decision(stated, morphology, decision, reason):
    found = code(**stated)
    assert (found.morphology, found.decision, found.reasons[0]) == (morphology, decision, reason)


def test_the_scope_is_what_the_network_says():
    [found] = code_labels([Stated(label="Tumeur desmoïde")], terms=TERMS, scope=("sarcoma",))
    assert (found.decision, found.reasons) == ("out_of_scope", ("scope_intermediate",))


def test_entity_site_and_score_stand_beside_the_code():
    found = code(label="Fibrosarcome épithélioïde sclérosant", topography_text="cuisse")
    assert found.entity == "fibroblastic.sclerosing-epithelioid-fibrosarcoma"
    assert (found.topography, found.method, found.score) == ("C49.2", "label", 1.0)
    assert [one.code for one in found.candidates] == ["8840/3"]


@pytest.mark.parametrize(
    "column", ["label", "morphology", "adicap", "icd10", "topography_code", "topography_text"]
)
@pytest.mark.parametrize("text", HOSTILE)
def test_bad_input_is_left_to_a_person_with_a_reason(column, text):
    found = code(**{column: text})
    assert found.decision == "review"
    assert found.reasons


@settings(deadline=None)  # the first label builds the index
@given(st.text(max_size=80))
def test_any_label_has_a_decision_and_a_reason(text):
    found = code(label=text)
    assert found.reasons
    assert found.decision != "auto" or found.morphology


def test_the_same_rows_have_the_same_answers_in_any_order():
    rows = [Stated(**stated) for stated, *_ in DECIDED]
    forth = code_labels(rows, terms=TERMS, scope=SCOPE)
    assert code_labels(rows[::-1], terms=TERMS, scope=SCOPE) == forth[::-1]


def test_two_processes_give_the_answers_of_one():
    rows = [
        Stated(label=f"{stated.get('label', '')} {number}") for number in range(150) for stated, *_ in DECIDED
    ]
    assert code_many(rows, scope=SCOPE, processes=2) == code_many(rows, scope=SCOPE, processes=1)
