"""Local records: one per patient and centre, more when the patient moves.

A further record is one of the 26 reference centres for a person who already has one there or elsewhere: operated
elsewhere, second opinion, relapse. The pathology and bone registries deliver records of their own on top of these.
"""

import numpy as np
import pandas as pd

from pipelines.synthetic.calibration import Calibration, days
from pipelines.synthetic.draws import Booleans, Integers, Objects, pick, share, spread

PRIMARY, ELSEWHERE, OPINION, RELAPSE = "primary", "elsewhere", "opinion", "relapse"
REVIEWER, BONE = "review_registry", "bone_registry"
_REASON = {PRIMARY: "primary", ELSEWHERE: "primary", OPINION: "opinion", RELAPSE: "relapse",
           REVIEWER: "opinion", BONE: "opinion"}  # fmt: skip


def draw_records(
    cal: Calibration, path: pd.DataFrame, reviews: pd.DataFrame, counters: Integers, rng: np.random.Generator
) -> pd.DataFrame:
    """One row per local record: person, centre, record_kind, local_patient_id. `counters` goes on between blocks."""
    first = path[path["rank"] == 1].reset_index(drop=True)
    further = _further_records(cal, first, rng)
    parts = [_records(first["person"], first["centre"], PRIMARY), further]
    parts += [_registry_records(cal, path, reviews, rng)]
    records = pd.concat(parts, ignore_index=True)
    records = records.iloc[rng.permutation(len(records))].reset_index(drop=True)
    records["local_patient_id"] = _local_ids(cal, records["centre"].to_numpy(), counters)
    return records


def _records(
    person: "pd.Series[int]", centre: "pd.Series[int] | Integers", kind: str | Objects
) -> pd.DataFrame:
    columns = {"person": np.asarray(person), "centre": np.asarray(centre), "record_kind": kind}
    return pd.DataFrame(columns).astype({"person": np.int64, "centre": np.int64, "record_kind": object})


def _further_records(cal: Calibration, first: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """As many as the published share of further records asks, third records included."""
    known = cal.rate("further_records") / 100
    wanted = round(len(first) * known / (1 - known))
    thirds = round(wanted * cal.rate("third_record") / 100)
    own, operator = first["centre"].to_numpy(), first["surgery_centre"].to_numpy()
    moved = (operator >= 0) & (operator != own)
    chosen = _choose_movers(moved, wanted - thirds, rng)
    movers = first[chosen]
    other = _another_centre(cal, movers["centre"].to_numpy(), rng)
    kind = np.where(moved[chosen], ELSEWHERE, pick([OPINION, RELAPSE], [1.0, 1.0], len(movers), rng))
    stays = (kind == RELAPSE) & share(len(movers), cal.rate("same_centre_record"), rng)
    centre = np.select([kind == ELSEWHERE, stays], [operator[chosen], movers["centre"]], other)
    second = _records(movers["person"], centre, kind)
    again = second.iloc[np.sort(rng.choice(len(second), min(thirds, len(second)), replace=False))]
    return pd.concat([second, _third_records(cal, again, rng)], ignore_index=True)


def _choose_movers(moved: Booleans, wanted: int, rng: np.random.Generator) -> Booleans:
    """Those operated in another centre first, then anybody, until the number is reached."""
    order = np.lexsort((rng.random(len(moved)), ~moved))
    chosen = np.zeros(len(moved), np.bool_)
    chosen[order[:wanted]] = True
    return chosen


def _third_records(cal: Calibration, second: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    return _records(second["person"], _another_centre(cal, second["centre"].to_numpy(), rng), OPINION)


def _another_centre(cal: Calibration, centre: Integers, rng: np.random.Generator) -> Integers:
    drawn = cal.clinical[spread(cal.volumes, len(centre), rng)]
    rank = np.searchsorted(cal.clinical, drawn)
    following = cal.clinical[(rank + 1) % len(cal.clinical)]
    return np.where(drawn == centre, following, drawn)


def _registry_records(
    cal: Calibration, path: pd.DataFrame, reviews: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """The records of the pathology registry (its readings) and of the bone registry (bone tumours since it joined)."""
    parts = [_records(path["person"].iloc[:0], path["centre"].iloc[:0], REVIEWER)]
    for number in cal.with_role("pathology"):
        read = path.loc[reviews.loc[reviews["by_registry"], "tumour"], "person"].drop_duplicates()
        parts.append(_records(read, np.full(len(read), number), REVIEWER))
    for number in cal.with_role("bone"):
        bone = path[_in_bone_registry(cal, path, number)]["person"]
        bone = bone[share(len(bone), cal.rate("bone_registry"), rng)].drop_duplicates()
        parts.append(_records(bone, np.full(len(bone), number), BONE))
    return pd.concat(parts, ignore_index=True)


def _in_bone_registry(cal: Calibration, path: pd.DataFrame, number: int) -> "pd.Series[bool]":
    start = min(days(role.valid_from) for role in cal.centres[number].roles)
    is_bone = path["topography"].str.startswith(("C40", "C41"))
    return is_bone & (path["rank"] == 1) & (path["diagnosis_date"] >= start) & (path["status"] == "incident")


def _local_ids(cal: Calibration, centre: Integers, counters: Integers) -> Objects:
    """The centre's own numbers, in one of three habits; `counters` is moved on."""
    rank = pd.Series(centre).groupby(centre).cumcount().to_numpy() + counters[centre] + 1
    np.add.at(counters, centre, 1)
    text = pd.Series(rank).astype(str)
    prefix = pd.Series([cal.centres[number].id[:3].upper() for number in range(len(cal.centres))])
    zeros, letters = text.str.zfill(7), prefix.iloc[centre].reset_index(drop=True) + "-" + text.str.zfill(6)
    plain = (pd.Series(rank) + 1_000_000).astype(str)
    habit = centre % 3
    return np.select([habit == 0, habit == 1], [zeros, letters], plain).astype(object)


def draw_local_tumours(path: pd.DataFrame, records: pd.DataFrame, reviews: pd.DataFrame) -> pd.DataFrame:
    """One row per tumour and record that holds it: record, tumour, centre, keys, entry_reason.

    The first record of a patient holds every tumour; the others the first one; the registries those they know.
    """
    held = records.reset_index(names="record").merge(
        path.reset_index(names="tumour")[["person", "tumour", "rank", "status"]], on="person", validate="m:m"
    )  # grain: one row per record and tumour of its person
    read = set(reviews.loc[reviews["by_registry"], "tumour"])
    kind = held["record_kind"]
    keeps = (
        (kind == PRIMARY)
        | ((kind == REVIEWER) & held["tumour"].isin(read))
        | ((held["rank"] == 1) & (kind != REVIEWER))
    )
    held = held[keeps].reset_index(drop=True)
    reason = held["record_kind"].map(_REASON)
    late = (held["status"] == "relapse_only") & (reason == "primary")
    held["entry_reason"] = reason.mask(late, "relapse")
    held["local_tumour_id"] = held["local_patient_id"] + "-" + held["rank"].astype(str)
    return held.sort_values(["record", "rank"], kind="stable", ignore_index=True)


def responsible_centres(local_tumours: pd.DataFrame) -> "pd.Series[int]":
    """The centre of each tumour: that of its record of primary care, the smallest id if several, else of any record.

    Every record of a tumour bears the same date, so the date never decides.
    """
    is_clinical = local_tumours["entry_reason"] == "primary"
    order = local_tumours.assign(other=~is_clinical).sort_values(["tumour", "other", "centre"], kind="stable")
    first: pd.Series[int] = order.groupby("tumour")["centre"].first()
    return first
