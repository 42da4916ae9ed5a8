"""The build fills the contract's tables and leaves nothing else in the file."""

from pathlib import Path

import duckdb
import pytest
import yaml

from pipelines.config import Validity
from pipelines.definitions import sql_header
from pipelines.errors import ConfigError
from pipelines.io.share import read_sql, sql_files
from pipelines.warehouse.build import FROM_CONFIGURATION, FROM_DATA
from pipelines.warehouse.configured import register
from tests.harmonised import harmonise
from tests.star import CENTRES, DIAGNOSES, FACILITIES, NETWORK, TODAY, TOPOGRAPHIES, deliveries, fill, star
from tests.tables import rows
from validations.contracts.derive import SQL_TYPES
from validations.contracts.tables import TABLES, WAREHOUSE

CONFIGURED = {
    "network": NETWORK, "centres": CENTRES, "facilities": FACILITIES, "diagnoses": DIAGNOSES,
    "topographies": TOPOGRAPHIES, "deliveries": deliveries("clb"), "today": TODAY,
}  # fmt: skip


def test_every_table_of_the_warehouse_has_one_file_and_one_place_in_the_order():
    names = {table.name for table in WAREHOUSE}
    assert {path.stem for path in sql_files("warehouse")} == names
    assert sorted([*FROM_CONFIGURATION, *FROM_DATA, "fct_indicator", "ind_conformity"]) == sorted(names)


@pytest.mark.parametrize("path", [*sql_files("warehouse"), *sql_files("views")], ids=lambda path: path.stem)
def test_every_file_says_what_it_is_and_why(path: Path):
    header = yaml.safe_load(sql_header(path.read_text(encoding="utf-8"), where=path.name))
    assert header["id"] == path.stem
    assert set(header) == {"id", "title", "grain", "why"}
    assert all(header["title"][language] for language in ("fr", "en"))


@pytest.mark.parametrize("name", [*FROM_CONFIGURATION, *FROM_DATA, "fct_indicator", "ind_conformity"])
def test_every_query_returns_the_columns_and_types_of_its_table(con: duckdb.DuckDBPyConnection, name: str):
    star(con, {})
    result = con.execute(read_sql("warehouse", f"{name}.sql"))
    found = {column[0]: str(column[1]) for column in result.description}
    assert found == {f.name: SQL_TYPES[f.kind].removesuffix(" PRECISION") for f in TABLES[name].fields}


def test_the_file_keeps_our_tables_and_views_and_no_trace_of_the_inputs(tmp_path: Path):
    inputs, file = tmp_path / "inputs.duckdb", tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(inputs)) as con:
        harmonise(con, patients=20)
        names = [
            name
            for (name,) in con.execute("SELECT table_name FROM duckdb_tables() WHERE temporary").fetchall()
        ]
        for name in names:
            con.execute(f"COPY \"{name}\" TO '{tmp_path / name}.parquet'")
    with duckdb.connect(str(file)) as con:
        for name in names:  # as the flow shows them: views on the integration zone
            con.execute(f"CREATE VIEW \"{name}\" AS FROM read_parquet('{tmp_path / name}.parquet')")
        fill(con)
    with duckdb.connect(str(file), read_only=True) as con:
        kept = rows(con, "SELECT table_name FROM information_schema.tables")
        assert [name for (name,) in kept] == sorted(
            [*(table.name for table in WAREHOUSE), *(path.stem for path in sql_files("views"))]
        )
        assert con.execute("SELECT count(*) FROM v_conformity").fetchone() != (0,)


def test_the_same_inputs_give_the_same_rows_in_the_same_order(tmp_path: Path):
    found = []
    for _ in range(2):
        with duckdb.connect() as con:
            harmonise(con, patients=200)
            fill(con)
            found.append([con.execute(f'SELECT * FROM "{table.name}"').fetchall() for table in WAREHOUSE])
    assert found[0] == found[1]


def test_a_centre_is_a_facility_with_its_reference_dates(con: duckdb.DuckDBPyConnection):
    expert = Validity(network="netsarc", role="expert", valid_from="2010-01-01", valid_to="2014-12-31")
    again = expert.model_copy(update={"valid_from": TODAY.replace(year=2016), "valid_to": None})
    pathology = expert.model_copy(update={"role": "pathology"})
    elsewhere = expert.model_copy(update={"network": "another"})
    roles = {"clb": (expert, again), "curie": (pathology,), "bergonie": (elsewhere,)}
    centres = {name: CENTRES[name].model_copy(update={"roles": held}) for name, held in roles.items()}
    register(con, **{**CONFIGURED, "centres": centres})
    found = rows(
        con, "SELECT facility_id, role, valid_from, valid_to FROM src_facility WHERE facility_id = centre_id"
    )
    assert found == [
        ("bergonie", "outside", None, None),
        ("clb", "reference", expert.valid_from, None),
        ("curie", "outside", None, None),
    ]
    held = rows(con, "SELECT centre_id, network_role, valid_to FROM src_centre")
    assert ("bergonie", "outside", None) in held
    assert [row for row in held if row[0] == "clb"] == [
        ("clb", "expert", expert.valid_to),
        ("clb", "expert", None),
    ]


@pytest.mark.parametrize(
    ("argument", "column"),
    [
        ("facilities", "role"), ("diagnoses", "malignancy_class"), ("topographies", "site_group"),
        ("deliveries", "content_hash"),
    ],
)  # fmt: skip
def test_a_code_table_without_a_column_is_refused_by_name(
    con: duckdb.DuckDBPyConnection, argument: str, column: str
):
    frame = CONFIGURED[argument].drop(columns=[column])
    with pytest.raises(ConfigError, match=column):
        register(con, **{**CONFIGURED, argument: frame})


def test_the_scope_of_the_network_decides_which_diagnoses_count(con: duckdb.DuckDBPyConnection):
    star(con, {})
    found = rows(con, "SELECT morphology FROM dim_diagnosis WHERE is_in_scope")
    assert [code for (code,) in found] == ["8821/1", "8850/3", "8890/3", "8936/3"]


def test_only_the_indicators_of_the_network_are_computed(con: duckdb.DuckDBPyConnection):
    network = NETWORK.model_copy(update={"indicators": ("r0_first_surgery",), "published": ()})
    harmonise(con, patients=100)
    fill(con, network)
    assert rows(con, "SELECT DISTINCT indicator_id FROM ind_conformity") == [("r0_first_surgery",)]
    assert rows(con, "SELECT DISTINCT indicator_id FROM fct_indicator") == [("r0_first_surgery",)]
