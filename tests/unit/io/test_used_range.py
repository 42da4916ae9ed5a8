"""How far the cells of a sheet reach: only those with a content count, wherever a block of the file ends."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.errors import FileRefused
from pipelines.io import used_range as measured
from pipelines.io.guards import check_workbook
from pipelines.io.reading.limits import Limits
from pipelines.io.used_range import column_number, used_range
from tests.hostile import FIRST_ROW, HEADER_ROW, cell, sheet_of

NEAR = HEADER_ROW + FIRST_ROW


def reach(xml: bytes) -> tuple[int, int]:
    return used_range(lambda: io.BytesIO(xml))


@pytest.mark.parametrize(
    ("xml", "last"),
    [
        (b"", (0, 0)),
        (NEAR, (0, 0)),  # it is only skimmed
        (NEAR + cell("ZZ99999", "x"), (0, 0)),
        (NEAR + cell("AAA3", "x"), (3, 703)),
        (NEAR + cell("A100000", "x"), (100_000, 3)),
        (NEAR + cell("XFD1048576", "x"), (1_048_576, 16_384)),
        (NEAR + cell("XFD1", "x") + cell("A1048576", "x"), (1_048_576, 16_384)),
        (NEAR + b'<c r="XFD5"><v>1</v></c>', (5, 16_384)),
        (NEAR + b'<c r="XFD5"><f>1</f><v>1</v></c>', (5, 16_384)),
        (NEAR + b'<x:c s="1" r="XFD5" t="n">\n <x:v>1</x:v></x:c>', (5, 16_384)),
        (NEAR + b'<c r="XFD5" s="1"/>', (2, 3)),  # a format is no content
        (NEAR + b'<c r="XFD5" s="1"></c>', (2, 3)),
        (NEAR + b'<c r="XFD5" s="1"/><c r="XFE6"><v>1</v></c>', (6, 16_385)),
    ],
)
def test_the_last_cell_with_a_content_is_found(xml: bytes, last: tuple[int, int]):
    assert reach(xml) == last


@given(place=st.integers(0, 60), block=st.integers(1, 40))
def test_a_cell_is_found_wherever_a_block_ends(place: int, block: int):
    xml = b" " * place + cell("XFD1048576", "x") + b" " * 9
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measured, "_BLOCK", block)
        assert reach(xml) == (1_048_576, 16_384)


@pytest.mark.parametrize(
    ("name", "number"), [(b"A", 1), (b"Z", 26), (b"AA", 27), (b"ZZ", 702), (b"AAA", 703), (b"XFD", 16_384)]
)
def test_columns_are_numbered_as_a_spreadsheet_names_them(name: bytes, number: int):
    assert column_number(name) == number


@pytest.mark.parametrize(
    ("cells", "is_refused"), [(3 * 1_048_576, False), (3 * 1_048_576 - 1, True)], ids=["as many", "one fewer"]
)
def test_a_sheet_that_reaches_too_far_is_refused_before_it_is_parsed(cells: int, is_refused: bool):
    book = sheet_of(NEAR + b'<row r="1048576">' + cell("A1048576", "x") + b"</row>")
    limits = Limits(cells=cells)
    if not is_refused:
        check_workbook(book, "xlsx", name="x.xlsx", limits=limits)
        return
    with pytest.raises(FileRefused) as refused:
        check_workbook(book, "xlsx", name="x.xlsx", limits=limits)
    assert refused.value.refusal.code == "over_limit"
