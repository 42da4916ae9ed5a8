"""Every rule by its id. Ids are never renumbered nor reused; a changed condition is a new version."""

from collections.abc import Collection

from validations.rules import (
    compatibility,
    contract,
    dates,
    diagnosis,
    follow_up,
    history,
    identity,
    pathology,
    pathway,
    rcp,
    repeats,
    site,
    surgery,
    treatment,
)
from validations.rules.model import Rule

FAMILIES = (
    contract,
    identity,
    history,
    diagnosis,
    pathology,
    rcp,
    surgery,
    treatment,
    follow_up,
    dates,
    pathway,
    repeats,
    site,
    compatibility,
)
CATALOGUE: dict[str, Rule] = {rule.id: rule for family in FAMILIES for rule in family.RULES}


def record_rules(entity: str) -> list[Rule]:
    """The rules that are evaluated on each row of an entity, in the order of their ids."""
    found = [rule for rule in CATALOGUE.values() if rule.violated_when and rule.table == entity]
    return sorted(found, key=lambda rule: rule.id)


def cross_table_rules(mapped: Collection[str]) -> list[Rule]:
    """The rules on several tables for a centre that sends the entities `mapped`, in the order of their ids."""
    found = [rule for rule in CATALOGUE.values() if rule.query and {*rule.reads} <= {*mapped}]
    return sorted(found, key=lambda rule: rule.id)
