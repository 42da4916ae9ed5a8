"""What changes of the model for Spark, and when Spark is asked; no Spark is started here."""

import importlib.util
import sys

import pytest

from pipelines.errors import EngineError
from pipelines.io.linkage_model import load_model
from pipelines.link import spark
from pipelines.link.other import OtherColumns, comparisons
from pipelines.link.score import score_wanted, splink_weights
from tests.tables import rows

MODEL = load_model("fr-2026-2")


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("ELSE", "ELSE"),
        ('"sex_l" IS NULL', "`sex_l` IS NULL"),
        ("list_has_any(a_l, a_r)", "ARRAYS_OVERLAP(a_l, a_r)"),
        ("starts_with(a_l, b_r)", "STARTSWITH(a_l, b_r)"),
        ("jaro_winkler_similarity(a_l, a_r) >= 0.92", "DUCKDB_JARO_WINKLER(a_l, a_r) >= 0.92"),
        ("damerau_levenshtein(a_l, a_r) <= 1", "DUCKDB_DAMERAU_LEVENSHTEIN(a_l, a_r) <= 1"),
        ("levenshtein(CAST(a_l AS VARCHAR), b_r) = 1", "LEVENSHTEIN(CAST(a_l AS STRING), b_r) = 1"),
        ("coalesce(a_l = a_r, TRUE)", "COALESCE(a_l = a_r, TRUE)"),
        ("abs(a_l - a_r) IN (1, 10)", "ABS(a_l - a_r) IN (1, 10)"),
    ],
)
def test_a_condition_in_the_dialect_of_spark(written, expected):
    assert spark.in_spark(written) == expected


def test_the_function_that_answers_otherwise_in_spark_is_never_asked():
    """Spark has a `jaro_winkler_similarity` of its own, which favours a common beginning at any distance."""
    settings = {**MODEL.settings}
    settings["comparisons"] = [*settings["comparisons"], *comparisons(OtherColumns(("street",), ("phone",)))]
    found = str(spark.spark_model(MODEL.model_copy(update={"settings": settings})).settings).lower()
    assert "jaro_winkler_similarity" not in found
    assert "jarowinkler" not in found
    assert found.count("duckdb_jaro_winkler(") == 6
    assert found.count("duckdb_damerau_levenshtein(") == 2


def test_only_the_conditions_and_the_dialect_change():
    def rest(model):
        return {
            **model.settings,
            "sql_dialect": "",
            "comparisons": [
                {
                    **c,
                    "comparison_levels": [{**level, "sql_condition": ""} for level in c["comparison_levels"]],
                }
                for c in model.settings["comparisons"]
            ],
        }

    changed = spark.spark_model(MODEL)
    assert rest(changed) == rest(MODEL)
    assert MODEL.settings["sql_dialect"] == "duckdb"
    assert changed.settings["sql_dialect"] == "spark"
    assert changed.model_dump(exclude={"settings"}) == MODEL.model_dump(exclude={"settings"})


def test_duckdb_scores_unless_spark_is_asked_for():
    with spark.scorer_of("duckdb") as scorer:
        assert scorer is splink_weights


def test_without_the_extra_nothing_is_linked(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EngineError, match="pyspark is not installed"), spark.scorer_of("spark"):
        raise AssertionError("a scorer was made")


def test_spark_does_not_start_when_no_pair_is_wanted(con, monkeypatch):
    def refuse(master, scratch):
        raise AssertionError("Spark was started")

    monkeypatch.setattr(spark, "refuse_without_spark", lambda: None)
    monkeypatch.setattr(spark, "open_spark", refuse)
    con.execute("CREATE TEMP TABLE link_wanted (l BIGINT, r BIGINT)").fetchall()
    with spark.scorer_of("spark") as scorer:
        score_wanted(con, MODEL, scorer)
    assert rows(con, "FROM link_weight") == []


def test_importing_the_step_does_not_import_pyspark():
    import subprocess

    code = "import sys, pipelines.link.spark; sys.exit(bool({'pyspark', 'sqlglot', 'splink'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
