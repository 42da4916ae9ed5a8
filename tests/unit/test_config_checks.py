"""What contradicts itself in a centre's file is refused, each mistake at its place, with what to do."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pipelines.config import Centre
from pipelines.config_checks import compared_header, compared_word, sample_name

CENTRE: dict[str, Any] = {
    "id": "alpha", "name": "Alpha", "city": "Ville", "region": "Région", "yearly_patients": 10,
    "roles": [{"network": "small", "role": "expert", "valid_from": "2010-01-01"}],
    "export": {"format": "csv", "missing": ["", "NR"]},
    "files": [
        {"match": r"patients_(?P<exported>\d{8})\.csv", "sheets": [{"tables": [
            {"entity": "patient_identity", "columns": {"local_patient_id": "IPP", "sex": "Sexe", "birth_date": "Né"}}],
            "ignored": ["Notes"]}]},
        {"match": r"tumeurs_(?P<exported>\d{8})\.csv", "sheets": [{"tables": [
            {"entity": "tumour", "columns": {"local_patient_id": "IPP", "local_tumour_id": "N°", "size_mm": "Taille",
             "had_biopsy": "Biopsie"}, "constants": {"morphology_version": "icdo32"}}]}]},
    ],
    "values": {"sex": {"M": ["Homme"], "F": ["Femme"]}, "boolean": {"yes": ["Oui"], "no": ["Non"]}},
}  # fmt: skip
PATIENTS, TUMOURS = "files.0.sheets.0", "files.1.sheets.0"
TUMOUR = f"{TUMOURS}.tables.0"
FIXED = {"format": "fixed", "widths": [8, 8, 8, 8]}


def changed(changes: dict[str, Any]) -> dict[str, Any]:
    content = copy.deepcopy(CENTRE)
    for path, value in changes.items():
        place: Any = content
        *way, last = (int(step) if step.isdecimal() else step for step in path.split("."))
        for step in way:
            place = place[step]
        if isinstance(place, list) and last == len(place):
            place.append(value)
        else:
            place[last] = value
    return content


def complaints(changes: dict[str, Any]) -> list[str]:
    with pytest.raises(ValidationError) as refused:
        Centre.model_validate(changed(changes))
    return [f"{'.'.join(map(str, error['loc']))}: {error['msg']}" for error in refused.value.errors()]


SAME_TABLE = CENTRE["files"][0]["sheets"][0]["tables"][0]


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({f"{TUMOUR}.entity": "tumor"}, f"{TUMOUR}.entity: unknown entity 'tumor'; did you mean 'tumour'?"),
        ({f"{TUMOUR}.columns.Size_mm": "X"}, f"{TUMOUR}.columns.Size_mm: tumour has no field Size_mm; did you mean"),
        ({f"{TUMOUR}.constants.laterality": "up"}, f"{TUMOUR}.constants.laterality: laterality cannot hold this"),
        ({f"{TUMOUR}.constants.margin": "R0"}, f"{TUMOUR}.constants.margin: tumour has no field margin"),
        ({f"{TUMOUR}.constants.had_biopsy": "yes"}, f"{TUMOUR}.constants.had_biopsy: tumour maps had_biopsy both"),
        ({f"{TUMOUR}.columns": {"local_patient_id": "IPP"}}, f"{TUMOUR}.columns: tumour does not map its key"),
        (
            {f"{TUMOUR}.columns": {"local_tumour_id": "N°"}, f"{TUMOUR}.constants.local_patient_id": "1"},
            f"{TUMOUR}.constants.local_patient_id: one identifier for every row",
        ),
        ({f"{TUMOUR}.columns.grade": " Taille "}, f"{TUMOUR}.columns.grade: the column 'Taille' is already mapped to"),
        ({f"{TUMOUR}.columns.grade": "  "}, f"{TUMOUR}.columns.grade: the column header is blank"),
        ({f"{TUMOURS}.tables": []}, f"{TUMOURS}.tables: the sheet has no table"),
        ({f"{PATIENTS}.tables.1": SAME_TABLE}, f"{PATIENTS}.tables.1: the same table as tables.0"),
        ({f"{PATIENTS}.ignored.1": "Sexe "}, f"{PATIENTS}.ignored.1: the column 'Sexe' is mapped too"),
        ({f"{PATIENTS}.ignored.1": "Notes"}, f"{PATIENTS}.ignored.1: the column 'Notes' is ignored twice"),
        ({"files.1.sheets": []}, "files.1.sheets: the file has no sheet"),
        (
            {"files.1.sheets.1": CENTRE["files"][1]["sheets"][0]},
            "files.1.sheets.1: the same sheet and header line as sheets.0",
        ),
        ({"files.0.match": "("}, "files.0.match: match is not a regular expression"),
        ({"files.0.match": "a" * 501}, "files.0.match: match is longer than"),
        ({"files.0.match": r"p(?P<day>\d+)"}, "files.0.match: match has an unknown group 'day'"),
        ({"files.0.match": r"p(\d+)+"}, "files.0.match: match repeats a group that repeats itself"),
        ({"files.0.match": r"p(?P<parts>\d)"}, "files.0.match: match has a group 'parts' and no group 'part'"),
        ({"files.0.match": "p", "files.0.mode": "incremental"}, "files.0.mode: incremental files have no declared"),
        ({"files.1.match": CENTRE["files"][0]["match"]}, "files.1.match: one file name can match this and files.0"),
        ({"files.1.match": r"patients_(\d{8})\.csv"}, "files.1.match: one file name can match this and files.0"),
        ({"files.1.match": r"patients_.*\.csv"}, "files.1.match: one file name can match this and files.0"),
        ({"files.0.match": r".+\.csv"}, "files.1.match: one file name can match this and files.0"),
        ({"files.0.is_optional": "perhaps"}, "files.0.is_optional: Input should be a valid boolean"),
        ({"export": {"format": "xlsx", "separator": ";"}}, "export.separator: a file of format xlsx has no separator"),
        ({"export": {"format": "xls", "encoding": "utf-8"}}, "export.encoding: a file of format xls has no encoding"),
        ({"export": {"format": "ods", "quote": '"'}}, "export.quote: a file of format ods has no quote"),
        ({"export": FIXED | {"escape": "\\"}}, "export.escape: a file of format fixed has no escape"),
        ({"export": {"format": "csv", "widths": [1]}}, "export.widths: a file of format csv has no widths"),
        ({"export": {"format": "fixed"}}, "export.widths: a fixed-width file needs widths"),
        ({"export": {"format": "fixed", "widths": [0]}}, "export.widths.0: Input should be greater than or equal to 1"),
        ({"export": FIXED | {"widths": [8, 8]}}, f"{PATIENTS}: more columns are named than export.widths has (2)"),
        ({"export.quote": "", "export.escape": "\\"}, "export.escape: an escape has no meaning without a quote"),
        ({"export.encoding": "automatic"}, "export.encoding: Input should be"),
        ({"export.two_digit_years_until": 29}, "export.two_digit_years_until: Input should be greater than"),
        ({"export.two_digit_years_until": 20290}, "export.two_digit_years_until: Input should be less than"),
        ({"export.units": {"size_cm": "cm"}}, "export.units.size_cm: no entity has a field size_cm; did you mean"),
        ({"export.units": {"sex": "cm"}}, "export.units.sex: sex is not a length: it is stored without unit"),
        ({"export.units": {"dose_gy": "cm"}}, "export.units.dose_gy: dose_gy is not a length: it is stored in"),
        ({"files.1.sheets.0.sheet": "A"}, f"{TUMOURS}.sheet: a file of format csv has no sheets"),
        (
            {"export": {"format": "parquet"}, "files.1.sheets.0.header_line": 2},
            f"{TUMOURS}.header_line: a parquet file has no header rows",
        ),
        ({"files.1.sheets.0.header_rows": 5}, f"{TUMOURS}.header_rows: Input should be less than"),
        ({"values.margins": {}}, "values.margins: margins is not a coded field; did you mean 'margin'?"),
        ({"values.sex.X": ["x"]}, "values.sex.X: sex has no code X"),
        ({"values.boolean.maybe": ["x"]}, "values.boolean.maybe: boolean has no code maybe"),
        ({"values.sex.F": [" HOMMÉ"]}, "values.sex.F.0: ' HOMMÉ' stands for two codes, M and F"),
        ({"values.sex.F": [" "]}, "values.sex.F.0: the word is blank"),
        ({"values.sex.F": ["Nr "]}, "values.sex.F.0: 'Nr ' is also a word of export.missing: F would be lost"),
        ({"values.margin": {"R0": ["saine"]}}, "values.margin: no table maps margin"),
        ({f"{TUMOUR}.columns": {"local_patient_id": "IPP", "local_tumour_id": "N°"}}, "values.boolean: no table maps"),
        (
            {f"{TUMOUR}.columns": {"local_patient_id": "IPP", "local_tumour_id": "N°", "had_biopsy": "B"},
             "export.units": {"size_mm": "cm"}},
            "export.units.size_mm: no table maps size_mm",
        ),
        ({"roles.0.valid_to": "2009-01-01"}, "roles.0.valid_to: the role ends before it begins"),
        ({"roles.1": CENTRE["roles"][0]}, "roles.1.valid_from: the same role as roles.0, on the same days"),
        ({"yearly_patients": -1}, "yearly_patients: Input should be greater than or equal to 0"),
        ({"expected_every_days": 0}, "expected_every_days: Input should be greater than or equal to 1"),
    ],
)  # fmt: skip
def test_a_mistake_is_refused_at_its_place(changes: dict[str, Any], complaint: str):
    found = complaints(changes)
    assert any(said.startswith(complaint) for said in found), found


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {f"{TUMOUR}.columns.grade": "taille"},  # case counts in a header
        {f"{TUMOUR}.columns": {"local_patient_id": "I", "had_biopsy": "B"}, f"{TUMOUR}.constants.local_tumour_id": "1"},
        {f"{PATIENTS}.tables.1": {"entity": "patient_history", "columns": {"local_patient_id": "IPP"}}},
        {"files.1.sheets.1": CENTRE["files"][1]["sheets"][0] | {"header_line": 40}},  # two tables of one text
        {"files.0.match": r"p_(?P<exported>\d{8})_(?P<part>\d)_(?P<parts>\d)\.csv", "files.0.mode": "incremental"},
        {"files.0.match": r"p(?P<kind>[a-z]+)(?P<version>\d+)?\.csv"},
        {"export": {"format": "csv", "encoding": "auto", "separator": "auto", "quote": "auto"}},
        {"export": {"format": "csv", "quote": ""}},
        {"export": FIXED | {"encoding": "auto"}},
        {"export": {"format": "xlsx"}, "files.1.sheets.0.sheet": "A"},
        {"export.units": {"size_mm": "cm"}, "export.two_digit_years_until": 2029},
        {"values.sex.M": ["Homme", "HOMME", "homme "]},  # the same code twice is no contradiction
        {"values.sex": {"M": ["H"], "F": ["M"]}},  # Spanish: mujer; the centre's word counts
        {f"{TUMOUR}.constants.laterality": "left", "values.laterality": {"left": ["G"]}},
        {"roles.1": CENTRE["roles"][0] | {"role": "bone"}},
        {"roles.0.valid_to": "2012-01-01", "roles.1": CENTRE["roles"][0] | {"valid_from": "2012-01-02"}},
    ],
)  # fmt: skip
def test_what_contradicts_nothing_is_accepted(changes: dict[str, Any]):
    Centre.model_validate(changed(changes))


@pytest.mark.parametrize(
    ("field", "accepted", "refused"),
    [
        ("laterality", ["left"], ["Left", "gauche", ""]),
        ("had_biopsy", ["yes", "no"], ["oui", "true", "1"]),
        ("grade", ["1", "3"], ["0", "5", "2.5", "two", "1e0", "٣"]),
        ("size_mm", ["12", "12.5", "12,5"], ["0", "1001", "12,5,1", "12 mm", "-3", "nan"]),
        ("diagnosis_date", ["2019-04-03", "2019-04", "2019"], ["03/04/2019", "2019-02-30", "2019-13", "20190403"]),
        ("diagnosis_label", ["sarcome"], ["", " "]),
    ],
)  # fmt: skip
def test_a_constant_is_a_value_that_its_field_can_hold(field: str, accepted: list[str], refused: list[str]):
    columns = {"local_patient_id": "IPP", "local_tumour_id": "N°"}
    base = {f"{TUMOUR}.columns": columns, "values": {}}
    for text in accepted:
        Centre.model_validate(changed(base | {f"{TUMOUR}.constants": {field: text}}))
    for text in refused:
        [said] = complaints(base | {f"{TUMOUR}.constants": {field: text}})
        assert said.startswith(f"{TUMOUR}.constants.{field}: {field} cannot hold this constant; write ")


def test_mistakes_of_different_parts_come_together():
    found = complaints(
        {
            "colour": "blue", "export.units": {"sex": "cm"}, "values.sex.X": ["x"], f"{TUMOUR}.entity": "tumor",
            f"{PATIENTS}.tables.0.columns.sexe": "S", f"{PATIENTS}.tables.0.columns.alive": "V",
        }
    )  # fmt: skip
    assert {said.split(": ")[0] for said in found} == {
        "colour", "export.units.sex", "values.sex.X", f"{TUMOUR}.entity", f"{PATIENTS}.tables.0.columns.sexe",
        f"{PATIENTS}.tables.0.columns.alive",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("match", "name"),
    [
        (r"p\.csv", "p.csv"),
        (r"CHIR_(?P<exported>\d{8})\.xlsx", "CHIR_20250102.xlsx"),
        (r"a(?P<version>\d+)?b", "a1b"),
        (r"a*b\.csv", None),  # too clever to tell: no guess
        (r"x\d{3}_\d+", "x111_1"),
        (r"(a|b)\.csv", None),
    ],
)
def test_a_sample_is_a_name_that_the_pattern_accepts_or_nothing(match: str, name: str | None):
    assert sample_name(match) == name


@given(st.text("aÀé ßﬁ\u0301Ⅳ\ufeff \t\nZ½", max_size=12))
def test_a_text_in_compared_form_stays_as_it_is(text: str):
    header, word = compared_header(text), compared_word(text)
    assert compared_header(header) == header
    assert compared_word(word) == word
