"""A tumour and its milestones: who is incident, in which period, and which act was the first surgery."""

import datetime as dt

import pytest

from pipelines.config import Period
from tests.star import NETWORK, TODAY, star
from tests.tables import rows

DAY = dt.date


def test_incident_is_the_first_tumour_of_a_patient_that_counts(con):
    tumours = """
        tumour_id | patient_id | diagnosis_date | is_in_scope | entry_reason
        alone     | p1         | 2015-03-12     | true        | primary
        on_day_1  | p2         | 2010-01-01     | true        | primary
        too_early | p3         | 2009-12-31     | true        | primary
        benign    | p4         | 2015-03-12     | false       | primary
        relapse   | p5         | 2015-03-12     | true        | relapse
        opinion   | p6         | 2015-03-12     | true        | opinion
        no_reason | p7         | 2015-03-12     | true        | -
        undated   | p8         | -              | true        | primary
        year_only | p9         | 2010           | true        | primary
        second    | p10        | 2018-01-01     | true        | primary
        first     | p10        | 2016-01-01     | true        | primary
        tie_b     | p11        | 2016-01-01     | true        | primary
        tie_a     | p11        | 2016-01-01     | true        | primary
        old       | p12        | 2005-01-01     | true        | primary
        since_old | p12        | 2016-01-01     | true        | primary
        lipoma    | p13        | 2011-01-01     | false       | primary
        sarcoma   | p13        | 2016-01-01     | true        | primary
    """
    star(con, {"har_tumour": tumours})
    found = rows(con, "SELECT tumour_id FROM fct_tumour WHERE is_incident")
    expected = ["alone", "first", "on_day_1", "sarcoma", "since_old", "tie_a", "year_only"]
    assert [name for (name,) in found] == expected


def test_a_period_holds_both_ends_of_the_diagnosis(con):
    tumours = """
        tumour_id | diagnosis_date
        t1        | 2012-12-31
        t2        | 2013-01-01
        t3        | 2012
        t4        | 2012-12
        t5        | 2020-12-31
        t6        | 2021-01-01
        t7        | 2009-12-31
        t8        | -
    """
    star(con, {"har_tumour": tumours})
    assert rows(con, "SELECT tumour_id, period_id FROM fct_tumour") == [
        ("t1", "2010_2012"), ("t2", "2013_2015"), ("t3", "2010_2012"), ("t4", "2010_2012"),
        ("t5", "2016_2020"), ("t6", None), ("t7", None), ("t8", None),
    ]  # fmt: skip


def test_an_imprecise_diagnosis_across_two_periods_has_none(con):
    halves = (
        Period(id="a", fr="a", en="a", start=DAY(2019, 1, 1), end=DAY(2019, 6, 30)),
        Period(id="b", fr="b", en="b", start=DAY(2019, 7, 1), end=DAY(2019, 12, 31)),
    )
    network = NETWORK.model_copy(update={"periods": halves, "published": ()})
    star(con, {"har_tumour": "tumour_id | diagnosis_date\nt1 | 2019\nt2 | 2019-06"}, network)
    assert rows(con, "SELECT tumour_id, period_id FROM fct_tumour") == [("t1", None), ("t2", "a")]


def first_surgery(con, surgeries: str) -> list[tuple[object, ...]]:
    star(con, {"har_tumour": "tumour_id\nt1", "har_surgery": surgeries})
    columns = "first_surgery_kind, first_surgery_date, first_surgery_margin, first_surgery_intent"
    return rows(con, f"SELECT {columns} FROM fct_tumour")


def test_the_first_surgery_is_the_earliest_that_removes_the_primary(con):
    surgeries = """
        surgery_kind       | surgery_target | surgery_date | margin | surgery_intent
        exploratory        | primary        | 2019-01-01   | -      | -
        resection          | metastasis     | 2019-01-02   | R0     | -
        metastasectomy     | -              | 2019-01-03   | R0     | -
        resection          | relapse        | 2019-01-04   | R0     | -
        unplanned_excision | -              | 2019-02-01   | R2     | -
        re_excision        | primary        | 2019-03-01   | R0     | curative
        resection          | primary        | 2019-04-01   | R0     | curative
    """
    assert first_surgery(con, surgeries) == [("unplanned_excision", DAY(2019, 2, 1), "R2", None)]


@pytest.mark.parametrize("kind", ["resection", "excisional_biopsy", "unplanned_excision", "amputation"])
def test_four_kinds_remove_tumour(con, kind: str):
    assert first_surgery(con, f"surgery_kind | surgery_date\n{kind} | 2019-02-01")[0][0] == kind


def test_an_operation_without_date_is_the_first_only_when_it_is_alone(con):
    surgeries = """
        row_id | surgery_kind | surgery_date | margin
        a      | amputation   | -            | R1
        b      | resection    | 2019-02-01   | R0
    """
    assert first_surgery(con, surgeries) == [("resection", DAY(2019, 2, 1), "R0", None)]


def test_an_operation_without_date_still_makes_an_operated_tumour(con):
    assert first_surgery(con, "surgery_kind | surgery_date | margin\nresection | - | R0") == [
        ("resection", None, "R0", None)
    ]


def test_the_first_surgery_keeps_a_palliative_intent_and_its_place(con):
    surgeries = """
        surgery_kind | surgery_date | surgery_intent | facility_id | is_in_reference
        resection    | 2019-02-01   | palliative     | f_out       | false
        resection    | 2019-03-01   | curative       | f_in        | true
    """
    star(con, {"har_tumour": "tumour_id\nt1", "har_surgery": surgeries})
    columns = "first_surgery_intent, first_surgery_facility_id, is_first_surgery_in_reference"
    assert rows(con, f"SELECT {columns} FROM fct_tumour") == [("palliative", "f_out", False)]
    assert rows(con, "SELECT * FROM fct_indicator") == []


def test_the_milestones_are_the_earliest_of_their_kind(con):
    given = {
        "har_tumour": "tumour_id\nt1",
        "har_biopsy": """
            biopsy_kind | biopsy_date
            excisional  | 2019-01-01
            core        | 2019-02
            fna         | 2019-03-01
        """,
        "har_rcp": """
            rcp_kind        | rcp_date   | is_labelled
            local           | 2019-01-10 | false
            sarcoma_network | 2019-02-10 | true
            resos           | 2019-03-10 | true
        """,
        "har_pathology_review": "expert_date\n2019-05-01\n2019-04-01\n-",
        "har_follow_up": """
            follow_up_event | event_date | death_date
            last_news       | 2020-01-01 | -
            last_news       | -          | 2020-02-01
        """,
    }
    star(con, given)
    columns = (
        "first_biopsy_date, first_biopsy_date_latest, first_biopsy_date_precision, first_rcp_date,"
        " first_network_rcp_date, first_expert_reading_date, last_news_date"
    )
    assert rows(con, f"SELECT {columns} FROM fct_tumour") == [
        (DAY(2019, 2, 1), DAY(2019, 2, 28), "month", DAY(2019, 1, 10), DAY(2019, 2, 10), DAY(2019, 4, 1),
         DAY(2020, 2, 1))
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("born", "diagnosed", "age"),
    [
        ("1960 | 3", "2019-03-12", 59), ("1960 | 4", "2019-03-12", 58), ("1960 | 2", "2019-03-12", 59),
        ("1960 | 12", "2019", 59), ("1960 | -", "2019-03-12", 59), ("2019 | 2", "2019-03-12", 0),
        ("2020 | 2", "2019-03-12", None), ("1890 | 2", "2019-03-12", None), ("- | -", "2019-03-12", None),
        ("1960 | 3", "-", None),
    ],
)  # fmt: skip
def test_age_is_in_completed_years_to_the_month(con, born: str, diagnosed: str, age: int | None):
    star(con, {
        "har_patient": f"patient_id | birth_year | birth_month\np1 | {born}",
        "har_tumour": f"patient_id | diagnosis_date\np1 | {diagnosed}",
    })  # fmt: skip
    assert rows(con, "SELECT age_at_diagnosis FROM fct_tumour") == [(age,)]


def test_the_most_precise_statement_of_a_death_is_kept(con):
    star(con, {
        "har_patient": "patient_id\np1\np2\np3",
        "har_follow_up": """
            row_id | patient_id | death_date
            a      | p1         | 2019
            b      | p1         | 2019-06-02
            c      | p1         | 2019-06-01
            d      | p2         | 2018-05
            e      | p3         | -
        """,
    })  # fmt: skip
    columns = "patient_id, death_date, death_date_latest, death_date_precision"
    assert rows(con, f"SELECT {columns} FROM dim_patient") == [
        ("p1", DAY(2019, 6, 1), DAY(2019, 6, 1), "day"),
        ("p2", DAY(2018, 5, 1), DAY(2018, 5, 31), "month"),
        ("p3", None, None, None),
    ]


def test_the_calendar_covers_every_date_in_whole_years(con):
    star(
        con,
        {
            "har_tumour": "diagnosis_date\n2018-05-03",
            "har_surgery": "surgery_kind | surgery_date\nresection | 2024",
        },
    )
    assert rows(con, "SELECT min(day), max(day), count(*) FROM dim_date") == [
        (DAY(2018, 1, 1), DAY(2024, 12, 31), 2557)
    ]
    assert rows(con, "SELECT year, quarter, month FROM dim_date WHERE day = DATE '2019-11-30'") == [
        (2019, 4, 11)
    ]


def test_an_empty_registry_still_has_a_calendar_and_every_result(con):
    star(con, {})
    assert rows(con, "SELECT min(day), max(day) FROM dim_date") == [
        (DAY(TODAY.year, 1, 1), DAY(TODAY.year, 12, 31))
    ]
    expected = len(NETWORK.indicators) * len(NETWORK.periods) * 4
    assert rows(con, "SELECT count(*), sum(eligible_count) FROM ind_conformity") == [(expected, 0)]
