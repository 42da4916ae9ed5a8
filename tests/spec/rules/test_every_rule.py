"""No rule without its table: what the families' tables must contain, whoever writes the next rule."""

import importlib

import pytest

from tests.rule_cases import Case, cases
from tests.spec.clean_record import findings
from validations.contracts.entities import ENTITIES, ENTITY_REQUIRED
from validations.contracts.model import Kind
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


@pytest.mark.parametrize("rule", RECORD_RULES, ids=lambda rule: rule.id)
def test_a_table_shows_rows_that_break_the_rule_and_rows_that_do_not(rule):
    broken = {rule.id in case.expected for case in of(rule)}
    assert broken == {True, False}
    assert any(not case.expected for case in of(rule))


@pytest.mark.parametrize("rule", RECORD_RULES, ids=lambda rule: rule.id)
def test_a_table_shows_that_a_missing_value_is_no_contradiction(rule):
    missing = [case for case in of(rule) if None in case.changes.values()]
    is_about_absence = rule.kahn is Kahn.COMPLETENESS
    assert is_about_absence or any(rule.id not in case.expected for case in missing)


@pytest.mark.parametrize("rule", [r for r in RECORD_RULES if "_date" in r.violated_when], ids=lambda r: r.id)
def test_a_table_of_dates_shows_dates_known_in_part(rule):
    partial = [case for case in of(rule) if is_partial(case)]
    assert partial
    compares = any(sign in rule.violated_when for sign in "<>")
    assert not compares or any(rule.id not in case.expected for case in partial)


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


@pytest.mark.parametrize("rule", RECORD_RULES, ids=lambda rule: rule.id)
def test_an_example_changes_fields_that_exist(rule):
    owners = {"": rule.table, "patient": "patient_identity", "tumour": "tumour"}
    for name in {*rule.fails, *rule.passes} - {"as_of"}:
        owner, _, field = name.rpartition(".")
        known = {f.name: f.kind for f in ENTITIES[owners[owner]]}
        date = field.removesuffix("_precision")
        assert field in known or known[date] is Kind.DATE


@pytest.mark.parametrize("rule", RECORD_RULES, ids=lambda rule: rule.id)
def test_the_two_examples_of_a_rule_differ(rule):
    assert dict(rule.fails) != dict(rule.passes)
    assert rule.fails
