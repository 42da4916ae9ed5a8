"""The two engines behind one face: create contract tables with rows, run a query, forget."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import duckdb
import psycopg

from validations.contracts.derive import ddl
from validations.contracts.tables import TABLES


class Engine(Protocol):
    """What a case needs of an engine."""

    def create(self, statement: str) -> None: ...

    def insert(self, table: str, rows: list[tuple[Any, ...]]) -> None: ...

    def query(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]: ...


class DuckDB:
    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con

    def create(self, statement: str) -> None:
        self.con.execute(statement)

    def insert(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        marks = ", ".join("?" for _ in rows[0])
        self.con.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)

    def query(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        found = self.con.execute(sql)
        return [column[0] for column in found.description or ()], found.fetchall()


class PostgreSQL:
    def __init__(self, con: "psycopg.Connection[tuple[Any, ...]]") -> None:
        self.con = con

    def create(self, statement: str) -> None:
        self.con.execute(statement)

    def insert(self, table: str, rows: list[tuple[Any, ...]]) -> None:
        marks = ", ".join("%s" for _ in rows[0])
        with self.con.cursor() as cursor:
            cursor.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)

    def query(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        found = self.con.execute(sql)
        return [column.name for column in found.description or ()], found.fetchall()


@contextmanager
def duckdb_engine() -> Iterator[Engine]:
    """An empty DuckDB."""
    con = duckdb.connect()
    yield DuckDB(con)
    con.close()


@contextmanager
def postgres_engine(url: str) -> Iterator[Engine]:
    """A schema of PostgreSQL that nothing survives."""
    con = psycopg.connect(url)
    con.execute('CREATE SCHEMA "case"')
    con.execute('SET LOCAL search_path TO "case"')
    yield PostgreSQL(con)
    con.rollback()
    con.close()


def create_contract_table(engine: Engine, name: str, rows: list[tuple[Any, ...]]) -> None:
    """A table of the contract with these rows."""
    engine.create(ddl(TABLES[name]))
    if rows:
        engine.insert(name, rows)
