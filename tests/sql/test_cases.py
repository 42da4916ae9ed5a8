"""Every query that reads the warehouse, on both engines: the rows of its cases, and nothing else.

`tests/sql/<query>/<case>.yaml` holds `about`, `given` (tables as text) and `expect` (columns that matter).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.io.share import read_sql, sql_files
from tests.contract_rows import contract_rows
from tests.sql.engines import Engine, create_contract_table, duckdb_engine, postgres_engine
from tests.tables import parse
from validations.contracts.derive import ddl
from validations.contracts.model import Layer
from validations.contracts.tables import TABLES, WAREHOUSE

HERE = Path(__file__).parent
CASES = sorted(path.relative_to(HERE).with_suffix("").as_posix() for path in HERE.rglob("*.yaml"))
INDICATORS = [path.stem for path in sql_files("indicators")]
VIEWS = [path.stem for path in sql_files("views")]
#: A text table with a header only.
NO_ROWS = "no_column"
#: What is read beside the warehouse: by `ind_conformity` what the configuration states, by `dim_patient_alias` the log.
SOURCES = {
    "src_indicator": "indicator_id VARCHAR, period_id VARCHAR, published_percent DOUBLE PRECISION",
    "src_patient_alias": "alias_patient_id VARCHAR, patient_id VARCHAR",
}


@pytest.fixture(params=["duckdb", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    if request.param == "duckdb":
        with duckdb_engine() as found:
            yield found
    else:
        with postgres_engine(request.getfixturevalue("postgres_url")) as found:
            yield found


def sql_of(query: str) -> str:
    folder = "indicators" if query in INDICATORS else "views" if query in VIEWS else "warehouse"
    return read_sql(folder, f"{query}.sql")


def prepare(engine: Engine, given: dict[str, str]) -> None:
    for table in WAREHOUSE:
        create_contract_table(engine, table.name, contract_rows(table.name, given.get(table.name, NO_ROWS)))
    for name, columns in SOURCES.items():
        engine.create(f"CREATE TABLE {name} ({columns})")
        if rows := [tuple(row.values()) for row in parse(given.get(name, NO_ROWS))]:
            engine.insert(name, rows)
    engine.create(ddl(TABLES["fct_linkage"]).replace("fct_linkage", "src_linkage"))
    if rows := contract_rows("fct_linkage", given.get("src_linkage", NO_ROWS)):
        engine.insert("src_linkage", rows)


def plain(row: dict[str, Any], columns: list[str]) -> tuple[Any, ...]:
    return tuple(round(row[c], 6) if isinstance(row[c], float) else row[c] for c in columns)


@pytest.mark.parametrize("case", CASES)
def test_a_case_gives_its_rows(engine: Engine, case: str):
    content = yaml.safe_load((HERE / f"{case}.yaml").read_text(encoding="utf-8"))
    expected = parse(content["expect"])
    columns = list(expected[0])
    prepare(engine, content["given"])
    names, found = engine.query(sql_of(Path(case).parent.name))
    rows = [plain(dict(zip(names, row, strict=True)), columns) for row in found]
    order = lambda row: tuple((cell is None, str(cell)) for cell in row)  # noqa: E731
    assert sorted(rows, key=order) == sorted((plain(row, columns) for row in expected), key=order)


@pytest.mark.parametrize("indicator", INDICATORS)
def test_an_indicator_returns_its_four_typed_columns(engine: Engine, indicator: str):
    prepare(engine, {"fct_tumour": "tumour_id\nt1"})
    names, found = engine.query(sql_of(indicator))
    assert names == ["tumour_id", "is_eligible", "is_achieved", "reason_unknown"]
    assert [(row[0], type(row[1])) for row in found] == [("t1", bool)]


@pytest.mark.parametrize("query", ["ind_conformity", "fct_linkage"])
def test_a_query_fills_its_contract_table(engine: Engine, query: str):
    prepare(engine, {})
    names, _ = engine.query(sql_of(query))
    assert names == list(TABLES[query].columns)


@pytest.mark.parametrize("query", [*INDICATORS, *VIEWS, "ind_conformity", "fct_linkage"])
def test_every_query_on_the_warehouse_has_a_case(query: str):
    assert any(case.startswith(f"{query}/") for case in CASES)


def test_the_cases_stand_on_warehouse_tables_only():
    given = {
        name
        for case in CASES
        for name in yaml.safe_load((HERE / f"{case}.yaml").read_text(encoding="utf-8"))["given"]
    }
    earlier = {
        t.name for t in TABLES.values() if t.layer in (Layer.STAGED, Layer.VALIDATED, Layer.HARMONISED)
    }
    assert given & earlier == set()
