"""One block of a small network, drawn once: the draws are looked at from several sides."""

from types import SimpleNamespace

import numpy as np
import pytest

from pipelines.synthetic.calibration import load_calibration
from pipelines.synthetic.events import biopsy_statements, draw_events
from pipelines.synthetic.pathway import draw_pathways
from pipelines.synthetic.people import draw_people
from pipelines.synthetic.records import draw_local_tumours, draw_records
from pipelines.synthetic.reviews import draw_reviews
from pipelines.synthetic.survival import draw_outcomes, draw_relapses
from pipelines.synthetic.tumours import draw_tumours, population


@pytest.fixture(scope="session")
def cal():
    return load_calibration("netsarc")


@pytest.fixture(scope="session")
def drawn(cal):
    rng = np.random.default_rng(7)
    tumours = draw_tumours(cal, population(cal, 4000), rng)
    people = draw_people(cal, tumours, first_key=0, block=0, blocks=1, rng=rng)
    path, reviews = draw_reviews(cal, draw_pathways(cal, tumours, people, rng), rng)
    path["had_biopsy"] = biopsy_statements(path, rng)
    counters = np.zeros(len(cal.centres), np.int64)
    records = draw_records(cal, path, reviews, counters, rng)
    held = draw_local_tumours(path, records, reviews)
    events = draw_events(cal, path, rng)
    relapses = draw_relapses(cal, path, records, rng)
    outcomes = draw_outcomes(cal, path, {**events, "follow_up": relapses}, rng)
    return SimpleNamespace(
        tumours=tumours, people=people, path=path, reviews=reviews, records=records, held=held, events=events,
        relapses=relapses, outcomes=outcomes, counters=counters,
    )  # fmt: skip


@pytest.fixture
def rng():
    return np.random.default_rng(3)
