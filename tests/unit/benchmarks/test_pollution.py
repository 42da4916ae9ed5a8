"""Polluted files: their truth is what their bytes say, for every file that a told reader can read."""

from collections import Counter

import pytest

from benchmarks.clean_tables import CleanTable, Dialect, clean_tables, write_cell, write_line
from benchmarks.pollution import (
    PollutedFile,
    extra_quote,
    extra_separator,
    missing_separator,
    polluted_files,
    read_by_csv,
    row_of_spaces,
)

RECORD = ("ab", "c, d", "", 'e"f')
SMALL = CleanTable(
    name="small",
    header=("h1", "h2", "h3", "h4"),
    records=(RECORD, ("x",) * 4),
    dialect=Dialect(line_end="\n"),
)


@pytest.fixture(scope="module")
def files() -> list[PollutedFile]:
    return list(polluted_files())


def record(file: PollutedFile | None) -> tuple[str, tuple[str, ...]]:
    """The bytes of the damaged line, and its truth."""
    assert file is not None
    return file.content.decode().splitlines()[1], file.records[0]


@pytest.mark.parametrize(
    ("text", "dialect", "written"),
    [
        ("plain", Dialect(), "plain"),
        ("a,b", Dialect(), '"a,b"'),
        ("a,b", Dialect(separator=";"), "a,b"),
        ("a,b", Dialect(separator=", "), '"a,b"'),
        ('a"b', Dialect(), '"a""b"'),
        ('a"b', Dialect(escape="backslash"), r'"a\"b"'),
        (r"a\b", Dialect(escape="backslash"), r'"a\\b"'),
        ('a"b', Dialect(escape="none"), '"a"b"'),
        ('a"b', Dialect(quote="'"), 'a"b'),
        ("it's", Dialect(quote="'"), "'it''s'"),
        ("two\nlines", Dialect(), '"two\nlines"'),
        ("", Dialect(), ""),
        ("", Dialect(quotes_all=True), '""'),
        ("a b", Dialect(separator=" "), '"a b"'),
    ],
)
def test_a_cell_is_quoted_where_it_must_be(text: str, dialect: Dialect, written: str):
    assert write_cell(text, dialect) == written


@pytest.mark.parametrize(
    ("column", "line", "truth"),
    [
        (0, 'ab"c, d",,"e""f"', ('ab"c, d"', "", 'e"f')),
        (1, 'ab,"c, d","e""f"', ("ab", "c, d", 'e"f')),
        (2, 'ab,"c, d","e""f"', ("ab", "c, d", 'e"f')),
    ],
)
def test_a_missing_separator_fuses_two_cells(column: int, line: str, truth: tuple[str, ...]):
    assert record(missing_separator(SMALL, 1, column)) == (line, truth)


def test_two_quoted_cells_that_touch_keep_one_of_their_quotes():
    table = CleanTable(name="t", header=("h1", "h2"), records=(("a,", ",b"),), dialect=Dialect())
    line, truth = record(missing_separator(table, 1, 0))
    assert (line, truth) == ('"a,"",b"', ('a,",b',))
    assert read_by_csv(line, Dialect()) == (truth,)


def test_no_separator_follows_the_last_cell():
    assert missing_separator(SMALL, 1, 3) is None


@pytest.mark.parametrize(
    ("column", "line", "truth"),
    [
        (0, 'ab,,"c, d",,"e""f"', ("ab", "", "c, d", "", 'e"f')),
        (3, 'ab,"c, d",,"e""f",', ("ab", "c, d", "", 'e"f', "")),
    ],
)
def test_one_separator_too_many_opens_an_empty_cell(column: int, line: str, truth: tuple[str, ...]):
    assert record(extra_separator(SMALL, 1, column)) == (line, truth)


@pytest.mark.parametrize(
    ("column", "line", "truth"),
    [
        (0, '"ab,"c, d",,"e""f"', ('"ab', "c, d", "", 'e"f')),
        (1, 'ab,""c, d",,"e""f"', ("ab", '"c, d', "", 'e"f')),
        (2, 'ab,"c, d",","e""f"', ("ab", "c, d", '"', 'e"f')),
    ],
)
def test_a_stray_quote_is_text_of_its_cell(column: int, line: str, truth: tuple[str, ...]):
    assert record(extra_quote(SMALL, 1, column)) == (line, truth)


def test_a_row_of_spaces_keeps_its_cells():
    line, truth = record(row_of_spaces(SMALL, 1))
    assert (line, truth) == ('ab "c, d"  "e""f"', RECORD)
    assert read_by_csv(line, Dialect(separator=" ")) == (RECORD,)


def test_a_reader_that_is_told_the_dialect_reads_the_truth(files: list[PollutedFile]):
    told = [file for file in files if file.dialect]
    wrong = [
        file.name
        for file in told
        if file.dialect
        and read_by_csv(file.content.decode(file.dialect.encoding), file.dialect)
        != (file.header, *file.records)
    ]
    assert wrong == []
    assert len(told) > 1000


def test_the_damaged_header_is_damaged_in_the_truth_too():
    found = extra_separator(SMALL, 0, 1)
    assert found.header == ("h1", "h2", "", "h3", "h4")
    assert found.records == SMALL.records


def test_every_file_has_its_own_name_and_the_same_bytes_every_time(files: list[PollutedFile]):
    assert max(Counter(file.name for file in files).values()) == 1
    assert files[:40] == [file for file, _ in zip(polluted_files(), range(40), strict=False)]


def test_a_damaged_file_differs_from_the_sound_one_in_one_line():
    sound = [write_line(row, SMALL.dialect) for row in SMALL.rows]
    lines = extra_quote(SMALL, 2, 1).content.decode().splitlines()
    assert [rank for rank, line in enumerate(lines) if line != sound[rank]] == [2]


@pytest.mark.parametrize("table", clean_tables(), ids=lambda table: table.name)
def test_the_sources_are_rectangular_and_hold_what_is_hard(table: CleanTable):
    assert {len(row) for row in table.rows} == {len(table.header)}
    assert any(cell == "" for row in table.records for cell in row)


def test_the_shop_has_every_sign_that_needs_a_quote():
    text = "\0".join(cell for row in clean_tables()[0].records for cell in row)
    assert [sign for sign in ",;\"'\n\\" if sign not in text] == []


@pytest.mark.parametrize(
    ("kind", "header", "records"),
    [
        ("size/empty", (), 0),
        ("size/header_only", clean_tables()[0].header, 0),
        ("size/one_record", clean_tables()[0].header, 1),
        ("header/none", (), 83),
        (
            "header/2_rows",
            tuple(f"{name} detail {rank}" for rank, name in enumerate(clean_tables()[0].header)),
            83,
        ),
        ("tables/more_columns", clean_tables()[0].header, 83),
        ("preamble/no_empty_line", clean_tables()[0].header, 83),
    ],
)
def test_the_truth_of_a_whole_file(
    files: list[PollutedFile], kind: str, header: tuple[str, ...], records: int
):
    [file] = [file for file in files if file.name == f"shop/{kind}"]
    assert (file.header, len(file.records)) == (header, records)
