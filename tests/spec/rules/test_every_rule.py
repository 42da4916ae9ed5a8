"""No rule without its table: what the families' tables must contain, whoever writes the next rule."""

import importlib
import re

import pytest

from tests.rule_cases import Case, cases
from tests.spec.clean_record import findings
from validations.contracts.entities import ENTITIES, ENTITY_REQUIRED
from validations.rules.catalogue import CATALOGUE, FAMILIES, record_rules
from validations.rules.model import Kahn, Rule

RECORD_RULES = [rule for rule in CATALOGUE.values() if rule.violated_when]


def family_tables(family: str) -> dict[str, str]:
    tables = getattr(importlib.import_module(f"tests.spec.rules.test_{family}"), "CASES", {})
    return dict(tables)


NAMES = [module.__name__.rpartition(".")[2] for module in FAMILIES]
TABLES = {rule_id: text for name in NAMES for rule_id, text in family_tables(name).items()}


def of(rule: Rule) -> list[Case]:
    return cases(rule.id, TABLES[rule.id])


def is_partial(case: Case) -> bool:
    return any(value in ("month", "year") for name, value in case.changes.items() if "_precision" in name)


@pytest.mark.parametrize("module", FAMILIES, ids=lambda module: module.__name__.rpartition(".")[2])
def test_every_record_rule_has_a_table_in_the_file_of_its_family(module):
    name = module.__name__.rpartition(".")[2]
    assert {*family_tables(name)} == {rule.id for rule in module.RULES if rule.violated_when}


def test_a_table_shows_rows_that_break_the_rule_rows_that_do_not_and_rows_that_break_none():
    shown = {rule.id: {rule.id in case.expected for case in of(rule)} for rule in RECORD_RULES}
    assert [rule_id for rule_id, broken in shown.items() if broken != {True, False}] == []
    assert [rule.id for rule in RECORD_RULES if all(case.expected for case in of(rule))] == []


def test_a_table_shows_that_a_missing_value_is_no_contradiction():
    contradictions = [rule for rule in RECORD_RULES if rule.kahn is not Kahn.COMPLETENESS]
    spared = {
        rule.id
        for rule in contradictions
        for case in of(rule)
        if None in case.changes.values() and rule.id not in case.expected
    }
    assert {rule.id for rule in contradictions} == spared


def test_a_table_of_dates_shows_dates_known_in_part():
    dated = [rule for rule in RECORD_RULES if "_date" in rule.violated_when]
    partial = {rule.id: [case for case in of(rule) if is_partial(case)] for rule in dated}
    assert [rule_id for rule_id, found in partial.items() if not found] == []


def test_a_comparison_of_dates_shows_one_that_is_not_certain():
    compared = [r for r in RECORD_RULES if "_date" in r.violated_when and re.search("[<>]", r.violated_when)]
    spared = {r.id for r in compared for case in of(r) if is_partial(case) and r.id not in case.expected}
    assert {rule.id for rule in compared} == spared


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_row_that_says_nothing_breaks_rules_on_completeness_only(con, entity):
    nothing = {f.name: None for f in ENTITIES[entity] if f.name not in ENTITY_REQUIRED[entity]}
    parents = {
        f"{alias}.{f.name}": None
        for alias, parent in (("patient", "patient_identity"), ("tumour", "tumour"))
        for f in ENTITIES[parent]
        if f.name not in ENTITY_REQUIRED[parent]
    }
    broken = findings(con, entity, {"empty": nothing | parents})["empty"]
    assert {CATALOGUE[rule_id].kahn for rule_id in broken} <= {Kahn.COMPLETENESS}
    asked_when_empty = {
        f.name for rule_id in broken for f in ENTITIES[entity] if f.name in CATALOGUE[rule_id].fields
    }
    assert asked_when_empty >= {
        rule.fields[0] for rule in record_rules(entity) if rule.violated_when == f"{rule.fields[0]} IS NULL"
        and rule.applies_when == "TRUE"
    }  # fmt: skip


def test_an_example_changes_fields_that_exist():
    owners = {"patient": "patient_identity", "tumour": "tumour"}
    known = {entity: {f.name for f in fields} for entity, fields in ENTITIES.items()}
    strangers = [
        (rule.id, name)
        for rule in RECORD_RULES
        for name in {*rule.fails, *rule.passes} - {"as_of"}
        for owner, _, field in [name.rpartition(".")]
        if field.removesuffix("_precision") not in known[owners.get(owner, rule.table)]
    ]
    assert strangers == []


def test_the_two_examples_of_a_rule_differ():
    assert [rule.id for rule in RECORD_RULES if dict(rule.fails) == dict(rule.passes) or not rule.fails] == []
