"""Tables between steps: contract columns and types, the order of the key, and folders with any name."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipelines.io.calculator import calculator
from pipelines.io.tables import attach, connect, empty_table, export_table, show, show_files, write_table
from validations.contracts.derive import SQL_TYPES, arrow_schema, ddl
from validations.contracts.tables import TABLES, WAREHOUSE

PERIOD = TABLES["dim_period"]
FOLDERS = (
    "plain", "a b", "it's", 'q"q', "é", "a;b", "a%20b", "$HOME", "{x}", "a[b]", "a*", "a?", "**", "year=2020",
    "a,b", "--x", "~",
)  # fmt: skip


def period(period_id: str, *, is_exhaustive: bool | None = True) -> dict[str, object]:
    day = dt.date(2016, 1, 1)
    return dict(zip(PERIOD.columns, (period_id, "fr", "en", day, day, is_exhaustive), strict=True))


def write(path: Path, *ids: str) -> Path:
    write_table(pa.Table.from_pylist([period(one) for one in ids], schema=arrow_schema(PERIOD)), path)
    return path


def ids(con: duckdb.DuckDBPyConnection, name: str = "dim_period") -> list[str]:
    return [one for (one,) in con.execute(f'SELECT period_id FROM "{name}" ORDER BY ALL').fetchall()]


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_is_itself_whatever_its_name_looks_like(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, folder: str
):
    for name in (*FOLDERS, "ab", "abc", "deep/er"):  # what a pattern would match
        write(tmp_path / name / "t.parquet", name)
    show(con, PERIOD, [tmp_path / folder / "t.parquet"])
    assert ids(con) == [folder]
    assert [column[0] for column in con.execute("SELECT * FROM dim_period").description] == list(
        PERIOD.columns
    )


@pytest.mark.parametrize(
    "folder", [name for name in FOLDERS if "?" not in name]
)  # DuckDB makes no database there
def test_a_database_is_attached_and_a_table_written_in_any_folder(tmp_path: Path, folder: str):
    (tmp_path / folder).mkdir()
    file, out = tmp_path / folder / "w.duckdb", tmp_path / folder / "deep" / "t.parquet"
    with connect(tmp_path / folder / "scratch", database=file) as con:
        con.execute(ddl(PERIOD))
        con.execute(
            "INSERT INTO dim_period VALUES ('p', 'a', 'b', DATE '2016-01-01', DATE '2016-12-31', TRUE)"
        )
        export_table(con, "dim_period", out)
    with duckdb.connect() as con:
        attach(con, file, "other")
        assert con.execute("SELECT period_id FROM other.dim_period").fetchall() == [("p",)]
        with pytest.raises(duckdb.Error, match="read-only"):
            con.execute("DELETE FROM other.dim_period")
    assert pq.ParquetFile(out).read()["period_id"].to_pylist() == ["p"]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([], []),
        ([["a"]], ["a"]),
        ([["a"], ["b", "c"]], ["a", "b", "c"]),
        ([["a"], [], ["b"]], ["a", "b"]),
        ([[], []], []),
        ([["a"], ["a"]], ["a", "a"]),
    ],
)
def test_the_files_of_a_table_are_one_view(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, files: Iterable[list[str]], expected: list[str]
):
    show(con, PERIOD, [write(tmp_path / f"{place}.parquet", *rows) for place, rows in enumerate(files)])
    assert ids(con) == expected


def test_a_view_takes_another_name_and_is_replaced(con: duckdb.DuckDBPyConnection, tmp_path: Path):
    first, second = write(tmp_path / "1.parquet", "a"), write(tmp_path / "2.parquet", "b")
    show(con, PERIOD, [first], name="period")
    show_files(con, "period", [second])
    assert ids(con, "period") == ["b"]
    show(con, PERIOD, [], name="period")
    assert ids(con, "period") == []
    with pytest.raises(duckdb.Error):
        ids(con)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_table_without_files_has_the_columns_and_types_of_its_contract(
    con: duckdb.DuckDBPyConnection, name: str
):
    show(con, TABLES[name], [])
    found = {column[0]: str(column[1]) for column in con.execute(f'SELECT * FROM "{name}"').description}
    assert found == {
        field.name: SQL_TYPES[field.kind].removesuffix(" PRECISION") for field in TABLES[name].fields
    }
    assert con.execute(f'SELECT * FROM "{name}"').fetchall() == []


@pytest.mark.parametrize("name", sorted(TABLES))
def test_an_empty_table_survives_the_way_to_a_file_and_back(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, name: str
):
    write_table(empty_table(TABLES[name]), tmp_path / "t.parquet")
    assert pq.read_schema(tmp_path / "t.parquet").names == list(TABLES[name].columns)
    show(con, TABLES[name], [tmp_path / "t.parquet"])
    found = {column[0]: str(column[1]) for column in con.execute(f'SELECT * FROM "{name}"').description}
    assert found == {
        field.name: SQL_TYPES[field.kind].removesuffix(" PRECISION") for field in TABLES[name].fields
    }


@pytest.mark.parametrize("name", [table.name for table in WAREHOUSE])
def test_a_table_is_written_with_the_types_of_its_contract(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, name: str
):
    con.execute(ddl(TABLES[name]))
    export_table(con, name, tmp_path / "t.parquet")
    written = pq.read_schema(tmp_path / "t.parquet")
    assert [(f.name, f.type) for f in written] == [(f.name, f.type) for f in arrow_schema(TABLES[name])]


@pytest.mark.parametrize("order", [["b", "a", "é", "Z", "10", "9", ""], ["", "10", "9", "Z", "a", "b", "é"]])
def test_rows_are_written_in_the_order_of_their_key_by_code_point(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, order: list[str]
):
    con.execute(ddl(PERIOD))
    for one in order:
        con.execute(
            "INSERT INTO dim_period VALUES (?, 'a', 'b', DATE '2016-01-01', DATE '2016-12-31', TRUE)", [one]
        )
    export_table(con, "dim_period", tmp_path / "t.parquet")
    assert pq.read_table(tmp_path / "t.parquet")["period_id"].to_pylist() == [
        "",
        "10",
        "9",
        "Z",
        "a",
        "b",
        "é",
    ]


def test_the_order_of_a_key_of_several_columns(con: duckdb.DuckDBPyConnection, tmp_path: Path):
    con.execute("CREATE TABLE dim_centre (valid_from DATE, name VARCHAR, centre_id VARCHAR)")
    con.execute("""
        INSERT INTO dim_centre VALUES (DATE '2012-01-01', 'x', 'b'), (NULL, 'y', 'b'), (DATE '2010-01-01', 'z', 'b'),
            (DATE '2015-01-01', 'w', 'a')
    """)
    export_table(con, "dim_centre", tmp_path / "t.parquet")
    assert pq.read_table(tmp_path / "t.parquet")["name"].to_pylist() == ["w", "z", "x", "y"]


def test_the_same_rows_in_another_order_give_the_same_bytes(tmp_path: Path):
    found = []
    for place, order in enumerate(("ASC", "DESC")):
        with duckdb.connect() as con:
            con.execute(ddl(PERIOD))
            con.execute(f"""
                INSERT INTO dim_period
                SELECT CAST(i AS VARCHAR), 'a', 'b', DATE '2016-01-01', DATE '2016-01-01', i % 2 = 0
                FROM range(5000) AS t (i) ORDER BY i {order}
            """)
            export_table(con, "dim_period", tmp_path / f"{place}.parquet")
        found.append((tmp_path / f"{place}.parquet").read_bytes())
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "NULL",
        "é\u0301",
        "a\nb",
        "'; DROP TABLE x--",
        "\x01",
        "\U0001f9ec",
        "x" * 100_000,
    ],
)
def test_text_passes_through_a_file_unchanged(con: duckdb.DuckDBPyConnection, tmp_path: Path, value: str):
    write(tmp_path / "t.parquet", value)
    show(con, PERIOD, [tmp_path / "t.parquet"])
    assert ids(con) == [value]


def test_a_file_that_is_no_table_is_an_error_and_not_an_empty_view(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
):
    (tmp_path / "t.parquet").write_bytes(b"PAR1 half a table")
    with pytest.raises(duckdb.Error):
        show(con, PERIOD, [tmp_path / "t.parquet"])
    with pytest.raises(duckdb.Error):
        show(con, PERIOD, [tmp_path / "absent.parquet"])


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM read_text('{file}')",
        "COPY (SELECT 1) TO '{file}.out'",
        "ATTACH '{file}.db' AS other",
        "INSTALL httpfs",
        "SET enable_external_access = TRUE",
    ],
)
def test_the_rules_of_a_centre_reach_no_file(tmp_path: Path, query: str):
    (tmp_path / "secret").write_text("a,b\n1,2\n")
    with calculator() as con, pytest.raises(duckdb.Error):
        con.execute(query.replace("{file}", str(tmp_path / "secret"))).fetchall()
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_a_calculator_is_empty_single_threaded_and_closed_at_the_end():
    with calculator() as con:
        assert con.execute("SELECT current_setting('threads')").fetchall() == [(1,)]
        con.execute("CREATE TABLE t (a INTEGER)")
    with calculator() as again:
        assert again.execute("SELECT count(*) FROM duckdb_tables()").fetchall() == [(0,)]
    with pytest.raises(duckdb.Error):
        con.execute("SELECT 1")
