"""What programs put around the lines of a table."""

import pytest

from pipelines.io.reading.text_tables import find_text_tables
from pipelines.io.reading.wrapping import separator_hint, unwrapped, without_end_sign


@pytest.mark.parametrize(
    ("line", "separator"),
    [
        ("sep=;\r\n", ";"),
        ("SEP=,\n", ","),
        ('"sep=|"\n', "|"),
        ("sep=\t", "\t"),
        ("sep=ab\n", None),
        ("a;b\n", None),
    ],
)
def test_a_hint_of_the_separator(line, separator):
    assert separator_hint([line, "a;b\n"]) == separator


def test_no_line_has_no_hint():
    assert separator_hint([]) is None


@pytest.mark.parametrize(("text", "expected"), [("a\n\x1a", "a\n"), ("a\x1a", "a"), ("a\x1ab", "a\x1ab")])
def test_the_end_sign(text, expected):
    assert without_end_sign(text) == expected


def test_quotes_around_whole_lines_are_taken_off():
    assert unwrapped(['"a,""b, c"""\r\n', "\n", '"1,2"']) == ['a,"b, c"\r\n', "\n", "1,2"]
    assert unwrapped(['"a",b\n', '"1",2\n']) is None
    assert unwrapped(['"a,b"\n', "1,2\n"]) is None


def test_a_file_of_quoted_lines_is_cut_within_them():
    found = find_text_tables(b'"id,nom,note"\n"1,""Dupont, J"",a"\n"2,Petit,b"\n').tables[0]
    assert (list(found.header), found.records[0]) == (["id", "nom", "note"], ["1", "Dupont, J", "a"])


def test_a_quoted_single_column_is_not_cut():
    content = b'"Adresse"\n"3, rue du Lac, Lyon"\n"5, rue Haute, Paris"\n'
    assert list(find_text_tables(content).tables[0].header) == ["Adresse"]


def test_the_hint_is_obeyed():
    found = find_text_tables(b"sep=|\na;1|b;2\nc;3|d;4\n")
    assert list(found.tables[0].header) == ["a;1", "b;2"]
    assert found.outside == {"preamble": [1]}
