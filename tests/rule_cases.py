"""Boundary tables of rules: one row per case, what it breaks on the left, what it changes beside it.

A row starts from the clean record of the rule's entity. In a cell, nothing means "as in the clean record" and `-`
means missing; a date is written as far as it is known (`2015-03-10`, `2015-03`, `2015`). `found` names every rule
that the row breaks, so that a rule that asks too much shows as well as one that asks too little.
"""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from tests.contract_rows import span
from tests.spec.clean_record import findings
from validations.contracts.entities import ENTITIES
from validations.contracts.model import Kind
from validations.rules.catalogue import CATALOGUE

_PARENTS = {"patient": "patient_identity", "tumour": "tumour"}
_READ = {Kind.INTEGER: int, Kind.NUMBER: float, Kind.BOOLEAN: {"true": True, "false": False}.__getitem__}


@dataclass(frozen=True)
class Case:
    """One row of a table: what it changes in a clean record, and the rules it must break."""

    title: str
    changes: Mapping[str, Any]
    expected: frozenset[str]
    written: str


def _kind(entity: str, name: str) -> Kind:
    if name == "as_of":
        return Kind.DATE
    owner, _, field = name.rpartition(".")
    kinds = {field.name: field.kind for field in ENTITIES[_PARENTS.get(owner, entity)]}
    return kinds[field]


def _cell(entity: str, name: str, text: str) -> dict[str, Any]:
    kind = _kind(entity, name)
    if kind is not Kind.DATE:
        return {name: None if text == "-" else _READ.get(kind, str)(text.strip('"'))}
    is_day = re.fullmatch(r"\d{4}-\d{2}-\d{2}", text)
    written = None if text == "-" else dt.date.fromisoformat(text) if is_day else text
    earliest, _, precision = span(written)
    return {name: earliest} if name == "as_of" else {name: earliest, f"{name}_precision": precision}


def _changes(entity: str, cells: Mapping[str, str]) -> dict[str, Any]:
    return {k: v for name, text in cells.items() if text for k, v in _cell(entity, name, text).items()}


def entity_of(title: str) -> str:
    """The entity of a table, which is titled by a rule or by the entity itself."""
    return CATALOGUE[title].table if title in CATALOGUE else title


def cases(title: str, text: str) -> list[Case]:
    """The rows of a table; `given: field = value, ...` on its first line holds for all of them.

    A table without `found` is one of records that break nothing.
    """
    entity = entity_of(title)
    lines = [line.strip() for line in text.strip().splitlines()]
    given: dict[str, str] = {}
    if lines[0].startswith("given:"):
        pairs = (pair.split("=") for pair in lines.pop(0).removeprefix("given:").split(","))
        given = {name.strip(): value.strip() for name, value in pairs}
    header = [cell.strip() for cell in lines[0].split("|")]
    found = []
    for line in lines[1:]:
        row = dict(zip(header, (cell.strip() for cell in line.split("|")), strict=True))
        expected = frozenset(row.pop("found", "-").split()) - {"-"}
        row.pop("why", None)
        found.append(Case(title, _changes(entity, given | row), expected, line))
    return found


def disagreements(tables: Mapping[str, str]) -> dict[str, list[str]]:
    """For each table, the rows that break something else than they say, with what they break."""
    every = [case for title, text in tables.items() for case in cases(title, text)]
    wrong: dict[str, list[str]] = {title: [] for title in tables}
    for entity in dict.fromkeys(entity_of(title) for title in tables):
        named = {f"n{i}": case for i, case in enumerate(every) if entity_of(case.title) == entity}
        with duckdb.connect() as con:
            broken = findings(con, entity, {name: dict(case.changes) for name, case in named.items()})
        for name, case in named.items():
            if broken[name] != case.expected:
                wrong[case.title].append(f"{case.written}  <- breaks {sorted(broken[name])}")
    return wrong
