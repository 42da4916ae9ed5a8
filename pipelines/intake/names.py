"""What the name of a file claims: which of the centre's files it is, its version, its part.

A name is all that a sender declares; the clock of its arrival says nothing.
"""

import datetime as dt
import re
from dataclasses import dataclass

from pipelines.config import Centre
from pipelines.delivery import Version

#: A larger number in a name is no part and no version: it is another kind of number.
LARGEST_NUMBER = 999_999
FULL = "full"


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What one name says. `replaces` is true for an export after which no older one counts."""

    file_index: int
    version: Version
    part: int | None = None
    parts: int | None = None
    replaces: bool = True


def claims(name: str, centre: Centre) -> list[Claim]:
    """Every reading of a name by the centre's file maps: one, unless the name is unknown or ambiguous."""
    found = []
    for index, file_map in enumerate(centre.files):
        match = file_map.pattern.fullmatch(name)
        if match is not None and (claim := _claim(match, index, mode=file_map.mode)) is not None:
            found.append(claim)
    return found


def claim(name: str, centre: Centre) -> Claim | None:
    """The reading of a name that only one file map admits, else None."""
    found = claims(name, centre)
    return found[0] if len(found) == 1 else None


def _claim(match: re.Match[str], file_index: int, *, mode: str) -> Claim | None:
    groups = match.groupdict()
    try:
        return Claim(
            file_index=file_index,
            version=Version.of(_day(groups.get("exported")), _number(groups.get("version")) or 0),
            part=_number(groups.get("part")),
            parts=_number(groups.get("parts")),
            replaces=mode == FULL or (groups.get("kind") or "").casefold() == FULL,
        )
    except ValueError:
        return None


def _day(text: str | None) -> dt.date | None:
    """The day that eight digits write; ValueError when it is not in the calendar."""
    if not text:
        return None
    if len(text) != len("yyyymmdd"):
        raise ValueError("a day takes eight digits")
    return dt.datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007 - a day


def _number(text: str | None) -> int | None:
    if not text:
        return None
    if len(text) > len(str(LARGEST_NUMBER)) or int(text) > LARGEST_NUMBER:
        raise ValueError("too large for a number of parts or corrections")
    return int(text)
