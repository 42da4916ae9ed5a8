"""Tumours: which histotype, where, when, at what age, how large. Patients follow from their tumours.

The status says why a patient is there: `incident` patients are those of the published studies and of `--patients`;
the others come on top of them.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipelines.synthetic.calibration import Calibration
from pipelines.synthetic.draws import (
    Booleans,
    Floats,
    Integers,
    Objects,
    between,
    choose,
    pick,
    share,
    spread,
    spread_within,
    where,
    with_effects,
)

FIRST_DAY_OF = {year: int(np.datetime64(f"{year}-01-01", "D").astype(int)) for year in range(1990, 2023)}
_YOUNGEST = 0.15  # years: the acts of the two months before a diagnosis are not before the birth
_PREVALENT_YEARS = range(1998, 2010)
_LAST_YEAR_OF_SEVERAL = 2017  # a second primary needs time to appear before the export
#: Where a second and a third primary of a patient are: another site group than the first.
_SECOND = (("C48.0", "8858/3"), ("C49.2", "8802/3"))
_THIRD = (("C44.5", "8832/1"), ("C16.9", "8936/3"))
_PAIRED = ("C40", "C44.6", "C44.7", "C47.1", "C47.2", "C49.1", "C49.2", "C50", "C56", "C62", "C64")
_WALL = ("C44", "C47", "C49", "C50")  # sites where depth relative to the fascia has a meaning
_NOT_GRADED = frozenset(
    {"gist", "endometrial_stromal", "small_round_cell", "chondrogenic", "osteogenic", "notochordal"}
)


@dataclass(frozen=True)
class Population:
    """How many patients of each kind a block holds."""

    incident: int
    prevalent: int
    relapse_only: int
    excluded: int

    @property
    def total(self) -> int:
        """All patients of the block."""
        return self.incident + self.prevalent + self.relapse_only + self.excluded


def population(cal: Calibration, incident: int) -> Population:
    """The patients that come with `incident` incident ones: prevalent, seen at relapse only, excluded at review."""
    reviewed = incident * cal.rate("reviewed") / 100
    return Population(
        incident=incident,
        prevalent=round(incident * cal.rate("prevalent") / 100),
        relapse_only=round(incident * cal.rate("relapse_only") / 100),
        excluded=round(reviewed * cal.rate("excluded_after_review") / 100),
    )


def draw_tumours(cal: Calibration, people: Population, rng: np.random.Generator) -> pd.DataFrame:
    """One row per tumour, the first of each patient before the later ones.

    Columns: person, status, rank, morphology, topography, sex, age, diagnosis_date (days), period, and the description.
    """
    status = np.repeat(
        np.array(["incident", "prevalent", "relapse_only", "excluded"], object),
        [people.incident, people.prevalent, people.relapse_only, people.excluded],
    )
    first = pd.DataFrame({"person": np.arange(people.total), "status": status, "rank": 1})
    first = _draw_histotypes(cal, first, rng)
    first["sex"] = _draw_sex(cal, first["topography"].to_numpy(object), rng)
    first["diagnosis_date"] = _draw_dates(cal, status, rng)
    tumours = pd.concat([first, _later_tumours(cal, first, rng)], ignore_index=True)
    tumours["period"] = period_of(cal, tumours["diagnosis_date"].to_numpy())
    return _describe(cal, tumours, rng)


def _draw_histotypes(cal: Calibration, first: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    table = cal.tables["histotypes"]
    weights = table["weight"].to_numpy()
    is_incident = (first["status"] == "incident").to_numpy()
    drawn = np.empty(len(first), np.int64)
    for members in (np.flatnonzero(is_incident), np.flatnonzero(~is_incident)):
        drawn[members] = spread(weights, len(members), rng)
    site = _draw_by_profile(cal.tables["site_profiles"], table["site_profile"].to_numpy(object)[drawn], rng)
    age = _draw_by_profile(cal.tables["age_profiles"], table["age_profile"].to_numpy(object)[drawn], rng)
    low, high = (cal.tables["age_profiles"][name].to_numpy()[age] for name in ("age_from", "age_to"))
    return first.assign(
        histotype=table["histotype"].to_numpy(object)[drawn],
        morphology=table["morphology"].to_numpy(object)[drawn],
        topography=cal.tables["site_profiles"]["topography"].to_numpy(object)[site],
        age=np.maximum(low + rng.random(len(first)) * (high - low), _YOUNGEST),
    )


def _draw_by_profile(table: pd.DataFrame, profiles: Objects, rng: np.random.Generator) -> Integers:
    """A row of the table for each unit, among the rows of its profile."""
    names = table["profile"].unique()
    rank = pd.Index(names).get_indexer(profiles)
    rows = {i: np.flatnonzero(table["profile"] == name) for i, name in enumerate(names)}
    drawn = spread_within(rank, {i: table["weight"].to_numpy()[rows[i]] for i in rows}, rng)
    starts = np.array([rows[i][0] for i in rows])  # the rows of a profile follow one another
    found: Integers = starts[rank] + drawn
    return found


def _draw_sex(cal: Calibration, topography: Objects, rng: np.random.Generator) -> Objects:
    """F or M: fixed by the site of the tumour where it must be, the published share over all."""
    site = pd.Series(topography).str[:3]
    is_female, is_male = site.between("C51", "C58"), site.between("C60", "C63")
    rest = ~(is_female | is_male)
    free = 0.99 * (site == "C50") + 0.0
    others = rest & (site != "C50")
    wanted = cal.rate("female") / 100 * len(site) - is_female.sum() - free.sum()
    chance = np.clip(wanted / max(others.sum(), 1), 0, 1)
    probability = np.select([is_female, is_male, site == "C50"], [1.0, 0.0, 0.99], chance)
    return np.where(choose(probability, rng), "F", "M").astype(object)


def _draw_dates(cal: Calibration, status: Objects, rng: np.random.Generator) -> Integers:
    """A day of diagnosis for each first tumour; the years of the incident ones have their published numbers."""
    years = cal.tables["years"]
    drawn = np.empty(len(status), np.int64)
    for name in ("incident", "relapse_only", "excluded"):
        members = np.flatnonzero(status == name)
        drawn[members] = years["year"].to_numpy(np.int64)[
            spread(years["weight"].to_numpy(), len(members), rng)
        ]
    members = np.flatnonzero(status == "prevalent")
    rising = np.arange(1, len(_PREVALENT_YEARS) + 1, dtype=float)
    drawn[members] = np.array(_PREVALENT_YEARS)[spread(rising, len(members), rng)]
    return _day_in_year(drawn, rng)


def _day_in_year(years: Integers, rng: np.random.Generator) -> Integers:
    start = np.array([FIRST_DAY_OF.get(year, 0) for year in range(1990, 2023)])
    position = years - 1990
    return between(start[position], start[position + 1] - 1, len(years), rng)


def _later_tumours(cal: Calibration, first: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The second and third primaries: another site group, more than a year later, never incident."""
    early = first[
        (first["status"] == "incident") & (first["diagnosis_date"] < FIRST_DAY_OF[_LAST_YEAR_OF_SEVERAL + 1])
    ]
    percent = 100 * len(first) * cal.rate("several_tumours") / 100 / max(len(early), 1)
    several = early[share(len(early), min(percent, 100), rng)]
    has_third = share(len(several), cal.rate("three_tumours"), rng)
    second = _other_primary(several, 2, _SECOND, rng)
    third = _other_primary(several[has_third], 3, _THIRD, rng)
    third["diagnosis_date"] += 500
    return pd.concat([second, third], ignore_index=True)


def _other_primary(
    first: pd.DataFrame, rank: int, choices: tuple[tuple[str, str], ...], rng: np.random.Generator
) -> pd.DataFrame:
    same = first["topography"].str[:3] == choices[0][0][:3]
    topography, morphology = (np.where(same, choices[1][i], choices[0][i]).astype(object) for i in (0, 1))
    gap = between(400, 600, len(first), rng)
    return first.assign(
        status="later", rank=rank, histotype="later_primary", topography=topography, morphology=morphology,
        diagnosis_date=first["diagnosis_date"] + gap, age=first["age"] + gap / 365.25,
    )  # fmt: skip


def period_of(cal: Calibration, diagnosis: Integers) -> Integers:
    """The rank of the report's period in which each day falls, or -1."""
    found = np.full(len(diagnosis), -1, np.int64)
    for rank, period in enumerate(cal.network.periods):
        start, end = (int(np.datetime64(day, "D").astype(int)) for day in (period.start, period.end))
        found[(diagnosis >= start) & (diagnosis <= end)] = rank
    return found


def _describe(cal: Calibration, tumours: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    table = cal.morphology.reindex(tumours["morphology"].to_numpy(object))
    is_intermediate = (table["malignancy_class"] == "intermediate").to_numpy()
    group = table["who_group"].to_numpy(object)
    site = tumours["topography"].to_numpy(object)
    wall = pd.Series(site, dtype="str").str.startswith(_WALL).to_numpy()
    extent = _draw_extent(cal, tumours["status"].to_numpy(object), is_intermediate, rng)
    superficial = _draw_superficial(cal, site, wall, rng)
    graded = (
        ~is_intermediate
        & ~np.isin(group, list(_NOT_GRADED))
        & ~pd.Series(site, dtype="str").str.startswith(("C40", "C41"))
    )
    grade = np.where(graded, 1 + spread(np.array([0.22, 0.35, 0.43]), len(tumours), rng), -1)
    return tumours.assign(
        extent_at_diagnosis=extent,
        depth=np.select([~wall, superficial], ["not_applicable", "superficial"], "deep").astype(object),
        size_mm=_draw_size(cal, superficial, rng),
        grade=grade,
        grade_system=where(grade > 0, "fnclcc", None),
        laterality=_draw_laterality(site, rng),
    )


def _draw_extent(
    cal: Calibration, status: Objects, is_intermediate: Booleans,
    rng: np.random.Generator,
) -> Objects:  # fmt: skip
    extent = np.where(share(len(status), 6, rng), "locoregional", "localised").astype(object)
    for name in ("incident", "prevalent", "relapse_only"):
        members = np.flatnonzero(status == name)
        metastatic = with_effects(cal.rate("metastatic"), np.where(is_intermediate[members], -2.5, 0.0), rng)
        extent[members[metastatic]] = "metastatic"
    return extent


def _draw_superficial(
    cal: Calibration,
    site: Objects,
    wall: Booleans,
    rng: np.random.Generator,
) -> Booleans:
    skin = pd.Series(site, dtype="str").str.startswith("C44").to_numpy()
    effects = np.where(skin, 4.0, np.where(wall, 0.0, -30.0))
    return with_effects(cal.rate("depth_superficial"), effects, rng)


def _draw_size(cal: Calibration, superficial: Booleans, rng: np.random.Generator) -> Floats:
    """The diameter in mm, NaN when unknown; the published share is documented up to 30 mm."""
    n = len(superficial)
    small = with_effects(cal.rate("size_up_to_30"), np.where(superficial, 1.5, 0.0), rng)
    large = np.clip(
        np.exp(rng.normal(np.log(np.where(superficial, 55, 90)), 0.5)), 31, np.where(superficial, 190, 450)
    )
    size = np.round(np.where(small, 5 + 25 * rng.random(n), large))
    size += 0.5 * (share(n, 8, rng) & (size > 31))
    return np.where(share(n, cal.rate("size_known"), rng) | small, size, np.nan)


def _draw_laterality(site: Objects, rng: np.random.Generator) -> Objects:
    paired = pd.Series(site, dtype="str").str.startswith(_PAIRED).to_numpy()
    side = pick(["left", "right"], [49, 51], len(site), rng)
    return np.where(paired, side, "not_applicable").astype(object)
