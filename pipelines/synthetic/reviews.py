"""The second reading: what the first pathologist said, what the expert said, what the centre declares.

The expert's diagnosis is the true one. A centre declares the first reading until it takes over the expert's.
"""

import numpy as np
import pandas as pd

from pipelines.synthetic.calibration import EXPORT_DAY, Calibration
from pipelines.synthetic.draws import Objects, between, pick, share, spread

_CONCORDANCE = ("full", "partial", "complete")
_UNSPECIFIED = "8800/3"
_BENIGN = ("8850/0", "8890/0", "9560/0", "8810/0", "8830/0")
_OTHER_MALIGNANCY = ("8010/3", "8720/3")


def draw_reviews(
    cal: Calibration, path: pd.DataFrame, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tumours with `morphology` (true) and `declared`, and one row per review, by tumour.

    Tumours of status `excluded` are called a sarcoma by the first reader and something else by the expert.
    """
    status = path["status"].to_numpy(object)
    excluded = np.flatnonzero(status == "excluded")
    incident = np.flatnonzero(status == "incident")
    read = incident[share(len(incident), cal.rate("reviewed"), rng)]
    concordance, initial = _first_readings(cal, path["morphology"].to_numpy(object)[read], rng)
    true = path["morphology"].to_numpy(object).copy()
    initial = np.concatenate([initial, true[excluded]])
    true[excluded] = _not_sarcomas(cal, len(excluded), rng)
    tumour = np.concatenate([read, excluded])
    concordance = np.concatenate([concordance, np.full(len(excluded), "complete", object)])
    reviews = _describe(cal, path, tumour, rng).assign(
        initial_morphology=initial, expert_morphology=true[tumour], concordance=concordance
    )
    declared = true.copy()
    keeps_first = np.concatenate(
        [~share(len(read), cal.rate("declared_updated"), rng), np.ones(len(excluded), np.bool_)]
    )
    declared[tumour[keeps_first]] = initial[keeps_first]
    return path.assign(morphology=true, declared=declared), reviews


def _first_readings(cal: Calibration, expert: Objects, rng: np.random.Generator) -> tuple[Objects, Objects]:
    """The class of agreement and the first reading, in the published proportions."""
    weights = np.array([cal.rate(f"review_{name}") for name in _CONCORDANCE])
    concordance = np.array(_CONCORDANCE, object)[spread(weights, len(expert), rng)]
    partial = _same_family(cal, expert, rng)
    complete = pick([*_BENIGN[:3], *_OTHER_MALIGNANCY, _UNSPECIFIED], [2, 2, 1, 1, 1, 1], len(expert), rng)
    complete = np.where(complete == expert, "8890/0", complete)
    first = np.select([concordance == "full", concordance == "partial"], [expert, partial], complete)
    return concordance, first.astype(object)


def _same_family(cal: Calibration, expert: Objects, rng: np.random.Generator) -> Objects:
    """Another diagnosis of the same family (WHO group); "sarcoma, unspecified" when the family has no other."""
    scope = cal.morphology[cal.morphology["malignancy_class"].isin(cal.network.scope.malignancy_classes)]
    family = cal.morphology["who_group"].reindex(expert).to_numpy(object)
    found = np.full(len(expert), _UNSPECIFIED, object)
    for name in np.unique(family.astype(str)):
        members = np.flatnonzero(family == name)
        codes = scope.loc[scope["who_group"] == name, "morphology"].to_list()
        found[members] = pick(codes, [1.0] * len(codes), len(members), rng) if codes else _UNSPECIFIED
    return np.where(found == expert, np.where(expert == _UNSPECIFIED, "8805/3", _UNSPECIFIED), found)


def _not_sarcomas(cal: Calibration, n: int, rng: np.random.Generator) -> Objects:
    other = share(n, cal.rate("excluded_other_malignancy"), rng)
    benign = pick(list(_BENIGN), [1.0] * len(_BENIGN), n, rng)
    return np.where(other, pick(list(_OTHER_MALIGNANCY), [1.0, 1.0], n, rng), benign)


def _describe(cal: Calibration, path: pd.DataFrame, tumour: "np.ndarray[tuple[int], np.dtype[np.int64]]",
              rng: np.random.Generator) -> pd.DataFrame:  # fmt: skip
    n = len(tumour)
    sampling = path["diagnosis_date"].to_numpy()[tumour]
    received = np.minimum(sampling + between(4, 45, n, rng), EXPORT_DAY)
    can_send = np.array([cal.sends(number, "pathology_review") for number in range(len(cal.centres))])
    registry = share(n, cal.rate("reviewed_by_network_laboratory"), rng)
    by_registry = (registry | ~can_send[path["centre"].to_numpy()[tumour]]) & bool(
        len(cal.with_role("pathology"))
    )
    return pd.DataFrame(
        {
            "tumour": tumour,
            "by_registry": by_registry,
            "sampling_date": sampling,
            "received_date": received,
            "expert_date": np.minimum(received + between(2, 30, n, rng), EXPORT_DAY),
            "had_molecular_test": share(n, 55, rng).astype(object),
        }
    )
