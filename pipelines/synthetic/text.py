"""Canonical text: every value as one string, before a centre's words. Faults work on these tables.

Dates are ISO (`2014-03-07`, `2014-03`, `2014`), numbers have a point, yes and no are words, codes are the contract's.
"""

from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipelines.synthetic.declare import NO_DATE
from validations.contracts.entities import ENTITIES
from validations.contracts.model import Kind

if TYPE_CHECKING:
    from validations.contracts.model import Field

#: Diagnoses travel as true codes; the columns of the centre are made of them when its file is written.
_FROM_CODES = {
    "tumour": ("morphology", "topography"),
    "pathology_review": ("initial_morphology", "expert_morphology"),
}
_DERIVED = frozenset(
    (
        "morphology_code", "morphology_version", "adicap_code", "icd10_code", "diagnosis_label", "topography_code",
        "topography_label", "initial_morphology_code", "initial_label", "expert_morphology_code", "expert_label",
    )
)  # fmt: skip
PRETTY = ("pretty_birth_name", "pretty_used_name", "pretty_first_names")
LINE = "_line"  # what happens to the line of the row: see `LineFault`
DAMAGE = "_damage"  # how a spreadsheet damaged the morphology code of the row


class LineFault(IntEnum):
    """What happens to a line of a file."""

    NONE = 0
    DUPLICATE = 1
    RAGGED = 2
    MISSING_KEY = 3


class CodeDamage(IntEnum):
    """How a spreadsheet shows a morphology code that it took for a date."""

    NONE = 0
    FULL = 1  # 8858-03-01
    SHORT = 2  # mars-58


def as_text(frame: pd.DataFrame, entity: str) -> pa.Table:
    """The rows of an entity as canonical text, with `centre`, sorted by centre in the order given."""
    frame = frame.sort_values("centre", kind="stable", ignore_index=True)
    columns: dict[str, pa.Array] = {"centre": pa.array(frame["centre"].to_numpy(np.int64))}
    for field in ENTITIES[entity]:
        if field.name not in _DERIVED:
            is_drawn = field.name in frame  # CCAM codes are not: they belong to their publisher
            columns[field.name] = (
                _column(frame[field.name], field) if is_drawn else pa.nulls(len(frame), pa.string())
            )
    extra = (*_FROM_CODES.get(entity, ()), *(PRETTY if entity == "patient_identity" else ()))
    columns |= {name: pa.array(frame[name].to_numpy(object), pa.string(), from_pandas=True) for name in extra}
    columns[LINE] = pa.array(np.zeros(len(frame), np.int8))
    columns[DAMAGE] = pa.array(np.zeros(len(frame), np.int8))
    return pa.table(columns)


def _column(values: "pd.Series[str]", field: "Field") -> pa.Array:
    if field.kind is Kind.DATE:
        number = values.to_numpy(np.int64)
        return pa.array(number.astype(np.int32), mask=number == NO_DATE).cast(pa.date32()).cast(pa.string())
    if field.kind is Kind.BOOLEAN:
        found = pa.array(values.to_numpy(object), pa.bool_(), from_pandas=True)
        return pc.if_else(found, pa.scalar("yes"), pa.scalar("no"))
    if field.kind in (Kind.NUMBER, Kind.INTEGER):
        return _number(values.to_numpy(np.float64))
    return pa.array(values.to_numpy(object), pa.string(), from_pandas=True)


def _number(values: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> pa.Array:
    """Numbers as people write them: no decimals when there are none."""
    missing = np.isnan(values) | (values < 0)
    tenths = np.round(np.where(missing, 0, values) * 10).astype(np.int64)
    whole = pa.array(tenths // 10).cast(pa.string())
    rest = pa.array(tenths % 10).cast(pa.string())
    text = pc.if_else(pa.array(tenths % 10 == 0), whole, pc.binary_join_element_wise(whole, rest, "."))
    return pc.if_else(pa.array(missing), pa.scalar(None, pa.string()), text)
