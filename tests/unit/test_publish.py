"""What a snapshot says of its sources."""

from pathlib import Path

from pipelines.centre_work import MANIFEST
from pipelines.delivery import Delivery
from pipelines.io.home import write_pointer
from pipelines.publish import _deliveries
from pipelines.registry import Registry, open_registry
from tests.intakes import use

NETWORK, CENTRE = "netsarc", "curie"


def delivery(delivery_id: str) -> Delivery:
    facts = {"file_name": f"{delivery_id}.csv", "content_hash": delivery_id * 4, "size": 1, "file_index": 0}
    return Delivery(delivery_id=delivery_id, centre_id=CENTRE, **facts)


def stage(registry: Registry, fingerprint: str, *delivery_ids: str) -> None:
    """Make an accepted staging of these deliveries the centre's current one."""
    ids = ", ".join(f'"{each}"' for each in delivery_ids)
    manifest = f'{{"is_accepted": true, "delivery_ids": [{ids}], "accounts": [], "refusals": []}}'
    write_pointer(registry.centre_folder(CENTRE, fingerprint, MANIFEST), manifest)
    write_pointer(registry.centre_folder(CENTRE, "current"), fingerprint)


def sources(registry: Registry) -> list[str]:
    return _deliveries(registry)["delivery_id"].tolist()


def test_a_snapshot_names_the_deliveries_that_its_rows_come_from(tmp_path: Path):
    with open_registry(NETWORK, tmp_path) as registry:
        use(registry.ledger, NETWORK, [delivery("b"), delivery("a")])
        stage(registry, "f1", "a", "b")
        assert sources(registry) == ["a", "b"]


def test_a_refused_newer_delivery_leaves_the_last_accepted_as_the_source(tmp_path: Path):
    with open_registry(NETWORK, tmp_path) as registry:
        use(registry.ledger, NETWORK, [delivery("a")])
        stage(registry, "f1", "a")
        use(registry.ledger, NETWORK, [delivery("b")])  # newer, and refused when it was staged
        assert sources(registry) == ["a"]


def test_an_accepted_newer_delivery_replaces_the_older(tmp_path: Path):
    with open_registry(NETWORK, tmp_path) as registry:
        for fingerprint, delivery_id in (("f1", "a"), ("f2", "b")):
            use(registry.ledger, NETWORK, [delivery(delivery_id)])
            stage(registry, fingerprint, delivery_id)
        assert sources(registry) == ["b"]


def test_a_centre_that_was_never_accepted_is_no_source(tmp_path: Path):
    with open_registry(NETWORK, tmp_path) as registry:
        use(registry.ledger, NETWORK, [delivery("a")])
        assert sources(registry) == []
