"""Which field each column holds: all columns of a table are matched at once, each field at most once.

A column's score for a field joins its header and its contents. The entity that a table mostly holds draws the doubtful
columns to itself, so that `date` in a table of surgeries is the date of surgery.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import PurePath

from pipelines.propose.evidence import content_score
from pipelines.propose.groups import Slot, slots
from pipelines.propose.headers import tokens
from pipelines.propose.lexicon import Lexicon
from pipelines.propose.profile import Profile, profile
from pipelines.propose.source import SourceTable
from validations.contracts.entities import ENTITIES, EVENT_ENTITIES

KEYS = ("local_patient_id", "local_tumour_id")
#: Below this score a column and a field have nothing in common.
_NOTHING = 0.3
_HEADER_SHARE = 0.72
_ENTITY_DRAW = 0.25
_ROUNDS = 3
#: Contents that nothing else has speak even when the header says nothing.
_ALONE = 0.72
#: Fields whose contents alone tell them, and nothing else of the contract.
_TELLING = frozenset({"birth_date", "ins_matricule", "ins_oid", "adicap_code", "ccam_code", "morphology_code",
                      "topography_code", "drugs", "diagnosis_label", "topography_label"})  # fmt: skip
Target = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Match:
    """A slot with the entity and field proposed for it and the confidence; `second` is the next best field."""

    slot: Slot
    profile: Profile
    entity: str | None = None
    field: str | None = None
    confidence: float = 0.0
    second: str | None = None


@dataclass(frozen=True)
class _Scored:
    """A slot with its score for every (entity, field), before the table's entities are known."""

    slot: Slot
    profile: Profile
    scores: Mapping[Target, float]


def match_table(
    table: SourceTable,
    lexicon: Lexicon,
    *,
    missing: frozenset[str] = frozenset(),
    keys: Mapping[str, str] | None = None,
) -> list[Match]:
    """The columns of a table with the field proposed for each. `keys` names columns known to be keys."""
    context = _context(table)
    scored = [_score(slot, table, lexicon, missing, context, keys or {}) for slot in slots(table.header)]
    names = {e: lexicon.headers.entity_score(context, e) for e in ENTITIES}
    found: list[Match] = []
    for group, members in groupby(sorted(scored, key=_group), key=_group):
        chosen = list(members)
        found += _match_group(chosen, group, lexicon) if group else _match_whole(chosen, names)
    return sorted(found, key=lambda match: match.slot.places)


def _group(scored: _Scored) -> str:
    return (scored.slot.group or "").lower()


def _context(table: SourceTable) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*tokens(PurePath(table.file).stem), *tokens(table.sheet or ""))))


def _score(
    slot: Slot,
    table: SourceTable,
    lexicon: Lexicon,
    missing: frozenset[str],
    context: tuple[str, ...],
    keys: Mapping[str, str],
) -> _Scored:
    cells = [cell for place in slot.places for cell in table.columns[place]]
    seen = profile(cells, missing=missing)
    header = tokens(slot.text)
    around = (*context, *tokens(slot.group or ""))
    fields = {name for entity in ENTITIES.values() for name in (f.name for f in entity)}
    by_field = {
        name: _joined(name, lexicon.headers.score(header, name, around), content_score(name, seen, lexicon))
        for name in fields
    }
    known = keys.get(table.header[slot.places[0]])
    if known:
        by_field = {name: by_field[name] - 0.5 * (name != known) for name in by_field} | {
            known: max(0.9, by_field[known])
        }
    return _Scored(
        slot, seen, {(entity, f.name): by_field[f.name] for entity, group in ENTITIES.items() for f in group}
    )


def _joined(name: str, header: float, content: float | None) -> float:
    if content is None:
        return 0.9 * header
    if content <= -0.9:
        return 0.45 * header - 0.1
    joined = _HEADER_SHARE * header + (1 - _HEADER_SHARE) * content
    if content > 0 and header > 0.9:
        joined = max(joined, header * (0.86 + 0.14 * content))
    alone = _ALONE * content if name in _TELLING else 0.45 * content
    return max(joined, alone if content >= 0.6 else 0.0)


def _match_whole(scored: Sequence[_Scored], names: Mapping[str, float]) -> list[Match]:
    """The columns outside groups: any entity, drawn to those that the table seems to hold."""
    weights = dict(names)
    found: list[Match] = []
    for _ in range(_ROUNDS):
        found = _assign(scored, _targets(ENTITIES), weights)
        weights = _support(found, names)
    return found


def _support(found: Iterable[Match], names: Mapping[str, float]) -> dict[str, float]:
    """How much a table holds each entity: the share of its best columns, and its name."""
    mass = {entity: 0.0 for entity in ENTITIES}
    for match in found:
        if match.entity and match.field not in KEYS:
            mass[match.entity] += match.confidence
    most = max(mass.values()) or 1.0
    return {entity: min(1.0, 0.7 * mass[entity] / most + 0.5 * names[entity]) for entity in ENTITIES}


def _match_group(scored: Sequence[_Scored], group: str, lexicon: Lexicon) -> list[Match]:
    """The columns of a repeated group: all of one entity, the one that explains them best."""
    named = tokens(group)

    def total(entity: str) -> float:
        found = _assign(scored, _targets([entity]), {entity: 1.0})
        return sum(m.confidence for m in found if m.field) + 0.5 * lexicon.headers.entity_score(named, entity)

    best = max((*EVENT_ENTITIES, "tumour"), key=total)
    return _assign(scored, _targets([best]), {best: 1.0})


def _targets(entities: Iterable[str]) -> list[Target]:
    """What may be assigned: every field of the entities, a key once."""
    wanted = [(entity, f.name) for entity in entities for f in ENTITIES[entity] if f.name not in KEYS]
    return [*wanted, ("tumour", KEYS[0]), ("tumour", KEYS[1])]


def _assign(
    scored: Sequence[_Scored], targets: Sequence[Target], weights: Mapping[str, float]
) -> list[Match]:
    """The assignment with the greatest sum of scores."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    drawn = np.array([[_drawn(s.scores[t], t, weights) for t in targets] for s in scored])
    gains = np.where(drawn > _NOTHING, drawn, 0.0)
    rows, columns = linear_sum_assignment(gains, maximize=True)
    chosen = dict(zip(rows.tolist(), columns.tolist(), strict=True))
    return [_match(s, targets, drawn[i].tolist(), chosen.get(i)) for i, s in enumerate(scored)]


def _drawn(score: float, target: Target, weights: Mapping[str, float]) -> float:
    entity, field = target
    weight = 1.0 if field in KEYS else weights.get(entity, 0.0)
    return score - _ENTITY_DRAW * (1 - weight)


def _match(scored: _Scored, targets: Sequence[Target], drawn: Sequence[float], place: int | None) -> Match:
    if place is None or drawn[place] <= _NOTHING:
        return Match(slot=scored.slot, profile=scored.profile)
    entity, field = targets[place]
    others = [(score, t) for score, t in zip(drawn, targets, strict=True) if t[1] != field]
    rival, second = max(others, default=(0.0, ("", "")))
    lead = min(1.0, max(0.0, 0.6 + (drawn[place] - rival) * 2))
    confidence = min(1.0, max(0.0, scored.scores[entity, field])) * (0.6 + 0.4 * lead)
    return Match(
        slot=scored.slot,
        profile=scored.profile,
        entity=entity,
        field=field,
        confidence=round(confidence, 3),
        second=second[1] if rival > _NOTHING else None,
    )
