"""What several unit tests share because making it takes seconds."""

import shutil
from pathlib import Path

import pytest

from pipelines.io.ledger import Ledger
from tests import small_network
from tests.small_network import SmallNetwork


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> SmallNetwork:
    """The small network after its first night. It is only read: a test that changes it takes a copy."""
    return small_network.published_network(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="session")
def empty_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger in which nothing is yet, of the key `k`, to be copied: making its tables waits for the disk."""
    path = tmp_path_factory.mktemp("ledger") / "ledger.sqlite"
    Ledger(f"sqlite:///{path}", key_fingerprint="k").close()
    return path


@pytest.fixture
def ledger_file(empty_ledger: Path, tmp_path: Path) -> Path:
    """An empty ledger of the test's own."""
    return Path(shutil.copy(empty_ledger, tmp_path / "ledger.sqlite"))
