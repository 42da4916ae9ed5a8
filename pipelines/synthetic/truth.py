"""The truth that a run is compared with: persons, records, tumours, indicator answers, faults.

Everything comes from the draws, before any file is written; nothing is read back.
"""

import numpy as np
import pandas as pd
import pyarrow as pa

from pipelines.synthetic.calibration import Calibration, take
from pipelines.synthetic.draws import Integers, Objects, where
from pipelines.synthetic.pathway import MARGINS, NO, YES
from pipelines.synthetic.records import responsible_centres

_ANSWERS = {YES: True, NO: False}


def _centre_ids(cal: Calibration) -> Objects:
    return np.array([centre.id for centre in cal.centres], object)


def _dates(days: Integers) -> pa.Array:
    return pa.array(days.astype(np.int32)).cast(pa.date32())


def person_table(people: pd.DataFrame) -> pa.Table:
    """One row per person, with the true identity."""
    texts = [
        "person_key",
        "ins_matricule",
        "birth_name",
        "used_name",
        "first_names",
        "sex",
        "birth_place_cog",
    ]
    columns = {name: pa.array(people[name].to_numpy(object), pa.string()) for name in texts}
    return pa.table(columns | {"birth_date": _dates(people["birth_date"].to_numpy(np.int64))})


def record_table(cal: Calibration, people: pd.DataFrame, records: pd.DataFrame) -> pa.Table:
    """One row per local record. `is_further`: a reference centre's record of a person who already has one."""
    kind = records["record_kind"].to_numpy(object)
    return pa.table(
        {
            "centre_id": take(_centre_ids(cal), records["centre"].to_numpy()),
            "local_patient_id": pa.array(records["local_patient_id"].to_numpy(object), pa.string()),
            "person_key": people["person_key"].to_numpy(object)[records["person"].to_numpy()],
            "record_kind": pa.array(kind, pa.string()),
            "is_further": np.isin(kind, ["elsewhere", "opinion", "relapse"]),
        }
    )


def tumour_keys(people: pd.DataFrame, path: pd.DataFrame) -> Objects:
    """The key of each tumour: its person's, and its rank."""
    person = people["person_key"].to_numpy(object)[path["person"].to_numpy()]
    keys: Objects = person + "-" + path["rank"].astype(str).to_numpy(object)
    return keys


def tumour_table(
    cal: Calibration, path: pd.DataFrame, keys: Objects, held: pd.DataFrame, people: pd.DataFrame
) -> pa.Table:
    """One row per national tumour: true diagnosis, period, responsible centre, incident or not."""
    in_scope = set(
        cal.morphology.index[cal.morphology["malignancy_class"].isin(cal.network.scope.malignancy_classes)]
    )
    periods = [period.id for period in cal.network.periods]
    centre = responsible_centres(held).reindex(range(len(path))).to_numpy(np.int64)
    text = {
        "tumour_key": keys,
        "person_key": people["person_key"].to_numpy(object)[path["person"].to_numpy()],
        "morphology": path["morphology"].to_numpy(object),
        "topography": path["topography"].to_numpy(object),
        "histotype": path["histotype"].to_numpy(object),
        "period_id": take(periods, path["period"].to_numpy()),
        "responsible_centre_id": take(_centre_ids(cal), centre),
        "status": path["status"].to_numpy(object),
        "extent_at_diagnosis": path["extent_at_diagnosis"].to_numpy(object),
    }
    columns = {name: pa.array(values, pa.string(), from_pandas=True) for name, values in text.items()}
    columns["diagnosis_date"] = _dates(path["diagnosis_date"].to_numpy(np.int64))
    columns["is_incident"] = pa.array((path["status"] == "incident").to_numpy(np.bool_))
    columns["is_in_scope"] = pa.array(path["morphology"].isin(in_scope).to_numpy(np.bool_))
    columns["is_operated"] = pa.array(path["is_operated"].to_numpy(np.bool_))
    return pa.table(columns)


def local_tumour_table(cal: Calibration, held: pd.DataFrame, keys: Objects) -> pa.Table:
    """One row per local tumour and the national tumour it is."""
    columns = {
        "centre_id": take(_centre_ids(cal), held["centre"].to_numpy()),
        "local_patient_id": held["local_patient_id"].to_numpy(object),
        "local_tumour_id": held["local_tumour_id"].to_numpy(object),
        "tumour_key": keys[held["tumour"].to_numpy()],
    }
    return pa.table({name: pa.array(values, pa.string()) for name, values in columns.items()})


def _answers(path: pd.DataFrame) -> dict[str, Objects]:
    margin = path["margin"].to_numpy()
    unknown = margin == MARGINS.index("RX")
    answers = {
        "biopsy_before_surgery": path["biopsy_before"].map(_ANSWERS).to_numpy(object),
        "network_rcp_before_surgery": path["rcp_before"].map(_ANSWERS).to_numpy(object),
        "first_surgery_in_reference": path["in_reference"].map(_ANSWERS).to_numpy(object),
    }
    for name in ("R0", "R1", "R2"):
        is_so = (margin == MARGINS.index(name)).astype(object)
        answers[f"{name.lower()}_first_surgery"] = where(unknown, None, is_so)
    return answers


def indicator_table(cal: Calibration, path: pd.DataFrame, keys: Objects, held: pd.DataFrame) -> pa.Table:
    """One row per eligible tumour and indicator; `is_achieved` is null when the answer is unknown."""
    eligible = np.flatnonzero(path["is_eligible"].to_numpy() & (path["period"] >= 0).to_numpy())
    centre = responsible_centres(held).reindex(range(len(path))).to_numpy(np.int64)[eligible]
    rows = path.iloc[eligible]
    answers = _answers(rows)
    common = {
        "tumour_key": pa.array(keys[eligible], pa.string()),
        "period_id": pa.array(
            take([p.id for p in cal.network.periods], rows["period"].to_numpy()), pa.string()
        ),
        "centre_id": pa.array(take(_centre_ids(cal), centre), pa.string()),
        "is_first_surgery_in_reference": pa.array(
            answers["first_surgery_in_reference"], pa.bool_(), from_pandas=True
        ),
    }
    parts = [
        pa.table(
            common
            | {
                "indicator_id": pa.array([name] * len(rows), pa.string()),
                "is_achieved": pa.array(answers[name], pa.bool_(), from_pandas=True),
            }
        )
        for name in cal.network.indicators
    ]
    return pa.concat_tables(parts)


def fault_table(cal: Calibration, faults: pa.Table, files: list[str]) -> pa.Table:
    """One row per injected fault, with the file that shows it."""
    names = {"centre_id": pa.array(take(_centre_ids(cal), faults["centre"].to_numpy()), pa.string())}
    rest = {name: faults[name] for name in ("entity", "local_patient_id", "local_tumour_id", "field", "kind")}
    return pa.table(names | {"file": pa.array(files, pa.string())} | rest)
