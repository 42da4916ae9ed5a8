"""A throw-away DuckDB for the rules of one centre: in memory, one thread (centres run side by side), no file access.

A process opens one database and each centre a connection of its own: what a connection registers ends with it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@cache
def _database() -> "duckdb.DuckDBPyConnection":
    import duckdb

    return duckdb.connect(":memory:", config={"threads": 1, "enable_external_access": "false"})


@contextmanager
def calculator() -> Iterator["duckdb.DuckDBPyConnection"]:
    """An empty connection, closed at the end of the block."""
    con = _database().cursor()
    try:
        yield con
    finally:
        con.close()
