"""Tables between steps: Parquet files with the contract's columns, seen through DuckDB."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from validations.contracts.derive import SQL_TYPES, arrow_schema
from validations.contracts.model import Table
from validations.contracts.tables import TABLES

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


def connect(
    scratch: Path, *, database: Path | None = None, read_only: bool = False
) -> "duckdb.DuckDBPyConnection":
    """A DuckDB connection that spills to `scratch`; in memory when no database is named."""
    import duckdb

    scratch.mkdir(parents=True, exist_ok=True)
    settings: dict[str, str | bool | int | float | list[str]] = {
        "temp_directory": str(scratch),
        "preserve_insertion_order": "false",
        "memory_limit": "4GB",
    }
    return duckdb.connect(str(database) if database else ":memory:", read_only=read_only, config=settings)


def write_table(data: "pa.Table", path: Path) -> None:
    """Write one table as Parquet."""
    import pyarrow.parquet

    path.parent.mkdir(parents=True, exist_ok=True)
    # these columns are read whole: without dictionaries and statistics they are smaller and cost a third less
    pyarrow.parquet.write_table(data, path, compression="zstd", use_dictionary=False, write_statistics=False)


def export_table(con: "duckdb.DuckDBPyConnection", name: str, path: Path) -> None:
    """Write a DuckDB table as Parquet in the order of its key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    order = ", ".join(f'"{column}"' for column in TABLES[name].key)
    relation = con.sql(f'SELECT * FROM "{name}" ORDER BY {order}')  # noqa: S608 - names of the contract
    relation.write_parquet(str(path), compression="zstd")


def empty_table(table: Table) -> "pa.Table":
    """A table of the contract without rows."""
    return arrow_schema(table).empty_table()


def show(con: "duckdb.DuckDBPyConnection", table: Table, paths: Iterable[Path], *, name: str = "") -> None:
    """Make Parquet files visible in `con` under the contract name, or `name`; no file makes an empty view."""
    name = name or table.name
    files = [str(path) for path in paths]
    if files:
        show_files(con, name, files)
        return
    columns = ", ".join(f'CAST(NULL AS {SQL_TYPES[f.kind]}) AS "{f.name}"' for f in table.fields)
    con.execute(f'CREATE OR REPLACE VIEW "{name}" AS SELECT {columns} WHERE FALSE').fetchall()


def show_files(con: "duckdb.DuckDBPyConnection", name: str, files: Iterable[Path | str]) -> None:
    """Make Parquet files visible in `con` as the view `name`."""
    # brackets, so that a folder called `a[1]` or `a*` is itself and not a pattern that other folders match
    con.read_parquet([re.sub(r"([*?\[])", r"[\1]", str(file)) for file in files]).create_view(
        name, replace=True
    )


def attach(con: "duckdb.DuckDBPyConnection", database: Path, name: str) -> None:
    """Attach a DuckDB file read-only under the name `name`."""
    path = str(database).replace("'", "''")
    con.execute(f"ATTACH '{path}' AS \"{name}\" (READ_ONLY)").fetchall()


def read_columns(path: Path, names: Iterable[str]) -> "pa.Table":
    """Some columns of a Parquet file; those it does not have are left out."""
    import pyarrow.parquet

    with pyarrow.parquet.ParquetFile(path) as file:
        present = set(file.schema_arrow.names)
        return file.read(columns=[name for name in names if name in present])
