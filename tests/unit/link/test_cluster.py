"""Average linkage under vetoes: small graphs by hand, then any graph."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.io.linkage_model import Thresholds
from pipelines.link.cluster import MICRO, Pairs, _cluster_component, cluster, connected_components
from pipelines.link.components import bounded_components
from tests.tables import parse

THRESHOLDS = Thresholds(component_from=-2, review_from=0, auto_from=4, ambiguity_margin=4, weight_cap=20)


def pairs(found):
    """Pairs of (left, right, weight in bits, must, veto)."""
    left, right, weight, must, veto = zip(*found, strict=True) if found else ((), (), (), (), ())
    return Pairs(
        left=np.array(left, dtype=np.int64),
        right=np.array(right, dtype=np.int64),
        weight=np.rint(np.array(weight, dtype=np.float64) * MICRO).astype(np.int64),
        must=np.array(must, dtype=np.int64),
        veto=np.array(veto, dtype=np.bool_),
    )


def graph(text):
    """Pairs of a table l | r | weight | rule, where the rule is must, later (a must that waits), veto or blank."""
    ranks = {"must": 1, "later": 2}
    return pairs(
        [(e["l"], e["r"], e["weight"], ranks.get(e["rule"], 0), e["rule"] == "veto") for e in parse(text)]
    )


@pytest.mark.parametrize(
    ("why", "size", "edges", "expected"),
    [
        ("two alike", 2, "l | r | weight | rule\n0 | 1 | 4 | -", [0, 0]),
        ("two not alike enough", 2, "l | r | weight | rule\n0 | 1 | 3.9 | -", [0, 1]),
        ("two alike but vetoed", 2, "l | r | weight | rule\n0 | 1 | 20 | veto", [0, 1]),
        ("a record apart", 3, "l | r | weight | rule\n0 | 2 | 9 | -", [0, 1, 0]),
        ("the mean decides, not the best", 3, """
            l | r | weight | rule
            0 | 1 | 12     | -
            0 | 2 | 6      | -
            1 | 2 | -8     | -
         """, [0, 0, 2]),
        ("the mean suffices", 3, """
            l | r | weight | rule
            0 | 1 | 12     | -
            0 | 2 | 9      | -
            1 | 2 | -1     | -
         """, [0, 0, 0]),
        ("a veto is inherited by the cluster", 3, """
            l | r | weight | rule
            0 | 1 | 12     | -
            0 | 2 | -20    | veto
            1 | 2 | 7      | -
         """, [0, 0, 2]),
        ("a record that fits two who may not be one stays alone", 3, """
            l | r | weight | rule
            0 | 1 | 9      | -
            0 | 2 | -20    | veto
            1 | 2 | 7      | -
         """, [0, 1, 2]),
        ("what must be one is joined first, whatever the weights", 3, """
            l | r | weight | rule
            0 | 1 | 15     | -
            0 | 2 | 20     | must
            1 | 2 | -20    | veto
         """, [0, 1, 0]),
        ("a must does not break a veto of its cluster", 3, """
            l | r | weight | rule
            0 | 1 | 20     | must
            0 | 2 | -20    | veto
            1 | 2 | 20     | must
         """, [0, 0, 2]),
        ("the surer must comes first", 3, """
            l | r | weight | rule
            0 | 1 | 20     | later
            0 | 2 | -20    | veto
            1 | 2 | 20     | must
         """, [0, 1, 1]),
        ("two couples", 4, """
            l | r | weight | rule
            0 | 1 | 12     | -
            0 | 2 | 1      | -
            0 | 3 | 1      | -
            1 | 2 | 1      | -
            1 | 3 | 1      | -
            2 | 3 | 12     | -
         """, [0, 0, 2, 2]),
    ],
)  # fmt: skip
def test_small_graph(why, size, edges, expected):
    assert cluster(size, graph(edges), THRESHOLDS).tolist() == expected, why


def test_no_pair_no_join():
    assert cluster(3, pairs([]), THRESHOLDS).tolist() == [0, 1, 2]


@st.composite
def graphs(draw):
    """Up to three complete components of up to five records."""
    found, size = [], 0
    for _ in range(draw(st.integers(0, 3))):
        members = draw(st.integers(1, 5))
        for left in range(size, size + members):
            for right in range(left + 1, size + members):
                veto = draw(st.sampled_from([False, False, True]))
                must = 0 if veto else draw(st.sampled_from([0, 0, 0, 0, 1, 2]))
                weight = draw(st.integers(-20, 20)) / 2
                found.append((left, right, 20 if must else weight, must, veto))
        size += members
    return size, found


@settings(max_examples=300, deadline=None)
@given(graphs(), st.randoms(use_true_random=False))
def test_any_graph(made, random):
    size, found = made
    label = cluster(size, pairs(found), THRESHOLDS)
    shuffled = random.sample(found, len(found))
    assert cluster(size, pairs(shuffled), THRESHOLDS).tolist() == label.tolist()
    assert all(label[left] != label[right] for left, right, _, _, veto in found if veto)
    assert all(label[record] <= record and label[label[record]] == label[record] for record in range(size))
    joined = [(left, right) for left, right, *_ in found if label[left] == label[right]]
    assert (
        connected_components(size, *np.array(joined, dtype=np.int64).reshape(-1, 2).T).tolist()
        == label.tolist()
    )


@settings(max_examples=200, deadline=None)
@given(graphs())
def test_the_short_cut_changes_nothing(made):
    """Components decided at a glance would come out the same step by step."""
    size, found = made
    made_pairs = pairs(found)
    slow = np.arange(size)
    component = connected_components(size, made_pairs.left, made_pairs.right)[made_pairs.left]
    for one in np.unique(component):
        members, label = _cluster_component(made_pairs.take(component == one), THRESHOLDS)
        slow[members] = label
    assert cluster(size, made_pairs, THRESHOLDS).tolist() == slow.tolist()


def components(size, edges, *, largest=99):
    left, right, weight = (np.array(part) for part in zip(*edges, strict=True))
    return bounded_components(size, left, right, weight.astype(np.float64), largest=largest).tolist()


@pytest.mark.parametrize(
    ("why", "largest", "expected"),
    [
        ("one component", 6, [0, 0, 0, 0, 0, 0]),
        ("its weakest edge goes", 4, [0, 0, 0, 3, 3, 3]),
        ("then the next weakest, but never a certain one", 2, [0, 0, 2, 3, 3, 5]),
        ("certain edges hold whatever the size", 1, [0, 0, 2, 3, 4, 5]),
    ],
)
def test_a_large_component_falls_apart_at_its_weakest(why, largest, expected):
    edges = [(0, 1, np.inf), (1, 2, 5.0), (2, 3, 1.0), (3, 4, 9.0), (4, 5, 5.0)]
    assert components(6, edges, largest=largest) == expected, why


def test_a_long_chain_is_one_component():
    size = 1000
    order = np.random.default_rng(1).permutation(size)
    left, right = order[:-1], order[1:]
    assert connected_components(size, left, right).tolist() == [0] * size
