"""Columns that tie tables together."""

from pipelines.propose.keys import key_columns
from pipelines.propose.source import SourceTable


def table(**columns: str) -> SourceTable:
    cells = tuple(tuple(text.split()) for text in columns.values())
    return SourceTable(file="x.csv", format="csv", header=tuple(columns), columns=cells)


def test_the_identifier_is_unique_somewhere_and_repeated_elsewhere():
    tables = [
        table(a="p1 p2 p3 p4 p5 p6", b="k1 k2 k3 k4 k5 k6"),
        table(c="p1 p2 p3 p4 p5 p5", d="m1 m2 m3 m4 m5 m6"),
        table(e="p2 p3 p4 p5 p6 p6", f="q1 q2 q3 q4 q5 q6"),
    ]
    assert key_columns(tables) == [
        {"a": "local_patient_id"},
        {"c": "local_patient_id"},
        {"e": "local_patient_id"},
    ]


def test_columns_without_common_values_are_no_identifiers():
    tables = [table(a="p1 p2 p3 p4 p5 p6"), table(b="r1 r2 r3 r4 r5 r6"), table(c="s1 s2 s3 s4 s5 s6")]
    assert key_columns(tables) == [{}, {}, {}]
