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


SPENDING = [
    ["Body", "Date", "Supplier", "Net amount"],
    ["North", "03/04/2012", "Veolia Water, UK", "£1,234.50"],
    ["South", "17/11/2012", "O'Brien & Sons", "£88.00"],
    ["South", "28/02/2013", 'Office 5" pipe', "£12,000.10"],
]
MARGINS = [
    ("a title of a sentence", "Payments, in pounds, over £500\n", ""),
    ("a title with as many words as columns", "Hospital Episode Statistics, England\n\n", ""),
    ("a title with as many commas as columns", "Payments, in pounds, excluding VAT, 2012\n", ""),
    ("a key and its value", "England\nDate:,12/03/2014\n", ""),
    (
        "more notes than records",
        "",
        "Source: ledger\n\nfor North only\nrevised twice\nprovisional\nsee website\n",
    ),
    ("notes in padded rows", "", "Figures exclude the islands and the coast,,,\n1. Rounded,,,\nrevised,,,\n"),
]


@pytest.mark.parametrize(("above", "below"), [c[1:] for c in MARGINS], ids=[c[0] for c in MARGINS])
@pytest.mark.parametrize("n", [3, 4])
def test_what_stands_around_a_small_table_is_outside(above, below, n):
    assert tables(above + written(SPENDING[:n]) + below) == [SPENDING[:n]]


def _without_end(row):
    return row[: max(i for i, cell in enumerate(row) if cell) + 1]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_empty_cells_at_the_end_may_be_left_out(separator):
    ends = [["", ""], ["x", ""], ["", "y"], ["x", "two\nlines"]]
    rows = [
        ["id", "day", "first answer", "second answer"],
        *([f"{i}", "12:30", *ends[i * 7 % 5 % 4]] for i in range(30)),
    ]
    kept = [_without_end(row) for row in rows]
    assert tables(written(kept, delimiter=separator)) == [kept]


def test_cells_left_out_over_several_lines():
    rows = [["id", "note", "a", "b", "c", "d"]]
    for i in range(12):
        rows += [[f"{i}", f"one, {i}\ntwo"], [f"{i}", "", "x"], [f"{i}", "", "x", "y"]]
    assert tables(written(rows)) == [rows]


@pytest.mark.parametrize("text", ["''", "';alert(1);t='", "'", "'a'", "'a' or 'b'"])
@pytest.mark.parametrize("row", [0, 1, 2])
def test_apostrophes_around_one_cell_are_text(text, row):
    rows = [["id", "label", "n"], ["1", "a", "12"], ["2", "b", "13"], ["3", "c", "14"]]
    rows[row] = [rows[row][0], text, rows[row][2]]
    assert tables(written(rows)) == [rows]


@pytest.mark.parametrize("cell", ["'a, b'", "'l''eau'"])
def test_apostrophes_that_a_cell_needs_are_quotes(cell):
    assert tables(f"id,label,n\n1,{cell},12\n2,b,13\n")[0][1][1] == cell[1:-1].replace("''", "'")


@pytest.mark.parametrize("separator", [" ", ":", ","])
def test_two_columns(separator):
    rows = [["day", "rain"], *([f"2020-01-0{i}", f"{i}.5"] for i in range(1, 6))]
    assert tables(written(rows, delimiter=separator)) == [rows]


@pytest.mark.parametrize(
    "lines", [["Jean Martin", "Zoé Petit", "Luc Noël"], ["name of", "site A", "Jean Petit"]], ids=str
)
def test_two_words_in_every_line_are_one_column(lines):
    assert all(len(row) == 1 for row in tables("\n".join(lines) + "\n")[0])


@pytest.mark.parametrize("names", [["", "Hommes"], ["", "Hommes", "Femmes"]], ids=str)
def test_no_name_over_the_first_column(names):
    rows = [names, *([f"Ain {i}", "12", "14"][: len(names)] for i in range(3))]
    assert tables(written(rows)) == [rows]


def test_a_name_of_nothing_at_the_end_of_the_header_is_dropped():
    assert tables(written([[*SPENDING[0], ""], *SPENDING[1:]])) == [SPENDING]


def test_whole_lines_in_quotes_with_quoted_cells():
    rows = [["id", "url", "json"], *([f"{i}", f"http://x.y/?a={i}&b=1,2", '{"k": "v, w"}'] for i in range(5))]
    text = "".join('"' + line.replace('"', '""') + '"\n' for line in written(rows).splitlines())
    assert tables(text) == [rows]


@pytest.mark.parametrize("text", ["", "\n\n\n", " \n\t\n", ",,,\n,,\n", ";;\n"])
def test_a_file_without_any_text_has_no_table(text):
    found = find_text_tables(text.encode())
    assert (found.tables, found.largest()) == ((), 0)
    assert found.outside.get("blank", []) == list(range(1, text.count("\n") + 1))
