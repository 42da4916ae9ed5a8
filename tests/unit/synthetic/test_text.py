"""Canonical text: one way to write each value before a centre's words."""

import numpy as np
import pandas as pd
import pytest

from pipelines.synthetic.declare import NO_DATE
from pipelines.synthetic.text import as_text

KEYS = {"local_patient_id": "p", "local_tumour_id": "t"}


def written(entity, field, value, **more):
    extra = {"tumour": {"morphology": "8858/3", "topography": "C48.0"}}.get(entity, {})
    columns = {
        f: NO_DATE for f in ("diagnosis_date", "surgery_date", "event_date", "death_date", "birth_date")
    }
    frame = pd.DataFrame([{"centre": 1, **KEYS, **extra, **columns, **more, field: value}])
    return as_text(frame, entity)[field].to_pylist()[0]


@pytest.mark.parametrize(
    ("entity", "field", "value", "text"),
    [
        ("tumour", "diagnosis_date", 16136, "2014-03-07"),
        ("tumour", "diagnosis_date", -1, "1969-12-31"),  # a day like any other
        ("tumour", "diagnosis_date", NO_DATE, None),
        ("tumour", "size_mm", 83.0, "83"),
        ("tumour", "size_mm", 34.5, "34.5"),
        ("tumour", "size_mm", np.nan, None),
        ("tumour", "grade", 3, "3"),
        ("tumour", "grade", -1, None),
        ("tumour", "had_biopsy", True, "yes"),
        ("tumour", "had_biopsy", False, "no"),
        ("tumour", "had_biopsy", None, None),
        ("tumour", "laterality", "left", "left"),
        ("surgery", "margin", None, None),
        ("surgery", "ccam_code", None, None),
    ],
)
def test_a_value_as_text(entity, field, value, text):
    assert written(entity, field, value) == text


def test_rows_are_by_centre_in_their_order():
    frame = pd.DataFrame(
        {"centre": [2, 1, 2, 1], "local_patient_id": list("abcd"), "predisposition": "none",
         "has_previous_cancer": True, "has_previous_radiotherapy": False}
    )  # fmt: skip
    table = as_text(frame, "patient_history")
    assert table["local_patient_id"].to_pylist() == ["b", "d", "a", "c"]
    assert table["_line"].to_pylist() == [0, 0, 0, 0]
