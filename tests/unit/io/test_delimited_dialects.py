"""The reader of delimited text: every dialect gives the same cells on the same lines, and damage costs one line."""

import csv
import io
import itertools

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from pipelines.errors import FileRefused
from pipelines.io import delimited
from pipelines.io.delimited import MOST_COLUMNS, decode, is_too_wide, read
from tests.dialects import export

ENCODINGS = ("utf-8", "utf-8-sig", "cp1252", "iso-8859-15", "utf-16")
SEPARATORS = (",", ";", "\t", "|")
NEWLINES = ("\n", "\r\n", "\r")
ROWS = [["IPP", "Né le", "Motif"], ["007", "03/04/1960", "œdème"], ["8", "", "suivi à 5 €"], ["9", "x", "Š"]]
Found = tuple[list[tuple[str, ...]], list[int]]


def found(text: str | bytes, *, separator: str = ";", header_line: int = 1) -> Found:
    """The rows below the header and the lines where they begin."""
    content = text.encode() if isinstance(text, str) else text
    grid = read(content, separator=separator, header_line=header_line)
    assert grid is not None
    rows = list(zip(*(column.to_pylist() for column in grid.cells.columns), strict=True))
    return rows, grid.lines.tolist()


def ragged(text: str, *, header_line: int = 1) -> list[tuple[int, str, int, int]]:
    grid = read(text.encode(), separator=";", header_line=header_line)
    assert grid is not None
    return [(r.line, r.text, r.n_found, r.n_expected) for r in grid.ragged]


def line_by_line(text: str) -> Found:
    """The same by the slow path alone."""
    grid = delimited._read_line_by_line(text, separator=";")
    return list(zip(*(column.to_pylist() for column in grid.cells.columns), strict=True)), grid.lines.tolist()


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("newline", NEWLINES)
@pytest.mark.parametrize("quote", ['"', ""])
@pytest.mark.parametrize("is_ended", [True, False])
def test_the_same_rows_on_the_same_lines_in_every_dialect(
    encoding: str, separator: str, newline: str, quote: str, is_ended: bool
):
    lines = [separator.join(f"{quote}{cell}{quote}" for cell in row) for row in ROWS]
    content = (newline.join(lines) + newline * is_ended).encode(encoding)
    text = decode(content, export=export(encoding=encoding, separator=separator), name="a.csv")
    assert found(text, separator=separator) == ([tuple(row) for row in ROWS[1:]], [2, 3, 4])


@pytest.mark.parametrize("separator", SEPARATORS)
@pytest.mark.parametrize("other", SEPARATORS)
def test_a_mark_that_separates_elsewhere_is_an_ordinary_letter_inside_quotes(separator: str, other: str):
    text = f'h{separator}i\n"a{other}b"{separator}2\n'
    assert found(text, separator=separator) == ([(f"a{other}b", "2")], [2])


@pytest.mark.parametrize(
    ("body", "rows", "lines"),
    [
        ("1;2\n3;4\n", [("1", "2"), ("3", "4")], [2, 3]),
        ("1;2\r\n3;4\n5;6\r7;8", [("1", "2"), ("3", "4"), ("5", "6"), ("7", "8")], [2, 3, 4, 5]),
        ("\n\n1;2\n\n3;4\n\n\n", [("1", "2"), ("3", "4")], [4, 6]),
        ("\r\n1;2\r\n", [("1", "2")], [3]),
        ("\n\r1;2\n\r", [("1", "2")], [4]),
        (";\n1;2\n;\n;\n", [("1", "2")], [3]),
        ('1;"a\nb\nc"\n3;4\n', [("1", "a\nb\nc"), ("3", "4")], [2, 5]),
        ('1;"a\r\nb"\r\n3;4\r\n', [("1", "a\r\nb"), ("3", "4")], [2, 4]),
        ('1;"a\rb"\n3;4\n', [("1", "a\rb"), ("3", "4")], [2, 4]),
        ('1;"\n"\n\n3;4\n', [("1", "\n"), ("3", "4")], [2, 5]),
        ('"1";"say ""no"""\n', [("1", 'say "no"')], [2]),
        ('1;""""\n', [("1", '"')], [2]),
        ('1;""""""\n', [("1", '""')], [2]),
        ('"";""\n', [("", "")], [2]),
        ('"";2\n1;""\n', [("", "2"), ("1", "")], [2, 3]),
        ('"a;b";"c;d"\n', [("a;b", "c;d")], [2]),
        (" 1 ; 2 \n", [(" 1 ", " 2 ")], [2]),
        ('1; "a"\n', [("1", ' "a"')], [2]),
        ("1;'a'\n", [("1", "'a'")], [2]),
        ("1;\\N\n2;NULL\n3;NA\n", [("1", "\\N"), ("2", "NULL"), ("3", "NA")], [2, 3, 4]),
        ("1;a\\\n2;b\n", [("1", "a\\"), ("2", "b")], [2, 3]),
        ("1;#a\n#2;b\n", [("1", "#a"), ("#2", "b")], [2, 3]),
        (
            "1;a\x0bb\x0cc\x1cd\x85e\u2028f\n2;x\n",
            [("1", "a\x0bb\x0cc\x1cd\x85e\u2028f"), ("2", "x")],
            [2, 3],
        ),
        ("1;\ufefface\n", [("1", "\ufefface")], [2]),
        ("1;\U0001f9ec\n2;e\u0301\n", [("1", "\U0001f9ec"), ("2", "e\u0301")], [2, 3]),
    ],
)
def test_where_a_record_begins_and_what_it_holds(body: str, rows: list[tuple[str, ...]], lines: list[int]):
    assert found("h;i\n" + body) == (rows, lines)
    assert line_by_line("h;i\n" + body) == (rows, lines)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("1\n", [(2, "1", 1, 2)]),
        ("1;2;3\n", [(2, "1;2;3", 3, 2)]),
        ("1;2;\n", [(2, "1;2;", 3, 2)]),
        ("   \n", [(2, "   ", 1, 2)]),
        ("1;2\n\x1a", [(3, "\x1a", 1, 2)]),  # the end mark of an old system
        ("1;2\nTotal : 1\n", [(3, "Total : 1", 1, 2)]),
        ("1;2\n\n3\r\n\n4;5;6", [(4, "3", 1, 2), (6, "4;5;6", 3, 2)]),
        ('1;"a;b";3\n', [(2, '1;"a;b";3', 3, 2)]),
        ('1;"a\nb";3\n4;5\n', [(2, '1;"a\nb";3', 3, 2)]),
        ('1;"a\n2;b\n', [(2, '1;"a', 2, 2)]),
        ('1;"a"b\n2;c\n', [(2, '1;"a"b', 2, 2)]),
    ],
)
def test_a_record_of_another_width_is_set_aside_with_its_line(
    body: str, expected: list[tuple[int, str, int, int]]
):
    assert ragged("h;i\n" + body) == expected


@pytest.mark.parametrize("width", [1, 2, 3, 40])
def test_any_number_of_columns(width: int):
    header = ";".join(f"c{i}" for i in range(width))
    row = tuple(str(i) for i in range(width))
    assert found(f"{header}\n{';'.join(row)}\n") == ([row], [2])
    assert ragged(f"{header}\n{';'.join(row)};more\n") == [(2, f"{';'.join(row)};more", width + 1, width)]


@pytest.mark.parametrize(
    ("text", "header", "rows"),
    [
        ("h\na\n\nb\n", ["h"], [("a",), ("b",)]),
        ('h\n""\n', ["h"], [("",)]),
        ('"h;i";"j\nk"\n1;2\n', ["h;i", "j\nk"], [("1", "2")]),
        ("h;i;\n1;2;\n", ["h", "i", ""], [("1", "2", "")]),
        (";;\n1;2;3\n", ["", "", ""], [("1", "2", "3")]),
        ("h;h\n1;2\n", ["h", "h"], [("1", "2")]),
        ("h;i", ["h", "i"], []),
        ('h;5" i\n1;2\n', ["h", '5" i'], [("1", "2")]),
    ],
)
def test_headers_of_every_kind(text: str, header: list[str], rows: list[tuple[str, ...]]):
    grid = read(text.encode(), separator=";", header_line=1)
    assert grid is not None
    assert grid.header == header
    assert found(text)[0] == rows


@pytest.mark.parametrize(
    ("before", "line"),
    [
        ("", 1),
        ("Export du 3 avril\n", 2),
        ("sep=;\r\n", 2),
        ("\n\n\n", 4),
        ("a;b;c;d\n\n", 3),
        ('un "guillemet seul\n', 2),
        ('"deux\nlignes"\n', 3),  # of a preamble, physical lines count
        ("a\rb\r\nc\n", 4),
    ],
)
@pytest.mark.parametrize("body", ["1;2\n\n3;4\n5\n", '"1";"2"\r\n\r\n"3";"4"\r\n"5"'])
def test_lines_are_those_of_the_file_wherever_the_header_is(before: str, line: int, body: str):
    assert found(f"{before}h;i\n{body}", header_line=line) == ([("1", "2"), ("3", "4")], [line + 1, line + 3])
    assert [r[0] for r in ragged(f"{before}h;i\n{body}", header_line=line)] == [line + 4]


@pytest.mark.parametrize(
    ("text", "line"), [("", 1), ("h;i\n", 2), ("h;i", 2), ("h\r", 2), ("\n\n", 3), ("a\nb\n", 9)]
)
def test_a_header_line_beyond_the_text_gives_no_grid(text: str, line: int):
    assert read(text.encode(), separator=";", header_line=line) is None


@pytest.mark.parametrize(
    ("content", "encoding", "said"),
    [
        (b"h\n\xe9\n", "utf-8", "impossible sequence at byte 2"),
        (b"\xef\xbb\xbfh\n\xc3\n", "utf-8-sig", "impossible sequence at byte"),
        (b"h\n\xc0\xaf\n", "utf-8", "impossible sequence at byte 2"),  # "/" written too long
        (b"h\n\xed\xa0\x80\n", "utf-8", "impossible sequence at byte 2"),  # half of a pair
        (b"h\n\x81\n", "cp1252", "impossible sequence at byte 2"),
        ("é\n".encode(), "cp1252", "it is UTF-8, seen at byte 0"),
        ("h\né\n".encode(), "iso-8859-15", "it is UTF-8, seen at byte 2"),
        (b"h\n\0\0\n", "utf-8", "null character at byte 2"),
        (b"h\n\0\0\n", "cp1252", "null character at byte 2"),
        (b"\xff\xfeh\0\0\0", "utf-16", "null character"),
        (b"\xff\xfeh", "utf-16", "impossible sequence at byte"),
        (b"\xff\xfe\x00\xd8h\0", "utf-16", "impossible sequence at byte 2"),
    ],
)
def test_text_that_cannot_be_read_is_refused_with_the_place(content: bytes, encoding: str, said: str):
    with pytest.raises(FileRefused) as refused:
        decode(content, export=export(encoding=encoding), name="a.csv")
    assert said in refused.value.refusal.reason_en
    assert encoding in refused.value.refusal.reason_fr


@pytest.mark.parametrize(
    ("content", "encoding", "text"),
    [
        (b"\xef\xbb\xbfh", "utf-8", "h"),
        (b"\xef\xbb\xbfh", "utf-8-sig", "h"),
        (b"h", "utf-8-sig", "h"),
        (b"\xfe\xff\x00h", "utf-16", "h"),
        (b"\xff\xfeh\x00", "utf-16", "h"),
        (b"\x80\x8c\x9c", "cp1252", "€Œœ"),
        (b"\xa4\xbc\xbd\xa6", "iso-8859-15", "€ŒœŠ"),
        (b"plain ascii", "cp1252", "plain ascii"),
        (b"", "utf-8", ""),
    ],
)
def test_bytes_become_the_text_of_their_declared_encoding(content: bytes, encoding: str, text: str):
    assert decode(content, export=export(encoding=encoding), name="a.csv") == text.encode()


marks = st.lists(st.sampled_from(["a", "é", ";", '"', "\n", "\r\n", "\r", '""', "'"]), max_size=25).map(
    "".join
)


@given(marks)
@settings(deadline=None, max_examples=300)
def test_both_paths_agree_wherever_quotes_are_sound(body: str):
    text = "h;i\n" + body + "\n"
    grid = read(text.encode(), separator=";", header_line=1)
    slow = delimited._read_line_by_line(text, separator=";")
    assert grid is not None
    assume(not any("\n" in r.text or "\r" in r.text for r in grid.ragged))  # a damaged quote ends at its line
    assert (grid.header, grid.lines.tolist(), grid.blank) == (slow.header, slow.lines.tolist(), slow.blank)
    assert [c.to_pylist() for c in grid.cells.columns] == [c.to_pylist() for c in slow.cells.columns]
    assert [(r.line, r.n_found) for r in grid.ragged] == [(r.line, r.n_found) for r in slow.ragged]


cells = st.lists(
    st.lists(st.text("ab;,|\t\"' é", max_size=4), min_size=2, max_size=2), min_size=1, max_size=5
)
DIALECTS = list(itertools.product(SEPARATORS, NEWLINES, (csv.QUOTE_ALL, csv.QUOTE_MINIMAL)))


@given(cells, st.sampled_from(DIALECTS))
@settings(deadline=None, max_examples=100)
def test_what_a_program_writes_in_a_dialect_is_read_back(
    rows: list[list[str]], dialect: tuple[str, str, int]
):
    separator, newline, quoting = dialect
    memory = io.StringIO(newline="")
    writer = csv.writer(memory, delimiter=separator, lineterminator=newline, quoting=quoting)
    writer.writerows([["h", "i"], *rows])
    expected = [tuple(row) for row in rows if quoting == csv.QUOTE_ALL or row != ["", ""]]
    assert found(memory.getvalue(), separator=separator)[0] == expected


@pytest.mark.parametrize(
    ("n_between", "kept"), [(10, 3), (80, 82)], ids=["a cell of 12 lines", "a stray quote"]
)
def test_a_quote_that_closes_far_below_does_not_swallow_the_rows_between(n_between: int, kept: int):
    between = "".join(f"{line};B;y\n" for line in range(n_between))
    rows, _ = found(f'IPP;Nom;Ville\n1;x"y;Lyon\n2;"A\n{between}B";Nice\n9;C;Z\n')
    assert len(rows) == kept


@pytest.mark.parametrize("newline", NEWLINES)
@pytest.mark.parametrize("n_columns", [MOST_COLUMNS, MOST_COLUMNS + 1])
def test_only_the_header_line_is_too_wide(newline: str, n_columns: int):
    text = newline.join(["titre", ";" * (n_columns - 1), "1" + ";" * 20_000, ""]).encode()
    assert is_too_wide(text, separator=";", header_line=2) is (n_columns > MOST_COLUMNS)
    assert not is_too_wide(text, separator=";", header_line=1)
