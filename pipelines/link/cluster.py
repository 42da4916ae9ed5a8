"""Records to persons: average linkage under vetoes, exact in each connected component.

Weights are added as whole micro-bits, clusters are named by their smallest record, ties go to the smallest pair: the
partition depends on the set of pairs alone, not on their order nor on threads.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipelines.io.linkage_model import Thresholds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Whole = NDArray[np.int64]
    Flags = NDArray[np.bool_]

MICRO = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """Pairs of records by rank (left < right): weight in micro-bits, whether they must join, whether they may not.

    `must` is 0 for a pair that need not, else the order in which it is joined: a surer tie has the smaller number.
    """

    left: "Whole"
    right: "Whole"
    weight: "Whole"
    must: "Whole"
    veto: "Flags"

    def take(self, chosen: "Flags | Whole") -> "Pairs":
        """The chosen pairs."""
        return Pairs(
            left=self.left[chosen],
            right=self.right[chosen],
            weight=self.weight[chosen],
            must=self.must[chosen],
            veto=self.veto[chosen],
        )


def connected_components(size: int, left: "Whole", right: "Whole") -> "Whole":
    """The smallest record that each of `size` records reaches through the edges."""
    label = np.arange(size, dtype=np.int64)
    while True:
        smallest = np.minimum(label[left], label[right])
        before = label.copy()
        np.minimum.at(label, before[left], smallest)
        np.minimum.at(label, before[right], smallest)
        label = label[label]
        if np.array_equal(label, before):
            return label


class _Component:
    """One component while it is being clustered; a cluster lives at the rank of its smallest member."""

    def __init__(self, pairs: Pairs, members: "Whole") -> None:
        size = len(members)
        left, right = np.searchsorted(members, pairs.left), np.searchsorted(members, pairs.right)
        self.sums = np.zeros((size, size), dtype=np.int64)
        self.veto = np.eye(size, dtype=np.bool_)
        for a, b in ((left, right), (right, left)):
            self.sums[a, b] = pairs.weight
            self.veto[a, b] = pairs.veto
        self.count = np.ones(size, dtype=np.int64)
        self.label = np.arange(size)
        order = np.lexsort((right, left, pairs.must))
        order = order[pairs.must[order] > 0]
        self.musts = list(zip(left[order].tolist(), right[order].tolist(), strict=True))

    def join(self, keep: int, gone: int) -> None:
        """Put the cluster `gone` into `keep`, which inherits its vetoes."""
        self.sums[keep] += self.sums[gone]
        self.sums[:, keep] += self.sums[:, gone]
        self.veto[keep] |= self.veto[gone]
        self.veto[:, keep] |= self.veto[:, gone]
        self.veto[gone] = True
        self.veto[:, gone] = True
        self.count[keep] += self.count[gone]
        self.label[self.label == gone] = keep

    def join_certain(self) -> None:
        """Join what must be joined, surest and smallest pair first, as far as no veto forbids it."""
        for left, right in self.musts:
            a, b = sorted((int(self.label[left]), int(self.label[right])))
            if a != b and not self.veto[a, b]:
                self.join(a, b)

    def _rivals(self, mean: "NDArray[np.float64]", a: int, b: int, thresholds: Thresholds) -> "Flags":
        """The clusters that `a` could as well join although `b` may not."""
        near: Flags = mean[a] >= max(thresholds.auto_from, mean[a, b] - thresholds.ambiguity_margin)
        rivals: Flags = near & self.veto[b] & ~self.veto[a]
        rivals[b] = False
        return rivals

    def part(self, a: int, b: int, rivals: "Flags") -> None:
        """Leave `a` to a human: it joins neither `b` nor the rivals."""
        for other in (b, *np.flatnonzero(rivals).tolist()):
            self.veto[a, other] = self.veto[other, a] = True

    def join_likely(self, thresholds: Thresholds) -> None:
        """Join the closest pair of clusters as long as its mean weight suffices, and it is nobody else's too."""
        while True:
            mean = np.round(self.sums / (MICRO * np.outer(self.count, self.count)), 6)
            open_mean = np.where(self.veto, -np.inf, mean)
            a, b = divmod(int(np.argmax(open_mean)), len(open_mean))
            if open_mean[a, b] < thresholds.auto_from:
                return
            torn = [(x, y, self._rivals(mean, x, y, thresholds)) for x, y in ((a, b), (b, a))]
            for x, y, rivals in torn:
                if rivals.any():
                    self.part(x, y, rivals)
            if not self.veto[a, b]:
                self.join(a, b)


def _cluster_component(pairs: Pairs, thresholds: Thresholds) -> tuple["Whole", "Whole"]:
    members = np.unique(np.concatenate([pairs.left, pairs.right]))
    component = _Component(pairs, members)
    component.join_certain()
    component.join_likely(thresholds)
    return members, members[component.label]


def cluster(size: int, pairs: Pairs, thresholds: Thresholds) -> "Whole":
    """The smallest record of each record's person, for `size` records and all pairs of every component."""
    label = connected_components(size, pairs.left, pairs.right)
    component = label[pairs.left]
    is_easy = ~pairs.veto & ((pairs.must > 0) | (pairs.weight >= thresholds.auto_from * MICRO))
    is_hard = np.zeros(size, dtype=np.bool_)
    is_hard[component[~is_easy]] = True
    is_open = is_hard[label]
    label[is_open] = np.arange(size)[is_open]
    hard = pairs.take(is_hard[component])
    component = component[is_hard[component]]
    order = np.argsort(component, kind="stable")
    starts = np.flatnonzero(np.diff(component[order], prepend=-1))
    for chosen in np.split(order, starts[1:]) if len(order) else []:
        members, found = _cluster_component(hard.take(chosen), thresholds)
        label[members] = found
    return label
