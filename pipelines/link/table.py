"""The persons of any table of people: the same engine as the nightly run, without a registry behind it.

The table is one delivery of one night: no centre file, no history, no decision of a human. Chances are learnt from
the table itself (`pipelines.link.learn`), thresholds, guards and clustering are those of the registry.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipelines.io.linkage_model import LinkageModel
from pipelines.link.block import pair_candidates
from pipelines.link.cluster import cluster
from pipelines.link.collapse import collapse
from pipelines.link.components import find_components
from pipelines.link.contradicted import lift_contradicted
from pipelines.link.decisions import take_decisions
from pipelines.link.guards import judge_pairs
from pipelines.link.identity import pair_certain
from pipelines.link.ids import keep_members
from pipelines.link.learn import learn
from pipelines.link.lives import find_lives
from pipelines.link.other import OtherColumns, add_other, blocking, comparisons
from pipelines.link.outcome import tell_outcomes
from pipelines.link.review import write_review
from pipelines.link.score import Scorer, score_pairs, splink_weights
from pipelines.link.standardise import create_macros, standardise
from pipelines.link.step import judged_pairs

if TYPE_CHECKING:
    import duckdb

#: A number without a status is strong evidence, no proof: as one that a teleservice returned (RECUP).
_IDENTITIES = """
CREATE TABLE val_patient_identity AS
SELECT
    CAST(line AS VARCHAR) AS row_id, CAST(NULL AS VARCHAR) AS delivery_id,
    coalesce(source, '') AS centre_id, id AS local_patient_id,
    ins AS ins_matricule, CAST(NULL AS VARCHAR) AS ins_oid, CASE WHEN ins IS NOT NULL THEN 'RECUP' END AS ins_status,
    birth_name, used_name, first_names, sex, birth_date, birth_date_precision,
    birth_place AS birth_place_cog, residence AS residence_commune, CAST(NULL AS VARCHAR) AS vital_status
FROM people
"""
_TUMOURS = "CREATE TABLE val_tumour (centre_id VARCHAR, local_patient_id VARCHAR)"
_OTHER = """
CREATE OR REPLACE TEMP TABLE link_other AS
SELECT record_no, people.* FROM people
    INNER JOIN link_key ON centre_id = coalesce(source, '') AND local_patient_id = id
"""

_CLUSTERS = """
CREATE TABLE clusters AS
WITH named AS (
    SELECT record_no, dense_rank() OVER (ORDER BY founder) AS person_id FROM link_member
)
SELECT line, id, person_id
FROM people
    INNER JOIN link_key ON centre_id = coalesce(source, '') AND local_patient_id = id
    INNER JOIN named USING (record_no)
"""
_PAIRS = """
CREATE TABLE pairs AS
SELECT
    l, r,
    left_key.local_patient_id AS "left",
    right_key.local_patient_id AS "right",
    round(weight, 3) AS weight,
    round(1 / (1 + power(2, -least(greatest(weight, -60), 60))), 6) AS probability,
    decision,
    reason
FROM link_outcome
    INNER JOIN link_key AS left_key ON left_key.record_no = l
    INNER JOIN link_key AS right_key ON right_key.record_no = r
"""


@dataclass(frozen=True, kw_only=True)
class TableLinked:
    """What was found in a table, in numbers."""

    records: int
    persons: int
    largest: int
    links: int
    reviews: int
    records_in_review: int
    lifted: tuple[str, ...]


def link_table(
    con: "duckdb.DuckDBPyConnection",
    *,
    model: LinkageModel,
    other: OtherColumns,
    scorer: Scorer = splink_weights,
) -> TableLinked:
    """Make `clusters` (line, id, person_id) and `pairs` (l, r, left, right, weight, probability, decision, reason).

    `con` holds `people` as `pipelines.io.people` makes it; `other` names its further columns. Persons are numbered
    from 1; l and r are the ranks of the records by (source, id), weights are bits.
    """
    con.execute(_IDENTITIES).fetchall()
    con.execute(_TUMOURS).fetchall()
    create_macros(con)
    collapse(con)
    standardise(con, records_per_identifier=model.limits.records_per_identifier)
    con.execute(_OTHER).fetchall()
    add_other(con, other)
    take_decisions(con, None)
    pair_certain(con, records_per_identifier=model.limits.records_per_identifier)
    rules = (*model.blocking, *blocking(con, other))
    pair_candidates(con, rules, records_per_block=model.limits.records_per_block, others=other.names)
    settings = {**model.settings, "comparisons": [*model.settings["comparisons"], *comparisons(other)]}
    learnt = learn(con, model.model_copy(update={"settings": settings}))
    score_pairs(con, learnt, scorer)
    find_components(con, learnt, scorer)
    find_lives(con)
    judge_pairs(con)
    lifted = lift_contradicted(con, other, weight_from=learnt.thresholds.auto_from)
    _write(con, learnt)
    return _numbers(con, lifted)


def _write(con: "duckdb.DuckDBPyConnection", model: LinkageModel) -> None:
    records = int(con.table("link_key").aggregate("count(*)").fetchall()[0][0])
    founders = cluster(records, judged_pairs(con, model.thresholds.weight_cap), model.thresholds) + 1
    keep_members(con, founders)
    write_review(con, model.thresholds)
    con.execute(_CLUSTERS).fetchall()
    tell_outcomes(con, model.thresholds)
    con.execute(_PAIRS).fetchall()


_NUMBERS = """
SELECT
    (SELECT count(*) FROM clusters), (SELECT count(DISTINCT person_id) FROM clusters),
    (SELECT coalesce(max(n), 0) FROM (SELECT count(*) AS n FROM clusters GROUP BY person_id)),
    (SELECT count(*) FROM pairs WHERE decision = 'link'), (SELECT count(*) FROM pairs WHERE decision = 'review'),
    (SELECT count(DISTINCT id) FROM (SELECT unnest(["left", "right"]) AS id FROM pairs WHERE decision = 'review'))
"""


def _numbers(con: "duckdb.DuckDBPyConnection", lifted: list[str]) -> TableLinked:
    records, persons, largest, links, reviews, in_review = con.execute(_NUMBERS).fetchall()[0]
    return TableLinked(
        records=records, persons=persons, largest=largest, links=links, reviews=reviews,
        records_in_review=in_review, lifted=tuple(lifted),
    )  # fmt: skip
