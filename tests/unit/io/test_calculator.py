"""The calculator of one centre knows nothing of another's, and nothing of the disk."""

from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from pipelines.io.calculator import calculator


def test_what_one_centre_registers_ends_with_it():
    with calculator() as con:
        con.register("val_tumour", pa.table({"a": [1]}))
        assert con.execute("SELECT a FROM val_tumour").fetchall() == [(1,)]
        con.execute("CREATE TABLE kept (a INTEGER)")
    with calculator() as con, pytest.raises(duckdb.CatalogException, match="kept"):
        con.execute("SELECT a FROM kept")
    with calculator() as con, pytest.raises(duckdb.CatalogException, match="val_tumour"):
        con.execute("SELECT a FROM val_tumour")


def test_two_centres_side_by_side_see_their_own_rows():
    with calculator() as one, calculator() as other:
        one.register("rows", pa.table({"a": [1]}))
        other.register("rows", pa.table({"a": [2]}))
        assert one.execute("SELECT a FROM rows").fetchall() == [(1,)]
        assert other.execute("SELECT a FROM rows").fetchall() == [(2,)]


def test_a_connection_is_closed_whatever_happens():
    with pytest.raises(ZeroDivisionError), calculator() as con:
        raise ZeroDivisionError
    with pytest.raises(duckdb.ConnectionException):
        con.execute("SELECT 1")


def test_no_file_can_be_read(tmp_path: Path):
    (tmp_path / "a.csv").write_text("a\n1\n")
    with calculator() as con, pytest.raises(duckdb.PermissionException):
        con.execute(f"SELECT * FROM '{tmp_path}/a.csv'")
