"""Every rule: its failing example breaks that rule and no other, its passing example breaks none."""

import datetime as dt
import re

import pytest

from tests.spec.clean_record import findings
from validations.contracts.entities import ENTITIES
from validations.rules.catalogue import CATALOGUE, FAMILIES, record_rules
from validations.rules.model import Consequence, Severity

RECORD_RULES = [rule for rule in CATALOGUE.values() if rule.violated_when]


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_failing_example_breaks_its_rule_only(con, entity):
    examples = {rule.id: dict(rule.fails) for rule in record_rules(entity)}
    assert findings(con, entity, examples) == {rule_id: {rule_id} for rule_id in examples}


@pytest.mark.parametrize("entity", ENTITIES)
def test_a_passing_example_and_the_clean_record_break_nothing(con, entity):
    examples = {"clean": {}} | {rule.id: dict(rule.passes) for rule in record_rules(entity)}
    assert findings(con, entity, examples) == {name: set() for name in examples}


def test_ids_are_unique_and_well_formed():
    ids = [rule.id for family in FAMILIES for rule in family.RULES]
    assert len(ids) == len(set(ids))
    assert [i for i in ids if not re.fullmatch(r"[A-Z]+-\d{3}", i)] == []


@pytest.mark.parametrize("rule", CATALOGUE.values(), ids=lambda rule: rule.id)
def test_a_rule_says_everything_in_both_languages(rule):
    texts = (rule.sentence_fr, rule.sentence_en, rule.remedy_fr, rule.remedy_en, rule.source)
    assert all(texts)
    assert all(text.endswith(".") for text in texts[:4])
    assert rule.sentence_fr != rule.sentence_en
    assert rule.status in {"cited", "proposal"}


@pytest.mark.parametrize("rule", RECORD_RULES, ids=lambda rule: rule.id)
def test_a_record_rule_names_fields_of_its_table(rule):
    assert rule.fields
    assert {*rule.fields} <= {field.name for field in ENTITIES[rule.table]}


def test_what_is_only_probably_wrong_is_kept():
    harsh = [r.id for r in CATALOGUE.values() if r.severity in (Severity.WARNING, Severity.INFO)
             and r.consequence is not Consequence.FLAG]  # fmt: skip
    assert harsh == []


def test_a_rule_without_sign_off_only_asks():
    proposals = [rule for rule in CATALOGUE.values() if rule.status == "proposal"]
    assert {rule.consequence for rule in proposals} == {Consequence.FLAG}
    assert {rule.severity for rule in proposals} == {Severity.WARNING, Severity.INFO}


def test_every_entity_has_rules():
    assert [entity for entity in ENTITIES if not record_rules(entity)] == []


def test_an_imprecise_date_is_no_contradiction_while_one_of_its_days_fits(con):
    born = {"patient.birth_date_precision": "year"}
    month = {"surgery_date": dt.date(2015, 5, 1), "surgery_date_precision": "month"}
    examples = {
        "same year": born | {"patient.birth_date": dt.date(2015, 1, 1)},
        "next year": born | {"patient.birth_date": dt.date(2016, 1, 1)},
        "same month": month | {"patient.birth_date": dt.date(2015, 5, 20)},
        "next month": month | {"patient.birth_date": dt.date(2015, 6, 1)},
    }
    broken = {"same year": set(), "next year": {"DATE-126"}, "same month": set(), "next month": {"DATE-126"}}
    assert findings(con, "surgery", examples) == broken


def test_without_a_declared_export_date_nothing_is_in_the_future(con):
    late = {"surgery_date": dt.date(2031, 1, 1)}
    examples = {"declared": late, "not declared": late | {"as_of": None}}
    assert findings(con, "surgery", examples) == {"declared": {"DATE-106"}, "not declared": set()}
