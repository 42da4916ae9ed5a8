"""A delivery: one file of one centre, named by its content."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One file as received. `file_index` is the rank of the file map in the centre's configuration."""

    delivery_id: str
    centre_id: str
    file_name: str
    content_hash: str
    size: int
    file_index: int
    exported: dt.date | None = None
    part: int | None = None
