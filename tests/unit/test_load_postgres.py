"""After the load of a snapshot into PostgreSQL the expectations are asked there; one that fails keeps the old views."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from pipelines import publish
from pipelines.errors import AuditError
from pipelines.run import Run
from pipelines.warehouse import expectations_process
from tests import small_network
from tests.small_network import NETWORK, Expectations, SmallNetwork

pytestmark = pytest.mark.postgres
SCHEMA = f"reseau_{NETWORK}"


@pytest.fixture
def url(postgres_url: str) -> Iterator[str]:
    """The server, without what other tests loaded."""
    yield postgres_url
    with psycopg.connect(postgres_url, autocommit=True) as con:
        for name in (SCHEMA, f"{SCHEMA}_s0001"):
            con.execute(f'DROP SCHEMA IF EXISTS "{name}" CASCADE')


@pytest.fixture
def net(first: SmallNetwork, tmp_path: Path) -> Iterator[SmallNetwork]:
    with small_network.in_force(small_network.copied(first, tmp_path / "net")) as network:
        yield network


def load(net: SmallNetwork, url: str, monkeypatch: pytest.MonkeyPatch, *failing: str) -> Expectations:
    """Load the published snapshot, with expectations that fail on these tables; returns who was asked."""
    asked = Expectations(*failing)
    monkeypatch.setattr(expectations_process, "start", lambda: asked)
    with net.open() as registry:
        publish.load_postgres(registry, Run(run_id=9, inbox=net.inbox, warehouse=url))
    return asked


def kept(net: SmallNetwork) -> list[tuple[object, ...]]:
    with net.open() as registry:
        rows = registry.ledger.expectations(NETWORK).of_run(9)
    return [(row["engine"], row["snapshot"], row["table_name"], row["success"]) for row in rows]


def shows(url: str) -> bool:
    """True when a stable view of the network is there."""
    with psycopg.connect(url) as con:
        return bool(con.execute("SELECT 1 FROM pg_views WHERE schemaname = %s", [SCHEMA]).fetchone())


def docs(net: SmallNetwork) -> Path:
    return net.current() / publish.SERVER_EXPECTATIONS_FOLDER


def test_the_schema_of_the_snapshot_is_asked_and_its_documents_lie_beside_the_file(net, url, monkeypatch):
    asked = load(net, url, monkeypatch)
    assert (asked.schema, asked.is_closed) == (f"{SCHEMA}_s0001", True)
    assert shows(url)
    assert (docs(net) / "index.html").is_file()
    with net.open() as registry:
        steps = [step["step"] for step in registry.ledger.steps(9)]
    assert steps == ["expectations_postgres", "load_postgres"]


def test_an_expectation_that_fails_there_is_kept_and_shows_nothing(net, url, monkeypatch):
    with pytest.raises(AuditError, match=r"1 expectations failed on fct_tumour \(postgresql\).*Data Docs"):
        load(net, url, monkeypatch, "fct_tumour")
    assert kept(net) == [("postgresql", 1, "fct_tumour", False)]
    assert not shows(url)
    assert not docs(net).exists()


def test_the_next_night_asks_again_and_shows_it(net, url, monkeypatch):
    with pytest.raises(AuditError):
        load(net, url, monkeypatch, "fct_tumour")
    assert load(net, url, monkeypatch).was_asked
    assert kept(net) == []
    assert shows(url)


def test_what_is_loaded_already_is_not_asked_again(net, url, monkeypatch):
    load(net, url, monkeypatch)
    assert not load(net, url, monkeypatch, "fct_tumour").was_asked
