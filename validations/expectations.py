"""Great Expectations on the finished warehouse: suites derived from contract and catalogue, and their Data Docs.

The contract gives one suite per table, the catalogue one per entity: a rule is not translated, the database answers it
in its own SQL and the expectation judges the answers (`validations/warehouse_rules.py`). The suites of DuckDB and of
PostgreSQL are the same; DuckDB gives them frames, since the library's SQL source fails on it, PostgreSQL counts itself.
Results carry counts, never a value: the documents may be shown. Great Expectations takes seconds to import (a third of
it is SciPy, for one expectation; no lighter import exists), so it is imported only inside these functions and the flow
runs them in a process of their own.
"""

import gc
import importlib
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from validations.contracts.model import Field, Table
from validations.expectation_result import ExpectationResult, ExpectationSummary, SuiteResult
from validations.rules.model import Rule, Severity
from validations.warehouse_rules import fact_of

if TYPE_CHECKING:
    import pandas as pd

SITE = "warehouse"
#: Counts without examples: the list of unexpected values holds data.
RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}
#: Where the library finds the address of the server.
URL_VARIABLE = "RESEAU_EXPECTATIONS_URL"
#: How bad the library says a broken rule is; what the contract says is `critical`, its default.
_SEVERITIES = {
    Severity.FATAL: "critical",
    Severity.ERROR: "warning",
    Severity.WARNING: "warning",
    Severity.INFO: "info",
}


@dataclass(frozen=True, kw_only=True)
class Suite:
    """Expectations on the rows of one table of the warehouse; `name` names its page and its batch."""

    name: str
    table: str
    stops_publication: bool
    expectations: tuple[Any, ...]


def _library(name: str) -> Any:
    """Great Expectations declares few of its names for type checkers."""
    return importlib.import_module(name)


def _of_field(field: Field, *, is_mandatory: bool) -> list[Any]:
    gxe = _library("great_expectations.expectations")
    found: list[Any] = []
    if is_mandatory:
        found.append(gxe.ExpectColumnValuesToNotBeNull(column=field.name))
    if field.codes:
        found.append(gxe.ExpectColumnValuesToBeInSet(column=field.name, value_set=list(field.code_values)))
    if field.low is not None or field.high is not None:
        bounds = {"min_value": field.low, "max_value": field.high}
        found.append(gxe.ExpectColumnValuesToBeBetween(column=field.name, **bounds))
    return found


def expectations(table: Table) -> list[Any]:
    """The expectations of a table: ordered columns, mandatory values, closed lists, bounds, unique key."""
    gxe = _library("great_expectations.expectations")
    found: list[Any] = [gxe.ExpectTableColumnsToMatchOrderedList(column_list=list(table.columns))]
    for field in table.fields:
        found += _of_field(field, is_mandatory=field.name in table.mandatory)
    if len(table.key) == 1:
        found.append(gxe.ExpectColumnValuesToBeUnique(column=table.key[0]))
    else:
        found.append(gxe.ExpectCompoundColumnsToBeUnique(column_list=list(table.key)))
    return found


def contract_suite(table: Table) -> Suite:
    """What the contract says of a table: one that does not hold stops the publication."""
    found = tuple(expectations(table))
    return Suite(name=table.name, table=table.name, stops_publication=True, expectations=found)


def rule_suite(entity: str, rules: Sequence[Rule]) -> Suite:
    """No row breaks these rules: information, with the number of rows that do. Judges `warehouse_rules.answers`."""
    gxe = _library("great_expectations.expectations")
    found = tuple(
        gxe.ExpectColumnValuesToBeInSet(
            column=rule.id,
            value_set=[False],
            severity=_SEVERITIES[rule.severity],
            description=f"{rule.id} ({rule.severity}): {rule.sentence_fr} · {rule.sentence_en}",
        )
        for rule in rules
    )
    name, table = suite_name(entity), fact_of(entity).name
    return Suite(name=name, table=table, stops_publication=False, expectations=found)


def suite_name(entity: str) -> str:
    """The name of the suite of the rules of an entity."""
    return f"rules_{entity}"


def _context(docs_dir: Path) -> Any:
    """A context in memory whose only trace is the site in `docs_dir`: no analytics, no file of its own."""
    os.environ["GX_ANALYTICS_ENABLED"] = "False"
    gx = _library("great_expectations")
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    for site in list(context.variables.data_docs_sites or {}):
        context.delete_data_docs_site(site)
    store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs_dir)}
    index = {"class_name": "DefaultSiteIndexBuilder"}
    config = {"class_name": "SiteBuilder", "show_how_to_buttons": False, "store_backend": store}
    context.add_data_docs_site(site_name=SITE, site_config={**config, "site_index_builder": index})
    return context


def _named(config: Any) -> str:
    columns = config.kwargs.get("column_list") if "compound" in config.type else [config.kwargs.get("column")]
    return ", ".join(filter(None, columns or []))


def _result(one: Any) -> ExpectationResult:
    config, counts = one.expectation_config, one.result
    # an expectation that was evaluated has `raised_exception` itself; one that was not has it once per metric
    is_error = one.exception_info.get("raised_exception") is not False
    unexpected = None if is_error else counts.get("unexpected_count")
    # all that a server says of a table without rows
    if unexpected is None and counts.get("element_count") == 0:
        unexpected = 0
    return ExpectationResult(
        expectation=config.type.removeprefix("expect_"),
        column=_named(config),
        success=bool(one.success) and not is_error,
        judged_count=None if unexpected is None else counts["element_count"] - counts.get("missing_count", 0),
        unexpected_count=unexpected,
        is_error=is_error,
    )


def _validate(context: Any, suite: Suite, batch: Any, **options: Any) -> SuiteResult:
    gx = _library("great_expectations")
    found = context.suites.add(gx.ExpectationSuite(name=suite.name, expectations=list(suite.expectations)))
    definition = gx.ValidationDefinition(name=suite.name, data=batch, suite=found)
    run = gx.RunIdentifier(run_name=SITE)
    result = context.validation_definitions.add(definition).run(
        result_format=RESULT_FORMAT, run_id=run, **options
    )
    context.validation_definitions.delete(suite.name)
    judged = tuple(_result(one) for one in result.results)
    return SuiteResult(suite.name, suite.table, suite.stops_publication, judged)


def _validate_frame(context: Any, suite: Suite, frame: "pd.DataFrame") -> SuiteResult:
    # a source of its own, forgotten afterwards: the context would otherwise keep every frame in memory
    source = context.data_sources.add_pandas(suite.name)
    batch = source.add_dataframe_asset(suite.name).add_batch_definition_whole_dataframe("all")
    result = _validate(context, suite, batch, batch_parameters={"dataframe": frame})
    context.data_sources.delete(suite.name)
    return result


def run_suites(
    frames: Mapping[str, "pd.DataFrame"], docs_dir: Path, *, suites: Iterable[Suite]
) -> ExpectationSummary:
    """Judge each suite on its frame (by the suite's name) and write the Data Docs into `docs_dir`.

    `frames` is asked for one frame at a time and may read it only then, so that one table is in memory.
    """
    context = _context(docs_dir)
    results = []
    for suite in suites:
        results.append(_validate_frame(context, suite, frames[suite.name]))
        gc.collect()  # the library's objects refer to one another and would keep the frame
    context.build_data_docs()
    return ExpectationSummary(tuple(results))


def run_suites_on_server(
    url: str, schema: str, docs_dir: Path, *, suites: Iterable[Suite], questions: Mapping[str, str]
) -> ExpectationSummary:
    """Judge each suite on its table in a schema of the PostgreSQL server, which does the counting.

    A suite that has a question (by the suite's name) is judged on what that SQL answers.

    The library is given the name of a variable of this process, so that it never writes the address or a password.
    """
    import sqlalchemy as sa

    address = sa.make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    os.environ[URL_VARIABLE] = address.replace("$", r"\$")  # a dollar would name another variable
    context = _context(docs_dir)
    source = context.data_sources.add_sql("postgresql", connection_string=f"${{{URL_VARIABLE}}}")
    results = []
    for suite in suites:
        if suite.name in questions:
            asset = source.add_query_asset(suite.name, query=questions[suite.name])
        else:
            asset = source.add_table_asset(suite.name, table_name=suite.table, schema_name=schema)
        results.append(_validate(context, suite, asset.add_batch_definition_whole_table("all")))
    context.build_data_docs()
    return ExpectationSummary(tuple(results))
