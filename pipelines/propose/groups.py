"""Columns that repeat in a line: `b1_date, b1_type, b2_date, b2_type` are two biopsies of the same tumour.

The columns that differ only by their number are looked at together, and get the same field.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_FIRST = re.compile(r"(?P<group>[^\W\d_][^\d]*?)[ _]?(?P<number>\d{1,2})\s*[-_ :.]+\s*(?P<rest>.*[^\W\d_].*)")
_LAST = re.compile(r"(?P<rest>.*?[^\W\d][^\d]*?)\s*[ _\-(#]*(?P<number>\d{1,2})\)?")
#: Their figure is the name of a classification.
_CLASSIFICATION = re.compile(r"(?:cim|icd)[ _-]?o?$", re.IGNORECASE)


@dataclass(frozen=True)
class Slot:
    """Columns that mean the same: `members` maps the number of the repetition (0: none) to the place of the column.

    `text` is the header without group and number, `group` what stood before the number.
    """

    text: str
    members: tuple[tuple[int, int], ...]
    group: str | None = None

    @property
    def places(self) -> tuple[int, ...]:
        """The places of the columns, in order of their numbers."""
        return tuple(place for _, place in self.members)


def slots(header: Sequence[str]) -> list[Slot]:
    """The columns of a header, those that repeat put together.

    >>> [(s.group, s.text, s.places) for s in slots(["IPP", "b1_date", "b2_date"])]
    [(None, 'IPP', (0,)), ('b', 'date', (1, 2))]
    """
    numbered = {**_numbered(header, _LAST), **_numbered(header, _FIRST)}
    found: dict[tuple[str | None, str], dict[int, int]] = {}
    for place, text in enumerate(header):
        group, rest, number = numbered.get(place, (None, text, 0))
        if number and number in found.get((group, rest), {}):
            group, rest, number = None, text, 0
        found.setdefault((group, rest if number else f"{rest}\0{place}"), {})[number] = place
    return [
        Slot(rest.split("\0")[0], tuple(sorted(members.items())), group)
        for (group, rest), members in found.items()
    ]


def _numbered(header: Sequence[str], shape: re.Pattern[str]) -> dict[int, tuple[str | None, str, int]]:
    """The columns with a number that repeat, by place: their group, their text and their number."""
    parts = {
        place: (match.groupdict().get("group"), match["rest"].strip(), int(match["number"]))
        for place, text in enumerate(header)
        if (match := shape.fullmatch(text)) and not _CLASSIFICATION.search(text[: match.start("number")])
    }
    parts |= _first_without_number(header, parts)
    repeated = _repeated(parts.values())
    groups = {group for group, _ in repeated if group}
    members = [group for group, _, _ in parts.values()]
    return {
        place: (group, rest, number)
        for place, (group, rest, number) in parts.items()
        if (group, rest) in repeated or (group and groups and members.count(group) > 1)
    }


def _repeated(parts: Iterable[tuple[str | None, str, int]]) -> set[tuple[str | None, str]]:
    numbers: dict[tuple[str | None, str], set[int]] = {}
    for group, rest, number in parts:
        numbers.setdefault((group, rest), set()).add(number)
    return {key for key, found in numbers.items() if len(found) > 1}


def _first_without_number(
    header: Sequence[str], parts: dict[int, tuple[str | None, str, int]]
) -> dict[int, tuple[str | None, str, int]]:
    """`date_chir` beside `date_chir_2` is the first of the two."""
    seconds = {rest for group, rest, number in parts.values() if group is None and number == 2}
    firsts = {rest for group, rest, number in parts.values() if group is None and number == 1}
    return {place: (None, text, 1) for place, text in enumerate(header) if text in seconds - firsts}
