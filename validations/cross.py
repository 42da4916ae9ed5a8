"""Rules on several tables of one centre, all in one query, once every entity passed the gate.

A rule reads the rows that the gate kept: `kept_<entity>`, each date with its last possible day (`<date>_latest`), and

- `first_surgery`, one row per tumour whose first act on the primary is dated: `first_date` and `first_latest` are its
  earliest and its last possible day. A tumour with an undated act that may be the first has none: nothing is certain.
- `death`, one row per patient with a date of death: `death_latest` is the last possible day of all that are given.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from validations.contracts.entities import ENTITIES
from validations.result import findings
from validations.rules.catalogue import CATALOGUE, cross_table_rules
from validations.scan import with_latest

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

#: Acts that can be the first surgery of a primary (docs/reference/indicators.md has the same list).
FIRST_ACTS = "surgery_kind IN ('resection', 'excisional_biopsy', 'unplanned_excision', 'amputation')"
_FIRST_SURGERY = f"""
    SELECT local_patient_id, local_tumour_id,
        min(surgery_date) AS first_date, min(surgery_date_latest) AS first_latest
    FROM kept_surgery
    WHERE {FIRST_ACTS} AND surgery_target IS DISTINCT FROM 'metastasis' AND surgery_target IS DISTINCT FROM 'relapse'
    GROUP BY local_patient_id, local_tumour_id
    HAVING count(*) = count(surgery_date)
"""  # noqa: S608 - a constant of this module
_DEATH = """
    SELECT local_patient_id, max(death_date_latest) AS death_latest
    FROM kept_follow_up
    WHERE death_date IS NOT NULL
    GROUP BY local_patient_id
"""


def cross_violations(con: "duckdb.DuckDBPyConnection", *, mapped: Collection[str]) -> "dict[str, pa.Table]":
    """The findings of the cross-table rules by entity; `con` holds every `val_<entity>` that the gate kept."""
    import pyarrow.compute as pc

    rules = cross_table_rules(mapped)
    if not rules:
        return {}
    for entity in ENTITIES:
        con.execute(f"CREATE OR REPLACE TEMP VIEW kept_{entity} AS {with_latest(entity)}")
    for name, query in (("first_surgery", _FIRST_SURGERY), ("death", _DEATH)):
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
    parts = (f"SELECT DISTINCT row_id, '{rule.id}' AS rule_id FROM ({rule.query}) AS found" for rule in rules)  # noqa: S608
    found = con.execute(" UNION ALL ".join(parts) + " ORDER BY rule_id, row_id").to_arrow_table()
    by_entity: dict[str, pa.Table] = {}
    for entity in dict.fromkeys(rule.table for rule in rules):
        ids = [rule.id for rule in rules if rule.table == entity]
        mine = found.filter(pc.is_in(found["rule_id"], value_set=_texts(ids))).to_pylist()
        by_entity[entity] = findings(
            (row["row_id"], row["rule_id"], CATALOGUE[row["rule_id"]].fields[0]) for row in mine
        )
    return by_entity


def _texts(values: list[str]) -> "pa.Array":
    import pyarrow as pa

    return pa.array(values, pa.string())
