"""The acts of each tumour: biopsies, imaging, boards, operations, treatments. Dates are days since 1970.

Each frame has `tumour` and the fields of its entity. What the indicators read is decided in `pathway`; acts are added
here so that the dates say exactly that.
"""

import numpy as np
import pandas as pd

from pipelines.synthetic.calibration import EXPORT_DAY, Calibration, days
from pipelines.synthetic.declare import Frames
from pipelines.synthetic.draws import (
    Objects,
    between,
    choose,
    pick,
    select,
    share,
)
from pipelines.synthetic.operations import draw_operations, is_value, rows_of
from pipelines.synthetic.pathway import UNKNOWN, YES


def draw_events(cal: Calibration, path: pd.DataFrame, rng: np.random.Generator) -> Frames:
    """The acts of all tumours, by entity."""
    return {
        "biopsy": _biopsies(cal, path, rng),
        "imaging": _imaging(cal, path, rng),
        "rcp": _boards(cal, path, rng),
        "surgery": draw_operations(cal, path, rng),
        "treatment": _treatments(cal, path, rng),
    }


def biopsy_statements(path: pd.DataFrame, rng: np.random.Generator) -> Objects:
    """What `had_biopsy` says: it confirms the dates; when the answer is unknown, yes without a date or nothing."""
    blank = share(len(path), 50, rng)
    none = (path["no_biopsy"] == "none").to_numpy() & path["is_operated"].to_numpy()
    unknown = ((path["biopsy_before"] == UNKNOWN) & path["is_operated"]).to_numpy()
    return select([(none, False), (unknown & blank, None)], True)


def _until_export(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return frame.assign(**{column: frame[column].clip(upper=EXPORT_DAY) for column in columns})


def _biopsies(cal: Calibration, path: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n = len(path)
    diagnosis, surgery = path["diagnosis_date"].to_numpy(), path["surgery_date"].to_numpy()
    operated = path["is_operated"].to_numpy()
    core, incisional = cal.rate("core_biopsy"), cal.rate("incisional_biopsy")
    kind = pick(["core", "incisional", "fna"], [core, incisional, 100 - core - incisional], n, rng)
    first = is_value(path, "biopsy_before", YES) | ~operated
    second = first & share(n, cal.rate("second_biopsy"), rng)
    late = np.where(operated, surgery - 1, diagnosis + 30)
    parts = [
        rows_of(first, biopsy_date=diagnosis, biopsy_kind=kind),
        rows_of(second, biopsy_date=between(diagnosis + 1, late, n, rng), biopsy_kind="core"),
    ]
    parts += [
        rows_of(operated & is_value(path, "no_biopsy", name), biopsy_date=surgery + gap, biopsy_kind=act)
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
        rows_of(
            primary,
            imaging_date=diagnosis - between(0, 40, n, rng),
            modality=modality,
            imaging_target="primary",
        ),
        rows_of(
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
    operated, before = path["is_operated"].to_numpy(), is_value(path, "rcp_before", YES)
    late = operated & ~before
    second = operated & before & share(n, cal.rate("second_rcp"), rng)
    parts = [
        rows_of(operated & before, rcp_date=path["board_date"].to_numpy(), rcp_kind="network",
              rcp_reason="treatment"),
        rows_of(second, rcp_date=surgery + between(10, 90, n, rng),
              rcp_kind=pick(["network", "molecular"], [80, 20], n, rng), rcp_reason="follow_up"),
        rows_of(late & share(n, cal.rate("rcp_after"), rng), rcp_date=surgery + between(0, 60, n, rng),
              rcp_kind="network", rcp_reason="treatment"),
        rows_of(late & share(n, cal.rate("local_rcp_before"), rng), rcp_date=surgery - between(1, 20, n, rng),
              rcp_kind=pick(["local", "diagnostic_advice"], [85, 15], n, rng), rcp_reason="diagnosis"),
        rows_of(~operated & share(n, cal.rate("rcp_not_operated"), rng), rcp_date=diagnosis + between(1, 40, n, rng),
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


def _treatments(cal: Calibration, path: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    n = len(path)
    metastatic = is_value(path, "extent_at_diagnosis", "metastatic")
    gist = is_value(path, "morphology", "8936/3")
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
        rows_of(radiotherapy, treatment_kind="radiotherapy", treatment_setting=setting, treatment_start_date=start,
              treatment_end_date=start + np.where(boosted, 46, 34), dose_gy=np.where(boosted, 66.0, 50.4),
              fractions=np.where(boosted, 33.0, 28.0), drugs=None, cycles=np.nan),
        rows_of(systemic, treatment_kind="systemic", treatment_setting=setting, treatment_start_date=start,
              treatment_end_date=start + between(60, 180, n, rng), dose_gy=np.nan, fractions=np.nan,
              drugs=drugs.astype(object), cycles=between(2, 8, n, rng).astype(float)),
    ]  # fmt: skip
    acts = pd.concat(parts, ignore_index=True)
    return _until_export(acts, "treatment_start_date", "treatment_end_date")
