"""Operations: the first one, where and with which margin the path says, and those around it.

Only the first is of a kind and target that the indicators take for the first operation, or it is the earliest of them.
"""

import numpy as np
import pandas as pd

from pipelines.synthetic.calibration import EXPORT_DAY, Calibration
from pipelines.synthetic.draws import Booleans, Objects, between, choose, pick, select, share, where
from pipelines.synthetic.pathway import MARGINS, NO, YES, facility_names

_LATER_TARGETS = {"metastasectomy": "metastasis", "complication": "primary", "resection": "relapse"}


def rows_of(chosen: Booleans, **fields: object) -> pd.DataFrame:
    """One row per chosen tumour; a field given for all tumours is cut to the chosen ones."""
    positions = np.flatnonzero(chosen)
    cut = {
        name: value[positions] if isinstance(value, np.ndarray) else value for name, value in fields.items()
    }
    return pd.DataFrame({"tumour": positions, **cut})


def is_value(path: pd.DataFrame, column: str, value: object) -> Booleans:
    """Where a column has a value."""
    found: Booleans = (path[column] == value).to_numpy(np.bool_)
    return found


def draw_operations(cal: Calibration, path: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The operations of all tumours: the first one, what came before it, what came after. At most three each."""
    operated = path["is_operated"].to_numpy()
    again = operated & _re_excised(cal, path, rng)
    chance = share(len(path), cal.rate("exploratory"), rng)
    explored = operated & is_value(path, "biopsy_before", YES) & ~again & chance
    later = operated & ~explored & share(len(path), cal.rate("later_surgery"), rng)
    own = facility_names(cal, path["centre"].to_numpy(), rng)
    parts = [
        _first_operations(cal, path, operated, rng).assign(is_first=True),
        _re_excisions(path, again, own, rng).assign(is_first=False),
        _explorations(path, explored, own, rng).assign(is_first=False),
        _later_operations(path, later, own, rng).assign(is_first=False),
    ]
    acts = pd.concat(parts, ignore_index=True)
    acts = acts[acts["is_first"] | (acts["surgery_date"] <= EXPORT_DAY)].reset_index(drop=True)
    return acts.assign(had_rupture=share(len(acts), 3, rng).astype(object))


def _first_operations(
    cal: Calibration, path: pd.DataFrame, chosen: Booleans, rng: np.random.Generator
) -> pd.DataFrame:
    return rows_of(
        chosen,
        surgery_date=path["surgery_date"].to_numpy(),
        surgery_kind=_first_kinds(cal, path, rng),
        surgery_target="primary",
        surgery_intent=select(
            [(path["is_palliative"], "palliative"), (path["is_intent_blank"], None)], "curative"
        ),
        margin=np.array(MARGINS, object)[np.maximum(path["margin"].to_numpy(), 0)],
        surgery_facility=path["surgery_facility"].to_numpy(object),
    )


def _re_excisions(
    path: pd.DataFrame, chosen: Booleans, own: Objects, rng: np.random.Generator
) -> pd.DataFrame:
    n = len(path)
    return rows_of(
        chosen,
        surgery_date=path["surgery_date"].to_numpy() + between(25, 110, n, rng),
        surgery_kind="re_excision",
        surgery_target="primary",
        surgery_intent="curative",
        margin=pick(["R0", "R1", "R2", "RX"], [72, 18, 2, 8], n, rng),
        surgery_facility=own,
    )


def _explorations(
    path: pd.DataFrame, chosen: Booleans, own: Objects, rng: np.random.Generator
) -> pd.DataFrame:
    """Acts before the first operation that are not one: the kind says so."""
    diagnosis, surgery = path["diagnosis_date"].to_numpy(), path["surgery_date"].to_numpy()
    return rows_of(
        chosen,
        surgery_date=between(diagnosis + 1, surgery - 1, len(path), rng),
        surgery_kind="exploratory",
        surgery_target="primary",
        surgery_intent="curative",
        margin=None,
        surgery_facility=own,
    )


def _later_operations(
    path: pd.DataFrame, chosen: Booleans, own: Objects, rng: np.random.Generator
) -> pd.DataFrame:
    n = len(path)
    kind = pick(list(_LATER_TARGETS), [45, 30, 25], n, rng)
    margin = pick(["R0", "R1", "RX"], [50, 25, 25], n, rng)
    return rows_of(
        chosen,
        surgery_date=path["surgery_date"].to_numpy() + between(120, 500, n, rng),
        surgery_kind=kind,
        surgery_target=pd.Series(kind).map(_LATER_TARGETS).to_numpy(object),
        surgery_intent="curative",
        margin=where(kind == "complication", None, margin),
        surgery_facility=own,
    )


def _first_kinds(cal: Calibration, path: pd.DataFrame, rng: np.random.Generator) -> Objects:
    n = len(path)
    no_biopsy = is_value(path, "biopsy_before", NO)
    careless = no_biopsy & is_value(path, "rcp_before", NO) & ~is_value(path, "in_reference", YES)
    unplanned = careless & share(n, cal.rate("unplanned_excision"), rng)
    limb = path["topography"].str.startswith(("C40", "C49.1", "C49.2")).to_numpy()
    amputated = limb & ~no_biopsy & share(n, cal.rate("amputation"), rng)
    excisional = is_value(path, "no_biopsy", "excisional")
    kinds = ["excisional_biopsy", "unplanned_excision", "amputation"]
    return np.select([excisional, unplanned, amputated], kinds, "resection").astype(object)


def _re_excised(cal: Calibration, path: pd.DataFrame, rng: np.random.Generator) -> Booleans:
    """The published shares with and without a board before; more often after a poor margin."""
    before = is_value(path, "rcp_before", YES)
    by_margin = np.array([0.3, 1.4, 1.6, 1.0])[np.maximum(path["margin"].to_numpy(), 0)]
    chance = np.zeros(len(path))
    for members, name in ((before, "re_excision_rcp_before"), (~before, "re_excision_rcp_after")):
        mean = by_margin[members].mean() if members.any() else 1.0
        chance[members] = cal.rate(name) / 100 * by_margin[members] / mean
    return choose(np.minimum(chance, 1), rng)
