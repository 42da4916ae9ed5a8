"""Running the SQL files of this stage: working tables of the connection, and tables of the contract."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pipelines.io.share import read_sql
from validations.contracts.derive import ddl
from validations.contracts.tables import TABLES

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


def sql(name: str) -> str:
    """The text of one SQL file of this stage."""
    return read_sql("harmonise", f"{name}.sql")


def create(con: "duckdb.DuckDBPyConnection", name: str) -> None:
    """Make the working table that `sql/harmonise/<name>.sql` defines; it lives as long as the connection."""
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {sql(name)}").fetchall()


def keep(con: "duckdb.DuckDBPyConnection", name: str, data: "pa.Table") -> None:
    """Make a working table from Arrow data."""
    con.register("kept", data)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM kept").fetchall()  # noqa: S608 - our names
    con.unregister("kept")


def keep_values(con: "duckdb.DuckDBPyConnection", name: str, column: str, values: Iterable[str]) -> None:
    """Make a working table of one text column: a list that a query compares with."""
    import pyarrow as pa

    keep(con, name, pa.table({column: pa.array(list(values), pa.string())}))


def fill(con: "duckdb.DuckDBPyConnection", table: str, select: str) -> None:
    """Make a table of the contract from a query that gives its columns by name."""
    columns = ", ".join(f'"{column}"' for column in TABLES[table].columns)
    con.execute(ddl(TABLES[table])).fetchall()
    con.execute(f'INSERT INTO "{table}" SELECT {columns} FROM ({select})').fetchall()  # noqa: S608 - names of the contract


def count(con: "duckdb.DuckDBPyConnection", table: str) -> int:
    """The number of rows of a table or view."""
    found = con.execute(f'SELECT count(*) FROM "{table}"').fetchone()  # noqa: S608 - names of the contract
    return int(found[0]) if found else 0
