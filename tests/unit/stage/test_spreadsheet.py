"""What a spreadsheet did to a cell is repaired where one text can have been there, and said; else it is held."""

import datetime as dt

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.stage.columns import BLANK
from pipelines.stage.spreadsheet import REPAIRS, are_errors, repair_commune, repair_morphology
from tests.dialects import centre
from tests.unit.stage.test_centre import rules, stage, values  # noqa: F401
from validations.contracts.entities import ENTITIES
from validations.contracts.model import Kind
from validations.rules import contract as c


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("8858-03-01", "8858/3"),
        ("8858-03-01 00:00:00", "8858/3"),
        ("8858-03-01T00:00:00", "8858/3"),
        ("8858/03/01", "8858/3"),
        ("01/03/8858", "8858/3"),
        ("03/01/8858", "8858/3"),
        ("1/3/8858", "8858/3"),
        ("01.03.8858", "8858/3"),
        ("01/03/8858 00:00:00", "8858/3"),
        ("8821-01-01", "8821/1"),
        ("8800-09-01", "8800/9"),
        ("01/01/8821", "8821/1"),
        ("2541419", "8858/3"),
        ("2541419.0", "8858/3"),
        ("2541419,0", "8858/3"),
        (" 8858-03-01 ", "8858/3"),
    ],
)
def test_a_morphology_that_became_a_date_is_restored(text, code):
    found = repair_morphology(text)
    assert (found.value, found.problem) == (code, c.CODE_FROM_DATE)


@pytest.mark.parametrize(
    "text",
    [
        "8858/3", "M8858/3", "88583", "8858.3", "8858 3", "8 858/3", "8890", "8815/0/1/3",  # a table of codes is needed
        "mars-58", "03/58", "01/03/58",  # the century is lost
        "8858-03-02", "8858-13-01", "8858-04-01", "8858-03-01 10:30:00", "2541420", "7999-03-01", "2019-03-01",
        "01/03/2019", "liposarcome", "C49.2",
    ],
)  # fmt: skip
def test_any_other_text_stays_as_written(text):
    found = repair_morphology(text)
    assert (found.value, found.problem) == (text, None)


@given(
    st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y"]),
)
def test_a_real_date_is_never_a_morphology(day, shape):
    assert repair_morphology(day.strftime(shape)).problem is None


@given(st.integers(1, 73_415))
def test_the_serial_of_a_real_day_is_never_a_morphology(serial):
    assert repair_morphology(str(serial)).problem is None


@given(st.integers(8000, 9999), st.sampled_from([1, 2, 3, 6, 9]))
def test_every_code_that_a_spreadsheet_dates_comes_back(histology, behaviour):
    day = dt.date(histology, behaviour, 1)
    serial = str(day.toordinal() - dt.date(1899, 12, 30).toordinal())
    for text in (str(day), day.strftime("%d/%m/%Y"), f"{day} 00:00:00", serial):
        assert repair_morphology(text).value == f"{histology}/{behaviour}"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1004", "01004"), ("9122", "09122"), ("1004.0", "01004"), ("2830", "02830"),
        ("01004", None), ("2A004", None), ("75111", None), ("99350", None), ("104", None), ("1000", None),
        ("7911", None), ("A004", None), ("Lyon", None), ("10041", None), ("1 004", None), ("1004.5", None),
    ],
)  # fmt: skip
def test_a_commune_gets_the_zero_back_that_a_number_lost(text, code):
    found = repair_commune(text)
    assert (found.value, found.problem) == ((code, c.ZERO_RESTORED) if code else (text, None))


@pytest.mark.parametrize("repair", [repair_morphology, repair_commune])
def test_a_blank_stays_a_blank(repair):
    assert repair("  ") == BLANK


@given(st.text(max_size=15), st.sampled_from(sorted(REPAIRS)))
def test_a_repair_is_said_and_repairing_twice_changes_nothing(text, field):
    found = REPAIRS[field](text)
    if found.problem is None:
        assert found.value in (text, None)
    else:
        assert REPAIRS[field](found.value).value == found.value


def test_repairs_are_of_text_fields_of_the_contract():
    known = {field.name for fields in ENTITIES.values() for field in fields if field.kind is Kind.TEXT}
    assert set(REPAIRS) <= known


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (text, True)
        for text in ("#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NOM?", "#VALEUR!", "#nom?", "#####", "Err:502")
    ]
    + [(text, False) for text in ("N/A", "#1", "# REF", "##", "REF!", "voir #REF!", "", "#REF! x")],
)
def test_what_is_a_spreadsheet_error(text, expected):
    assert are_errors(pa.array([text])).to_pylist() == [expected]


BOOK = centre(
    r"""
export: {format: csv, missing: ["", "NR", "#N/D"], units: {size_mm: cm}}
files:
  - match: 'patients\.csv'
    sheets:
      - tables:
        - entity: patient_identity
          columns: {local_patient_id: IPP, ins_matricule: INS, birth_name: NOM, birth_date: NE, birth_place_cog: COG,
                    sex: SEXE}
  - match: 'tumeurs\.csv'
    sheets:
      - tables:
        - entity: tumour
          columns: {local_patient_id: IPP, local_tumour_id: T, morphology_code: M, size_mm: S, had_biopsy: B}
"""
)
PEOPLE, TUMOURS = "IPP;INS;NOM;NE;COG;SEXE\n", "IPP;T;M;S;B\n"


@pytest.mark.parametrize(
    ("people", "tumours", "field", "value", "rule_id"),
    [
        ("1;;DUPONT;1960;1004;M", "", "birth_place_cog", "01004", c.ZERO_RESTORED),
        ("1;1,85057800608436E+14;DUPONT;1960;;M", "", "ins_matricule", None, c.DIGITS_LOST),
        ("1;1.85E+14;DUPONT;1960;;M", "", "ins_matricule", None, c.DIGITS_LOST),
        ("1;;#NOM?;1960;;M", "", "birth_name", None, c.SPREADSHEET_ERROR),
        ("1;;DUPONT;#VALEUR!;;M", "", "birth_date", None, c.SPREADSHEET_ERROR),
        ("1;;DUPONT;1960;;#REF!", "", "sex", None, c.SPREADSHEET_ERROR),
        ("1;;DUPONT;1960;;M", "1;A;8858-03-01;;", "morphology_code", "8858/3", c.CODE_FROM_DATE),
        ("1;;DUPONT;1960;;M", "1;A;;#DIV/0!;", "size_mm", None, c.SPREADSHEET_ERROR),
        ("1;;DUPONT;1960;;M", "1;A;;;#N/A", "had_biopsy", None, c.SPREADSHEET_ERROR),
        ("1;;DUPONT;1960;;M", "1;A;;8,5;o", "size_mm", 85, None),
    ],
)
def test_each_repair_and_each_loss_is_said_of_its_field(stage, people, tumours, field, value, rule_id):  # noqa: F811
    files = {
        "patients.csv": PEOPLE + people + "\n",
        "tumeurs.csv": TUMOURS + (tumours or "1;A;8858/3;1;") + "\n",
    }
    result = stage(BOOK, files)
    entity = "tumour" if tumours else "patient_identity"
    assert values(result.validated[entity], field) == [(value,)]
    mine = {
        c.ZERO_RESTORED,
        c.DIGITS_LOST,
        c.SPREADSHEET_ERROR,
        c.CODE_FROM_DATE,
        c.UNKNOWN_WORD,
        c.NOT_A_NUMBER,
    }
    assert [row for row in rules(result, "field") if row[0] in mine] == (
        [(rule_id, field)] if rule_id else []
    )


def test_the_staged_table_keeps_the_cell_as_sent(stage):  # noqa: F811
    files = {
        "patients.csv": PEOPLE + "1;;D;1960;1004;M\n",
        "tumeurs.csv": TUMOURS + "1;A;8858-03-01;#REF!;\n",
    }
    result = stage(BOOK, files)
    assert values(result.staged["patient_identity"], "birth_place_cog") == [("1004",)]
    assert values(result.staged["tumour"], "morphology_code", "size_mm") == [("8858-03-01", "#REF!")]


@pytest.mark.parametrize("key", ["#REF!", "1,23457E+11"])
def test_a_row_whose_key_a_spreadsheet_destroyed_is_set_aside(stage, key):  # noqa: F811
    """Two patients whose numbers lost their digits would be one."""
    files = {"patients.csv": PEOPLE + f"{key};;D;1960;;M\n", "tumeurs.csv": TUMOURS + "1;A;;;\n"}
    result = stage(BOOK, files)
    assert result.validated["patient_identity"].num_rows == 0
    aside = values(result.quarantine, "table_name", "rule_id")
    assert ("stg_patient_identity", c.MISSING_KEY) in aside


def test_an_error_that_the_centre_declares_as_missing_is_missing(stage):  # noqa: F811
    files = {"patients.csv": PEOPLE + "1;;#N/D;1960;;M\n", "tumeurs.csv": TUMOURS + "1;A;;;\n"}
    assert c.SPREADSHEET_ERROR not in [row[0] for row in rules(stage(BOOK, files))]
