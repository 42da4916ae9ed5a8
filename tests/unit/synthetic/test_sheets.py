"""One line per row of an entity, or one line per tumour with its acts beside it."""

import pyarrow as pa
import pytest

from pipelines.config import Centre
from pipelines.synthetic.layout import base_of, bases, file_name
from pipelines.synthetic.sheets import build_sheet
from pipelines.synthetic.text import LineFault
from pipelines.synthetic.words import CodeBook, Writer

BOOK = CodeBook(old={}, current={}, label={}, adicap={}, icd10={}, site={}, behaviour={})
IDENTITY = {"entity": "patient_identity", "columns": {"local_patient_id": "P", "birth_name": "N"}}
TUMOUR = {"entity": "tumour", "columns": {"local_patient_id": "P", "local_tumour_id": "T", "grade": "G"}}


def biopsy(rank):
    keys = {"local_patient_id": "P", "local_tumour_id": "T"}
    return {"entity": "biopsy", "columns": {**keys, "biopsy_kind": f"B{rank}"}}


def writer(*tables, missing=("",)):
    centre = Centre.model_validate(
        {
            "id": "x", "name": "X", "city": "X", "region": "X", "yearly_patients": 1,
            "roles": [{"network": "netsarc", "role": "expert", "valid_from": "2010-01-01"}],
            "export": {"format": "csv", "missing": missing},
            "files": [{"match": r"x_(?P<exported>\d{8})\.csv", "sheets": [{"header_line": 3, "tables": tables}]}],
        }
    )  # fmt: skip
    return Writer(centre, BOOK)


def lines(n, **faults):
    marks = [LineFault.NONE] * n
    for row, fault in faults.items():
        marks[int(row[1:])] = fault
    return pa.array([int(mark) for mark in marks], pa.int8())


def tables(**faults):
    return {
        "patient_identity": pa.table(
            {"local_patient_id": ["p1", "p2"], "birth_name": ["A", "B"], "_line": lines(2, **faults)}
        ),
        "tumour": pa.table(
            {
                "local_patient_id": ["p1", "p2", "p2"], "local_tumour_id": ["1", "1", "2"],
                "grade": ["3", None, "1"], "_line": lines(3, **faults),
            }
        ),
        "biopsy": pa.table(
            {
                "local_patient_id": ["p2", "p1", "p1"], "local_tumour_id": ["2", "1", "1"],
                "biopsy_kind": ["fna", "core", "incisional"], "_line": lines(3),
            }
        ),
    }  # fmt: skip


def content(sheet):
    columns = [column.to_pylist() for column in sheet.columns]
    return [tuple(row) for row in zip(*columns, strict=True)]


def built(*maps, missing=("",), **faults):
    made = writer(*maps, missing=missing)
    return build_sheet(made, made.centre.files[0].sheets[0], tables(**faults))


def test_acts_stand_beside_their_tumour_in_order():
    sheet = built(IDENTITY, TUMOUR, biopsy(1), biopsy(2))
    assert sheet.header == ["P", "N", "T", "G", "B1", "B2"]
    assert content(sheet) == [
        ("p1", "A", "1", "3", "core", "incisional"),
        ("p2", "B", "1", None, None, None),
        ("p2", "B", "2", "1", "fna", None),
    ]


def test_a_sheet_of_one_entity_has_its_rows():
    assert content(built(IDENTITY)) == [("p1", "A"), ("p2", "B")]


def test_lines_above_the_header_are_written():
    assert len(built(IDENTITY).preamble) == 2


def test_a_missing_value_is_written_in_the_centres_word():
    assert content(built(TUMOUR, missing=("ND", "")))[1] == ("p2", "1", "ND")


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (LineFault.NONE, [("p1", "A"), ("p2", "B")]),
        (LineFault.DUPLICATE, [("p1", "A"), ("p2", "B"), ("p2", "B")]),
        (LineFault.MISSING_KEY, [("p1", "A"), (None, "B")]),
    ],
)
def test_a_line_fault_shows(fault, expected):
    assert content(built(IDENTITY, r1=fault)) == expected


def test_a_ragged_line_is_named_by_its_row():
    assert built(IDENTITY, r1=LineFault.RAGGED).ragged.tolist() == [1]


def test_the_lines_of_a_wide_sheet_are_tumours():
    wide = writer(IDENTITY, TUMOUR, biopsy(1))
    assert base_of(wide.centre.files[0].sheets[0]) == "tumour"
    assert bases(wide.centre) == {"tumour"}
    assert base_of(writer(IDENTITY).centre.files[0].sheets[0]) == "patient_identity"


def test_a_file_name_is_the_one_its_map_recognises(cal):
    names = [(file, file_name(file, 2)) for centre in cal.centres for file in centre.files]
    assert [name for file, name in names if not file.pattern.fullmatch(name)] == []
