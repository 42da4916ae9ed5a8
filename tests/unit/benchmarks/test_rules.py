"""The measure of the rules: what it draws is typed by the contract and broken now and then; it asks every rule."""

import pytest

from benchmarks.page import _rules
from benchmarks.rules import drawn, one_size
from validations import scan
from validations.contracts.derive import arrow_type
from validations.contracts.tables import VALIDATED
from validations.rules.catalogue import record_rules


@pytest.mark.parametrize("entity", ["patient_identity", "tumour"])
def test_the_rows_have_the_types_of_the_contract_and_are_the_same_each_time(entity):
    rows = drawn(entity, 50)
    assert rows.schema.types == [arrow_type(field.kind) for field in VALIDATED[entity].fields]
    assert rows.equals(drawn(entity, 50))


@pytest.mark.parametrize("more", [0, 5])
def test_a_size_asks_every_rule_and_the_copies(more, monkeypatch):
    monkeypatch.setattr(
        scan, "record_rules", scan.record_rules
    )  # the measure replaces it: put back after the test
    found = one_size(500, more)
    assert (found["rows"], found["rules"]) == (500, len(record_rules("tumour")) + more)
    assert found["findings"] > 500


def test_the_page_shows_sizes_and_ratios():
    run = {"rows": 1000, "rules": 70, "seconds": 1.25, "peak_mib": 900, "rows_mib": 300, "findings": 7}
    figures = {
        "sizes": [run], "more": {**run, "rules": 170}, "ratio_of_rows": 10.0, "ratio_of_seconds": 9.4,
        "ratio_with_more_rules": 1.9,
    }  # fmt: skip
    text = "\n".join(_rules(figures))
    assert "| 1,000 | 170 | 1.2 s | 900 MiB | 300 MiB | 7 |" in text
    assert "10 times the rows take 9.4 times as long; a hundred rules more, 1.90 times." in text
