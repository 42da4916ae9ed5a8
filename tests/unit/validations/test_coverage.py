"""What is said of the reference rules is true: each is cited, kept elsewhere or waived, and every id exists."""

import csv
import os
import re
from pathlib import Path

import pytest

from validations.rules.catalogue import CATALOGUE
from validations.rules.coverage import cited, references
from validations.rules.elsewhere import _GROUPS as _PLACES
from validations.rules.elsewhere import ELSEWHERE
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


def test_no_reference_is_in_two_tables():
    told = [*cited(), *ELSEWHERE, *WAIVED]
    assert sorted(name for name in set(told) if told.count(name) > 1) == []


def test_a_reference_is_waived_for_one_reason_or_kept_in_one_place():
    names = [name for *_, ids in (*_GROUPS, *_PLACES) for name in ids]
    assert sorted(name for name in set(names) if names.count(name) > 1) == []
    assert all(ids for *_, ids in (*_GROUPS, *_PLACES))


def test_an_id_is_written_as_a_source_would():
    assert [name for name in (*WAIVED, *ELSEWHERE) if references(name) != [name]] == []


@pytest.mark.parametrize("place", sorted({place for place, *_ in _PLACES}))
def test_a_place_is_a_file_of_the_repository(place: str):
    assert (ROOT / place).is_file()


SAID = WAIVED | {name: words for name, (_, *words) in ELSEWHERE.items()}


@pytest.mark.parametrize("name", sorted(SAID))
def test_a_reason_is_in_both_languages(name: str):
    fr, en = SAID[name]
    assert fr != en
    for reason in (fr, en):
        assert reason[0].isupper()
        assert reason.endswith(".")
        assert 10 < len(reason) <= 110
    assert not re.search(r"\S[:;?!]", fr)
    assert not re.search(r"\s[:;?!]", en)


def test_no_two_groups_have_the_same_reason():
    for language in (0, 1):
        reasons = [group[language] for group in (*_GROUPS, *(group[1:] for group in _PLACES))]
        assert len(set(reasons)) == len(reasons)


@pytest.mark.skipif(
    not LIST.is_file(),
    reason="no list of reference rules: the ids of the three tables were NOT compared with it",
)
def test_every_reference_rule_is_in_one_table_and_no_other_id_is():
    with LIST.open(encoding="utf-8", newline="") as file:
        known = {row["rule_id"] for row in csv.DictReader(file)}
    told = {*cited(), *ELSEWHERE, *WAIVED}
    assert (sorted(told - known), sorted(known - told)) == ([], [])
