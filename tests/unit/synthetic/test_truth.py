"""The truth tables of a handful of rows, written down by hand."""

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from pipelines.synthetic import truth
from pipelines.synthetic.calibration import days
from pipelines.synthetic.pathway import NO, UNKNOWN, YES
from tests.tables import table

PEOPLE = pd.DataFrame(
    {
        "person_key": ["P1", "P2"], "ins_matricule": ["1", "2"], "birth_name": ["A", "B"], "used_name": ["A", "C"],
        "first_names": ["X", "Y"], "sex": ["M", "F"], "birth_place_cog": ["69381", "2A004"],
        "birth_date": [days(dt.date(1950, 3, 7)), days(dt.date(1969, 12, 31))],
    }
)  # fmt: skip
PATH = table("""
    person | rank | status   | morphology | topography | histotype | period | diagnosis | eligible | biopsy | rcp | place | margin
    0      | 1    | incident | "8858/3"   | "C48.0"    | ddlps     | 2      | 2016-05-01| true     | 1      | 0   | -1    | 0
    0      | 2    | later    | "8802/3"   | "C49.2"    | ups       | 2      | 2018-05-01| false    | 0      | 1   | 1     | 1
    1      | 1    | prevalent| "8850/0"   | "C49.1"    | alt       | -1     | 2005-05-01| true     | 1      | 1   | 1     | 0
    1      | 2    | incident | "8936/3"   | "C16.9"    | gist      | 0      | 2010-01-01| true     | -1     | 1   | 0     | 3
""")  # fmt: skip  # noqa: E501 - one line per tumour
HELD = table("""
    record | tumour | centre | local_patient_id | local_tumour_id | entry_reason
    0      | 0      | 3      | "a"              | "a-1"           | opinion
    1      | 0      | 5      | "b"              | "b-1"           | primary
    1      | 1      | 5      | "b"              | "b-2"           | primary
    2      | 2      | 1      | "c"              | "c-1"           | relapse
    2      | 3      | 1      | "c"              | "c-2"           | primary
""")


@pytest.fixture
def path():
    names = {
        "eligible": "is_eligible",
        "biopsy": "biopsy_before",
        "rcp": "rcp_before",
        "place": "in_reference",
    }
    found = PATH.rename(columns=names).astype(
        {"person": int, "rank": int, "period": int, "is_eligible": bool, "biopsy_before": int, "rcp_before": int,
         "in_reference": int, "margin": int}
    )  # fmt: skip
    return found.assign(
        diagnosis_date=[days(date) for date in found["diagnosis"]],
        extent_at_diagnosis="localised",
        is_operated=True,
    )


@pytest.fixture
def held():
    return HELD.astype({"record": int, "tumour": int, "centre": int})


@pytest.fixture
def keys(path):
    return truth.tumour_keys(PEOPLE, path)


def ids(cal, *numbers):
    return [cal.centres[number].id for number in numbers]


def test_a_tumour_key_is_its_persons_and_its_rank(keys):
    assert keys.tolist() == ["P1-1", "P1-2", "P2-1", "P2-2"]


def test_persons_have_their_true_identity():
    rows = truth.person_table(PEOPLE).to_pylist()
    assert [row["birth_date"] for row in rows] == [dt.date(1950, 3, 7), dt.date(1969, 12, 31)]
    assert [row["used_name"] for row in rows] == ["A", "C"]
    assert set(rows[0]) == {
        "person_key", "ins_matricule", "birth_name", "used_name", "first_names", "sex", "birth_place_cog", "birth_date",
    }  # fmt: skip


def test_tumours(cal, path, held, keys):
    rows = truth.tumour_table(cal, path, keys, held, PEOPLE).to_pylist()
    found = [
        (row["period_id"], row["responsible_centre_id"], row["is_incident"], row["is_in_scope"])
        for row in rows
    ]
    five, one = ids(cal, 5, 1)
    assert found == [
        ("2016_2020", five, True, True),
        ("2016_2020", five, False, True),
        (None, one, False, False),  # a lipoma, before the network
        ("2010_2012", one, True, True),
    ]
    assert [row["diagnosis_date"].year for row in rows] == [2016, 2018, 2005, 2010]


def test_local_tumours_name_their_tumour(cal, held, keys):
    rows = truth.local_tumour_table(cal, held, keys).to_pylist()
    assert [tuple(row.values()) for row in rows] == [
        (centre, patient, tumour, key)
        for centre, patient, tumour, key in zip(
            ids(cal, 3, 5, 5, 1, 1), held["local_patient_id"], held["local_tumour_id"],
            ["P1-1", "P1-1", "P1-2", "P2-1", "P2-2"], strict=True,
        )
    ]  # fmt: skip


ANSWERS = {
    "biopsy_before_surgery": [True, None],
    "network_rcp_before_surgery": [False, True],
    "first_surgery_in_reference": [None, False],
    "r0_first_surgery": [True, None],
    "r1_first_surgery": [False, None],
    "r2_first_surgery": [False, None],
}


@pytest.mark.parametrize("indicator", ANSWERS)
def test_answers_of_the_eligible_tumours_of_a_period(cal, path, held, keys, indicator):
    """The prevalent tumour is of no period and the later one is not eligible: two are left."""
    rows = truth.indicator_table(cal, path, keys, held).to_pylist()
    rows = [row for row in rows if row["indicator_id"] == indicator]
    assert [row["tumour_key"] for row in rows] == ["P1-1", "P2-2"]
    assert [row["is_achieved"] for row in rows] == ANSWERS[indicator]
    assert [row["centre_id"] for row in rows] == ids(cal, 5, 1)
    assert [row["is_first_surgery_in_reference"] for row in rows] == ANSWERS["first_surgery_in_reference"]


@pytest.mark.parametrize(
    ("margin", "expected"),
    [
        (0, (True, False, False)),
        (1, (False, True, False)),
        (2, (False, False, True)),
        (3, (None, None, None)),
    ],
)
def test_a_margin_answers_three_indicators(cal, path, held, keys, margin, expected):
    rows = truth.indicator_table(cal, path.assign(margin=margin), keys, held).to_pylist()
    found = {row["indicator_id"]: row["is_achieved"] for row in rows if row["tumour_key"] == "P1-1"}
    assert tuple(found[f"{name}_first_surgery"] for name in ("r0", "r1", "r2")) == expected


@pytest.mark.parametrize(("answer", "expected"), [(YES, True), (NO, False), (UNKNOWN, None)])
def test_an_answer_is_yes_no_or_unknown(cal, path, held, keys, answer, expected):
    rows = truth.indicator_table(cal, path.assign(rcp_before=answer), keys, held).to_pylist()
    assert {row["is_achieved"] for row in rows if row["indicator_id"].startswith("network_rcp")} == {expected}


def test_records_say_whether_their_person_was_known(cal):
    kinds = ["primary", "elsewhere", "opinion", "relapse", "review_registry", "bone_registry"]
    records = pd.DataFrame(
        {
            "centre": range(6),
            "local_patient_id": list("abcdef"),
            "person": [0, 0, 1, 1, 0, 1],
            "record_kind": kinds,
        }
    )
    rows = truth.record_table(cal, PEOPLE, records).to_pylist()
    assert [row["is_further"] for row in rows] == [False, True, True, True, False, False]
    assert [row["person_key"] for row in rows] == ["P1", "P1", "P2", "P2", "P1", "P2"]
    assert [row["centre_id"] for row in rows] == ids(cal, *range(6))


def test_a_fault_names_its_centre_and_file(cal):
    faults = pa.table(
        {"centre": [2], "entity": ["tumour"], "local_patient_id": ["a"], "local_tumour_id": ["a-1"],
         "field": ["grade"], "kind": ["missing"]}
    )  # fmt: skip
    (row,) = truth.fault_table(cal, faults, ["A.csv"]).to_pylist()
    assert row == {
        "centre_id": cal.centres[2].id, "file": "A.csv", "entity": "tumour", "local_patient_id": "a",
        "local_tumour_id": "a-1", "field": "grade", "kind": "missing",
    }  # fmt: skip


def test_days_of_the_truth_are_days_of_the_calendar():
    people = PEOPLE.assign(birth_date=np.array([0, -1]))
    found = truth.person_table(people)["birth_date"].to_pylist()
    assert found == [dt.date(1970, 1, 1), dt.date(1969, 12, 31)]
