"""How the records that were linked agree, trait by trait, beside what the model expects of one person's records.

The levels are those of the model, asked again of the linked pairs alone in the model's own SQL: a second scoring
would weigh every candidate. The distance between what is seen and what is expected is the population stability index,
the sum over levels of (seen - expected) x ln(seen / expected). A missing side is no level: it says how much was sent,
not how the records of one person differ.
"""

import re
from typing import TYPE_CHECKING, Any

from pipelines.comparisons import MISSING, named_levels

if TYPE_CHECKING:
    import duckdb

#: A share counts as at least this, or one level that was never seen would make the index infinite; it is also the
#: least chance that training gives a level.
LEAST_SHARE = 1e-4
#: Of more linked pairs than this only every second, third … is asked: shares and index barely move, the cost would.
SAMPLED_PAIRS = 50_000
#: A column of a record of the pair, in a condition of the model.
_SIDED = re.compile(r"\b(\w+)_([lr])\b")

_SEEN = """
CREATE OR REPLACE TEMP TABLE link_trait_level AS
WITH paired AS (
    SELECT {columns}
    FROM link_outcome
        INNER JOIN link_record AS l ON l.record_no = link_outcome.l
        INNER JOIN link_record AS r ON r.record_no = link_outcome.r
    -- spread over the records, and the same on any machine
    WHERE decision = 'link' AND (link_outcome.l * 40503 + link_outcome.r) % $every = 0
),
pattern AS (SELECT {levels}, count(*) AS n FROM paired GROUP BY ALL),
shown AS (SELECT generate_subscripts([{places}], 1) AS place, unnest([{places}]) AS level, n FROM pattern),
counted AS (SELECT place, level, sum(n)::BIGINT AS n FROM shown GROUP BY place, level)
SELECT
    place, trait, level, name,
    coalesce(n, 0) AS n,
    coalesce(sum(n) FILTER (WHERE level >= 0) OVER (PARTITION BY place), 0) AS known,
    coalesce(sum(n) OVER (PARTITION BY place), 0) AS compared,
    share
FROM link_model_level LEFT JOIN counted USING (place, level)
"""
_FIGURES = """
INSERT INTO lnk_monitor
SELECT 'all', 'all', 'trait_level', trait, name, level, n, compared, share, NULL FROM link_trait_level
UNION ALL
SELECT 'all', 'all', 'trait_drift', trait, 'stability', place, any_value(known), any_value(compared), NULL,
    round(sum((greatest(n / known, $least) - greatest(share, $least))
        * ln(greatest(n / known, $least) / greatest(share, $least))), 6)
FROM link_trait_level WHERE level >= 0 AND known > 0 GROUP BY place, trait
"""


def model_levels(settings: dict[str, Any]) -> list[dict[str, Any]]:
    """The levels of each comparison: place, trait, level (-1: a side is missing), its name, expected share."""
    found: list[dict[str, Any]] = []
    for place, comparison in enumerate(settings["comparisons"], start=1):
        known = [level for level in comparison["comparison_levels"] if not level.get("is_null_level")][::-1]
        whole = sum(level["m_probability"] for level in known)
        own = {"place": place, "trait": comparison["output_column_name"]}
        shares = {-1: None} | {rank: level["m_probability"] / whole for rank, level in enumerate(known)}
        names = named_levels(comparison)
        found += [
            {**own, "level": rank, "name": names.get(rank, MISSING.name), "share": share}
            for rank, share in shares.items()
        ]
    return found


def level_sql(comparison: dict[str, Any]) -> str:
    """The level of a pair as SQL on its columns `…_l` and `…_r`: the first condition that holds, -1 without a side."""
    levels = comparison["comparison_levels"]
    rank = sum(not level.get("is_null_level") for level in levels)
    cases = []
    for level in levels:
        is_known = not level.get("is_null_level")
        rank -= is_known
        number, condition = rank if is_known else -1, level["sql_condition"]
        cases.append(f"ELSE {number}" if condition == "ELSE" else f"WHEN {condition} THEN {number}")
    return f"CASE {' '.join(cases)} END"


def _create_levels(con: "duckdb.DuckDBPyConnection", settings: dict[str, Any]) -> None:
    import pyarrow as pa

    kinds = {"place": pa.int64(), "trait": pa.string(), "level": pa.int64(), "name": pa.string(),
             "share": pa.float64()}  # fmt: skip
    con.register("link_model_level", pa.Table.from_pylist(model_levels(settings), schema=pa.schema(kinds)))
    conditions = [level_sql(comparison) for comparison in settings["comparisons"]]
    sided = sorted({found.groups() for sql in conditions for found in _SIDED.finditer(sql)})
    columns = ", ".join(f'{side}."{name}" AS "{name}_{side}"' for name, side in sided)
    levels = ", ".join(f"{sql} AS level_{place}" for place, sql in enumerate(conditions))
    places = ", ".join(f"level_{place}" for place in range(len(conditions)))
    links = con.execute("SELECT count(*) FROM link_outcome WHERE decision = 'link'").fetchall()[0][0]
    every = max(1, -(-links // SAMPLED_PAIRS))
    con.execute(_SEEN.format(columns=columns, levels=levels, places=places), {"every": every}).fetchall()
    con.unregister("link_model_level")


def write_traits(con: "duckdb.DuckDBPyConnection", settings: dict[str, Any]) -> None:
    """Add to `lnk_monitor` the levels of the linked pairs of `link_outcome` and the drift of each trait."""
    if settings["comparisons"]:
        _create_levels(con, settings)
        con.execute(_FIGURES, {"least": LEAST_SHARE}).fetchall()
