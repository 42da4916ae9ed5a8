"""The weights of the other scorer, computed by Splink on Spark: for a network whose pairs outgrow one machine.

Only scoring moves. A comparison is written once, in DuckDB's SQL, and put in Spark's dialect here. How alike two
spellings are is asked of DuckDB itself, batch by batch in Spark's workers: Spark's own Jaro-Winkler, and that of the
library which Splink brings for Spark, answer otherwise for one pair of spellings in ten.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.config import LinkageEngine
from pipelines.io.linkage_model import LinkageModel
from pipelines.io.spark import Spark, open_spark, refuse_without_spark, spark_master, typed
from pipelines.link.score import Scorer, block_wanted, keep_weights, predict, splink_weights

if TYPE_CHECKING:
    import duckdb
    from sqlglot.expressions import Expr

#: A task of Spark's weighs so many pairs, when there are more than it has threads for.
PAIRS_PER_TASK = 250_000
#: Our name in Spark → the function of DuckDB that answers, and the type of its answer.
FUNCTIONS = {
    "duckdb_jaro_winkler": ("jaro_winkler_similarity", "double"),
    "duckdb_damerau_levenshtein": ("damerau_levenshtein", "bigint"),
}


def in_spark(condition: str) -> str:
    """A condition of a comparison level, from DuckDB's dialect to Spark's."""
    import sqlglot

    if condition == "ELSE":  # a word of Splink's
        return condition
    parsed = sqlglot.parse_one(condition, dialect="duckdb")
    return str(parsed.transform(_renamed).sql(dialect="spark"))


def _renamed(node: "Expr") -> "Expr":
    """The functions to which sqlglot gives no name of Spark's, or the name of one that answers otherwise."""
    from sqlglot import exp

    if isinstance(node, exp.ArrayOverlaps):
        return exp.func("arrays_overlap", node.this, node.expression)
    if isinstance(node, exp.JarowinklerSimilarity):
        return exp.func("duckdb_jaro_winkler", node.this, node.expression)
    if isinstance(node, exp.Anonymous) and node.name.lower() == "damerau_levenshtein":
        return exp.func("duckdb_damerau_levenshtein", *node.expressions)
    return node


def spark_model(model: LinkageModel) -> LinkageModel:
    """The model with every condition in Spark's dialect; no chance and no threshold differs."""
    comparisons = [
        {
            **comparison,
            "comparison_levels": [
                {**level, "sql_condition": in_spark(level["sql_condition"])}
                for level in comparison["comparison_levels"]
            ],
        }
        for comparison in model.settings["comparisons"]
    ]
    settings = {**model.settings, "comparisons": comparisons, "sql_dialect": "spark"}
    return model.model_copy(update={"settings": settings})


def spark_weights(
    started: Callable[[], Spark], con: "duckdb.DuckDBPyConnection", model: LinkageModel
) -> None:
    """Make `link_weight` from `link_wanted` with Splink on Spark."""
    from splink import SparkAPI

    spark = started()
    session = spark.session
    wanted = int(con.table("link_wanted").aggregate("count(*)").fetchall()[0][0])
    with typed("Spark could not weigh the pairs"):
        for name, (function, kind) in FUNCTIONS.items():
            spark.ask_duckdb(name, function, kind)
        api = SparkAPI(  # type: ignore[no-untyped-call]  # Splink
            spark_session=session,
            break_lineage_method="persist",
            num_partitions_on_repartition=max(
                session.sparkContext.defaultParallelism, -(-wanted // PAIRS_PER_TASK)
            ),
            register_udfs_automatically=False,  # those of Splink's library
        )
        block_wanted(con)
        edges = predict(con, spark_model(model), api, partial(spark.take, con)).as_spark_dataframe()
        spark.give(edges.select("record_no_l", "record_no_r", "match_weight"), con, "link_scored")
        session.catalog.clearCache()
    keep_weights(con, "link_scored")


@contextmanager
def scorer_of(
    engine: LinkageEngine, *, master: str | None = None, scratch: Path | None = None
) -> Iterator[Scorer]:
    """The scorer of an engine, for the length of the context. EngineError when the engine is not installed.

    Spark starts at the first pair to weigh, at `master` (default: the environment's), its files below `scratch`.
    """
    if engine == "duckdb":
        yield splink_weights
        return
    refuse_without_spark()
    with ExitStack() as stack:
        started = cache(lambda: stack.enter_context(open_spark(master or spark_master(), scratch)))
        yield partial(spark_weights, started)
