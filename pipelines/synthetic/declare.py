"""Who declares what: the acts of a tumour become rows of the records that hold it.

The first record declares every act. A further record repeats some of them, as it was told; the registries declare
their own part only.
"""

import numpy as np
import pandas as pd

from pipelines.synthetic.draws import Booleans, Objects, share

Frames = dict[str, pd.DataFrame]
NO_DATE = -1_000_000  # a date that is not there
_REGISTRIES = ("review_registry", "bone_registry")
#: Percentage of acts that a further record declares too.
_REPEATED = {"biopsy": 50, "imaging": 30, "rcp": 50, "surgery": 60, "treatment": 40, "follow_up": 50}
_MARGIN_NOT_TOLD = 10  # percentage of repeated operations whose margin the second centre does not know


def declare(events: Frames, held: pd.DataFrame, rng: np.random.Generator) -> Frames:
    """Rows of each entity with the keys of their local tumour; `held` is one row per tumour and record."""
    keys = held[["record", "tumour", "centre", "local_patient_id", "local_tumour_id", "record_kind"]]
    declared: Frames = {}
    for entity, frame in events.items():
        rows = frame.merge(
            keys, on="tumour", validate="m:m"
        )  # grain: one row per act and record of its tumour
        rows = rows[_is_declared(entity, rows, rng)].reset_index(drop=True)
        if entity == "surgery":
            rows["margin"] = _margins_as_told(rows, rng)
        declared[entity] = _in_order(rows)
    return declared


def _is_declared(entity: str, rows: pd.DataFrame, rng: np.random.Generator) -> Booleans:
    kind = rows["record_kind"]
    repeated = share(len(rows), _REPEATED[entity], rng) & ~kind.isin(_REGISTRIES).to_numpy()
    wanted = (kind == "primary").to_numpy() | repeated
    if entity == "surgery":
        wanted |= ((kind == "elsewhere") & rows["is_first"]).to_numpy()
    if entity == "rcp":
        wanted |= ((kind == "bone_registry") & (rows["rcp_kind"] == "resos")).to_numpy()
    if entity == "follow_up":
        wanted |= (kind == "relapse").to_numpy()
    return np.asarray(wanted, np.bool_)


def _margins_as_told(rows: pd.DataFrame, rng: np.random.Generator) -> Objects:
    """A centre that did not operate may not know the margin; the known one counts."""
    unaware = ~rows["record_kind"].isin(["primary", "elsewhere"]) & rows["margin"].notna()
    hidden = unaware.to_numpy() & share(len(rows), _MARGIN_NOT_TOLD, rng)
    return np.where(hidden, "RX", rows["margin"]).astype(object)


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """The acts of each local tumour by date."""
    date = next(column for column in rows.columns if column.endswith("_date"))
    return rows.sort_values(["record", "tumour", date], kind="stable", ignore_index=True)


def identities(records: pd.DataFrame, people: pd.DataFrame, vital: Objects) -> pd.DataFrame:
    """One row per record with the true identity, qualified."""
    columns = [
        "ins_matricule", "ins_oid", "birth_name", "used_name", "first_names", "sex", "birth_date", "birth_place_cog",
        "residence_commune", "pretty_birth_name", "pretty_used_name", "pretty_first_names",
    ]  # fmt: skip
    traits = people[columns].iloc[records["person"].to_numpy()].reset_index(drop=True)
    rows = pd.concat([records[["centre", "local_patient_id", "person"]], traits], axis=1)
    return rows.assign(ins_status="QUAL", vital_status=vital)


def histories(records: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """One row per record of a treating centre, with what the patient had before."""
    own = records[~records["record_kind"].isin(_REGISTRIES)].reset_index(drop=True)
    columns = ["predisposition", "has_previous_cancer", "has_previous_radiotherapy"]
    facts = people[columns].iloc[own["person"].to_numpy()].reset_index(drop=True)
    return pd.concat([own[["centre", "local_patient_id"]], facts], axis=1)


def local_tumours(held: pd.DataFrame, path: pd.DataFrame) -> pd.DataFrame:
    """One row per local tumour. The pathology registry declares the expert's diagnosis, a centre its own."""
    columns = [
        "diagnosis_date", "topography", "laterality", "size_mm", "depth", "grade", "grade_system",
        "extent_at_diagnosis", "had_biopsy",
    ]  # fmt: skip
    position = held["tumour"].to_numpy()
    facts = path[columns].iloc[position].reset_index(drop=True)
    expert, declared = (path[name].to_numpy(object)[position] for name in ("morphology", "declared"))
    facts["morphology"] = np.where(held["record_kind"] == "review_registry", expert, declared).astype(object)
    keys = held[["record", "tumour", "centre", "local_patient_id", "local_tumour_id", "entry_reason"]]
    return pd.concat([keys.reset_index(drop=True), facts], axis=1)


def declared_reviews(reviews: pd.DataFrame, held: pd.DataFrame) -> pd.DataFrame:
    """Each review as a row of the record that sends it: the registry's own, or the first one."""
    keys = held[["record", "tumour", "centre", "local_patient_id", "local_tumour_id", "record_kind"]]
    rows = reviews.merge(keys, on="tumour", validate="1:m")
    sender = np.where(rows["by_registry"], "review_registry", "primary")
    return rows[rows["record_kind"] == sender].reset_index(drop=True)
