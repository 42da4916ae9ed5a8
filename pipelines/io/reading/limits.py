"""How large the content of one file may be, whoever sent it. Memory and time are limited where it is read."""

from dataclasses import dataclass

_MIB = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one file may hold; beyond any of these it is refused with a code.

    `ratio` (decompressed over compressed) counts only once an archive has given more than `ratio_from` bytes.
    """

    total_bytes: int = 2048 * _MIB
    ratio: int = 200
    ratio_from: int = 100 * _MIB
    members: int = 1_000
    depth: int = 2
    cells: int = 50_000_000
    field_bytes: int = 10 * _MIB
