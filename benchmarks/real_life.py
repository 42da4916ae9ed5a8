"""Files as offices and hospitals really send them: what spreadsheets, databases and people leave around a table.

The truth keeps every line that is about a thing of the table, a total too; it leaves out titles, notes, comments,
blank lines and a header that is printed again. A blank column keeps its cells, unless it only ends the lines.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.clean_tables import (
    CleanTable,
    Dialect,
    Row,
    clean_tables,
    hospital,
    quoted,
    sensors,
    write_cell,
    write_line,
    write_rows,
)

TITLE = ("Extraction du 12/03/2021", "Établissement 12, service d'archives")
PROPERTIES = (("Periode", "2019-2021"), ("Demandeur", "bureau 7"))
NOTE = "Note: chiffres provisoires, sous réserve de correction"
PAGE = 20  # records between two printings of the header


@dataclass(frozen=True, kw_only=True)
class Variant:
    """One way of writing a table: its kind, its text, and its truth (the first row is the header)."""

    kind: str
    text: str
    truth: tuple[Row, ...]


Vary = Callable[[CleanTable], Iterator[Variant]]


def _padded(cells: Sequence[str], width: int) -> Row:
    return (*cells, *[""] * (width - len(cells)))


def reports(table: CleanTable) -> Iterator[Variant]:
    """Titles, properties and notes around the table, as text or as rows of a spreadsheet."""
    dialect, end, width = table.dialect, table.dialect.line_end, len(table.header)
    text = write_rows(table.rows, dialect)
    titles = write_rows([(line,) for line in TITLE], dialect)
    properties = write_rows(PROPERTIES, dialect)
    yield Variant(kind="title_and_properties", text=titles + properties + end + text, truth=table.rows)
    yield Variant(kind="properties_only", text=properties + text, truth=table.rows)
    sheet = write_rows([_padded(row, width) for row in ((TITLE[0],), (), *PROPERTIES, ())], dialect)
    note = write_rows([_padded((), width), _padded((NOTE,), width)], dialect)
    yield Variant(kind="spreadsheet_title", text=sheet + text, truth=table.rows)
    yield Variant(kind="spreadsheet_note", text=text + note, truth=table.rows)
    yield Variant(kind="title_and_note", text=titles + end + text + end + NOTE + end, truth=table.rows)


def blanks(table: CleanTable) -> Iterator[Variant]:
    """Blank columns and lines, and separators at the end of lines."""
    dialect, end, width = table.dialect, table.dialect.line_end, len(table.header)
    framed = tuple(("", *row, "", "") for row in table.rows)
    kept = tuple(row[:-2] for row in framed)
    yield Variant(kind="blank_columns", text=write_rows(framed, dialect), truth=kept)
    ended = tuple((*row, "") for row in table.rows)
    yield Variant(kind="separator_after_lines", text=write_rows(ended, dialect), truth=table.rows)
    text = write_rows(table.rows, dialect)
    yield Variant(kind="blank_lines_first", text=end * 3 + text, truth=table.rows)
    yield Variant(kind="blank_lines_last", text=text + end * 4, truth=table.rows)
    empty = write_rows([("",) * width] * 3, dialect)
    yield Variant(kind="empty_rows_last", text=text + empty, truth=table.rows)
    spaced = (write_line(row, dialect) + end * 2 for row in table.rows)
    yield Variant(kind="double_spaced", text="".join(spaced), truth=table.rows)
    longer = (table.header, *((*row, "") for row in table.records))
    yield Variant(kind="separator_after_records", text=write_rows(longer, dialect), truth=table.rows)
    cut = tuple(_without_end(row) for row in table.rows)
    yield Variant(kind="empty_cells_left_out", text=write_rows(cut, dialect), truth=cut)


def _without_end(row: Row) -> Row:
    last = max(rank for rank, cell in enumerate(row) if cell)
    return row[: last + 1]


def lines_between(table: CleanTable) -> Iterator[Variant]:
    """A total, comments, the header printed again on every page, a hint for a spreadsheet."""
    dialect, end, width = table.dialect, table.dialect.line_end, len(table.header)
    text = write_rows(table.rows, dialect)
    total = ("Total", *[""] * (width - 3), "1234", "99")
    yield Variant(kind="total", text=text + write_rows([total], dialect), truth=(*table.rows, total))
    pages = [table.records[start : start + PAGE] for start in range(0, len(table.records), PAGE)]
    printed = "".join(write_rows((table.header, *page), dialect) for page in pages)
    yield Variant(kind="header_again", text=printed, truth=table.rows)
    comments = f"# exported by a program{end}# version 2, level 3{end}"
    yield Variant(kind="comments_first", text=comments + text, truth=table.rows)
    first, second = write_rows(table.rows[:30], dialect), write_rows(table.rows[30:], dialect)
    yield Variant(kind="comment_between", text=f"{first}# new series{end}{second}", truth=table.rows)
    yield Variant(kind="separator_hint", text=f"sep={dialect.separator}{end}{text}", truth=table.rows)
    yield Variant(kind="end_of_file_sign", text=text + "\x1a", truth=table.rows)


def quoting(table: CleanTable) -> Iterator[Variant]:
    """Quotes around text only, around whole lines, a carriage return too many, a header on two lines of one cell."""
    dialect, end = table.dialect, table.dialect.line_end
    marked = (_quotes_round_text(row, dialect) + end for row in table.rows)
    yield Variant(kind="quotes_round_text", text="".join(marked), truth=table.rows)
    one_line = tuple(tuple(cell.replace("\n", " ") for cell in row) for row in table.rows)
    wrapped = (quoted(write_line(row, dialect), dialect) + end for row in one_line)
    yield Variant(kind="whole_lines_quoted", text="".join(wrapped), truth=one_line)
    returned = replace(dialect, line_end="\r\r\n")
    yield Variant(kind="return_too_many", text=write_rows(one_line, returned), truth=one_line)
    header = tuple(f"{cell}\n(as filed)" for cell in table.header)
    rows = (header, *table.records)
    yield Variant(kind="line_break_in_header", text=write_rows(rows, dialect), truth=rows)


def _quotes_round_text(row: Row, dialect: Dialect) -> str:
    numeric = (cell.replace(".", "", 1).replace(",", "", 1).isdigit() for cell in row)
    everywhere = replace(dialect, quotes_all=True)
    cells = (
        write_cell(cell, dialect if number else everywhere) for cell, number in zip(row, numeric, strict=True)
    )
    return dialect.separator.join(cells)


def header_names(table: CleanTable) -> Iterator[Variant]:
    """Names that are years, that occur twice, that are missing."""
    width = len(table.header)
    names = {
        "header_of_years": (table.header[0], *map(str, range(1990, 1989 + width))),
        "names_twice": (*table.header[:-2], table.header[1], table.header[1]),
        "names_missing": (*table.header[:2], "", *table.header[3:-1], ""),
        "names_in_capitals": tuple(name.upper().replace("_", " ") for name in table.header),
    }
    for kind, header in names.items():
        rows = (header, *table.records)
        yield Variant(kind=kind, text=write_rows(rows, table.dialect), truth=rows)


def measured() -> Iterator[tuple[CleanTable, Variant]]:
    """Numbers as people write them, and their units on a line of their own."""
    table = sensors()
    units = ("", *["(°C)"] * 39)
    text = write_rows((table.header, units, *table.records), table.dialect)
    joined = tuple(" ".join(filter(None, pair)) for pair in zip(table.header, units, strict=True))
    yield table, Variant(kind="units_row", text=text, truth=(joined, *table.records))
    for kind, separator, thousands in (
        ("decimal_comma_quoted", ",", ""), ("decimal_comma", ";", ""), ("thousands_space", ";", " "),
        ("thousands_narrow_space", ";", "\u202f"), ("thousands_apostrophe_tab", "\t", "'"),
    ):  # fmt: skip
        rows = (table.header, *(_french_numbers(row, thousands) for row in table.records))
        dialect = Dialect(separator=separator)
        yield table, Variant(kind=kind, text=write_rows(rows, dialect), truth=rows)


def _french_numbers(row: Row, thousands: str) -> Row:
    return (row[0], *(_french_number(cell, thousands) if cell else "" for cell in row[1:]))


def _french_number(cell: str, thousands: str) -> str:
    number = float(cell) + (1000 if thousands else 0)
    return f"{number:,.2f}".replace(",", thousands).replace(".", ",")


def shapes() -> Iterator[tuple[CleanTable, Variant]]:
    """One column, two columns, three records, three hundred columns, mostly empty cells, commas in plain text."""
    rng = np.random.default_rng(5)
    numbers = rng.integers(0, 1000, size=(40, 300)).astype(str)
    wide = (tuple(f"g{rank}" for rank in range(300)), *map(tuple, numbers))
    one = (("name",), *((f"item {rank}",) for rank in range(50)))
    two = (("key", "label"), *((str(rank), f"label {rank}, with more, and more") for rank in range(50)))
    sparse = (
        tuple(f"field {rank}" for rank in range(12)),
        *(tuple("yes" if (rank * 7 + place) % 11 == 0 else "" for place in range(12)) for rank in range(50)),
    )
    few = (
        ("id", "day", "amount"),
        ("1", "2020-01-02", "3,5"),
        ("2", "2020-01-03", "4,5"),
        ("3", "2020-01-09", "8,0"),
    )
    for kind, rows, separator in (
        ("wide", wide, ","), ("wide_tab", wide, "\t"), ("one_column", one, ","), ("two_columns", two, ";"),
        ("two_columns_tab", two, "\t"), ("sparse", sparse, ","), ("sparse_semicolon", sparse, ";"),
        ("three_records", few, ";"), ("three_records_tab", few, "\t"), ("three_records_comma", few, ","),
    ):  # fmt: skip
        table = CleanTable(
            name="shape", header=rows[0], records=rows[1:], dialect=Dialect(separator=separator)
        )
        yield table, Variant(kind=kind, text=write_rows(rows, table.dialect), truth=rows)


def fixed_width() -> Iterator[tuple[CleanTable, Variant]]:
    """Columns aligned by spaces, with a gap of two, with a rule below the header, numbers to the right."""
    table = hospital()
    rows = tuple(row[:6] + row[7:10] for row in table.rows)
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [_aligned(row, widths, numbers=()) for row in rows]
    yield table, Variant(kind="fixed_width", text=_ended(lines), truth=rows)
    ruled = [lines[0], "  ".join("-" * width for width in widths), *lines[1:]]
    yield table, Variant(kind="fixed_width_rule", text=_ended(ruled), truth=rows)
    right = [_aligned(row, widths, numbers=(7, 8)) for row in rows]
    yield table, Variant(kind="fixed_width_right", text=_ended(right), truth=rows)


def _aligned(row: Row, widths: Sequence[int], *, numbers: Sequence[int]) -> str:
    sides = (">" if place in numbers else "<" for place in range(len(row)))
    return "  ".join(
        f"{cell:{side}{width}}" for cell, side, width in zip(row, sides, widths, strict=True)
    ).rstrip()


def _ended(lines: Sequence[str]) -> str:
    return "".join(line + "\r\n" for line in lines)


VARIATIONS: tuple[Vary, ...] = (reports, blanks, lines_between, quoting, header_names)


def variants() -> Iterator[tuple[CleanTable, Variant]]:
    """Every variant of every source."""
    for table in clean_tables():
        for vary in VARIATIONS:
            yield from ((table, variant) for variant in vary(table))
    yield from measured()
    yield from shapes()
    yield from fixed_width()
