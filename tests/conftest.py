"""What every test may use: a throw-away registry key and both warehouse engines."""

from collections.abc import Iterator

import duckdb
import pytest

KEY = bytes(range(32))


@pytest.fixture
def key() -> bytes:
    """A pseudonym key that is only ever used in tests."""
    return KEY


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    """An empty in-memory DuckDB."""
    connection = duckdb.connect()
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server for the session."""
    from tests.postgres import server

    with server(tmp_path_factory.mktemp("postgres")) as url:
        yield url
