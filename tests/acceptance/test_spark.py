"""Linkage on a real Spark of two workers: the weights of DuckDB, so the same persons. Run by `make test-spark`."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import psutil
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from pipelines.errors import EngineError
from pipelines.io import spark as io_spark
from pipelines.io.linkage_model import load_model
from pipelines.io.people import load_map, people_of
from pipelines.link import spark as link_spark
from pipelines.link.other import OtherColumns
from pipelines.link.score import splink_weights
from pipelines.link.table import link_table
from pipelines.synthetic.calibration import load_calibration
from pipelines.synthetic.faults import inject
from pipelines.synthetic.generate import draw_block
from tests.tables import rows
from tests.unit.link.side_by_side import show_pairs
from tests.unit.link.test_levels import EXAMPLES, MEETING

pytestmark = pytest.mark.spark

MODEL = load_model("fr-2026-2")
#: Two workers, each a process of its own with a thread and 1,024 MB; Spark has this master for tests.
MASTER = "local-cluster[2,1,1024]"
MAP = """
id: id
source: centre
birth_name: birth_name
used_name: used_name
first_names: first_names
sex: sex
birth_date: birth_date
birth_place: birth_place_cog
ins: ins_matricule
residence_postcode: residence_commune
other: {text: [street], exact: [phone]}
"""


def java_version() -> int:
    """The Java that Spark would take; 0 when there is none."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(str(Path(home, "bin", "java")) if home else "java")
    if java is None:
        return 0
    told = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    found = re.search(r'version "(\d+)', told)
    return int(found[1]) if found else 0


@pytest.fixture(scope="module", autouse=True)
def _there_is_a_spark() -> None:
    try:
        io_spark.refuse_without_spark()
    except EngineError:
        pytest.skip("NOT TESTED: pyspark is not installed; `make test-spark` installs it")
    if java_version() < 17:
        pytest.skip("NOT TESTED: Spark needs Java 17 or later, in JAVA_HOME or on the PATH")


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("scratch")


@pytest.fixture(scope="module")
def spark(scratch: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[io_spark.Spark]:
    """A Spark of two workers; they work in a home of links to the package, for they write below it."""
    import pyspark

    home = tmp_path_factory.mktemp("spark-home")
    for entry in Path(pyspark.__file__).parent.iterdir():
        (home / entry.name).symlink_to(entry)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_HOME", str(home))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        with io_spark.open_spark(MASTER, scratch) as started:
            yield started
    assert list(scratch.iterdir()) == []


@pytest.fixture(scope="module")
def on_spark(spark):
    return partial(link_spark.spark_weights, lambda: spark)


def pairs_of(con, table="link_weight"):
    return rows(con, f"SELECT l, r, weight FROM {table} ORDER BY l, r")


# --- the functions ---

ALIKE = [
    ("MARTHA", "MARHTA"), ("DIXON", "DICKSONX"), ("ABC", "BCACBC"), ("GUILOU", "GIOU"), ("BA", "BB"), ("A", "A"),
    ("A", "B"), ("AB", "BA"), ("CA", "ABC"), ("ABCDEFGHIJ", "A"), ("ABCDEFXXXX", "ABCDEFYYYYYY"),
    ("", ""), ("", "A"), ("É", "E"), ("A" * 100, "A" * 99 + "B"), (None, "A"), ("A", None), (None, None),
]  # fmt: skip


def test_spellings_are_as_alike_as_in_duckdb(spark, con, tmp_path):
    letters = np.array(list("AABBCDE 1"))
    draw = np.random.default_rng(1)
    drawn = [tuple("".join(draw.choice(letters, draw.integers(1, 13))) for _ in "lr") for _ in range(20_000)]
    con.register("given", pa.table(dict(zip("lr", zip(*ALIKE, *drawn, strict=True), strict=True))))
    con.execute("CREATE TABLE spelling AS FROM given").fetchall()
    for name, (function, kind) in link_spark.FUNCTIONS.items():
        spark.ask_duckdb(name, function, kind)
        spark.take(con, "spelling").selectExpr("l", "r", f"{name}(l, r) AS found").createOrReplaceTempView(
            "found"
        )
        spark.give(spark.session.table("found"), con, "found")
        other = "(SELECT l, r, found FROM found)"
        expected = f"(SELECT l, r, {function}(l, r) AS found FROM spelling)"
        assert rows(con, f"FROM {other} EXCEPT ALL FROM {expected}") == []
        assert rows(con, f"SELECT count(*) FROM {other}") == [(len(ALIKE) + len(drawn),)]


# --- the weights ---


def test_every_level_weighs_as_in_duckdb(on_spark, con):
    """`tests/unit/link/test_levels.py` proves that these people reach every level, both ways round."""
    texts = [text for examples in EXAMPLES.values() for text in examples.values()]
    show_pairs(con, [*texts, *(text for _, _, text in MEETING)])
    con.execute("CREATE TEMP TABLE link_wanted AS SELECT l, r FROM link_pair").fetchall()
    splink_weights(con, MODEL)
    expected = pairs_of(con)
    on_spark(con, MODEL)
    assert pairs_of(con) == expected
    assert len(expected) == 2 * len(texts) + 2 * len(MEETING)


# --- the persons ---


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three thousand rows of a synthetic network with its faults, a street and a telephone added, and their map."""
    cal, draw = load_calibration("netsarc"), np.random.default_rng(1)
    drawn, _ = draw_block(cal, 1500, 0, (0, 1), np.zeros(len(cal.centres), np.int64), draw)
    people = inject(cal, drawn, draw)[0]["patient_identity"]
    numbers = pc.utf8_slice_codeunits(people["ins_matricule"], 3, 11)
    swapped = pc.replace_substring_regex(numbers, r"^(.)(.)", r"\2\1")
    is_odd = pa.array(draw.random(people.num_rows) < 0.3)
    people = (
        people.append_column("id", pa.array([f"r{row:05}" for row in range(people.num_rows)]))
        .append_column("phone", pc.if_else(is_odd, swapped, numbers))
        .append_column("street", pc.binary_join_element_wise("RUE", people["used_name"], people["sex"], " "))
    )
    folder = tmp_path_factory.mktemp("table")
    pq.write_table(people, folder / "people.parquet")
    (folder / "map.yaml").write_text(MAP, encoding="utf-8")
    return folder


OTHER = OtherColumns(text=("other_0",), exact=("other_1",))


@pytest.fixture(scope="module")
def linked(table: Path, on_spark) -> Iterator[tuple[duckdb.DuckDBPyConnection, list[int]]]:
    """The table linked on Spark, and how many pairs were weighed each time; the weights of DuckDB are beside."""
    weighed = []

    def both(con, model):
        splink_weights(con, model)
        expected = pairs_of(con)
        on_spark(con, model)
        assert pairs_of(con) == expected
        weighed.append(len(expected))
        con.execute("CREATE OR REPLACE TEMP TABLE model_settings (model VARCHAR)").fetchall()
        con.execute(
            "INSERT INTO model_settings VALUES ($model)", {"model": model.model_dump_json()}
        ).fetchall()

    with people_of(table / "people.parquet", load_map(table / "map.yaml")) as con:
        link_table(con, model=MODEL, other=OTHER, scorer=both)
        yield con, weighed


def test_every_pair_of_a_table_weighs_as_in_duckdb(linked):
    _, weighed = linked
    assert len(weighed) == 2  # the candidates, then what the groups lack
    assert weighed[0] > 3000


def test_the_persons_and_the_pairs_are_those_of_duckdb(linked, table):
    con, _ = linked
    with people_of(table / "people.parquet", load_map(table / "map.yaml")) as other:
        found = link_table(other, model=MODEL, other=OTHER)
        assert found.links > 500
        for name in ("clusters", "pairs"):
            assert rows(con, f"FROM {name} ORDER BY ALL") == rows(other, f"FROM {name} ORDER BY ALL")


def test_neither_the_order_of_arrival_nor_the_tasks_change_a_weight(linked, on_spark, monkeypatch):
    con, _ = linked
    [(stored,)] = rows(con, "FROM model_settings")
    model = type(MODEL).model_validate_json(stored)
    con.execute("CREATE OR REPLACE TEMP TABLE link_wanted AS SELECT l, r FROM link_candidate").fetchall()
    found = []
    for order, pairs_per_task in (("record_no", 250_000), ("hash(record_no)", 500)):
        monkeypatch.setattr(link_spark, "PAIRS_PER_TASK", pairs_per_task)
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE link_record AS FROM link_record ORDER BY {order}"
        ).fetchall()
        on_spark(con, model)
        found.append(pairs_of(con))
    assert found[0] == found[1]


# --- the session ---


def processes() -> list[tuple[str, set[str]]]:
    """What this process started: the command of each, and the addresses it listens on."""
    found = []
    for child in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it has ended
            heard = {link.laddr.ip for link in child.net_connections() if link.status == psutil.CONN_LISTEN}
            found.append((" ".join(child.cmdline()), {ip.removeprefix("::ffff:") for ip in heard}))
    return found


def test_two_workers_on_loopback_only(spark):
    found = processes()
    assert sum("CoarseGrainedExecutorBackend" in command for command, _ in found) == 2
    assert set().union(*(heard for _, heard in found)) == {"127.0.0.1"}


def test_what_fails_in_spark_is_told_without_its_values(spark, capfd):
    with pytest.raises(EngineError) as told, io_spark.typed("Spark could not weigh the pairs"):
        spark.session.sql("SELECT CAST('GARRIGUES' AS INT) AS n").collect()
    assert "CAST_INVALID_INPUT" in str(told.value)
    out, err = capfd.readouterr()
    assert "GARRIGUES" not in f"{told.value}{out}{err}"


def asked(table: Path, out: Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """`reseau link --engine spark` in a process of its own, whose temporary files are below `out`."""
    command = [sys.executable, "-m", "pipelines", "--lang", "en", "link", str(table / "people.parquet"),
               "--columns", str(table / "map.yaml"), "--out", str(out / "clusters.csv"),
               "--pairs", str(out / "pairs.csv"), "--engine", "spark"]  # fmt: skip
    (out / "temporary").mkdir()
    settings = {**os.environ, "TMPDIR": str(out / "temporary"), **environment}
    return subprocess.run(command, env=settings, capture_output=True, text=True, check=False)


def test_the_command_on_spark_writes_what_it_writes_on_duckdb_and_leaves_nothing(table, linked, tmp_path):
    done = asked(table, tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert list((tmp_path / "temporary").iterdir()) == []
    con, _ = linked
    written = f"read_csv('{tmp_path / 'clusters.csv'}', header = TRUE)"
    assert rows(con, f"SELECT id, person_id FROM {written}") == rows(
        con, "SELECT id, person_id FROM clusters"
    )


def test_without_java_it_says_what_is_needed(table, tmp_path):
    done = asked(table, tmp_path, JAVA_HOME=str(tmp_path / "absent"))
    assert done.returncode == 2
    assert "Java 17" in done.stderr
    assert "Traceback" not in done.stderr
    assert list((tmp_path / "temporary").iterdir()) == []
    assert not (tmp_path / "clusters.csv").exists()
