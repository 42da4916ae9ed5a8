"""The care path: who is operated, where, after which biopsy and board, with which margin, and when.

The four published shares are met per period among the tumours that the indicators count; the other tumours follow the
same model. Answers: 1 yes, 0 no, -1 unknown.
"""

from typing import Any

import numpy as np
import pandas as pd

from pipelines.synthetic.calibration import EXPORT_DAY, Calibration, days, take
from pipelines.synthetic.draws import (
    Booleans,
    Floats,
    Integers,
    Objects,
    between,
    choose,
    pick,
    probabilities,
    share,
    where,
)

YES, NO, UNKNOWN = 1, 0, -1
MARGINS = ("R0", "R1", "R2", "RX")
#: How "no biopsy before the operation" shows in the files.
NO_BIOPSY = ("none", "excisional", "same_day", "after")
_NO_BIOPSY_WEIGHTS = [84.0, 8.0, 4.0, 4.0]
_LONGEST_DELAY = 175  # days from diagnosis to operation


def draw_pathways(
    cal: Calibration, tumours: pd.DataFrame, people: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """The tumours with their path: `is_operated`, `in_reference`, `rcp_before`, `biopsy_before`, `margin`, dates.

    `is_eligible` marks the tumours that every indicator counts: incident, operated, not palliative.
    """
    centre = people["centre"].to_numpy()[tumours["person"].to_numpy()]
    path = tumours.assign(centre=centre)
    path = path.assign(**_draw_operated(cal, path, rng))
    path = _draw_answers(cal, path, rng)
    path = path.assign(**_draw_places(cal, path, rng))
    path = _draw_dates(path, rng)
    return _keep_boards_in_the_network(cal, path)


def _draw_operated(cal: Calibration, path: pd.DataFrame, rng: np.random.Generator) -> dict[str, Booleans]:
    metastatic = (path["extent_at_diagnosis"] == "metastatic").to_numpy()
    operated_localised = (cal.rate("operated") - metastatic.mean() * cal.rate("operated_metastatic")) / (
        1 - metastatic.mean()
    )
    chance = np.where(metastatic, cal.rate("operated_metastatic"), operated_localised) / 100
    operated = choose(chance, rng)
    palliative = operated & metastatic & share(len(path), cal.rate("palliative_metastatic"), rng)
    incident = (path["status"] == "incident").to_numpy()
    return {
        "is_operated": operated,
        "is_palliative": palliative,
        "is_intent_blank": operated & ~palliative & share(len(path), cal.rate("intent_blank"), rng),
        "is_eligible": incident & operated & ~palliative,
    }


def _draw_answers(cal: Calibration, path: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The answers of each group by itself: eligible tumours by period, then all the others."""
    columns = ("in_reference", "rcp_before", "biopsy_before", "margin")
    answers = {column: np.full(len(path), UNKNOWN, np.int64) for column in columns}
    eligible, period = path["is_eligible"].to_numpy(), path["period"].to_numpy()
    groups = [(rank, eligible & (period == rank)) for rank in range(len(cal.network.periods))]
    for rank, members in (*groups, (0, ~eligible)):
        positions = np.flatnonzero(members)
        found = _answers_of(cal, path.iloc[positions], rank, rng)
        for column in columns:
            answers[column][positions] = found[column]
    return path.assign(**answers)


def _answers_of(
    cal: Calibration, group: pd.DataFrame, period: int, rng: np.random.Generator
) -> dict[str, Integers]:
    factors: dict[str, Any] = {
        "metastatic": (group["extent_at_diagnosis"] == "metastatic").to_numpy(float),
        "superficial": (group["depth"] == "superficial").to_numpy(float),
        "small": (group["size_mm"] <= 30).to_numpy(float),
        "retroperitoneal": (group["topography"] == "C48.0").to_numpy(float),
        "young": group["age"].between(15, 30).to_numpy(float),
    }
    centre = cal.centre_effects[group["centre"].to_numpy()]

    def log_odds(indicator: str) -> Floats:
        parts = [value * factors[name] for name, value in cal.effects(indicator).items()]
        total: Floats = np.sum([np.zeros(len(group)), *parts], axis=0)
        return total

    place = _with_unknown(
        cal.target("first_surgery_in_reference", period), log_odds("first_surgery_in_reference"),
        cal.rate("facility_unknown"), rng,
    )  # fmt: skip
    factors["in_reference"] = (place == YES).astype(float)
    board = log_odds("network_rcp_before_surgery") + centre
    rcp = choose(probabilities(cal.target("network_rcp_before_surgery", period), board), rng)
    factors["rcp_before"] = rcp.astype(float)
    biopsy = _with_unknown(
        cal.target("biopsy_before_surgery", period), log_odds("biopsy_before_surgery") + centre,
        cal.rate("biopsy_unknown"), rng,
    )  # fmt: skip
    margin = _draw_margins(
        cal, period, log_odds("r0_first_surgery") + centre, log_odds("r2_first_surgery"), rng
    )
    return {
        "in_reference": place,
        "rcp_before": rcp.astype(np.int64),
        "biopsy_before": biopsy,
        "margin": margin,
    }


def _with_unknown(percent: float, effects: Floats, unknown: float, rng: np.random.Generator) -> Integers:
    """Yes, no or unknown; `percent` % of all are yes, as the published figures keep the unknown below the line."""
    is_unknown = share(len(effects), unknown, rng)
    answer = np.where(is_unknown, UNKNOWN, NO)
    known = np.flatnonzero(~is_unknown)
    among_known = min(percent * len(effects) / max(len(known), 1), 100.0)
    answer[known[choose(probabilities(among_known, effects[known]), rng)]] = YES
    return answer


def _draw_margins(
    cal: Calibration, period: int, r0_effects: Floats, r2_effects: Floats, rng: np.random.Generator
) -> Integers:
    """Positions in MARGINS. R0, R2 and RX have their share of all; R1 is the rest."""
    n = len(r0_effects)
    margin = np.full(n, MARGINS.index("R1"))
    margin[choose(probabilities(cal.target("r0_first_surgery", period), r0_effects), rng)] = MARGINS.index(
        "R0"
    )
    for name, target, effects in (
        ("R2", "r2_first_surgery", r2_effects),
        ("RX", "rx_first_surgery", 0 * r2_effects),
    ):
        rest = np.flatnonzero(margin == MARGINS.index("R1"))
        among_rest = cal.target(target, period) * n / max(len(rest), 1)
        margin[rest[choose(probabilities(min(among_rest, 100.0), effects[rest]), rng)]] = MARGINS.index(name)
    return margin


def _draw_places(
    cal: Calibration, path: pd.DataFrame, rng: np.random.Generator
) -> dict[str, Objects | Integers]:
    """Where the first operation took place: the centre's number (-1 outside) and what is written."""
    n = len(path)
    own, place = path["centre"].to_numpy(), path["in_reference"].to_numpy()
    elsewhere = share(n, cal.rate("surgery_elsewhere"), rng)
    other = pick(list(cal.clinical), list(cal.volumes), n, rng).astype(np.int64)
    inside = np.where(elsewhere, other, own)
    number = np.where(place == YES, inside, -1)
    outside = take(cal.outside_names, between(0, len(cal.outside_names) - 1, n, rng))
    written = where(place == NO, outside, None)
    return {
        "surgery_centre": number,
        "surgery_facility": where(number >= 0, facility_names(cal, number, rng), written),
    }


def facility_names(cal: Calibration, centre: Integers, rng: np.random.Generator) -> Objects:
    """One of the names of each centre; None for a negative number."""
    sizes = np.array([len(names) for names in cal.reference_names])
    starts = np.cumsum(sizes) - sizes
    known = np.maximum(centre, 0)
    drawn = starts[known] + np.floor(rng.random(len(centre)) * sizes[known]).astype(np.int64)
    return take(np.concatenate(cal.reference_names), np.where(centre >= 0, drawn, -1))


def _draw_dates(path: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The operation and the board, around the diagnosis: the specimen that gave it is the biopsy or the operation."""
    n = len(path)
    diagnosis = path["diagnosis_date"].to_numpy()
    has_biopsy = (path["biopsy_before"] == YES).to_numpy()
    delay = np.clip(np.round(np.exp(rng.normal(np.log(42), 0.6, n))), 4, _LONGEST_DELAY).astype(np.int64)
    surgery = diagnosis + np.where(has_biopsy, delay, 0)
    early = np.where(has_biopsy, diagnosis + 1, surgery - 35)
    before = between(early, surgery - 2, n, rng)
    return path.assign(
        surgery_date=surgery,
        board_date=np.where(path["rcp_before"] == YES, before, surgery),
        no_biopsy=where(path["biopsy_before"] == NO, pick(list(NO_BIOPSY), _NO_BIOPSY_WEIGHTS, n, rng), None),
    )


def _keep_boards_in_the_network(cal: Calibration, path: pd.DataFrame) -> pd.DataFrame:
    """Move a tumour whose board would be older than the network: a board without label could not count."""
    start = max(days(cal.network.incident_from), _network_start(cal))
    early = (path["status"] != "prevalent") & (path["board_date"] < start)
    shift = np.where(early, start - path["board_date"], 0)
    moved = {column: path[column] + shift for column in ("diagnosis_date", "surgery_date", "board_date")}
    latest = EXPORT_DAY - 1
    return path.assign(**moved).assign(surgery_date=lambda p: p["surgery_date"].clip(upper=latest))


def _network_start(cal: Calibration) -> int:
    starts = [
        days(role.valid_from)
        for number in cal.clinical
        for role in cal.centres[number].roles
        if role.network == cal.network.id
    ]
    return max(starts)
