"""Delimited text: every dialect feature, with the line that a user sees in an editor."""

import csv
import gzip
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.errors import FileRefused
from pipelines.io import delimited
from pipelines.io.exports import read_table
from tests.dialects import export, sheet

HEADER = "IPP;Nom;Né le\n"


def read(tmp_path, content, *, header_line=1, **dialect):
    dialect = export(**dialect)
    if isinstance(content, str):
        content = content.encode(dialect.encoding)
    path = tmp_path / "store"
    path.write_bytes(content)
    return read_table(path, export=dialect, sheet=sheet(header_line=header_line), name="patients.csv")


def content(table):
    return [
        (int(line), *row) for line, row in zip(table.lines, table.frame.itertuples(index=False), strict=True)
    ]


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        ({}, "IPP;Nom;Né le\n1;LÉVY;01/02/1960\n"),
        ({"separator": ","}, "IPP,Nom,Né le\n1,LÉVY,01/02/1960\n"),
        ({"separator": "\t"}, "IPP\tNom\tNé le\n1\tLÉVY\t01/02/1960\n"),
        ({"separator": "|"}, "IPP|Nom|Né le\n1|LÉVY|01/02/1960\n"),
        ({"encoding": "utf-8-sig"}, "IPP;Nom;Né le\n1;LÉVY;01/02/1960\n"),
        ({"encoding": "cp1252"}, "IPP;Nom;Né le\n1;LÉVY;01/02/1960\n"),
        ({"encoding": "iso-8859-15"}, "IPP;Nom;Né le\n1;LÉVY;01/02/1960\n"),
        ({"encoding": "utf-16"}, "IPP;Nom;Né le\n1;LÉVY;01/02/1960\n"),
        ({}, "IPP;Nom;Né le\r\n1;LÉVY;01/02/1960\r\n"),
        ({}, "IPP;Nom;Né le\r1;LÉVY;01/02/1960\r"),
        ({}, "IPP;Nom;Né le\n1;LÉVY;01/02/1960"),
        ({}, '"IPP";"Nom";"Né le"\n"1";"LÉVY";"01/02/1960"\n'),
        ({}, "Né le;Autre;IPP;Nom\n01/02/1960;x;1;LÉVY\n"),
        ({}, " IPP ;Nom;Né  le\n1;LÉVY;01/02/1960\n"),
        ({}, "IPP;Nom;Ne\u0301 le\n1;LÉVY;01/02/1960\n"),
    ],
)
def test_the_same_content_in_many_dialects(tmp_path, dialect, text):
    assert content(read(tmp_path, text, **dialect)) == [(2, "1", "LÉVY", "01/02/1960")]


def test_a_byte_order_mark_is_not_part_of_the_first_header(tmp_path):
    assert content(read(tmp_path, "\ufeff" + HEADER + "1;A;\n")) == [(2, "1", "A", "")]


@pytest.mark.parametrize("mark", ["€", "Œ", "Š"])
def test_characters_that_differ_between_one_byte_encodings(tmp_path, mark):
    for encoding in ("cp1252", "iso-8859-15"):
        assert content(read(tmp_path, f"{HEADER}1;{mark};\n", encoding=encoding)) == [(2, "1", mark, "")]


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ('1;"A;B";x\n', [(2, "1", "A;B", "x")]),
        ('1;"il dit ""non""";x\n', [(2, "1", 'il dit "non"', "x")]),
        ('1;"";x\n', [(2, "1", "", "x")]),
        ('1;"deux\nlignes";x\n2;B;y\n', [(2, "1", "deux\nlignes", "x"), (4, "2", "B", "y")]),
        ('1;"a\r\nb\r\nc";x\r\n2;B;y\r\n', [(2, "1", "a\r\nb\r\nc", "x"), (5, "2", "B", "y")]),
        ("1;A;x\n\n\n2;B;y\n", [(2, "1", "A", "x"), (5, "2", "B", "y")]),
        ("1;A;x\n;;\n2;B;y\n;;\n", [(2, "1", "A", "x"), (4, "2", "B", "y")]),
        ("1; A ;NA\n", [(2, "1", " A ", "NA")]),
        ("007;A;x\n", [(2, "007", "A", "x")]),
        ("1;=1+1;x\n", [(2, "1", "=1+1", "x")]),
        ("1;null;NaN\n", [(2, "1", "null", "NaN")]),
        ("1;a\u200fb\u200b;x\n", [(2, "1", "a\u200fb\u200b", "x")]),
        ('1;5" de diamètre;x\n2;B;y\n', [(2, "1", '5" de diamètre', "x"), (3, "2", "B", "y")]),
    ],
)
def test_cells_come_as_they_were_written(tmp_path, rows, expected):
    assert content(read(tmp_path, HEADER + rows)) == expected


def test_blank_lines_are_counted(tmp_path):
    assert read(tmp_path, HEADER + "1;A;x\n\n;;\n\n2;B;y\n").blank == 3


@pytest.mark.parametrize(
    ("rows", "kept", "ragged"),
    [
        ("1;A\n2;B;y\n", [(3, "2", "B", "y")], [(2, "1;A", 2, 3)]),
        ("1;A;x;z\n2;B;y\n", [(3, "2", "B", "y")], [(2, "1;A;x;z", 4, 3)]),
        ("\n2;B;y\nTotal\n", [(3, "2", "B", "y")], [(4, "Total", 1, 3)]),
        ("1;A;x\r\n\r\n2;B\r\n", [(2, "1", "A", "x")], [(4, "2;B", 2, 3)]),
        (
            '1;"a\n2;B;y\n3;c";d;e\n4;5" D;z\n',
            [(3, "2", "B", "y"), (5, "4", '5" D', "z")],
            [(2, '1;"a', 2, 3), (4, '3;c";d;e', 4, 3)],
        ),
        ('"a\nb";1\n2;B;y\n', [(4, "2", "B", "y")], [(2, '"a\nb";1', 2, 3)]),
        ('1;"jamais fermé;x\n2;B;y\n', [(3, "2", "B", "y")], [(2, '1;"jamais fermé;x', 3, 3)]),
        ('1;"mal" fermé;x\n2;B;y\n', [(3, "2", "B", "y")], [(2, '1;"mal" fermé;x', 3, 3)]),
        (
            '1;"ouvert;x\n2;B;y\n3;"c";"z"\n',
            [(3, "2", "B", "y"), (4, "3", "c", "z")],
            [(2, '1;"ouvert;x', 3, 3)],
        ),
    ],
)
def test_a_line_that_is_no_row_is_set_aside_with_its_text(tmp_path, rows, kept, ragged):
    table = read(tmp_path, HEADER + rows)
    assert content(table) == kept
    assert [(r.line, r.text, r.n_found, r.n_expected) for r in table.ragged] == ragged


def test_a_preamble_is_passed_over_whatever_it_holds(tmp_path):
    text = 'Export du "service\n\nPériode;2024\n' + HEADER + '1;A;"x"\n2;B\n'
    table = read(tmp_path, text, header_line=4)
    assert content(table) == [(5, "1", "A", "x")]
    assert [r.line for r in table.ragged] == [6]


def test_only_mapped_columns_are_taken_and_the_others_are_named(tmp_path):
    table = read(tmp_path, "IPP;Secret;Né le;\n1;x;y;z\n")
    assert list(table.frame.columns) == ["IPP", "Né le"]
    assert (table.missing, table.unmapped) == (("Nom",), ("Secret", "∅"))


@pytest.mark.parametrize(
    ("content", "dialect", "code", "says"),
    [
        (b"", {}, "empty_file", "0 bytes"),
        (HEADER.encode(), {}, "header_only", "line 1"),
        (HEADER.encode() + b"\n;;\n", {}, "header_only", "line 1"),
        (HEADER.encode() + b"1;\xff;x\n", {}, "unreadable_text", f"byte {len(HEADER.encode()) + 2}"),
        (HEADER.encode() + b"1;\x81;x\n", {"encoding": "cp1252"}, "unreadable_text", "byte"),
        ((HEADER + "1;É;x\n").encode(), {"encoding": "cp1252"}, "unreadable_text", "it is UTF-8, seen at byte 9"),
        ((HEADER + "1;É;x\n").encode("utf-16"), {}, "unreadable_text", "byte 0"),
        (HEADER.encode("utf-16")[:-1], {"encoding": "utf-16"}, "unreadable_text", "byte"),
        (HEADER.encode() + b"\0" * 40, {}, "unknown_kind", "unknown binary content"),
        (b"PK\x03\x04" + b"0" * 40, {}, "truncated_archive", "cut off"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 40, {}, "unknown_kind", "office document"),
        (b"%PDF-1.7", {}, "unknown_kind", "a PDF document"),
        (b"  <html><table>", {}, "not_the_declared_format", "HTML"),
        (b"a,b,c\n1,2,3\n", {}, "missing_header", "line 1"),
        ("Nom;Né le\nA;x\n".encode(), {}, "missing_key_column", "IPP"),
        (b"IPP;Nom;Nom\n1;A;B\n", {}, "duplicate_column", "Nom"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_says_why_in_both_languages(tmp_path, content, dialect, code, says):
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, content, **dialect)
    refusal = refused.value.refusal
    assert (refusal.code, refusal.file) == (code, "patients.csv")
    assert says in refusal.reason_en
    assert refusal.reason_fr != refusal.reason_en
    assert refusal.remedy_fr
    assert refusal.remedy_en


@pytest.mark.parametrize("header_line", [3, 9])
def test_a_header_beyond_the_end_is_missing(tmp_path, header_line):
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, HEADER + "1;A;x\n", header_line=header_line)
    assert refused.value.refusal.code == "missing_header"


def test_a_duplicated_column_that_is_not_mapped_is_no_problem(tmp_path):
    assert content(read(tmp_path, "IPP;x;x\n1;a;b\n")) == [(2, "1")]


def test_a_refusal_shows_no_cell(tmp_path):
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, b"Nom;x\nDUPONT;\xff\n")
    assert "DUPONT" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_a_long_cell_is_read_and_one_beyond_every_measure_is_set_aside(tmp_path):
    long = "x" * (9 << 20)
    table = read(tmp_path, f"{HEADER}1;{long};y\n2;{long}{long};y\n3;z;y\n")
    assert content(table) == [(2, "1", long, "y"), (4, "3", "z", "y")]
    assert [(r.line, len(r.text)) for r in table.ragged] == [(3, 2 * len(long) + 4)]


@pytest.mark.parametrize("quote", ["", '"'])
def test_a_row_with_a_null_character_is_set_aside_alone(tmp_path, quote):
    table = read(tmp_path, f"{HEADER}1;{quote}A{quote};x\n2;B\0;y\n3;C;z\n")
    assert content(table) == [(2, "1", "A", "x"), (4, "3", "C", "z")]
    assert [(r.line, r.text, r.n_found, r.n_expected) for r in table.ragged] == [(3, "2;B␀;y", 3, 3)]


def test_a_null_character_beside_a_damaged_quote_is_set_aside_too(tmp_path):
    table = read(tmp_path, HEADER + '1;5" D;x\n2;B\0;y\n')
    assert content(table) == [(2, "1", '5" D', "x")]
    assert [(r.line, r.text) for r in table.ragged] == [(3, "2;B␀;y")]


@pytest.mark.parametrize(
    ("rows", "kept", "ragged"),
    [
        ("1;A;x;\n2;B;y;\n3;C;z;\n", ["1", "2", "3"], []),
        ("1;A;x;;;\n2;B;y;;;\n", ["1", "2"], []),
        ("1;A;;\n2;;;\n\n", ["1", "2"], []),
        ("1;A;x;\n2;B;y;\n3;;C;z;\n4;D;w;\n", ["1", "2", "4"], [4]),
        ("1;A;x;\n2;B;y;\n3;C;z\n", ["1", "2", "3"], []),
        ("1;A;x;\n2;B;y;!\n3;C;z;\n", ["1", "3"], [3]),
        ("1;A;x\n2;;B;\n3;C;z\n", ["1", "3"], [3]),  # the empty cell too many may be any of them
        ("1;;A;\n", [], [2]),
        ('1;"A;B";x;\n2;"B";y;\n', ["1", "2"], []),
        ('1;"A;";x;\n2;5" D;y;\n3;5" E;z;!\n', ["1", "2"], [4]),
    ],
)
def test_separators_that_end_every_row_are_no_cells(tmp_path, rows, kept, ragged):
    table = read(tmp_path, HEADER + rows)
    assert [row[1] for row in content(table)] == kept
    assert [r.line for r in table.ragged] == ragged


@pytest.mark.parametrize(
    ("dialect", "row", "cells"),
    [
        ({"quote": "'"}, "1;'A;B';x", ("1", "A;B", "x")),
        ({"quote": "'"}, "1;'l''os';x", ("1", "l'os", "x")),
        ({"quote": "'"}, "1;l'os;x", ("1", "l'os", "x")),
        ({"quote": "'"}, '1;5" D;x', ("1", '5" D', "x")),
        ({"quote": ""}, '1;"A;x', ("1", '"A', "x")),
        ({"quote": ""}, "1;'A';x", ("1", "'A'", "x")),
        ({"escape": "\\"}, '1;"dit \\"non\\";";x', ("1", 'dit "non";', "x")),
        ({"escape": "\\"}, '1;"a\\\\";x', ("1", "a\\", "x")),
        ({"encoding": "cp850"}, "1;É;x", ("1", "É", "x")),
        ({"encoding": "mac_roman"}, "1;É;x", ("1", "É", "x")),
        ({"separator": "~"}, "1~A;B~x", ("1", "A;B", "x")),
    ],
)
def test_declared_quotes_escapes_and_encodings(tmp_path, dialect, row, cells):
    separator = dialect.get("separator", ";")
    text = f"{HEADER.replace(';', separator)}{row}\n2{separator}B{separator}y\n"
    assert [r[1:] for r in content(read(tmp_path, text, **dialect))] == [cells, ("2", "B", "y")]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_what_is_left_to_auto_is_decided(tmp_path, separator, encoding):
    rows = ["IPP;Nom;Né le", *(f'{i};"LÉVY{separator} {i}";0{i}/02/1960' for i in range(1, 8))]
    text = "\n".join(row.replace(";", separator) for row in rows)
    path = tmp_path / "store"
    path.write_bytes(text.encode(encoding))
    dialect = export(encoding="auto", separator="auto", quote="auto")
    table = read_table(path, export=dialect, sheet=sheet(), name="patients.csv")
    assert content(table)[0] == (2, "1", f"LÉVY{separator} 1", "01/02/1960")
    assert (len(table.lines), table.ragged) == (7, [])


def test_a_header_of_two_rows_is_joined(tmp_path):
    path = tmp_path / "store"
    path.write_text("Export;;\n;Patient;Né\nIPP;Patient;le\n1;A;x\n\n2;B;y\n", encoding="utf-8")
    maps = sheet({"local_patient_id": "IPP", "birth_name": "Patient", "birth_date": "Né le"}, header_line=2)
    table = read_table(path, export=export(), sheet=maps.model_copy(update={"header_rows": 2}), name="p.csv")
    assert content(table) == [(4, "1", "A", "x"), (6, "2", "B", "y")]
    assert table.blank == 1


FIXED = "IPP  Nom    Né le     \n"


@pytest.mark.parametrize(
    ("rows", "kept", "ragged"),
    [
        ("1    LÉVY   01/02/1960\r\n2    B\r\n", [(2, "1", "LÉVY", "01/02/1960"), (3, "2", "B", "")], []),
        ("   12 A B                \n\n3    C", [(2, "12", "A B", ""), (4, "3", "C", "")], []),
        ("1    A      01/02/1960!\n2    B\0\n", [], [(2, 4), (3, 4)]),
    ],
)
def test_fixed_columns(tmp_path, rows, kept, ragged):
    path = tmp_path / "store"
    path.write_bytes((FIXED + rows).encode("cp1252"))
    dialect = export(format="fixed", encoding="cp1252", widths=(5, 7, 10))
    table = read_table(path, export=dialect, sheet=sheet(), name="p.txt")
    assert content(table) == kept
    assert [(r.line, r.n_found) for r in table.ragged] == ragged


def _zipped(*members: tuple[str, bytes]) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, member in members:
            archive.writestr(name, member)
    return memory.getvalue()


PATIENTS = (HEADER + "1;A;x\n").encode()


@pytest.mark.parametrize(
    "packed",
    [
        gzip.compress(PATIENTS),
        _zipped(("export.csv", PATIENTS)),
        _zipped(("export.csv", PATIENTS), ("lisez-moi.pdf", b"%PDF-1.7"), ("__MACOSX/x", b"x")),
        _zipped(("export.csv.gz", gzip.compress(PATIENTS))),
    ],
)
def test_a_packed_export_is_read(tmp_path, packed):
    assert content(read(tmp_path, packed)) == [(2, "1", "A", "x")]


@pytest.mark.parametrize(
    ("packed", "code"),
    [
        (_zipped(("a.csv", PATIENTS), ("b.csv", PATIENTS)), "unknown_file"),
        (_zipped(("a.pdf", b"%PDF-1.7")), "unknown_kind"),
        (_zipped(("a.csv", b"")), "empty_file"),
        (_zipped(), "empty_file"),
        (gzip.compress(PATIENTS)[:-9], "truncated_archive"),
        (_zipped(("../a.csv", PATIENTS)), "unsafe_path_in_archive"),
    ],
)
def test_a_packed_export_that_cannot_be_taken(tmp_path, packed, code):
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, packed)
    assert refused.value.refusal.code == code


def test_more_columns_than_a_spreadsheet_has_are_refused(tmp_path):
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, ";" * 20_000 + "\n" + "1;A;x\n")
    assert refused.value.refusal.code == "over_limit"


cells = st.text(st.sampled_from("ab\"';\n\r é0"), max_size=5)


@given(st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=6))
@settings(deadline=None)
def test_what_a_csv_writer_writes_is_read_back_on_its_lines(rows):
    memory = io.StringIO(newline="")
    writer = csv.writer(memory, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(["IPP", "Nom", "Né le"])
    begins = []
    for row in rows:
        begins.append(1 + len(io.StringIO(memory.getvalue(), newline="").readlines()))
        writer.writerow(row)
    grid = delimited.read(memory.getvalue().encode(), separator=";", header_line=1)
    found = list(zip(*(column.to_pylist() for column in grid.cells.columns), strict=True))
    assert found == rows
    assert grid.lines.tolist() == begins
    assert grid.ragged == []


@given(st.text(st.sampled_from('ab";\n\r'), max_size=30))
@settings(deadline=None, max_examples=300)
def test_no_line_is_lost_whatever_the_quotes(body):
    text = "h;i\n" + body
    grid = delimited.read(text.encode(), separator=";", header_line=1)
    held = "".join(
        [*(r.text for r in grid.ragged), *(c for col in grid.cells.columns for c in col.to_pylist())]
    )
    letters = [c for c in body if c in "ab"]
    assert sorted(c for c in held if c in "ab") == sorted(letters)
    assert sorted({*grid.lines.tolist()}) == grid.lines.tolist()
