"""What became of the patients: relapse, metastasis, death, last news. Nothing happens after a death.

Survival is drawn per person from the first tumour; a person's acts are never later than the death.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.synthetic.calibration import EXPORT_DAY, Calibration, days
from pipelines.synthetic.declare import NO_DATE, Frames
from pipelines.synthetic.draws import Booleans, Floats, Integers, Objects, between, pick, share
from pipelines.synthetic.pathway import YES

_YEAR = 365.25


@dataclass(frozen=True)
class Outcomes:
    """Per person: the day of death or of last news, whether dead or lost, and the day of the last act."""

    end: Integers
    last_act: Integers
    is_dead: Booleans
    is_lost: Booleans


def draw_relapses(
    cal: Calibration, path: pd.DataFrame, records: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Relapses and metastases: rows of `follow_up`. A patient with a record opened at relapse has one."""
    n = len(path)
    start = np.where(path["is_operated"], path["surgery_date"], path["diagnosis_date"])
    before = path["rcp_before"] == YES
    rate = np.where(before, cal.hazard("local_relapse_rcp_before"), cal.hazard("local_relapse_rcp_after"))
    news = path["diagnosis_date"].to_numpy() + rng.exponential(_YEAR / cal.hazard("censoring"), n)
    relapse = start + 60 + np.round(rng.exponential(_YEAR / rate)).astype(np.int64)
    metastasis = start + 60 + np.round(rng.exponential(_YEAR / cal.hazard("metastasis"), n)).astype(np.int64)
    moved = path["person"].isin(records.loc[records["record_kind"] == "relapse", "person"]) & (
        path["rank"] == 1
    )
    seen = np.minimum(news, EXPORT_DAY)
    forced = np.where(moved, np.minimum(start + between(120, 900, n, rng), EXPORT_DAY), relapse)
    has_relapse = (path["is_operated"].to_numpy() & (forced <= seen)) | moved.to_numpy()
    is_localised = (path["extent_at_diagnosis"] != "metastatic").to_numpy()
    parts = [
        pd.DataFrame({"tumour": np.flatnonzero(where), "follow_up_event": event, "event_date": date[where]})
        for where, event, date in (
            (has_relapse, "local_relapse", forced),
            (is_localised & (metastasis <= seen), "metastasis", metastasis),
        )
    ]
    return pd.concat(parts, ignore_index=True)


def draw_outcomes(cal: Calibration, path: pd.DataFrame, frames: Frames, rng: np.random.Generator) -> Outcomes:
    """The end of each person's follow-up, after every act of every tumour."""
    n = int(path["person"].max()) + 1
    last = np.full(n, np.iinfo(np.int64).min)
    np.maximum.at(
        last, path["person"].to_numpy(), np.maximum(last_days(frames, len(path)), path["diagnosis_date"])
    )
    first = path[path["rank"] == 1]
    start = np.maximum(first["diagnosis_date"].to_numpy(), days(cal.network.incident_from))
    death = start + np.round(rng.exponential(_YEAR / hazards(cal, first))).astype(np.int64)
    news = start + np.round(rng.exponential(_YEAR / cal.hazard("censoring"), n)).astype(np.int64)
    news = np.minimum(np.maximum(news, last), EXPORT_DAY)
    day_of_death = np.maximum(death, last + 1)
    is_dead = (death <= news) & (day_of_death <= EXPORT_DAY)
    return Outcomes(
        end=np.where(is_dead, day_of_death, news),
        last_act=last,
        is_dead=is_dead,
        is_lost=~is_dead & share(n, 6, rng),
    )


def knows_death(outcomes: Outcomes, held: pd.DataFrame, rng: np.random.Generator) -> Booleans:
    """Which records know that their patient died: the first record always, the others every second time."""
    dead = outcomes.is_dead[held["person"].to_numpy()]
    knows: Booleans = dead & (
        (held["record_kind"] == "primary").to_numpy(np.bool_) | share(len(held), 50, rng)
    )
    return knows


def vital_status(outcomes: Outcomes, held: pd.DataFrame, knows: Booleans) -> Objects:
    """dead, lost or alive, as each record knows it."""
    lost = outcomes.is_lost[held["person"].to_numpy()]
    return np.select([knows, lost], ["dead", "lost"], "alive").astype(object)


def last_news(
    path: pd.DataFrame, outcomes: Outcomes, held: pd.DataFrame, knows: Booleans, relapses: pd.DataFrame,
    rng: np.random.Generator,
) -> pd.DataFrame:  # fmt: skip
    """The row of last news of each local tumour, with the death when the record knows it."""
    person = held["person"].to_numpy()
    unaware = outcomes.is_dead[person] & ~knows
    date = np.where(unaware, outcomes.last_act[person], outcomes.end[person])
    ill = np.isin(held["tumour"], relapses["tumour"]) | (
        path["extent_at_diagnosis"].to_numpy(object)[held["tumour"].to_numpy()] == "metastatic"
    )
    n = len(held)
    cause = pick(["DOD", "DOC", "DUC"], [75, 12, 13], n, rng)
    ill_now = ill & share(n, 60, rng)
    status = np.select([knows, outcomes.is_lost[person], ill_now], [cause, "lost", "AWD"], "NED")
    return held[["record", "tumour"]].assign(
        follow_up_event="last_news", event_date=date, disease_status=status.astype(object),
        death_date=np.where(knows, outcomes.end[person], NO_DATE),
    )  # fmt: skip


def last_days(frames: Frames, n_tumours: int) -> Integers:
    """The day of the last act of each tumour; the first day of time when it has none."""
    last = np.full(n_tumours, np.iinfo(np.int64).min)
    for frame in frames.values():
        for column in (name for name in frame.columns if name.endswith("_date")):
            np.maximum.at(last, frame["tumour"].to_numpy(), frame[column].to_numpy(np.int64))
    return last


def hazards(cal: Calibration, path: pd.DataFrame) -> Floats:
    """Deaths per year, by extent, grade, place of the first operation and period."""
    grade = path["grade"].to_numpy()
    by_grade = np.select(
        [grade == 2, grade == 3], [cal.hazard("grade_2_factor"), cal.hazard("grade_3_factor")], 1.0
    )
    localised = (
        cal.hazard("death_localised") * by_grade / np.where(grade > 0, cal.hazard("grade_mean_factor"), 1.0)
    )
    base = np.where(path["extent_at_diagnosis"] == "metastatic", cal.hazard("death_metastatic"), localised)
    outside = np.where(path["in_reference"] == YES, 1.0, cal.hazard("death_outside_factor"))
    found: Floats = base * outside * cal.hazard("period_factor") ** np.maximum(path["period"].to_numpy(), 0)
    return found
