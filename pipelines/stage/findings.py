"""Findings as the warehouse keeps them.

A finding keeps its id from one delivery to the next: it is made of the rule, the record's own keys and the field,
never of a line number or a value; repeats of one record are counted in reading order.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pipelines.keys import pseudonyms
from pipelines.stage.records import record_digests, record_ids
from validations.contracts.derive import arrow_schema
from validations.contracts.tables import TABLES
from validations.rules.catalogue import CATALOGUE
from validations.rules.model import Severity

if TYPE_CHECKING:
    import pyarrow as pa

FINDING = TABLES["fct_finding"]
SOURCE = ("row_id", "centre_id", "delivery_id", "file", "sheet", "line")
_KEYS = ("local_patient_id", "local_tumour_id")
TIES = ("record_id", "record_digest")
_STABLE = ("centre_id", "rule_id", "table_name", *_KEYS, "field")


def located_schema() -> "pa.Schema":
    """Findings with provenance; the local keys only serve to make their ids and stay in the integration zone."""
    import pyarrow as pa

    texts = (*_KEYS, "table_name", "rule_id", "field")
    source = [arrow_schema(FINDING).field(name).with_nullable(True) for name in SOURCE]
    flag = pa.field("is_quarantined", pa.bool_())
    return pa.schema([*source, *(pa.field(name, pa.string()) for name in texts), flag])


def locate(found: "pa.Table", staged: "pa.Table", *, entity: str, quarantined: Collection[str]) -> "pa.Table":
    """Findings (row_id, rule_id, field) with the provenance and keys of their rows."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rows = staged.take(pc.index_in(found["row_id"], value_set=staged["row_id"].combine_chunks()))
    n_rows = found.num_rows
    columns: dict[str, Any] = {name: rows[name] for name in (*SOURCE, *_KEYS) if name in rows.column_names}
    columns |= {
        "table_name": pa.repeat(f"val_{entity}", n_rows),
        "rule_id": found["rule_id"],
        "field": found["field"],
        "is_quarantined": pc.is_in(found["row_id"], value_set=pa.array(sorted(quarantined), pa.string())),
    }
    schema = located_schema()
    return pa.table(
        [columns.get(name, pa.nulls(n_rows, pa.string())) for name in schema.names], schema=schema
    )


def finding_schema() -> "pa.Schema":
    """The columns of `fct_finding`, with what ties a finding to its record (`records.py`): integration zone only.

    What is only counted (severity `info`) has no ties: nobody is asked about it, so no answer has to find it again.
    """
    import pyarrow as pa

    ties = (pa.field(name, pa.string()) for name in TIES)
    return pa.schema([*arrow_schema(FINDING), *ties])


def finding_table(
    located: "pa.Table", staged: "Mapping[str, pa.Table]", *, network_id: str, key: bytes
) -> "pa.Table":
    """The findings with the columns of `finding_schema`, by id; `staged` are the staged rows by entity."""
    import pyarrow as pa

    rules = [CATALOGUE[rule_id] for rule_id in located["rule_id"].to_pylist()]
    records = _records(zip(*(located[name].to_pylist() for name in _STABLE), strict=True), network_id)
    is_asked = pa.array([rule.severity is not Severity.INFO for rule in rules], pa.bool_())
    made = {
        "finding_id": pa.array(pseudonyms(records, key=key, domain="finding"), pa.string()),
        "rule_version": pa.array([rule.version for rule in rules], pa.int64()),
        "severity": pa.array([rule.severity.value for rule in rules], pa.string()),
    }
    made |= _ties(located, is_asked, staged, network_id=network_id, key=key)
    schema = finding_schema()
    columns = [made[name] if name in made else located[name] for name in schema.names]
    return pa.table(columns, schema=schema).sort_by("finding_id")


def _ties(
    located: "pa.Table",
    is_asked: "pa.BooleanArray",
    staged: "Mapping[str, pa.Table]",
    *,
    network_id: str,
    key: bytes,
) -> "dict[str, pa.Array]":
    """The record of each finding that is asked, and what it says; NULL for the others."""
    import pyarrow as pa
    import pyarrow.compute as pc

    asked = located.filter(is_asked)
    columns = (asked[name].to_pylist() for name in ("centre_id", "table_name", *_KEYS))
    records = record_ids(((network_id, *parts) for parts in zip(*columns, strict=True)), key=key)
    absent = pa.nulls(located.num_rows, pa.string())
    made = (records, record_digests(asked, staged, key=key))
    return {
        name: pc.replace_with_mask(absent, is_asked, pa.array(values, pa.string()))
        for name, values in zip(TIES, made, strict=True)
    }


def _records(found: Iterable[tuple[str | None, ...]], network_id: str) -> list[str]:
    """What identifies each finding from one delivery to the next."""
    seen = Counter[str]()
    records = []
    for parts in found:
        record = "|".join((network_id, *(part or "" for part in parts)))
        records.append(f"{record}|{seen[record]}")
        seen[record] += 1
    return records
