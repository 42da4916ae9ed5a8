"""One file that a centre sent, as the ledger and the stages know it. Its bytes are in the store, under their hash."""

import datetime as dt
import hashlib
from dataclasses import dataclass

ID_LENGTH = 16


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One accepted file. `file_index` is its rank in the centre's `files`; `exported` and `part` come from its name."""

    delivery_id: str
    centre_id: str
    file_name: str
    content_hash: str
    size: int
    file_index: int
    exported: dt.date | None = None
    part: int | None = None


def delivery_id(centre_id: str, content_hash: str) -> str:
    """The id of a delivery: it depends on the centre and the bytes, not on the name or the day of arrival."""
    return hashlib.sha256(f"{centre_id}|{content_hash}".encode()).hexdigest()[:ID_LENGTH]


def reading_order(delivery: Delivery) -> tuple[int, int, str]:
    """The order in which a centre's files are read: declared rank, part, then id. Never the order of arrival."""
    return delivery.file_index, delivery.part or 0, delivery.delivery_id
