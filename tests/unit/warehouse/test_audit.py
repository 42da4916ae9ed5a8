"""The audit lets a sound warehouse pass and names whatever is wrong with another one."""

import dataclasses
from collections.abc import Iterator

import duckdb
import pytest

from pipelines.account import Account
from pipelines.io.warehouse import content_hash
from pipelines.warehouse.audit import audit
from tests.harmonised import harmonise
from tests.star import fill

Star = tuple[duckdb.DuckDBPyConnection, list[Account]]


@pytest.fixture(scope="module")
def built() -> Iterator[Star]:
    con = duckdb.connect()
    harmonise(con, patients=400)
    yield con, fill(con)
    con.close()


@pytest.fixture
def changed(built: Star) -> Iterator[Star]:
    """The warehouse in a transaction that is undone."""
    con, accounts = built
    con.execute("BEGIN")
    yield con, accounts
    con.execute("ROLLBACK")


def test_a_sound_warehouse_has_no_problem(built: Star):
    con, accounts = built
    assert audit(con, accounts=accounts) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ("CREATE TABLE val_surgery (a INTEGER)", "val_surgery: a table of an earlier zone"),
        ("CREATE TABLE notes (a INTEGER)", "notes: not an object of the warehouse"),
        ("CREATE VIEW har_patient AS SELECT 1 AS a", "har_patient: a table of an earlier zone"),
        (
            "ALTER TABLE dim_patient ADD COLUMN birth_name VARCHAR",
            "dim_patient.birth_name: an identity field",
        ),
        ("DROP TABLE fct_finding", "fct_finding: its columns or their types"),
        ("ALTER TABLE fct_tumour ALTER COLUMN grade TYPE DOUBLE", "fct_tumour: its columns or their types"),
        ("ALTER TABLE dim_period DROP COLUMN is_exhaustive", "dim_period: its columns or their types"),
        (
            "CREATE TABLE other AS SELECT definition_version, * EXCLUDE definition_version FROM dim_network;"
            "DROP TABLE dim_network; ALTER TABLE other RENAME TO dim_network",
            "dim_network: its columns or their types",
        ),
    ],
)
def test_an_object_that_does_not_belong_is_named(changed: Star, change: str, problem: str):
    con, accounts = changed
    con.execute("DROP VIEW v_tumour; DROP VIEW v_conformity; DROP VIEW v_unknown_reason")
    con.execute(change)
    assert any(found.startswith(problem) for found in audit(con, accounts=accounts))


ONE_TUMOUR = "WHERE tumour_id = (SELECT min(tumour_id) FROM fct_tumour)"
ONE_OPERATION = "WHERE row_id = (SELECT min(row_id) FROM fct_surgery)"
ONE_RESULT = "WHERE indicator_id = 'r0_first_surgery' AND period_id = '2016_2020' AND group_kind = "


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (f"INSERT INTO fct_tumour FROM fct_tumour {ONE_TUMOUR}", "fct_tumour: 1 rows repeat a key"),
        (f"DELETE FROM fct_tumour {ONE_TUMOUR}", "are not in fct_tumour"),
        ("DELETE FROM dim_delivery WHERE delivery_id = 'd_clb'", "are not in dim_delivery"),
        ("DELETE FROM dim_period WHERE period_id = '2013_2015'", "are not in dim_period"),
        ("DELETE FROM dim_facility WHERE facility_id = 'f_in'", "are not in dim_facility"),
        ("DELETE FROM dim_date WHERE year = 2015", "are not in dim_date"),
        ("DELETE FROM dim_diagnosis WHERE morphology = '8936/3'", "fct_pathology_review.expert_morphology"),
        ("UPDATE fct_surgery SET patient_id = 'IPP-12345' " + ONE_OPERATION, "do not hold a pseudonym"),
        (
            "UPDATE fct_tumour SET centre_id = 'nowhere' " + ONE_TUMOUR,
            "fct_tumour.centre_id: 1 rows are not in",
        ),
        (f"UPDATE fct_surgery SET declaration_count = 9 {ONE_OPERATION}", "declarations,"),
        (f"DELETE FROM fct_surgery {ONE_OPERATION}", "rows, the account says"),
        (
            f"UPDATE ind_conformity SET achieved_count = achieved_count + 1 {ONE_RESULT} 'all'",
            "is not eligible",
        ),
        (
            "UPDATE ind_conformity SET achieved_count = achieved_count + 1, not_achieved_count = not_achieved_count - 1"
            f" {ONE_RESULT} 'all'",
            "do not add up to all",
        ),
        (f"DELETE FROM ind_conformity {ONE_RESULT} 'centre'", "do not add up to all"),
        (f"DELETE FROM ind_conformity {ONE_RESULT} 'all'", "not the tumours of fct_indicator"),
        (
            "UPDATE fct_indicator SET reason_unknown = 'no_statement' WHERE is_achieved",
            "a reason without an unknown",
        ),
        ("UPDATE fct_tumour SET is_incident = FALSE", "not an incident case"),
        ("UPDATE fct_tumour SET patient_id = md5('p0'), is_incident = TRUE", "two incident tumours"),
    ],
)
def test_a_row_that_is_wrong_is_found(changed: Star, change: str, problem: str):
    con, accounts = changed
    con.execute(change)
    found = audit(con, accounts=accounts)
    assert any(problem in one for one in found), found


def test_an_empty_mandatory_column_is_found(changed: Star):
    con, accounts = changed
    con.execute("ALTER TABLE fct_surgery ALTER COLUMN centre_id DROP NOT NULL")
    con.execute(f"UPDATE fct_surgery SET centre_id = NULL {ONE_OPERATION}")
    assert "fct_surgery.centre_id: 1 rows are empty" in audit(con, accounts=accounts)


def test_a_problem_tells_no_value(changed: Star):
    con, accounts = changed
    con.execute(f"UPDATE fct_surgery SET patient_id = 'MARTIN Louise' {ONE_OPERATION}")
    assert not any("MARTIN" in problem for problem in audit(con, accounts=accounts))


def test_an_account_that_lost_a_row_is_named(built: Star):
    con, accounts = built
    wrong = [dataclasses.replace(a, rows_out=a.rows_out + 1) if a.table == "fct_rcp" else a for a in accounts]
    (problem,) = audit(con, accounts=wrong)
    assert problem.startswith("fct_rcp: ")


@pytest.mark.parametrize(
    "change",
    [
        f"UPDATE fct_surgery SET margin = 'R2' {ONE_OPERATION}",
        f"UPDATE fct_surgery SET had_rupture = NULL {ONE_OPERATION}",
        f"DELETE FROM fct_surgery {ONE_OPERATION}",
        f"INSERT INTO fct_surgery FROM fct_surgery {ONE_OPERATION}",
        "UPDATE dim_centre SET city = city || ' ' WHERE centre_id = 'clb'",
    ],
)
def test_the_content_hash_sees_any_change_of_a_row(changed: Star, change: str):
    con, _ = changed
    con.execute(f"UPDATE fct_surgery SET margin = 'R0', had_rupture = TRUE {ONE_OPERATION}")
    before = content_hash(con)
    con.execute(change)
    assert content_hash(con) != before


def test_the_content_hash_does_not_see_the_order_of_the_rows(changed: Star):
    con, _ = changed
    before = content_hash(con)
    con.execute("CREATE TEMP TABLE turned AS SELECT * FROM fct_rcp ORDER BY row_id DESC")
    con.execute("DELETE FROM fct_rcp")
    con.execute("INSERT INTO fct_rcp FROM turned")
    assert content_hash(con) == before
