"""The course of care of a tumour: rows of several tables, and the cross-table rules that they break.

Each case starts from a patient with one tumour and gives its acts; all patients are of one centre.
"""

from dataclasses import replace
from functools import cache

import duckdb
import pytest

from tests.spec.clean_record import AS_OF
from tests.spec.courses import EVERY, broken, broken_by, rows_of, show
from validations.contracts.entities import ENTITIES
from validations.cross import scan_across
from validations.result import COUNTS
from validations.rules.catalogue import CATALOGUE, cross_table_rules
from validations.rules.pathway import RULES

UNREAD = ("pathology_review", None)
OPERATED = ("surgery", {"surgery_date": "2015-05-04"})
DECLARED = ("tumour", {"had_biopsy": True})
RESIDUAL = ("surgery", {"margin": "R2"})
NEOADJUVANT = ("treatment", {"treatment_setting": "neoadjuvant", "treatment_start_date": "2015-04-01"})


def margins(written: str, *, times: int = 1, first: int = 1):
    """Some tumours, each with a resection then a re-excision, and the margin of both."""
    before, after = (None if margin == "-" else margin for margin in written.split())
    again = {"surgery_kind": "re_excision", "surgery_date": "2015-07-01", "margin": after}
    numbers = [{"local_tumour_id": f"T{i}"} for i in range(first, first + times)]
    return [("surgery", number | act) for number in numbers for act in ({"margin": before}, again)]


COURSES = {
    "PATHWAY-001": [
        ("same day", [OPERATED, ("biopsy", {"biopsy_date": "2015-05-04"})], True),
        ("the day before", [OPERATED, ("biopsy", {"biopsy_date": "2015-05-03"})], False),
        ("excisional", [OPERATED, ("biopsy", {"biopsy_date": "2015-05-04", "biopsy_kind": "excisional"})], False),
        ("same month", [OPERATED, ("biopsy", {"biopsy_date": "2015-05"})], False),
        ("no date", [OPERATED, ("biopsy", {"biopsy_date": None})], False),
        (
            "an undated act may be the first",
            [OPERATED, ("surgery", {"surgery_date": None}), ("biopsy", {"biopsy_date": "2015-05-04"})],
            False,
        ),
        (
            "the day of the second act",
            [
                ("surgery", {"surgery_date": "2015-04-01", "surgery_kind": "unplanned_excision"}),
                ("surgery", {"surgery_date": "2015-05-04", "surgery_kind": "re_excision"}),
                ("biopsy", {"biopsy_date": "2015-05-04"}),
            ],
            False,
        ),
    ],
    "PATHWAY-002": [
        ("same day", [OPERATED, ("rcp", {"rcp_date": "2015-05-04"})], True),
        ("the day after", [OPERATED, ("rcp", {"rcp_date": "2015-05-05"})], False),
        ("same month", [OPERATED, ("rcp", {"rcp_date": "2015-05"})], False),
    ],
    "PATHWAY-003": [
        ("thirteen months", [OPERATED, ("rcp", {"rcp_date": "2014-04-01"})], True),
        ("twelve months", [OPERATED, ("rcp", {"rcp_date": "2014-05-04"})], False),
        ("a nearer one", [OPERATED, *(("rcp", {"rcp_date": d}) for d in ("2014-04-01", "2015-04-01"))], False),
        ("that year, perhaps later", [OPERATED, ("rcp", {"rcp_date": "2014"})], False),
    ],
    "PATHWAY-004": [
        ("declared, not described", [("tumour", {"had_biopsy": True})], True),
        ("declared and described", [("tumour", {"had_biopsy": True}), ("biopsy", {})], False),
        ("not declared", [("tumour", {"had_biopsy": False})], False),
        ("not stated", [("tumour", {"had_biopsy": None})], False),
    ],
    "PATHWAY-005": [
        ("before", [OPERATED, ("surgery", {"surgery_kind": "re_excision", "surgery_date": "2015-04-01"})], True),
        ("after", [OPERATED, ("surgery", {"surgery_kind": "re_excision", "surgery_date": "2015-06-01"})], False),
        ("that year", [OPERATED, ("surgery", {"surgery_kind": "re_excision", "surgery_date": "2015"})], False),
    ],
    "PATHWAY-006": [
        ("alone", [("surgery", {"surgery_kind": "re_excision"})], True),
        ("after an act of unknown kind", [*(("surgery", {"surgery_kind": k}) for k in ("re_excision", None))], False),
        (
            "after another act",
            [OPERATED, ("surgery", {"surgery_kind": "re_excision", "surgery_date": "2015-06-01"})],
            False,
        ),
    ],
    "PATHWAY-007": [
        ("a second resection", [OPERATED, ("surgery", {"surgery_date": "2015-09-01"})], True),
        ("of a relapse", [OPERATED, ("surgery", {"surgery_date": "2015-09-01", "surgery_target": "relapse"})], False),
        (
            "after an unplanned excision",
            [
                ("surgery", {"surgery_date": "2015-04-01", "surgery_kind": "unplanned_excision"}),
                ("surgery", {"surgery_date": "2015-09-01"}),
            ],
            False,
        ),
        ("perhaps the same act", [OPERATED, ("surgery", {"surgery_date": "2015-05"})], False),
    ],
    "PATHWAY-008": [
        ("before", [OPERATED, ("follow_up", {"follow_up_event": "local_relapse", "event_date": "2015-04-30"})], True),
        ("after", [OPERATED, ("follow_up", {"follow_up_event": "local_relapse", "event_date": "2016-04-30"})], False),
        ("that year", [OPERATED, ("follow_up", {"follow_up_event": "local_relapse", "event_date": "2015"})], False),
        ("last news", [OPERATED, ("follow_up", {"event_date": "2015-04-30"})], False),
    ],
    "PATHWAY-009": [
        ("after", [OPERATED, ("treatment", {"treatment_setting": "neoadjuvant"})], True),
        (
            "before",
            [OPERATED, ("treatment", {"treatment_setting": "neoadjuvant", "treatment_start_date": "2015-04-01"})],
            False,
        ),
        ("no setting", [OPERATED, ("treatment", {"treatment_setting": None})], False),
    ],
    "PATHWAY-010": [
        ("before", [OPERATED, ("treatment", {"treatment_start_date": "2015-04-01"})], True),
        ("that year", [OPERATED, ("treatment", {"treatment_start_date": "2015"})], False),
        ("after", [OPERATED, ("treatment", {})], False),
    ],
    "PATHWAY-011": [
        ("after", [("follow_up", {"event_date": d, "death_date": x}) for d, x in (("2018-01-10", None),
                                                                              ("2017-01-01", "2017-01-01"))], True),
        ("the year of death", [("follow_up", {"event_date": d, "death_date": x})
                               for d, x in (("2018-01-10", None), ("2018-01-01", "2018"))], False),
        ("one row", [("follow_up", {"event_date": "2018-01-10", "death_date": "2017-01-01"})], False),
    ],
    "PATHWAY-012": [
        ("two days", [("follow_up", {"death_date": d}) for d in ("2018-01-10", "2018-01-11")], True),
        ("a day of the same year", [("follow_up", {"death_date": d}) for d in ("2018-01-10", "2018")], False),
        ("one of them missing", [("follow_up", {"death_date": d, "event_date": None})
                                 for d in ("2018-01-10", None)], False),
    ],
    "PATHWAY-013": [
        ("no date", [("patient_identity", {"vital_status": "dead"}), ("follow_up", {})], True),
        ("nothing at all", [("patient_identity", {"vital_status": "dead"})], True),
        ("dated", [("patient_identity", {"vital_status": "dead"}), ("follow_up", {"death_date": "2018"})], False),
        ("alive", [("patient_identity", {"vital_status": "alive"}), ("follow_up", {})], False),
        ("not stated", [("patient_identity", {"vital_status": None}), ("follow_up", {})], False),
    ],
    "PATHWAY-014": [
        ("all after", [DECLARED, OPERATED, ("biopsy", {"biopsy_date": "2015-05-05"})], True),
        ("one before",
         [DECLARED, OPERATED, *(("biopsy", {"biopsy_date": d}) for d in ("2015-05-05", "2015-04-30"))], False),
        ("one undated", [DECLARED, OPERATED, *(("biopsy", {"biopsy_date": d}) for d in ("2015-05-05", None))], False),
        ("that month", [DECLARED, OPERATED, ("biopsy", {"biopsy_date": "2015-05"})], False),
        ("not declared", [OPERATED, ("biopsy", {"biopsy_date": "2015-05-05"})], False),
        ("not operated", [DECLARED, ("biopsy", {"biopsy_date": "2015-05-05"})], False),
    ],
    "PATHWAY-015": [
        ("nothing after", [RESIDUAL, ("rcp", {}), ("treatment", {"treatment_start_date": "2015-04-01"})], True),
        ("a meeting", [RESIDUAL, ("rcp", {"rcp_date": "2015-05-20"})], False),
        ("a treatment without date", [RESIDUAL, ("treatment", {"treatment_start_date": None})], False),
        ("a re-excision",
         [RESIDUAL, ("surgery", {"surgery_kind": "re_excision", "surgery_date": "2015-07-01"})], False),
        ("an earlier act",
         [RESIDUAL, ("surgery", {"surgery_kind": "exploratory", "surgery_date": "2015-04-01", "margin": None})], True),
        ("palliative", [("surgery", {"margin": "R2", "surgery_intent": "palliative"})], False),
        ("of a metastasis", [("surgery", {"margin": "R2", "surgery_target": "metastasis"})], False),
        ("clear margins", [OPERATED], False),
        ("no date", [("surgery", {"margin": "R2", "surgery_date": None})], False),
        ("six months before the export", [("surgery", {"margin": "R2", "surgery_date": "2023-12-31"})], False),
        ("dead soon after", [RESIDUAL, ("follow_up", {"death_date": "2015-08-01"})], False),
        ("dead later", [RESIDUAL, ("follow_up", {"death_date": "2016-08-01"})], True),
    ],
    "PATHWAY-016": [
        ("none", [UNREAD, ("tumour", {})], True),
        ("one", [("tumour", {}), ("pathology_review", {})], False),
        ("a desmoid", [UNREAD, ("tumour", {"morphology_code": "8821/1"})], False),
        ("a carcinoma", [UNREAD, ("tumour", {"morphology_code": "8140/3"})], False),
        ("no code", [UNREAD, ("tumour", {"morphology_code": None})], False),
        ("before the network", [UNREAD, ("tumour", {"diagnosis_date": "2009"})], False),
        ("six months before the export", [UNREAD, ("tumour", {"diagnosis_date": "2023-12-31"})], False),
        ("perhaps less", [UNREAD, ("tumour", {"diagnosis_date": "2024"})], False),
        ("no date", [UNREAD, ("tumour", {"diagnosis_date": None})], False),
    ],
    "PATHWAY-017": [
        ("after", [("treatment", {}), ("follow_up", {"event_date": "2015-06-30"})], True),
        ("before later news",
         [("treatment", {}), *(("follow_up", {"event_date": d}) for d in ("2015-06-30", "2016"))], False),
        ("that month", [("treatment", {}), ("follow_up", {"event_date": "2015-07"})], False),
        ("news without date",
         [("treatment", {}), *(("follow_up", {"event_date": d}) for d in ("2015-06-30", None))], False),
        ("treatment without date",
         [("treatment", {"treatment_start_date": None}), ("follow_up", {"event_date": "2015"})], False),
        ("no news", [("treatment", {})], False),
        ("dead", [("treatment", {}), ("follow_up", {"event_date": "2015-06-30", "death_date": "2015-08-30"})], False),
    ],
    "PATHWAY-018": [
        ("no biopsy", [NEOADJUVANT], True),
        ("an excisional one", [NEOADJUVANT, ("biopsy", {"biopsy_kind": "excisional"})], True),
        ("a biopsy", [NEOADJUVANT, ("biopsy", {})], False),
        ("a declared one", [NEOADJUVANT, DECLARED, ("biopsy", {"biopsy_kind": "excisional"})], False),
        ("adjuvant", [("treatment", {})], False),
        ("no grade", [NEOADJUVANT, ("tumour", {"grade": None})], False),
        ("another system", [NEOADJUVANT, ("tumour", {"grade_system": "icdo"})], False),
    ],
    "PATHWAY-019": [
        ("ten times the same", margins("R1 R1", times=10), True),
        ("nine times", margins("R1 R1", times=9), False),
        ("once another", [*margins("R1 R1", times=10), *margins("R1 R0", first=11)], False),
        ("not known", margins("R1 -", times=12), False),
    ],
} | {
    f"PATHWAY-{number}": [
        ("after death", [("follow_up", {"death_date": "2014-12-31"}), (entity, change)], True),
        ("the year of death", [("follow_up", {"death_date": "2015"}), (entity, change)], False),
        ("no date", [("follow_up", {"death_date": "2014-12-31"}), (entity, {next(iter(change)): None})], False),
        ("alive", [("follow_up", {}), (entity, change)], False),
    ]
    for number, entity, change in (
        (101, "biopsy", {"biopsy_date": "2015-03-10"}),
        (102, "imaging", {"imaging_date": "2015-03-01"}),
        (103, "surgery", {"surgery_date": "2015-05-04"}),
        (104, "treatment", {"treatment_start_date": "2015-07-01"}),
    )
}  # fmt: skip


#: What asks about all patients of a centre at once: each of its cases is a centre.
OF_CENTRE = frozenset({"PATHWAY-019"})


def answers() -> dict[str, list[set[str]]]:
    """For each rule, the rules that each of its cases breaks, as the catalogue is at the moment."""
    beside = {
        f"{rule_id} {why}": acts
        for rule_id in COURSES.keys() - OF_CENTRE
        for why, acts, _ in COURSES[rule_id]
    }
    found = broken_by(beside)
    return {
        rule_id: [
            broken(acts) if rule_id in OF_CENTRE else found[f"{rule_id} {why}"] for why, acts, _ in cases
        ]
        for rule_id, cases in COURSES.items()
    }


answers_once = cache(answers)


@pytest.mark.parametrize(
    ("rule_id", "number", "is_broken"),
    [
        pytest.param(rule_id, number, found, id=f"{rule_id} {why}")
        for rule_id, cases in COURSES.items()
        for number, (why, _, found) in enumerate(cases)
    ],
)
def test_acts_break_the_rule_or_none(rule_id, number, is_broken):
    found = answers_once()[rule_id][number]
    assert (rule_id in found) is is_broken
    assert is_broken or not found & {r.id for r in RULES if r.table == CATALOGUE[rule_id].table}


def test_every_rule_has_cases_that_break_it_and_cases_that_do_not():
    assert {rule.id: {found for _, _, found in COURSES.get(rule.id, ())} for rule in RULES} == {
        rule.id: {True, False} for rule in RULES
    }


def test_a_clean_course_breaks_nothing():
    acts = [
        (entity, {}) for entity in ENTITIES if entity not in ("patient_identity", "tumour", "patient_history")
    ]
    assert broken(acts) == set()


def test_a_rule_is_not_asked_of_a_centre_that_does_not_send_what_it_reads():
    dead = [("patient_identity", {"vital_status": "dead"})]
    assert broken(dead, mapped=EVERY - {"follow_up"}) == set()
    assert [rule.id for rule in cross_table_rules(["patient_identity"])] == ["REPEAT-101", "REPEAT-102"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_names_what_it_reads(rule):
    assert {*rule.reads} <= EVERY
    assert {*rule.fields} <= {field.name for field in ENTITIES[rule.table]}


def across(acts, mapped=EVERY):
    """The results of the rules on these acts, and the times that each concerns one row."""
    with duckdb.connect() as con:
        show(con, rows_of(acts, always=("patient_identity", "tumour")))
        found = [
            row
            for one in scan_across(con, as_of={"d1": AS_OF}, mapped=mapped).values()
            for row in one.results.to_pylist()
        ]
        repeated = con.execute(
            "SELECT rule_id, row_id FROM answer GROUP BY ALL HAVING count(*) > 1"
        ).fetchall()
    return {row["rule_id"]: row for row in found}, repeated


def test_each_rule_counts_the_rows_that_it_concerns():
    acts = [OPERATED, *(("biopsy", {"biopsy_date": d}) for d in ("2015-05-04", "2015-03-10", None)),
            ("biopsy", {"biopsy_kind": "excisional"})]  # fmt: skip
    found, repeated = across(acts)
    counts = [found["PATHWAY-001"][name] for name in COUNTS]
    assert (counts, found["PATHWAY-001"]["outcome"]) == ([4, 1, 1, 1, 1], "failed")
    assert found["PATHWAY-009"]["outcome"] == "not_applicable"
    assert repeated == []


def test_a_rule_concerns_no_row_twice_whatever_is_repeated():
    twice = [(entity, change) for entity, change in (
        OPERATED, ("surgery", {"surgery_kind": "re_excision", "surgery_date": "2015-06-01"}), ("biopsy", {}),
        ("rcp", {}),
        ("follow_up", {"death_date": "2018"}), ("follow_up", {}), ("treatment", {}), ("imaging", {}),
    ) for _ in range(2)]  # fmt: skip
    assert across(twice)[1] == []


def test_a_rule_whose_query_fails_is_an_error_and_the_others_are_asked(monkeypatch):
    spoilt = [
        replace(r, query="SELECT nothing") if r.id == "PATHWAY-001" else r for r in cross_table_rules(EVERY)
    ]
    monkeypatch.setattr("validations.cross.cross_table_rules", lambda mapped: spoilt)
    found, _ = across(
        [OPERATED, ("biopsy", {"biopsy_date": "2015-05-04"}), ("rcp", {"rcp_date": "2015-05-04"})]
    )
    assert (found["PATHWAY-001"]["outcome"], found["PATHWAY-001"]["error"]) == ("error", "BinderException")
    assert found["PATHWAY-002"]["outcome"] == "failed"
