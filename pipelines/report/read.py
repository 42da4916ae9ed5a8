"""What the report reads from one snapshot, and nothing else: figures, names of centres and periods, no patient."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

from pipelines.definitions import Definition
from pipelines.report.disclosure import judge, mask

PLACES = ("in_reference", "outside", "unknown")
#: Above this share of unknown a rate is printed with a warning and a centre is not compared.
MISSING_WARNING_PERCENT = 20.0
#: What no name may bring into a published file: controls, and the marks that turn the direction of writing.
_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)

_CONFORMITY = """
SELECT
    indicator_id, period_id, group_kind, group_id, eligible_count, achieved_count, not_achieved_count, missing_count,
    percent_all, percent_all_low, percent_all_high, percent_known, percent_known_low, percent_known_high,
    published_percent
FROM ind_conformity
ORDER BY indicator_id, period_id, group_kind, group_id
"""
_CENTRES = """
SELECT centre_id, arg_max(name, coalesce(valid_from, DATE '0001-01-01')) AS name
FROM dim_centre
GROUP BY centre_id
ORDER BY centre_id
"""
_PERIODS = """
SELECT period_id, label_fr, label_en, is_exhaustive
FROM dim_period
ORDER BY start_date, period_id
"""
_NETWORK = """
SELECT network_id, label_fr, label_en, definition_version, icdo_version
FROM dim_network
"""
_DELIVERIES = """
SELECT count(*) AS delivery_count, count(DISTINCT centre_id) AS centre_count, max(exported_date) AS data_cut
FROM dim_delivery
"""
_FINDINGS = """
SELECT rule_id, severity, count(*) AS finding_count
FROM fct_finding
GROUP BY rule_id, severity
ORDER BY severity, rule_id
"""
_TUMOURS = """
SELECT
    count(*) AS tumour_count,
    count(*) FILTER (WHERE is_in_scope) AS in_scope_count,
    count(*) FILTER (WHERE is_incident) AS incident_count,
    count(*) FILTER (WHERE is_incident AND period_id IS NOT NULL) AS in_period_count
FROM fct_tumour
"""


@dataclass(frozen=True, kw_only=True)
class Release:
    """The content of one report, already protected: nothing in it needs hiding any more."""

    network: dict[str, Any]
    snapshot: int
    definitions: Mapping[str, Definition]
    periods: list[dict[str, Any]]
    centres: dict[str, str]
    sources: Mapping[tuple[str, str], str]
    conformity: "pd.DataFrame"
    deliveries: dict[str, Any]
    findings: list[dict[str, Any]]
    tumours: list[int | None]
    threshold: int

    @property
    def data_cut(self) -> dt.date | None:
        """The latest declared date of export."""
        cut: dt.date | None = self.deliveries["data_cut"]
        return cut


def records(con: "duckdb.DuckDBPyConnection", sql: str) -> list[dict[str, Any]]:
    """The rows of a query, each by the names of its columns."""
    result = con.execute(sql)
    names = [column[0] for column in result.description]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def printable(text: str) -> str:
    """A name without the characters that no published file may hold."""
    return _UNPRINTABLE.sub("", text)


def protect_counts(counts: list[int], threshold: int) -> list[int | None]:
    """Counts that each contain the next: one is hidden when it, or its difference with the last shown, is small."""
    kept: list[int | None] = []
    last: int | None = None
    for count in counts:
        is_small = 0 < count < threshold or (last is not None and 0 < last - count < threshold)
        kept.append(None if is_small else count)
        last = last if is_small else count
    return kept


def protect_conformity(
    conformity: "pd.DataFrame", definitions: Mapping[str, Definition], threshold: int
) -> "pd.DataFrame":
    """The results of the defined indicators as they may be published, with the unknown share and the bounds."""
    places = [name for name, definition in definitions.items() if definition.defines_place]
    is_own_place = (conformity["group_kind"] == "place") & conformity["indicator_id"].isin(places)
    kept = conformity[~is_own_place & conformity["indicator_id"].isin(list(definitions))].reset_index(
        drop=True
    )
    partitions = {name: definition.partition or name for name, definition in definitions.items()}
    place = places[0] if places else None
    masked = mask(kept, judge(kept, partitions=partitions, place_indicator=place, threshold=threshold))
    total = masked["eligible_count"].where(masked["eligible_count"] > 0)
    unknown = 100 * masked["missing_count"] / total
    return masked.assign(
        percent_missing=unknown,
        bound_low=masked["percent_all"].where(unknown.notna()),
        bound_high=100 * (masked["achieved_count"] + masked["missing_count"]) / total,
        is_doubtful=(unknown > MISSING_WARNING_PERCENT).fillna(value=False),
    )


def read_release(
    con: "duckdb.DuckDBPyConnection",
    *,
    snapshot: int,
    definitions: Mapping[str, Definition],
    sources: Mapping[tuple[str, str], str],
    threshold: int,
) -> Release:
    """Read and protect one snapshot. `sources`: (indicator, period) → where the published value was read."""
    findings = records(con, _FINDINGS)
    return Release(
        network=records(con, _NETWORK)[0],
        snapshot=snapshot,
        definitions=definitions,
        periods=records(con, _PERIODS),
        centres={row["centre_id"]: printable(row["name"]) for row in records(con, _CENTRES)},
        sources=sources,
        conformity=protect_conformity(con.execute(_CONFORMITY).df(), definitions, threshold),
        deliveries=records(con, _DELIVERIES)[0],
        findings=[
            {**row, "finding_count": unless_small(row["finding_count"], threshold)} for row in findings
        ],
        tumours=protect_counts(list(records(con, _TUMOURS)[0].values()), threshold),
        threshold=threshold,
    )


def unless_small(count: int, threshold: int) -> int | None:
    """The count, None when it is hidden."""
    return None if 0 < count < threshold else count
