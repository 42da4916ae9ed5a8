"""How well a run found the truth of a synthetic network: people, diagnoses, indicators.

Every difference in an indicator has a stated cause, so that the sum of the causes is the difference.
"""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.errors import RegistryError
from pipelines.registry import Registry

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, kw_only=True)
class IndicatorDifference:
    """One indicator × period: truth and result, as percentages of all eligible tumours, and why they differ."""

    indicator_id: str
    period_id: str
    true_eligible: int
    true_achieved: int
    eligible: int
    achieved: int
    not_found: int  # true tumours without a counterpart: quarantined, unlinked or not incident any more
    not_true: int  # tumours of the warehouse that the truth does not hold: split persons, wrong dates
    answer_lost: int  # same tumour, known in truth, unknown here
    answer_changed: int  # same tumour, another answer

    @property
    def true_percent(self) -> float:
        """Achieved among eligible, in truth."""
        return 100 * self.true_achieved / self.true_eligible if self.true_eligible else 0.0

    @property
    def percent(self) -> float:
        """Achieved among eligible, in the warehouse."""
        return 100 * self.achieved / self.eligible if self.eligible else 0.0


@dataclass(frozen=True, kw_only=True)
class Scores:
    """What the demo prints: linkage and coding against the truth, and every indicator difference."""

    link_precision: float
    link_recall: float
    people_found: int
    people_true: int
    diagnoses: int
    diagnoses_right: int
    diagnoses_uncoded: int
    differences: tuple[IndicatorDifference, ...]

    @property
    def coding_accuracy(self) -> float:
        """Share of coded tumours whose golden morphology and topography are the true ones."""
        coded = self.diagnoses - self.diagnoses_uncoded
        return self.diagnoses_right / coded if coded else 0.0


def compare(con: "duckdb.DuckDBPyConnection") -> Scores:
    """The scores of a run. `con` sees `truth_*`, `lnk_record`, `lnk_tumour`, `har_tumour` and `fct_indicator`."""
    from pipelines.io.share import read_sql

    con.execute(
        f"CREATE OR REPLACE TEMP TABLE tumour_match AS {read_sql('scores', 'tumour_match.sql')}"
    ).fetchall()
    right, found, true, people_found, people_true = con.execute(read_sql("scores", "link.sql")).fetchall()[0]
    diagnoses, diagnoses_right, uncoded = con.execute(read_sql("scores", "coding.sql")).fetchall()[0]
    result = con.execute(read_sql("scores", "indicator.sql"))
    names = [column[0] for column in result.description or ()]
    rows = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    return Scores(
        link_precision=float(right / found) if found else 1.0,
        link_recall=float(right / true) if true else 1.0,
        people_found=people_found,
        people_true=people_true,
        diagnoses=diagnoses,
        diagnoses_right=diagnoses_right,
        diagnoses_uncoded=uncoded,
        differences=tuple(IndicatorDifference(**row) for row in rows),
    )


def score(registry: Registry, truth: Path) -> Scores:
    """The scores of the current snapshot against the truth tables in the folder `truth`."""
    from pipelines.io.tables import attach, connect, show_files
    from pipelines.publish import current_snapshot, warehouse_file

    snapshot = current_snapshot(registry)
    if snapshot is None:
        raise RegistryError("nothing is published, so there is nothing to score", remedy="Run first.")
    work = registry.home.work(registry.network.id)
    file = warehouse_file(registry, snapshot.number)
    with closing(connect(work / "scratch")) as con:
        for name in ("record", "tumour", "local_tumour", "indicator"):
            show_files(con, f"truth_{name}", [truth / f"{name}.parquet"])
        for name in ("lnk_record", "lnk_tumour"):
            show_files(con, name, [work / "linked" / f"{name}.parquet"])
        show_files(con, "har_tumour", [work / "harmonised" / "har_tumour.parquet"])
        attach(con, file, "warehouse")
        con.execute("CREATE VIEW fct_indicator AS SELECT * FROM warehouse.fct_indicator").fetchall()
        return compare(con)
