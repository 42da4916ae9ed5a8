"""An attacker with a linear-programming solver and one report recovers no small count of any centre or place."""

from functools import cache

import duckdb
import numpy as np
import pandas as pd
import pytest

from pipelines.io.configuration import load_network
from pipelines.report.disclosure import SHOWN, judge, mask
from tests.attacker import Variable, pooled, protected, systems
from tests.report_snapshot import NAMES, PARTITIONS, PLACE_INDICATOR, conformity, fill

THRESHOLD = 11
SOLVED_AT_MOST = 15  # per period: each count is two linear programmes


@cache
def draw(seed: int, tumours: int, centres: int) -> pd.DataFrame:
    """The figures of one network before disclosure control; they are only read."""
    with duckdb.connect() as con:
        fill(
            con, load_network("netsarc"), np.random.default_rng(seed), tumours=tumours, names=NAMES[:centres]
        )
        found = conformity(con)
    is_own_place = (found["group_kind"] == "place") & (found["indicator_id"] == PLACE_INDICATOR)
    return found[~is_own_place].reset_index(drop=True)


def attack(seen: pd.DataFrame, truth: pd.DataFrame, seed: int) -> dict[tuple[str, Variable], float]:
    """How far each protected count can still vary, by period and count."""
    rng = np.random.default_rng(seed)
    everything = pd.concat([truth, pooled(truth, seen)])
    secrets = sorted(protected(everything, PARTITIONS, THRESHOLD))
    widths = {}
    for period, system in systems(seen, PARTITIONS, PLACE_INDICATOR).items():
        mine = [name for at, name in secrets if at == period and name in system.names]
        chosen = rng.permutation(len(mine))[:SOLVED_AT_MOST]
        found = system.bounds([mine[i] for i in sorted(chosen)])
        widths |= {(period, name): high - low for name, (low, high) in found.items()}
    return widths


def publish(truth: pd.DataFrame) -> pd.DataFrame:
    shown = judge(truth, partitions=PARTITIONS, place_indicator=PLACE_INDICATOR, threshold=THRESHOLD)
    return mask(truth, shown)


@cache
def published(seed: int, tumours: int, centres: int) -> pd.DataFrame:
    """The figures of that network as they are published; they are only read."""
    return publish(draw(seed, tumours, centres))


@pytest.mark.parametrize(
    ("seed", "tumours", "centres"),
    [(1, 27_000, 28), (2, 3_000, 28), (3, 800, 12), (4, 2_500, 3), (5, 1_500, 2)],
)
def test_no_protected_count_is_recovered(seed: int, tumours: int, centres: int):
    truth = draw(seed, tumours, centres)
    widths = attack(published(seed, tumours, centres), truth, seed)
    assert len(widths) >= 10  # the attacker has something to attack
    assert min(widths.values()) >= THRESHOLD


def test_hiding_the_small_counts_alone_would_not_do():
    truth = draw(2, 3_000, 28)
    counts = truth[["eligible_count", "achieved_count", "missing_count"]]
    naive = mask(truth, pd.DataFrame(((counts >= THRESHOLD) | (counts == 0)).to_numpy(), columns=list(SHOWN)))
    widths = attack(naive, truth, 2)
    assert any(width < 1 for width in widths.values())


def test_large_centres_keep_their_figures():
    centres = published(1, 27_000, 28).query("group_kind == 'centre'")
    assert centres["is_eligible_shown"].mean() > 0.9
    assert centres["is_achieved_shown"].mean() > 0.8


def test_the_national_figures_of_a_large_network_are_whole():
    national = published(1, 27_000, 28).query("group_kind == 'all'")
    assert national[list(SHOWN)].all(axis=None)


def test_the_order_of_the_rows_changes_nothing():
    truth = draw(3, 800, 12)
    shuffled = truth.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(publish(shuffled).sort_index(), published(3, 800, 12))
