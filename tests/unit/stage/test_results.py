"""What became of each rule in a centre: asked or not, and why not."""

import pyarrow as pa
import pytest

from pipelines.stage.findings import located_schema
from pipelines.stage.results import rule_result_table
from validations.contracts.derive import arrow_schema
from validations.contracts.entities import ENTITIES
from validations.contracts.tables import TABLES
from validations.result import COUNTS, rule_result, rule_results
from validations.rules.catalogue import CATALOGUE

ASKED = rule_results([rule_result("SURGERY-001", "surgery", rows=5, not_applicable=1, unknown=1, failed=2)])


def table(*located, scanned=ASKED, staged=None, sent=frozenset(ENTITIES)):
    rows = [dict(zip(("rule_id", "table_name", "row_id"), one, strict=True)) for one in located]
    made = rule_result_table(
        [scanned], located=pa.Table.from_pylist(rows, schema=located_schema()), staged=staged or {"surgery": 9},
        centre_id="alpha", sent=sent,
    )  # fmt: skip
    return made, {(row["rule_id"], row["table_name"]): row for row in made.to_pylist()}


def test_it_is_the_table_of_the_contract_and_has_every_rule_on_rows_once():
    made, found = table()
    assert made.schema == arrow_schema(TABLES["fct_rule_result"])
    assert len(found) == made.num_rows
    assert {rule_id for rule_id, _ in found} == {rule.id for rule in CATALOGUE.values() if rule.table}


@pytest.mark.parametrize(
    ("located", "sent", "rule", "counts", "outcome", "reason"),
    [
        ([], ENTITIES, "SURGERY-001", (5, 1, 1, 1, 2), "failed", None),
        ([], ENTITIES, "SURGERY-002", (0, 0, 0, 0, 0), "not_applicable", "no_row"),
        ([], ["tumour"], "SURGERY-002", (0, 0, 0, 0, 0), "not_applicable", "not_sent"),
        ([], ["biopsy"], "PATHWAY-001", (0, 0, 0, 0, 0), "not_applicable", "not_sent"),
        (
            [("CONTRACT-003", "val_surgery", r) for r in "aab"],
            ENTITIES,
            "CONTRACT-003",
            (9, 0, 0, 7, 2),
            "failed",
            None,
        ),
    ],
    ids=["asked", "no row", "not sent", "another table not sent", "reading: rows, not findings"],
)
def test_each_rule_says_its_outcome(located, sent, rule, counts, outcome, reason):
    _, found = table(*located, sent=sent)
    [row] = [row for (rule_id, _), row in found.items() if rule_id == rule]
    assert tuple(row[name] for name in COUNTS) == counts
    assert (row["outcome"], row["reason"]) == (outcome, reason)


def test_a_condition_in_error_is_not_a_rule_that_passed():
    broken = rule_results([rule_result("SURGERY-001", "surgery", rows=5, error="BinderException")])
    row = table(scanned=broken)[1]["SURGERY-001", "val_surgery"]
    assert (row["outcome"], row["reason"], row["passed_count"]) == ("error", "broken_condition", 0)
