"""Files as centres write them: read back with other libraries, and always the same bytes."""

import datetime as dt
import zipfile

import openpyxl
import pyarrow as pa
import pytest
import python_calamine

from pipelines.config import Export
from pipelines.io.exports_write import Spool, TruthFolder, empty_folder, write_delimited, write_workbook

GRID = ("Feuil1", ["Titre", ""], ["Nom", "Taille", "Date"],
        [["Éric & Co", None, "<x>"], [34.5, 12.0, None], [dt.date(2014, 3, 7), "03/2014", None]])  # fmt: skip
BACK = [["Éric & Co", 34.5, dt.date(2014, 3, 7)], ["", 12, "03/2014"], ["<x>", "", ""]]


def text(tmp_path, export, **changes):
    path = tmp_path / "a.csv"
    columns = [pa.array(["Éric", "a;b", 'c"d']), pa.array(["1", None, "3"])]
    content = {"preamble": ["Titre"], "header": ["Nom", "N°"], "columns": columns, "ragged": [], **changes}
    write_delimited(path, export=export, **content)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("encoding", "mark", "end"),
    [
        ("utf-8", b"", "\n"),
        ("utf-8-sig", b"\xef\xbb\xbf", "\n"),
        ("cp1252", b"", "\r\n"),
        ("iso-8859-15", b"", "\r\n"),
        ("utf-16", b"\xff\xfe", "\r\n"),
    ],
)
def test_text_in_each_encoding(tmp_path, encoding, mark, end):
    content = text(tmp_path, Export(format="csv", encoding=encoding))
    assert content.startswith(mark)
    assert content.decode(encoding) == end.join(["Titre", "Nom;N°", "Éric;1", '"a;b";', '"c""d";3', ""])


@pytest.mark.parametrize(
    ("separator", "second"), [(",", "a;b,"), ("\t", "a;b\t"), ("|", "a;b|"), (";", '"a;b";')]
)
def test_a_cell_is_quoted_where_it_must_be(tmp_path, separator, second):
    content = text(tmp_path, Export(format="csv", separator=separator)).decode()
    assert content.split("\n")[3] == second


def test_a_ragged_line_has_one_cell_too_many(tmp_path):
    lines = text(tmp_path, Export(format="csv"), ragged=[1]).decode().split("\n")
    assert [line.count(";") for line in lines[2:5]] == [1, 3, 1]


def test_text_that_the_encoding_cannot_hold_is_an_error(tmp_path):
    with pytest.raises(UnicodeEncodeError):
        text(tmp_path, Export(format="csv", encoding="cp1252"), columns=[pa.array(["Ω"]), pa.array(["1"])])


@pytest.mark.parametrize("file_format", ["xlsx", "xls", "ods"])
def test_a_workbook_is_read_back_cell_by_cell(tmp_path, file_format):
    path = tmp_path / f"a.{file_format}"
    write_workbook(path, sheets=[GRID, ("Vide", [], ["x"], [[]])], file_format=file_format)
    book = python_calamine.CalamineWorkbook.from_path(path)
    rows = book.get_sheet_by_name("Feuil1").to_python(skip_empty_area=False)
    assert book.sheet_names == ["Feuil1", "Vide"]
    assert rows[2] == ["Nom", "Taille", "Date"]
    assert rows[3:] == BACK


@pytest.mark.parametrize("file_format", ["xlsx", "xls", "ods"])
def test_the_same_rows_give_the_same_bytes(tmp_path, file_format):
    paths = [tmp_path / name / f"a.{file_format}" for name in "xy"]
    for path in paths:
        write_workbook(path, sheets=[GRID], file_format=file_format)
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_an_xlsx_is_one_for_another_reader(tmp_path):
    write_workbook(tmp_path / "a.xlsx", sheets=[GRID], file_format="xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["Feuil1"]
    assert sheet["A4"].value == "Éric & Co"
    assert sheet["C4"].value.date() == dt.date(2014, 3, 7)


def test_an_ods_begins_with_its_type(tmp_path):
    write_workbook(tmp_path / "a.ods", sheets=[GRID], file_format="ods")
    with zipfile.ZipFile(tmp_path / "a.ods") as archive:
        first = archive.infolist()[0]
    assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)


def test_the_spool_gives_back_the_rows_of_one_centre_in_order(tmp_path):
    with Spool(tmp_path / "spool") as spool:
        spool.append("tumour", pa.table({"centre": [0, 0, 2], "x": ["a", "b", "c"]}))
        spool.append("tumour", pa.table({"centre": [2, 3], "x": ["d", "e"]}))
        spool.finish()
        found = {number: spool.read("tumour", number) for number in range(4)}
        assert found[1] is None
        assert {n: t["x"].to_pylist() for n, t in found.items() if t} == {
            0: ["a", "b"],
            2: ["c", "d"],
            3: ["e"],
        }
        assert spool.read("surgery", 0) is None
    assert not (tmp_path / "spool").exists()


def test_truth_tables_grow_block_by_block(tmp_path):
    with TruthFolder(tmp_path) as truth:
        truth.append("person", pa.table({"x": [1]}))
        truth.append("person", pa.table({"x": [2, 3]}))
    assert truth.counts == {"person": 3}
    assert pa.parquet.read_table(tmp_path / "person.parquet")["x"].to_pylist() == [1, 2, 3]


def test_an_earlier_content_is_removed(tmp_path):
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "old.csv").touch()
    empty_folder(folder)
    assert list(folder.iterdir()) == []
