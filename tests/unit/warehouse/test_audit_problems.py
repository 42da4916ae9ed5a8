"""Every problem that the audit must find, one broken warehouse per row; and what it must not take for a problem."""

import dataclasses
from collections.abc import Iterator

import duckdb
import pytest

from pipelines.account import Account
from pipelines.io.share import sql_files
from pipelines.warehouse.audit import audit
from tests.harmonised import harmonise
from tests.star import fill
from validations.contracts.entities import ENTITIES, EVENT_ENTITIES
from validations.contracts.model import Sensitivity
from validations.contracts.tables import WAREHOUSE

Star = tuple[duckdb.DuckDBPyConnection, list[Account]]
NOBODY = "f" * 32  # looks like a pseudonym
VIEWS = [path.stem for path in sql_files("views")]


@pytest.fixture(scope="module")
def built() -> Iterator[Star]:
    with duckdb.connect() as con:
        harmonise(con, patients=60)
        yield con, fill(con)


@pytest.fixture
def star(built: Star) -> Iterator[Star]:
    """The warehouse in a transaction that is undone."""
    con, accounts = built
    con.execute("BEGIN")
    yield con, accounts
    con.execute("ROLLBACK")


@pytest.fixture
def bare(star: Star) -> Star:
    """The same without views, which hold their tables as they are."""
    for view in VIEWS:
        star[0].execute(f"DROP VIEW {view}")
    return star


def one_row(table: str) -> str:
    return f"WHERE rowid = (SELECT min(rowid) FROM {table})"


def change(con: duckdb.DuckDBPyConnection, table: str, **values: str) -> None:
    """Write these values in one row, whatever its columns allow."""
    assignments = ", ".join(f"{column} = {value}" for column, value in values.items())
    con.execute(f"UPDATE {table} SET {assignments} {one_row(table)}")


def problems(star: Star, *, about: str = "") -> list[str]:
    con, accounts = star
    return [problem for problem in audit(con, accounts=accounts) if problem.startswith(about)]


def test_a_sound_warehouse_has_none(star: Star):
    assert problems(star) == []
    assert all(
        star[0].execute(f"SELECT count(*) FROM {table.name}").fetchall() != [(0,)] for table in WAREHOUSE
    )


# --- keys, mandatory columns, references --------------------------------------------------------------------------


def test_a_repeated_key_is_found_in_each_table(star: Star):
    con, _ = star
    for table in WAREHOUSE:
        con.execute(f"INSERT INTO {table.name} FROM {table.name} {one_row(table.name)}")
    found = {problem for problem in problems(star) if "repeat a key" in problem}
    assert found == {f"{table.name}: 1 rows repeat a key" for table in WAREHOUSE}


def test_a_key_that_differs_in_one_column_is_no_repeat(star: Star):
    con, _ = star
    row = one_row("dim_centre")
    con.execute(
        f"INSERT INTO dim_centre SELECT * REPLACE (DATE '2001-01-01' AS valid_from) FROM dim_centre {row}"
    )
    assert problems(star) == []


def test_an_empty_mandatory_column_is_found_in_each_table(bare: Star):
    con, _ = bare
    for table in WAREHOUSE:
        for column in sorted(table.mandatory):
            con.execute(f'ALTER TABLE {table.name} ALTER COLUMN "{column}" DROP NOT NULL')
        change(con, table.name, **dict.fromkeys(sorted(table.mandatory), "NULL"))
    for path in sql_files("views"):
        con.execute(f"CREATE VIEW {path.stem} AS SELECT 1 AS one")
    found = {problem for problem in problems(bare) if "rows are empty" in problem}
    assert found == {
        f"{table.name}.{column}: 1 rows are empty" for table in WAREHOUSE for column in table.mandatory
    }


TUMOUR_PATIENT = {"tumour_id": "fct_tumour", "patient_id": "dim_patient"}
ACT = {**TUMOUR_PATIENT, "centre_id": "dim_centre", "delivery_id": "dim_delivery"}


#: Each table, and where the values of its columns must be found; written apart from the audit's own list.
POINTS_TO = {
    "dim_facility": {"centre_id": "dim_centre"},
    "dim_delivery": {"centre_id": "dim_centre"},
    "dim_patient_alias": {"patient_id": "dim_patient"},
    "fct_tumour": {
        "patient_id": "dim_patient", "centre_id": "dim_centre", "period_id": "dim_period",
        "morphology": "dim_diagnosis", "topography": "dim_topography", "first_surgery_facility_id": "dim_facility",
        "diagnosis_date": "dim_date", "first_surgery_date": "dim_date"},
    "fct_biopsy": ACT,
    "fct_imaging": ACT,
    "fct_rcp": ACT,
    "fct_pathology_review": {**ACT, "initial_morphology": "dim_diagnosis", "expert_morphology": "dim_diagnosis"},
    "fct_surgery": {**ACT, "facility_id": "dim_facility"},
    "fct_treatment": ACT,
    "fct_follow_up": ACT,
    "fct_finding": {"centre_id": "dim_centre", "delivery_id": "dim_delivery"},
    "fct_rule_result": {"centre_id": "dim_centre"},
    "fct_indicator": {"tumour_id": "fct_tumour", "centre_id": "dim_centre", "period_id": "dim_period"},
    "ind_conformity": {"period_id": "dim_period"},
}  # fmt: skip


def test_a_reference_to_nothing_is_found_in_each_column(star: Star):
    con, _ = star
    for table, targets in POINTS_TO.items():
        change(
            con, table, **{c: "DATE '1800-01-01'" if c.endswith("_date") else f"'{NOBODY}'" for c in targets}
        )
    found = {problem for problem in problems(star) if "are not in" in problem}
    assert found == {
        f"{table}.{column}: 1 rows are not in {target}"
        for table, targets in POINTS_TO.items()
        for column, target in targets.items()
    }


def test_a_reference_that_is_not_stated_is_no_problem(star: Star):
    con, _ = star
    for table, column in (
        ("fct_tumour", "topography"),
        ("fct_surgery", "facility_id"),
        ("dim_facility", "centre_id"),
    ):
        change(con, table, **{column: "NULL"})
    assert problems(star) == []


LEAKED = (
    "12345",
    "MARTIN",
    "",
    "f" * 31,
    "f" * 33,
    "F" * 32,
    "g" * 32,
    "f" * 31 + " ",
    "f" * 32 + "\n",
    "é" * 32,
)


@pytest.mark.parametrize("column", ["patient_id", "alias_patient_id", "tumour_id"])
def test_an_id_that_is_no_pseudonym_is_found_in_each_table_and_not_told(star: Star, column: str):
    con, _ = star
    tables = [table.name for table in WAREHOUSE if column in table.columns]
    expected = []
    for name in tables:
        rows = con.execute(f"SELECT rowid FROM {name} ORDER BY rowid LIMIT {len(LEAKED)}").fetchall()
        for (row,), value in zip(rows, LEAKED, strict=False):
            con.execute(f"UPDATE {name} SET {column} = ? WHERE rowid = ?", [value, row])
        expected.append(f"{name}.{column}: {len(rows)} rows do not hold a pseudonym")
    assert [problem for problem in problems(star) if "pseudonym" in problem] == expected


# --- objects ------------------------------------------------------------------------------------------------------

IDENTITY = sorted(
    {f.name for fields in ENTITIES.values() for f in fields if f.sensitivity is Sensitivity.IDENTITY}
)
EARLIER = ["stg_tumour", "val_patient_identity", "lnk_person", "har_patient"]


@pytest.mark.parametrize("column", IDENTITY)
def test_an_identity_column_is_found_in_a_table_and_in_a_view(bare: Star, column: str):
    con, _ = bare
    con.execute(f"ALTER TABLE dim_patient ADD COLUMN {column} VARCHAR")
    con.execute(f"CREATE VIEW v_tumour AS SELECT {column} FROM dim_patient")
    found = problems(bare)
    assert f"dim_patient.{column}: an identity field" in found
    assert f"v_tumour.{column}: an identity field" in found


@pytest.mark.parametrize("name", EARLIER)
@pytest.mark.parametrize("kind", ["TABLE", "VIEW"])
def test_an_object_of_an_earlier_zone_is_found(star: Star, name: str, kind: str):
    star[0].execute(f"CREATE {kind} {name} AS SELECT 1 AS one")
    assert problems(star) == [f"{name}: a table of an earlier zone"]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("CREATE TABLE notes AS SELECT 1 AS one", ["notes: not an object of the warehouse"]),
        ("CREATE VIEW v_notes AS SELECT 1 AS one", ["v_notes: not an object of the warehouse"]),
        ("CREATE TABLE src_centre AS SELECT 1 AS one", ["src_centre: not an object of the warehouse"]),
        (
            "CREATE SCHEMA more; CREATE TABLE more.dim_patient AS FROM main.dim_patient",
            ["more.dim_patient: not an object of the warehouse"],
        ),
        (
            "CREATE SCHEMA more; CREATE VIEW more.v_tumour AS SELECT 1 AS one",
            ["more.v_tumour: not an object of the warehouse"],
        ),
        ("DROP VIEW v_unknown_reason", ["v_unknown_reason: the view is missing"]),
        ("CREATE TEMP TABLE work AS SELECT 1 AS one", []),  # not in the file
        ("ATTACH ':memory:' AS other; CREATE TABLE other.notes AS SELECT 1 AS one", []),
    ],
)
def test_exactly_our_objects_are_in_the_file(star: Star, statement: str, expected: list[str]):
    star[0].execute(statement)
    assert problems(star) == expected


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("ALTER TABLE fct_rcp ADD COLUMN remark VARCHAR", "fct_rcp"),
        ("ALTER TABLE fct_rcp DROP COLUMN rcp_kind", "fct_rcp"),
        ("ALTER TABLE fct_rcp RENAME rcp_kind TO kind", "fct_rcp"),
        ("ALTER TABLE fct_rcp ALTER declaration_count TYPE INTEGER", "fct_rcp"),
        ("ALTER TABLE dim_date ALTER day TYPE TIMESTAMP", "dim_date"),
        ("ALTER TABLE ind_conformity ALTER percent_all TYPE FLOAT", "ind_conformity"),
        ("ALTER TABLE dim_period ALTER is_exhaustive TYPE VARCHAR", "dim_period"),
        ("DROP TABLE dim_topography", "dim_topography"),
        ("DROP TABLE fct_indicator", "fct_indicator"),
    ],
)
def test_a_column_that_is_not_the_contracts_is_found(bare: Star, statement: str, table: str):
    con, _ = bare
    con.execute(statement)
    for view in VIEWS:
        con.execute(f"CREATE VIEW {view} AS SELECT 1 AS one")
    assert problems(bare) == [f"{table}: its columns or their types are not those of the contract"]


# --- sums ---------------------------------------------------------------------------------------------------------

ALL = "WHERE group_kind = 'all' AND rowid = (SELECT min(rowid) FROM ind_conformity WHERE group_kind = 'all' AND {})"
NOT_ELIGIBLE = "ind_conformity: achieved + not achieved + missing is not eligible"
PARTS = "ind_conformity: the centres or the places do not add up to all"
NOT_TUMOURS = "ind_conformity: not the tumours of fct_indicator"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (f"UPDATE ind_conformity SET missing_count = missing_count + 1 {ALL}", {NOT_ELIGIBLE, PARTS}),
        (f"UPDATE ind_conformity SET eligible_count = eligible_count + 1 {ALL}", {NOT_ELIGIBLE, PARTS, NOT_TUMOURS}),
        ("UPDATE ind_conformity SET achieved_count = achieved_count + 1,"
         f" not_achieved_count = not_achieved_count - 1 {ALL}",
         {PARTS, NOT_TUMOURS}),
        ("UPDATE ind_conformity SET not_achieved_count = -1,"
         f" missing_count = missing_count + not_achieved_count + 1 {ALL}",
         {NOT_ELIGIBLE, PARTS}),
        ("UPDATE ind_conformity SET eligible_count = eligible_count + 1, missing_count = missing_count + 1"
         " WHERE group_kind = 'place' AND group_id = 'unknown'", {PARTS}),
        ("DELETE FROM ind_conformity WHERE group_kind = 'place'", {PARTS}),
        ("DELETE FROM ind_conformity WHERE group_kind = 'centre'", {PARTS}),
        ("DELETE FROM ind_conformity", {NOT_TUMOURS}),
        ("DELETE FROM fct_indicator", {NOT_TUMOURS}),
        ("UPDATE fct_indicator SET is_achieved = TRUE, reason_unknown = NULL", {NOT_TUMOURS}),
    ],
)  # fmt: skip
def test_sums_that_do_not_close_are_found(star: Star, statement: str, expected: set[str]):
    con, _ = star
    con.execute(
        statement.format("eligible_count > 0 AND achieved_count < eligible_count AND not_achieved_count > 0")
    )
    found = {
        problem.rpartition(": ")[0] for problem in problems(star) if problem.startswith("ind_conformity: ")
    }
    assert found == expected


ADDED = "INSERT INTO fct_linkage SELECT * REPLACE ({0}) FROM fct_linkage " + one_row("fct_linkage")
RECORDS = "'record_check' AS measure, '{}' AS group_kind, '{}' AS group_id, {} AS item_count"


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        (["UPDATE fct_linkage SET item_count = total_count"], set()),
        (["UPDATE fct_linkage SET item_count = total_count + 1"], {"a count above its total: 60 rows"}),
        ([ADDED.format("'centre' AS group_kind, 'clb' AS group_id")], set()),
        ([ADDED.format("'centre' AS group_kind, 'nowhere' AS group_id")],
         {"a group that is neither all nor a centre: 1 rows"}),
        ([ADDED.format("'clb' AS group_id")], {"a group that is neither all nor a centre: 1 rows"}),
        ([ADDED.format(RECORDS.format("all", "all", 7)), ADDED.format(RECORDS.format("centre", "clb", 7))], set()),
        ([ADDED.format(RECORDS.format("all", "all", 7)), ADDED.format(RECORDS.format("centre", "clb", 6))],
         {"the records of the centres do not add up to all: 1 rows"}),
        ([ADDED.format(RECORDS.format("all", "all", 7))], {"the records of the centres do not add up to all: 1 rows"}),
    ],
)  # fmt: skip
def test_figures_of_the_linkage_that_cannot_be_are_found(
    star: Star, statements: list[str], expected: set[str]
):
    for statement in statements:
        star[0].execute(statement)
    found = {problem.removeprefix("fct_linkage: ") for problem in problems(star, about="fct_linkage: ")}
    assert {problem for problem in found if "repeat a key" not in problem} == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE fct_indicator SET is_achieved = NULL, reason_unknown = NULL", "a reason without an unknown"),
        (
            "UPDATE fct_indicator SET is_achieved = TRUE, reason_unknown = 'no_statement'",
            "a reason without an unknown",
        ),
        ("UPDATE fct_indicator SET period_id = '2010_2012'", "not an incident case of its period"),
        ("UPDATE fct_tumour SET is_incident = FALSE", "not an incident case of its period"),
        ("UPDATE fct_tumour SET period_id = NULL", "not an incident case of its period"),
    ],
)
def test_a_result_that_contradicts_its_tumour_is_found(star: Star, statement: str, expected: str):
    star[0].execute(statement)
    assert any(expected in problem for problem in problems(star, about="fct_indicator: "))


def test_two_incident_tumours_of_one_patient_are_counted(star: Star):
    con, _ = star
    con.execute(
        "UPDATE fct_tumour SET is_incident = TRUE, patient_id = (SELECT min(patient_id) FROM fct_tumour)"
    )
    assert "fct_tumour: a patient with two incident tumours: 59 rows" in problems(star)
    con.execute("UPDATE fct_tumour SET is_incident = FALSE")
    assert not any("two incident tumours" in problem for problem in problems(star))


def test_an_alias_that_is_a_patient_of_its_own_is_counted(star: Star):
    star[0].execute("UPDATE dim_patient_alias SET alias_patient_id = patient_id WHERE rowid < 2")
    assert "dim_patient_alias: an alias of one patient is another patient: 2 rows" in problems(star)


# --- accounts -----------------------------------------------------------------------------------------------------

COUNTED = ["dim_patient", "fct_tumour", *(f"fct_{entity}" for entity in EVENT_ENTITIES), "fct_finding"]


def test_rows_that_an_account_does_not_announce_are_found_in_each_table(star: Star):
    con, accounts = star
    assert [account.table for account in accounts] == COUNTED
    more = [dataclasses.replace(account, rows_out=account.rows_out + 1) for account in accounts]
    assert audit(con, accounts=more) == [
        f"{a.table}: {a.rows_out} rows, the account says {a.rows_out + 1}" for a in accounts
    ]


def test_a_declaration_that_no_act_counts_is_found_in_each_table(star: Star):
    con, accounts = star
    tables = [f"fct_{entity}" for entity in EVENT_ENTITIES]
    for table in tables:
        change(con, table, declaration_count="declaration_count + 1")
    received = {account.table: account.rows_in for account in accounts}
    assert problems(star) == [
        f"{t}: {received[t] + 1} declarations, {received[t]} were received" for t in tables
    ]


def test_a_table_without_account_is_found(star: Star):
    con, accounts = star
    assert audit(con, accounts=[]) == [f"{table}: no account of its rows" for table in sorted(COUNTED)]
    rest = (account for account in accounts if account.table != "fct_rcp")  # any iterable
    assert audit(con, accounts=rest) == ["fct_rcp: no account of its rows"]
