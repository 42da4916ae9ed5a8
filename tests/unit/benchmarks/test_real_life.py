"""Files of real life: the truth is in the bytes, and what is not of the table is counted by hand."""

import csv
import io
import re

import pytest

from benchmarks.clean_tables import CleanTable, Dialect, Row
from benchmarks.real_life import PAGE, VARIATIONS, Variant, fixed_width, measured, shapes, variants

TABLE = CleanTable(
    name="small",
    header=("code", "mot", "note", "fin"),
    records=tuple((f"{rank}", f"mot; {rank}", 'dit "non"' if rank % 2 else "", "") for rank in range(45)),
    dialect=Dialect(separator=";"),
)
OUTSIDE = {  # rows of the bytes that are not of the table, blank lines apart
    "title_and_properties": 4, "properties_only": 2, "spreadsheet_title": 5, "spreadsheet_note": 2,
    "title_and_note": 3, "empty_rows_last": 3, "header_again": 44 // PAGE, "comments_first": 2, "comment_between": 1,
    "separator_hint": 1, "units_row": 2,
}  # fmt: skip


def rows(text: str, separator: str) -> list[Row]:
    text = text.removesuffix("\x1a").replace("\r\r\n", "\r\n")
    return [tuple(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) if row]


def small_variants() -> dict[str, Variant]:
    return {variant.kind: variant for vary in VARIATIONS for variant in vary(TABLE)}


def is_in_order(truth: tuple[Row, ...], found: list[Row]) -> bool:
    rest = iter(found)
    return all(row in rest for row in truth)


LONGER = {
    "blank_columns": 2,
    "separator_after_lines": 1,
    "separator_after_records": 1,
}  # cells that only end lines


@pytest.mark.parametrize("kind", sorted(set(small_variants()) - {"whole_lines_quoted"} - set(LONGER)))
def test_the_rows_of_the_truth_are_in_the_bytes_in_order(kind: str):
    variant = small_variants()[kind]
    found = rows(variant.text, ";")
    assert is_in_order(variant.truth, found)
    assert len(found) - len(variant.truth) == OUTSIDE.get(kind, 0)


@pytest.mark.parametrize(("kind", "ends"), LONGER.items())
def test_what_only_ends_the_lines_is_not_in_the_truth(kind: str, ends: int):
    variant = small_variants()[kind]
    found = rows(variant.text, ";")
    assert [row[: len(variant.truth[0])] for row in found] == list(variant.truth)
    assert {row[len(variant.truth[0]) :] for row in found[1:]} == {("",) * ends}


@pytest.mark.parametrize(
    ("kind", "start"),
    [
        ("title_and_properties", "Extraction du 12/03/2021\r\nÉtablissement 12, service d'archives\r\nPeriode;"),
        ("spreadsheet_title", "Extraction du 12/03/2021;;;\r\n;;;\r\nPeriode;2019-2021;;\r\n"),
        ("blank_columns", ";code;mot;note;fin;;\r\n"),
        ("separator_after_lines", "code;mot;note;fin;\r\n"),
        ("double_spaced", "code;mot;note;fin\r\n\r\n0;"),
        ("separator_after_records", 'code;mot;note;fin\r\n0;"mot; 0";;;\r\n'),
        ("empty_cells_left_out", 'code;mot;note;fin\r\n0;"mot; 0"\r\n'),
        ("return_too_many", "code;mot;note;fin\r\r\n0;"),
        ("blank_lines_first", "\r\n\r\n\r\ncode;"),
        ("comments_first", "# exported by a program\r\n# version"),
        ("separator_hint", "sep=;\r\ncode;"),
        ("quotes_round_text", '"code";"mot";"note";"fin"\r\n0;"mot; 0";"";""\r\n'),
        ("whole_lines_quoted", '"code;mot;note;fin"\r\n"0;""mot; 0"";;"\r\n'),
        ("line_break_in_header", '"code\n(as filed)";'),
        ("header_of_years", "code;1990;1991;1992\r\n"),
        ("names_twice", "code;mot;mot;mot\r\n"),
        ("names_missing", "code;mot;;\r\n"),
    ],
)  # fmt: skip
def test_how_a_variant_begins(kind: str, start: str):
    assert small_variants()[kind].text.startswith(start)


@pytest.mark.parametrize("kind", ["blank_lines_first", "separator_hint", "header_again", "return_too_many"])
def test_what_surrounds_a_table_is_not_in_its_truth(kind: str):
    assert small_variants()[kind].truth == TABLE.rows


def test_a_whole_quoted_line_holds_its_record():
    variant = small_variants()["whole_lines_quoted"]
    inner = "\n".join(row[0] for row in rows(variant.text, "\t"))
    assert tuple(rows(inner, ";")) == variant.truth


@pytest.mark.parametrize(
    ("table", "variant"), [*measured(), *shapes()], ids=lambda one: getattr(one, "kind", "")
)
def test_measures_and_shapes_say_their_truth(table: CleanTable, variant: Variant):
    separator = next(sign for sign in "\t;," if sign in variant.text.splitlines()[0] or sign == ",")
    found = rows(variant.text, separator)
    assert is_in_order(variant.truth[1:], found)
    assert len(found) - len(variant.truth[1:]) == OUTSIDE.get(variant.kind, 1)


@pytest.mark.parametrize(
    ("kind", "number"),
    [
        ("decimal_comma", r"\d+,\d\d"),
        ("thousands_space", r"1 \d{3},\d\d"),
        ("thousands_narrow_space", "1\u202f\\d{3},\\d\\d"),
    ],
)
def test_numbers_as_people_write_them(kind: str, number: str):
    [variant] = [variant for _, variant in measured() if variant.kind == kind]
    assert re.fullmatch(number, variant.truth[1][1])


def test_columns_of_fixed_width_begin_at_the_same_place():
    [(_, plain), (_, ruled), (_, right)] = fixed_width()
    lines = plain.text.splitlines()
    start = lines[0].index("Prénom")
    assert {line[start - 2 : start] for line in lines} == {"  "}
    assert [line[start:].split("  ")[0].strip() for line in lines] == [row[2] for row in plain.truth]
    assert set(ruled.text.splitlines()[1]) == {"-", " "}
    assert plain.truth == ruled.truth == right.truth


def test_every_source_is_written_in_every_variation():
    names = [f"{table.name}/{variant.kind}" for table, variant in variants()]
    assert len(names) == len(set(names)) > 90
