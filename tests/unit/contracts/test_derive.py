"""The four derivations of the contract agree, column by column, for every table."""

import re

import duckdb
import pandas as pd
import pyarrow as pa
import pytest
import sqlalchemy as sa

from validations.contracts.derive import SQL_TYPES, arrow_schema, ddl, pandera_schema, sqlalchemy_table
from validations.contracts.dictionary import markdown
from validations.contracts.model import INTEGRATION_ZONE, Kind, Sensitivity
from validations.contracts.tables import TABLES, WAREHOUSE

ARROW = {
    Kind.TEXT: "string", Kind.CODE: "string", Kind.DATE: "date32[day]", Kind.INTEGER: "int64",
    Kind.NUMBER: "double", Kind.BOOLEAN: "bool", Kind.TIMESTAMP: "timestamp[us]",
}  # fmt: skip
SQLALCHEMY = {
    Kind.TEXT: "TEXT", Kind.CODE: "TEXT", Kind.DATE: "DATE", Kind.INTEGER: "BIGINT",
    Kind.NUMBER: "DOUBLE", Kind.BOOLEAN: "BOOLEAN", Kind.TIMESTAMP: "DATETIME",
}  # fmt: skip
DUCKDB = {
    Kind.TEXT: "VARCHAR", Kind.CODE: "VARCHAR", Kind.DATE: "DATE", Kind.INTEGER: "BIGINT",
    Kind.NUMBER: "DOUBLE", Kind.BOOLEAN: "BOOLEAN", Kind.TIMESTAMP: "TIMESTAMP",
}  # fmt: skip
EVERY_TABLE = pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)


@EVERY_TABLE
def test_arrow_says_what_the_contract_says(table):
    schema = arrow_schema(table)
    assert schema.names == list(table.columns)
    assert [str(schema.field(f.name).type) for f in table.fields] == [ARROW[f.kind] for f in table.fields]
    assert {name for name in schema.names if not schema.field(name).nullable} == table.mandatory


@EVERY_TABLE
def test_sqlalchemy_says_what_the_contract_says(table):
    found = sqlalchemy_table(table, sa.MetaData())
    assert [column.name for column in found.columns] == list(table.columns)
    assert [str(column.type) for column in found.columns] == [SQLALCHEMY[f.kind] for f in table.fields]
    assert {column.name for column in found.columns if not column.nullable} == table.mandatory


@EVERY_TABLE
def test_pandera_says_what_the_contract_says(table):
    schema = pandera_schema(table)
    assert list(schema.columns) == list(table.columns)
    assert {name for name, column in schema.columns.items() if not column.nullable} == table.mandatory
    for field in table.fields:
        checks = {check.name: check.statistics for check in schema.columns[field.name].checks}
        assert (checks.get("code", {}).get("allowed_values") is not None) == bool(field.codes)
        assert ("low" in checks, "high" in checks) == (field.low is not None, field.high is not None)


@EVERY_TABLE
def test_the_dictionary_lists_every_field_with_both_meanings(table):
    section = markdown(TABLES).split(f"### `{table.name}`\n")[1].split("### ")[0]
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (\S*) \| (.+?) \| (.+?) \|", section, re.MULTILINE)
    assert [(name, kind, fr, en) for name, kind, _, fr, en in rows] == [
        (f.name, f.kind.value, f.fr, f.en) for f in table.fields
    ]
    assert [bool(mark) for _, _, mark, _, _ in rows] == [f.name in table.mandatory for f in table.fields]


@EVERY_TABLE
def test_duckdb_takes_the_same_types(con: duckdb.DuckDBPyConnection, table):
    con.execute(ddl(table))
    found = con.execute(f"SELECT column_name, data_type, is_nullable FROM information_schema.columns "
                        f"WHERE table_name = '{table.name}' ORDER BY ordinal_position").fetchall()  # fmt: skip
    assert [(name, kind) for name, kind, _ in found] == [(f.name, DUCKDB[f.kind]) for f in table.fields]
    assert {name for name, _, nullable in found if nullable == "NO"} == table.mandatory


@EVERY_TABLE
def test_an_empty_table_passes_its_own_schema(table):
    empty = arrow_schema(table).empty_table().to_pandas(types_mapper=pd.ArrowDtype)
    pandera_schema(table).validate(empty)


def test_a_wrong_code_a_bound_and_a_missing_key_are_refused():
    table = TABLES["val_surgery"]
    row = dict.fromkeys(table.columns) | {
        "row_id": "d:0:2", "centre_id": "c", "delivery_id": "d", "file": "f", "line": 2,
        "local_patient_id": None, "local_tumour_id": "1", "margin": "R9",
    }  # fmt: skip
    frame = pa.Table.from_pylist(
        [row], schema=pa.schema([f.with_nullable(True) for f in arrow_schema(table)])
    )
    import pandera.errors

    with pytest.raises(pandera.errors.SchemaErrors) as caught:
        pandera_schema(table).validate(frame.to_pandas(types_mapper=pd.ArrowDtype), lazy=True)
    assert set(caught.value.failure_cases["column"]) == {"local_patient_id", "margin"}


def test_every_kind_has_a_type_in_every_library():
    assert set(SQL_TYPES) == set(Kind) == set(ARROW)


@pytest.mark.parametrize("table", WAREHOUSE, ids=lambda table: table.name)
def test_no_identity_crosses_the_border(table):
    assert [f.name for f in table.fields if f.sensitivity is Sensitivity.IDENTITY] == []


def test_identities_exist_in_the_integration_zone_only():
    zones = {table.layer in INTEGRATION_ZONE for table in TABLES.values()
             if any(f.sensitivity is Sensitivity.IDENTITY for f in table.fields)}  # fmt: skip
    assert zones == {True}


def test_a_field_name_means_one_thing():
    """Same thing, same name, same kind, everywhere (house style, §3)."""
    kinds: dict[str, set[Kind]] = {}
    for table in TABLES.values():
        if table.layer.value != "stg":  # staged fields are text by definition
            for field in table.fields:
                kinds.setdefault(field.name, set()).add(field.kind)
    assert {name: found for name, found in kinds.items() if len(found) > 1} == {}
