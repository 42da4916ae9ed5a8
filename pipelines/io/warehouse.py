"""What both engines say of a warehouse: its tables and a hash of their content.

The hash depends on the rows alone: not on their order, the engine or its version.
"""

import hashlib
from typing import TYPE_CHECKING

from validations.contracts.model import Table
from validations.contracts.tables import WAREHOUSE

if TYPE_CHECKING:
    import duckdb


def table_hash(con: "duckdb.DuckDBPyConnection", table: Table, *, relation: str | None = None) -> str:
    """Rows and hash of one table, `rows:sum`; `relation` names what is read when it is not the table itself."""
    columns = ", ".join(f'"{column}"' for column in table.columns)
    # a sum of 64-bit digests: the same for the same rows in any order, and a row written twice counts twice
    query = f"""
        SELECT count(*), coalesce(sum(CAST(md5_number_lower(CAST(to_json(content) AS VARCHAR)) AS HUGEINT)), 0)
        FROM (SELECT {columns} FROM "{relation or table.name}") AS content
    """  # noqa: S608 - names of the contract
    rows, digest = con.execute(query).fetchall()[0]
    return f"{rows}:{digest}"


def content_hash(con: "duckdb.DuckDBPyConnection") -> str:
    """SHA-256 over the hashes of every table of the warehouse that `con` has open."""
    lines = (f"{table.name} {table_hash(con, table)}\n" for table in WAREHOUSE)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
