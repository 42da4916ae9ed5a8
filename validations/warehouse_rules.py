"""The record rules that can be asked of the warehouse, and the question: one SQL for DuckDB and PostgreSQL.

The SQL of a rule names columns of `val_<entity>`. It is asked of the fact of that entity when the contract declares
every field that it reads there too, the very same: for the fact itself, for `dim_patient` as `patient.` and for
`fct_tumour` as `tumour.`. So these are left out without a list: rules on written codes and labels (the warehouse has
the harmonised `morphology` and `topography`), on identities and birth dates (it has a year and a month), on free text
(drugs, place of surgery, CCAM), and those on the day of the export where a row has no delivery of its own (tumours,
patients). A row is not what a centre wrote: a patient and a tumour stand for all their records, an act that two
centres declared is one row with the export day of its first declaration, a patient without a history is a row too.
"""

import json
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from validations.contracts.entities import ENTITIES, EVENT_ENTITIES, PATIENT_ENTITIES
from validations.contracts.event_tables import dated
from validations.contracts.model import Table
from validations.contracts.tables import TABLES
from validations.rules.catalogue import record_rules
from validations.rules.model import Rule

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

#: DuckDB reads a number of months with quotes or without them, PostgreSQL with them only.
_INTERVAL = re.compile(r"\bINTERVAL (\d+) ")


def fact_of(entity: str) -> Table:
    """The table of the warehouse that holds an entity."""
    return TABLES["dim_patient" if entity in PATIENT_ENTITIES else f"fct_{entity}"]


def survivors(entity: str) -> tuple[str, ...]:
    """The columns of an entity that its fact has unchanged; a date with its latest day and its precision."""
    fact = fact_of(entity)
    return tuple(part.name for field in ENTITIES[entity] for part in dated(field) if part in fact.fields)


def columns_read(rules: Iterable[Rule], con: "duckdb.DuckDBPyConnection") -> dict[str, frozenset[str]]:
    """The columns that the SQL of each record rule names, as it names them (`size_mm`, `patient.sex`), by rule id.

    `con` is any connection: the SQL is parsed, not executed. ValueError when it is no SQL.
    """
    found = {}
    for rule in rules:
        query = f"SELECT ({rule.applies_when}), ({rule.violated_when})"
        tree = json.loads(con.execute("SELECT json_serialize_sql(?)", [query]).fetchall()[0][0])
        if tree["error"]:
            raise ValueError(f"the SQL of {rule.id} cannot be parsed")
        found[rule.id] = frozenset(_named(tree))
    return found


def _named(tree: Any) -> set[str]:
    found: set[str] = set()
    if isinstance(tree, list):
        found.update(*map(_named, tree))
    elif isinstance(tree, dict):
        if tree.get("class") == "COLUMN_REF":
            found.add(".".join(tree["column_names"]))
        found.update(*map(_named, tree.values()))
    return found


def _parents(entity: str) -> dict[str, str]:
    parents = {"patient": "patient_identity"} if entity != "patient_identity" else {}
    return parents | ({"tumour": "tumour"} if entity in EVENT_ENTITIES else {})


def known_columns(entity: str) -> frozenset[str]:
    """Everything that a rule on an entity may read in the warehouse, as a rule names it."""
    known = {*survivors(entity)}
    for alias, parent in _parents(entity).items():
        known |= {f"{alias}.{column}" for column in survivors(parent)}
    return frozenset(known | ({"as_of"} if "delivery_id" in fact_of(entity).columns else set()))


def askable_rules(entity: str, con: "duckdb.DuckDBPyConnection") -> tuple[Rule, ...]:
    """The record rules of an entity that can be asked of the warehouse, in the order of their ids; `con` parses."""
    rules, known = record_rules(entity), known_columns(entity)
    read = columns_read(rules, con)
    return tuple(rule for rule in rules if read[rule.id] <= known)


def _relation(entity: str, alias: str, keys: tuple[str, ...], prefix: str) -> str:
    columns = ", ".join(dict.fromkeys((*keys, *survivors(entity))))
    return f'(SELECT {columns} FROM {prefix}"{fact_of(entity).name}") AS {alias}'  # noqa: S608 - names of the contract


def question(entity: str, rules: Sequence[Rule], *, schema: str | None = None) -> str:
    """SQL for both engines: one row per row of the fact of an entity, one column per rule.

    It is true where the row breaks the rule, false where it conforms, missing where it is not judged.
    """
    fact, prefix = fact_of(entity), f'"{schema}".' if schema else ""
    keys = tuple(k for k in (*fact.key, "patient_id", "tumour_id", "delivery_id") if k in fact.columns)
    joins = [f"FROM {_relation(entity, 'this', keys, prefix)}"]
    joins += [
        f"LEFT JOIN {_relation(parent, alias, (f'{alias}_id',), prefix)} USING ({alias}_id)"
        for alias, parent in _parents(entity).items()
    ]
    if "delivery_id" in keys:
        days = f"(SELECT delivery_id, exported_date AS as_of FROM {prefix}dim_delivery)"  # noqa: S608
        joins.append(f"LEFT JOIN {days} AS export_day USING (delivery_id)")
    asked = (
        f'CASE WHEN ({rule.applies_when}) THEN ({rule.violated_when}) END AS "{rule.id}"' for rule in rules
    )
    return _INTERVAL.sub(r"INTERVAL '\1' ", "\n".join(["SELECT", ",\n".join(asked), *joins]))


def answers(entity: str, rules: Sequence[Rule], con: "duckdb.DuckDBPyConnection") -> "pa.Table":
    """What the DuckDB warehouse of `con` answers. A rule that it cannot evaluate has no column."""
    import duckdb

    try:
        return con.execute(question(entity, rules)).to_arrow_table()
    except duckdb.Error:  # one of them: go on without it
        sound = [rule for rule in rules if _is_answered(entity, rule, con)]
        return con.execute(question(entity, sound)).to_arrow_table()


def _is_answered(entity: str, rule: Rule, con: "duckdb.DuckDBPyConnection") -> bool:
    import duckdb

    try:
        con.execute(question(entity, [rule])).fetchall()
    except duckdb.Error:  # its text may quote a value
        return False
    return True
