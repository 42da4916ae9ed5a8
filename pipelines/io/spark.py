"""A Spark session for the length of one linkage, and tables to it and back as Parquet.

All that Spark writes is in one temporary folder, which goes with the session and its Java process. On this machine it
listens on loopback only; a master elsewhere takes its addresses from Spark's own configuration, and its workers must
see the folder and have the Python of `PYSPARK_PYTHON` with DuckDB and PyArrow.
"""

import importlib.util
import os
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from pipelines.errors import EngineError
from pipelines.io.tables import show_files

if TYPE_CHECKING:
    import duckdb
    from py4j.java_gateway import JavaGateway
    from pyspark import SparkConf
    from pyspark.sql import DataFrame, SparkSession

MASTER_VARIABLE = "RESEAU_SPARK_MASTER"
DEFAULT_MASTER = "local[2]"
#: Masters whose every process is on this machine; the first kind is one process, which makes its own secret.
_ONE_PROCESS = re.compile(r"local(\[.*\])?")
_HERE = re.compile(r"local(-cluster)?(\[.*\])?|spark://(127\.0\.0\.1|localhost):\d+")


def spark_master() -> str:
    """The master that the environment names, else two threads of this machine."""
    return os.environ.get(MASTER_VARIABLE) or DEFAULT_MASTER


def refuse_without_spark() -> None:
    """EngineError when the extra is not installed; nothing is imported."""
    if importlib.util.find_spec("pyspark") is None:
        remedy = (
            "Install the extra (`pip install reseau[spark]`, with Java 17 or later), or link with duckdb."
        )
        raise EngineError("pyspark is not installed", where="spark", remedy=remedy)


def spark_settings(master: str, folder: Path) -> dict[str, str]:
    """The configuration of a session that leaves nothing outside `folder`."""
    found = {
        "spark.master": master,
        "spark.app.name": "reseau",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(folder / "local"),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.sql.catalogImplementation": "in-memory",
        "spark.driver.extraJavaOptions": f'"-Djava.io.tmpdir={folder}"',
    }
    if _HERE.fullmatch(master):
        found |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    if _ONE_PROCESS.fullmatch(master):
        found |= {"spark.authenticate": "true", "spark.driver.memory": "4g"}
    return found


@dataclass(frozen=True)
class Spark:
    """A running session and the folder in which tables are handed over."""

    session: "SparkSession"
    folder: Path

    def take(self, con: "duckdb.DuckDBPyConnection", name: str) -> "DataFrame":
        """A table of DuckDB as Spark sees it."""
        target = self.folder / f"{name}.parquet"
        con.table(name).write_parquet(str(target), compression="zstd", overwrite=True)
        return self.session.read.parquet(target.as_uri())

    def give(self, frame: "DataFrame", con: "duckdb.DuckDBPyConnection", name: str) -> None:
        """Compute a frame of Spark and show it to DuckDB as the view `name`."""
        target = self.folder / name
        with typed("Spark could not compute"):
            frame.write.mode("overwrite").parquet(target.as_uri())
        show_files(con, name, sorted(target.glob("*.parquet")))

    def ask_duckdb(self, name: str, function: str, kind: str) -> None:
        """Make `name` in Spark's SQL the function of two texts that DuckDB has, with an answer of that kind."""
        self.session.udf.register(name, _asked_of_duckdb(function, kind))


def _asked_of_duckdb(function: str, kind: str) -> Any:
    """The function for a batch of pairs. Nested, so that it travels to workers that do not have our code."""
    import pyarrow as pa
    from pyspark.sql.functions import arrow_udf

    def answer(left: pa.Array, right: pa.Array) -> pa.Array:
        import duckdb
        import pyarrow

        with duckdb.connect(config={"threads": 1}) as con:
            pairs = con.from_arrow(pyarrow.table({"l": left, "r": right}))
            return pairs.project(f"{function}(l, r) AS x").to_arrow_table()["x"].combine_chunks()

    return arrow_udf(answer, kind)


@contextmanager
def typed(what: str) -> Iterator[None]:
    """EngineError in place of Spark's own, whose text may hold values: only its class and condition are told."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except PySparkException as problem:
        kind = problem.getCondition() or type(problem).__name__
    except Py4JError as problem:
        kind = type(problem).__name__
    else:
        return
    remedy = "Java 17 or later must be in JAVA_HOME or on the PATH, and the master must answer; or link with duckdb."
    raise EngineError(f"{what} ({kind})", where="spark", remedy=remedy)


@contextmanager
def open_spark(master: str, scratch: Path | None = None) -> Iterator[Spark]:
    """Start Spark at `master`, its folder below `scratch` (default: the system's), and end it. EngineError if not."""
    refuse_without_spark()
    from py4j.protocol import Py4JError
    from pyspark import SparkConf

    with TemporaryDirectory(prefix="reseau-spark-", dir=scratch) as name:
        folder = Path(name).resolve()
        conf = SparkConf(loadDefaults=False).setAll(list(spark_settings(master, folder).items()))
        with _java(conf, folder) as gateway:
            session = _session(conf, gateway)
            try:
                yield Spark(session, folder)
            finally:
                with suppress(Py4JError):  # Java has ended before
                    session.stop()


def _session(conf: "SparkConf", gateway: "JavaGateway") -> "SparkSession":
    from pyspark import SparkContext
    from pyspark.logger import PySparkLogger
    from pyspark.sql import SparkSession

    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):  # they print values on the terminal
        PySparkLogger.getLogger(name).disabled = True
    with typed("Spark does not start"), warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # of pandas 3, of which nothing goes to Spark
        context = SparkContext(conf=conf, gateway=gateway)
    context.pythonExec = os.environ.get("PYSPARK_PYTHON", sys.executable)
    return SparkSession(context)


@contextmanager
def _java(conf: "SparkConf", folder: Path) -> Iterator["JavaGateway"]:
    """The Java process of the session; what it prints, names perhaps among it, stays in the folder."""
    from py4j.protocol import Py4JError
    from pyspark import SparkContext
    from pyspark.java_gateway import launch_gateway

    with (folder / "spark.log").open("wb") as log, typed("Spark does not start"):
        gateway = launch_gateway(conf, {"stdout": log, "stderr": log})
    try:
        yield gateway
    finally:
        with suppress(Py4JError, OSError):
            gateway.shutdown()
        if gateway.proc is not None:
            gateway.proc.stdin.close()  # for which it waits
            gateway.proc.wait()
        SparkContext._gateway = SparkContext._jvm = None  # pyspark would go on with a process that has ended
