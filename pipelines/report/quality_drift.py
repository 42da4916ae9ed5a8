"""How far the agreement of linked records is from the model, and from the snapshot before, trait by trait.

The measure is the population stability index. Its usual bounds are a convention of credit scoring (Siddiqi 2017,
*Intelligent Credit Scoring*, p. 369): below 0.1 no shift, from 0.25 a significant one. They say nothing of chance, so
an index counts only beyond what chance alone gives in 95 % of draws: about the chi-square bound of one degree of
freedom per level less one, times the sum of one over each number of pairs (Yurdakul and Naranjo 2020, *Journal of
Risk Model Validation* 14(4)).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.report.quality_tally import hide

LOOK, ACT = 0.1, 0.25
#: The least share of a level, as where the figures are made: an empty level would make the index infinite.
LEAST_SHARE = 1e-4
#: From so many pairs on the shares of the levels are told: of fewer, they would give their counts back.
LEAST_PAIRS = 1_000
_NORMAL_95 = 1.6449


@dataclass(frozen=True)
class Level:
    """One level of agreement: its name, its share among the pairs with both sides (None: hidden), the model's."""

    name: str
    percent: float | None
    expected: float


@dataclass(frozen=True, kw_only=True)
class Trait:
    """One trait: the linked pairs with both sides (in tens), how many lack one, the index and what it means.

    `index_before` is against the snapshot before. A verdict is stable, look, act, or few (too few pairs to say).
    """

    name: str
    known: int | None
    missing: float | None
    levels: Sequence[Level]
    index: float | None
    verdict: str
    index_before: float | None
    verdict_before: str


def chance_bound(levels: int, *pairs: int) -> float:
    """The index that chance alone stays below in 95 % of draws; `pairs`: of each side that was drawn.

    >>> round(chance_bound(3, 1000), 4)
    0.0059
    """
    freedom = max(levels - 1, 1)
    spread = 2 / (9 * freedom)
    chi_square: float = (
        freedom * (1 - spread + _NORMAL_95 * math.sqrt(spread)) ** 3
    )  # Wilson and Hilferty 1931
    return chi_square * sum(1 / n for n in pairs)


def verdict(index: float, bound: float) -> str:
    """What an index means: stable, look, act, or few when chance alone may give that much."""
    if index < max(LOOK, bound):
        return "few" if bound >= LOOK else "stable"
    return "act" if index >= ACT else "look"


def stability(counts: Sequence[int], others: Sequence[int]) -> float:
    """The population stability index between two distributions over the same levels, neither of them empty.

    >>> stability([50, 50], [5, 5])
    0.0
    """
    left, right = ([max(count / sum(own), LEAST_SHARE) for count in own] for own in (counts, others))
    return sum((a - b) * math.log(a / b) for a, b in zip(left, right, strict=True))


def traits(
    rows: Sequence[Mapping[str, Any]], before: Sequence[Mapping[str, Any]], threshold: int
) -> list[Trait]:
    """The traits of a snapshot in the order of the model; `before`: the rows of the snapshot before, if any."""
    drifts = [row for row in rows if row["measure"] == "trait_drift"]
    names = dict.fromkeys(row["subject"] for row in rows if row["measure"] == "trait_level")
    order = {row["subject"]: row["category_rank"] for row in drifts}
    index = {row["subject"]: row["measured_value"] for row in drifts}
    own, previous = _levels(rows), _levels(before)
    return [
        _trait(name, own[name], previous.get(name, []), index.get(name), threshold)
        for name in sorted(names, key=lambda name: (order.get(name, len(names) + 1), name))
    ]


def _levels(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Mapping[str, Any]]]:
    """The levels of each trait, the strongest first, a missing side last."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: -row["category_rank"]):
        if row["measure"] == "trait_level":
            found.setdefault(row["subject"], []).append(row)
    return found


def _trait(
    name: str,
    levels: Sequence[Mapping[str, Any]],
    previous: Sequence[Mapping[str, Any]],
    index: float | None,
    threshold: int,
) -> Trait:
    known = [row for row in levels if row["category_rank"] >= 0]
    pairs, compared = sum(row["item_count"] for row in known), levels[0]["total_count"]
    is_told = index is not None and pairs >= threshold
    before = _index_before(known, [row for row in previous if row["category_rank"] >= 0], threshold)
    is_missing_told = compared >= LEAST_PAIRS and not 0 < compared - pairs < threshold
    return Trait(
        name=name,
        known=None if 0 < pairs < threshold else (pairs + 5) // 10 * 10,
        missing=100 * (compared - pairs) / compared if is_missing_told else None,
        levels=_shown_levels(known, pairs, threshold),
        index=index if is_told else None,
        verdict=verdict(index, chance_bound(len(known), pairs)) if index is not None and is_told else "few",
        index_before=before[0] if before else None,
        verdict_before=verdict(*before) if before else "few",
    )


def _shown_levels(known: Sequence[Mapping[str, Any]], pairs: int, threshold: int) -> list[Level]:
    import numpy as np

    counts = np.array([*(row["item_count"] for row in known), pairs], dtype=np.int64)
    order = np.append(np.argsort(counts[:-1], kind="stable"), len(counts) - 1)
    hidden = hide(counts, [order[None, :]], threshold)
    return [
        Level(
            row["category"],
            None if hidden[at] or hidden[-1] or pairs < LEAST_PAIRS else 100 * row["item_count"] / pairs,
            100 * row["model_share"],
        )
        for at, row in enumerate(known)
    ]


def _index_before(
    known: Sequence[Mapping[str, Any]], previous: Sequence[Mapping[str, Any]], threshold: int
) -> tuple[float, float] | None:
    """The index against the snapshot before and the bound of chance; None where the model or the pairs do not allow."""
    if [row["category"] for row in known] != [row["category"] for row in previous]:
        return None
    now, then = ([row["item_count"] for row in own] for own in (known, previous))
    if min(sum(now), sum(then)) < threshold:
        return None
    return stability(now, then), chance_bound(len(now), sum(now), sum(then))
