"""Parquet: typed values as the text of a workbook's cells."""

import datetime as dt
import decimal
import io
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.errors import FileRefused
from pipelines.io.reading.limits import Limits
from pipelines.io.reading.parquet_tables import find_parquet_table


def parquet(**columns: Any) -> bytes:
    content = io.BytesIO()
    pq.write_table(pa.table(columns), content)
    return content.getvalue()


@pytest.mark.parametrize(
    ("column", "texts"),
    [
        (["a", "", None, " b "], ["a", "", "", " b "]),
        ([1, None, 2**60], ["1", "", str(2**60)]),
        ([1.0, 0.25, None], ["1", "0.25", ""]),
        ([float("nan")], ["nan"]),
        ([True, False, None], ["1", "0", ""]),
        ([dt.date(2019, 4, 3), None], ["2019-04-03", ""]),
        ([dt.datetime(2019, 4, 3), dt.datetime(2019, 4, 3, 8, 30)], ["2019-04-03", "2019-04-03 08:30:00"]),  # noqa: DTZ001
        (pa.array([1], pa.timestamp("ns")), ["1970-01-01 00:00:00.000000001"]),
        ([dt.time(8, 30)], ["08:30:00"]),
        ([decimal.Decimal("1.50")], ["1.50"]),
        ([b"\x01\xff"], ["01ff"]),
        ([["é", "b"], None], ['["é", "b"]', ""]),
        ([{"a": 1}], ['{"a": 1}']),
        (pa.array(["a", "b", "a"]).dictionary_encode(), ["a", "b", "a"]),
        (pa.array(["a"], pa.large_string()), ["a"]),
    ],
)
def test_values(column: Any, texts: list[str]):
    [table] = find_parquet_table(parquet(c=column), name="x", limits=Limits()).tables
    assert [record[0] for record in table.records] == texts


def test_a_table():
    [table] = find_parquet_table(parquet(ipp=["1", "2"], nom=["A", "B"]), name="x", limits=Limits()).tables
    assert list(table.header) == ["ipp", "nom"]
    assert [list(record) for record in table.records] == [["1", "A"], ["2", "B"]]
    assert list(table.lines) == [1, 2]
    assert table.ragged_lines == []


def test_a_table_without_rows():
    [table] = find_parquet_table(parquet(ipp=pa.array([], pa.string())), name="x", limits=Limits()).tables
    assert list(table.header) == ["ipp"]
    assert list(table.records) == []


@pytest.mark.parametrize(
    ("content", "limits", "code"),
    [
        (parquet(ipp=["1"])[:-10], Limits(), "unknown_kind"),
        (parquet(ipp=["1"] * 50)[:20], Limits(), "unknown_kind"),
        (b"PAR1\x15" + b"\0" * 100 + b"PAR1", Limits(), "unknown_kind"),
        (parquet(ipp=["1"] * 11), Limits(cells=10), "over_limit"),
        (parquet(ipp=["1" * 5000]), Limits(total_bytes=4096), "decompression_bomb"),
    ],
)
def test_refused(content: bytes, limits: Limits, code: str):
    with pytest.raises(FileRefused) as problem:
        find_parquet_table(content, name="x", limits=limits)
    assert problem.value.refusal.code == code
