"""Operations of hand-made paths: which act is the first one, and what may stand around it."""

import numpy as np
import pandas as pd
import pytest

from pipelines.synthetic.calibration import EXPORT_DAY
from pipelines.synthetic.operations import draw_operations, is_value, rows_of
from pipelines.synthetic.pathway import MARGINS, NO, UNKNOWN, YES

N = 600
PATH = {
    "is_operated": True, "is_palliative": False, "is_intent_blank": False, "biopsy_before": YES, "rcp_before": YES,
    "in_reference": YES, "margin": 0, "no_biopsy": None, "topography": "C49.2", "centre": 3, "surgery_facility": "ICO",
    "diagnosis_date": 15_000, "surgery_date": 15_042,
}  # fmt: skip


def operations(cal, seed=1, **changes):
    """The acts of many tumours of one and the same path."""
    path = pd.DataFrame([PATH | changes] * N)
    return draw_operations(cal, path, np.random.default_rng(seed))


def shares(acts, column="surgery_kind"):
    first = acts[acts["is_first"]]
    return (100 * first[column].value_counts(normalize=True, dropna=False)).round().to_dict()


@pytest.mark.parametrize(
    ("changes", "kinds"),
    [
        ({}, {"resection": 96, "amputation": 4}),
        ({"topography": "C48.0"}, {"resection": 100}),
        ({"topography": "C40.2"}, {"resection": 96, "amputation": 4}),
        ({"biopsy_before": UNKNOWN}, {"resection": 96, "amputation": 4}),
        ({"biopsy_before": NO, "no_biopsy": "none"}, {"resection": 100}),
        ({"biopsy_before": NO, "no_biopsy": "excisional"}, {"excisional_biopsy": 100}),
        (
            {"biopsy_before": NO, "no_biopsy": "none", "rcp_before": NO, "in_reference": NO},
            {"resection": 60, "unplanned_excision": 40},
        ),
        ({"biopsy_before": NO, "no_biopsy": "none", "rcp_before": NO}, {"resection": 100}),
        ({"biopsy_before": NO, "no_biopsy": "none", "in_reference": NO}, {"resection": 100}),
        (
            {"biopsy_before": NO, "no_biopsy": "excisional", "rcp_before": NO, "in_reference": NO},
            {"excisional_biopsy": 100},
        ),
    ],
)
def test_the_kind_of_the_first_operation(cal, changes, kinds):
    assert shares(operations(cal, **changes)) == kinds


@pytest.mark.parametrize(
    ("changes", "intent"),
    [
        ({}, "curative"),
        ({"is_palliative": True}, "palliative"),
        ({"is_intent_blank": True}, None),
        ({"is_palliative": True, "is_intent_blank": True}, "palliative"),
    ],
)
def test_the_intent_of_the_first_operation(cal, changes, intent):
    acts = operations(cal, **changes)
    found = acts.loc[acts["is_first"], "surgery_intent"]
    assert set(found.where(found.notna(), None)) == {intent}


@pytest.mark.parametrize(("position", "margin"), list(enumerate(MARGINS)))
def test_the_margin_of_the_first_operation_is_that_of_the_path(cal, position, margin):
    acts = operations(cal, margin=position)
    assert shares(acts, "margin") == {margin: 100}


def test_the_first_operation_is_where_and_when_the_path_says(cal):
    first = operations(cal, surgery_facility="Clinique des Tilleuls").query("is_first")
    assert len(first) == N
    assert set(first["surgery_facility"]) == {"Clinique des Tilleuls"}
    assert set(first["surgery_date"]) == {PATH["surgery_date"]}
    assert set(first["surgery_target"]) == {"primary"}


def test_who_is_not_operated_has_no_operation(cal):
    assert operations(cal, is_operated=False).empty


@pytest.mark.parametrize(
    ("changes", "percent"),
    [({"rcp_before": YES}, 6.0), ({"rcp_before": NO}, 17.4), ({"rcp_before": UNKNOWN}, 17.4)],
)
def test_a_second_operation_is_rarer_after_a_board(cal, changes, percent):
    acts = operations(cal, **changes)
    assert 100 * (acts["surgery_kind"] == "re_excision").sum() / N == pytest.approx(percent, abs=0.2)


def test_a_poor_margin_is_operated_again_more_often(cal):
    path = pd.DataFrame([PATH | {"margin": n % 2} for n in range(N)])
    acts = draw_operations(cal, path, np.random.default_rng(2))
    again = acts.loc[acts["surgery_kind"] == "re_excision", "tumour"]
    assert (again % 2).mean() > 0.6


def test_no_act_around_the_first_is_taken_for_it(cal):
    """Another kind, another target, or a later date: the definition finds the first operation and no other."""
    acts = pd.concat([operations(cal, seed) for seed in range(4)], ignore_index=True)
    counted = acts["surgery_kind"].isin(
        ["resection", "excisional_biopsy", "unplanned_excision", "amputation"]
    )
    counted &= acts["surgery_target"] == "primary"
    assert (counted == acts["is_first"]).all()
    later = acts[~acts["is_first"] & (acts["surgery_kind"] != "exploratory")]
    assert (later["surgery_date"] > PATH["surgery_date"]).all()
    before = acts[acts["surgery_kind"] == "exploratory"]["surgery_date"]
    assert before.between(PATH["diagnosis_date"] + 1, PATH["surgery_date"] - 1).all()
    assert len(before) > 0


@pytest.mark.parametrize("changes", [{"biopsy_before": NO}, {"biopsy_before": UNKNOWN}])
def test_nothing_is_explored_before_without_a_biopsy_before(cal, changes):
    """The day of the diagnosis is then the day of the operation: there is no time between."""
    assert "exploratory" not in set(operations(cal, **changes)["surgery_kind"])


def test_what_would_come_after_the_export_is_not_told_but_the_first_is(cal):
    acts = operations(cal, surgery_date=EXPORT_DAY - 1, diagnosis_date=EXPORT_DAY - 40, rcp_before=NO)
    assert acts["is_first"].sum() == N
    assert acts["surgery_date"].max() <= EXPORT_DAY
    assert set(acts["surgery_kind"]) <= {"resection", "amputation", "exploratory"}


def test_later_operations_are_in_the_patients_centre(cal):
    acts = operations(cal, surgery_facility="Clinique des Tilleuls")
    later = set(acts.loc[~acts["is_first"], "surgery_facility"])
    assert later <= set(cal.reference_names[PATH["centre"]])
    assert later


def test_rows_are_cut_to_the_chosen_tumours():
    chosen = np.array([True, False, True])
    rows = rows_of(chosen, date=np.array([1, 2, 3]), kind="core")
    assert rows.to_dict("list") == {"tumour": [0, 2], "date": [1, 3], "kind": ["core", "core"]}


def test_a_missing_value_equals_nothing():
    path = pd.DataFrame({"x": ["a", None, "b"]}, dtype=object)
    assert is_value(path, "x", "a").tolist() == [True, False, False]
    assert is_value(path, "x", "z").tolist() == [False, False, False]
