"""The pattern of a file's name: what changes from one export to the next is a number or a date."""

import re
from collections.abc import Iterable

_DATE = re.compile(r"(?<!\d)20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)")
_OTHER_DATE = re.compile(
    r"(?<!\d)(?:20\d{2}([-_.])\d{2}\1\d{2}|\d{2}([-_.])\d{2}\2(?:20)?\d{2}|\d{8}|(?:19|20)\d{2})(?!\d)"
)
_PARTS = re.compile(
    r"(?P<mark>[_\- (])(?P<part>\d{1,3})(?P<of>[_\- ]?(?:sur|of|de)[_\- ]?)(?P<parts>\d{1,3})", re.IGNORECASE
)
_VERSION = re.compile(r"(?P<mark>[_\- ])(?P<v>[vV])(?P<number>\d{1,3})(?=\D|$)")
_LAST_NUMBER = re.compile(r"(?<=[_\-])\d{1,3}(?=\.[^.]+$)")


def name_pattern(name: str) -> str:
    r"""A regular expression of the names of this file's exports, with the groups that the intake knows.

    >>> name_pattern("CHIR_20250102_1.xls")
    'CHIR_(?P<exported>\\d{8})_(?P<part>\\d+)\\.xls'
    """
    pieces = _pieces(name)
    pattern, at = "", 0
    for start, end, piece in sorted(pieces):
        if start >= at:
            pattern += _literal(name[at:start]) + piece
            at = end
    return pattern + _literal(name[at:])


def _literal(text: str) -> str:
    return re.sub(r"([.^$*+?{}\[\]\\|()])", r"\\\1", text)


def _pieces(name: str) -> list[tuple[int, int, str]]:
    """The parts of a name that change, with the expression for each."""
    found: list[tuple[int, int, str]] = []
    date = _DATE.search(name)
    if date:
        found.append((*date.span(), r"(?P<exported>\d{8})"))
    elif other := _OTHER_DATE.search(name):
        found.append((*other.span(), re.sub(r"\d+", lambda m: rf"\d{{{len(m[0])}}}", _literal(other[0]))))
    if parts := _PARTS.search(name):
        of = _literal(parts["of"])
        found.append((parts.start("part"), parts.end(), rf"(?P<part>\d+){of}(?P<parts>\d+)"))
    elif last := _LAST_NUMBER.search(name):
        found.append((*last.span(), r"(?P<part>\d+)"))
    if version := _VERSION.search(name):
        found.append((*version.span("number"), r"(?P<version>\d+)"))
    return found


def is_dated(pattern: str) -> bool:
    """True when the names declare the day of the export."""
    return "(?P<exported>" in pattern


def patterns(names: Iterable[str]) -> dict[str, list[str]]:
    """The names by their pattern, in order."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(name_pattern(name), []).append(name)
    return found
