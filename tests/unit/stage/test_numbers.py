"""Numbers with the declared decimal mark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.stage.numbers import UNITS, parse_integer, parse_number
from validations.contracts.entities import ENTITIES
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
        ("1,250.5", None, 1250.5, 1250.5),
        ("1.250,5", 1250.5, None, 1250.5),
        ("1.250.000", None, None, None),
        ("1.25,5", None, None, None),
        ("12 mm", None, None, None),
        ("<5", None, None, None),
        ("4-5", None, None, None),
        ("~30", None, None, None),
        ("> 50", None, None, None),
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
    ("text", "declared", "value"),
    [
        ("12 mm", None, 12),
        ("12mm", None, 12),
        ("1,2 cm", None, 12),
        ("1,2 CM", None, 12),
        ("1 200 mm", None, 1200),
        ("1,2", "cm", 12),
        ("1,1", "cm", 11),
        ("12 mm", "cm", 12),  # the cell says it
        ("12", "mm", 12),
        ("12 m", None, None),
        ("12 Gy", None, None),
        ("12 mm env", None, None),
        ("mm", None, None),
        ("12.5 mm", None, None),
    ],
)
def test_a_unit_is_converted_or_refused(text, declared, value):
    found = parse_number(text, decimal=",", is_workbook=False, unit="mm", declared_unit=declared)
    assert (found.value, found.problem) == (value, None if value is not None else NOT_A_NUMBER)


@pytest.mark.parametrize(
    ("text", "value"),
    [("50 Gy", 50), ("5000 cGy", 50), ("35 cGy", 0.35), ("57 cGy", 0.57), ("50 mm", None), ("50 mg", None)],
)
def test_a_dose_has_its_own_units(text, value):
    assert parse_number(text, decimal=",", is_workbook=False, unit="Gy").value == value


def test_every_unit_of_the_contract_that_converts_is_a_unit_of_the_contract():
    assert set(UNITS) <= {field.unit for fields in ENTITIES.values() for field in fields}


@given(st.integers(1, 99_999))
def test_centimetres_become_exact_millimetres(tenths):
    text = f"{tenths // 10},{tenths % 10}"
    assert parse_number(text, decimal=",", is_workbook=False, unit="mm", declared_unit="cm").value == tenths


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
