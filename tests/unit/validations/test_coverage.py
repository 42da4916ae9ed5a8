"""What is said of the reference rules is true: cited or waived, never both, and every id exists."""

import csv
import os
import re
from pathlib import Path

import pytest

from validations.rules.catalogue import CATALOGUE
from validations.rules.coverage import cited, references
from validations.rules.waived import _GROUPS, WAIVED

ROOT = Path(__file__).resolve().parents[3]
#: The list of reference rules is no part of the repository: RESEAU_REFERENCE_RULES may name it.
LIST = Path(
    os.environ.get("RESEAU_REFERENCE_RULES", ROOT.parent / "shared" / "domain" / "validation_rules.csv")
)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", []),
        ("RNIV; structure of the NIR (INSEE)", []),
        ("ICD-10, WHO", []),
        ("NAACCR: sex missing below 2 %", []),
        ("NETSARC-2 and XNS-041", []),
        ("NS-041", ["NS-041"]),
        ("NS-067 (needs clinical sign-off)", ["NS-067"]),
        ("NS-104; NETSARC labelled end 2009", ["NS-104"]),
        ("I4RC-DM14, NS-041", ["I4RC-DM14", "NS-041"]),
        ("IARC-DLC2, CRC-07/08/21", ["IARC-DLC2", "CRC-07", "CRC-08", "CRC-21"]),
        ("CRC-07/08, NS-041", ["CRC-07", "CRC-08", "NS-041"]),
        ("IARC-06, IARC-06b", ["IARC-06", "IARC-06b"]),
        ("IARC-09a/b/d", ["IARC-09a", "IARC-09b", "IARC-09d"]),
        ("IARC-06/06b", ["IARC-06", "IARC-06b"]),
        ("IARC-22a/23b", ["IARC-22a", "IARC-23b"]),
        ("IARC-MP1/2", ["IARC-MP1", "IARC-MP2"]),
        ("I4RC-DM19/20", ["I4RC-DM19", "I4RC-DM20"]),
        ("IARC-18-F17", ["IARC-18-F17"]),
        ("IARC-18-F17/F20/61", ["IARC-18-F17", "IARC-18-F20", "IARC-18-F61"]),
        ("SARC-18-X1", ["SARC-18-X1"]),
        ("SARC-MP-X2, SEER-NOS", ["SARC-MP-X2", "SEER-NOS"]),
        ("QCS-W-MPMT/NAACCR-G2", ["QCS-W-MPMT", "NAACCR-G2"]),
        ("DQD-isRequired, RC-A/B", ["DQD-isRequired", "RC-A", "RC-B"]),
    ],
)
def test_a_source_is_read(source: str, expected: list[str]):
    assert references(source) == expected


def test_every_rule_is_under_every_reference_it_names():
    found = cited()
    assert {rule for rules in found.values() for rule in rules} <= set(CATALOGUE)
    assert [
        (rule.id, name)
        for rule in CATALOGUE.values()
        for name in references(rule.source)
        if rule.id not in found[name]
    ] == []
    assert found["NS-040"] == ["SURGERY-002"]
    assert {"DATE-101", "DATE-110"} <= set(found["CRC-21"])
    assert list(found) == sorted(found)


def test_no_reference_is_both_cited_and_waived():
    assert sorted(set(cited()) & set(WAIVED)) == []


def test_a_reference_is_waived_for_one_reason():
    names = [name for _, _, ids in _GROUPS for name in ids]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
    assert all(ids for _, _, ids in _GROUPS)


def test_a_waived_id_is_written_as_a_source_would():
    assert [name for name in WAIVED if references(name) != [name]] == []


@pytest.mark.parametrize("name", sorted(WAIVED))
def test_a_reason_is_in_both_languages(name: str):
    fr, en = WAIVED[name]
    assert fr != en
    for reason in (fr, en):
        assert reason[0].isupper()
        assert reason.endswith(".")
        assert 10 < len(reason) <= 110
    assert not re.search(r"\S[:;?!]", fr)
    assert not re.search(r"\s[:;?!]", en)


def test_no_two_groups_have_the_same_reason():
    for language in (0, 1):
        reasons = [group[language] for group in _GROUPS]
        assert len(set(reasons)) == len(reasons)


@pytest.mark.skipif(
    not LIST.is_file(), reason="no list of reference rules: cited and waived ids were NOT compared"
)
def test_every_id_exists_in_the_list_of_reference_rules():
    with LIST.open(encoding="utf-8", newline="") as file:
        known = {row["rule_id"] for row in csv.DictReader(file)}
    assert sorted({*cited(), *WAIVED} - known) == []
