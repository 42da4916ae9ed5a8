"""Great Expectations on the finished warehouse: one suite per table, derived from the contract, and its Data Docs.

The contract is the only source of the rules. Results carry counts, never a value: the documents may be shown. Great
Expectations takes seconds to import (a third of it is SciPy, for one expectation; no lighter import exists), so it is
imported only inside these functions and the flow runs them in a process of their own.
"""

import gc
import importlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from validations.contracts.model import Field, Table

if TYPE_CHECKING:
    import pandas as pd

SITE = "warehouse"
#: Counts without examples: the list of unexpected values holds data.
RESULT_FORMAT = {"result_format": "BASIC", "partial_unexpected_count": 0}


@dataclass(frozen=True)
class TableResult:
    """The expectations of one table: how many passed, and which failed, as `type(column)`."""

    table: str
    passed: int
    failures: tuple[str, ...]


@dataclass(frozen=True)
class ExpectationSummary:
    """The expectations of every table."""

    tables: tuple[TableResult, ...]

    @property
    def passed(self) -> int:
        """The number of expectations that hold."""
        return sum(table.passed for table in self.tables)

    @property
    def failed(self) -> int:
        """The number of expectations that do not hold."""
        return sum(len(table.failures) for table in self.tables)

    @property
    def failed_tables(self) -> tuple[str, ...]:
        """The tables with an expectation that does not hold."""
        return tuple(table.table for table in self.tables if table.failures)


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
    return f"{config.type.removeprefix('expect_')}({', '.join(filter(None, columns or []))})"


def _validate(context: Any, table: Table, frame: "pd.DataFrame") -> TableResult:
    gx = _library("great_expectations")
    # a source of its own, forgotten afterwards: the context would otherwise keep every frame in memory
    source = context.data_sources.add_pandas(table.name)
    batch = source.add_dataframe_asset(table.name).add_batch_definition_whole_dataframe("all")
    suite = context.suites.add(gx.ExpectationSuite(name=table.name, expectations=expectations(table)))
    definition = gx.ValidationDefinition(name=table.name, data=batch, suite=suite)
    run = gx.RunIdentifier(run_name=SITE)
    result = context.validation_definitions.add(definition).run(
        batch_parameters={"dataframe": frame}, result_format=RESULT_FORMAT, run_id=run
    )
    failures = sorted(_named(one.expectation_config) for one in result.results if not one.success)
    context.validation_definitions.delete(table.name)
    context.data_sources.delete(table.name)
    return TableResult(table.name, len(result.results) - len(failures), tuple(failures))


def run_suites(
    frames: Mapping[str, "pd.DataFrame"], docs_dir: Path, *, tables: Iterable[Table]
) -> ExpectationSummary:
    """Validate each table's frame and write the Data Docs into `docs_dir`.

    `frames` is asked for one table at a time and may read it only then, so that one table is in memory.
    """
    context = _context(docs_dir)
    results = []
    for table in tables:
        results.append(_validate(context, table, frames[table.name]))
        gc.collect()  # the library's objects refer to one another and would keep the frame
    context.build_data_docs()
    return ExpectationSummary(tuple(results))
