"""One file that a centre sent, as the ledger and the stages know it. Its bytes are in the store, under their hash.

What a name held is never forgotten (`Sighting`); what is read is a `Delivery`: one per centre and data, whatever the
number of names and packings under which the data came.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Literal, NamedTuple

ID_LENGTH = 16
Mode = Literal["full", "incremental"]


class Version(NamedTuple):
    """What orders the exports of one file: the declared day, then the number of the correction. No day is the earliest.

    >>> Version.of(None, 2) < Version.of(dt.date(2024, 1, 31), 0) < Version.of(dt.date(2024, 1, 31), 1)
    True
    """

    day: dt.date
    number: int

    @classmethod
    def of(cls, exported: dt.date | None, number: int) -> "Version":
        """The version of a name that declares this day, or none, and this number."""
        return cls(exported or dt.date.min, number)

    @property
    def exported(self) -> dt.date | None:
        """The declared day, None when there is none."""
        return None if self.day == dt.date.min else self.day


@dataclass(frozen=True, kw_only=True)
class Sighting:
    """A content noticed under a name. `data_hash` is that of the payload, whatever its packing and line endings."""

    centre_id: str
    file_name: str
    content_hash: str
    data_hash: str
    size: int

    @property
    def delivery_id(self) -> str:
        """The delivery that it is."""
        return delivery_id(self.centre_id, self.data_hash)


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One accepted file. `file_index` is its rank in the centre's `files`; the rest comes from its name.

    With `mode` "full" it replaces every older export of the file, with "incremental" only the patients that it names.
    """

    delivery_id: str
    centre_id: str
    file_name: str
    content_hash: str
    size: int
    file_index: int
    exported: dt.date | None = None
    part: int | None = None
    data_hash: str = ""
    version_number: int = 0
    parts: int | None = None
    mode: Mode = "full"

    @property
    def version(self) -> Version:
        """What orders it among the exports of its file."""
        return Version.of(self.exported, self.version_number)


def delivery_id(centre_id: str, data_hash: str) -> str:
    """The id of a delivery: it depends on the centre and the data, not on the name or the day of arrival."""
    return hashlib.sha256(f"{centre_id}|{data_hash}".encode()).hexdigest()[:ID_LENGTH]


def reading_order(delivery: Delivery) -> tuple[int, Version, int, str]:
    """The order in which a centre's files are read: rank, version, part, then id. Never the order of arrival."""
    return delivery.file_index, delivery.version, delivery.part or 0, delivery.delivery_id
