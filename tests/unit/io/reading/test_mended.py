"""Rows that were written with another separator than their file."""

import io

import pytest

from pipelines.io.reading.dialect import find_dialect
from pipelines.io.reading.mended import mend_foreign_rows
from pipelines.io.reading.records import read_all

HEADER = "ref,jour,mesure,avis\n"
ROWS = [f"R{i},0{i}/04/2020,{i * 3}.5,bon\n" for i in range(1, 9)]


def mended(*lines):
    text = io.StringIO("".join(lines), newline="").readlines()
    found = find_dialect(text)
    records, decisions = mend_foreign_rows(read_all(text, found.dialect, width=found.width), text, found)
    return [r.cells for r in records], {d.what: d.value for d in decisions}


@pytest.mark.parametrize(
    "row", ["R9 09/04/2020 1.5 bon\n", "R9;09/04/2020;1.5;bon\n", "R9\t09/04/2020\t1.5\tbon\n"]
)
def test_a_row_with_another_separator_is_cut(row):
    cells, decisions = mended(HEADER, *ROWS[:4], row, *ROWS[4:])
    assert cells[5] == ["R9", "09/04/2020", "1.5", "bon"]
    assert decisions == {"rows with another separator": "1"}


def test_its_quoted_cells_may_go_over_lines():
    cells, _ = mended(HEADER, *ROWS[:4], 'R9 09/04/2020 1.5 "très\nbon"\n', *ROWS[4:])
    assert cells[5] == ["R9", "09/04/2020", "1.5", "très\nbon"]
    assert len(cells) == 10


def test_so_is_a_header():
    cells, _ = mended(HEADER.replace(",", " "), *ROWS)
    assert cells[0] == ["ref", "jour", "mesure", "avis"]


@pytest.mark.parametrize(
    "row",
    ["un texte de mots\n", "R9 09/04/2020 1.5\n", "R9 09/04/2020 1.5 bon enfin\n", "1 2 3 4\n", "R9\n", "\n"],
)
def test_a_row_that_does_not_fit_keeps_its_cells(row):
    cells, decisions = mended(HEADER, *ROWS[:4], row, *ROWS[4:])
    assert cells[5] == [row.strip()]
    assert decisions == {}


def test_a_file_with_many_such_rows_is_left_alone():
    foreign = [row.replace(",", " ") for row in ROWS[:5]]
    assert mended(HEADER, *ROWS * 4, *foreign)[1] == {}


@pytest.mark.parametrize("title", ["Mesures du service 12\n", "Mesures du service 12\n\n"])
def test_a_title_with_as_many_words_as_columns_is_no_header(title):
    cells, decisions = mended(title, HEADER, *ROWS)
    assert (cells[0], decisions) == ([title.split("\n")[0]], {})


def test_a_title_above_a_shorter_header_is_none_either():
    cells, decisions = mended("Mesures du service 12\n", "ref,jour,mesure\n", *ROWS)
    assert (cells[0], decisions) == (["Mesures du service 12"], {})
