"""Diagnoses as hospitals write them, in two languages, apart from the tables of words: how many are coded, how well.

`tests/data/hospital_labels.csv` holds labels with the site that stood beside them and the code that a coder gives; none
where nobody could. A tumour that is decided wrongly costs more than one that a person reads.
"""

import csv
from pathlib import Path

import pytest

from pipelines.harmonise.coding import code_labels
from pipelines.harmonise.misplaced import Stated
from pipelines.harmonise.terminology import load_terminology

DATA = Path(__file__).parents[1] / "data"
SCOPE = ("sarcoma", "intermediate")


#: The first was read while the words were written, the second only when they were.
SETS = ("hospital_labels", "hospital_labels_apart")


@pytest.fixture(scope="module", params=SETS)
def rows(request):
    text = (DATA / f"{request.param}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@pytest.fixture(scope="module")
def coded(rows):
    stated = [Stated(label=row["label"], topography_code=row["topography_code"] or None) for row in rows]
    return code_labels(stated, terms=load_terminology(), scope=SCOPE)


def share(flags):
    return sum(flags) / len(flags)


def test_no_label_is_decided_wrongly(rows, coded):
    wrong = [
        (row["label"], row["morphology"], one.morphology)
        for row, one in zip(rows, coded, strict=True)
        if one.decision != "review" and one.morphology != row["morphology"]
    ]
    assert wrong == []


def test_most_labels_are_decided(coded):
    assert share([one.decision != "review" for one in coded]) >= 0.90


def test_the_best_answer_is_nearly_always_right(rows, coded):
    known = [(row, one) for row, one in zip(rows, coded, strict=True) if row["morphology"]]
    assert share([one.morphology == row["morphology"] for row, one in known]) >= 0.96
    assert share([row["morphology"] in [c.code for c in one.candidates] for row, one in known]) >= 0.97


def test_what_nobody_could_code_is_left_to_a_person(rows, coded):
    assert {one.decision for row, one in zip(rows, coded, strict=True) if not row["morphology"]} <= {"review"}


def test_a_doubt_is_always_left_to_a_person():
    doubts = ["{} ?", "probable {}", "possible {}", "suspicion de {}", "{} ou autre", "{} versus autre"]
    labels = [
        "léiomyosarcome",
        "liposarcome dédifférencié de la cuisse",
        "GIST gastrique",
        "sarcome d'Ewing du fémur",
    ]
    stated = [Stated(label=doubt.format(label)) for doubt in doubts for label in labels]
    found = code_labels(stated, terms=load_terminology(), scope=SCOPE)
    assert {one.decision for one in found} == {"review"}


def test_a_denial_has_no_candidate():
    stated = [
        Stated(label="absence de léiomyosarcome"),
        Stated(label="no evidence of liposarcoma of the thigh"),
    ]
    found = code_labels(stated, terms=load_terminology(), scope=SCOPE)
    assert [(one.decision, one.candidates) for one in found] == [("review", ()), ("review", ())]
