"""What agreement and chance weigh in a table that nobody described, without labels: expectation and maximisation.

The shipped model is where learning starts and what holds it: its chances count as many pairs as a small registry has,
so that a short table is judged by the model and a long one by itself. Agreement by chance (u) comes from random pairs
of the table; agreement in one person (m) and the number of pairs to find from its candidate pairs, whose patterns of
levels are weighed by how likely they are one person (Fellegi and Sunter 1969, Dempster et al. 1977). Chances that the
nightly run uses are never learnt here.
"""

from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipelines.io.linkage_model import LinkageModel
from pipelines.link.score import predicted

if TYPE_CHECKING:
    import duckdb
    import numpy as np
    from numpy.typing import NDArray

    Chances = NDArray[np.float64]

#: The pairs that the shipped chances count for, against those of the table.
HELD_PAIRS = 200.0
HELD_RANDOM_PAIRS = 50.0
#: Random pairs for u, and candidate pairs for m: enough that more change nothing.
RANDOM_PAIRS = 150_000
LEARNING_PAIRS = 150_000
ROUNDS = 60
#: Between one pair per thousand records and five per record: outside, learning has gone astray.
PAIRS_PER_RECORD = (0.001, 5.0)
FEWEST_RECORDS = 1_000
LEAST_M, LEAST_U = 1e-4, 1e-7

#: Random pairs, all pairs where they are few, and every so-manieth candidate pair.
_SAMPLE = """
CREATE OR REPLACE TEMP TABLE link_blocked AS
WITH drawn AS (
    SELECT CAST(hash(n, 1) % $records + 1 AS BIGINT) AS one, CAST(hash(n, 2) % $records + 1 AS BIGINT) AS other
    FROM range($random_pairs) AS t(n) WHERE NOT $are_few
    UNION
    SELECT a.record_no, b.record_no FROM link_record AS a INNER JOIN link_record AS b ON b.record_no > a.record_no
    WHERE $are_few
)
SELECT 'random' AS match_key, least(one, other) AS join_key_l, greatest(one, other) AS join_key_r
FROM drawn WHERE one <> other
UNION ALL
SELECT 'candidate', l, r FROM link_candidate WHERE hash(l, r) % $every = 0
"""


@dataclass(frozen=True)
class _Patterns:
    """The levels of each comparison (0 the weakest, -1 unknown) that candidate pairs show, and how many show them."""

    levels: "NDArray[np.int64]"
    pairs: "NDArray[np.float64]"


def learn(con: "duckdb.DuckDBPyConnection", model: LinkageModel) -> LinkageModel:
    """The model with the chances of `link_record`, learnt from its `link_candidate` pairs.

    `model.settings` may hold comparisons that the shipped model does not have.
    """
    records = int(con.table("link_record").aggregate("count(*)").fetchall()[0][0])
    settings = deepcopy(model.settings)
    random, candidates = _patterns(con, model, records)
    _learn_chance(settings, random, records, model.prior.pairs_per_record)
    found = _learn_agreement(settings, candidates, records, model.prior.pairs_per_record)
    _count_swap_once(settings, model.settings)
    low, high = PAIRS_PER_RECORD
    prior = model.prior.model_copy(
        update={"pairs_per_record": min(max(found / records, low), high), "minimum_records": FEWEST_RECORDS}
    )
    return model.model_copy(update={"settings": settings, "prior": prior})


def _known(comparison: dict[str, Any]) -> list[dict[str, Any]]:
    """The levels of a comparison that have chances, strongest first."""
    return [level for level in comparison["comparison_levels"] if not level.get("is_null_level")]


def _learn_chance(
    settings: dict[str, Any], patterns: _Patterns, records: int, pairs_per_record: float
) -> None:
    """Set u from random pairs, held by the u that is there; a pair that is likely one person is no chance pair."""
    levels = [_known(comparison)[::-1] for comparison in settings["comparisons"]]
    by_chance, agreement = _chances(levels)
    likely = _likelihood(patterns, agreement, by_chance, min(2 * pairs_per_record / max(records - 1, 1), 0.5))
    pairs = patterns.pairs * (1 - likely)
    drawn = float(pairs.sum())
    for place, of in enumerate(levels):
        seen = _count(patterns.levels[:, place], pairs, len(of))
        if not seen.sum():
            continue  # the table never has both values
        for level, share in zip(of, (seen / seen.sum()).tolist(), strict=True):
            held = HELD_RANDOM_PAIRS * level["u_probability"]
            level["u_probability"] = max((share * drawn + held) / (drawn + HELD_RANDOM_PAIRS), LEAST_U)


def _chances(levels: list[list[dict[str, Any]]]) -> "tuple[list[Chances], list[Chances]]":
    """The u and the m of the levels of each comparison, weakest first; m adds up to one."""
    import numpy as np

    by_chance = [np.array([level["u_probability"] for level in of]) for of in levels]
    agreement = [np.array([level["m_probability"] for level in of]) for of in levels]
    return by_chance, [held / held.sum() for held in agreement]


def draw_pairs(con: "duckdb.DuckDBPyConnection", *, records: int, candidates: int) -> int:
    """Make `link_blocked` of random pairs and of every so-manieth candidate pair; returns how many that stands for."""
    every = max(-(-candidates // LEARNING_PAIRS), 1)
    are_few = records * (records - 1) // 2 <= RANDOM_PAIRS
    asked = {"every": every, "records": records, "random_pairs": RANDOM_PAIRS, "are_few": are_few}
    con.execute(_SAMPLE, asked).fetchall()
    return every


def _patterns(
    con: "duckdb.DuckDBPyConnection", model: LinkageModel, records: int
) -> tuple[_Patterns, _Patterns]:
    """What random pairs show, and what candidate pairs show."""
    import numpy as np

    names = [comparison["output_column_name"] for comparison in model.settings["comparisons"]]
    candidates = int(con.table("link_candidate").aggregate("count(*)").fetchall()[0][0])
    every = draw_pairs(con, records=records, candidates=candidates)
    if not con.table("link_blocked").limit(1).fetchall():
        nothing = _Patterns(np.empty((0, len(names)), dtype=np.int64), np.empty(0))
        return nothing, nothing
    levels = ", ".join(f"gamma_{name}" for name in names)
    with predicted(con, model, retain_matching_columns=True) as edges:
        seen = con.execute(
            f"SELECT match_key = 'random' AS is_random, {levels}, count(*) AS pairs "  # noqa: S608 - names of the model
            f"FROM {edges} GROUP BY ALL ORDER BY ALL"
        ).fetchnumpy()
    columns = np.column_stack([np.asarray(seen[f"gamma_{name}"]) for name in names]).astype(np.int64)
    is_random, pairs = (
        np.asarray(seen["is_random"], dtype=np.bool_),
        np.asarray(seen["pairs"], dtype=np.float64),
    )
    return (
        _Patterns(columns[is_random], pairs[is_random]),
        _Patterns(columns[~is_random], pairs[~is_random] * every),
    )


def _count(level: "NDArray[np.int64]", pairs: "Chances", levels: int) -> "Chances":
    """The pairs of each level, unknown left out."""
    import numpy as np

    is_known = level >= 0
    return np.bincount(level[is_known], weights=pairs[is_known], minlength=levels).astype(np.float64)


def _learn_agreement(
    settings: dict[str, Any], patterns: _Patterns, records: int, pairs_per_record: float
) -> float:
    """Set m from the patterns, held by the m that is there; returns the number of pairs of one person."""
    import numpy as np

    levels = [_known(comparison)[::-1] for comparison in settings["comparisons"]]
    by_chance, start = _chances(levels)
    agreement, found = start, pairs_per_record * records
    total = max(records * (records - 1) / 2, 1.0)
    low, high = (bound * records for bound in PAIRS_PER_RECORD)
    for _ in range(ROUNDS):
        likely = _likelihood(patterns, agreement, by_chance, min(found / total, 0.5))
        weighed = likely * patterns.pairs
        learnt = [
            _held(patterns.levels[:, place], weighed, held) for place, held in enumerate(start)
        ]  # fmt: skip
        moved = max(float(np.abs(new - old).max()) for new, old in zip(learnt, agreement, strict=True))
        agreement, found = learnt, min(max(float(weighed.sum()), low), high)
        if moved < LEAST_M:
            break
    for of, chances in zip(levels, agreement, strict=True):
        for level, chance in zip(of, chances.tolist(), strict=True):
            level["m_probability"] = max(chance, LEAST_M)
    return found


def _likelihood(
    patterns: _Patterns, agreement: "list[Chances]", by_chance: "list[Chances]", prior: float
) -> "Chances":
    """The probability that a pair of each pattern is one person."""
    import numpy as np

    logit = np.full(len(patterns.pairs), np.log(prior / (1 - prior)))
    for place, (m, u) in enumerate(zip(agreement, by_chance, strict=True)):
        level = patterns.levels[:, place]
        is_known = level >= 0
        logit[is_known] += np.log(m / u)[level[is_known]]
    return np.asarray(1 / (1 + np.exp(-np.clip(logit, -500, 500))))


def _held(level: "NDArray[np.int64]", weighed: "Chances", held: "Chances") -> "Chances":
    import numpy as np

    seen = _count(level, weighed, len(held))
    return np.asarray((seen + HELD_PAIRS * held) / (seen.sum() + HELD_PAIRS))


def _count_swap_once(settings: dict[str, Any], shipped: dict[str, Any]) -> None:
    """A level to which the shipped model gives no weight keeps none: another comparison carries it."""
    for comparison, as_shipped in zip(settings["comparisons"], shipped["comparisons"], strict=True):
        for level, before in zip(_known(comparison), _known(as_shipped), strict=True):
            if before["m_probability"] == before["u_probability"]:
                level["m_probability"] = level["u_probability"]
