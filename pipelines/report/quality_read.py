"""What the quality portal reads of one snapshot, already protected: no row, no patient, no small count."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.report.order import alphabetical
from pipelines.report.quality_flow import Flow, flows
from pipelines.report.quality_journal import Age, Journal, ages, standing_rows
from pipelines.report.quality_linkage import Linkage, read_linkage
from pipelines.report.quality_tally import NATION, Cell, protected
from pipelines.report.quality_time import Share, Timeliness, read_shares, read_timeliness
from pipelines.report.quality_words import ASKED, GROUPS
from pipelines.report.read import printable, records
from validations.rules.catalogue import CATALOGUE

if TYPE_CHECKING:
    import duckdb

    from pipelines.config import Network

_NETWORK = "SELECT network_id, label_fr, label_en FROM dim_network"
_CENTRES = """
SELECT centre_id, arg_max(name, coalesce(valid_from, DATE '0001-01-01')) AS name
FROM dim_centre
GROUP BY centre_id
"""
_RESULTS = """
SELECT
    rule_id,
    centre_id,
    coalesce(sum(failed_count) FILTER (WHERE outcome <> 'error'), 0)::BIGINT AS failed,
    coalesce(sum(passed_count) FILTER (WHERE outcome <> 'error'), 0)::BIGINT AS passed,
    failed + passed AS judged,
    coalesce(sum(unknown_count) FILTER (WHERE outcome <> 'error'), 0)::BIGINT AS unknown,
    coalesce(sum(not_applicable_count) FILTER (WHERE outcome <> 'error'), 0)::BIGINT AS not_applicable,
    CASE
        WHEN bool_or(outcome = 'error') THEN 'error'
        WHEN bool_or(outcome = 'failed') THEN 'failed'
        WHEN bool_or(outcome = 'passed') THEN 'passed'
        WHEN bool_and(coalesce(reason, '') = 'not_sent') THEN 'not_sent'
        ELSE 'not_applicable'
    END AS outcome
FROM fct_rule_result
GROUP BY rule_id, centre_id
ORDER BY rule_id, centre_id
"""


@dataclass(frozen=True, kw_only=True)
class Quality:
    """The content of one portal. `cells` and `ages` are by rule or group of rules, and by centre or NATION.

    `outcomes` are passed, failed, not_applicable, not_sent or error. `shares` are by centre or NATION, year and month,
    0 for all of them. `retired` counts the rules of the snapshot that the catalogue no longer has; `linkage` is None
    when the snapshot is older than its figures.
    """

    network: Mapping[str, Any]
    snapshot: int
    threshold: int
    today: dt.date
    centres: Mapping[str, str]
    cells: Mapping[tuple[str, str], Cell]
    outcomes: Mapping[tuple[str, str], str]
    ages: Mapping[tuple[str, str], Age]
    timeliness: Mapping[str, Timeliness]
    shares: Mapping[tuple[str, int, int], Share]
    flows: Sequence[Flow]
    journal: Journal
    linkage: Linkage | None
    retired: int = 0

    @property
    def data_cut(self) -> dt.date | None:
        """The newest declared day of export."""
        return newest_export(self.timeliness)

    @property
    def has_standings(self) -> bool:
        """True when the ledger says what became of the findings of this snapshot."""
        return self.journal.findings is not None

    def cell(self, row: str, centre: str = NATION) -> Cell:
        """The counts of a rule or group in a centre; zeros when it was not asked there."""
        return self.cells.get((row, centre), Cell())

    def failing(self, rule_id: str) -> list[str]:
        """The centres with rows that break a rule, in their order."""
        return [centre for centre in self.centres if self.outcomes.get((rule_id, centre)) == "failed"]


def newest_export(timeliness: Mapping[str, Timeliness]) -> dt.date | None:
    """The newest declared day of export of all centres."""
    return max((time.exported for time in timeliness.values() if time.exported), default=None)


def read_quality(
    con: "duckdb.DuckDBPyConnection", *, network: "Network", snapshot: int, journal: Journal, today: dt.date
) -> Quality:
    """Read and protect one snapshot. Results of rules that the catalogue no longer has are only counted."""
    threshold = network.disclosure_threshold
    every = records(con, _RESULTS)
    results = [row for row in every if row["rule_id"] in CATALOGUE]
    findings = [found for found in journal.findings or () if found.rule_id in CATALOGUE]
    counted = [*results, *standing_rows(findings, run_id=journal.run_id)]
    timeliness = read_timeliness(con, journal.expected_days, today=today, threshold=threshold)
    found = {str(row["centre_id"]) for row in counted} | set(timeliness)
    return Quality(
        network=records(con, _NETWORK)[0],
        snapshot=snapshot,
        threshold=threshold,
        today=today,
        centres=_centres(con, found),
        cells=protected(counted, GROUPS, threshold),
        outcomes={(row["rule_id"], row["centre_id"]): row["outcome"] for row in results},
        ages=ages(findings, ASKED, today=today, threshold=threshold),
        timeliness=timeliness,
        shares=read_shares(con, threshold),
        flows=flows(journal, threshold),
        journal=journal,
        linkage=read_linkage(
            con,
            snapshot=snapshot,
            data_cut=newest_export(timeliness),
            past=journal.linkages,
            threshold=threshold,
        ),
        retired=len({row["rule_id"] for row in every} - set(CATALOGUE)),
    )


def _centres(con: "duckdb.DuckDBPyConnection", found: set[str]) -> dict[str, str]:
    """The centres that sent data, id → name, by name then id."""
    named = {row["centre_id"]: printable(row["name"]) for row in records(con, _CENTRES)}
    kept = {centre: named.get(centre, centre) for centre in found}
    return dict(sorted(kept.items(), key=lambda item: (alphabetical(item[1]), item[0])))
