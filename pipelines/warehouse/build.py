"""The star schema: one SQL file per table, in the order of their dependencies, into a new DuckDB file.

A fact holds each act once: what several centres declare of one tumour on one day is one row, and counts its
declarations. Nothing of the inputs stays in the file.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from pipelines.account import Account
from pipelines.config import Centre, Network
from pipelines.io.share import read_sql, sql_files
from pipelines.warehouse.configured import register
from validations.contracts.derive import ddl
from validations.contracts.entities import EVENT_ENTITIES
from validations.contracts.tables import WAREHOUSE

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

STEP = "warehouse"
FROM_CONFIGURATION = (
    "dim_network",
    "dim_centre",
    "dim_facility",
    "dim_diagnosis",
    "dim_topography",
    "dim_period",
    "dim_delivery",
)
#: What the gate said of the rows and of the rules, and the linkage of its pairs; `con` sees it without its prefix.
FROM_STEPS = ("fct_finding", "fct_rule_result", "fct_linkage")
FROM_DATA = (
    "dim_patient",
    "dim_patient_alias",
    *(f"fct_{entity}" for entity in EVENT_ENTITIES),
    "fct_tumour",
    *FROM_STEPS,
    "dim_date",
)
#: Where the rows of a table come from, for the accounts.
SOURCES = {
    "dim_patient": "har_patient",
    "fct_tumour": "har_tumour",
    **{f"fct_{entity}": f"har_{entity}" for entity in EVENT_ENTITIES},
    "fct_finding": "src_finding",
}


def _count(con: "duckdb.DuckDBPyConnection", name: str) -> int:
    return int(con.execute(f'SELECT count(*) FROM "{name}"').fetchall()[0][0])  # noqa: S608 - names of the contract


def _fill(con: "duckdb.DuckDBPyConnection", name: str) -> None:
    # by name: a column that moves in the contract cannot slip into another one
    con.execute(f'INSERT INTO "{name}" BY NAME {read_sql("warehouse", f"{name}.sql")}')


def _fill_indicators(con: "duckdb.DuckDBPyConnection", indicator_ids: Iterable[str]) -> None:
    import pyarrow as pa

    for indicator_id in indicator_ids:
        con.register("src_current_indicator", pa.table({"indicator_id": [indicator_id]}))
        query = read_sql("indicators", f"{indicator_id}.sql")
        con.execute(f"CREATE OR REPLACE TEMP VIEW indicator_result AS {query}")
        _fill(con, "fct_indicator")


def create_views(con: "duckdb.DuckDBPyConnection") -> None:
    """The analysts' views of `sql/views`."""
    for path in sql_files("views"):
        con.execute(f'CREATE VIEW "{path.stem}" AS {read_sql("views", path.name)}')


def _forget_inputs(con: "duckdb.DuckDBPyConnection") -> None:
    """A view of an input kept in the file would point out of the warehouse, into the integration zone."""
    ours = {path.stem for path in sql_files("views")}
    kept = con.execute(
        "SELECT view_name FROM duckdb_views() WHERE NOT internal AND NOT temporary"
        " AND database_name = current_database()"
    )
    for (name,) in kept.fetchall():
        if name not in ours:
            con.execute(f'DROP VIEW "{name}"')


def _accounts(con: "duckdb.DuckDBPyConnection") -> list[Account]:
    counted = {name: (_count(con, source), _count(con, name)) for name, source in SOURCES.items()}
    return [
        Account(step=STEP, table=name, rows_in=rows_in, rows_out=rows_out, rows_merged=rows_in - rows_out)
        for name, (rows_in, rows_out) in counted.items()
    ]


def build(
    con: "duckdb.DuckDBPyConnection",
    *,
    network: Network,
    centres: Mapping[str, Centre],
    facilities: "pd.DataFrame",
    diagnoses: "pd.DataFrame",
    topographies: "pd.DataFrame",
    deliveries: "pd.DataFrame",
    aliases: "pa.Table",
    today: dt.date,
) -> list[Account]:
    """Fill the new file of `con`, which sees `har_*` and what `FROM_STEPS` names: star schema and indicators.

    The frames and `aliases` have the columns of the dimensions they fill. ConfigError when one is missing.
    """
    con.register("src_patient_alias", aliases)
    register(
        con, network=network, centres=centres, facilities=facilities, diagnoses=diagnoses,
        topographies=topographies, deliveries=deliveries, today=today,
    )  # fmt: skip
    for name in FROM_STEPS:
        seen = name.removeprefix("fct_")
        con.execute(f"CREATE OR REPLACE TEMP VIEW src_{seen} AS SELECT * FROM {seen}")  # noqa: S608 - our own names
    for table in WAREHOUSE:
        con.execute(ddl(table))
    for name in (*FROM_CONFIGURATION, *FROM_DATA):
        _fill(con, name)
    _fill_indicators(con, network.indicators)
    _fill(con, "ind_conformity")
    accounts = _accounts(con)
    _forget_inputs(con)
    create_views(con)
    con.execute("CHECKPOINT")
    return accounts
