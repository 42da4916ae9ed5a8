"""Schemas in PostgreSQL: a name that could be two things, or be cut, is refused before the server is asked."""

import pytest

from pipelines.errors import WarehouseError
from pipelines.io.postgres import _Names, has_snapshot, load


@pytest.mark.parametrize(
    ("network", "snapshot", "stable", "own"),
    [
        ("netsarc", 1, "reseau_netsarc", "reseau_netsarc_s0001"),
        ("netsarc", 9999, "reseau_netsarc", "reseau_netsarc_s9999"),
        ("netsarc", 10000, "reseau_netsarc", "reseau_netsarc_s10000"),
        ("fem_net2", 7, "reseau_fem_net2", "reseau_fem_net2_s0007"),
        ("a", 0, "reseau_a", "reseau_a_s0000"),
        ("a_s", 1, "reseau_a_s", "reseau_a_s_s0001"),
        ("a_s12", 1, "reseau_a_s12", "reseau_a_s12_s0001"),
        ("x" * 50, 1, "reseau_" + "x" * 50, "reseau_" + "x" * 50 + "_s0001"),
    ],
)
def test_the_schemas_of_a_network(network: str, snapshot: int, stable: str, own: str):
    names = _Names(network, snapshot)
    assert (names.stable, names.own) == (stable, own)
    assert len(own) <= 63


@pytest.mark.parametrize(
    "network",
    [
        "",
        "A",
        "Netsarc",
        "1a",
        "_a",
        "a-b",
        "a b",
        "a.b",
        "é",
        'a"b',
        "a'b",
        "a;b",
        'a"; DROP SCHEMA x; --',
        "a\n",
        "a\0",
        "a%s",
    ],
)
def test_a_name_that_needs_quotes_is_refused(network: str):
    with pytest.raises(WarehouseError, match="cannot name a schema"):
        _Names(network, 1)


@pytest.mark.parametrize("network", ["x" * 51, "x" * 57, "x" * 200])
def test_a_name_that_the_server_would_cut_is_refused(network: str):
    with pytest.raises(WarehouseError, match="cannot name a schema"):
        _Names(network, 1)


@pytest.mark.parametrize("network", ["netsarc_s0007", "netsarc_s12345", "a_s0000"])
def test_a_name_that_is_the_snapshot_of_another_network_is_refused(network: str):
    with pytest.raises(WarehouseError, match="cannot name a schema"):
        _Names(network, 1)


def test_each_network_has_its_own_lock_whatever_the_snapshot():
    locks = {
        _Names(network, snapshot).lock for network in ("netsarc", "femnet", "glio") for snapshot in (1, 2)
    }
    assert len(locks) == 3
    assert all(-(2**63) <= lock < 2**63 for lock in locks)


@pytest.mark.parametrize("url", ["", "no url", "://", "postgresql://["])
@pytest.mark.parametrize(
    "ask",
    [
        lambda url, file: load(url, file, network_id="n", snapshot=1, content_hash="c"),
        lambda url, file: has_snapshot(url, network_id="n", content_hash="c"),
    ],
)
def test_an_address_that_is_none_is_refused(tmp_path, url: str, ask):
    with pytest.raises(WarehouseError):
        ask(url, tmp_path / "w.duckdb")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://user:topsecret@127.0.0.1:1/base",
        "postgresql+psycopg://user:topsecret@127.0.0.1:1/base",
        "postgresql://user:top%2Fsecret@127.0.0.1:1/base?connect_timeout=2",
    ],
)
def test_a_password_is_never_told(tmp_path, url: str):
    with pytest.raises(WarehouseError, match="PostgreSQL refused") as refused:
        has_snapshot(url, network_id="n", content_hash="c")
    assert refused.value.where == "127.0.0.1:1/base"
    assert "secret" not in str(refused.value)
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__
