"""The hash of a warehouse's content: any other content has another one, any other order has the same."""

import duckdb
import pytest

from pipelines.io.warehouse import content_hash, read_frame, read_only, table_hash
from validations.contracts.derive import ddl
from validations.contracts.tables import TABLES, WAREHOUSE

PERIOD = TABLES["dim_period"]
SAME = "('p', 'a', 'b', DATE '2016-01-01', DATE '2020-12-31', TRUE)"


def period_hash(*rows: str) -> str:
    """The hash of a table of these rows, each written in SQL."""
    with duckdb.connect() as con:
        con.execute(ddl(PERIOD).replace(" NOT NULL", ""))
        for row in rows:
            con.execute(f"INSERT INTO dim_period VALUES {row}")
        return table_hash(con, PERIOD)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [SAME, SAME],
        ["('q', 'a', 'b', DATE '2016-01-01', DATE '2020-12-31', TRUE)"],
        ["('p', 'b', 'a', DATE '2016-01-01', DATE '2020-12-31', TRUE)"],  # two columns changed places
        ["('p', 'a', 'b', DATE '2020-12-31', DATE '2016-01-01', TRUE)"],
        ["('p', 'a', 'b', DATE '2016-01-01', DATE '2020-12-31', FALSE)"],
        ["('p', 'a', 'b', DATE '2016-01-01', DATE '2020-12-31', NULL)"],
        ["('p', 'a', NULL, DATE '2016-01-01', DATE '2020-12-31', TRUE)"],
        ["('p', 'a', 'null', DATE '2016-01-01', DATE '2020-12-31', TRUE)"],
        ["('p', 'a', '', DATE '2016-01-01', DATE '2020-12-31', TRUE)"],
        ["('p', 'a', 'b ', DATE '2016-01-01', DATE '2020-12-31', TRUE)"],
        ["('p', 'a', 'B', DATE '2016-01-01', DATE '2020-12-31', TRUE)"],
        ["""('p', 'a","b', NULL, DATE '2016-01-01', DATE '2020-12-31', TRUE)"""],
        ["('p', 'a', 'b', DATE '2016-01-02', DATE '2020-12-31', TRUE)"],
    ],
)
def test_another_content_has_another_hash(rows: list[str]):
    assert period_hash(*rows) != period_hash(SAME)


def test_the_number_of_rows_is_in_the_hash():
    assert [period_hash(*[SAME] * times).partition(":")[0] for times in (0, 1, 3)] == ["0", "1", "3"]
    assert len({period_hash(*[SAME] * times) for times in range(5)}) == 5
    other = SAME.replace("'p'", "'q'")
    assert period_hash(SAME, SAME, other) != period_hash(SAME, other, other)


def test_the_order_of_rows_and_columns_is_not_in_the_hash():
    rows = [SAME, SAME.replace("'p'", "'q'"), SAME.replace("'p'", "'r'")]
    assert period_hash(*rows) == period_hash(*reversed(rows)) == period_hash(rows[1], rows[0], rows[2])
    with duckdb.connect() as con:
        con.execute("""
            CREATE TABLE other AS
            SELECT TRUE AS is_exhaustive, 'b' AS label_en, 'p' AS period_id, 'a' AS label_fr,
                DATE '2020-12-31' AS end_date, DATE '2016-01-01' AS start_date, 'x' AS more
        """)
        assert table_hash(con, PERIOD, relation="other") == period_hash(SAME)


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("0.5", "0.5", True),
        ("0.1::DOUBLE + 0.2::DOUBLE", "0.3", False),  # not one bit is rounded away
        ("1e-300", "0", False),
        ("NULL", "0", False),
        ("100", "100.0", True),
    ],
)
def test_numbers_are_hashed_exactly(one: str, other: str, is_same: bool):
    found = []
    for value in (one, other):
        with duckdb.connect() as con:
            con.execute(ddl(TABLES["ind_conformity"]).replace(" NOT NULL", ""))
            con.execute(f"INSERT INTO ind_conformity (percent_all) VALUES ({value})")
            found.append(table_hash(con, TABLES["ind_conformity"]))
    assert (found[0] == found[1]) == is_same


def test_every_table_counts_in_the_hash_of_the_whole(con: duckdb.DuckDBPyConnection):
    for table in WAREHOUSE:
        con.execute(ddl(table).replace(" NOT NULL", ""))
    found = {"nothing": content_hash(con)}
    for table in WAREHOUSE:
        con.execute(f"INSERT INTO {table.name} ({table.fields[0].name}) VALUES (NULL)")
        found[table.name] = content_hash(con)
    assert len(set(found.values())) == 1 + len(WAREHOUSE)


def test_a_frame_has_the_columns_and_values_of_the_table(con: duckdb.DuckDBPyConnection):
    con.execute(ddl(PERIOD))
    other = SAME.replace("'p'", "'q'")
    con.execute(f"INSERT INTO dim_period VALUES {SAME}, {other}")
    frame = read_frame(con, PERIOD)
    assert list(frame.columns) == list(PERIOD.columns)
    assert [str(kind) for kind in frame.dtypes][:2] == [
        "string[pyarrow]",
        "category",
    ]  # a key is not repeated, a label is
    assert frame["period_id"].tolist() == ["p", "q"]
    assert frame["is_exhaustive"].tolist() == [True, True]


def test_a_reader_cannot_write(tmp_path):
    with duckdb.connect(str(tmp_path / "w.duckdb")) as con:
        con.execute("CREATE TABLE t (a INTEGER)")
    before = (tmp_path / "w.duckdb").read_bytes()
    with read_only(tmp_path / "w.duckdb") as con, pytest.raises(duckdb.Error, match="read-only"):
        con.execute("INSERT INTO t VALUES (1)")
    assert (tmp_path / "w.duckdb").read_bytes() == before
    with pytest.raises(duckdb.Error), read_only(tmp_path / "absent.duckdb"):
        pass
    assert not (tmp_path / "absent.duckdb").exists()
