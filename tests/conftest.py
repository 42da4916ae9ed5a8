"""What every test may use: a throw-away registry key and both warehouse engines."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import duckdb
import pytest

from pipelines.log import LOGGER

if TYPE_CHECKING:
    from pipelines.warehouse.expectations_process import ExpectationsProcess

KEY = bytes(range(32))
GZIP = b"\x1f\x8b"


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name compressed bytes by their argument: they hold the second they were made in, which differs by worker."""
    return argname if isinstance(val, bytes) and GZIP in val else None


#: The files that take longest: begun first, so that no worker is left with one of them at the end.
LONGEST = (
    "tests/web/test_quality_portal.py",
    "tests/acceptance/test_clean_network.py",
    "tests/acceptance/test_faulty_network.py",
    "tests/unit/cli/test_check.py",
    "tests/acceptance/test_new_centre.py",
    "tests/spec/test_agreement.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Order the files by how long they take; the order within a file stays."""
    rank = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: rank.get(item.location[0], len(rank)))


@pytest.fixture(autouse=True)
def _log_as_before() -> Iterator[None]:
    """Leave our log as it was: the command line takes it from the root logger, for the whole process."""
    handlers, level, propagate = list(LOGGER.handlers), LOGGER.level, LOGGER.propagate
    yield
    LOGGER.handlers[:] = handlers
    LOGGER.setLevel(level)
    LOGGER.propagate = propagate


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


@pytest.fixture(scope="session")
def expectations_child() -> "Iterator[ExpectationsProcess]":
    """Great Expectations in a process of its own: it takes one job after the other, and importing takes seconds."""
    from pipelines.warehouse.expectations_process import start

    process = start()
    yield process
    process.close()
