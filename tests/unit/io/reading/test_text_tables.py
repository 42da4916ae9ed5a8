"""Whole files without any description: their dialect, their tables, what stands around them."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.io.reading.text_tables import Overrides, find_text_tables

ROWS = [
    ["IPP", "Naissance", "Taille", "Médecin", "Commentaire"],
    ["A001", "03/04/1962", "12,5", "Dupont, Jean", "revu en RCP"],
    ["A002", "17/11/1948", "8", "Lefèvre, Zoé", "marge R0"],
    ["A003", "28/02/1971", "104,25", "Martin, Luc", ""],
    ["A004", "01/12/1955", "6", "Noël, Anne", "récidive ; reprise prévue"],
    ["A005", "30/06/1980", "33,1", "Petit, Paul", "voir le courrier"],
]


def written(rows, *, end="\n", **dialect):
    file = io.StringIO()
    csv.writer(file, lineterminator=end, **dialect).writerows(rows)
    return file.getvalue()


def tables(text, **known):
    found = find_text_tables(text.encode(), overrides=Overrides(**known))
    return [[list(table.header), *map(list, table.records)] for table in found.tables]


def decided(text):
    found = find_text_tables(text.encode())
    return {d.what: d.value for d in found.decisions}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|", " ", ":", "~", "^", "\x1f"])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_every_separator_line_end_and_quote(separator, end, quote):
    assert tables(written(ROWS, end=end, delimiter=separator, quotechar=quote)) == [ROWS]


@pytest.mark.parametrize("quoting", [csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC, csv.QUOTE_MINIMAL])
def test_a_decimal_comma_with_a_comma_between_cells(quoting):
    assert tables(written(ROWS, delimiter=",", quoting=quoting)) == [ROWS]


def test_a_comma_and_a_space_between_cells():
    text = "".join(
        ", ".join('"' + c + '"' if "," in c or ";" in c else c for c in row) + "\n" for row in ROWS
    )
    assert tables(text) == [ROWS]
    assert decided(text)["separator"] == "comma and space"


def test_a_backslash_before_quotes():
    rows = [*ROWS, ["A006", "01/01/1990", "7", 'dit "Jo"', 'le "vrai", dit-il']]
    text = written(rows, delimiter=",", doublequote=False, escapechar="\\")
    assert tables(text) == [rows]
    assert decided(text)["escape"] == "backslash"


@pytest.mark.parametrize("n", [1, 2])
def test_a_short_file_is_a_table(n):
    assert tables(written(ROWS[:n], delimiter=";")) == [ROWS[:n]]


@pytest.mark.parametrize("content", [b"", b"\n\n", b";;;\n", b"\0", b"\xff\xfe", b'"', b"a"])
def test_files_with_next_to_nothing(content):
    found = find_text_tables(content)
    assert len(found.tables) <= 1


def test_a_file_without_header_gets_made_up_names():
    found = find_text_tables(written(ROWS[1:], delimiter=";").encode())
    assert list(found.tables[0].header) == ["col1", "col2", "col3", "col4", "col5"]
    assert found.tables[0].header_lines == ()
    assert list(map(list, found.tables[0].records)) == ROWS[1:]


def test_header_rows_are_joined_and_equal_parts_stand_once():
    above = [["Patient", "Patient", "Tumeur", "Soins", "Commentaire"]]
    joined = ["Patient IPP", "Patient Naissance", "Tumeur Taille", "Soins Médecin", "Commentaire"]
    assert tables(written([*above, *ROWS], delimiter=";")) == [[joined, *ROWS[1:]]]


@pytest.mark.parametrize("between", ["", "\n", ";;;;\n"])
def test_titles_are_a_preamble(between):
    text = "Extraction du 12/03/2021\nService de chirurgie\n" + between + written(ROWS, delimiter=";")
    found = find_text_tables(text.encode())
    assert [list(found.tables[0].header), *map(list, found.tables[0].records)] == ROWS
    assert found.outside["preamble"] == [1, 2]
    assert found.tables[0].header_lines == (3 + bool(between),)


@pytest.mark.parametrize("between", ["", "\n"])
def test_remarks_are_a_footer(between):
    text = written(ROWS, delimiter=";") + between + "Source : entrepôt de données\n"
    found = find_text_tables(text.encode())
    assert list(map(list, found.tables[0].records)) == ROWS[1:]
    assert found.outside["footer"] == [len(ROWS) + 1 + bool(between)]


OTHERS = [["site", "nombre"], ["membre", "12"], ["tronc", "7"], ["tête", "3"]]
WIDE = [["a", "b", "c", "d", "e", "f", "g"], *([str(i * j) for j in range(7)] for i in range(4))]
SAME = [
    ["centre", "date", "total", "unité", "note"],
    *([f"c{i}", "01/02/2020", str(i), "u", "-"] for i in range(4)),
]


@pytest.mark.parametrize("second", [OTHERS, WIDE, SAME], ids=["fewer", "more", "as many"])
@pytest.mark.parametrize("between", ["", "\n", "\n\n"])
def test_two_tables_are_both_found(second, between):
    text = written(ROWS, delimiter=";") + between + written(second, delimiter=";")
    assert tables(text) == [ROWS, second]


def test_trailing_separators_are_no_column():
    text = "".join(";".join([*row, "", ""]) + "\n" for row in ROWS if ";" not in row[4]) + ";;;;;;\n"
    assert tables(text) == [[row for row in ROWS if ";" not in row[4]]]


def test_one_column_is_not_cut():
    text = "Nom\nJean Dupont\nAnne-Marie Petit\nLuc, dit le Grand\nZoé\n"
    assert tables(text) == [[[line] for line in text.splitlines()]]


def test_fixed_widths():
    lines = [f"{a:<6}{b:<12}{c:>8}  {d:<14}{e}".rstrip() for a, b, c, d, e in ROWS]
    assert tables("\n".join(lines) + "\n") == [ROWS]


@pytest.mark.parametrize(
    ("known", "text", "expected"),
    [
        ({"separator": ","}, "a,b;c\n1,2;3\n", [["a", "b;c"], ["1", "2;3"]]),
        ({"quote": ""}, '"a";b\n"1";2\n', [['"a"', "b"], ['"1"', "2"]]),
        ({"quote": "'"}, "'a';b\n'1;1';2\n", [["a", "b"], ["1;1", "2"]]),
        ({"header_line": 3}, "x;y\nz;t\na;b\n1;2\n", [["a", "b"], ["1", "2"]]),
        ({"header_rows": 0}, "a;b\n1;2\n", [["col1", "col2"], ["a", "b"], ["1", "2"]]),
        ({"header_rows": 2}, "a;b\nc;d\ne;f\n", [["a c", "b d"], ["e", "f"]]),
        ({"widths": (2, 3)}, "idno \nab12 \ncd345\n", [["id", "no"], ["ab", "12"], ["cd", "345"]]),
        ({"encoding": "cp850"}, "a;b\n1;2\n", [["a", "b"], ["1", "2"]]),
    ],
)
def test_a_caller_can_force_any_decision(known, text, expected):
    assert tables(text, **known) == [expected]


def test_every_line_is_in_a_table_or_outside():
    text = "Titre\n\n" + written(ROWS, delimiter=";") + "\n" + written(OTHERS, delimiter=";") + "\nNote : x\n"
    found = find_text_tables(text.encode())
    inside = [line for table in found.tables for line in (*table.header_lines, *table.lines)]
    outside = [line for lines in found.outside.values() for line in lines]
    assert sorted(inside + outside) == list(range(1, len(text.splitlines()) + 1))


@given(st.binary(max_size=400) | st.text(alphabet="ab1 ,;\"'\n\r\t|#é-", max_size=200).map(str.encode))
def test_no_bytes_make_it_fail(content):
    found = find_text_tables(content)
    for table in found.tables:
        assert len(table.records) == len(table.lines)


@given(
    st.binary(max_size=120) | st.text(alphabet='ab1 ,;"\n', max_size=80).map(str.encode),
    st.builds(
        Overrides,
        encoding=st.sampled_from([None, "utf-8", "utf-16", "cp1252"]),
        separator=st.sampled_from([None, ";", ", ", "", '"', "\n", "é"]),
        quote=st.sampled_from([None, "", '"', "'", ";"]),
        escape=st.sampled_from([None, "", "\\", "none"]),
        header_line=st.none() | st.integers(1, 5),
        header_rows=st.none() | st.integers(0, 4),
        widths=st.none() | st.just((1, 2)),
    ),
)
def test_nor_does_anything_that_a_caller_forces(content, known):
    found = find_text_tables(content, overrides=known)
    assert all(len(table.records) == len(table.lines) for table in found.tables)
