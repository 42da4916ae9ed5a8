"""Draws that meet their quota: systematic sampling in random order, so that a share is exact to one unit."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]
Objects = NDArray[Any]

_STEPS = 60  # bisections: far below the resolution of a share


def expit(log_odds: Floats) -> Floats:
    """Probabilities of log-odds."""
    return 1.0 / (1.0 + np.exp(-log_odds))


def choose(probabilities: Floats, rng: np.random.Generator) -> Booleans:
    """Choose each unit with its probability; the number chosen is the sum of the probabilities, to one unit."""
    order = rng.permutation(len(probabilities))
    total = np.floor(np.cumsum(probabilities[order]) + rng.random())
    chosen = np.zeros(len(probabilities), np.bool_)
    chosen[order] = np.diff(total, prepend=0.0) > 0
    return chosen


def share(n: int, percent: float, rng: np.random.Generator) -> Booleans:
    """Choose `percent` % of n units."""
    return choose(np.full(n, percent / 100), rng)


def with_effects(percent: float, effects: Floats, rng: np.random.Generator) -> Booleans:
    """Choose `percent` % of the units, each with log-odds that differ by its effect."""
    return choose(probabilities(percent, effects), rng)


def probabilities(percent: float, effects: Floats) -> Floats:
    """One probability per unit: their mean is `percent` %, their log-odds differ by the effects."""
    low, high = -30.0, 30.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        is_low = expit(effects + middle).mean() < percent / 100 if len(effects) else True
        low, high = (middle, high) if is_low else (low, middle)
    return expit(effects + low)


def spread(weights: Floats, n: int, rng: np.random.Generator) -> Integers:
    """Give n units a category each, in random order; each category gets its share to one unit."""
    order = rng.permutation(len(weights))
    edges = np.cumsum(weights[order]) / weights.sum() * n + rng.random()
    counts = np.diff(np.floor(edges), prepend=0.0).astype(np.int64)
    counts[-1] += n - counts.sum()
    return rng.permutation(np.repeat(order, np.maximum(counts, 0)))[:n].astype(np.int64)


def spread_within(groups: Integers, weights: dict[int, Floats], rng: np.random.Generator) -> Integers:
    """As `spread`, with the weights of each unit's group."""
    drawn = np.zeros(len(groups), np.int64)
    for group, group_weights in weights.items():
        members = np.flatnonzero(groups == group)
        drawn[members] = spread(group_weights, len(members), rng)
    return drawn


def pick(values: list[str] | Objects, weights: list[float], n: int, rng: np.random.Generator) -> Objects:
    """Give n units a value each, in the proportion of the weights."""
    return np.array(values, dtype=object)[spread(np.array(weights, float), n, rng)]


def where(condition: Any, yes: Any, no: Any) -> Objects:
    """`numpy.where` on values of any kind, None included."""
    found: Objects = np.where(condition, yes, no).astype(object)
    return found


def select(choices: list[tuple[Any, Any]], otherwise: Any) -> Objects:
    """The value of the first condition that holds, of any kind, None included."""
    found: Objects = np.select([c for c, _ in choices], [v for _, v in choices], otherwise).astype(object)
    return found


def between(low: Integers | int, high: Integers | int, n: int, rng: np.random.Generator) -> Integers:
    """Whole numbers from low to high, both included."""
    return np.floor(low + rng.random(n) * (np.asarray(high) - low + 1)).astype(np.int64)
