"""What scan_across makes of the answers of a query: four outcomes, counts, findings; an error that stops no other.

The queries are written here, so that each answer is known; the rules keep the names and tables of the catalogue.
"""

from dataclasses import replace

import pytest

from tests.tables import parse
from tests.unit.validations.test_cross import EVERY, across
from validations.result import COUNTS
from validations.rules.catalogue import CATALOGUE, cross_table_rules

ON_SURGERY = [r for r in cross_table_rules(EVERY) if r.table == "surgery"][:3]
ON_TUMOUR = [r for r in cross_table_rules(EVERY) if r.table == "tumour"][:2]
ACTS = "surgery_date\n2015-05-04\n2015-06-04\n2015-07-04\n2015-08-04"


def asking(*answers: str) -> str:
    """A query that answers so for the rows of the file, from its second line on; `-` for a row not concerned."""
    words = {"broken": "TRUE", "kept": "FALSE", "unknown": "NULL::BOOLEAN"}
    parts = [
        f"SELECT 'd1:0:{line}' AS row_id, {words[answer]} AS is_violated"
        for line, answer in enumerate(answers, start=2)
        if answer != "-"
    ]
    return " UNION ALL ".join(parts) or "SELECT NULL::VARCHAR AS row_id, FALSE AS is_violated WHERE FALSE"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch):
    """Ask these queries in the place of those of the catalogue."""

    def ask(**queries: str) -> None:
        rules = [replace(CATALOGUE[name.replace("_", "-")], query=query) for name, query in queries.items()]
        monkeypatch.setattr("validations.cross.cross_table_rules", lambda mapped: rules)

    return ask


def name(rule) -> str:
    return rule.id.replace("-", "_")


def result(found, rule):
    [row] = [row for row in found[rule.table].results.to_pylist() if row["rule_id"] == rule.id]
    return row


OUTCOMES = parse("""
    answers                         | outcome        | rows | none | unknown | passed | failed
    broken kept unknown -           | failed         | 4    | 1    | 1       | 1      | 1
    kept kept kept kept             | passed         | 4    | 0    | 0       | 4      | 0
    broken broken broken broken     | failed         | 4    | 0    | 0       | 0      | 4
    unknown unknown unknown unknown | not_applicable | 4    | 0    | 4       | 0      | 0
    - - - -                         | not_applicable | 4    | 4    | 0       | 0      | 0
    unknown - - -                   | not_applicable | 4    | 3    | 1       | 0      | 0
    unknown kept - -                | passed         | 4    | 2    | 1       | 1      | 0
    - - - broken                    | failed         | 4    | 3    | 0       | 0      | 1
""")


@pytest.mark.parametrize("case", OUTCOMES, ids=lambda case: case["answers"])
def test_the_answers_of_a_query_are_counted_and_make_the_outcome(con, asked, case):
    rule = ON_SURGERY[0]
    answers = case["answers"].split()
    asked(**{name(rule): asking(*answers)})
    found = across(con, surgery=ACTS)
    row = result(found, rule)
    assert [row[count] for count in COUNTS] == [
        case[count] for count in ("rows", "none", "unknown", "passed", "failed")
    ]
    assert (row["outcome"], row["error"], row["entity"]) == (case["outcome"], None, "surgery")
    broken = [f"d1:0:{line}" for line, answer in enumerate(answers, start=2) if answer == "broken"]
    assert found["surgery"].findings.to_pylist() == [
        {"row_id": row_id, "rule_id": rule.id, "field": rule.fields[0]} for row_id in broken
    ]


ERRORS = {
    "no such column": ("SELECT nothing FROM kept_surgery", "BinderException"),
    "no such table": ("SELECT row_id, TRUE AS is_violated FROM nowhere", "CatalogException"),
    "no SQL": ("SELEKT", "ParserException"),
    "a value that is no number": (
        "SELECT row_id, row_id::INTEGER > 1 AS is_violated FROM kept_surgery",
        "ConversionException",
    ),
}


@pytest.mark.parametrize(("query", "kind"), ERRORS.values(), ids=ERRORS)
def test_a_query_that_fails_is_an_error_of_its_rule_alone(con, asked, query, kind):
    broken, other, elsewhere = ON_SURGERY[0], ON_SURGERY[1], ON_TUMOUR[0]
    asked(
        **{
            name(broken): query,
            name(other): asking("broken", "kept", "kept", "kept"),
            name(elsewhere): asking("kept"),
        }
    )
    found = across(con, surgery=ACTS, tumour="local_tumour_id\nT1")
    row = result(found, broken)
    assert (row["outcome"], row["error"]) == ("error", kind)
    assert [row[count] for count in COUNTS] == [4, 0, 4, 0, 0]
    assert result(found, other)["outcome"] == "failed"
    assert result(found, elsewhere)["outcome"] == "passed"
    assert found["surgery"].findings["rule_id"].to_pylist() == [other.id]


def test_an_error_says_its_kind_and_no_value(con, asked):
    rule = ON_SURGERY[0]
    asked(**{name(rule): "SELECT row_id, surgery_facility::INTEGER > 1 AS is_violated FROM kept_surgery"})
    found = across(con, surgery="surgery_facility\nSECRET")
    assert result(found, rule)["error"] == "ConversionException"
    assert "SECRET" not in str(found["surgery"].results.to_pylist())


@pytest.mark.parametrize("failing", [0, 1, 2, (0, 1), (1, 2), (0, 1, 2)], ids=str)
def test_whichever_fail_the_others_are_asked(con, asked, failing):
    places = failing if isinstance(failing, tuple) else (failing,)
    queries = {
        name(rule): "SELECT nothing" if place in places else asking("kept")
        for place, rule in enumerate(ON_SURGERY)
    }
    asked(**queries)
    found = across(con, surgery=ACTS)
    assert [result(found, rule)["outcome"] for rule in ON_SURGERY] == [
        "error" if place in places else "passed" for place in range(len(ON_SURGERY))
    ]


def test_the_findings_are_ordered_by_rule_then_row(con, asked):
    first, second = ON_SURGERY[:2]
    asked(
        **{
            name(second): asking("-", "broken", "broken"),
            name(first): " UNION ALL ".join(reversed(asking("broken", "-", "broken").split(" UNION ALL "))),
        }
    )
    found = across(con, surgery=ACTS)["surgery"].findings.to_pylist()
    assert [(row["rule_id"], row["row_id"]) for row in found] == [
        (first.id, "d1:0:2"),
        (first.id, "d1:0:4"),
        (second.id, "d1:0:3"),
        (second.id, "d1:0:4"),
    ]


def test_each_entity_has_its_own_findings_and_results(con, asked):
    act, tumour = ON_SURGERY[0], ON_TUMOUR[0]
    asked(**{name(act): asking("broken"), name(tumour): asking("broken")})
    found = across(con, surgery=ACTS, tumour="local_tumour_id\nT1")
    assert {
        entity: (one.findings["rule_id"].to_pylist(), one.results["rule_id"].to_pylist())
        for entity, one in found.items()
    } == {"surgery": ([act.id], [act.id]), "tumour": ([tumour.id], [tumour.id])}
    assert [result(found, rule)["row_count"] for rule in (act, tumour)] == [4, 1]


@pytest.mark.parametrize("left_out", ["surgery", "tumour", "biopsy", "follow_up", "patient_identity", "rcp"])
def test_a_rule_that_reads_what_is_not_sent_has_no_result(con, left_out):
    mapped = EVERY - {left_out}
    found = across(con, mapped=mapped, surgery=ACTS, tumour="local_tumour_id\nT1")
    told = {row["rule_id"] for one in found.values() for row in one.results.to_pylist()}
    every = {rule.id: rule for rule in cross_table_rules(EVERY)}
    assert told == {rule_id for rule_id, rule in every.items() if left_out not in rule.reads}
    assert told < every.keys()


def test_a_centre_that_sends_nothing_that_they_read_is_asked_nothing(con):
    assert across(con, mapped=frozenset({"imaging", "rcp"}), surgery=ACTS) == {}
    assert across(con, mapped=frozenset()) == {}


def test_without_a_row_no_rule_passes(con):
    found = across(con)
    assert {rule.table for rule in cross_table_rules(EVERY)} == {*found}
    for one in found.values():
        assert one.findings.num_rows == 0
        assert {row["outcome"] for row in one.results.to_pylist()} == {"not_applicable"}


def test_every_row_is_counted_once_by_each_rule(con):
    found = across(
        con,
        surgery="surgery_date | surgery_kind\n2015-05-04 | resection\n2015 | re_excision\n- | -",
        biopsy="biopsy_date\n2015-05-04\n-\n2015-03",
        treatment="treatment_start_date | treatment_setting\n2015 | adjuvant\n- | neoadjuvant",
        follow_up="death_date | event_date\n2018 | 2018-01-10\n- | 2019",
        tumour="local_tumour_id | diagnosis_date\nT1 | 2015\nT2 | -\nT3 | 2015-03-10",
        patient_identity="local_patient_id\nP1\nP2",
    )
    counted = {"surgery": 3, "biopsy": 3, "treatment": 2, "follow_up": 2, "tumour": 3, "patient_identity": 2}
    for entity, one in found.items():
        for row in one.results.to_pylist():
            rows, *parts = (row[count] for count in COUNTS)
            assert rows == sum(parts) == counted.get(entity, 0), row["rule_id"]
            assert min(parts) >= 0, row["rule_id"]
