"""Where the tables of a workbook are, and that their cells are what the pipeline reads."""

import datetime as dt

import pytest

from pipelines.errors import FileRefused
from pipelines.io.reading.found import FoundFile, FoundTable
from pipelines.io.reading.limits import Limits
from pipelines.io.reading.text_tables import NOTHING_KNOWN, Overrides
from pipelines.io.reading.workbook_tables import find_workbook_tables
from tests.unit.io.reading.workbooks import Rows, xlsx

HEADER = ["IPP", "NOM", "TAILLE"]
RECORDS = [["1", "A", 12], ["2", "B", 4.5], ["3", "C", 7]]
TEXTS = [["1", "A", "12"], ["2", "B", "4.5"], ["3", "C", "7"]]
BLANK: list[None] = []


def found(content: bytes, *, overrides: Overrides = NOTHING_KNOWN, limits: Limits = Limits()) -> FoundFile:  # noqa: B008
    return find_workbook_tables(content, name="x", limits=limits, overrides=overrides)


def texts(table: FoundTable) -> list[list[str]]:
    return [list(table.header), *map(list, table.records)]


def decided(table: FoundTable) -> dict[str, str]:
    return {decision.what: decision.value for decision in table.decisions}


@pytest.mark.parametrize(
    ("rows", "header_lines", "lines"),
    [
        ([HEADER, *RECORDS], (1,), [2, 3, 4]),
        ([BLANK, BLANK, HEADER, *RECORDS], (3,), [4, 5, 6]),
        ([["Extraction des dossiers"], BLANK, HEADER, *RECORDS], (3,), [4, 5, 6]),
        ([["Extraction des dossiers"], HEADER, *RECORDS], (2,), [3, 4, 5]),
        ([HEADER, *RECORDS, BLANK, ["Source : service de pathologie"]], (1,), [2, 3, 4]),
        ([HEADER, *RECORDS, ["Source : service de pathologie"]], (1,), [2, 3, 4]),
        ([HEADER, *RECORDS, ["Liste complète des dossiers du service"]], (1,), [2, 3, 4]),
        ([HEADER, *RECORDS[:1], BLANK, *RECORDS[1:]], (1,), [2, 4, 5]),
        ([HEADER, *RECORDS, BLANK, BLANK, ["", "", ""]], (1,), [2, 3, 4]),
    ],
)
@pytest.mark.parametrize("at", [(0, 0), (3, 2)])
def test_one_table(rows: Rows, header_lines: tuple[int, ...], lines: list[int], at: tuple[int, int]):
    [table] = found(xlsx({"Feuil1": rows}, at=at)).tables
    assert texts(table) == [HEADER, *TEXTS]
    assert table.name == "Feuil1"
    assert table.header_lines == tuple(line + at[0] for line in header_lines)
    assert list(table.lines) == [line + at[0] for line in lines]
    assert decided(table).get("first column") == (str(at[1] + 1) if at[1] else None)
    assert table.ragged_lines == []


def test_cells_are_the_text_that_the_pipeline_reads():
    values = [["007", dt.date(2019, 4, 3), True, 0.25, " a\nb ", "=A1"]]
    [table] = found(xlsx({"F": [["a", "b", "c", "d", "e", "f"], *values]})).tables
    assert list(table.records[0]) == ["007", "2019-04-03", "1", "0.25", " a\nb ", "=A1"]


def test_the_rows_that_belong_to_no_table_are_told():
    rows = [["Extraction des dossiers"], BLANK, HEADER, *RECORDS, BLANK, ["Source : pathologie"]]
    assert found(xlsx({"F": rows})).outside == {
        "F › blank": [2, 7],
        "F › preamble": [1],
        "F › footer": [8],
    }


def test_every_sheet_is_read_hidden_ones_too():
    content = xlsx({"A": [HEADER, *RECORDS], "vide": [], "B": [["x", "y"], [1, 2]]}, hidden=("B",))
    tables = found(content).tables
    assert [table.name for table in tables] == ["A", "B"]
    assert ["hidden" in decided(table) for table in tables] == [False, True]


def test_a_heading_over_several_columns_is_part_of_each_name():
    rows: Rows = [[], ["IPP", "NOM", "TAILLE", "DATE"], ["1", "A", 12, 3], ["2", "B", 4, 5]]
    merged = ((0, 0, 0, 1, "Patient"), (0, 2, 0, 3, "Tumeur"))
    [table] = found(xlsx({"F": rows}, merged=merged)).tables
    assert list(table.header) == ["Patient IPP", "Patient NOM", "Tumeur TAILLE", "Tumeur DATE"]
    assert table.header_lines == (1, 2)


def test_a_title_over_all_columns_is_not_part_of_the_names():
    rows: Rows = [[], HEADER, *RECORDS]
    [table] = found(xlsx({"F": rows}, merged=((0, 0, 0, 2, "Extraction"),))).tables
    assert list(table.header) == HEADER


def test_merged_cells_of_records_stay_as_they_are():
    rows = [[*HEADER, "NOTE"], *([*record, "n"] for record in RECORDS), ["4", None, None, "n"]]
    [table] = found(xlsx({"F": rows}, merged=((4, 1, 4, 2, "absent"),))).tables
    assert list(table.records[-1]) == ["4", "absent", "", "n"]


def test_tables_below_one_another():
    second = [["CODE", "LIBELLE"], ["8850/3", "Liposarcome"], ["8890/3", "Léiomyosarcome"]]
    tables = found(xlsx({"F": [HEADER, *RECORDS, BLANK, *second]})).tables
    assert [texts(table) for table in tables] == [[HEADER, *TEXTS], second]
    assert tables[1].header_lines == (6,)


def test_tables_side_by_side():
    codes = [["CODE", "N"], ["8850/3", 1]]
    rows = [[*left, None, *right] for left, right in zip([HEADER, *RECORDS], [*codes, [], []], strict=True)]
    tables = found(xlsx({"F": rows})).tables
    assert [texts(table) for table in tables] == [[HEADER, *TEXTS], [["CODE", "N"], ["8850/3", "1"]]]
    assert decided(tables[1])["first column"] == "5"


@pytest.mark.parametrize(
    "rows",
    [
        [["IPP", "NOM", None, "TAILLE", "DATE"], ["1", "A", None, 12, 3], ["2", "B", None, 4, 5]],
        [["IPP", "NOM", None, "NOTE"], ["1", "A", None, "n"], ["2", "B", None, None], ["3", "C", None, None]],
        [["IPP", "NOM", None, "X", "Y"], ["1", "A"], ["2", "B", None, None, 1], ["3", "C"], ["4", "D", None, 1],
         ["5", "E"]],
    ],
    ids=["same height", "one column", "gaps"],
)  # fmt: skip
def test_an_empty_column_does_not_cut_a_table(rows: Rows):
    [table] = found(xlsx({"F": rows})).tables
    assert [cell or None for cell in table.header] == rows[0]
    assert len(table.records) == len(rows) - 1


def test_a_block_without_its_last_column_belongs_to_the_table():
    rows = [HEADER, *RECORDS, BLANK, ["4", "D"], ["5", "E"], ["6", "F"]]
    [table] = found(xlsx({"F": rows})).tables
    assert [list(record) for record in table.records[3:]] == [["4", "D", ""], ["5", "E", ""], ["6", "F", ""]]


@pytest.mark.parametrize(
    ("overrides", "header", "n_records"),
    [
        (Overrides(header_line=2), ["1", "A", "12"], 2),
        (Overrides(header_rows=0), ["col1", "col2", "col3"], 4),
        (Overrides(header_line=2, header_rows=0), ["col1", "col2", "col3"], 3),
    ],
)
def test_a_given_header_is_not_decided(overrides: Overrides, header: list[str], n_records: int):
    [table] = found(xlsx({"F": [HEADER, *RECORDS]}), overrides=overrides).tables
    assert list(table.header) == header
    assert len(table.records) == n_records


def test_a_workbook_without_cells_has_no_table():
    assert found(xlsx({"F": []})).tables == ()


@pytest.mark.parametrize(
    ("content", "limits", "code"),
    [
        (xlsx({"F": [HEADER, *RECORDS]}), Limits(cells=11), "over_limit"),
        (xlsx({"F": [HEADER, *RECORDS]})[:-200], Limits(), "truncated_workbook"),
    ],
)
def test_refused(content: bytes, limits: Limits, code: str):
    with pytest.raises(FileRefused) as problem:
        found(content, limits=limits)
    assert problem.value.refusal.code == code
