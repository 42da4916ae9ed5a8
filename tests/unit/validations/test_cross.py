"""The relations that the rules on several tables read: first surgery, death, two tumours, day of the export.

Each case is the rows that the gate kept, written as a table; a date is written as far as it is known.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import duckdb
import pytest

from tests.contract_rows import span
from tests.spec.clean_record import AS_OF, frame
from tests.tables import parse
from validations.contracts.entities import ENTITIES
from validations.cross import scan_across
from validations.rules.catalogue import CATALOGUE
from validations.scan import Scan

EVERY = frozenset(ENTITIES)
DAY = dt.date


NO_ANSWER = "SELECT row_id, FALSE AS is_violated FROM kept_surgery"


@pytest.fixture(autouse=True)
def _one_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask one short rule only: what the rules of the catalogue find has its own tests."""
    one = replace(CATALOGUE["PATHWAY-005"], query=NO_ANSWER)
    monkeypatch.setattr("validations.cross.cross_table_rules", lambda mapped: [one])


def kept(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as the gate keeps it: each date as its earliest day, with its precision."""
    made = dict(row)
    for name in [name for name in row if name.endswith("_date")]:
        made[name], _, made[f"{name}_precision"] = span(row[name])
    return made


def show(con: duckdb.DuckDBPyConnection, **written: str) -> None:
    """Make these rows those of `val_<entity>`; an entity that is not named has none."""
    for entity in ENTITIES:
        rows = [kept(row) for row in parse(written.get(entity, "row_id"))]
        con.register(f"val_{entity}", frame(entity, *rows) if rows else frame(entity).slice(0, 0))


def across(con: duckdb.DuckDBPyConnection, mapped=EVERY, as_of=None, **written: str) -> dict[str, Scan]:
    """What the rules say of these rows."""
    show(con, **written)
    return scan_across(con, as_of={"d1": AS_OF} if as_of is None else as_of, mapped=mapped)


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


@pytest.mark.parametrize(("acts", "days"), FIRST_SURGERIES.values(), ids=FIRST_SURGERIES)
def test_the_first_surgery_has_an_earliest_and_a_last_possible_day(con, acts, days):
    across(con, surgery=acts)
    found = con.execute("SELECT first_date, first_latest FROM first_surgery").fetchall()
    assert found == ([] if days is None else [days])


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


@pytest.mark.parametrize(("dates", "days"), DEATHS.values(), ids=DEATHS)
def test_a_death_is_its_last_possible_day_of_all_and_of_the_earliest(con, dates, days):
    across(con, follow_up="\n".join(["death_date", *dates]))
    found = con.execute("SELECT death_latest, first_death_latest FROM death").fetchall()
    assert found == ([] if days is None else [days])


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


#: Two tumours of a patient: the row asked about is that of the one diagnosed later; `-` in `asked`: there is no pair.
PAIRS = parse("""
    first      | second     | asked | days | why
    2015-03-10 | 2016-03-10 | d1:0:3 | 366 | the second is later
    2016-03-10 | 2015-03-10 | d1:0:2 | 366 | the first is later
    2015-03-10 | 2015-03-10 | d1:0:3 | 0   | the same day: by their numbers
    2015-03-10 | -          | d1:0:3 | -   | the undated one comes last
    -          | 2015-03-10 | d1:0:2 | -   | and does so when it is the first
    -          | -          | d1:0:3 | -   | two undated: by their numbers
    "2015"     | 2016-03-10 | d1:0:3 | 434 | from the first day of a year
    2015-03-10 | "2015-04"  | d1:0:3 | 51  | to the last day of a month
    "2015"     | "2015"     | d1:0:3 | 364 | most days of one year
""")


@pytest.mark.parametrize("case", PAIRS, ids=lambda case: case["why"])
def test_two_tumours_are_a_pair_once_with_the_later_one_asked(con, case):
    first, second = (case[name] or "-" for name in ("first", "second"))
    across(con, tumour=f"local_tumour_id | diagnosis_date\nT1 | {first}\nT2 | {second}")
    found = con.execute("SELECT row_id, most_days FROM tumour_pair").fetchall()
    assert found == [(case["asked"], case["days"])]


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


@pytest.mark.parametrize("case", PLACES, ids=lambda case: case["why"])
def test_two_tumours_have_one_place_or_two(con, case):
    rows = (
        "local_tumour_id | diagnosis_date | topography_code | laterality\n"
        f"T1 | 2015-03-10 | {case['first']} | {case['left_1'] or '-'}\n"
        f"T2 | 2016-03-10 | {case['second']} | {case['left_2'] or '-'}"
    )
    across(con, tumour=rows)
    found = con.execute("SELECT is_same_site, is_same_place FROM tumour_pair").fetchall()
    assert found == [(case["site"], case["place"])]


@pytest.mark.parametrize(
    ("patient", "morphology", "pairs"),
    [
        ("P1", "8850/3", 1),
        ("P1", "8821/1", 1),
        ("P1", "8850/0", 0),
        ("P1", "8500/2", 0),
        ("P1", "-", 1),
        ("P2", "8850/3", 0),
    ],
    ids=["malignant", "uncertain", "benign", "in situ", "not stated", "of another patient"],
)
def test_a_pair_is_of_one_patient_and_of_what_is_neither_benign_nor_in_situ(con, patient, morphology, pairs):
    rows = f"""
        local_patient_id | local_tumour_id | morphology_code
        P1               | T1              | 8850/3
        {patient}        | T2              | {morphology}
    """
    across(con, tumour=rows)
    assert con.execute("SELECT count(*) FROM tumour_pair").fetchall() == [(pairs,)]


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


@pytest.mark.parametrize(
    ("written", "last"),
    [
        ("2016-02-10", DAY(2016, 2, 10)),
        ("2016-02", DAY(2016, 2, 29)),
        ("2016", DAY(2016, 12, 31)),
        ("-", None),
    ],
)
def test_a_kept_row_has_the_last_possible_day_of_each_date(con, written, last):
    across(con, biopsy=f"biopsy_date\n{written}")
    assert con.execute("SELECT biopsy_date_latest FROM kept_biopsy").fetchall() == [(last,)]


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
