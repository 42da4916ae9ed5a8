"""Weights of pairs. Splink computes them from the versioned model; nothing is trained here.

A scorer is any function that turns the table `link_wanted` (l, r) into `link_weight` (l, r, weight in bits): without
one, identifiers and guards still decide alone.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from pipelines.io.linkage_model import LinkageModel, Prior

if TYPE_CHECKING:
    import duckdb
    from splink import Linker
    from splink.internals.database_api import DatabaseAPI
    from splink.internals.splink_dataframe import SplinkDataFrame

Scorer = Callable[["duckdb.DuckDBPyConnection", LinkageModel], None]

_BLOCKED = """
CREATE OR REPLACE TEMP TABLE link_blocked AS
SELECT '0' AS match_key, l AS join_key_l, r AS join_key_r FROM link_wanted
"""

#: What clustering sees of a judged pair, in whole micro-bits so that no order of a sum shows: `$cap` bits at most, also
#: for a pair that must join; a pair that nothing weighs counts as far apart as two records can be.
CAPPED_WEIGHT = """CAST(round($micro * CASE
        WHEN must_reason IS NOT NULL THEN $cap
        ELSE least(greatest(coalesce(weight, -$cap), -$cap), $cap) END) AS BIGINT)"""

#: 6 decimals: beyond them, the order of a sum shows.
_WEIGHTS = """
CREATE OR REPLACE TEMP TABLE link_weight AS
SELECT record_no_l AS l, record_no_r AS r, round(match_weight, 6) AS weight FROM {scored}
"""

_WANTED = """
CREATE OR REPLACE TEMP TABLE link_wanted AS
SELECT l, r FROM link_candidate
UNION
SELECT l, r
FROM link_certain
    INNER JOIN link_record AS a ON a.record_no = l
    INNER JOIN link_record AS b ON b.record_no = r
WHERE NOT (a.is_qualified AND b.is_qualified)
"""

#: Frequencies of the data, drawn towards the model's own: in a small file two equal names would else look common.
_FREQUENCY = """
CREATE OR REPLACE TEMP TABLE link_tf_{name} AS
SELECT
    {name},
    (count(*) + $common * $usual) / (sum(count(*)) OVER () + $common) AS tf_{name}
FROM link_record
WHERE {name} IS NOT NULL
GROUP BY {name}
"""


def no_weights(con: "duckdb.DuckDBPyConnection", model: LinkageModel) -> None:  # noqa: ARG001 - a Scorer
    """Make an empty `link_weight`: only identifiers and strict traits decide."""
    con.execute("CREATE OR REPLACE TEMP TABLE link_weight (l BIGINT, r BIGINT, weight DOUBLE)").fetchall()


def match_probability(records: int, prior: Prior) -> float:
    """The chance that two of `records` records are one person's; never above that of the smallest trusted volume."""
    return 2 * prior.pairs_per_record / (max(records, prior.minimum_records) - 1)


def chance_of(con: "duckdb.DuckDBPyConnection", model: LinkageModel) -> float:
    """The chance that two of the records of `link_record` are one person's."""
    return match_probability(con.execute("SELECT count(*) FROM link_record").fetchall()[0][0], model.prior)


def frequency_columns(settings: dict[str, Any]) -> dict[str, float]:
    """The columns whose values are weighed by frequency → the model's probability of a chance agreement.

    Levels that part the same agreement further add up to it.
    """
    found: dict[str, float] = {}
    for comparison in settings["comparisons"]:
        for level in comparison["comparison_levels"]:
            if name := level.get("tf_adjustment_column"):
                found[name] = found.get(name, 0.0) + float(level["u_probability"])
    return found


def make_frequencies(con: "duckdb.DuckDBPyConnection", model: LinkageModel) -> list[str]:
    """Make `link_tf_<column>` for each column weighed by frequency: the data's, drawn towards the model's own."""
    columns = frequency_columns(model.settings)
    for name, usual in columns.items():
        known = {"common": model.prior.common_value_records, "usual": usual}
        con.execute(_FREQUENCY.format(name=name), known).fetchall()
    return list(columns)


def register_frequencies(
    con: "duckdb.DuckDBPyConnection",
    api: "DatabaseAPI[Any]",
    linker: "Linker",
    model: LinkageModel,
    shown: Callable[[str], Any] = str,
) -> None:
    """Give Splink the frequencies of the values of `link_record`; `shown` is how its engine sees a table of ours."""
    for name in make_frequencies(con, model):
        table = api.register(shown(f"link_tf_{name}"))
        linker.table_management.register_term_frequency_lookup(table, name)


def predict(
    con: "duckdb.DuckDBPyConnection",
    model: LinkageModel,
    api: "DatabaseAPI[Any]",
    shown: Callable[[str], Any] = str,
    **more: Any,
) -> "SplinkDataFrame":
    """Splink's weights of `link_blocked` on the engine of `api`, which sees a table of ours as `shown` says.

    `more` are settings of Splink beside those of the model.
    """
    from splink import Linker

    settings = {**model.settings, **more, "probability_two_random_records_match": chance_of(con, model)}
    linker = Linker(api.register(shown("link_record")), settings, log_level="ERROR", validate_settings=False)
    register_frequencies(con, api, linker, model, shown)
    linker.table_management.register_blocked_pairs_for_predict(api.register(shown("link_blocked")))
    return linker.inference.predict(warning_mode="never")


def block_wanted(con: "duckdb.DuckDBPyConnection") -> None:
    """Make `link_blocked`, the pairs as Splink takes them, of `link_wanted`."""
    con.execute(_BLOCKED).fetchall()


@contextmanager
def predicted(con: "duckdb.DuckDBPyConnection", model: LinkageModel, **more: Any) -> Iterator[str]:
    """The name of the table that Splink makes of `link_blocked` on the given connection, while the block lasts.

    `more` are settings of Splink beside those of the model. No result may be left open on the connection.
    """
    from splink import DuckDBAPI

    api = DuckDBAPI(connection=con)
    yield predict(con, model, api, **more).physical_name
    api.delete_tables_created_by_splink_from_db()  # type: ignore[no-untyped-call]  # Splink


def keep_weights(con: "duckdb.DuckDBPyConnection", scored: str) -> None:
    """Make `link_weight` from a table of Splink's weights."""
    con.execute(_WEIGHTS.format(scored=scored)).fetchall()


def splink_weights(con: "duckdb.DuckDBPyConnection", model: LinkageModel) -> None:
    """Make `link_weight` from `link_wanted` with Splink, on the given connection; no result may be left open."""
    block_wanted(con)
    with predicted(con, model) as edges:
        keep_weights(con, edges)


def score_wanted(con: "duckdb.DuckDBPyConnection", model: LinkageModel, scorer: Scorer) -> None:
    """Make `link_weight` from `link_wanted`; the scorer is not even loaded when nothing is wanted."""
    wanted = con.table("link_wanted").limit(1).fetchall()
    (scorer if wanted else no_weights)(con, model)


def score_pairs(con: "duckdb.DuckDBPyConnection", model: LinkageModel, scorer: Scorer) -> None:
    """Make `link_edge` (l, r, weight) from the candidates and the certain pairs that a weight can still change."""
    con.execute(_WANTED).fetchall()
    score_wanted(con, model, scorer)
    con.execute("CREATE OR REPLACE TEMP TABLE link_edge AS FROM link_weight").fetchall()
