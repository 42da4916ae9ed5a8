"""From one declaration to Pandera, Arrow and SQLAlchemy."""

from functools import cache
from typing import TYPE_CHECKING, Any

from validations.contracts.model import Field, Kind, Table

if TYPE_CHECKING:
    import pandas as pd
    import pandera.pandas as pa
    import pyarrow
    import sqlalchemy

#: The type of each kind in DuckDB and PostgreSQL.
SQL_TYPES = {
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.DATE: "DATE",
    Kind.INTEGER: "BIGINT",
    Kind.NUMBER: "DOUBLE PRECISION",
    Kind.BOOLEAN: "BOOLEAN",
    Kind.TIMESTAMP: "TIMESTAMP",
}


@cache
def arrow_type(kind: Kind) -> "pyarrow.DataType":
    """The Arrow type of a kind."""
    import pyarrow

    types = {
        Kind.TEXT: pyarrow.string(),
        Kind.CODE: pyarrow.string(),
        Kind.DATE: pyarrow.date32(),
        Kind.INTEGER: pyarrow.int64(),
        Kind.NUMBER: pyarrow.float64(),
        Kind.BOOLEAN: pyarrow.bool_(),
        Kind.TIMESTAMP: pyarrow.timestamp("us"),
    }
    return types[kind]


def pandas_type(kind: Kind) -> "pd.ArrowDtype":
    """The Arrow-backed pandas type of a kind."""
    import pandas as pd

    return pd.ArrowDtype(arrow_type(kind))


def arrow_schema(table: Table) -> "pyarrow.Schema":
    """The Arrow schema of a table, in the order of its columns."""
    import pyarrow

    mandatory = table.mandatory
    return pyarrow.schema(
        [
            pyarrow.field(field.name, arrow_type(field.kind), nullable=field.name not in mandatory)
            for field in table.fields
        ]
    )


def _sqlalchemy_type(kind: Kind) -> Any:
    import sqlalchemy as sa

    types = {
        Kind.TEXT: sa.Text(),
        Kind.CODE: sa.Text(),
        Kind.DATE: sa.Date(),
        Kind.INTEGER: sa.BigInteger(),
        Kind.NUMBER: sa.Double(),
        Kind.BOOLEAN: sa.Boolean(),
        Kind.TIMESTAMP: sa.DateTime(),
    }
    return types[kind]


def sqlalchemy_table(
    table: Table, metadata: "sqlalchemy.MetaData", *, schema: str | None = None
) -> "sqlalchemy.Table":
    """The SQLAlchemy table: NOT NULL on mandatory columns, the meaning as comment, no index and no key.

    Uniqueness of the key is audited, not enforced: published files carry no index (see the trust decisions).
    """
    import sqlalchemy as sa

    columns = [
        sa.Column(
            field.name,
            _sqlalchemy_type(field.kind),
            nullable=field.name not in table.mandatory,
            comment=field.en,
        )
        for field in table.fields
    ]
    return sa.Table(table.name, metadata, *columns, schema=schema, comment=table.en)


def _pandera_checks(field: Field) -> list[Any]:
    import pandera.pandas as pa

    checks = []
    if field.codes:
        checks.append(pa.Check.isin(list(field.code_values), name="code"))
    if field.low is not None:
        checks.append(pa.Check.ge(field.low, name="low"))
    if field.high is not None:
        checks.append(pa.Check.le(field.high, name="high"))
    return checks


def pandera_schema(table: Table) -> "pa.DataFrameSchema":
    """The Pandera schema of a table: types, closed lists, bounds, mandatory columns, unique key."""
    import pandera.pandas as pa

    columns = {
        field.name: pa.Column(
            pandas_type(field.kind),
            checks=_pandera_checks(field),
            nullable=field.name not in table.mandatory,
        )
        for field in table.fields
    }
    return pa.DataFrameSchema(columns, name=table.name, strict=True, ordered=True, unique=list(table.key))


def ddl(table: Table, *, schema: str | None = None) -> str:
    """The CREATE TABLE statement that DuckDB and PostgreSQL both accept."""
    lines = [
        f'    "{field.name}" {SQL_TYPES[field.kind]}{" NOT NULL" if field.name in table.mandatory else ""}'
        for field in table.fields
    ]
    name = f'"{schema}"."{table.name}"' if schema else f'"{table.name}"'
    return f"CREATE TABLE {name} (\n" + ",\n".join(lines) + "\n)"
