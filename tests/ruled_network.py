"""A network of one centre whose rows are the boundary cases of every rule that can be asked of the warehouse.

Each case is a patient with one tumour, so that nothing is merged on the way, and none of them has a value that the
gate holds: a row of the warehouse is a row that the gate saw. The cases are those of `tests/spec/rules`.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pipelines.stage.dates import FIRST_EVENT_YEAR
from tests.askable import ASKABLE
from tests.rule_cases import Case, cases
from tests.small_network import SmallNetwork, in_force, write_network
from tests.spec.clean_record import AS_OF, CLEAN
from tests.spec.rules.test_every_rule import TABLES
from validations.contracts.entities import ENTITIES
from validations.contracts.model import Kind
from validations.rules.catalogue import CATALOGUE
from validations.rules.model import Consequence

CENTRE = "alpha"
EXPORT = {"format": "csv", "dates": "year_first", "decimal": "."}
#: Every case has these rows; the others only the row that the case is about.
ALWAYS = {"patient_identity": "patient.", "patient_history": "history.", "tumour": "tumour."}
_WRITTEN = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}
#: A syllable for each digit: names that no two people share and no letter apart.
_SYLLABLES = ("BA", "KE", "DI", "FO", "GU", "LY", "MAR", "NES", "PIL", "TOC")


def _cases() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each entity with what one of its cases changes in a clean record; one case that breaks a rule comes thrice.

    As many broken rows as conforming ones would hide a rule that is asked the wrong way round.
    """
    for entity, rules in ASKABLE.items():
        for rule in rules:
            kept = [case for case in cases(rule.id, TABLES[rule.id]) if not _is_held(case)]
            for case in [*kept, *[case for case in kept if rule.id in case.expected][:1] * 2]:
                yield entity, {name: value for name, value in case.changes.items() if name != "as_of"}


def _is_held(case: Case) -> bool:
    """True when a value of the case is kept back: by a rule of the gate, or as a date that no act can have."""
    dates = [value for value in case.changes.values() if isinstance(value, dt.date)]
    if any(day > AS_OF or day.year < FIRST_EVENT_YEAR for day in dates):
        return True
    return any(CATALOGUE[rule_id].consequence is not Consequence.FLAG for rule_id in case.expected)


def _person(number: int) -> dict[str, Any]:
    name = "".join(_SYLLABLES[int(digit)] for digit in f"{number * 7919 % 100_000:05d}")
    born = dt.date(1940, 1, 1) + dt.timedelta(days=number * 29)
    nobody = dict.fromkeys(("ins_matricule", "ins_oid", "ins_status", "used_name", "birth_place_cog"))
    return nobody | {"birth_name": name, "first_names": name[::-1], "birth_date": born}


def _text(entity: str, row: dict[str, Any], name: str) -> str:
    kind = next(field.kind for field in ENTITIES[entity] if field.name == name)
    value = row.get(name)
    if value is None:
        return ""
    if kind is Kind.DATE:
        return str(value.strftime(_WRITTEN[row.get(f"{name}_precision", "day")]))
    return str(value).lower() if kind is Kind.BOOLEAN else str(value)


def _rows(entity: str) -> Iterator[dict[str, Any]]:
    for number, (about, changes) in enumerate(_cases()):
        if entity != about and entity not in ALWAYS:
            continue
        alias = "" if entity == about else ALWAYS[entity]
        own = {
            n.removeprefix(alias): v
            for n, v in changes.items()
            if n.startswith(alias) and ("." in n) == bool(alias)
        }
        person = _person(number) if entity == "patient_identity" else {}
        yield {"local_patient_id": f"P{number}", "local_tumour_id": "1", **CLEAN[entity], **person, **own}


def _file(entity: str) -> str:
    names = [field.name for field in ENTITIES[entity]]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\n")
    writer.writerow(names)
    writer.writerows([_text(entity, row, name) for name in names] for row in _rows(entity))
    return text.getvalue()


def _declaration(entity: str) -> dict[str, Any]:
    columns = {field.name: field.name for field in ENTITIES[entity]}
    table = {"entity": entity, "columns": columns}
    return {"match": rf"{entity}_(?P<exported>\d{{8}})\.csv", "sheets": [{"tables": [table]}]}


def published(root: Path) -> SmallNetwork:
    """The network after its first night."""
    network = write_network(root)
    for file in [path for path in network.inbox.rglob("*") if path.is_file()]:
        file.unlink()
    network.declare(CENTRE, export=EXPORT, values={}, files=[_declaration(entity) for entity in ENTITIES])
    network.declare_network(error_budget_percent=100)
    for entity in ENTITIES:
        network.send(f"{CENTRE}/{entity}_{AS_OF:%Y%m%d}.csv", _file(entity))
    with in_force(network):
        assert network.run().outcome == "published"
    return network
