"""An attacker of a published report: it reads the figures, knows which sums must hold and solves for the rest."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.optimize import linprog
from scipy.sparse import csr_array

Variable = tuple[str, ...]  # kind, group, then what is counted
POOL = "the unseen together"
PLACE_ANSWERS = {"in_reference": "achieved", "outside": "rest", "unknown": "missing"}


@dataclass
class System:
    """Linear equations over non-negative counts."""

    known: dict[Variable, float] = field(default_factory=dict)
    equations: list[dict[Variable, float]] = field(default_factory=list)

    @property
    def names(self) -> set[Variable]:
        """Every count that some equation mentions."""
        return {name for equation in self.equations for name in equation}

    def add_up(self, parts: Iterable[Variable], total: Variable) -> None:
        """The parts sum to the total."""
        self.equations.append({**dict.fromkeys(parts, 1.0), total: -1.0})

    def bounds(self, targets: list[Variable]) -> dict[Variable, tuple[float, float]]:
        """The least and the greatest value each target can have."""
        names = sorted(self.names)
        place = {name: i for i, name in enumerate(names)}
        cells = [(row, place[n], w) for row, eq in enumerate(self.equations) for n, w in eq.items()]
        rows, columns, weights = zip(*cells, strict=True)
        matrix = csr_array((weights, (rows, columns)), shape=(len(self.equations), len(names)))
        limits = np.array([(self.known.get(n, 0.0), self.known.get(n, np.inf)) for n in names])
        found = {}
        for target in targets:
            goal = np.zeros(len(names))
            goal[place[target]] = 1
            ends = [
                linprog(sign * goal, A_eq=matrix, b_eq=np.zeros(matrix.shape[0]), bounds=limits)
                for sign in (1, -1)
            ]
            found[target] = (ends[0].fun, -ends[1].fun if ends[1].success else np.inf)
        return found


def unseen(rows: pd.DataFrame, kind: str) -> list[str]:
    """The groups whose total is hidden."""
    return sorted(set(rows.loc[(rows["group_kind"] == kind) & rows["eligible_count"].isna(), "group_id"]))


def pooled(truth: pd.DataFrame, published: pd.DataFrame) -> pd.DataFrame:
    """The groups whose total is hidden, taken as one: what a subtraction from the national figure is about."""
    hidden = truth[published["eligible_count"].isna().to_numpy() & (truth["group_kind"] == "centre")]
    keys = ["indicator_id", "period_id", "group_kind"]
    counts = ["eligible_count", "achieved_count", "not_achieved_count", "missing_count"]
    return hidden.groupby(keys, as_index=False)[counts].sum().assign(group_id=POOL)


def _counted(rows: pd.DataFrame, partitions: dict[str, str], place_indicator: str) -> System:
    system = System()
    for (kind, group), part in rows.groupby(["group_kind", "group_id"]):
        total = (kind, group, "N")
        for partition, family in part.groupby(part["indicator_id"].map(partitions)):
            achieved = [(kind, group, name, "achieved") for name in family["indicator_id"]]
            rest = [(kind, group, partition, "rest")] if len(family) == 1 else []
            system.add_up([*achieved, *rest, (kind, group, partition, "missing")], total)
        for row in part.itertuples():
            answer = (kind, group, row.indicator_id)
            missing = (kind, group, partitions[row.indicator_id], "missing")
            system.add_up([(*answer, "achieved"), (*answer, "not"), missing], total)
            system.add_up([(*answer, "achieved"), (*answer, "others")], total)
            achieved = (*answer, "achieved")
            shown = {total: row.eligible_count, achieved: row.achieved_count, missing: row.missing_count}
            system.known |= {name: float(value) for name, value in shown.items() if not pd.isna(value)}
    for kind in ("centre", "place"):
        groups = sorted(set(rows.loc[rows["group_kind"] == kind, "group_id"]))
        for total in sorted(name for name in system.names if name[0] == "all"):
            parts = [(kind, group, *total[2:]) for group in groups]
            if system.names & set(parts):
                system.add_up(parts, total)
                system.add_up(
                    [(kind, group, *total[2:]) for group in unseen(rows, kind)], (kind, POOL, *total[2:])
                )
    for group, answer in PLACE_ANSWERS.items():
        system.equations.append({("place", group, "N"): 1.0, ("all", "all", place_indicator, answer): -1.0})
    return system


def systems(published: pd.DataFrame, partitions: dict[str, str], place_indicator: str) -> dict[str, System]:
    """What one release says, by period."""
    return {
        str(period): _counted(rows, partitions, place_indicator)
        for period, rows in published.groupby("period_id")
    }


def protected(truth: pd.DataFrame, partitions: dict[str, str], threshold: int) -> set[tuple[str, Variable]]:
    """The counts nobody may learn: 1 to threshold - 1 cases of a total, an answer, its complement or the unknown.

    Also the answer of a group whose known cases are all alike.
    """
    found = set()
    for row in truth.itertuples():
        where = (row.group_kind, row.group_id)
        answer = (*where, row.indicator_id)
        partition = partitions[row.indicator_id]
        counts = {
            (*where, "N"): row.eligible_count,
            (*answer, "achieved"): row.achieved_count,
            (*answer, "not"): row.not_achieved_count,
            (*answer, "others"): row.not_achieved_count + row.missing_count,
            (*where, partition, "missing"): row.missing_count,
        }
        found |= {(row.period_id, name) for name, count in counts.items() if 0 < count < threshold}
        is_unanimous = (row.achieved_count > 0) != (row.not_achieved_count > 0)
        if is_unanimous and (row.achieved_count > 0 or partition == row.indicator_id):
            found |= {(row.period_id, (*answer, "achieved")), (row.period_id, (*answer, "not"))}
    return found
