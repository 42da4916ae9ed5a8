"""Findings as the warehouse keeps them, and the rows set aside as the integration zone keeps them.

A finding keeps its id from one delivery to the next: it is made of the rule, the record's own keys and the field,
never of a line number or a value; repeats of one record are counted in reading order.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipelines.keys import pseudonyms
from pipelines.stage.columns import to_frame
from validations.contracts.derive import arrow_schema
from validations.contracts.tables import TABLES
from validations.rules.catalogue import CATALOGUE

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

FINDING = TABLES["fct_finding"]
_SOURCE = ["row_id", "centre_id", "delivery_id", "file", "sheet", "line"]
_KEYS = ["local_patient_id", "local_tumour_id"]
_TEXT = "string[pyarrow]"
#: The columns and types of located findings; the local keys only serve to make their ids.
TYPES = dict.fromkeys([*_SOURCE, *_KEYS, "table_name", "rule_id", "field"], _TEXT) | {
    "line": "int64[pyarrow]",
    "is_quarantined": "bool[pyarrow]",
}
COLUMNS = list(TYPES)
_STABLE = ["centre_id", "rule_id", "table_name", *_KEYS, "field"]


def locate(
    findings: "pd.DataFrame", staged: "pa.Table", *, entity: str, quarantined: Iterable[str]
) -> "pd.DataFrame":
    """Findings (row_id, rule_id, field) with the provenance and keys of their rows."""
    keys = [name for name in _KEYS if name in staged.column_names]
    rows = staged.select([*_SOURCE, *keys]).filter(_among(staged.column("row_id"), findings["row_id"]))
    located = findings.merge(to_frame(rows), on="row_id", how="left", validate="m:1")
    located = located.assign(
        table_name=f"val_{entity}", is_quarantined=located["row_id"].isin(list(quarantined))
    )
    return located.reindex(columns=COLUMNS).astype(TYPES)


def finding_table(located: "pd.DataFrame", *, network_id: str, key: bytes) -> "pa.Table":
    """The findings with the columns of `fct_finding`, by id."""
    import pyarrow as pa

    rules = located["rule_id"].map(CATALOGUE.__getitem__)
    found = located.assign(
        finding_id=pseudonyms(_records(located, network_id), key=key, domain="finding"),
        rule_version=[rule.version for rule in rules],
        severity=[rule.severity.value for rule in rules],
    )
    columns = found[list(FINDING.columns)]
    return pa.Table.from_pandas(columns, schema=arrow_schema(FINDING), preserve_index=False).sort_by(
        "finding_id"
    )


def _records(located: "pd.DataFrame", network_id: str) -> list[str]:
    """What identifies each finding from one delivery to the next."""
    import pandas as pd
    import pyarrow as pa
    import pyarrow.compute as pc

    stable = [pa.array(located[name], pa.string()) for name in _STABLE]
    records = pc.binary_join_element_wise(
        network_id, *stable, "|", null_handling="replace", null_replacement=""
    ).to_pandas()
    repeats = records.groupby(records).cumcount()  # grain: one number per finding of one record
    joined: list[str] = (records + "|" + repeats.astype(pd.StringDtype())).tolist()
    return joined


def _among(column: "pa.ChunkedArray", wanted: "pd.Series[str]") -> "pa.ChunkedArray":
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.is_in(column, value_set=pa.array(wanted.unique(), pa.string()))
