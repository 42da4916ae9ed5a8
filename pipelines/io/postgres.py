"""The production warehouse: each snapshot is a schema of its own, and stable views point at the current one.

Rows go by binary COPY, are read back, compared and audited, and only then one transaction moves every view together
with the snapshot's row. A load that died leaves a schema that no view shows; the next load sweeps it.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipelines.errors import WarehouseError
from pipelines.io.share import read_sql, sql_files
from pipelines.io.warehouse import table_hash
from validations.contracts.derive import sqlalchemy_table
from validations.contracts.model import Table
from validations.contracts.tables import WAREHOUSE

if TYPE_CHECKING:
    import duckdb
    import sqlalchemy as sa

BATCH_ROWS = 100_000
#: PostgreSQL cuts a longer name without a word: two schemas would become one.
_LONGEST_NAME = 63
DRIVERS = "Install the drivers: pip install 'reseau[postgres]'."


@dataclass(frozen=True)
class _Names:
    """The schemas of one network: the stable one that people use, and the one of a snapshot."""

    network_id: str
    snapshot: int

    def __post_init__(self) -> None:
        is_name = re.fullmatch(r"[a-z][a-z0-9_]*", self.network_id) and len(self.own) <= _LONGEST_NAME
        # "a_s0007" would be the schema of snapshot 7 of network "a", which a load of "a" sweeps
        if not is_name or re.search(r"_s\d{4,}$", self.network_id):
            raise WarehouseError(f"{self.network_id!r} cannot name a schema")

    @property
    def stable(self) -> str:
        return f"reseau_{self.network_id}"

    @property
    def own(self) -> str:
        return f"{self.stable}_s{self.snapshot:04d}"

    @property
    def lock(self) -> int:
        """The advisory lock of the network's loads."""
        return int.from_bytes(hashlib.sha256(self.stable.encode()).digest()[:8], signed=True)


def _snapshots(schema: str) -> "sa.Table":
    import sqlalchemy as sa

    return sa.Table(
        "snapshot",
        sa.MetaData(),
        sa.Column("snapshot", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("schema_name", sa.Text, nullable=False),
        sa.Column("content_hash", sa.Text, nullable=False),
        sa.Column("is_current", sa.Boolean, nullable=False),
        schema=schema,
    )


@contextmanager
def _engine(url: str) -> Iterator["sa.Engine"]:
    """An engine on `url`; whatever the server or the driver refuses becomes a WarehouseError without any value."""
    import sqlalchemy as sa

    try:
        parsed = sa.make_url(url).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(parsed)
    except sa.exc.ArgumentError:
        raise WarehouseError("the warehouse URL is not a URL", remedy="postgresql://user@host/base") from None
    except ModuleNotFoundError as problem:
        raise WarehouseError(f"{problem.name} is not installed", remedy=DRIVERS) from problem
    where = f"{parsed.host}:{parsed.port or 5432}/{parsed.database}"
    try:
        yield engine
    except sa.exc.DBAPIError as problem:  # its text may quote a row, so only the kind of error is told
        raise WarehouseError(_kind(problem.orig), where=where, remedy=_remedy(problem)) from None
    finally:
        engine.dispose()


def _kind(problem: BaseException | None) -> str:
    state = getattr(problem, "sqlstate", None)
    return f"PostgreSQL refused: {type(problem).__name__}{f' {state}' if state else ''}"


def _remedy(problem: "sa.exc.DBAPIError") -> str:
    if type(problem.orig).__name__ == "DependentObjectsStillExist":
        return "A column of the warehouse changed: drop the views that were built on the stable views."
    return (
        "Check that the server runs and that this user may create schemas; the published views are unchanged."
    )


#: The server may take a moment to notice that the connection of an ended load is gone.
_LOCK_SECONDS = 3
_LOCK_NOT_AVAILABLE = "55P03"


@contextmanager
def _only_load(engine: "sa.Engine", names: _Names) -> Iterator[None]:
    """Hold the network's lock; it vanishes with this connection, however the process ends."""
    import sqlalchemy as sa

    with engine.connect() as con:
        con.execute(sa.text(f"SET lock_timeout = '{_LOCK_SECONDS}s'"))
        try:
            con.execute(sa.select(sa.func.pg_advisory_lock(names.lock)))
        except sa.exc.OperationalError as problem:
            if getattr(problem.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
            remedy = "Wait until it ends."
            raise WarehouseError("another load of this network is at work", remedy=remedy) from None
        con.commit()
        yield


def _create(engine: "sa.Engine", names: _Names) -> None:
    """The empty tables of the snapshot, from the contract; what a dead load left is swept first."""
    import sqlalchemy as sa

    with engine.begin() as con:
        con.execute(sa.schema.CreateSchema(names.stable, if_not_exists=True))
        snapshots = _snapshots(names.stable)
        snapshots.create(con, checkfirst=True)
        newest = con.scalar(sa.select(sa.func.max(snapshots.c.snapshot))) or 0
        if newest >= names.snapshot:
            remedy = "A published snapshot is never overwritten."
            raise WarehouseError(f"snapshot {newest} is already published there", remedy=remedy)
        con.execute(sa.schema.DropSchema(names.own, cascade=True, if_exists=True))
        con.execute(sa.schema.CreateSchema(names.own))
        metadata = sa.MetaData()
        for table in WAREHOUSE:
            sqlalchemy_table(table, metadata, schema=names.own)
        metadata.create_all(con, checkfirst=False)


def _columns(table: Table) -> str:
    return ", ".join(f'"{column}"' for column in table.columns)


def _copy(source: "duckdb.DuckDBPyConnection", copier: Any, names: _Names) -> None:
    for table in WAREHOUSE:
        order = ", ".join(f'"{column}"' for column in table.key)
        query = f'SELECT {_columns(table)} FROM "{table.name}" ORDER BY {order}'  # noqa: S608 - names of the contract
        rows = source.execute(query).to_arrow_reader(BATCH_ROWS)
        with copier.cursor() as cursor:
            cursor.adbc_ingest(table.name, rows, mode="append", db_schema_name=names.own)
    copier.commit()


def _compare(source: "duckdb.DuckDBPyConnection", copier: Any, names: _Names) -> None:
    """Read every table back and compare rows and hash with the file's. WarehouseError names the tables that differ."""
    different = []
    for table in WAREHOUSE:
        with copier.cursor() as cursor:
            cursor.execute(f'SELECT {_columns(table)} FROM "{names.own}"."{table.name}"')  # noqa: S608
            source.register("loaded", cursor.fetch_record_batch())
            if table_hash(source, table, relation="loaded") != table_hash(source, table):
                different.append(table.name)
            source.unregister("loaded")
    if different:
        raise WarehouseError(f"not loaded as they are in the file: {', '.join(different)}", where=names.own)


def _load_rows(url: str, file: Path, names: _Names) -> None:
    import duckdb

    try:
        from adbc_driver_manager import Error as CopyError
        from adbc_driver_postgresql.dbapi import connect
    except ModuleNotFoundError as problem:
        raise WarehouseError(f"{problem.name} is not installed", remedy=DRIVERS) from problem
    import sqlalchemy as sa

    plain = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        with closing(duckdb.connect(str(file), read_only=True)) as source, closing(connect(plain)) as copier:
            _copy(source, copier, names)
            _compare(source, copier, names)
    except CopyError as problem:  # its text quotes the row that was refused
        remedy = "The published views are unchanged; load again."
        raise WarehouseError(_kind(problem), where=names.own, remedy=remedy) from None


def _shape(con: "sa.Connection", schema: str, name: str) -> list[Any]:
    import sqlalchemy as sa

    query = sa.text(
        "SELECT column_name, data_type FROM information_schema.columns"
        " WHERE table_schema = :schema AND table_name = :name ORDER BY ordinal_position"
    )
    return list(con.execute(query, {"schema": schema, "name": name}))


def _point(con: "sa.Connection", names: _Names, name: str) -> None:
    """Make the stable view `name` show the snapshot's; it is replaced in place, so that what uses it stays."""
    old, new = _shape(con, names.stable, name), _shape(con, names.own, name)
    if old and old != new:
        con.exec_driver_sql(f'DROP VIEW "{names.stable}"."{name}"')
    view = f'CREATE OR REPLACE VIEW "{names.stable}"."{name}" AS SELECT * FROM "{names.own}"."{name}"'  # noqa: S608
    con.exec_driver_sql(view)


def _switch(engine: "sa.Engine", names: _Names, *, content_hash: str) -> None:
    """One transaction: the snapshot's own views, every stable view, the snapshot's row."""
    import sqlalchemy as sa

    snapshots = _snapshots(names.stable)
    with engine.begin() as con:
        con.exec_driver_sql(f'SET LOCAL search_path TO "{names.own}"')
        for path in sql_files("views"):
            con.exec_driver_sql(f'CREATE VIEW "{path.stem}" AS {read_sql("views", path.name)}')
        for name in (*(table.name for table in WAREHOUSE), *(path.stem for path in sql_files("views"))):
            _point(con, names, name)
        con.execute(sa.update(snapshots).values(is_current=False))
        row = {"snapshot": names.snapshot, "schema_name": names.own, "content_hash": content_hash}
        con.execute(sa.insert(snapshots).values(**row, is_current=True))


def load(
    url: str,
    file: Path,
    *,
    network_id: str,
    snapshot: int,
    content_hash: str,
    audit: Callable[[str], None] | None = None,
) -> None:
    """Load the DuckDB `file` as snapshot number `snapshot` and switch the stable views to it.

    `audit` is called with the name of the filled schema before the switch. WarehouseError when the server or a driver
    is missing, rows differ or the number is taken; the views stay then, and when `audit` raises.
    """
    names = _Names(network_id, snapshot)
    with _engine(url) as engine, _only_load(engine, names):
        _create(engine, names)
        _load_rows(url, file, names)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as con:
            for table in WAREHOUSE:
                con.exec_driver_sql(f'ANALYZE "{names.own}"."{table.name}"')
        if audit is not None:
            audit(names.own)
        _switch(engine, names, content_hash=content_hash)


def has_snapshot(url: str, *, network_id: str, content_hash: str) -> bool:
    """True when the stable views show a snapshot with this content."""
    import sqlalchemy as sa

    snapshots = _snapshots(_Names(network_id, 0).stable)
    with _engine(url) as engine, engine.connect() as con:
        if not sa.inspect(con).has_table(snapshots.name, schema=snapshots.schema):
            return False
        current = sa.select(snapshots.c.content_hash).where(snapshots.c.is_current)
        return con.scalar(current) == content_hash
