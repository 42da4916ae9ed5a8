"""From text to typed columns: what each cell becomes, and which rule it breaks. Nothing is lost in silence."""

import datetime as dt

import pyarrow as pa
import pytest

from pipelines.stage.date_order import DateEvidence, FileDates
from pipelines.stage.typing import type_rows
from tests.dialects import centre
from validations.contracts.derive import arrow_schema
from validations.contracts.entities import ENTITIES
from validations.contracts.model import Kind
from validations.contracts.tables import STAGED, VALIDATED
from validations.rules import contract as c

FILES = r"""
files:
  - match: 'p\.csv'
    sheets:
      - tables:
        - entity: patient_identity
          columns: {local_patient_id: IPP, sex: SEXE}
        - entity: tumour
          columns: {local_patient_id: IPP, local_tumour_id: TUM, had_biopsy: BIOPSIE, size_mm: TAILLE}
values: {sex: {M: [Homme], F: [Femme]}, boolean: {"yes": [oui], "no": [non]}}
"""
COMMA = centre("export: {format: csv}" + FILES)
POINT = centre('export: {format: csv, decimal: "."}' + FILES)
BOOK = centre("export: {format: xlsx}" + FILES)
IN_CM = centre("export: {format: csv, units: {size_mm: cm}}" + FILES)
SHORT_YEARS = centre("export: {format: csv, two_digit_years_until: 2029}" + FILES)


def dates(delivery, order="day_first"):
    return FileDates(delivery_id=delivery, order=order, is_decided_by_file=False, evidence=DateEvidence())


def typed(entity, rows, *, of=COMMA, orders=None):
    """The typed rows and the findings of rows given by their fields, numbered r0, r1, …"""
    schema = pa.schema([field.with_nullable(True) for field in arrow_schema(STAGED[entity])])
    lines = [
        {"row_id": f"r{n}", "centre_id": "c", "delivery_id": "d", "file": "p.csv", "line": n + 2, **row}
        for n, row in enumerate(rows)
    ]
    staged = pa.Table.from_pylist(lines, schema=schema)
    found, held = type_rows(staged, entity, centre=of, orders=orders or {"d": dates("d")})
    said = held.select(["row_id", "rule_id", "field"]).to_pylist()
    return found, sorted(tuple(row.values()) for row in said)


def cell(entity, field, text, **how):
    """What one cell becomes, and the rule it breaks."""
    found, held = typed(entity, [{field: text}], **how)
    assert {name for _, _, name in held} <= {field}
    return found[field].to_pylist()[0], (held[0][1] if held else None)


@pytest.mark.parametrize(
    ("field", "text", "value", "rule"),
    [
        ("birth_name", "Martin", "Martin", None),
        ("birth_name", None, None, None),
        ("birth_name", "Müller-Œuvrard", "Müller-Œuvrard", None),
        ("birth_name", "HÃ©lÃ¨ne", "HÃ©lÃ¨ne", c.DAMAGED_TEXT),  # kept as it came, and said
        ("birth_name", "H\ufffdl\ufffdne", "H\ufffdl\ufffdne", c.DAMAGED_TEXT),
        ("birth_name", "ÂNE", "ÂNE", None),  # the letter itself is no damage
        ("birth_name", "#REF!", None, c.SPREADSHEET_ERROR),
        ("birth_name", "#N/A", None, c.SPREADSHEET_ERROR),
        ("birth_name", "#VALEUR!", None, c.SPREADSHEET_ERROR),
        ("local_patient_id", "1,23457E+11", None, c.DIGITS_LOST),
        ("local_patient_id", "1.23457E+11", None, c.DIGITS_LOST),
        ("local_patient_id", "123456789012", "123456789012", None),
        ("local_patient_id", "0012", "0012", None),  # zeros in front are part of an identifier
        ("birth_place_cog", "35006", "35006", None),
        ("birth_place_cog", "1004", "01004", c.ZERO_RESTORED),
        ("birth_place_cog", "2A004", "2A004", None),
        ("residence_commune", "1004", "01004", c.ZERO_RESTORED),
        ("sex", "Homme", "M", None),
        ("sex", "FEMME", "F", None),
        ("sex", "M", "M", None),  # the code itself is understood
        ("sex", "autre", None, c.UNKNOWN_WORD),
        ("sex", "#N/A", None, c.SPREADSHEET_ERROR),
    ],
)
def test_a_cell_of_an_identity(field, text, value, rule):
    assert cell("patient_identity", field, text) == (value, rule)


@pytest.mark.parametrize(
    ("how", "field", "text", "value", "rule"),
    [
        (COMMA, "size_mm", "12,5", 12.5, None),
        (COMMA, "size_mm", "12", 12.0, None),
        (COMMA, "size_mm", "douze", None, c.NOT_A_NUMBER),
        (COMMA, "size_mm", "#DIV/0!", None, c.SPREADSHEET_ERROR),
        (COMMA, "size_mm", None, None, None),
        (POINT, "size_mm", "12.5", 12.5, None),
        (IN_CM, "size_mm", "12,5", 125.0, None),
        (BOOK, "size_mm", "12.5", 12.5, None),  # a workbook holds numbers, whatever the centre's decimal mark
        (COMMA, "grade", "3", 3, None),
        (COMMA, "grade", "2,5", None, c.NOT_A_NUMBER),
        (COMMA, "grade", "haut", None, c.NOT_A_NUMBER),
        (BOOK, "grade", "3.0", 3, None),
        (COMMA, "had_biopsy", "oui", True, None),
        (COMMA, "had_biopsy", "NON", False, None),
        (COMMA, "had_biopsy", "peut-être", None, c.UNKNOWN_WORD),
        (COMMA, "diagnosis_label", "liposarcome", "liposarcome", None),
        (COMMA, "diagnosis_label", "#NOM?", None, c.SPREADSHEET_ERROR),
    ],
)
def test_a_cell_of_a_tumour(how, field, text, value, rule):
    assert cell("tumour", field, text, of=how) == (value, rule)


@pytest.mark.parametrize(
    ("why", "order", "text", "value", "precision", "rule"),
    [
        ("as declared", "day_first", "03/04/2019", dt.date(2019, 4, 3), "day", None),
        ("as declared, the other way", "month_first", "03/04/2019", dt.date(2019, 3, 4), "day", None),
        ("ISO needs no order", None, "2019-04-03", dt.date(2019, 4, 3), "day", None),
        ("no order is known", None, "03/04/2019", None, "unknown", c.AMBIGUOUS_DATE),
        ("a month", "day_first", "04/2019", dt.date(2019, 4, 1), "month", None),
        ("a year", "day_first", "2019", dt.date(2019, 1, 1), "year", None),
        ("no such day", "day_first", "31/02/2019", None, "unknown", c.IMPOSSIBLE_DATE),
        ("a word", "day_first", "bientôt", None, "unknown", c.NOT_A_DATE),
        ("two digits", "day_first", "03/04/19", None, "unknown", c.TWO_DIGIT_YEAR),
        ("before any act of the registry", "day_first", "03/04/1890", None, "unknown", c.YEAR_OUT_OF_BOUNDS),
        ("an error of the spreadsheet", "day_first", "#REF!", None, "unknown", c.SPREADSHEET_ERROR),
        ("nothing", "day_first", None, None, "unknown", None),
    ],
)
def test_a_date(why, order, text, value, precision, rule):
    found, held = typed("tumour", [{"diagnosis_date": text}], orders={"d": dates("d", order)})
    assert found["diagnosis_date"].to_pylist() == [value], why
    assert found["diagnosis_date_precision"].to_pylist() == [precision], why
    assert held == ([("r0", rule, "diagnosis_date")] if rule else []), why


def test_a_birth_may_be_older_than_any_act():
    assert cell("patient_identity", "birth_date", "03/04/1890") == (dt.date(1890, 4, 3), None)
    assert cell("patient_identity", "birth_date", "03/04/1870") == (None, c.YEAR_OUT_OF_BOUNDS)


@pytest.mark.parametrize(("text", "year"), [("03/04/29", 2029), ("03/04/30", 1930)])
def test_two_digits_mean_what_the_centre_declares(text, year):
    assert cell("tumour", "diagnosis_date", text, of=SHORT_YEARS)[0] == dt.date(year, 4, 3)


def test_each_file_is_read_in_its_own_order():
    rows = [
        {"delivery_id": delivery, "diagnosis_date": "03/04/2019"}
        for delivery in ("first", "second", "first", "third", "fourth")
    ]
    orders = {
        "first": dates("first", "day_first"),
        "second": dates("second", "month_first"),
        "third": dates("third", None),
        "fourth": dates("fourth", "month_first"),
    }
    found, held = typed("tumour", rows, orders=orders)
    april, march = dt.date(2019, 4, 3), dt.date(2019, 3, 4)
    assert found["diagnosis_date"].to_pylist() == [april, march, april, None, march]
    assert found["diagnosis_date_precision"].to_pylist() == ["day", "day", "day", "unknown", "day"]
    assert held == [("r3", c.AMBIGUOUS_DATE, "diagnosis_date")]


def test_each_row_is_said_by_its_own_name_and_field():
    rows = [
        {"size_mm": "x", "grade": "2"},
        {"size_mm": "12", "grade": "y"},
        {"size_mm": "x", "grade": "y", "diagnosis_date": "z"},
        {},
    ]
    _, held = typed("tumour", rows)
    assert held == [
        ("r0", c.NOT_A_NUMBER, "size_mm"),
        ("r1", c.NOT_A_NUMBER, "grade"),
        ("r2", c.NOT_A_DATE, "diagnosis_date"),
        ("r2", c.NOT_A_NUMBER, "grade"),
        ("r2", c.NOT_A_NUMBER, "size_mm"),
    ]


def test_a_code_keeps_what_the_centre_wrote():
    found, _ = typed("patient_identity", [{"sex": "Femme"}, {"sex": "autre"}, {"sex": None}])
    assert found["sex"].to_pylist() == ["F", None, None]
    assert found["sex_raw"].to_pylist() == ["Femme", "autre", None]


def test_a_damaged_code_text_is_restored_and_its_other_damage_said():
    rows = [{"birth_place_cog": text} for text in ("1004", "#N/A", "35006", None, "1,5E+04")]
    found, held = typed("patient_identity", rows)
    assert found["birth_place_cog"].to_pylist() == ["01004", None, "35006", None, None]
    assert [(row, rule) for row, rule, _ in held] == [
        ("r0", c.ZERO_RESTORED),
        ("r1", c.SPREADSHEET_ERROR),
        ("r4", c.DIGITS_LOST),
    ]


@pytest.mark.parametrize("entity", list(ENTITIES))
@pytest.mark.parametrize("rows", [[], [{}], [{}, {}]], ids=["no row", "an empty row", "two empty rows"])
def test_every_entity_has_the_columns_and_types_of_its_contract(entity, rows):
    found, held = typed(entity, rows)
    contract = arrow_schema(VALIDATED[entity])
    assert [(f.name, f.type) for f in found.schema] == [(f.name, f.type) for f in contract]
    assert found["row_id"].to_pylist() == [f"r{n}" for n in range(len(rows))]
    assert held == []
    of_dates = [field.name for field in ENTITIES[entity] if field.kind is Kind.DATE]
    assert all(found[f"{name}_precision"].to_pylist() == ["unknown"] * len(rows) for name in of_dates)
