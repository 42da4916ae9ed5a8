"""The WHO 2020 entity of a coded diagnosis. A morphology is not a key: one code may cover two entities, and one entity
may have two codes. `config/codes/entity.csv` gives each code its entity; a row with words is for labels that hold them.
"""

from dataclasses import dataclass
from functools import cache

from pipelines.harmonise.codes import IcdO3Morphology
from pipelines.harmonise.labels import normalise
from pipelines.io.configuration import read_codes


@dataclass(frozen=True, kw_only=True)
class _Named:
    words: frozenset[str]
    entity: str


@cache
def _entities() -> dict[str, list[_Named]]:
    """Code → its entities, those with words first."""
    found: dict[str, list[_Named]] = {}
    table = read_codes("entity")
    for code, words, entity in zip(
        table["morphology"], table["words"].fillna(""), table["entity"], strict=True
    ):
        found.setdefault(code, []).append(_Named(words=frozenset(normalise(words).split()), entity=entity))
    for named in found.values():
        named.sort(key=lambda row: not row.words)
    return found


def find_entity(code: IcdO3Morphology | None, *, label: str | None) -> str | None:
    """The entity of a morphology, by the words of the label where one code covers several.

    >>> find_entity("8840/3", label="Fibrosarcome épithélioïde sclérosant")
    'fibroblastic.sclerosing-epithelioid-fibrosarcoma'
    """
    if code is None:
        return None
    words = set(normalise(label or "").split())
    return next((row.entity for row in _entities().get(code, ()) if row.words <= words), None)
