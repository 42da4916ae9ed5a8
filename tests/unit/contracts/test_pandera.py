"""The Pandera schema, value by value: what each kind accepts and what it refuses, and for which reason."""

import datetime as dt
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest
from pandera.errors import SchemaErrors

from tests.unit.contracts.sample import SAMPLE, table
from validations.contracts.derive import arrow_schema, pandera_schema
from validations.contracts.make import technical
from validations.contracts.model import Table

GOOD = {
    "id": "a",
    "note": None,
    "colour": "red",
    "seen_date": None,
    "grade": None,
    "size_mm": None,
    "is_new": None,
    "at": None,
    "seen_count": 0,
}
SCHEMA = pandera_schema(SAMPLE)


def frame(*rows: dict[str, Any], of: Table = SAMPLE) -> pd.DataFrame:
    """Rows with the types of the contract, empty cells allowed everywhere."""
    types = pa.schema([field.with_nullable(True) for field in arrow_schema(of)])
    return pa.Table.from_pylist(list(rows), schema=types).to_pandas(types_mapper=pd.ArrowDtype)


def refusals(found: pd.DataFrame, schema: Any = SCHEMA) -> list[tuple[str, str]]:
    """Column and reason of each refusal: the name of a check, or Pandera's own reason."""
    try:
        schema.validate(found, lazy=True)
    except SchemaErrors as problems:
        return sorted(
            (str(error.schema.name), getattr(error.check, "name", None) or error.reason_code.name)
            if error.reason_code.name == "DATAFRAME_CHECK"
            else (str(error.schema.name), error.reason_code.name)
            for error in problems.schema_errors
        )
    return []


@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("note", "n'importe quoi", None),
        ("note", "", None),
        ("colour", "green", None),
        ("colour", "blue", "code"),
        ("colour", "Red", "code"),
        ("colour", "rouge", "code"),
        ("colour", "", "code"),
        ("seen_date", dt.date(2015, 3, 10), None),
        ("seen_date", dt.date(1, 1, 1), None),
        ("grade", 0, "low"),
        ("grade", 1, None),
        ("grade", 4, None),
        ("grade", 5, "high"),
        ("size_mm", 0.29, "low"),
        ("size_mm", 0.3, None),
        ("size_mm", 1000.0, None),
        ("size_mm", 1000.1, "high"),
        ("is_new", False, None),
        ("at", dt.datetime(2015, 3, 10), None),  # noqa: DTZ001 - the column has no zone
        ("seen_count", -1, "low"),
        ("seen_count", 10**12, None),
    ],
)
def test_a_value_is_accepted_or_refused_for_its_reason(column, value, reason):
    found = refusals(frame(GOOD | {column: value}))
    assert found == ([(column, reason)] if reason else [])


@pytest.mark.parametrize("column", SAMPLE.columns)
def test_a_cell_may_be_empty_unless_it_is_mandatory(column):
    found = refusals(frame(GOOD | {column: None}))
    mandatory = column in {"id", "colour", "seen_count"}
    assert found == ([(column, "SERIES_CONTAINS_NULLS")] if mandatory else [])


@pytest.mark.parametrize(
    ("column", "wrong"),
    [
        ("note", pd.Series([1], dtype="int64[pyarrow]")),
        ("colour", pd.Series(["red"], dtype="object")),
        ("seen_date", pd.Series(["2015-03-10"], dtype="string[pyarrow]")),
        ("grade", pd.Series([2.0], dtype="double[pyarrow]")),
        ("size_mm", pd.Series([80], dtype="int64[pyarrow]")),
        ("is_new", pd.Series([1], dtype="int64[pyarrow]")),
        ("seen_count", pd.Series([0], dtype="int32[pyarrow]")),
    ],
)
def test_a_column_of_another_type_is_refused_not_converted(column, wrong):
    rows = frame(GOOD)
    rows[column] = wrong
    assert (column, "WRONG_DATATYPE") in refusals(rows)


def test_every_refused_cell_is_counted():
    rows = frame(*(GOOD | {"id": str(i), "grade": grade} for i, grade in enumerate([0, 2, 9, None, -3])))
    with pytest.raises(SchemaErrors) as problems:
        SCHEMA.validate(rows, lazy=True)
    places = {int(i) for error in problems.value.schema_errors for i in error.failure_cases["index"]}
    assert places == {0, 2, 4}


@pytest.mark.parametrize(
    ("rows", "reasons"),
    [
        (["a 1", "b 1"], []),
        (["a 1", "a 2"], []),
        (["a 1", "a 1"], [("fct_sample", "DUPLICATES")]),
    ],
)
def test_a_key_of_two_columns_is_unique_as_a_pair(rows, reasons):
    paired = table(technical("part", "part", "part"), key=("id", "part"))
    written = [dict(zip(("id", "part"), row.split(), strict=True)) for row in rows]
    assert refusals(frame(*written, of=paired), pandera_schema(paired)) == reasons


@pytest.mark.parametrize(
    ("name", "change", "reason"),
    [
        ("too many", lambda rows: rows.assign(more=1), "COLUMN_NOT_IN_SCHEMA"),
        ("too few", lambda rows: rows.drop(columns="note"), "COLUMN_NOT_IN_DATAFRAME"),
        ("another order", lambda rows: rows[rows.columns[::-1]], "COLUMN_NOT_ORDERED"),
    ],
)
def test_the_columns_are_those_of_the_contract_in_their_order(name, change, reason):
    assert reason in {why for _, why in refusals(change(frame(GOOD)))}


def test_an_accepted_frame_comes_back_unchanged():
    rows = frame(GOOD, GOOD | {"id": "b", "grade": 3, "size_mm": 0.3})
    pd.testing.assert_frame_equal(SCHEMA.validate(rows, lazy=True), rows)
