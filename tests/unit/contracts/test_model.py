"""What a field and a table are, and the constructors that make a declaration one line."""

import dataclasses

import pytest

from tests.unit.contracts.sample import COLOURS, SAMPLE
from validations.contracts.make import code, count, date, flag, identity, integer, number, technical, text
from validations.contracts.model import INTEGRATION_ZONE, Field, Kind, Layer, Sensitivity


@pytest.mark.parametrize(
    ("made", "kind", "sensitivity", "bounds", "unit"),
    [
        (text("x", "f", "e"), "text", "clinical", (None, None), None),
        (identity("x", "f", "e"), "text", "identity", (None, None), None),
        (technical("x", "f", "e"), "text", "technical", (None, None), None),
        (technical("x", "f", "e", Kind.DATE), "date", "technical", (None, None), None),
        (code("x", COLOURS, "f", "e"), "code", "clinical", (None, None), None),
        (date("x", "f", "e"), "date", "quasi", (None, None), None),
        (date("x", "f", "e", Sensitivity.IDENTITY), "date", "identity", (None, None), None),
        (flag("x", "f", "e"), "boolean", "clinical", (None, None), None),
        (number("x", "f", "e", 0.3, 9, "mm"), "number", "clinical", (0.3, 9), "mm"),
        (integer("x", "f", "e", 1, 4), "integer", "clinical", (1, 4), None),
        (count("x", "f", "e"), "integer", "clinical", (0, None), None),
    ],
)
def test_a_constructor_makes_a_field(made, kind, sensitivity, bounds, unit):
    assert (made.name, made.fr, made.en) == ("x", "f", "e")
    assert (made.kind.value, made.sensitivity.value) == (kind, sensitivity)
    assert ((made.low, made.high), made.unit) == (bounds, unit)


def test_the_values_of_a_code_keep_their_order():
    assert code("x", COLOURS, "f", "e").code_values == ("red", "green")
    assert text("x", "f", "e").code_values == ()


def test_a_renamed_field_is_the_same_under_another_name():
    field = number("size_mm", "taille", "size", 0.3, 1000, "mm")
    renamed = field.renamed("first_size_mm")
    assert (field.name, renamed.name) == ("size_mm", "first_size_mm")
    assert renamed.renamed("size_mm") == field


def test_a_table_knows_its_name_columns_and_what_may_not_be_empty():
    assert SAMPLE.name == "fct_sample"
    assert SAMPLE.columns[:3] == ("id", "note", "colour")
    assert SAMPLE.mandatory == {"id", "colour", "seen_count"}


def test_a_table_finds_a_field_or_says_which_table_has_none():
    assert SAMPLE.field("grade").high == 4
    with pytest.raises(KeyError, match="fct_sample has no field nothing"):
        SAMPLE.field("nothing")


@pytest.mark.parametrize("declared", [SAMPLE, SAMPLE.fields[0], COLOURS[0]], ids=lambda d: type(d).__name__)
def test_a_declaration_cannot_be_changed(declared):
    with pytest.raises(dataclasses.FrozenInstanceError):
        declared.fr = "autre"


def test_a_declaration_names_each_of_its_parts():
    with pytest.raises(TypeError):
        Field("x", Kind.TEXT, "f", "e")


def test_the_layers_come_in_the_order_of_the_flow():
    assert [layer.value for layer in Layer] == ["stg", "val", "lnk", "har", "dim", "fct", "ind"]
    assert {Layer.STAGED, Layer.VALIDATED, Layer.LINKED} == INTEGRATION_ZONE
