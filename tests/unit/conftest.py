"""What several unit tests share because making it takes seconds."""

import pytest

from tests import small_network
from tests.small_network import SmallNetwork


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> SmallNetwork:
    """The small network after its first night. It is only read: a test that changes it takes a copy."""
    return small_network.published_network(tmp_path_factory.mktemp("first"))
