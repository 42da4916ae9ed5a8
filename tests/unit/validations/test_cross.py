"""The relations that the rules on several tables read: first surgery, death, two tumours, day of the export.

Each case is the rows that the gate kept, written as a table; a date is written as far as it is known. The cases of one
relation are patients of one centre, and asked at once.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import duckdb
import pytest

from tests.spec.clean_record import AS_OF
from tests.spec.courses import EVERY, dated, show
from tests.tables import parse
from validations.cross import scan_across
from validations.rules.catalogue import CATALOGUE
from validations.scan import Scan

DAY = dt.date


NO_ANSWER = "SELECT row_id, FALSE AS is_violated FROM kept_surgery"


@pytest.fixture(autouse=True, scope="module")
def _one_rule() -> Iterator[None]:
    """Ask one short rule only: what the rules of the catalogue find has its own tests."""
    one = replace(CATALOGUE["PATHWAY-005"], query=NO_ANSWER)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("validations.cross.cross_table_rules", lambda mapped: [one])
        yield


Rows = list[dict[str, Any]]


def among(con: duckdb.DuckDBPyConnection, mapped=EVERY, as_of=None, **rows: Rows) -> dict[str, Scan]:
    """What the rules say of these rows."""
    show(con, {entity: [dated(row) for row in changes] for entity, changes in rows.items()})
    return scan_across(con, as_of={"d1": AS_OF} if as_of is None else as_of, mapped=mapped)


def across(con: duckdb.DuckDBPyConnection, mapped=EVERY, as_of=None, **written: str) -> dict[str, Scan]:
    """What the rules say of these rows, written as tables."""
    return among(con, mapped, as_of, **{entity: parse(text) for entity, text in written.items()})


def asked(query: str, entity: str, cases: Mapping[str, Rows]) -> dict[str, list[tuple[Any, ...]]]:
    """What a query finds for each case, whose rows are of the patient of that name: the first column is the patient."""
    rows = [
        {"row_id": f"{name}:{line}", "local_patient_id": name} | row
        for name, case in cases.items()
        for line, row in enumerate(case, start=2)
    ]
    found: dict[str, list[tuple[Any, ...]]] = {name: [] for name in cases}
    with duckdb.connect() as con:
        among(con, **{entity: rows})
        for patient, *values in con.execute(query).fetchall():
            found[patient].append(tuple(values))
    return found


FIRST_SURGERIES = {
    "one act": (
        """surgery_date
           2015-05-04""",
        (DAY(2015, 5, 4), DAY(2015, 5, 4)),
    ),
    "the earliest of two": (
        """surgery_date | surgery_kind
           2015-05-04   | resection
           2014-12-31   | unplanned_excision""",
        (DAY(2014, 12, 31), DAY(2014, 12, 31)),
    ),
    "a month": (
        """surgery_date
           2016-02""",
        (DAY(2016, 2, 1), DAY(2016, 2, 29)),
    ),
    "a year": (
        """surgery_date
           2015""",
        (DAY(2015, 1, 1), DAY(2015, 12, 31)),
    ),
    "a year and a day of it: the year may be earlier, and is no later than the day": (
        """surgery_date
           2015
           2015-05-04""",
        (DAY(2015, 1, 1), DAY(2015, 5, 4)),
    ),
    "a month before a day": (
        """surgery_date
           2015-04
           2015-05-04""",
        (DAY(2015, 4, 1), DAY(2015, 4, 30)),
    ),
    "an undated act may be the first": (
        """surgery_date
           -
           2015-05-04""",
        None,
    ),
    "only an undated act": (
        """surgery_date
           -""",
        None,
    ),
    "an undated re-excision is never the first": (
        """surgery_date | surgery_kind
           -            | re_excision
           2015-05-04   | resection""",
        (DAY(2015, 5, 4), DAY(2015, 5, 4)),
    ),
    "an undated act on a metastasis neither": (
        """surgery_date | surgery_target
           -            | metastasis
           2015-05-04   | primary""",
        (DAY(2015, 5, 4), DAY(2015, 5, 4)),
    ),
    "nor one on a relapse": (
        """surgery_date | surgery_target
           2014-01-01   | relapse
           2015-05-04   | primary""",
        (DAY(2015, 5, 4), DAY(2015, 5, 4)),
    ),
    "a target that is not stated is the primary": (
        """surgery_date | surgery_target
           2015-05-04   | -""",
        (DAY(2015, 5, 4), DAY(2015, 5, 4)),
    ),
    "a kind that is not stated is no first act": (
        """surgery_date | surgery_kind
           2015-05-04   | -""",
        None,
    ),
    "nor is an exploration": (
        """surgery_date | surgery_kind
           2015-05-04   | exploratory""",
        None,
    ),
    "an amputation is one": (
        """surgery_date | surgery_kind
           2015-05-04   | amputation""",
        (DAY(2015, 5, 4), DAY(2015, 5, 4)),
    ),
    "an excisional biopsy is one": (
        """surgery_date | surgery_kind
           2015-03-04   | excisional_biopsy
           2015-05-04   | resection""",
        (DAY(2015, 3, 4), DAY(2015, 3, 4)),
    ),
    "no act": ("surgery_date", None),
}


@pytest.fixture(scope="module")
def first_surgeries():
    query = "SELECT local_patient_id, first_date, first_latest FROM first_surgery"
    return asked(query, "surgery", {name: parse(acts) for name, (acts, _) in FIRST_SURGERIES.items()})


@pytest.mark.parametrize("case", FIRST_SURGERIES)
def test_the_first_surgery_has_an_earliest_and_a_last_possible_day(first_surgeries, case):
    _, days = FIRST_SURGERIES[case]
    assert first_surgeries[case] == ([] if days is None else [days])


def test_each_tumour_of_each_patient_has_its_own_first_surgery(con):
    acts = """
        local_patient_id | local_tumour_id | surgery_date
        P1               | T1              | 2015-05-04
        P1               | T1              | 2015-04-04
        P1               | T2              | 2016-05-04
        P2               | T1              | 2014
        P2               | T2              | -
    """
    across(con, surgery=acts)
    assert con.execute("FROM first_surgery ORDER BY ALL").fetchall() == [
        ("P1", "T1", DAY(2015, 4, 4), DAY(2015, 4, 4)),
        ("P1", "T2", DAY(2016, 5, 4), DAY(2016, 5, 4)),
        ("P2", "T1", DAY(2014, 1, 1), DAY(2014, 12, 31)),
    ]


DEATHS = {
    "one day": (["2018-01-10"], (DAY(2018, 1, 10), DAY(2018, 1, 10))),
    "the same day twice": (["2018-01-10"] * 2, (DAY(2018, 1, 10), DAY(2018, 1, 10))),
    "two days": (["2018-01-11", "2018-01-10"], (DAY(2018, 1, 11), DAY(2018, 1, 10))),
    "a year": (["2018"], (DAY(2018, 12, 31), DAY(2018, 12, 31))),
    "a month": (["2018-02"], (DAY(2018, 2, 28), DAY(2018, 2, 28))),
    "a day of a year": (["2018", "2018-01-10"], (DAY(2018, 12, 31), DAY(2018, 1, 10))),
    "a row without it": (["-", "2018-01-10"], (DAY(2018, 1, 10), DAY(2018, 1, 10))),
    "none": (["-"], None),
    "no row": ([], None),
}


@pytest.fixture(scope="module")
def deaths():
    query = "SELECT local_patient_id, death_latest, first_death_latest FROM death"
    written = {name: "\n".join(["death_date", *dates]) for name, (dates, _) in DEATHS.items()}
    return asked(query, "follow_up", {name: parse(text) for name, text in written.items()})


@pytest.mark.parametrize("case", DEATHS)
def test_a_death_is_its_last_possible_day_of_all_and_of_the_earliest(deaths, case):
    _, days = DEATHS[case]
    assert deaths[case] == ([] if days is None else [days])


def test_the_deaths_of_two_patients_are_two(con):
    rows = """
        local_patient_id | death_date
        P1               | 2018
        P2               | 2019-03-01
        P3               | -
    """
    across(con, follow_up=rows)
    found = con.execute("SELECT local_patient_id, death_latest FROM death ORDER BY ALL").fetchall()
    assert found == [("P1", DAY(2018, 12, 31)), ("P2", DAY(2019, 3, 1))]


#: Two tumours of a patient: the one `asked` about is the one diagnosed later.
PAIRS = parse("""
    first      | second     | asked | days | why
    2015-03-10 | 2016-03-10 | second | 366 | the second is later
    2016-03-10 | 2015-03-10 | first  | 366 | the first is later
    2015-03-10 | 2015-03-10 | second | 0   | the same day: by their numbers
    2015-03-10 | -          | second | -   | the undated one comes last
    -          | 2015-03-10 | first  | -   | and does so when it is the first
    -          | -          | second | -   | two undated: by their numbers
    "2015"     | 2016-03-10 | second | 434 | from the first day of a year
    2015-03-10 | "2015-04"  | second | 51  | to the last day of a month
    "2015"     | "2015"     | second | 364 | most days of one year
""")


@pytest.fixture(scope="module")
def pairs():
    query = """
        SELECT local_patient_id, CASE local_tumour_id WHEN 'T1' THEN 'first' ELSE 'second' END, most_days
        FROM tumour_pair JOIN kept_tumour USING (row_id)
    """
    tumours = {"T1": "first", "T2": "second"}
    cases = {
        case["why"]: [
            {"local_tumour_id": name, "diagnosis_date": case[which]} for name, which in tumours.items()
        ]
        for case in PAIRS
    }
    return asked(query, "tumour", cases)


@pytest.mark.parametrize("case", PAIRS, ids=lambda case: case["why"])
def test_two_tumours_are_a_pair_once_with_the_later_one_asked(pairs, case):
    assert pairs[case["why"]] == [(case["asked"], case["days"])]


PLACES = parse("""
    first | second | left_1 | left_2 | site  | place | why
    C49.2 | C49.2  | left   | left   | true  | true  | the same place
    C49.2 | C49.2  | left   | right  | true  | false | the two sides
    C49.2 | C49.2  | right  | left   | true  | false | the two sides the other way round
    C49.2 | C49.2  | left   | -      | true  | true  | a side that is not stated may be that one
    C49.2 | C49.1  | left   | left   | true  | false | two parts
    C49.2 | C49.9  | left   | left   | true  | true  | a part that is not stated
    C49.8 | C49.1  | left   | left   | true  | true  | several parts
    C40.2 | C41.9  | left   | left   | true  | true  | bone is one group of sites
    C49.2 | C16.9  | left   | left   | false | false | two organs
""")


@pytest.fixture(scope="module")
def places():
    query = "SELECT local_patient_id, is_same_site, is_same_place FROM tumour_pair JOIN kept_tumour USING (row_id)"
    cases = {
        case["why"]: [
            {"local_tumour_id": f"T{n}", "topography_code": case[which], "laterality": case[f"left_{n}"]}
            for n, which in ((1, "first"), (2, "second"))
        ]
        for case in PLACES
    }
    return asked(query, "tumour", cases)


@pytest.mark.parametrize("case", PLACES, ids=lambda case: case["why"])
def test_two_tumours_have_one_place_or_two(places, case):
    assert places[case["why"]] == [(case["site"], case["place"])]


#: A second tumour beside one that is malignant.
SECONDS = parse("""
    patient | morphology | pairs | why
    same    | 8850/3     | 1     | malignant
    same    | 8821/1     | 1     | uncertain
    same    | 8850/0     | 0     | benign
    same    | 8500/2     | 0     | in situ
    same    | -          | 1     | not stated
    another | 8850/3     | 0     | of another patient
""")


@pytest.fixture(scope="module")
def second_tumours():
    one = {"local_tumour_id": "T1", "morphology_code": "8850/3"}
    cases = {}
    for case in SECONDS:
        other = {"local_tumour_id": "T2", "morphology_code": case["morphology"]}
        cases[case["why"]] = [
            one,
            other if case["patient"] == "same" else other | {"local_patient_id": "another"},
        ]
    return asked("SELECT local_patient_id FROM tumour_pair JOIN kept_tumour USING (row_id)", "tumour", cases)


@pytest.mark.parametrize("case", SECONDS, ids=lambda case: case["why"])
def test_a_pair_is_of_one_patient_and_of_what_is_neither_benign_nor_in_situ(second_tumours, case):
    assert len(second_tumours[case["why"]]) == case["pairs"]


def test_three_tumours_are_three_pairs(con):
    across(con, tumour="local_tumour_id | diagnosis_date\nT1 | 2015\nT2 | 2016\nT3 | 2017")
    assert con.execute("SELECT row_id, count(*) FROM tumour_pair GROUP BY ALL ORDER BY ALL").fetchall() == [
        ("d1:0:3", 1),
        ("d1:0:4", 2),
    ]


def test_only_a_declared_day_of_export_is_known(con):
    across(con, as_of={"d1": AS_OF, "d2": None, "d3": DAY(2020, 1, 1)})
    assert con.execute("FROM export_day ORDER BY ALL").fetchall() == [("d1", AS_OF), ("d3", DAY(2020, 1, 1))]


@pytest.mark.parametrize("as_of", [{}, {"d1": None}], ids=["none", "not declared"])
def test_without_a_day_of_export_there_is_no_row_and_the_rules_are_asked(con, as_of):
    found = across(con, as_of=as_of, surgery="surgery_date\n2015-05-04")
    assert con.execute("FROM export_day").fetchall() == []
    assert found["surgery"].results["outcome"].to_pylist() == ["passed"]


LAST_DAYS = {
    "2016-02-10": DAY(2016, 2, 10),
    "2016-02": DAY(2016, 2, 29),
    "2016": DAY(2016, 12, 31),
    "-": None,
}


@pytest.fixture(scope="module")
def last_days():
    cases = {written: parse(f"biopsy_date\n{written}") for written in LAST_DAYS}
    return asked("SELECT local_patient_id, biopsy_date_latest FROM kept_biopsy", "biopsy", cases)


@pytest.mark.parametrize("written", LAST_DAYS)
def test_a_kept_row_has_the_last_possible_day_of_each_date(last_days, written):
    assert last_days[written] == [(LAST_DAYS[written],)]


def test_a_second_centre_on_the_same_connection_sees_nothing_of_the_first(con):
    across(
        con,
        surgery="surgery_date\n2015-05-04",
        follow_up="death_date\n2018",
        tumour="local_tumour_id\nT1\nT2",
    )
    across(con, as_of={"d9": AS_OF})
    for relation in ("first_surgery", "death", "tumour_pair", "kept_tumour", "answer"):
        assert con.execute(f"SELECT count(*) FROM {relation}").fetchall() == [(0,)], relation
    assert con.execute("SELECT delivery_id FROM export_day").fetchall() == [("d9",)]
