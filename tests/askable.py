"""The rules that can be asked of the warehouse, by entity: worked out once for every test that asks them."""

import duckdb

from validations.contracts.entities import ENTITIES
from validations.rules.model import Rule
from validations.warehouse_rules import askable_rules


def _askable() -> dict[str, tuple[Rule, ...]]:
    with duckdb.connect() as con:
        return {entity: askable_rules(entity, con) for entity in ENTITIES}


ASKABLE = _askable()
