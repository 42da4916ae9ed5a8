"""The records of a text: sound quotes by the rules, damaged ones at the cost of their own cell."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.io.reading.records import Dialect, read_all, read_records


def read(text, *, width=None, **dialect):
    lines = io.StringIO(text, newline="").readlines()
    return list(read_records(lines, Dialect(**{"separator": ",", **dialect}), width=width))


def cells(text, **known):
    return [record.cells for record in read(text, **known)]


SOUND = [
    ("plain", "a,b,c\n", [["a", "b", "c"]]),
    ("no final line end", "a,b", [["a", "b"]]),
    ("empty cells", ",,\n", [["", "", ""]]),
    ("separator in quotes", 'a,"b,c",d\n', [["a", "b,c", "d"]]),
    ("doubled quotes", '"say ""hi""",b\n', [['say "hi"', "b"]]),
    ("empty quoted cell", 'a,"",c\n', [["a", "", "c"]]),
    ("only a doubled quote", '"""",b\n', [['"', "b"]]),
    ("line end in quotes", 'a,"b\nc",d\ne,f,g\n', [["a", "b\nc", "d"], ["e", "f", "g"]]),
    ("line end in the last cell", 'a,b,"c\n\nd"\ne,f,g\n', [["a", "b", "c\n\nd"], ["e", "f", "g"]]),
    ("CR LF in quotes", 'a,"b\r\nc"\r\nd,e\r\n', [["a", "b\r\nc"], ["d", "e"]]),
    ("CR alone", "a,b\rc,d\r", [["a", "b"], ["c", "d"]]),
    ("all line ends", "a,b\r\nc,d\re,f\n", [["a", "b"], ["c", "d"], ["e", "f"]]),
    ("quote inside a plain cell", 'a,5" pipe,c\n', [["a", '5" pipe', "c"]]),
]


@pytest.mark.parametrize(("text", "expected"), [case[1:] for case in SOUND], ids=[case[0] for case in SOUND])
def test_sound_quotes_are_read_by_the_rules(text, expected):
    found = read(text, width=len(expected[0]))
    assert [record.cells for record in found] == expected
    assert all(record.is_sound for record in found)


DAMAGED = [
    ("at a plain cell", 'a,"b,c\n', [["a", '"b', "c"]]),
    ("at the last cell", 'a,b,"c\nd,e,f\n', [["a", "b", '"c'], ["d", "e", "f"]]),
    ("before quoted cells", 'a,"b,"c, d"\n', [["a", '"b', "c, d"]]),
    ("at a quoted cell", 'a,""b, c",d\n', [["a", '"b, c', "d"]]),
    ("at an empty cell", 'a,",c\n', [["a", '"', "c"]]),
    ("at an empty quoted cell", 'a,""",c\n', [["a", '"', "c"]]),
    ("at a cell with doubled quotes", '""""x"" y",b,c\n', [['""x" y', "b", "c"]]),
    ("a quoted cell in the next row", 'a,"b,c\nd,"e, f",g\n', [["a", '"b', "c"], ["d", "e, f", "g"]]),
    ("a long cell in the next row", 'a,"b,c\nd,"e\nf",g\n', [["a", '"b', "c"], ["d", "e\nf", "g"]]),
    ("a row over lines", '"a,b,"c\nd"\ne,f,g\n', [['"a', "b", "c\nd"], ["e", "f", "g"]]),
    ("twice at quoted cells", '""b",c,""d"\n', [['"b', "c", '"d']]),
    (
        "closed by a stray one below",
        'a,"b,c\nd,e,f"\ng,h,i\n',
        [["a", '"b', "c"], ["d", "e", 'f"'], ["g", "h", "i"]],
    ),
    ("never closed", 'a,b,"c', [["a", "b", '"c']]),
]


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in DAMAGED], ids=[c[0] for c in DAMAGED])
def test_a_stray_quote_costs_its_own_cell(text, expected):
    assert cells(text, width=3) == expected
    lines = io.StringIO(text, newline="").readlines()
    assert [record.cells for record in read_all(lines, Dialect(","), width=3)] == expected


def test_lines_are_not_joined_into_a_record_of_another_shape():
    assert cells('a,"b\nc",d\n', width=5) == [["a", '"b'], ['c"', "d"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('a,"say "hi" now",c\n', ["a", 'say "hi" now', "c"]),
        ('a,"say "no", then",c\n', ["a", 'say "no", then', "c"]),
        ('a,"a "b"",c\n', ["a", 'a "b"', "c"]),
        ('a,""b" c",d\n', ["a", '"b" c', "d"]),
    ],
)
@pytest.mark.parametrize("escape", ["doubled", "none"])
def test_quotes_that_nothing_escapes_are_text(text, expected, escape):
    assert cells(text, width=3, escape=escape) == [expected]


@pytest.mark.parametrize(
    ("text", "dialect", "expected"),
    [
        ("'it\\'s, ok',b\n", {"quote": "'", "escape": "backslash"}, ["it's, ok", "b"]),
        ('"a \\"b\\"",c\n', {"escape": "backslash"}, ['a "b"', "c"]),
        ('"C:\\x",b\n', {"escape": "backslash"}, ["C:\\x", "b"]),
        ('"a";b\n', {"quote": "", "separator": ";"}, ['"a"', "b"]),
        ('a, "b, c", d\n', {"separator": ", "}, ["a", "b, c", "d"]),
        ("a||b|c\n", {"separator": "||"}, ["a", "b|c"]),
        ('"a, b"\n', {"separator": ""}, ["a, b"]),
        ("a, b\n", {"separator": ""}, ["a, b"]),
    ],
)
def test_other_dialects(text, dialect, expected):
    assert cells(text, **dialect) == [expected]


@pytest.mark.parametrize(
    ("row", "expected"),
    [("a,b c,d", ["a", "b c", "d"]), ("a,b,,c,d", ["a", "b", "", "c", "d"]), ('"a, b" c,d', ['"a', ' b" c', "d"]),
     ('"a, b",c', ["a, b", "c"])],
)  # fmt: skip
def test_a_row_with_other_cells_keeps_them_and_harms_no_other(row, expected):
    assert cells(f'h,i,j,k\n{row}\n"e, e",f,g,h\n', width=4) == [list("hijk"), expected, ["e, e", *"fgh"]]


def test_lines_are_counted_in_the_file():
    found = read('a,b\n"c\nd",e\n\nf,g\n', width=2)
    assert [(record.line, record.n_lines) for record in found] == [(1, 1), (2, 2), (4, 1), (5, 1)]


def test_a_stray_quote_does_not_swallow_thousands_of_lines():
    text = "".join(f"{i},x,y\n" for i in range(3000)).replace("5,x", '5,"x')
    found = read(text, width=3)
    assert [len(record.cells) for record in found] == [3] * 3000


def test_many_openings_on_a_line_are_cut_at_every_separator():
    line = ",".join(['"a'] * 500)
    assert len(cells(line + "\n", width=500)[0]) == 500


@given(st.text(alphabet='ab,"\n\r\\', max_size=60), st.sampled_from(["doubled", "backslash", "none"]))
def test_any_text_is_read_and_every_line_is_taken_once(text, escape):
    lines = io.StringIO(text, newline="").readlines()
    found = read(text, width=3, escape=escape)
    assert sum(record.n_lines for record in found) == len(lines)
    assert [record.line for record in found] == [
        1 + sum(record.n_lines for record in found[:i]) for i in range(len(found))
    ]


@given(
    st.lists(
        st.lists(st.text(alphabet='ab ,"\n', max_size=6), min_size=3, max_size=3), min_size=1, max_size=5
    )
)
def test_what_was_written_by_the_rules_comes_back(rows):
    text = "".join(",".join('"' + c.replace('"', '""') + '"' for c in row) + "\n" for row in rows)
    lines = io.StringIO(text, newline="").readlines()
    assert [record.cells for record in read_all(lines, Dialect(","), width=3)] == rows
