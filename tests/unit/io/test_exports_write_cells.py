"""What is written is what is read: every cell, in every format, whatever its characters."""

import datetime as dt
import gc
import string
import zipfile
from xml.etree import ElementTree

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.config import Export, SheetMap, TableMap
from pipelines.io.exports import read_table
from pipelines.io.exports_write import Spool, TruthFolder, write_delimited, write_workbook

HEADER = [
    "IPP",
    "N° TUMEUR",
    "NOM",
    "DATE",
    "TAILLE",
]  # with its accent no file of one-byte text is UTF-8 by chance
FIELDS = ("local_patient_id", "local_tumour_id", "diagnosis_label", "diagnosis_date", "size_mm")
LATIN = "éèêëàâäîïôöùûüçÉÈÀÇÔœŒŸ€ß"
SPECIAL = "&<>\"'#%=+-/\\()[]{}@;,|!?.:*"
#: Text as centres hold it: no control character, no blank at either end.
WORDS = st.text(string.ascii_letters + string.digits + LATIN + SPECIAL + " ", min_size=1, max_size=30).map(
    str.strip
)
FORMATS = ("xlsx", "xls", "ods")
SEPARATORS = (";", ",", "\t", "|")


def sheet_map(header_line=1, name=None):
    table = TableMap(entity="tumour", columns=dict(zip(FIELDS, HEADER, strict=True)))
    return SheetMap(sheet=name, header_line=header_line, tables=(table,))


def read_back(path, export, header_line=1, name=None):
    read = read_table(path, export=export, sheet=sheet_map(header_line, name), name=path.name)
    assert (read.missing, read.unmapped) == ((), ())
    return read


def written_text(folder, rows, *, preamble=(), ragged=(), **dialect):
    export = Export(format="csv", **dialect)
    columns = [pa.array(values, pa.string()) for values in zip(*rows, strict=True)]
    path = folder / "a.csv"
    write_delimited(path, preamble=preamble, header=HEADER, columns=columns, export=export, ragged=ragged)
    return path, export


def written_workbook(folder, rows, file_format, *, preamble=(), name="Feuil1"):
    columns = [list(values) for values in zip(*rows, strict=True)]
    path = folder / f"a.{file_format}"
    write_workbook(path, sheets=[(name, list(preamble), HEADER, columns)], file_format=file_format)
    return path, Export(format=file_format)


def rows_of(word):
    return [("p1", "1", word, "07/03/2014", "34,5"), ("p2", "1", None, None, None)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("cells")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "iso-8859-15", "utf-16"])
@settings(max_examples=25, deadline=None)
@given(word=WORDS, separator=st.sampled_from(SEPARATORS))
def test_text_comes_back_from_every_dialect(folder, encoding, word, separator):
    path, export = written_text(folder, rows_of(word), encoding=encoding, separator=separator)
    read = read_back(path, export)
    assert read.frame["NOM"].tolist() == [word, ""]
    assert read.frame["IPP"].tolist() == ["p1", "p2"]
    assert read.ragged == []


@pytest.mark.parametrize("file_format", FORMATS)
@settings(max_examples=15, deadline=None)
@given(word=WORDS)
def test_text_comes_back_from_every_workbook(folder, file_format, word):
    path, export = written_workbook(folder, rows_of(word), file_format)
    assert read_back(path, export).frame["NOM"].tolist() == [word, ""]


HARD = [
    'a "quoted" word', '"', '""', "a;b,c|d\te", "l'œdème", "R&D <3>", "&amp;", "<text:p>", "=1+1", "007", "1e5", "-",
    "31/12/2014", "Ça et là", "C'est « ça »", "100 %", "0", "8858/3", "mars-58",
]  # fmt: skip


@pytest.mark.parametrize("word", HARD)
@pytest.mark.parametrize("file_format", FORMATS)
def test_a_hard_word_stays_text_in_a_workbook(tmp_path, file_format, word):
    """Neither a formula, nor a number, nor a date: text is text."""
    path, export = written_workbook(tmp_path, rows_of(word), file_format)
    assert read_back(path, export).frame["NOM"].iloc[0] == word


@pytest.mark.parametrize("word", HARD)
@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_hard_word_stays_one_cell_in_a_text_file(tmp_path, separator, word):
    path, export = written_text(tmp_path, rows_of(word), separator=separator)
    read = read_back(path, export)
    assert read.frame.iloc[0].tolist() == ["p1", "1", word, "07/03/2014", "34,5"]
    assert read.ragged == []


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"), (34.5, "34.5"), (0.5, "0.5"), (450.0, "450"), (50.4, "50.4"), (123456.5, "123456.5"),
        (1234567.25, "1234567.25"), (dt.date(2014, 3, 7), "2014-03-07"), (dt.date(1934, 2, 28), "1934-02-28"),
        (dt.date(2000, 2, 29), "2000-02-29"), ("03/2014", "03/2014"), (None, ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("file_format", FORMATS)
def test_a_typed_cell_is_read_as_its_value(tmp_path, file_format, value, text):
    path, export = written_workbook(tmp_path, [("p1", "1", "x", value, value)], file_format)
    assert read_back(path, export).frame.loc[0, ["DATE", "TAILLE"]].tolist() == [text, text]


@pytest.mark.parametrize("header_line", [1, 2, 3, 5])
@pytest.mark.parametrize("file_format", ["csv", *FORMATS])
def test_the_header_is_on_its_line_below_the_preamble(tmp_path, file_format, header_line):
    """Lines above the header may be blank, accented, and hold separators; the rows below keep their line numbers."""
    preamble = ["Export ; du registre", "", "Données synthétiques", "  "][: header_line - 1]
    rows = [("p1", "1", "x", None, None), ("p2", "1", "y", None, None)]
    if file_format == "csv":
        path, export = written_text(tmp_path, rows, preamble=preamble)
    else:
        path, export = written_workbook(tmp_path, rows, file_format, preamble=preamble)
    read = read_back(path, export, header_line)
    assert read.header_line == header_line
    assert read.lines.tolist() == [header_line + 1, header_line + 2]
    assert read.frame["NOM"].tolist() == ["x", "y"]


@pytest.mark.parametrize("name", ["Feuil1", "Été & hiver", "l'an <2014>", 'Dit "le bon"', "Tumeurs (2)"])
def test_a_sheet_is_found_by_its_name_in_an_ods(tmp_path, name):
    path, export = written_workbook(tmp_path, rows_of("x"), "ods", name=name)
    assert read_back(path, export, name=name).sheet == name


def test_an_ods_is_well_formed_for_any_reader_of_xml(tmp_path):
    path, _ = written_workbook(tmp_path, [("&", "<", '"', "'", "é>")], "ods")
    with zipfile.ZipFile(path) as archive:
        tree = ElementTree.fromstring(archive.read("content.xml"))  # noqa: S314 - our own bytes
        manifest = ElementTree.fromstring(archive.read("META-INF/manifest.xml"))  # noqa: S314
        assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
        assert {member.date_time for member in archive.infolist()} == {(2021, 6, 30, 12, 0, 0)}
    paragraphs = [p.text for p in tree.iter("{urn:oasis:names:tc:opendocument:xmlns:text:1.0}p")]
    assert paragraphs[-5:] == ["&", "<", '"', "'", "é>"]
    assert len(list(manifest)) == 2


@pytest.mark.parametrize("file_format", FORMATS)
def test_every_row_of_a_long_sheet_is_kept(tmp_path, file_format):
    """Rows are let go by thousands while an XLS is written: none is lost, none is twice."""
    rows = [(f"p{n}", "1", "x" if n % 3 else None, None, float(n)) for n in range(2_203)]
    path, export = written_workbook(tmp_path, rows, file_format, preamble=["Titre"])
    read = read_back(path, export, 2)
    assert read.frame["IPP"].tolist() == [row[0] for row in rows]
    assert read.frame["TAILLE"].tolist() == [str(n) for n in range(2_203)]
    assert read.lines[[0, -1]].tolist() == [3, 2_205]


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_long_sheet_leaves_no_temporary_file_open(tmp_path, file_format):
    """An open file that is collected is a warning, and a warning fails a test."""
    written_workbook(tmp_path, [("p", "1", "x", None, None)] * 1_500, file_format)
    gc.collect()


@pytest.mark.parametrize("file_format", FORMATS)
def test_sheets_of_one_workbook_do_not_mix(tmp_path, file_format):
    path = tmp_path / f"a.{file_format}"
    grids = [
        (name, preamble, HEADER, [[name], ["1"], [name], [None], [None]])
        for name, preamble in (("Patients", []), ("Tumeurs", ["Titre", ""]))
    ]
    write_workbook(path, sheets=grids, file_format=file_format)
    for name, line in (("Patients", 1), ("Tumeurs", 3)):
        assert read_back(path, Export(format=file_format), line, name).frame["NOM"].tolist() == [name]


@pytest.mark.parametrize("separator", SEPARATORS)
def test_only_the_ragged_lines_are_ragged(tmp_path, separator):
    rows = [(f"p{n}", "1", "a;b,c", None, "1") for n in range(6)]
    path, export = written_text(tmp_path, rows, separator=separator, ragged=[1, 4])
    read = read_back(path, export)
    assert [ragged.line for ragged in read.ragged] == [3, 6]
    assert read.frame["IPP"].tolist() == ["p0", "p2", "p3", "p5"]


@pytest.mark.parametrize(
    ("encoding", "end"), [("utf-8", b"\n"), ("cp1252", b"\r\n"), ("iso-8859-15", b"\r\n")]
)
def test_a_text_file_ends_with_its_last_line(tmp_path, encoding, end):
    path, _ = written_text(tmp_path, rows_of("x"), encoding=encoding)
    content = path.read_bytes()
    assert content.endswith(b";;;" + end)
    assert content.count(end) == 3
    assert encoding == "utf-8" or content.replace(b"\r\n", b"").count(b"\n") == 0


@pytest.mark.parametrize("header", ["Nom;prénom", "Nom, prénom"])
def test_a_header_that_holds_the_separator_is_quoted(tmp_path, header):
    separator = ";" if ";" in header else ","
    path = tmp_path / "a.csv"
    write_delimited(
        path, preamble=[], header=[header, "X"], columns=[pa.array(["a"]), pa.array(["b"])],
        export=Export(format="csv", separator=separator), ragged=[],
    )  # fmt: skip
    assert path.read_text(encoding="utf-8") == f'"{header}"{separator}X\na{separator}b\n'


def test_a_file_in_a_new_folder(tmp_path):
    path, _ = written_text(tmp_path / "exports" / "clb", rows_of("x"))
    workbook, _ = written_workbook(tmp_path / "exports" / "ods", rows_of("x"), "ods")
    assert path.exists()
    assert workbook.exists()


def spooled(tmp_path, *blocks):
    """The rows of each centre after the blocks were appended in turn."""
    with Spool(tmp_path / "spool") as spool:
        for block in blocks:
            centre, values = [number for number, _ in block], [x for _, x in block]
            columns = {"centre": pa.array(centre, pa.int64()), "x": pa.array(values, pa.string())}
            spool.append("tumour", pa.table(columns))
        spool.finish()
        found = {number: spool.read("tumour", number) for number in range(4)}
        return {number: table["x"].to_pylist() for number, table in found.items() if table is not None}


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([[(0, "a"), (1, "b")]], {0: ["a"], 1: ["b"]}),
        ([[(1, "a"), (1, "b")], [(0, "c"), (1, "d")]], {0: ["c"], 1: ["a", "b", "d"]}),
        ([[(0, "a")], [], [(0, "b")]], {0: ["a", "b"]}),
        ([[], [(3, "a")]], {3: ["a"]}),
        ([[(0, "a")], [(1, "b")], [(0, "c")], [(1, "d")]], {0: ["a", "c"], 1: ["b", "d"]}),
        ([[(0, "z"), (0, "a"), (0, "m")]], {0: ["z", "a", "m"]}),
    ],
)
def test_a_spool_keeps_the_rows_of_each_centre_in_their_order(tmp_path, blocks, expected):
    assert spooled(tmp_path, *blocks) == expected


def test_a_spool_is_removed_after_a_failure_too(tmp_path):
    def fail():
        with Spool(tmp_path / "spool") as spool:
            spool.append("tumour", pa.table({"centre": [0]}))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not (tmp_path / "spool").exists()


def test_a_truth_table_without_row_is_a_table(tmp_path):
    schema = pa.schema([("kind", pa.string())])
    with TruthFolder(tmp_path) as truth:
        truth.append("fault", schema.empty_table())
    assert truth.counts == {"fault": 0}
    assert pa.parquet.read_table(tmp_path / "fault.parquet").schema.names == ["kind"]
