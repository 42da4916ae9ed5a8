"""An empty ledger in a file of its own, by its address."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.io.ledger import Ledger


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.sqlite'}"


@pytest.fixture
def ledger(ledger_file: Path) -> Iterator[Ledger]:
    with Ledger(f"sqlite:///{ledger_file}", key_fingerprint="k") as found:
        yield found
