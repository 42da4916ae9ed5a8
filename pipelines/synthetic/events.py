"""The acts of each tumour: biopsies, imaging, boards, operations, treatments. Dates are days since 1970.

Each frame has `tumour` and the fields of its entity. What the indicators read is decided in `pathway`; acts are added
here so that the dates say exactly that.
"""

import numpy as np
import pandas as pd

from pipelines.synthetic.calibration import EXPORT_DAY, Calibration, days
from pipelines.synthetic.draws import Booleans, Floats, Integers, Objects, between, choose, pick, share
from pipelines.synthetic.pathway import MARGINS, NO, UNKNOWN, YES, facility_names

Frames = dict[str, pd.DataFrame]


def draw_events(cal: Calibration, path: pd.DataFrame, rng: np.random.Generator) -> Frames:
    """The acts of all tumours, by entity."""
    return {
        "biopsy": _biopsies(cal, path, rng),
        "imaging": _imaging(cal, path, rng),
        "rcp": _boards(cal, path, rng),
        "surgery": _operations(cal, path, rng),
        "treatment": _treatments(cal, path, rng),
    }


def biopsy_statements(path: pd.DataFrame, rng: np.random.Generator) -> Objects:
    """What `had_biopsy` says: it confirms the dates, or, when the answer is unknown, says yes without a date or nothing."""
    blank = share(len(path), 50, rng)
    none = (path["no_biopsy"] == "none").to_numpy() & path["is_operated"].to_numpy()
    unknown = ((path["biopsy_before"] == UNKNOWN) & path["is_operated"]).to_numpy()
    return np.select([none, unknown & blank], [False, None], True).astype(object)


def _rows(path: pd.DataFrame, where: Booleans, **fields: object) -> pd.DataFrame:
    """One row per chosen tumour; a field given for all tumours is cut to the chosen ones."""
    positions = np.flatnonzero(where)
    cut = {
        name: value[positions] if isinstance(value, np.ndarray) else value for name, value in fields.items()
    }
    return pd.DataFrame({"tumour": positions, **cut})


def _until_export(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return frame.assign(**{column: frame[column].clip(upper=EXPORT_DAY) for column in columns})


def _is(path: pd.DataFrame, column: str, value: object) -> Booleans:
    return (path[column] == value).to_numpy()


def _biopsies(cal: Calibration, path: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n = len(path)
    diagnosis, surgery = path["diagnosis_date"].to_numpy(), path["surgery_date"].to_numpy()
    operated = path["is_operated"].to_numpy()
    core, incisional = cal.rate("core_biopsy"), cal.rate("incisional_biopsy")
    kind = pick(["core", "incisional", "fna"], [core, incisional, 100 - core - incisional], n, rng)
    first = _is(path, "biopsy_before", YES) | ~operated
    second = first & share(n, cal.rate("second_biopsy"), rng)
    late = np.where(operated, surgery - 1, diagnosis + 30)
    parts = [
        _rows(path, first, biopsy_date=diagnosis, biopsy_kind=kind),
        _rows(path, second, biopsy_date=between(diagnosis + 1, late, n, rng), biopsy_kind="core"),
    ]
    parts += [
        _rows(path, operated & _is(path, "no_biopsy", name), biopsy_date=surgery + gap, biopsy_kind=act)
        for name, gap, act in (
            ("excisional", 0, "excisional"),
            ("same_day", 0, "core"),
            ("after", between(20, 200, n, rng), "core"),
        )
    ]
    biopsies = pd.concat(parts, ignore_index=True)
    needle = biopsies["biopsy_kind"].isin(["core", "fna"]).to_numpy()
    guided = (needle & share(len(biopsies), 70, rng)).astype(object)
    return _until_export(biopsies.assign(is_image_guided=guided), "biopsy_date")


def _imaging(cal: Calibration, path: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n = len(path)
    diagnosis = path["diagnosis_date"].to_numpy()
    rate = np.where(path["rcp_before"] == YES, cal.rate("imaging_rcp_before"), cal.rate("imaging_rcp_after"))
    primary = choose(rate / 100, rng)
    limbs = path["topography"].str.startswith(("C40", "C41", "C44", "C47", "C49", "C50")).to_numpy()
    modality = np.where(
        limbs, pick(["mri", "ct", "ultrasound", "xray"], [70, 12, 13, 5], n, rng),
        pick(["ct", "mri", "pet", "ultrasound"], [72, 15, 5, 8], n, rng),
    ).astype(object)  # fmt: skip
    chest = share(n, 50, rng)
    rows = [
        _rows(
            path,
            primary,
            imaging_date=diagnosis - between(0, 40, n, rng),
            modality=modality,
            imaging_target="primary",
        ),
        _rows(
            path,
            chest,
            imaging_date=diagnosis + between(-15, 20, n, rng),
            modality="ct",
            imaging_target="chest",
        ),
    ]
    return _until_export(pd.concat(rows, ignore_index=True), "imaging_date")


def _boards(cal: Calibration, path: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """A network board before the operation exactly where the path says so; elsewhere later, local, or none."""
    n = len(path)
    diagnosis, surgery = path["diagnosis_date"].to_numpy(), path["surgery_date"].to_numpy()
    operated, before = path["is_operated"].to_numpy(), _is(path, "rcp_before", YES)
    late = operated & ~before
    second = operated & before & share(n, cal.rate("second_rcp"), rng)
    parts = [
        _rows(path, operated & before, rcp_date=path["board_date"].to_numpy(), rcp_kind="network", rcp_reason="treatment"),
        _rows(path, second, rcp_date=surgery + between(10, 90, n, rng),
              rcp_kind=pick(["network", "molecular"], [80, 20], n, rng), rcp_reason="follow_up"),
        _rows(path, late & share(n, cal.rate("rcp_after"), rng), rcp_date=surgery + between(0, 60, n, rng),
              rcp_kind="network", rcp_reason="treatment"),
        _rows(path, late & share(n, cal.rate("local_rcp_before"), rng), rcp_date=surgery - between(1, 20, n, rng),
              rcp_kind=pick(["local", "diagnostic_advice"], [85, 15], n, rng), rcp_reason="diagnosis"),
        _rows(path, ~operated & share(n, cal.rate("rcp_not_operated"), rng), rcp_date=diagnosis + between(1, 40, n, rng),
              rcp_kind="network", rcp_reason="treatment"),
    ]  # fmt: skip
    boards = _until_export(pd.concat(parts, ignore_index=True), "rcp_date")
    boards["rcp_kind"] = _board_kinds(cal, path, boards, rng)
    return boards.assign(is_trial_proposed=share(len(boards), 8, rng).astype(object))


def _board_kinds(
    cal: Calibration, path: pd.DataFrame, boards: pd.DataFrame, rng: np.random.Generator
) -> Objects:
    """A board of the network is a ResOs board for some bone tumours, a local one before the network existed."""
    kind = boards["rcp_kind"].to_numpy(object)
    is_network = kind == "network"
    date = boards["rcp_date"].to_numpy()
    bone = path["topography"].str.startswith(("C40", "C41")).to_numpy()[boards["tumour"].to_numpy()]
    joined = max(
        (days(r.valid_from) for c in cal.with_role("bone") for r in cal.centres[c].roles), default=EXPORT_DAY
    )
    resos = is_network & bone & (date >= joined) & share(len(boards), cal.rate("resos_rcp"), rng)
    old = is_network & (date < days(cal.network.incident_from))
    return np.select([resos, old, is_network], ["resos", "local", "sarcoma_network"], kind).astype(object)


def _operations(cal: Calibration, path: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n = len(path)
    operated = path["is_operated"].to_numpy()
    diagnosis, surgery = path["diagnosis_date"].to_numpy(), path["surgery_date"].to_numpy()
    intent = np.where(
        path["is_palliative"], "palliative", np.where(path["is_intent_blank"], None, "curative")
    )
    own = facility_names(cal, path["centre"].to_numpy(), rng)
    margin = np.array(MARGINS, object)[np.maximum(path["margin"].to_numpy(), 0)]
    again = operated & _re_excised(cal, path, rng)
    explored = operated & _is(path, "biopsy_before", YES) & ~again & share(n, cal.rate("exploratory"), rng)
    later = operated & ~explored & share(n, cal.rate("later_surgery"), rng)
    later_kind = pick(["metastasectomy", "complication", "resection"], [45, 30, 25], n, rng)
    later_target = pd.Series(later_kind).map(
        {"metastasectomy": "metastasis", "complication": "primary", "resection": "relapse"}
    )
    parts = [
        _rows(path, operated, surgery_date=surgery, surgery_kind=_first_kinds(cal, path, rng), surgery_target="primary",
              surgery_intent=intent, margin=margin, surgery_facility=path["surgery_facility"].to_numpy(object), is_first=True),
        _rows(path, again, surgery_date=surgery + between(25, 110, n, rng), surgery_kind="re_excision",
              surgery_target="primary", surgery_intent="curative",
              margin=pick(["R0", "R1", "R2", "RX"], [72, 18, 2, 8], n, rng), surgery_facility=own, is_first=False),
        _rows(path, explored, surgery_date=between(diagnosis + 1, surgery - 1, n, rng), surgery_kind="exploratory",
              surgery_target="primary", surgery_intent="curative", margin=None, surgery_facility=own, is_first=False),
        _rows(path, later, surgery_date=surgery + between(120, 500, n, rng), surgery_kind=later_kind,
              surgery_target=later_target.to_numpy(object), surgery_intent="curative",
              margin=pick(["R0", "R1", "RX"], [50, 25, 25], n, rng), surgery_facility=own, is_first=False),
    ]  # fmt: skip
    acts = pd.concat(parts, ignore_index=True)
    acts = acts[acts["is_first"] | (acts["surgery_date"] <= EXPORT_DAY)].reset_index(drop=True)
    return acts.assign(had_rupture=share(len(acts), 3, rng).astype(object))


def _first_kinds(cal: Calibration, path: pd.DataFrame, rng: np.random.Generator) -> Objects:
    n = len(path)
    no_biopsy = _is(path, "biopsy_before", NO)
    careless = no_biopsy & _is(path, "rcp_before", NO) & ~_is(path, "in_reference", YES)
    unplanned = careless & share(n, cal.rate("unplanned_excision"), rng)
    limb = path["topography"].str.startswith(("C40", "C49.1", "C49.2")).to_numpy()
    amputated = limb & ~no_biopsy & share(n, cal.rate("amputation"), rng)
    excisional = _is(path, "no_biopsy", "excisional")
    kinds = ["excisional_biopsy", "unplanned_excision", "amputation"]
    return np.select([excisional, unplanned, amputated], kinds, "resection").astype(object)


def _re_excised(cal: Calibration, path: pd.DataFrame, rng: np.random.Generator) -> Booleans:
    """The published shares with and without a board before; more often after a poor margin."""
    before = _is(path, "rcp_before", YES)
    by_margin = np.array([0.3, 1.4, 1.6, 1.0])[np.maximum(path["margin"].to_numpy(), 0)]
    chance = np.zeros(len(path))
    for members, name in ((before, "re_excision_rcp_before"), (~before, "re_excision_rcp_after")):
        mean = by_margin[members].mean() if members.any() else 1.0
        chance[members] = cal.rate(name) / 100 * by_margin[members] / mean
    return choose(np.minimum(chance, 1), rng)


def _treatments(cal: Calibration, path: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n = len(path)
    metastatic = _is(path, "extent_at_diagnosis", "metastatic")
    gist = _is(path, "morphology", "8936/3")
    radiotherapy = ~gist & ~metastatic & share(n, cal.rate("radiotherapy"), rng)
    rate = np.where(metastatic, cal.rate("systemic_metastatic"), cal.rate("systemic_localised")) / 100
    systemic = choose(rate, rng)
    operated = path["is_operated"].to_numpy()
    after = path["surgery_date"].to_numpy() + between(30, 80, n, rng)
    start = np.where(operated, after, path["diagnosis_date"].to_numpy() + between(10, 50, n, rng))
    setting = np.select([metastatic, operated], ["palliative", "adjuvant"], "definitive").astype(object)
    boosted = share(n, 30, rng)
    drugs = np.where(
        gist,
        "imatinib",
        pick(["doxorubicine", "doxorubicine, ifosfamide", "trabectédine"], [45, 45, 10], n, rng),
    )
    parts = [
        _rows(path, radiotherapy, treatment_kind="radiotherapy", treatment_setting=setting, treatment_start_date=start,
              treatment_end_date=start + np.where(boosted, 46, 34), dose_gy=np.where(boosted, 66.0, 50.4),
              fractions=np.where(boosted, 33.0, 28.0), drugs=None, cycles=np.nan),
        _rows(path, systemic, treatment_kind="systemic", treatment_setting=setting, treatment_start_date=start,
              treatment_end_date=start + between(60, 180, n, rng), dose_gy=np.nan, fractions=np.nan,
              drugs=drugs.astype(object), cycles=between(2, 8, n, rng).astype(float)),
    ]  # fmt: skip
    acts = pd.concat(parts, ignore_index=True)
    return _until_export(acts, "treatment_start_date", "treatment_end_date")


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
