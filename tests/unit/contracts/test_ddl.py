"""CREATE TABLE: its exact text, names that are words of SQL, and what the engine then refuses."""

import datetime as dt

import duckdb
import pytest

from tests.unit.contracts.sample import SAMPLE, table
from validations.contracts.derive import ddl
from validations.contracts.make import flag, text
from validations.contracts.tables import TABLES, WAREHOUSE

ROW = {
    "id": "a",
    "note": "vu",
    "colour": "red",
    "seen_date": dt.date(2015, 3, 10),
    "grade": 2,
    "size_mm": 80.5,
    "is_new": True,
    "at": dt.datetime(2015, 3, 10, 8, 30),  # noqa: DTZ001 - the column has no zone
    "seen_count": 0,
}


def insert(con: duckdb.DuckDBPyConnection, row: dict[str, object], name: str = "fct_sample") -> None:
    con.execute(f'INSERT INTO "{name}" VALUES ({", ".join("?" * len(row))})', list(row.values()))


def test_the_statement_in_full():
    assert ddl(SAMPLE) == (
        'CREATE TABLE "fct_sample" (\n'
        '    "id" VARCHAR NOT NULL,\n'
        '    "note" VARCHAR,\n'
        '    "colour" VARCHAR NOT NULL,\n'
        '    "seen_date" DATE,\n'
        '    "grade" BIGINT,\n'
        '    "size_mm" DOUBLE PRECISION,\n'
        '    "is_new" BOOLEAN,\n'
        '    "at" TIMESTAMP,\n'
        '    "seen_count" BIGINT NOT NULL\n'
        ")"
    )


def test_a_schema_is_quoted_apart_from_the_table():
    assert ddl(SAMPLE, schema="n 1").startswith('CREATE TABLE "n 1"."fct_sample" (')


def test_the_table_is_made_in_its_schema(con):
    con.execute('CREATE SCHEMA "order"')
    con.execute(ddl(SAMPLE, schema="order"))
    assert con.execute("SELECT schema_name, table_name FROM duckdb_tables()").fetchall() == [
        ("order", "fct_sample")
    ]


@pytest.mark.parametrize(
    "word", ["order", "group", "select", "user", "Mixed Case", "with.dot", "end", "line"]
)
def test_a_name_may_be_a_word_of_sql(con, word):
    con.execute(ddl(table(text(word, "mot", "word"), flag("is_x", "x", "x"))))
    assert [column[0] for column in con.execute("SELECT * FROM fct_sample").description] == [
        "id",
        word,
        "is_x",
    ]


def test_a_value_of_each_kind_goes_in_and_comes_out(con):
    con.execute(ddl(SAMPLE))
    insert(con, ROW)
    assert con.execute("SELECT * FROM fct_sample").fetchall() == [tuple(ROW.values())]


@pytest.mark.parametrize("column", SAMPLE.columns)
def test_only_a_mandatory_column_refuses_to_be_empty(con, column):
    con.execute(ddl(SAMPLE))
    empty = ROW | {column: None}
    if column in {"id", "colour", "seen_count"}:
        with pytest.raises(duckdb.ConstraintException, match="NOT NULL"):
            insert(con, empty)
    else:
        insert(con, empty)
        assert con.execute(f'SELECT count(*) - count("{column}") FROM fct_sample').fetchone() == (1,)


@pytest.mark.parametrize(
    ("column", "wrong"),
    [
        ("seen_date", "mars 2015"),
        ("grade", "deux"),
        ("size_mm", "8 cm"),
        ("is_new", "peut-être"),
        ("at", "hier"),
    ],
)
def test_a_value_of_another_kind_is_refused(con, column, wrong):
    con.execute(ddl(SAMPLE))
    with pytest.raises(duckdb.ConversionException):
        insert(con, ROW | {column: wrong})


def test_keys_are_audited_not_enforced(con):
    """A published file carries no index: the audit counts repeated keys."""
    con.execute(ddl(SAMPLE))
    insert(con, ROW)
    insert(con, ROW)
    assert con.execute("SELECT count(*) FROM fct_sample").fetchone() == (2,)


def test_all_tables_of_all_layers_stand_side_by_side(con):
    for one in TABLES.values():
        con.execute(ddl(one))
    made = con.execute("SELECT table_name FROM duckdb_tables() ORDER BY table_name").fetchall()
    assert [name for (name,) in made] == sorted(TABLES)


@pytest.mark.parametrize("one", WAREHOUSE, ids=lambda one: one.name)
def test_a_table_of_the_warehouse_uses_types_that_both_engines_have(one):
    words = {"VARCHAR", "DATE", "BIGINT", "DOUBLE PRECISION", "BOOLEAN", "TIMESTAMP"}
    lines = ddl(one).splitlines()[1:-1]
    types = {line.strip().rstrip(",").partition('" ')[2].removesuffix(" NOT NULL") for line in lines}
    assert types <= words
