"""What of `ind_conformity` may be published: pure functions on its rows, from the figures to the masked figures.

All tables of a period share their groups and their totals, so groups too small to be shown are protected as if they
were one, and the places of first surgery are hidden with the indicator that counts them. It protects one release;
comparing two releases is not covered.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipelines.errors import AuditError
from pipelines.report.suppression import (
    MISSING,
    NOT_ACHIEVED,
    Cells,
    hidden_cells,
    hide_remainders,
    sensitive_cells,
)

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

SHOWN = ("is_eligible_shown", "is_achieved_shown", "is_missing_shown")
_NEED_ACHIEVED = ("percent_all", "percent_all_low", "percent_all_high")
_NEED_KNOWN = ("percent_known", "percent_known_low", "percent_known_high")


def cells_of(rows: "pd.DataFrame") -> Cells:
    """The categories behind the indicators of one partition, period and grouping. AuditError if they do not add up."""
    import numpy as np
    import pandas as pd

    named = {
        str(name): part.set_index("group_id").sort_index() for name, part in rows.groupby("indicator_id")
    }
    wide = pd.DataFrame({name: part["achieved_count"] for name, part in named.items()})
    first = next(iter(named.values()))[["eligible_count", "missing_count"]]
    missing = first["missing_count"]
    residue = first["eligible_count"] - missing - wide.sum(axis=1)
    is_shared = all(part[["eligible_count", "missing_count"]].equals(first) for part in named.values())
    if not is_shared or (residue < 0).any():
        raise AuditError(f"the indicators {', '.join(wide.columns)} do not partition the same tumours")
    parts = [*wide.items(), (NOT_ACHIEVED, residue), (MISSING, missing)]
    # A partition that leaves no residue (R0, R1, R2) has no such column: a reader knows it.
    parts = [(name, part) for name, part in parts if name != NOT_ACHIEVED or part.any() or len(parts) == 3]
    counts = np.column_stack([part.to_numpy() for _, part in parts]).astype(np.int64)
    return Cells(tuple(wide.index), tuple(str(name) for name, _ in parts), counts)


def too_small(eligible: "pd.Series[int]", threshold: int) -> frozenset[str]:
    """The groups whose total is hidden: the small ones, then the next until they are two and reach the threshold."""
    ordered = eligible[eligible > 0].sort_index().sort_values(kind="stable")
    small = int((ordered < threshold).sum())
    if not small:
        return frozenset()
    enough = ordered.cumsum() >= threshold
    needed = int((~enough).sum()) + 1
    return frozenset(ordered.index[: max(small, needed, 2)])


def _merged(cells: Cells, small: frozenset[str]) -> Cells:
    """The table in which the groups too small to be shown are one row, the last."""
    import numpy as np

    if not small:
        return cells
    is_small = np.isin(cells.groups, list(small))
    counts = np.vstack([cells.counts[~is_small], cells.counts[is_small].sum(axis=0)])
    groups = (*(group for group in cells.groups if group not in small), "")
    return Cells(groups, cells.categories, counts)


def _hidden_frame(cells: Cells, hidden: "NDArray[np.bool_]") -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame(hidden, index=list(cells.groups), columns=list(cells.categories))


def _national_hidden(cells: Cells, threshold: int) -> "NDArray[np.bool_]":
    """The hidden cells of the national row, where no other group can be traded for them."""
    return hide_remainders(cells, sensitive_cells(cells.counts, threshold), threshold)


def _judge(
    rows: "pd.DataFrame", small: Mapping[str, frozenset[str]], threshold: int
) -> dict[str, "pd.DataFrame"]:
    """The hidden cells of one partition of one period, by grouping: group × category.

    A hidden national count closes every breakdown; a group merged into another shows nothing.
    """
    import numpy as np

    tables = {str(kind): cells_of(part) for kind, part in rows.groupby("group_kind")}
    nation = tables.pop("all")
    found = {"all": _hidden_frame(nation, _national_hidden(nation, threshold) | bool(small["all"]))}
    for kind, cells in tables.items():
        merged = _merged(cells, small[kind])
        closed = found["all"].to_numpy().any()
        hidden = np.ones(merged.counts.shape, dtype=bool) if closed else hidden_cells(merged, threshold)
        found[kind] = _hidden_frame(merged, hidden).reindex(list(cells.groups), fill_value=True)
    return found


def _small_groups(
    rows: "pd.DataFrame", place_indicator: str | None, threshold: int
) -> dict[str, frozenset[str]]:
    """The groups of one period whose totals are hidden, by grouping.

    The places are the categories of `place_indicator`: what is hidden of one is hidden of the other.
    """
    by_kind = {str(kind): part.drop_duplicates("group_id") for kind, part in rows.groupby("group_kind")}
    totals = {kind: part.set_index("group_id")["eligible_count"] for kind, part in by_kind.items()}
    nation = int(totals["all"].sum())
    small = {kind: too_small(found, threshold) for kind, found in totals.items()}
    small["all"] = frozenset(totals["all"].index) if 0 < nation < threshold else frozenset()
    national = rows[rows["group_kind"] == "all"]
    places = national[national["indicator_id"] == place_indicator]
    if "place" in small and len(places) and _national_hidden(cells_of(places), threshold).any():
        small["place"] = frozenset(totals["place"].index)
    return {kind: frozenset(totals[kind].index) if small["all"] else found for kind, found in small.items()}


def _shown(rows: "pd.DataFrame", hidden: "pd.DataFrame", small: frozenset[str]) -> "pd.DataFrame":
    """What is shown of each row of one partition, period and grouping."""
    import pandas as pd

    group = hidden.index.get_indexer(pd.Index(rows["group_id"]))
    achieved = hidden.to_numpy()[group, hidden.columns.get_indexer(pd.Index(rows["indicator_id"]))]
    missing = hidden[MISSING].to_numpy()[group]
    eligible = ~rows["group_id"].isin(small)
    columns = (eligible, eligible & ~achieved, eligible & ~missing)
    return pd.DataFrame(dict(zip(SHOWN, columns, strict=True)), index=rows.index)


def judge(
    conformity: "pd.DataFrame", *, partitions: Mapping[str, str], place_indicator: str | None, threshold: int
) -> "pd.DataFrame":
    """What may be shown of each row of `ind_conformity`: is_eligible_shown, is_achieved_shown, is_missing_shown.

    `partitions`: indicator → partition; `place_indicator`: the indicator that says where the first surgery was.
    """
    import pandas as pd

    partition = conformity["indicator_id"].map(partitions)
    parts = []
    for _, rows in conformity.groupby("period_id"):
        small = _small_groups(rows, place_indicator, threshold)
        for _, family in rows.groupby(partition):
            hidden = _judge(family, small, threshold)
            kinds = family.groupby("group_kind")
            parts += [_shown(part, hidden[str(kind)], small[str(kind)]) for kind, part in kinds]
    return pd.concat(parts).reindex(conformity.index)


def mask(conformity: "pd.DataFrame", shown: "pd.DataFrame") -> "pd.DataFrame":
    """The same rows with every figure that may not be shown empty, and the three columns that say so."""
    masked = conformity.join(shown)
    n, both = masked["is_achieved_shown"], masked["is_achieved_shown"] & masked["is_missing_shown"]
    masked["eligible_count"] = masked["eligible_count"].astype("Int64").where(masked["is_eligible_shown"])
    masked["missing_count"] = masked["missing_count"].astype("Int64").where(masked["is_missing_shown"])
    masked["achieved_count"] = masked["achieved_count"].astype("Int64").where(n)
    masked["not_achieved_count"] = masked["not_achieved_count"].astype("Int64").where(both)
    rates = {**dict.fromkeys(_NEED_ACHIEVED, n), **dict.fromkeys(_NEED_KNOWN, both)}
    return masked.assign(**{name: masked[name].astype("Float64").where(when) for name, when in rates.items()})
