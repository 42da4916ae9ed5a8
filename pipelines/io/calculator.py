"""A throw-away DuckDB for the rules of one centre: in memory, one thread (centres run side by side), no file access.

A process opens DuckDB once, which takes longer than most centres' rules; each centre gets an empty database in it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

_NUMBERS = count()


@cache
def _engine() -> "duckdb.DuckDBPyConnection":
    import duckdb

    return duckdb.connect(":memory:", config={"threads": 1, "enable_external_access": "false"})


@contextmanager
def calculator() -> Iterator["duckdb.DuckDBPyConnection"]:
    """An empty connection, closed at the end of the block."""
    con, name = _engine().cursor(), f"centre_{next(_NUMBERS)}"
    con.execute(f"ATTACH ':memory:' AS {name}")
    con.execute(f"USE {name}")
    try:
        yield con
    finally:
        con.close()
        _engine().execute(f"DETACH {name}")
