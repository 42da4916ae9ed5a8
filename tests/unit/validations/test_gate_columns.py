"""Which columns Pandera is asked about: all that may break the contract, and what it says of them is unchanged."""

import math
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.spec.clean_record import frame
from validations import gate
from validations.contracts.entities import ENTITIES
from validations.contracts.tables import VALIDATED

TUMOUR = VALIDATED["tumour"]
DAMAGE: list[tuple[dict[str, Any], list[str]]] = [
    ({}, []),
    ({"laterality": None, "size_mm": None, "grade": None}, []),
    ({"size_mm": 0.3, "grade": 1}, []),
    ({"size_mm": 1000.0, "grade": 4}, []),
    ({"size_mm": 0.29}, ["size_mm"]),
    ({"size_mm": 1000.5}, ["size_mm"]),
    ({"size_mm": -math.inf}, ["size_mm"]),
    ({"grade": 0}, ["grade"]),
    ({"grade": 5}, ["grade"]),
    ({"laterality": "Left"}, ["laterality"]),
    ({"laterality": ""}, ["laterality"]),
    ({"local_tumour_id": None}, ["local_tumour_id"]),
    ({"file": None}, ["file"]),
    ({"grade": 9, "laterality": "up", "local_patient_id": None}, ["local_patient_id", "laterality", "grade"]),
]


@pytest.mark.parametrize(("change", "columns"), DAMAGE)
def test_a_column_is_doubtful_when_a_value_may_not_conform(change: dict[str, Any], columns: list[str]):
    assert gate._doubtful(TUMOUR, frame("tumour", {}, change)) == columns


@pytest.mark.parametrize("entity", ENTITIES)
def test_nobody_is_asked_about_clean_rows(entity: str):
    assert gate._doubtful(VALIDATED[entity], frame(entity, {}, {})) == []


def test_a_finding_names_the_row_that_is_wrong():
    rows = frame("tumour", {}, {}, {"grade": 9})
    [found] = gate._conformity("tumour", rows).to_pylist()
    assert (found["row_id"], found["field"]) == (rows["row_id"][2].as_py(), "grade")


def retyped(rows: pa.Table) -> pa.Table:
    return rows.set_column(rows.column_names.index("line"), "line", rows["line"].cast(pa.int32()))


@pytest.mark.parametrize(
    "rows",
    [
        pa.concat_tables([frame("tumour"), frame("tumour")]),  # one key twice
        retyped(frame("tumour")),
        frame("tumour").drop(["depth"]),
        frame("tumour").select(list(reversed(TUMOUR.columns))),
    ],
    ids=["key", "type", "missing", "order"],
)
def test_every_column_is_doubtful_when_the_shape_is_not_the_contract_s(rows: pa.Table):
    assert gate._doubtful(TUMOUR, rows) == list(TUMOUR.columns)
    with pytest.raises(gate.ContractBroken):
        gate._conformity("tumour", rows)


@given(
    st.lists(
        st.sampled_from([change for change, _ in DAMAGE if "file" not in change]), min_size=1, max_size=5
    )
)
@settings(max_examples=25, deadline=None)
def test_the_findings_are_those_of_the_whole_schema(changes: list[dict[str, Any]]):
    rows = frame("tumour", *changes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gate, "_doubtful", lambda table, rows: list(table.columns))
        whole = gate._conformity("tumour", rows)
    assert gate._conformity("tumour", rows).to_pylist() == whole.to_pylist()
