"""Rows that repeat an earlier one in every field are merged into the first of them, and no others are."""

import pyarrow as pa
import pytest

from pipelines.stage.rows import exact_repeats
from validations.contracts.derive import arrow_schema
from validations.contracts.tables import STAGED


def imaging(*rows):
    """Rows of patient, tumour and date, numbered from 0."""
    schema = arrow_schema(STAGED["imaging"])
    names = ("local_patient_id", "local_tumour_id", "imaging_date")
    assert set(names) <= set(schema.names)
    said = [
        dict(zip(names, row, strict=True)) | {"row_id": str(place), "delivery_id": "d"}
        for place, row in enumerate(rows)
    ]
    return pa.Table.from_pylist(said, schema=pa.schema([field.with_nullable(True) for field in schema]))


@pytest.mark.parametrize(
    ("rows", "merged"),
    [
        ([], []),
        ([("1", "A", "2019")], []),
        ([("1", "A", "2019"), ("1", "A", "2020")], []),
        ([("1", "A", "2019"), ("2", "A", "2019"), ("1", "A", "2019"), ("1", "A", "2019")], [("2", "0"), ("3", "0")]),
        ([("1", "A", None), ("1", "A", None), ("1", "A", "2019")], [("1", "0")]),
        ([("1", None, None), (None, "1", None), ("1", None, None)], [("2", "0")]),
        ([(None, None, None), (None, None, None)], [("1", "0")]),
        ([(None, None, None)], []),
        ([("1\x1f", "A", "x"), ("1", "\x1fA", "x")], []),  # joined, they are the same text
        ([("\x00", "A", "x"), (None, "A", "x"), ("1", "A", "x")], []),
    ],
)  # fmt: skip
def test_only_a_row_that_is_another_one_throughout_is_merged_into_it(rows, merged):
    found = exact_repeats(imaging(*rows), "imaging")
    assert list(zip(found["row_id"].to_pylist(), found["into_row_id"].to_pylist(), strict=True)) == merged
