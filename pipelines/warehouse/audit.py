"""The audit of a new warehouse: it is read back from the closed file, and one problem is enough not to publish.

A problem names a table, a check and a count: never a row.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from pipelines.account import Account
from pipelines.io.share import sql_files
from pipelines.io.warehouse import content_hash
from validations.contracts.derive import SQL_TYPES
from validations.contracts.entities import ENTITIES, EVENT_ENTITIES
from validations.contracts.model import Sensitivity, Table
from validations.contracts.tables import TABLES, WAREHOUSE

if TYPE_CHECKING:
    import duckdb

__all__ = ["audit", "content_hash"]

#: Column → the dimension or fact where its value must be found.
REFERENCES = {
    "tumour_id": ("fct_tumour", "tumour_id"),
    "patient_id": ("dim_patient", "patient_id"),
    "centre_id": ("dim_centre", "centre_id"),
    "delivery_id": ("dim_delivery", "delivery_id"),
    "period_id": ("dim_period", "period_id"),
    "morphology": ("dim_diagnosis", "morphology"),
    "initial_morphology": ("dim_diagnosis", "morphology"),
    "expert_morphology": ("dim_diagnosis", "morphology"),
    "topography": ("dim_topography", "topography"),
    "facility_id": ("dim_facility", "facility_id"),
    "first_surgery_facility_id": ("dim_facility", "facility_id"),
    "diagnosis_date": ("dim_date", "day"),
    "first_surgery_date": ("dim_date", "day"),
}
#: A pseudonym as `pipelines.keys` makes it; anything else in these columns may be a local id that leaked.
PSEUDONYM = "[0-9a-f]{32}"
_IDENTITY = frozenset(
    f.name for fields in ENTITIES.values() for f in fields if f.sensitivity is Sensitivity.IDENTITY
)


def _number(con: "duckdb.DuckDBPyConnection", query: str) -> int:
    return int(con.execute(query).fetchall()[0][0] or 0)


def _objects(con: "duckdb.DuckDBPyConnection") -> Iterator[str]:
    """Exactly the tables of the contract and our views, with exactly their columns and types."""
    query = """
        SELECT if(schema_name = 'main', '', schema_name || '.') || table_name, column_name, data_type
        FROM duckdb_columns() WHERE database_name = current_database() AND NOT internal
        ORDER BY table_name, column_index
    """
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in con.execute(query).fetchall():
        found.setdefault(table, {})[column] = kind
    views = {path.stem for path in sql_files("views")}
    for name in sorted(found.keys() - TABLES.keys() - views):
        yield f"{name}: not an object of the warehouse"
    yield from (f"{name}: the view is missing" for name in sorted(views - found.keys()))
    for name in sorted(found):
        if name in TABLES and TABLES[name] not in WAREHOUSE:
            yield f"{name}: a table of an earlier zone"
        yield from (
            f"{name}.{column}: an identity field" for column in sorted(found[name].keys() & _IDENTITY)
        )
    for table in WAREHOUSE:
        expected = {f.name: SQL_TYPES[f.kind].removesuffix(" PRECISION") for f in table.fields}
        if list(found.get(table.name, {}).items()) != list(expected.items()):
            yield f"{table.name}: its columns or their types are not those of the contract"


def _rows(con: "duckdb.DuckDBPyConnection", table: Table) -> Iterator[str]:
    """No mandatory column is empty, no key is there twice."""
    mandatory = sorted(table.mandatory)
    counts = ", ".join(f'count(*) - count("{column}")' for column in mandatory)
    key = ", ".join(f'"{column}"' for column in table.key)
    empty = con.execute(f'SELECT {counts} FROM "{table.name}"').fetchall()[0]  # noqa: S608
    for column, missing in zip(mandatory, empty, strict=True):
        if missing:
            yield f"{table.name}.{column}: {missing} rows are empty"
    twice = _number(con, f'SELECT count(*) - count(DISTINCT ({key})) FROM "{table.name}"')  # noqa: S608
    if twice:
        yield f"{table.name}: {twice} rows repeat a key"


def _references(con: "duckdb.DuckDBPyConnection", table: Table) -> Iterator[str]:
    """Every reference finds its row; a pseudonym looks like one."""
    for column, (target, key) in REFERENCES.items():
        if column not in table.columns or table.name == target:
            continue
        lost = _number(
            con,
            f'SELECT count(*) FROM "{table.name}" WHERE "{column}" IS NOT NULL'  # noqa: S608
            f' AND "{column}" NOT IN (SELECT "{key}" FROM "{target}")',
        )
        if lost:
            yield f"{table.name}.{column}: {lost} rows are not in {target}"
    for column in ("patient_id", "alias_patient_id", "tumour_id"):
        if column in table.columns:
            odd = (
                f"SELECT count(*) FROM \"{table.name}\" WHERE NOT regexp_full_match({column}, '{PSEUDONYM}')"  # noqa: S608
            )
            if wrong := _number(con, odd):
                yield f"{table.name}.{column}: {wrong} rows do not hold a pseudonym"


_SUMS = {
    "ind_conformity: achieved + not achieved + missing is not eligible": """
        SELECT count(*) FROM ind_conformity
        WHERE achieved_count + not_achieved_count + missing_count <> eligible_count
            OR least(achieved_count, not_achieved_count, missing_count) < 0
    """,
    "ind_conformity: the centres or the places do not add up to all": """
        SELECT count(*)
        FROM ind_conformity AS whole
        CROSS JOIN (VALUES ('centre'), ('place')) AS kind (part_kind)
        LEFT JOIN (
            SELECT
                indicator_id, period_id, group_kind,
                [sum(eligible_count), sum(achieved_count), sum(missing_count)] AS total
            FROM ind_conformity GROUP BY ALL
        ) AS part
            ON part.indicator_id = whole.indicator_id AND part.period_id = whole.period_id
                AND part.group_kind = part_kind
        WHERE whole.group_kind = 'all' AND coalesce(part.total, [0, 0, 0])
            <> [whole.eligible_count, whole.achieved_count, whole.missing_count]
    """,
    "ind_conformity: not the tumours of fct_indicator": """
        SELECT count(*)
        FROM (SELECT * FROM ind_conformity WHERE group_kind = 'all') AS result
        FULL JOIN (
            SELECT indicator_id, period_id, count(*) AS n, count(*) FILTER (WHERE is_achieved) AS k
            FROM fct_indicator GROUP BY ALL
        ) AS tumour USING (indicator_id, period_id)
        WHERE coalesce(eligible_count, -1) <> coalesce(n, 0) OR coalesce(achieved_count, -1) <> coalesce(k, 0)
    """,
    "fct_indicator: a reason without an unknown, or the reverse": """
        SELECT count(*) FROM fct_indicator WHERE (is_achieved IS NULL) <> (reason_unknown IS NOT NULL)
    """,
    "fct_indicator: a tumour that is not an incident case of its period": """
        SELECT count(*) FROM fct_indicator AS result INNER JOIN fct_tumour AS tumour USING (tumour_id)
        WHERE NOT tumour.is_incident OR result.period_id IS DISTINCT FROM tumour.period_id
    """,
    "fct_linkage: a count above its total": """
        SELECT count(*) FROM fct_linkage WHERE item_count > total_count
    """,
    "fct_linkage: a group that is neither all nor a centre": """
        SELECT count(*) FROM fct_linkage
        WHERE NOT (group_kind = 'all' AND group_id = 'all'
            OR group_kind = 'centre' AND group_id IN (SELECT centre_id FROM dim_centre))
    """,
    "fct_linkage: the records of the centres do not add up to all": """
        SELECT count(*) FROM (
            SELECT category
            FROM fct_linkage WHERE measure = 'record_check'
            GROUP BY category
            HAVING sum(if(group_kind = 'all', item_count, -item_count)) <> 0
                OR sum(if(group_kind = 'all', total_count, -total_count)) <> 0
        )
    """,
    "dim_patient_alias: an alias of one patient is another patient": """
        SELECT count(*) FROM dim_patient_alias AS alias
            INNER JOIN dim_patient AS patient ON alias.alias_patient_id = patient.patient_id
    """,
    "fct_tumour: a patient with two incident tumours": """
        SELECT count(*) - count(DISTINCT patient_id) FROM fct_tumour WHERE is_incident
    """,
}  # fmt: skip


def _sums(con: "duckdb.DuckDBPyConnection") -> Iterator[str]:
    for check, query in _SUMS.items():
        if wrong := _number(con, query):
            yield f"{check}: {wrong} rows"


def _conservation(con: "duckdb.DuckDBPyConnection", accounts: Iterable[Account]) -> Iterator[str]:
    """The file holds the rows that the accounts announce, and its facts stand for every declaration."""
    declared = {f"fct_{entity}" for entity in EVENT_ENTITIES}
    accounts = list(accounts)
    counted = {"dim_patient", "fct_tumour", "fct_finding", *declared}
    yield from (f"{name}: no account of its rows" for name in sorted(counted - {a.table for a in accounts}))
    for account in accounts:
        rows = _number(con, f'SELECT count(*) FROM "{account.table}"')  # noqa: S608
        if rows != account.rows_out:
            yield f"{account.table}: {rows} rows, the account says {account.rows_out}"
        if account.table in declared:
            stated = _number(con, f'SELECT sum(declaration_count) FROM "{account.table}"')  # noqa: S608
            if stated != account.rows_in:
                yield f"{account.table}: {stated} declarations, {account.rows_in} were received"


def audit(con: "duckdb.DuckDBPyConnection", *, accounts: Iterable[Account]) -> list[str]:
    """What is wrong with the warehouse that `con` has open; nothing in a sound one. `accounts` are the build's."""
    problems = list(_objects(con))
    if problems:
        return problems  # the other checks suppose the tables
    for table in WAREHOUSE:
        problems += _rows(con, table)
        problems += _references(con, table)
    problems += _sums(con)
    problems += _conservation(con, accounts)
    return problems
