"""Breaking a rule on purpose: for every rule and every way of spoiling it, a row of its table gets another answer.

A condition that could be negated, widened to everybody or dropped without a case noticing would be no tested rule.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import duckdb
import pytest

from tests.rule_cases import Case, cases
from tests.spec.clean_record import show
from tests.spec.rules import test_pathway, test_repeats
from tests.spec.rules.test_every_rule import TABLES
from validations.contracts.entities import ENTITIES
from validations.rules.catalogue import CATALOGUE, cross_table_rules, record_rules
from validations.rules.model import Rule
from validations.scan import FAILED, Condition, _query


@dataclass(frozen=True)
class Mutant:
    """A rule, and what was done to it."""

    rule: Rule
    done: str
    applies_when: str
    violated_when: str

    @property
    def name(self) -> str:
        return f"{self.rule.id} {self.done}"

    @property
    def condition(self) -> Condition:
        field = self.rule.fields[0]
        return Condition(
            rule_id=self.name, field=field, applies_when=self.applies_when, violated_when=self.violated_when
        )


def mutants(rule: Rule) -> Iterator[Mutant]:
    applies, violated = rule.applies_when, rule.violated_when
    yield Mutant(rule, "as it is", applies, violated)
    yield Mutant(rule, "negated", applies, f"NOT ({violated})")
    yield Mutant(rule, "never violated", applies, "FALSE")
    yield Mutant(rule, "always violated", applies, "TRUE")
    yield Mutant(rule, "for nobody", "FALSE", violated)
    if applies != "TRUE":
        yield Mutant(rule, "for those it does not concern", f"NOT ({applies})", violated)


def answers(entity: str) -> dict[str, dict[str, bool]]:
    """Mutant → row of any table of the entity → whether the mutant says that the row breaks it."""
    named = {f"n{i}": dict(case.changes) for i, case in enumerate(all_cases(entity))}
    every = [mutant.condition for rule in record_rules(entity) for mutant in mutants(rule)]
    with duckdb.connect() as con:
        show(con, entity, named)
        states = con.execute(_query(entity, every)).to_arrow_table().to_pylist()
    rows = {row["row_id"].partition(":")[0]: row for row in states}
    return {c.rule_id: {name: rows[name][c.rule_id] == FAILED for name in named} for c in every}


def all_cases(entity: str) -> list[Case]:
    return [case for rule in record_rules(entity) for case in cases(rule.id, TABLES[rule.id])]


@pytest.mark.parametrize("entity", [entity for entity in ENTITIES if record_rules(entity)])
def test_a_case_of_its_table_notices_each_way_of_spoiling_a_rule(entity):
    found, every = answers(entity), all_cases(entity)
    unnoticed = []
    for rule in record_rules(entity):
        own = [i for i, case in enumerate(every) if case.title == rule.id]
        sound = [found[f"{rule.id} as it is"][f"n{i}"] for i in own]
        for mutant in mutants(rule):
            if mutant.done != "as it is" and [found[mutant.name][f"n{i}"] for i in own] == sound:
                unnoticed.append(mutant.name)
    assert unnoticed == []


CROSS = cross_table_rules(ENTITIES)


@pytest.mark.parametrize(
    ("done", "spoilt"),
    [
        ("negated", "SELECT row_id, NOT is_violated AS is_violated FROM ({query})"),
        ("never violated", "SELECT row_id, FALSE AS is_violated FROM ({query})"),
        ("for nobody", "SELECT * FROM ({query}) WHERE FALSE"),
    ],
)
def test_a_course_notices_each_way_of_spoiling_a_cross_table_rule(done, spoilt, monkeypatch):
    mutated = [replace(rule, query=spoilt.format(query=rule.query)) for rule in CROSS]
    asked = {rule.id for rule in CROSS}
    monkeypatch.setattr("validations.cross.cross_table_rules", lambda mapped: mutated)
    noticed = {
        rule_id
        for family in (test_pathway, test_repeats)
        for rule_id, found in family.answers().items()
        if [rule_id in broken for broken in found] != [expected for _, _, expected in family.COURSES[rule_id]]
    }
    assert noticed == asked


def test_every_rule_on_rows_is_spoilt():
    spoilt = {rule.id for entity in ENTITIES for rule in record_rules(entity)} | {rule.id for rule in CROSS}
    assert spoilt == {rule.id for rule in CATALOGUE.values() if rule.table}
