"""People: names, birth, INS, home. Everything here is invented.

The true identity is the one the national service returns: capitals without accents. Twins, homonyms and children who
bear a parent's names are true persons, each with their own INS.
"""

import numpy as np
import pandas as pd

from pipelines.synthetic.calibration import Calibration, take
from pipelines.synthetic.draws import Booleans, Integers, Objects, between, pick, share, spread

_OID_NIR = "1.2.250.1.213.1.4.8"
_EXPLICIT_NAMES = (
    0.35  # share of people whose name is in the list of common names; the others have an invented one
)
_GENERATION = 28  # years between a parent and a child
_DEFAULT_BIRTHS = (
    "1900-01-01",
    "1901-01-01",
    "1970-01-01",
)  # read as "unknown" by any registry: nobody is born then
_LAST_ORDER = 999


def draw_people(
    cal: Calibration,
    tumours: pd.DataFrame,
    *,
    first_key: int,
    block: int,
    blocks: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """One row per person, in the order of the first tumours. `pretty_` columns keep accents and case.

    The INS numbers of two blocks of one network differ: `block` of `blocks` is part of their order number.
    """
    first = tumours[tumours["rank"] == 1]
    n = len(first)
    sex = first["sex"].to_numpy(object)
    birth = first["diagnosis_date"].to_numpy() - np.ceil(first["age"].to_numpy() * 365.25).astype(np.int64)
    names = _draw_names(cal, n, rng)
    people = pd.DataFrame(
        {
            "person_key": [f"P{number:08d}" for number in range(first_key, first_key + n)],
            "sex": sex,
            "birth_date": _not_a_default(birth),
            "birth_place_cog": _draw_places(cal, n, rng),
            "pretty_birth_name": names,
        }
    )
    people["pretty_first_names"] = _draw_first_names(cal, people, rng)
    people = _relate(cal, people, rng)
    people = people.assign(**_draw_used_names(cal, people, rng))
    people = people.assign(
        birth_name=plain(people["pretty_birth_name"]),
        used_name=plain(people["pretty_used_name"]),
        first_names=plain(people["pretty_first_names"]),
    )
    people["ins_matricule"] = ins_numbers(people, block=block, blocks=blocks)
    people["ins_oid"] = _OID_NIR
    people["centre"] = cal.clinical[spread(cal.volumes, n, rng)]
    people["residence_commune"] = _draw_homes(cal, people["centre"].to_numpy(), rng)
    return people.assign(**_draw_history(cal, n, rng))


def plain(names: "pd.Series[str]") -> Objects:
    """Names as the national service writes them: capitals, no accents; hyphens and apostrophes stay."""
    ligatures = names.str.replace("œ", "oe").str.replace("Œ", "OE")
    bare = ligatures.str.normalize("NFD").str.replace(r"[\u0300-\u036f]", "", regex=True)
    plain_names: Objects = bare.str.upper().to_numpy(object)
    return plain_names


def _draw_names(cal: Calibration, n: int, rng: np.random.Generator) -> Objects:
    common = cal.tables["birth_names"]
    parts = cal.tables["name_parts"]
    first, middle, last = (
        parts.loc[parts["part"] == part, "text"].to_list() for part in ("first", "middle", "last")
    )
    short = share(n, 50, rng)
    invented = (
        pick(first, [1.0] * len(first), n, rng)
        + np.where(short, "", pick(middle, [1.0] * len(middle), n, rng))
        + pick(last, [1.0] * len(last), n, rng)
    )
    listed = pick(common["birth_name"].to_list(), common["weight"].to_list(), n, rng)
    return np.where(share(n, 100 * _EXPLICIT_NAMES, rng), listed, invented).astype(object)


def _draw_first_names(cal: Calibration, people: pd.DataFrame, rng: np.random.Generator) -> Objects:
    """One to three first names, in fashion in the decade of birth, separated by spaces."""
    year = 1970 + people["birth_date"].to_numpy() / 365.25
    groups = (np.clip(year, 1900, 2020) // 10).astype(np.int64) * 10
    found = np.empty(len(people), object)
    for sex in ("F", "M"):
        for decade in np.unique(groups):
            members = np.flatnonzero((people["sex"] == sex).to_numpy() & (groups == decade))
            found[members] = _first_names_of(cal, sex, decade + 5, len(members), rng)
    return found


def _first_names_of(cal: Calibration, sex: str, year: int, n: int, rng: np.random.Generator) -> Objects:
    table = cal.tables["first_names"]
    table = table[table["sex"] == sex]
    fashion = np.exp(-0.5 * ((year - table["peak_year"]) / table["spread_years"]).clip(-4, 4) ** 2)
    weights = (table["weight"] * (0.01 + fashion)).to_list()
    names = table["first_name"].to_list()
    first, second, third = (pick(names, weights, n, rng) for _ in range(3))
    second = np.where(second == first, "", np.where(share(n, 65, rng), " " + second, ""))
    third = np.where(
        (third == first) | (" " + third == second) | (second == "") | share(n, 60, rng), "", " " + third
    )
    joined: Objects = (first + second + third).astype(object)
    return joined


def _draw_used_names(cal: Calibration, people: pd.DataFrame, rng: np.random.Generator) -> dict[str, Objects]:
    """The used name: another family's for many women, else the birth name."""
    adult = people["birth_date"].to_numpy() < between(7000, 7400, len(people), rng)
    married = adult & (people["sex"] == "F").to_numpy() & share(len(people), cal.rate("married_name"), rng)
    other = _draw_names(cal, len(people), rng)
    return {"pretty_used_name": np.where(married, other, people["pretty_birth_name"].to_numpy(object))}


def _draw_places(cal: Calibration, n: int, rng: np.random.Generator) -> Objects:
    places = cal.tables["birth_places"]
    abroad = places["region"].isna()
    here = pick(places.loc[~abroad, "cog"].to_list(), places.loc[~abroad, "weight"].to_list(), n, rng)
    away = pick(places.loc[abroad, "cog"].to_list(), places.loc[abroad, "weight"].to_list(), n, rng)
    return np.where(share(n, cal.rate("born_abroad"), rng), away, here).astype(object)


def _draw_homes(cal: Calibration, centre: Integers, rng: np.random.Generator) -> Objects:
    places = cal.tables["birth_places"].dropna(subset=["region"])
    home = pick(places["cog"].to_list(), places["weight"].to_list(), len(centre), rng)
    near = share(len(centre), cal.rate("same_region"), rng)
    for number in cal.clinical:
        region = places[places["region"] == cal.centres[number].region]
        members = np.flatnonzero(near & (centre == number))
        if len(region):
            home[members] = pick(region["cog"].to_list(), region["weight"].to_list(), len(members), rng)
    return home


def _draw_history(cal: Calibration, n: int, rng: np.random.Generator) -> dict[str, Objects]:
    names = ("nf1", "li_fraumeni", "other_predisposition")
    weights = np.array([cal.rate(name) for name in names])
    drawn = spread(np.append(weights, 100 - weights.sum()), n, rng)
    radiotherapy = share(n, cal.rate("previous_radiotherapy"), rng)
    cancer = radiotherapy | choose_rest(radiotherapy, cal.rate("previous_cancer"), rng)
    return {
        "predisposition": take(["nf1", "li_fraumeni", "other", "none"], drawn),
        "has_previous_cancer": cancer.astype(object),
        "has_previous_radiotherapy": radiotherapy.astype(object),
    }


def choose_rest(already: Booleans, percent: float, rng: np.random.Generator) -> Booleans:
    """Choose among the others so that `percent` % are chosen in all."""
    rest = ~already
    missing = max(percent / 100 * len(already) - already.sum(), 0)
    chosen = np.zeros(len(already), np.bool_)
    chosen[rest] = share(int(rest.sum()), 100 * missing / max(rest.sum(), 1), rng)
    return chosen


def _not_a_default(birth: Integers) -> Integers:
    defaults = np.array(_DEFAULT_BIRTHS, "datetime64[D]").astype(np.int64)
    return np.where(np.isin(birth, defaults), birth - 1, birth)


def _relate(cal: Calibration, people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Make some persons a twin, a namesake or a child of another: pairs that a careless linkage would join."""
    people = _make_twins(cal, people, rng)
    people = _make_children(cal, people, rng)
    return _make_homonyms(cal, people, rng)


def _copy(people: pd.DataFrame, source: Integers, target: Integers, columns: list[str]) -> pd.DataFrame:
    people = people.copy()
    for column in columns:
        values = people[column].to_numpy(object).copy()
        values[target] = values[source]
        people[column] = values.astype(np.int64) if column == "birth_date" else values
    return people


def _chosen_pairs(n: int, percent: float, rng: np.random.Generator) -> Integers:
    """Positions 0, 2, 4 ... below n - 1, of which a share is chosen: pairs that do not overlap."""
    starts = np.arange(0, n - 1, 2)
    return starts[share(len(starts), percent, rng)]


def _make_twins(cal: Calibration, people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    order = np.argsort(people["birth_date"].to_numpy(), kind="stable")
    pairs = _chosen_pairs(len(people), cal.rate("twins"), rng)
    older, younger = order[pairs], order[pairs + 1]
    gap = np.abs(people["birth_date"].to_numpy()[older] - people["birth_date"].to_numpy()[younger])
    first = people["pretty_first_names"].str.split().str[0].to_numpy(object)
    fits = (gap < 60) & (first[older] != first[younger])
    return _copy(people, older[fits], younger[fits], ["birth_date", "pretty_birth_name", "birth_place_cog"])


def _make_children(cal: Calibration, people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    birth = people["birth_date"].to_numpy()
    parents = np.flatnonzero(share(len(people), cal.rate("parent_child"), rng))
    order = np.argsort(birth, kind="stable")
    wanted = np.searchsorted(birth[order], birth[parents] + round(365.25 * _GENERATION))
    parents, wanted = parents[wanted < len(people)], wanted[wanted < len(people)]
    children = order[wanted]
    fits = (people["sex"].to_numpy()[parents] == people["sex"].to_numpy()[children]) & ~np.isin(
        children, parents
    )
    columns = ["pretty_birth_name", "pretty_first_names", "birth_place_cog"]
    return _copy(people, parents[fits], children[fits], columns)


def _make_homonyms(cal: Calibration, people: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    pairs = _chosen_pairs(len(people), cal.rate("homonyms"), rng)
    one, other = pairs, pairs + 1
    sex, birth = people["sex"].to_numpy(), people["birth_date"].to_numpy()
    fits = (sex[one] == sex[other]) & (birth[one] != birth[other])
    return _copy(people, one[fits], other[fits], ["pretty_birth_name", "pretty_first_names"])


def ins_numbers(people: pd.DataFrame, *, block: int, blocks: int) -> Objects:
    """The 13 characters of each INS: sex, year, month, place, order. No two persons of a network share one."""
    month = people["birth_date"].to_numpy().astype("datetime64[D]").astype("datetime64[M]").astype(str)
    digits = np.char.replace(month, "-", "").astype(object)
    sex = people["sex"].map({"M": "1", "F": "2"}).to_numpy(object)
    short = pd.Series(digits, dtype=object).str[2:].to_numpy(object)
    root = pd.Series(sex + short + people["birth_place_cog"].to_numpy(object), dtype=object)
    order = root.groupby(root).cumcount().to_numpy() * blocks + block + 1
    if order.max(initial=0) > _LAST_ORDER:
        raise ValueError("more births in one place and month than INS order numbers: use larger blocks")
    numbers: Objects = (root + pd.Series(order).astype(str).str.zfill(3)).to_numpy(object)
    return numbers
