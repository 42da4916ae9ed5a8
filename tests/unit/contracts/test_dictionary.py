"""The data dictionary: one row per field that stays one row whatever is written in it."""

import pytest

from tests.unit.contracts.sample import COLOURS, SAMPLE, table
from validations.contracts.dictionary import markdown
from validations.contracts.make import code, count, date, identity, integer, number, text
from validations.contracts.model import Field, Layer
from validations.contracts.tables import TABLES


def rows(*fields: Field) -> list[str]:
    """The rows of the fields in the dictionary of one table, without its id."""
    page = markdown({"fct_sample": table(*fields)})
    return [line for line in page.splitlines() if line.startswith("| `") and not line.startswith("| `id`")]


@pytest.mark.parametrize(
    ("field", "row"),
    [
        (text("note", "note", "remark"), "| `note` | text |  | note | remark |  | clinical |"),
        (identity("name", "nom", "name"), "| `name` | text |  | nom | name |  | identity |"),
        (code("colour", COLOURS, "f", "e"), "| `colour` | code |  | f | e | `red`, `green` | clinical |"),
        (date("seen_date", "f", "e"), "| `seen_date` | date |  | f | e |  | quasi |"),
        (integer("grade", "f", "e", 1, 4), "| `grade` | integer |  | f | e | ≥ 1 ≤ 4 | clinical |"),
        (
            number("size_mm", "f", "e", 0.3, 1000, "mm"),
            "| `size_mm` | number |  | f | e | ≥ 0.3 ≤ 1000 mm | clinical |",
        ),
        (count("n", "f", "e"), "| `n` | integer |  | f | e | ≥ 0 | clinical |"),
        (text("n", "a | b", "c | d"), "| `n` | text |  | a \\| b | c \\| d |  | clinical |"),
        (
            text("n", "deux\nlignes", "two\nlines"),
            "| `n` | text |  | deux lignes | two lines |  | clinical |",
        ),
    ],
)
def test_a_field_is_one_row_of_seven_cells(field, row):
    assert rows(field) == [row]


@pytest.mark.parametrize(
    ("column", "mark"), [("id", "clé"), ("colour", "oui"), ("seen_count", "oui"), ("note", "")]
)
def test_a_row_says_what_is_key_and_what_is_mandatory(column, mark):
    [row] = [line for line in markdown({"s": SAMPLE}).splitlines() if line.startswith(f"| `{column}` |")]
    assert row.split(" | ")[2] == mark


def test_a_table_is_introduced_in_both_languages_with_a_capital():
    assert "### `fct_sample`\n\nÉchantillon. *Sample.*\n" in markdown({"s": SAMPLE})


def test_every_layer_has_its_chapter_in_the_order_of_the_flow_even_when_empty():
    chapters = [line for line in markdown({}).splitlines() if line.startswith("## ")]
    assert [line.partition("(")[2].partition(")")[0] for line in chapters] == [layer.value for layer in Layer]


def test_every_table_stands_once_under_its_layer():
    prefix, found = "", []
    for line in markdown(TABLES).splitlines():
        if line.startswith("## "):
            prefix = line.partition("(")[2].partition(")")[0]
        elif line.startswith("### "):
            found.append((prefix, line.strip("# `")))
    assert [name for _, name in found] == list(TABLES)
    assert [name for layer, name in found if not name.startswith(f"{layer}_")] == []
