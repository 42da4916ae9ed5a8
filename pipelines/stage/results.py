"""What became of each rule in one centre: four outcomes, every judged row counted once, with its denominator."""

from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from validations.contracts.derive import arrow_schema
from validations.contracts.entities import ENTITIES
from validations.contracts.tables import TABLES
from validations.result import rule_result
from validations.rules.catalogue import CATALOGUE

if TYPE_CHECKING:
    import pyarrow as pa

RULE_RESULT = TABLES["fct_rule_result"]


def rule_result_table(
    scanned: "Iterable[pa.Table]",
    *,
    located: "pa.Table",
    staged: dict[str, int],
    centre_id: str,
    sent: Collection[str],
) -> "pa.Table":
    """The rows of `fct_rule_result` for one centre, in the order of its key.

    `scanned` are the results of the rules that the gate asked (`rule_results`), `located` the findings of the centre,
    `staged` the number of staged rows by entity, `sent` the entities of the centre's files.
    """
    import pyarrow as pa

    asked = [row for results in scanned for row in results.to_pylist()]
    names = {(row["rule_id"], row["entity"]) for row in asked}
    every = [*asked, *_of_reading(located, staged, sent, names), *_not_asked(names)]
    rows = sorted(
        (_row(result, centre_id, sent) for result in every),
        key=lambda row: row["rule_id"] + row["table_name"],
    )
    return pa.Table.from_pylist(rows, schema=arrow_schema(RULE_RESULT))


def _of_reading(
    located: "pa.Table", staged: dict[str, int], sent: Collection[str], names: set[tuple[str, str]]
) -> Iterator[dict[str, str | int | None]]:
    """The rules that the reader, the typing and the gate apply themselves, where they found something."""
    failed: dict[tuple[str, str], set[str]] = {}
    columns = (located[name].to_pylist() for name in ("rule_id", "table_name", "row_id"))
    for rule_id, table_name, row_id in zip(*columns, strict=True):
        failed.setdefault((rule_id, str(table_name).partition("_")[2]), set()).add(row_id)
    for (rule_id, entity), row_ids in failed.items():
        if (rule_id, entity) not in names and entity in sent:
            rows = max(staged.get(entity, 0), len(row_ids))
            yield rule_result(rule_id, entity, rows=rows, failed=len(row_ids))


def _not_asked(names: set[tuple[str, str]]) -> Iterator[dict[str, str | int | None]]:
    """The rules on rows of which nothing was asked: their tables were not sent, or have no row."""
    for rule in CATALOGUE.values():
        if rule.table and (rule.id, rule.table) not in names:
            yield rule_result(rule.id, rule.table, rows=0)


def _row(result: dict[str, Any], centre_id: str, sent: Collection[str]) -> dict[str, Any]:
    rule = CATALOGUE[result["rule_id"]]
    reasons = {"error": "broken_condition", "not_applicable": "no_row"}
    reason = reasons.get(result["outcome"])
    if reason == "no_row" and not {result["entity"], *rule.reads} <= {*sent} & {*ENTITIES}:
        reason = "not_sent"
    return {
        **{name: value for name, value in result.items() if name in RULE_RESULT.columns},
        "centre_id": centre_id,
        "table_name": f"val_{result['entity']}",
        "rule_version": rule.version,
        "severity": rule.severity.value,
        "reason": reason,
    }
