"""A quota is met to one unit, whatever the size."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.synthetic import draws

SIZES = st.integers(min_value=0, max_value=400)
PERCENTS = st.floats(min_value=0, max_value=100)


@given(n=SIZES, percent=PERCENTS, seed=st.integers(0, 99))
def test_a_share_is_exact_to_one_unit(n, percent, seed):
    chosen = draws.share(n, percent, np.random.default_rng(seed))
    assert abs(chosen.sum() - n * percent / 100) < 1


@given(n=st.integers(1, 400), seed=st.integers(0, 99))
def test_every_category_gets_its_share_to_one_unit(n, seed):
    weights = np.array([5.0, 1.0, 0.0, 14.0])
    drawn = draws.spread(weights, n, np.random.default_rng(seed))
    counts = np.bincount(drawn, minlength=4)
    assert len(drawn) == n
    assert (np.abs(counts - weights / 20 * n) < 1 + 1e-6).all()
    assert counts[2] == 0


@given(percent=st.floats(min_value=2, max_value=98), seed=st.integers(0, 99))
def test_effects_move_units_and_not_the_total(percent, seed):
    rng = np.random.default_rng(seed)
    effects = np.where(np.arange(1000) < 500, 2.0, 0.0)
    chosen = draws.with_effects(percent, effects, rng)
    assert abs(chosen.sum() - 10 * percent) < 1.01
    assert chosen[:500].sum() >= chosen[500:].sum()


def test_probabilities_keep_the_odds_ratio():
    p = draws.probabilities(40.0, np.array([0.0, np.log(3.0)]))
    odds = p / (1 - p)
    assert p.mean() == pytest.approx(0.4)
    assert odds[1] / odds[0] == pytest.approx(3.0)


def test_each_group_is_spread_over_its_own_weights(rng):
    groups = np.array([0] * 10 + [1] * 10)
    drawn = draws.spread_within(groups, {0: np.array([1.0, 0.0]), 1: np.array([0.0, 1.0])}, rng)
    assert (drawn == groups).all()


def test_numbers_between_two_bounds_reach_both(rng):
    assert set(draws.between(3, 5, 500, rng)) == {3, 4, 5}


def test_a_value_may_be_missing():
    assert draws.where(np.array([True, False]), "x", None).tolist() == ["x", None]
    assert draws.select([(np.array([True, False]), None)], "y").tolist() == [None, "y"]
