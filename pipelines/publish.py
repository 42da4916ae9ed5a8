"""Write, audit, publish: a snapshot is visible only after its audit passed, by one switch; then its report.

Earlier snapshots stay as they were.
"""

from pathlib import Path

from pipelines.io.ledger import Snapshot
from pipelines.registry import Registry

WAREHOUSE_FILE = "warehouse.duckdb"


def current_snapshot(registry: Registry) -> Snapshot | None:
    """The newest published snapshot, None before the first."""
    published = registry.ledger.snapshots(registry.network.id)
    return published[-1] if published else None


def next_number(registry: Registry) -> int:
    """A number that neither the ledger nor the disk has used."""
    folder = registry.home.snapshots(registry.network.id)
    on_disk = [int(path.name) for path in folder.glob("[0-9]*")] if folder.exists() else []
    return 1 + max([0, *on_disk, *(s.number for s in registry.ledger.snapshots(registry.network.id))])


def warehouse_file(registry: Registry, number: int) -> Path:
    """The DuckDB file of a snapshot."""
    return registry.home.snapshot(registry.network.id, number) / WAREHOUSE_FILE
