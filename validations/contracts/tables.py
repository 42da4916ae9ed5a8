"""Every table of every layer, by name."""

from validations.contracts.dimension_tables import DIMENSIONS
from validations.contracts.entities import ENTITIES
from validations.contracts.event_tables import staged, validated
from validations.contracts.fact_tables import FACTS, REPORT
from validations.contracts.harmonised_tables import HARMONISED
from validations.contracts.linked_tables import LINKED
from validations.contracts.model import Layer, Table

STAGED = {entity: staged(entity) for entity in ENTITIES}
VALIDATED = {entity: validated(entity) for entity in ENTITIES}
TABLES: dict[str, Table] = {
    table.name: table
    for table in (*STAGED.values(), *VALIDATED.values(), *LINKED, *HARMONISED, *DIMENSIONS, *FACTS, *REPORT)
}
#: What the warehouse holds: pseudonyms only.
WAREHOUSE = tuple(t for t in TABLES.values() if t.layer in (Layer.DIMENSION, Layer.FACT, Layer.REPORT))
