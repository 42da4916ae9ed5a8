"""Numbers with the declared decimal mark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.stage.numbers import parse_integer, parse_number
from validations.rules.contract import NOT_A_NUMBER


@pytest.mark.parametrize(
    ("text", "comma", "point", "workbook"),
    [
        ("12", 12, 12, 12),
        ("12,5", 12.5, None, 12.5),
        ("12.5", None, 12.5, 12.5),
        ("1.250", None, 1.25, 1.25),
        ("1 250", 1250, 1250, 1250),
        ("1 250,5", 1250.5, None, 1250.5),
        ("1\u202f250", 1250, 1250, 1250),
        ("12 50", None, None, None),
        ("-3", -3, -3, -3),
        ("+3", 3, 3, 3),
        ("1e2", 100, 100, 100),
        (" 4 ", 4, 4, 4),
        ("1,250.5", None, None, None),
        ("12 mm", None, None, None),
        ("<5", None, None, None),
        ("4-5", None, None, None),
        ("nan", None, None, None),
        ("inf", None, None, None),
        ("1e999", None, None, None),
        (",5", None, None, None),
        ("douze", None, None, None),
    ],
)
def test_the_declared_mark_decides(text, comma, point, workbook):
    found = (
        parse_number(text, decimal=",", is_workbook=False),
        parse_number(text, decimal=".", is_workbook=False),
        parse_number(text, decimal=",", is_workbook=True),
    )
    assert tuple(reading.value for reading in found) == (comma, point, workbook)
    assert all((r.problem == NOT_A_NUMBER) == (r.value is None) for r in found)


@pytest.mark.parametrize(
    ("text", "value"), [("3", 3), ("3,0", 3), ("3,5", None), ("-1", -1), ("II", None), ("1e20", None)]
)
def test_a_fraction_is_no_whole_number(text, value):
    found = parse_integer(text, decimal=",", is_workbook=False)
    assert (found.value, found.problem) == (value, None if value is not None else NOT_A_NUMBER)
    assert found.value is None or isinstance(found.value, int)


@pytest.mark.parametrize("parse", [parse_number, parse_integer])
def test_a_blank_is_no_number_and_no_problem(parse):
    found = parse("  ", decimal=",", is_workbook=False)
    assert (found.value, found.problem) == (None, None)


@given(st.decimals(-99999, 99999, places=2))
def test_every_number_is_read_back(number):
    text = str(number)
    assert parse_number(text, decimal=".", is_workbook=False).value == float(number)
    assert parse_number(text.replace(".", ","), decimal=",", is_workbook=False).value == float(number)
