"""Which record a finding speaks of, and what that record says: two keyed hashes, so that an answer knows when it ends.

The record is named by the keys that the centre itself gives, never by a line. What it says is every staged value of the
row, of the patient or tumour that the rule reads beside it, and for a cross-table rule of all the rows of that patient
in the tables that it reads: a correction anywhere there asks the question again.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import TYPE_CHECKING

from pipelines.keys import pseudonyms
from validations.contracts.shared_fields import PROVENANCE
from validations.rules.catalogue import CATALOGUE

if TYPE_CHECKING:
    import pyarrow as pa

_KEYS = ("local_patient_id", "local_tumour_id")
_PARENTS = {"patient": "patient_identity", "tumour": "tumour"}
_WHERE = {field.name for field in PROVENANCE}


def record_ids(records: Iterable[tuple[str | None, ...]], *, key: bytes) -> list[str]:
    """The keyed hash of each record: network, centre, table (`val_<entity>`), patient, tumour."""
    return pseudonyms(("|".join(part or "" for part in parts) for parts in records), key=key, domain="record")


def record_digests(located: "pa.Table", staged: "Mapping[str, pa.Table]", *, key: bytes) -> list[str]:
    """The keyed hash of what the record of each located finding says, from the staged rows by entity."""
    texts = {entity: _Texts(_of_patients(rows, located)) for entity, rows in staged.items()}
    columns = (located[name].to_pylist() for name in ("rule_id", "table_name", "row_id", *_KEYS))
    said = ("\x1e".join(_said(texts, *finding)) for finding in zip(*columns, strict=True))
    return pseudonyms(said, key=key, domain="record content")


def _of_patients(rows: "pa.Table", located: "pa.Table") -> "pa.Table":
    """The rows that a finding may speak of or be read beside: those of its patients."""
    import pyarrow.compute as pc

    if "local_patient_id" not in rows.column_names:
        return rows
    patients = located["local_patient_id"].unique()
    return rows.filter(pc.is_in(rows["local_patient_id"], value_set=patients))


class _Texts:
    """The rows of one entity as text, by row, by patient and by tumour; made when they are asked for."""

    def __init__(self, rows: "pa.Table") -> None:
        import pyarrow as pa
        import pyarrow.compute as pc

        values = [rows[name].fill_null("") for name in rows.column_names if name not in _WHERE]
        texts = pc.binary_join_element_wise(*values, "\x1f").to_pylist() if rows.num_rows else []
        self.by_row = dict(zip(rows["row_id"].to_pylist(), texts, strict=True))
        self.by_keys: dict[tuple[str | None, ...], list[str]] = {}
        absent = pa.nulls(rows.num_rows, pa.string())
        own = [(rows[name] if name in rows.column_names else absent).to_pylist() for name in _KEYS]
        for patient, tumour, text in zip(*own, texts, strict=True):
            self.by_keys.setdefault((patient,), []).append(text)
            if tumour is not None:
                self.by_keys.setdefault((patient, tumour), []).append(text)


def _said(
    texts: Mapping[str, _Texts], rule_id: str, table_name: str | None, row_id: str | None, *keys: str | None
) -> list[str]:
    entity = str(table_name).partition("_")[2]
    own = texts[entity].by_row.get(str(row_id), "") if entity in texts else ""
    said = [own]
    for read, is_tumour in _read_beside(rule_id):
        found = texts[read].by_keys.get(keys if is_tumour else keys[:1], []) if read in texts else []
        said += sorted(found)
    return said


@cache
def _read_beside(rule_id: str) -> tuple[tuple[str, bool], ...]:
    """The entities that a rule reads beside its row, and whether only of the same tumour."""
    rule = CATALOGUE[rule_id]
    if rule.query:
        return tuple((entity, False) for entity in rule.reads)
    words = f"{rule.applies_when} {rule.violated_when}"
    return tuple(
        (entity, entity == "tumour")
        for alias, entity in _PARENTS.items()
        if re.search(rf"\b{alias}\.", words)
    )
