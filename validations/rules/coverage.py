"""Which published reference rules ours cite, as `Rule.source` says it."""

import re

from validations.rules.catalogue import CATALOGUE

_FAMILIES = "ANOM|CBIO|CRC|DNPM|DQD|EXT|GDO|I4RC|IARC|NAACCR|NC|NS|OBDS|OZ|QCS|RC|SARC|SEER"
#: An id, then the ends that replace its own: `CRC-07/08/21` is three ids. An id after a slash is one of its own.
_REFERENCE = re.compile(rf"\b(?:{_FAMILIES})(?:-[A-Za-z0-9]+)+(?:/[A-Za-z0-9]+\b(?!-))*")


def references(source: str) -> list[str]:
    """The reference ids that a source names, in its order."""
    found = (written.split("/") for written in _REFERENCE.findall(source))
    return [name for first, *ends in found for name in (first, *(_with_end(first, end) for end in ends))]


def _with_end(name: str, end: str) -> str:
    """The id whose end is another: a letter, a number or the whole last part, whichever `end` is."""
    if re.fullmatch(r"[a-z]", end):
        return re.sub(r"[a-z]?$", end, name, count=1)
    if end[0].isdigit():
        return re.sub(r"\d+[a-z]?$", end, name)
    return f"{name.rpartition('-')[0]}-{end}"


def cited() -> dict[str, list[str]]:
    """Reference id → our rules that cite it, both in the order of their ids."""
    found: dict[str, set[str]] = {}
    for rule in CATALOGUE.values():
        for name in references(rule.source):
            found.setdefault(name, set()).add(rule.id)
    return {name: sorted(found[name]) for name in sorted(found)}
