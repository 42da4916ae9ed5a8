"""Great Expectations on a small warehouse: what the contract says is checked, and the documents tell no value."""

import html
import json
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from pipelines.errors import WarehouseError
from pipelines.io.warehouse import read_frame
from pipelines.warehouse.expectations_process import ExpectationsProcess, start
from tests.askable import ASKABLE
from tests.harmonised import harmonise
from tests.star import fill
from validations.contracts.entities import ENTITIES
from validations.contracts.tables import TABLES, WAREHOUSE
from validations.expectation_result import ExpectationResult, ExpectationSummary, SuiteResult
from validations.expectations import Suite, contract_suite, expectations, rule_suite, run_suites
from validations.rules.catalogue import CATALOGUE

# The library's own import warns: its model fields, its use of pandas.
pytestmark = pytest.mark.filterwarnings("ignore")
SECRET = "MARTIN"
RULE = "SURGERY-001"


def changed(path: Path, statement: str = "SELECT 1") -> Path:
    with duckdb.connect(str(path)) as con:
        harmonise(con, patients=60)
        fill(con)
        con.execute(statement)
    return path


@pytest.fixture(scope="module")
def run(
    expectations_child: ExpectationsProcess, tmp_path_factory: pytest.TempPathFactory
) -> tuple[ExpectationSummary, Path]:
    """The summary and the documents of a warehouse with two faults."""
    folder = tmp_path_factory.mktemp("expectations")
    two_faults = f"UPDATE fct_surgery SET margin = '{SECRET}'; UPDATE dim_patient SET birth_month = 13"
    file = changed(folder / "warehouse.duckdb", two_faults)
    return expectations_child.run(file, folder / "docs"), folder / "docs"


def test_each_fault_is_one_failed_expectation_of_its_column(run: tuple[ExpectationSummary, Path]):
    summary, _ = run
    assert {
        suite.suite: suite.failures for suite in summary.suites if suite.stops_publication and suite.failures
    } == {
        "dim_patient": ("column_values_to_be_between(birth_month)",),
        "fct_surgery": ("column_values_to_be_in_set(margin)",),
    }
    assert (summary.failed, summary.failed_tables) == (2, ("dim_patient", "fct_surgery"))


def test_every_table_and_every_askable_rule_is_asked(run: tuple[ExpectationSummary, Path]):
    summary, _ = run
    assert [suite.table for suite in summary.suites if suite.stops_publication] == [t.name for t in WAREHOUSE]
    assert summary.passed + summary.failed == sum(len(expectations(table)) for table in WAREHOUSE)
    asked = {s.suite: [one.column for one in s.results] for s in summary.suites if not s.stops_publication}
    assert {name: sorted(rules) for name, rules in asked.items()} == {
        f"rules_{entity}": [rule.id for rule in ASKABLE[entity]] for entity in ENTITIES
    }


def test_rules_are_counted_over_the_rows_that_they_judge(run: tuple[ExpectationSummary, Path]):
    """The random values of this warehouse break many: they are told, and none of them stops it."""
    summary, _ = run
    results = [one for suite in summary.suites if not suite.stops_publication for one in suite.results]
    assert not any(one.is_error for one in results)
    assert all(one.success == (one.unexpected_count == 0) for one in results)
    assert any(not one.success for one in results)
    assert all(0 <= (one.unexpected_count or 0) <= (one.judged_count or 0) for one in results)


def test_the_results_lie_beside_the_documents(run: tuple[ExpectationSummary, Path]):
    summary, docs = run
    assert json.loads((docs / "results.json").read_text(encoding="utf-8")) == summary.rows()


def test_the_page_of_a_rule_says_it_in_words(run: tuple[ExpectationSummary, Path]):
    _, docs = run
    [page] = docs.glob("validations/rules_surgery/**/*.html")
    assert CATALOGUE["SURGERY-001"].sentence_fr in html.unescape(page.read_text(encoding="utf-8"))


def test_the_documents_tell_no_value(run: tuple[ExpectationSummary, Path]):
    _, docs = run
    pages = [page.read_text(encoding="utf-8") for page in docs.rglob("*") if page.is_file()]
    assert len(pages) > 2 * len(WAREHOUSE)
    assert not any(SECRET in page for page in pages)


def test_the_documents_load_nothing_and_run_nothing(run: tuple[ExpectationSummary, Path]):
    _, docs = run
    for page in docs.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert "<script" not in text
        assert not re.search(r'(?:src|url)\s*[=(]\s*["\']?(?:https?:)?//', text), page.name
        assert not re.search(r"<(?:link|img|iframe)\b", text), page.name


def test_the_index_leads_to_the_page_of_every_table(run: tuple[ExpectationSummary, Path]):
    _, docs = run
    index = (docs / "index.html").read_text(encoding="utf-8")
    links = dict(re.findall(r'<a href="([^"]+)">(\w+)</a>', index))
    rules = [f"rules_{entity}" for entity in ENTITIES]
    assert sorted(links.values()) == sorted([*(table.name for table in WAREHOUSE), *rules])
    assert all((docs / link).is_file() for link in links)
    assert "1: column_values_to_be_in_set(margin)" in index


def test_a_child_without_a_job_ends_when_it_is_closed():
    process = start()
    process.close()
    process.close()
    assert process._child.returncode is not None


def test_a_child_that_died_is_an_error_with_a_next_step(tmp_path: Path):
    process = start()
    process._child.kill()
    process._child.wait()
    with pytest.raises(WarehouseError, match=r"code -9.*expectations_process"):
        process.run(tmp_path / "warehouse.duckdb", tmp_path / "docs")
    process.close()


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> dict[str, pd.DataFrame]:
    with duckdb.connect(str(changed(tmp_path_factory.mktemp("frames") / "warehouse.duckdb"))) as con:
        return {table.name: read_frame(con, table) for table in WAREHOUSE}


def repeated(frame: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([frame, frame.head(1)], ignore_index=True)


def blanked(column: str):
    def blank(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(**{column: [None, *frame[column].tolist()[1:]]})

    return blank


SPOILT = (
    ("fct_biopsy", repeated, "column_values_to_be_unique(row_id)"),
    (
        "ind_conformity",
        repeated,
        "compound_columns_to_be_unique(indicator_id, period_id, group_kind, group_id)",
    ),
    ("fct_rcp", blanked("tumour_id"), "column_values_to_not_be_null(tumour_id)"),
    ("fct_rcp", lambda frame: frame.assign(birth_name="x"), "table_columns_to_match_ordered_list()"),
    ("fct_rcp", lambda frame: frame[frame.columns[::-1]], "table_columns_to_match_ordered_list()"),
    (
        "fct_rcp",
        lambda frame: frame.assign(declaration_count=-1),
        "column_values_to_be_between(declaration_count)",
    ),
    ("fct_finding", lambda frame: frame.assign(severity="grave"), "column_values_to_be_in_set(severity)"),
)


def judged(folder: Path, cases: Iterable[tuple[Suite, pd.DataFrame]]) -> list[SuiteResult]:
    """What each suite says of its frame, in one run: a run costs more than a suite."""
    named = [
        (replace(suite, name=f"{suite.name}_{number}"), frame) for number, (suite, frame) in enumerate(cases)
    ]
    frames = {suite.name: frame for suite, frame in named}
    return list(run_suites(frames, folder, suites=[suite for suite, _ in named]).suites)


@pytest.fixture(scope="module")
def spoilt(frames, tmp_path_factory: pytest.TempPathFactory) -> list[SuiteResult]:
    cases = ((contract_suite(TABLES[table]), spoil(frames[table])) for table, spoil, _ in SPOILT)
    return judged(tmp_path_factory.mktemp("spoilt"), cases)


@pytest.mark.parametrize(
    ("number", "failure"),
    [
        pytest.param(number, failure, id=f"{table}-{failure}")
        for number, (table, _, failure) in enumerate(SPOILT)
    ],
)
def test_one_spoilt_column_fails_one_expectation(spoilt: list[SuiteResult], number: int, failure: str):
    assert spoilt[number].failures == (failure,)


def test_a_sound_table_passes_everything(tmp_path: Path, frames):
    suites = [contract_suite(TABLES[name]) for name in ("fct_tumour", "dim_centre", "fct_treatment")]
    found = run_suites(frames, tmp_path, suites=suites).suites
    assert [(one.suite, one.passed, one.failures) for one in found] == [
        (suite.name, len(suite.expectations), ()) for suite in suites
    ]


def test_what_cannot_be_evaluated_fails_and_its_page_is_told_apart(tmp_path: Path, frames):
    without = frames["dim_period"].drop(columns="is_exhaustive")
    [found] = run_suites(
        {"dim_period": without}, tmp_path, suites=[contract_suite(TABLES["dim_period"])]
    ).suites
    assert found.failures == (
        "column_values_to_not_be_null(is_exhaustive)", "table_columns_to_match_ordered_list()",
    )  # fmt: skip
    assert found.has_errors
    assert [(one.judged_count, one.unexpected_count) for one in found.results if one.is_error] == [
        (None, None)
    ]


ANSWERS = (
    ([True, False, None, True], ExpectationResult("column_values_to_be_in_set", RULE, False, 3, 2)),
    ([False, None], ExpectationResult("column_values_to_be_in_set", RULE, True, 1, 0)),
    ([None, None], ExpectationResult("column_values_to_be_in_set", RULE, True, 0, 0)),
    ([], ExpectationResult("column_values_to_be_in_set", RULE, True, 0, 0)),
)


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> list[SuiteResult]:
    cases = (
        (rule_suite("surgery", [CATALOGUE[RULE]]), pd.DataFrame({RULE: pd.array(answers, "boolean")}))
        for answers, _ in ANSWERS
    )
    return judged(tmp_path_factory.mktemp("answered"), cases)


@pytest.mark.parametrize("number", range(len(ANSWERS)), ids=[str(answers) for answers, _ in ANSWERS])
def test_a_rule_counts_the_rows_that_break_it_among_those_it_judges(answered: list[SuiteResult], number: int):
    _, expected = ANSWERS[number]
    found = answered[number]
    assert (found.results, found.table, found.stops_publication) == ((expected,), "fct_surgery", False)


def test_one_table_is_in_memory_at_a_time(tmp_path: Path, frames):
    import weakref

    seen: list[weakref.ref[pd.DataFrame]] = []
    alive_before: list[int] = []

    class Once(dict[str, pd.DataFrame]):
        def __getitem__(self, name: str) -> pd.DataFrame:
            alive_before.append(sum(one() is not None for one in seen))
            frame = frames[name].copy()
            seen.append(weakref.ref(frame))
            return frame

    chosen = [TABLES[name] for name in ("dim_period", "dim_network", "dim_delivery")]
    run_suites(Once(), tmp_path, suites=map(contract_suite, chosen))
    assert alive_before == [0, 0, 0]
