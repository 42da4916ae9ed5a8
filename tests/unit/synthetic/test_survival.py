"""What became of the patients, and what each record knows of it."""

import numpy as np
import pandas as pd
import pytest

from pipelines.synthetic.calibration import EXPORT_DAY
from pipelines.synthetic.declare import NO_DATE
from pipelines.synthetic.survival import Outcomes, hazards, knows_death, last_days, last_news, vital_status

OUTCOMES = Outcomes(
    end=np.array([100, 200, 300]),
    last_act=np.array([90, 150, 250]),
    is_dead=np.array([True, False, False]),
    is_lost=np.array([False, True, False]),
)
HELD = pd.DataFrame(
    {
        "record": [0, 1, 2, 3],
        "person": [0, 0, 1, 2],
        "tumour": [0, 0, 1, 2],
        "record_kind": ["primary", "opinion", "primary", "primary"],
    }
)
PATH = pd.DataFrame({"extent_at_diagnosis": ["localised", "localised", "metastatic"]})
RELAPSES = pd.DataFrame({"tumour": [1]})


def tumour(**changes):
    facts = {"grade": -1, "extent_at_diagnosis": "localised", "in_reference": 1, "period": 0, **changes}
    return pd.DataFrame([facts])


@pytest.mark.parametrize(
    "worse",
    [{"extent_at_diagnosis": "metastatic"}, {"in_reference": 0}, {"grade": 3}],
)
def test_what_makes_a_prognosis_worse(cal, worse):
    assert hazards(cal, tumour(**worse))[0] > hazards(cal, tumour())[0]


def test_survival_rises_with_each_period(cal):
    assert hazards(cal, tumour(period=2))[0] < hazards(cal, tumour(period=0))[0]


def test_high_grade_is_worse_than_low_grade(cal):
    assert hazards(cal, tumour(grade=3))[0] == pytest.approx(4.35 * hazards(cal, tumour(grade=1))[0])


def test_the_last_act_of_each_tumour():
    frames = {
        "biopsy": pd.DataFrame({"tumour": [0, 0], "biopsy_date": [5, 9]}),
        "treatment": pd.DataFrame(
            {"tumour": [0, 2], "treatment_start_date": [3, 4], "treatment_end_date": [20, 6]}
        ),
    }
    assert last_days(frames, 3).tolist() == [20, np.iinfo(np.int64).min, 6]


def test_a_first_record_knows_of_a_death(rng):
    knows = knows_death(OUTCOMES, HELD, rng)
    assert knows[0]
    assert not knows[[2, 3]].any()


@pytest.mark.parametrize(("knows", "status"), [([1, 1, 0, 0], "dead"), ([1, 0, 0, 0], "alive")])
def test_vital_status_is_what_the_record_knows(knows, status):
    found = vital_status(OUTCOMES, HELD, np.array(knows, bool))
    assert found.tolist() == ["dead", status, "lost", "alive"]


def test_last_news_of_a_record_that_does_not_know_are_those_of_the_last_act(rng):
    knows = np.array([True, False, False, False])
    news = last_news(PATH, OUTCOMES, HELD, knows, RELAPSES, rng)
    assert news["event_date"].tolist() == [100, 90, 200, 300]
    assert news["death_date"].tolist() == [100, NO_DATE, NO_DATE, NO_DATE]
    assert news["disease_status"].iloc[0] in {"DOD", "DOC", "DUC"}
    assert news["disease_status"].iloc[2] == "lost"
    assert news["disease_status"].iloc[3] in {"AWD", "NED"}


def test_the_dead_died_before_the_export(drawn):
    assert drawn.outcomes.end.max() <= EXPORT_DAY
    assert not (drawn.outcomes.is_dead & drawn.outcomes.is_lost).any()
    assert (drawn.outcomes.end >= drawn.outcomes.last_act).all()
