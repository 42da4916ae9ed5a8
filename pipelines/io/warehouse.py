"""Reading a finished warehouse file: its tables as frames, and a hash of its content.

The hash depends on the rows alone: not on their order, the engine or its version.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from validations.contracts.model import Table
from validations.contracts.tables import WAREHOUSE
from validations.rules.model import Rule
from validations.warehouse_rules import answers

if TYPE_CHECKING:
    import duckdb
    import pandas as pd
    import pyarrow as pa

#: What a reader beside other steps may take.
READER_MEMORY = "256MB"


@contextmanager
def read_only(file: Path) -> Iterator["duckdb.DuckDBPyConnection"]:
    """A warehouse file, open for reading."""
    import duckdb

    with closing(duckdb.connect(str(file), read_only=True, config={"memory_limit": READER_MEMORY})) as con:
        yield con


def read_linkage_figures(file: Path) -> "tuple[dt.date | None, list[dict[str, Any]]] | None":
    """The newest declared day of export of a snapshot and its rows of `fct_linkage`; None when it holds none.

    None also for a file that cannot be read: an old snapshot does not stop the report of a new one.
    """
    import duckdb

    try:
        with read_only(file) as con:
            known = con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'fct_linkage'")
            if known.fetchall() == [(0,)]:
                return None
            [(data_cut,)] = con.execute("SELECT max(exported_date) FROM dim_delivery").fetchall()
            rows = con.execute("SELECT * FROM fct_linkage WHERE group_kind = 'all' ORDER BY ALL")
            return data_cut, rows.to_arrow_table().to_pylist()
    except duckdb.Error:
        return None


def read_frame(con: "duckdb.DuckDBPyConnection", table: Table) -> "pd.DataFrame":
    """One table as a frame, of the types that are quickest to check: text and dates are categorical, a key is not."""
    import pyarrow as pa

    data = con.execute(f'SELECT * FROM "{table.name}"').to_arrow_table()  # noqa: S608 - names of the contract
    for position, field in enumerate(data.schema):
        repeats = pa.types.is_string(field.type) or pa.types.is_date(field.type)
        if repeats and (field.name,) != table.key:
            data = data.set_column(position, field.name, data.column(position).dictionary_encode())
    frame: pd.DataFrame = data.to_pandas(types_mapper=_quick_type, self_destruct=True)
    return frame


def _quick_type(kind: "pa.DataType") -> Any:
    """Great Expectations hashes every frame, which takes Arrow-backed numbers and booleans one value at a time."""
    import pandas as pd
    import pyarrow as pa

    if pa.types.is_dictionary(kind):
        return None
    masked = {pa.bool_(): pd.BooleanDtype(), pa.int64(): pd.Int64Dtype(), pa.float64(): pd.Float64Dtype()}
    return masked.get(kind) or pd.ArrowDtype(kind)


def read_answers(con: "duckdb.DuckDBPyConnection", entity: str, rules: Sequence[Rule]) -> "pd.DataFrame":
    """What each row of the fact of an entity answers to these rules, without the row's key."""
    found = answers(entity, rules, con)
    frame: pd.DataFrame = found.to_pandas(types_mapper=_quick_type)
    return frame


def table_hash(con: "duckdb.DuckDBPyConnection", table: Table, *, relation: str | None = None) -> str:
    """Rows and hash of one table, `rows:sum`; `relation` names what is read when it is not the table itself."""
    columns = ", ".join(f'"{column}"' for column in table.columns)
    # a sum of 64-bit digests: the same for the same rows in any order, and a row written twice counts twice
    query = f"""
        SELECT count(*), coalesce(sum(CAST(md5_number_lower(CAST(to_json(content) AS VARCHAR)) AS HUGEINT)), 0)
        FROM (SELECT {columns} FROM "{relation or table.name}") AS content
    """  # noqa: S608 - names of the contract
    rows, digest = con.execute(query).fetchall()[0]
    return f"{rows}:{digest}"


def content_hash(con: "duckdb.DuckDBPyConnection") -> str:
    """SHA-256 over the hashes of every table of the warehouse that `con` has open."""
    lines = (f"{table.name} {table_hash(con, table)}\n" for table in WAREHOUSE)
    return hashlib.sha256("".join(lines).encode()).hexdigest()
