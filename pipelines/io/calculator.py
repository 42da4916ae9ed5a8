"""A throw-away DuckDB for the rules of one centre: in memory, one thread (centres run side by side), no file access."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb


@contextmanager
def calculator() -> Iterator["duckdb.DuckDBPyConnection"]:
    """An empty connection, closed at the end of the block."""
    import duckdb

    con = duckdb.connect(":memory:", config={"threads": 1, "enable_external_access": "false"})
    try:
        yield con
    finally:
        con.close()
