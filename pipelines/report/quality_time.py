"""Quality over time: how fresh the data of each centre are, and the share of tumours without a finding, by diagnosis.

A tumour counts by the findings on its acts (biopsy, imaging, meeting, second reading, surgery, treatment, follow-up):
those on the tumour itself and on the patient have no day of diagnosis in the warehouse.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.report.quality_tally import NATION, hide_table
from pipelines.report.quality_words import DIMENSIONS
from pipelines.report.read import records
from validations.contracts.entities import EVENT_ENTITIES
from validations.rules.catalogue import CATALOGUE

if TYPE_CHECKING:
    import duckdb

#: A centre or NATION, a year, a month or quarter; 0 stands for all of them.
Place = tuple[str, int, int]
#: All tumours, then those with and without a finding: any, then of each dimension.
Counts = Any
#: Diagnoses of this many days before the newest export tell how fast a centre declares.
RECENT_DAYS = 730
_TIMELINESS = f"""
WITH newest AS (
    SELECT centre_id, max(exported_date) AS exported, count(*) AS delivery_count
    FROM dim_delivery
    GROUP BY centre_id
),
recent AS (
    SELECT centre_id, count(*) AS recent_count, quantile_disc(exported - diagnosis_date, 0.5) AS median_days
    FROM fct_tumour
    INNER JOIN newest USING (centre_id)
    WHERE diagnosis_date BETWEEN exported - {RECENT_DAYS} AND exported
    GROUP BY centre_id
)
SELECT centre_id, exported, delivery_count, coalesce(recent_count, 0) AS recent_count, median_days
FROM newest
LEFT JOIN recent USING (centre_id)
ORDER BY centre_id
"""  # noqa: S608 - our own number
_EVENT_ROWS = "\n    UNION ALL\n".join(
    f"    SELECT row_id, tumour_id FROM fct_{entity}"  # noqa: S608 - our own names
    for entity in EVENT_ENTITIES
)
_FLAGGED = ",\n".join(f"    count(*) FILTER (WHERE in_{name}) AS in_{name}" for name in DIMENSIONS)
_SHARES = f"""
WITH event_row AS (
{_EVENT_ROWS}
),
flagged AS (
    SELECT tumour_id, {", ".join(f"bool_or(dimension = '{name}') AS in_{name}" for name in DIMENSIONS)}
    FROM event_row
    INNER JOIN fct_finding USING (row_id)
    INNER JOIN rule_dimension USING (rule_id)
    WHERE severity <> 'info'
    GROUP BY tumour_id
)
SELECT
    fct_tumour.centre_id,
    year(diagnosis_date)::INTEGER AS year,
    CASE WHEN diagnosis_date_precision IN ('day', 'month') THEN month(diagnosis_date) ELSE 0 END::INTEGER AS month,
    count(*) AS tumours,
    count(flagged.tumour_id) AS in_any,
{_FLAGGED}
FROM fct_tumour
LEFT JOIN flagged USING (tumour_id)
WHERE period_id IS NOT NULL AND diagnosis_date IS NOT NULL
GROUP BY ALL
ORDER BY ALL
"""  # noqa: S608 - our own names
_KINDS = ("in_any", *(f"in_{name}" for name in DIMENSIONS))
#: What a year of diagnosis has beside its months and quarters: the tumours of which the month is unknown. A quarter
#: stands after the months: 101 to 104.
NO_MONTH, QUARTER = 13, 100


@dataclass(frozen=True, kw_only=True)
class Timeliness:
    """How fresh the data of a centre are. The median is of the diagnoses of the two years before its newest export."""

    exported: dt.date | None = None
    days_since: int | None = None
    is_late: bool = False
    delivery_count: int = 0
    median_days: int | None = None


@dataclass(frozen=True)
class Share:
    """The tumours of a centre and time, and those with a finding: any, or of each dimension. None where hidden."""

    tumours: int | None
    flagged: Mapping[str, int | None]

    def percent(self, kind: str = "in_any") -> float | None:
        """The share without such a finding; None when it is hidden or there is no tumour."""
        found = self.flagged[kind]
        if found is None or not self.tumours:
            return None
        return 100 * (self.tumours - found) / self.tumours


def read_timeliness(
    con: "duckdb.DuckDBPyConnection", expected_days: Mapping[str, int], *, today: dt.date, threshold: int
) -> dict[str, Timeliness]:
    """How fresh each centre is; `expected_days`: centre → the days after which its newest export is late."""
    found = {}
    for row in records(con, _TIMELINESS):
        exported, centre = row["exported"], row["centre_id"]
        days = (today - exported).days if exported else None
        found[centre] = Timeliness(
            exported=exported,
            days_since=days,
            is_late=days is not None and centre in expected_days and days > expected_days[centre],
            delivery_count=row["delivery_count"],
            median_days=row["median_days"] if row["recent_count"] >= threshold else None,
        )
    return found


def read_shares(con: "duckdb.DuckDBPyConnection", threshold: int) -> dict[Place, Share]:
    """The tumours by centre and year of diagnosis, those of the network also by quarter and month; 0 stands for all.

    A month has too few tumours for its dimensions, which are told by quarter: its share is of any finding.
    """
    import pyarrow as pa

    of = [(rule, CATALOGUE[rule].kahn.value.partition(".")[0]) for rule in CATALOGUE]
    names = ("rule_id", "dimension")
    con.register("rule_dimension", pa.table(dict(zip(names, map(list, zip(*of, strict=True)), strict=True))))
    try:
        return protected_shares(records(con, _SHARES), threshold)
    finally:
        con.unregister("rule_dimension")


def protected_shares(rows: list[dict[str, Any]], threshold: int) -> dict[Place, Share]:
    """The shares by place, small counts hidden. `rows`: centre_id, year, month (0 when unknown) and the counts."""
    import numpy as np

    families: dict[Place, dict[Place, None]] = {}
    totals: dict[Place, Counts] = {}
    for row in rows:
        counts = np.array(_counts(row), dtype=np.int64)
        places = _places(row["centre_id"], row["year"], row["month"] or NO_MONTH)
        for place in places:
            totals[place] = totals.get(place, 0) + (
                _without_dimensions(counts) if _is_month(place) else counts
            )
        month, quarter, year, every, own_year, own = places
        for part, total in (
            (month, quarter), (quarter, year), (year, every), (own_year, own), (own, every), (own_year, year),
        ):  # fmt: skip
            families.setdefault(total, {})[part] = None
    return _hidden_shares(totals, _sum_rows(totals, families), threshold)


def _places(centre: str, year: int, month: int) -> tuple[Place, ...]:
    """The month, the quarter and the year of the network, all its years, the year of the centre, all of the centre."""
    quarter = QUARTER + (month + 2) // 3
    return (
        (NATION, year, month),
        (NATION, year, quarter),
        (NATION, year, 0),
        (NATION, 0, 0),
        (centre, year, 0),
        (centre, 0, 0),
    )


def _is_month(place: Place) -> bool:
    return 0 < place[2] < QUARTER


def _without_dimensions(counts: Counts) -> Counts:
    """All tumours and those with and without any finding; nothing of each dimension."""
    kept = counts.copy()
    kept[3:] = 0
    return kept


def _counts(row: Mapping[str, Any]) -> list[int]:
    """All tumours, then for each kind of finding those with and those without."""
    split = [part for kind in _KINDS for part in (row[kind], row["tumours"] - row[kind])]
    return [row["tumours"], *split]


def _sum_rows(
    totals: Mapping[Place, object], families: Mapping[Place, Mapping[Place, None]]
) -> list[list[int]]:
    """The sums over places, by rank: one of the parts of the network and one of the centres for each total."""
    rank = {place: at for at, place in enumerate(totals)}
    found = []
    for total, parts in families.items():
        for is_nation in (True, False):
            own = [rank[part] for part in parts if (part[0] == NATION) == is_nation]
            found += [[*own, rank[total]]] if own else []
    return found


def _hidden_shares(
    totals: Mapping[Place, Counts],
    families: list[list[int]],
    threshold: int,
) -> dict[Place, Share]:
    import numpy as np

    if not totals:
        return {}
    table = np.vstack(list(totals.values()))
    sums = [(2 * at + 2, 2 * at + 1, 0) for at in range(len(_KINDS))]
    hidden = hide_table(table, sums=sums, families=families, threshold=threshold)
    found = {}
    for at, place in enumerate(totals):
        shown = [None if h else int(c) for c, h in zip(table[at], hidden[at], strict=True)]
        found[place] = Share(shown[0], {kind: shown[2 * i + 1] for i, kind in enumerate(_KINDS)})
    return found
