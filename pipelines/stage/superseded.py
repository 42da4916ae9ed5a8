"""Incremental exports: a later one replaces, patient by patient, what the earlier ones of the same file map said.

A patient is replaced as a whole: a row that the later export no longer has is gone with the rest. The declared version
decides, never the order of arrival; the parts of one version do not replace each other. Which full export counts was
decided when it was received.
"""

from typing import TYPE_CHECKING, Any

from pipelines.account import SUPERSEDED
from pipelines.delivery import Delivery
from pipelines.stage.fates import fates
from pipelines.stage.sheets import Sheet

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

_MOST_CORRECTIONS = 1_000_000
_PATIENT = "local_patient_id"


def newest_exports(sheets: list[Sheet]) -> "pd.DataFrame":
    """For each incremental file map and patient: the newest export that names the patient, and its first delivery.

    Columns: file_index, local_patient_id, newest, into_delivery_id.
    """
    import pandas as pd

    parts = [_named(sheet) for sheet in sheets if sheet.delivery.mode == "incremental"]
    columns = ["file_index", _PATIENT, "newest", "into_delivery_id"]
    named = pd.concat([pd.DataFrame(columns=columns), *parts]) if parts else pd.DataFrame(columns=columns)
    newest = named.sort_values("newest", ascending=False, kind="stable")
    return newest.drop_duplicates(["file_index", _PATIENT]).reset_index(drop=True)


def generation(delivery: Delivery) -> int:
    """What orders the exports of one file map, as one number."""
    return delivery.version.day.toordinal() * _MOST_CORRECTIONS + delivery.version.number


def _named(sheet: Sheet) -> "pd.DataFrame":
    """The patients that a sheet names, in whichever of its tables."""
    import pandas as pd

    headers = {table.columns[_PATIENT] for table in sheet.sheet_map.tables if _PATIENT in table.columns}
    names = [sheet.columns[header].drop_null().unique().to_pylist() for header in sorted(headers)]
    found: dict[str, Any] = {_PATIENT: sorted({name for some in names for name in some})}
    facts: dict[str, Any] = {
        "file_index": sheet.delivery.file_index,
        "newest": generation(sheet.delivery),
        "into_delivery_id": sheet.delivery.delivery_id,
    }
    return pd.DataFrame(found).assign(**facts)


def superseded(rows: "pa.Table", sheets: list[Sheet], newest: "pd.DataFrame") -> "pa.Table":
    """The fates of the rows whose patient a later export of the same file map names."""
    import pandas as pd
    import pyarrow as pa

    if newest.empty:
        return fates(rows.slice(0, 0), "filtered", SUPERSEDED)
    frame = rows.select(["row_id", "delivery_id", _PATIENT]).to_pandas()
    facts = pd.DataFrame(
        [(s.delivery.delivery_id, s.delivery.file_index, generation(s.delivery)) for s in sheets],
        columns=["delivery_id", "file_index", "exported"],
    ).drop_duplicates()
    frame = frame.merge(facts, on="delivery_id", how="left", validate="m:1")
    frame = frame.merge(newest, on=["file_index", _PATIENT], how="left", validate="m:1")
    is_old = pd.to_numeric(frame["newest"]) > frame["exported"]
    firsts = frame[frame["newest"] == frame["exported"]].drop_duplicates(["file_index", _PATIENT])
    old = frame[is_old].merge(
        firsts[["file_index", _PATIENT, "row_id"]].rename(columns={"row_id": "into_row_id"}),
        on=["file_index", _PATIENT], how="left", validate="m:1",
    )  # fmt: skip
    texts = {
        name: pa.chunked_array([pa.array(old[name], pa.string(), from_pandas=True)])
        for name in ("into_row_id", "into_delivery_id")
    }
    return fates(rows.filter(pa.array(is_old.to_numpy())), "filtered", SUPERSEDED, **texts)
