"""Rules on several tables of one centre, all in one query, once every entity passed the gate.

A rule reads the rows that the gate kept: `kept_<entity>`, each date with its last possible day (`<date>_latest`), and

- `first_surgery`, one row per tumour whose first act on the primary is dated: `first_date` and `first_latest` are its
  earliest and its last possible day. A tumour with an undated act that may be the first has none: nothing is certain.
- `death`, one row per patient with a date of death: `death_latest` is the last possible day of all that are given,
  `first_death_latest` the last possible day of the earliest.
- `tumour_pair`, the tumours of one patient two by two (`validations/rules/tumour_groups.py`).
- `export_day`, the declared day `as_of` of each `delivery_id` that has one.

A query gives the `row_id` of each row that the rule concerns, once, and `is_violated`: true, false, or NULL where a
value that it needs is missing.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from validations.contracts.entities import ENTITIES
from validations.result import findings, rule_result, rule_results
from validations.rules.catalogue import CATALOGUE, cross_table_rules
from validations.rules.model import Rule
from validations.rules.tumour_groups import TUMOUR_PAIR
from validations.scan import Scan, with_latest

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
    SELECT local_patient_id, max(death_date_latest) AS death_latest, min(death_date_latest) AS first_death_latest
    FROM kept_follow_up
    WHERE death_date IS NOT NULL
    GROUP BY local_patient_id
"""


def scan_across(
    con: "duckdb.DuckDBPyConnection", *, as_of: Mapping[str, dt.date | None], mapped: Collection[str]
) -> dict[str, Scan]:
    """The findings and results of the cross-table rules by entity; `con` holds every `val_<entity>` that the gate kept.

    A rule whose query fails in the database ends as `error`; the others are asked all the same.
    """
    import pyarrow as pa

    rules = cross_table_rules(mapped)
    if not rules:
        return {}
    for entity in ENTITIES:
        con.execute(f"CREATE OR REPLACE TEMP TABLE kept_{entity} AS {with_latest(entity)}")
    dated = {delivery: day for delivery, day in as_of.items() if day is not None}
    days = {"delivery_id": pa.array(dated, pa.string()), "as_of": pa.array(dated.values(), pa.date32())}
    con.register("export_day", pa.table(days))
    relations = {"first_surgery": _FIRST_SURGERY, "death": _DEATH, "tumour_pair": TUMOUR_PAIR}
    for name, query in relations.items():
        con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {query}")
    errors = _answer(rules, con)
    found, results = _broken(con), _results(rules, errors, con)
    return {
        entity: Scan(findings=_of(entity, found), results=rule_results(results[entity]))
        for entity in dict.fromkeys(rule.table for rule in rules)
    }


def _answer(rules: list[Rule], con: "duckdb.DuckDBPyConnection") -> dict[str, str]:
    """Write the answers to all rules into the table `answer`; returns the kind of error of those that have none."""
    import duckdb

    try:
        con.execute(f"CREATE OR REPLACE TEMP TABLE answer AS {_union(rules)}")
    except duckdb.Error:  # one of them: find which, and go on without it
        errors = dict(_errors(rules, con))
        asked = [rule for rule in rules if rule.id not in errors]
        con.execute(f"CREATE OR REPLACE TEMP TABLE answer AS {_union(asked)}")
        return errors
    return {}


def _broken(con: "duckdb.DuckDBPyConnection") -> "pa.Table":
    """The findings of all rules (row_id, rule_id, field), rule by rule."""
    import pyarrow as pa
    import pyarrow.compute as pc

    query = "SELECT row_id, rule_id FROM answer WHERE is_violated ORDER BY rule_id, row_id"
    found = con.execute(query).to_arrow_table()
    fields = {rule_id: CATALOGUE[rule_id].fields[0] for rule_id in pc.unique(found["rule_id"]).to_pylist()}
    places = pc.index_in(found["rule_id"], value_set=pa.array(fields, pa.string()))
    return found.append_column("field", pa.array(fields.values(), pa.string()).take(places.combine_chunks()))


def _of(entity: str, found: "pa.Table") -> "pa.Table":
    """The findings of the rules on one entity."""
    import pyarrow as pa
    import pyarrow.compute as pc

    ids = [rule.id for rule in CATALOGUE.values() if rule.table == entity]
    mine = found.filter(pc.is_in(found["rule_id"], value_set=pa.array(ids, pa.string())))
    return mine.cast(findings().schema)


def _results(
    rules: list[Rule], errors: Mapping[str, str], con: "duckdb.DuckDBPyConnection"
) -> dict[str, list[dict[str, str | int | None]]]:
    """The lines of `rule_results` by entity: rows that a query does not give are not concerned."""
    counted = con.execute(
        "SELECT rule_id, count(*), count(*) FILTER (WHERE is_violated IS NULL), count(*) FILTER (WHERE is_violated)"
        " FROM answer GROUP BY rule_id"
    ).fetchall()
    counts = {rule_id: numbers for rule_id, *numbers in counted}
    rows = _row_counts({rule.table for rule in rules}, con)
    results: dict[str, list[dict[str, str | int | None]]] = {}
    for rule in rules:
        concerned, unknown, failed = counts.get(rule.id, (0, 0, 0))
        n_rows = rows[rule.table]
        results.setdefault(rule.table, []).append(
            rule_result(rule.id, rule.table, rows=n_rows, not_applicable=n_rows - concerned, unknown=unknown,
                        failed=failed, error=errors.get(rule.id, ""))
        )  # fmt: skip
    return results


def _row_counts(entities: Iterable[str], con: "duckdb.DuckDBPyConnection") -> dict[str, int]:
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM kept_{name}" for name in sorted(entities))  # noqa: S608
    return dict(con.execute(counts).fetchall())


def _union(rules: Iterable[Rule]) -> str:
    parts = [
        f"SELECT '{rule.id}' AS rule_id, row_id, is_violated FROM ({rule.query}) AS answer"  # noqa: S608
        for rule in rules
    ]
    none = (
        "SELECT NULL::VARCHAR AS rule_id, NULL::VARCHAR AS row_id, NULL::BOOLEAN AS is_violated WHERE FALSE"
    )
    return " UNION ALL ".join([*parts, none])


def _errors(rules: Iterable[Rule], con: "duckdb.DuckDBPyConnection") -> Iterator[tuple[str, str]]:
    import duckdb

    for rule in rules:
        try:
            con.execute(_union([rule])).fetchall()
        except duckdb.Error as problem:  # its message may hold a value
            yield rule.id, type(problem).__name__
