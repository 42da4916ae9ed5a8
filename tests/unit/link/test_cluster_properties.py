"""What any clustering must keep, whatever arrives in whatever order: vetoes, musts, and the same answer."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.io.linkage_model import Thresholds
from pipelines.link.cluster import MICRO, Pairs, cluster, connected_components

THRESHOLDS = Thresholds(component_from=-2, review_from=0, auto_from=4, ambiguity_margin=4, weight_cap=20)


def pairs(found):
    """Pairs of (left, right, weight in bits, must, veto)."""
    columns = zip(*found, strict=True) if found else ((), (), (), (), ())
    left, right, weight, must, veto = (np.array(column) for column in columns)
    return Pairs(
        left=left.astype(np.int64),
        right=right.astype(np.int64),
        weight=np.rint(weight.astype(np.float64) * MICRO).astype(np.int64),
        must=must.astype(np.int64),
        veto=veto.astype(np.bool_),
    )


def groups(size, found, thresholds=THRESHOLDS):
    """The persons as a set of sets of records."""
    label = cluster(size, pairs(found), thresholds).tolist()
    return {frozenset(n for n in range(size) if label[n] == one) for one in set(label)}


@st.composite
def crowds(draw):
    """Records of at most four true persons: pairs of one person are heavy, of two persons light, some are wrong."""
    owners = draw(st.lists(st.integers(0, 3), min_size=2, max_size=8))
    found = []
    for right in range(len(owners)):
        for left in range(right):
            is_one = owners[left] == owners[right]
            weight = draw(st.integers(-40, 40)) / 4 + (6 if is_one else -6)
            veto = draw(st.integers(0, 9)) == 0
            must = 0 if veto or draw(st.integers(0, 4)) else draw(st.integers(1, 3))
            found.append((left, right, weight, must, veto))
    return len(owners), found


def arrivals(found, random):
    return random.sample(found, len(found))


@settings(max_examples=80, deadline=None)
@given(crowds(), st.randoms(use_true_random=False))
def test_no_person_holds_a_vetoed_pair_in_any_order_of_arrival(made, random):
    size, found = made
    for order in (found, arrivals(found, random), found[::-1]):
        label = cluster(size, pairs(order), THRESHOLDS)
        assert not any(label[left] == label[right] for left, right, _, _, veto in order if veto)


@settings(max_examples=80, deadline=None)
@given(crowds(), st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(made, random):
    size, found = made
    expected = groups(size, found)
    assert groups(size, arrivals(found, random)) == expected
    assert groups(size, found[::-1]) == expected


@settings(max_examples=80, deadline=None)
@given(crowds())
def test_every_must_is_joined_where_no_veto_stands_between_the_two_sides(made):
    size, found = made
    label = cluster(size, pairs(found), THRESHOLDS)
    vetoed = {frozenset((label[left], label[right])) for left, right, _, _, veto in found if veto}
    for left, right, _, must, _ in found:
        if must and label[left] != label[right]:
            assert frozenset((label[left], label[right])) in vetoed


@settings(max_examples=80, deadline=None)
@given(crowds())
def test_without_vetoes_all_musts_are_joined(made):
    size, found = made
    free = [(left, right, weight, must, False) for left, right, weight, must, _ in found]
    label = cluster(size, pairs(free), THRESHOLDS)
    assert all(label[left] == label[right] for left, right, _, must, _ in free if must)


@settings(max_examples=50, deadline=None)
@given(crowds())
def test_with_every_pair_vetoed_everyone_is_alone(made):
    size, found = made
    closed = [(left, right, weight, 0, True) for left, right, weight, _, _ in found]
    assert cluster(size, pairs(closed), THRESHOLDS).tolist() == list(range(size))


@settings(max_examples=50, deadline=None)
@given(crowds())
def test_nobody_is_joined_below_the_threshold(made):
    size, found = made
    light = [(left, right, min(weight, 3.999999), 0, veto) for left, right, weight, _, veto in found]
    assert cluster(size, pairs(light), THRESHOLDS).tolist() == list(range(size))


@settings(max_examples=50, deadline=None)
@given(crowds(), crowds())
def test_strangers_change_nothing(made, others):
    """Two crowds without a pair between them are clustered as if each were alone."""
    (size, found), (more, besides) = made, others
    moved = [(left + size, right + size, *rest) for left, right, *rest in besides]
    together = cluster(size + more, pairs([*moved, *found]), THRESHOLDS).tolist()
    alone = cluster(size, pairs(found), THRESHOLDS).tolist()
    beside = (cluster(more, pairs(besides), THRESHOLDS) + size).tolist()
    assert together == alone + beside


@settings(max_examples=50, deadline=None)
@given(crowds())
def test_pairs_are_left_as_they_were(made):
    size, found = made
    given_pairs = pairs(found)
    before = [column.copy() for column in vars(given_pairs).values()]
    cluster(size, given_pairs, THRESHOLDS)
    assert all((b == a).all() for b, a in zip(before, vars(given_pairs).values(), strict=True))


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 12), st.data())
def test_a_component_is_what_its_edges_reach(size, data):
    node = st.integers(0, size - 1)
    edges = data.draw(st.lists(st.tuples(node, node), max_size=15))
    left, right = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    reached = [{n} for n in range(size)]
    for a, b in edges * size:
        reached[a] = reached[b] = reached[a] | reached[b]
    found = connected_components(size, left, right).tolist()
    assert found == [min(own) for own in reached]


MARGIN = [
    # 1 fits 0 and 2, which may not be one: by how much must the better be better?
    ("the better is out of reach of the other", 14, 5, {frozenset({0, 1}), frozenset({2})}),
    ("just out of reach", 9, 4.99, {frozenset({0, 1}), frozenset({2})}),
    ("just within reach", 9, 5, {frozenset({0}), frozenset({1}), frozenset({2})}),
    ("equally near", 9, 9, {frozenset({0}), frozenset({1}), frozenset({2})}),
    ("the other is not near enough to be a rival", 5, 3.9, {frozenset({0, 1}), frozenset({2})}),
    ("the other is near enough, hence a rival", 5, 4, {frozenset({0}), frozenset({1}), frozenset({2})}),
]


@pytest.mark.parametrize(("why", "better", "other", "expected"), MARGIN, ids=[why for why, *_ in MARGIN])
def test_how_much_better_the_better_must_be(why, better, other, expected):
    found = [(0, 1, better, 0, False), (1, 2, other, 0, False), (0, 2, -20, 0, True)]
    assert groups(3, found) == expected, why
    renamed = [(1, 2, better, 0, False), (0, 1, other, 0, False), (0, 2, -20, 0, True)]
    mirrored = {frozenset(2 - n for n in one) for one in expected}
    assert groups(3, renamed) == mirrored, f"{why}, the records numbered the other way round"


@pytest.mark.parametrize(
    ("chosen", "left", "must"),
    [
        ([True, False, True], [0, 1], [1, 0]),
        ([False, False, False], [], []),
        ([2, 0], [1, 0], [0, 1]),
    ],
)
def test_chosen_pairs_keep_their_columns_together(chosen, left, must):
    dtype = np.bool_ if isinstance(chosen[0], bool) else np.int64
    taken = pairs([(0, 1, 20, 1, False), (0, 2, -3, 0, True), (1, 2, 5.5, 0, False)]).take(
        np.array(chosen, dtype=dtype)
    )
    assert taken.left.tolist() == left
    assert taken.must.tolist() == must
    assert len(taken.weight) == len(taken.veto) == len(taken.right) == len(left)
