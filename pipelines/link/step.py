"""From the identities of all centres to persons, in the order in which a reader would do it by hand."""

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from pipelines.account import Account
from pipelines.io.linkage_model import LinkageModel
from pipelines.link.block import pair_candidates
from pipelines.link.cluster import MICRO, Pairs, cluster
from pipelines.link.collapse import collapse
from pipelines.link.components import find_components
from pipelines.link.decisions import take_decisions
from pipelines.link.explain import explain_review, splink_parts
from pipelines.link.guards import judge_pairs
from pipelines.link.history import Known, nobody
from pipelines.link.identity import pair_certain
from pipelines.link.ids import name_persons
from pipelines.link.lives import find_lives
from pipelines.link.monitor import write_monitor
from pipelines.link.persons import write_persons
from pipelines.link.review import write_review
from pipelines.link.score import CAPPED_WEIGHT, Scorer, score_pairs, splink_weights
from pipelines.link.standardise import create_macros, standardise

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


#: The tables that linking makes.
MADE = ("lnk_record", "lnk_person", "lnk_person_trait", "lnk_review", "lnk_review_weight", "lnk_monitor")

_NAMED = "SELECT count(*) FROM (SELECT DISTINCT centre_id, local_patient_id FROM val_patient_identity)"


#: Pairs by rank, which starts at 0.
_PAIRS = f"""
SELECT
    l - 1 AS left,
    r - 1 AS right,
    {CAPPED_WEIGHT} AS weight,
    CAST(CASE must_reason WHEN 'qualified' THEN 1 WHEN 'human' THEN 2 WHEN 'ins' THEN 3 WHEN 'traits' THEN 4 ELSE 0 END
        AS BIGINT) AS must,
    veto > 0 AS veto
FROM link_judged
ORDER BY l, r
"""  # noqa: S608 - our own text


def _count(con: "duckdb.DuckDBPyConnection", table: str) -> int:
    return int(con.table(table).aggregate("count(*)").fetchall()[0][0])


def judged_pairs(con: "duckdb.DuckDBPyConnection", weight_cap: float) -> Pairs:
    """The pairs of `link_judged` as clustering takes them; no weight is beyond `weight_cap` bits."""
    found = con.execute(_PAIRS, {"cap": weight_cap, "micro": MICRO}).to_arrow_table()
    columns = {name: found[name].to_numpy() for name in found.column_names}
    return Pairs(**columns)


def _accounts(con: "duckdb.DuckDBPyConnection") -> list[Account]:
    rows, records, persons = (
        _count(con, name) for name in ("val_patient_identity", "lnk_record", "lnk_person")
    )
    named = int(con.execute(_NAMED).fetchall()[0][0])
    subject = "patient_identity"
    return [
        Account(step="collapse", table=subject, rows_in=rows, rows_out=named, rows_merged=rows - named),
        Account(step="link", table=subject, rows_in=records, rows_out=persons, rows_merged=records - persons),
    ]


def link(
    con: "duckdb.DuckDBPyConnection",
    *,
    model: LinkageModel,
    key: bytes,
    known: Known | None = None,
    decided: "pa.Table | None" = None,
    exported: Mapping[str, dt.date | None] | None = None,
    scorer: Scorer = splink_weights,
    explainer: Scorer = splink_parts,
) -> list[Account]:
    """Make the tables of the contract `MADE` from `val_patient_identity` and `val_tumour`.

    `known`: persons of the nights before; `decided`: decisions in force; `exported`: the declared day of deliveries.
    What the log of the persons lacks is in `link_event`. Returns two accounts: rows to records, records to persons.
    """
    create_macros(con)
    collapse(con, exported=exported)
    standardise(con, records_per_identifier=model.limits.records_per_identifier)
    take_decisions(con, decided)
    pair_certain(con, records_per_identifier=model.limits.records_per_identifier)
    pair_candidates(con, model.blocking, records_per_block=model.limits.records_per_block)
    score_pairs(con, model, scorer)
    find_components(con, model, scorer)
    find_lives(con)
    judge_pairs(con)
    pairs = judged_pairs(con, model.thresholds.weight_cap)
    founders = cluster(_count(con, "link_key"), pairs, model.thresholds) + 1
    name_persons(con, founders, known=known or nobody(), key=key)
    write_persons(con)
    write_review(con, model.thresholds)
    explain_review(con, model, explainer)
    write_monitor(con, model)
    return _accounts(con)
