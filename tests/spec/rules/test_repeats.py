"""What a centre declares twice: tumours of one patient two by two, and patients.

Each case gives the tumours, or the patients, that differ from the clean ones; the answer is of the last of them.
"""

import csv
from functools import cache
from pathlib import Path

import duckdb
import pytest

from tests.spec.clean_record import CLEAN
from tests.spec.courses import dated, found_in
from tests.tables import parse
from validations.rules.expressions import MORPHOLOGY, SITE
from validations.rules.repeats import RULES
from validations.rules.tumour_groups import histology_group, site_group

CODES = Path(__file__).resolve().parents[3] / "config" / "codes"
FIRST = {"diagnosis_date": "2015-03-10", "laterality": "left"}


def scanned(entity, *rows) -> list[tuple[str, str]]:
    """The rules that these rows of one centre break, each with the row; tumours are of one patient unless they say."""
    always = {"patient_identity": [{}]} | {entity: [dated(row) for row in rows]}
    found = found_in(always, mapped={"patient_identity", "tumour"}).to_pylist()
    return [(row["rule_id"], row["row_id"]) for row in found if row["rule_id"].startswith("REPEAT-")]


#: Two tumours of one patient: what the first is, what the second is, and which rule asks about the second.
TUMOURS = parse("""
    found      | one    | site  | side  | other  | other_site | other_side | other_date | why
    REPEAT-001 | 8850/3 | C49.2 | left  | 8850/3 | C49.2      | left       | 2015-03-10 | the same, the same day
    REPEAT-001 | 8850/3 | C49.2 | left  | 8890/3 | C49.2      | left       | 2019-05-02 | another sarcoma: one group
    REPEAT-001 | 8850/3 | C49.2 | left  | 8850/3 | C49.2      | left       | -          | without a date
    REPEAT-001 | 8850/3 | C49.2 | left  | 8850/3 | C49.9      | left       | 2016-03-10 | the part of it is not said
    REPEAT-001 | 8850/3 | C49   | left  | 8850/3 | C49.2      | -          | 2016-03-10 | nor here, nor the side
    REPEAT-001 | 8850/3 | C49.2 | left  | 8850   | c492       | left       | 2016-03-10 | behaviour not said
    REPEAT-001 | 8821/1 | C49.4 | -     | 8821/1 | C49.4      | -          | 2018-03-10 | two desmoids of the wall
    REPEAT-001 | 9180/3 | C40.9 | left  | 9180/3 | C41.4      | left       | 2016-03-10 | bone is one site
    REPEAT-001 | 8714/3 | C48.0 | -     | 8890/3 | C48.0      | -          | 2016-03-10 | a code younger than the groups
    REPEAT-001 | 9138/1 | C49.2 | left  | 9137/3 | C49.2      | left       | 2016-03-10 | two of them
    REPEAT-001 | 9366/3 | C49.2 | left  | 9364/3 | C49.2      | left       | 2016-03-10 | round cell sarcomas
    REPEAT-001 | 8999/3 | C49.2 | left  | 8999/3 | C49.2      | left       | 2016-03-10 | a code of no group, twice
    REPEAT-001 | 9680/3 | C77.9 | -     | 9823/3 | C77.9      | -          | 2016-03-10 | lymphomas are one group here
    -          | 8999/3 | C49.2 | left  | 8850/3 | C49.2      | left       | 2016-03-10 | of no group, and another
    -          | 8850/3 | C49.2 | left  | 8140/3 | C18.2      | -          | 2016-03-10 | a sarcoma and a carcinoma
    -          | 8850/3 | C48.0 | -     | 8936/3 | C16.9      | -          | 2016-03-10 | retroperitoneum and stomach
    -          | 8850/0 | C49.2 | left  | 8850/3 | C49.2      | left       | 2016-03-10 | a lipoma before
    -          | 8140/2 | C54.1 | -     | 8140/3 | C54.1      | -          | 2016-03-10 | in situ before
    -          | 8850/3 | C80.9 | -     | 8850/3 | C80.9      | -          | 2016-03-10 | an unknown primary is no place
    -          | -      | C49.2 | left  | 8850/3 | C49.2      | left       | 2016-03-10 | no code
    -          | 8850/3 | -     | left  | 8850/3 | C49.2      | left       | 2016-03-10 | no site
    REPEAT-002 | 8000/3 | C48.0 | -     | 8850/3 | C48.0      | -          | 2016-03-10 | unspecified, then specific
    REPEAT-002 | 8936/3 | C16.9 | -     | 8000/1 | C16.9      | -          | 2016-03-10 | the reverse
    REPEAT-002 | 8010/3 | C34.1 | left  | 8140/3 | C34.9      | left       | 2016-03-10 | carcinoma, adenocarcinoma
    REPEAT-001 | 8000/3 | C48.0 | -     | 8004/3 | C48.0      | -          | 2016-03-10 | both unspecified
    -          | 8010/3 | C34.1 | left  | 8850/3 | C34.1      | left       | 2016-03-10 | carcinoma, sarcoma
    -          | 8000/3 | C48.0 | -     | 8850/3 | C49.2      | left       | 2016-03-10 | elsewhere
    -          | 8000/3 | C48.0 | -     | -      | C48.0      | -          | 2016-03-10 | no code
    REPEAT-003 | 9140/3 | C44.7 | left  | 9140/3 | C16.9      | -          | 2020-03-10 | Kaposi wherever it is
    REPEAT-003 | 9140/3 | C44.7 | left  | 9140/3 | C44.7      | left       | 2020-03-10 | Kaposi in the same place
    -          | 9140/3 | C44.7 | left  | 9120/3 | C44.7      | left       | 2020-03-10 | Kaposi, angiosarcoma
    -          | 9140/3 | C44.7 | left  | -      | C44.7      | left       | 2020-03-10 | Kaposi, no code
    REPEAT-004 | 8800/3 | C49.2 | left  | 8890/3 | C49.2      | left       | 2017-03-10 | unspecified, then specific
    REPEAT-004 | 9260/3 | C49.2 | left  | 8800/3 | C49.2      | left       | 2017-03-10 | Ewing, then unspecified
    REPEAT-001 | 8800/3 | C49.2 | left  | 8800/3 | C49.2      | left       | 2017-03-10 | twice unspecified
    REPEAT-006 | 8800/3 | C49.2 | left  | 8890/3 | C49.2      | right      | 2017-03-10 | the other side
    -          | 8800/3 | C49.2 | left  | -      | C49.2      | left       | 2017-03-10 | no code
    REPEAT-005 | 8890/3 | C49.2 | left  | 9367/3 | C49.2      | left       | 2015-05-09 | reclassified within 60 days
    -          | 8890/3 | C49.2 | left  | 9367/3 | C49.2      | left       | 2015-05-10 | 61 days
    REPEAT-005 | 8890/3 | C49.2 | left  | 9367/3 | C49.2      | left       | 2015-04    | by the end of the month
    -          | 8890/3 | C49.2 | left  | 9367/3 | C49.2      | left       | 2015-05    | perhaps later
    -          | 8890/3 | C49.2 | left  | 9367/3 | C49.2      | left       | -          | no date
    REPEAT-006 | 8850/3 | C49.2 | left  | 8850/3 | C49.2      | right      | 2016-03-10 | the other side
    REPEAT-006 | 8850/3 | C49.2 | left  | 8850/3 | C49.1      | left       | 2016-03-10 | another part
    -          | 8850/3 | C49.2 | left  | 9364/3 | C49.2      | right      | 2016-03-10 | another group, another side
    -          | 8850/3 | C49.2 | left  | -      | C49.2      | right      | 2016-03-10 | no code
""")

PATIENT = {"local_patient_id": "P1"}
UNKNOWN = {"ins_matricule": None, "ins_status": None}
PATIENTS = {
    "REPEAT-101": [
        ("two records of one number", [PATIENT, {"local_patient_id": "P2"}], True),
        (
            "the key is not written",
            [PATIENT, {"local_patient_id": "P2", "ins_matricule": "1 60 01 75 123 456"}],
            True,
        ),
        ("two numbers", [PATIENT, {"local_patient_id": "P2", "ins_matricule": "160017512345771"}], False),
        ("no number", [PATIENT | UNKNOWN, {"local_patient_id": "P2"} | UNKNOWN | {"sex": "F"}], False),
    ],
    "REPEAT-102": [
        ("the same traits", [PATIENT, {"local_patient_id": "P2", "birth_name": "Dupônt"} | UNKNOWN], True),
        ("another day", [PATIENT, {"local_patient_id": "P2", "birth_date": "1960-01-16"} | UNKNOWN], False),
        ("a brother", [PATIENT, {"local_patient_id": "P2", "first_names": "PAUL"} | UNKNOWN], False),
        ("the month only", [{"local_patient_id": p, "birth_date": "1960-01"} | UNKNOWN for p in "12"], False),
        ("sex unknown", [{"local_patient_id": p, "sex": "U"} | UNKNOWN for p in ("P1", "P2")], False),
        ("no name", [{"local_patient_id": p, "birth_name": None} | UNKNOWN for p in ("P1", "P2")], False),
        ("namesakes", [PATIENT, {"local_patient_id": "P2", "ins_matricule": "160017512345771"}], False),
    ],
}
#: Each rule → why, rows, whether they break it: for the tests that spoil rules.
COURSES = {
    rule.id: [
        (row["why"], row, row["found"] == rule.id) for row in TUMOURS
    ] for rule in RULES if rule.table == "tumour"
} | PATIENTS  # fmt: skip


def _text(code) -> str | None:
    return None if code is None else str(code)


def tumours(row) -> list[dict]:
    """The two tumours of a line of the table."""
    one = FIRST | {
        "morphology_code": _text(row["one"]),
        "topography_code": row["site"],
        "laterality": row["side"],
    }
    other = {
        "local_tumour_id": "T2", "morphology_code": _text(row["other"]), "topography_code": row["other_site"],
        "laterality": row["other_side"], "diagnosis_date": row["other_date"],
    }  # fmt: skip
    return [one, other]


def of_each(entity, cases) -> list[set[str]]:
    """The rules that the rows of each case break, when one centre has those of all cases."""
    owner = [number for number, rows in enumerate(cases) for _ in rows]
    broken_by: list[set[str]] = [set() for _ in cases]
    for rule_id, row_id in scanned(entity, *(row for rows in cases for row in rows)):
        broken_by[owner[int(row_id.rpartition(":")[2]) - 2]].add(rule_id)
    return broken_by


def of_pairs(*pairs) -> list[set[str]]:
    """The rules that each pair of tumours breaks; each is of a patient of its own."""
    return of_each(
        "tumour", [[row | {"local_patient_id": f"P{i}"} for row in pair] for i, pair in enumerate(pairs)]
    )


def of_another_year(number, patient) -> dict:
    """The same patient born another year, by the number of the case: no two cases are about one person."""
    row = CLEAN["patient_identity"] | patient
    born = {
        "local_patient_id": f"{number}-{patient['local_patient_id']}",
        "birth_date": str(row["birth_date"]).replace("1960", str(1960 + number)),
        "ins_matricule": row["ins_matricule"] and row["ins_matricule"].replace("60", str(60 + number), 1),
    }
    return row | born


def answers() -> dict[str, list[set[str]]]:
    """For each rule, the rules that each of its `COURSES` breaks, as the catalogue is at the moment."""
    pairs = of_pairs(*map(tumours, TUMOURS))
    every = [(rule_id, rows) for rule_id, courses in PATIENTS.items() for _, rows, _ in courses]
    persons = [[of_another_year(i, row) for row in rows] for i, (_, rows) in enumerate(every)]
    found = of_each("patient_identity", persons)
    patients = {
        rule_id: [broken for (of, _), broken in zip(every, found, strict=True) if of == rule_id]
        for rule_id in PATIENTS
    }
    return dict.fromkeys(COURSES, pairs) | patients


answers_once = cache(answers)


def test_a_second_tumour_breaks_the_rule_that_the_table_says_and_no_other():
    found = answers_once()["REPEAT-001"]
    wrong = [(row["why"], row["found"], broken) for row, broken in zip(TUMOURS, found, strict=True)
             if broken != {row["found"]} - {None}]  # fmt: skip
    assert wrong == []


@pytest.mark.parametrize(
    ("rule_id", "number", "is_broken"),
    [pytest.param(rule_id, number, is_broken, id=f"{rule_id} {why}")
     for rule_id, courses in PATIENTS.items() for number, (why, _, is_broken) in enumerate(courses)],
)  # fmt: skip
def test_a_second_patient_breaks_the_rule_or_none(rule_id, number, is_broken):
    assert answers_once()[rule_id][number] == ({rule_id} if is_broken else set())


def test_every_rule_has_cases_that_break_it_and_cases_that_do_not():
    assert {rule.id: {case[2] for case in COURSES[rule.id]} for rule in RULES} == {
        rule.id: {True, False} for rule in RULES
    }


def test_the_tumour_diagnosed_later_is_asked_about_once():
    rows = [{"local_tumour_id": name, "diagnosis_date": f"201{i}-03-10"} for i, name in enumerate("CBA")]
    assert sorted(scanned("tumour", *rows)) == [("REPEAT-001", "d1:0:3"), ("REPEAT-001", "d1:0:4")]


def test_the_groups_of_sites_are_those_of_our_code_table():
    with (CODES / "topography.csv").open(encoding="utf-8", newline="") as file:
        known = {row["topography"]: row["iarc_site_group"] for row in csv.DictReader(file)}
    with duckdb.connect() as con:
        con.execute("CREATE TABLE code AS SELECT unnest(?) AS topography_code", [list(known)])
        ours = dict(con.execute(f"SELECT topography_code, {site_group(SITE)} FROM code").fetchall())
    assert ours == {code: None if group == "C80" else group for code, group in known.items()}


def test_the_groups_of_histology_are_those_of_our_code_table():
    with (CODES / "morphology.csv").open(encoding="utf-8", newline="") as file:
        known = {row["morphology"]: int(row["iarc_group"]) for row in csv.DictReader(file)}
    group = histology_group(MORPHOLOGY)
    with duckdb.connect() as con:
        con.execute("CREATE TABLE code AS SELECT unnest(?) AS morphology_code", [list(known)])
        ours = dict(con.execute(f"SELECT morphology_code, {group} FROM code").fetchall())
    blood = set(range(8, 15))
    assert ours == {code: 8 if number in blood else number for code, number in known.items()}


YOUNGER = ("8714/3", "9045/3", "9137/3", "9138/1", "9366/3", "9367/3", "9368/3", "8999/3")


@cache
def younger_codes() -> dict[str, set[str]]:
    """Each code younger than the groups → the rules that it breaks when a patient has it twice."""
    rows = [{"morphology_code": code, "topography_code": "C49.2"} for code in YOUNGER]
    found = of_pairs(*([row, row | {"local_tumour_id": "T2"}] for row in rows))
    return dict(zip(YOUNGER, found, strict=True))


@pytest.mark.parametrize("code", YOUNGER)
def test_a_code_outside_the_groups_of_2004_does_not_escape(code):
    assert younger_codes()[code] == {"REPEAT-001"}
