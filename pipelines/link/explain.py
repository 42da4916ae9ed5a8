"""What each trait weighs in a pair that a human is asked about, so that the answer need not rest on one number.

The same Splink, model, prior and frequencies as in `score.py`: the parts of a pair add up to its weight. A pair that
nothing weighed (two qualified numbers, a record paired with itself) has no parts.
"""

import math
from typing import TYPE_CHECKING, Any

from pipelines.comparisons import PRIOR, named_levels
from pipelines.io.linkage_model import LinkageModel
from pipelines.link.score import Scorer, block_wanted, chance_of, predicted

if TYPE_CHECKING:
    import duckdb

_ASKED = """
CREATE OR REPLACE TEMP TABLE link_wanted AS
SELECT a.record_no AS l, b.record_no AS r
FROM lnk_review
    INNER JOIN link_key AS a ON a.centre_id = centre_id_l AND a.local_patient_id = local_patient_id_l
    INNER JOIN link_key AS b ON b.centre_id = centre_id_r AND b.local_patient_id = local_patient_id_r
WHERE match_weight IS NOT NULL AND a.record_no <> b.record_no
"""

_NONE = """
CREATE OR REPLACE TEMP TABLE link_part (
    l BIGINT, r BIGINT, comparison VARCHAR, agreement_level VARCHAR, weight DOUBLE, frequency_weight DOUBLE
)
"""

#: What Splink has to leave in its table: the level that held (gamma) with `retain_matching_columns`, its weights.
_KEPT = {"retain_matching_columns": True, "retain_intermediate_calculation_columns": True}
#: Three decimals more than the weight of the pair, which the eight parts then give exactly.
_PART = """
SELECT
    record_no_l AS l, record_no_r AS r, '{name}' AS comparison,
    CASE gamma_{name} {levels} END AS agreement_level,
    round({weight}, 9) AS weight,
    round({frequency}, 9) AS frequency_weight
FROM {edges}
"""

_REVIEW_WEIGHT = """
CREATE TABLE lnk_review_weight AS
SELECT
    a.centre_id AS centre_id_l,
    a.local_patient_id AS local_patient_id_l,
    b.centre_id AS centre_id_r,
    b.local_patient_id AS local_patient_id_r,
    comparison, agreement_level, weight, frequency_weight
FROM link_part
    INNER JOIN link_key AS a ON a.record_no = l
    INNER JOIN link_key AS b ON b.record_no = r
ORDER BY l, r, comparison
"""


def no_parts(con: "duckdb.DuckDBPyConnection", model: LinkageModel) -> None:  # noqa: ARG001 - as a Scorer
    """Make an empty `link_part`: weights that Splink did not give are not explained."""
    con.execute(_NONE).fetchall()


def splink_parts(con: "duckdb.DuckDBPyConnection", model: LinkageModel) -> None:
    """Make `link_part` (l, r, comparison, agreement_level, weight, frequency_weight) of the pairs of `link_wanted`."""
    chance = chance_of(con, model)
    block_wanted(con)
    with predicted(con, model, **_KEPT) as edges:
        parts = [_part(comparison, edges) for comparison in model.settings["comparisons"]]
        prior = round(math.log2(chance / (1 - chance)), 9)
        start = f"SELECT record_no_l, record_no_r, '{PRIOR.name}', '{PRIOR.name}', {prior}, NULL FROM {edges}"  # noqa: S608
        union = "\nUNION ALL\n".join([*parts, start])
        con.execute(f"CREATE OR REPLACE TEMP TABLE link_part AS {union}").fetchall()


def _part(comparison: dict[str, Any], edges: str) -> str:
    name = comparison["output_column_name"]
    levels = " ".join(f"WHEN {gamma} THEN '{level}'" for gamma, level in named_levels(comparison).items())
    is_adjusted = any(level.get("tf_adjustment_column") for level in comparison["comparison_levels"])
    frequency = f"mw_tf_adj_{name}" if is_adjusted else "CAST(NULL AS DOUBLE)"
    weight = f"mw_{name} + mw_tf_adj_{name}" if is_adjusted else f"mw_{name}"
    return _PART.format(name=name, levels=levels, weight=weight, frequency=frequency, edges=edges)


def explain_review(con: "duckdb.DuckDBPyConnection", model: LinkageModel, explainer: Scorer) -> None:
    """Make `lnk_review_weight` of the weighed pairs of `lnk_review`; the explainer is not called when there is none."""
    con.execute(_ASKED).fetchall()
    wanted = con.table("link_wanted").limit(1).fetchall()
    (explainer if wanted else no_parts)(con, model)
    con.execute(_REVIEW_WEIGHT).fetchall()
