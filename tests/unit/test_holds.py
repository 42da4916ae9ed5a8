"""What waits for a person: which deliveries an answer puts out, under which name, and what the person reads."""

import datetime as dt
from typing import Any

import pytest

from pipelines.delivery import Version
from pipelines.holds import ID_LENGTH, MOST_NAMED, Hold, HoldCode, HoldStatus, hold_id, listed, reason, remedy
from tests.tables import parse

CODES = tuple(value for name, value in vars(HoldCode).items() if name.isupper())
STATUSES = tuple(value for name, value in vars(HoldStatus).items() if name.isupper())
OLD, NOW, LATER = (Version.of(dt.date(2024, month, 1), 0) for month in (1, 2, 3))
FACTS: dict[str, dict[str, Any]] = {
    HoldCode.AMBIGUOUS_VERSION: {"files": ["a.csv", "b.csv"]},
    HoldCode.INCOMPLETE_PARTS: {"missing": [2, 3], "files": ["p_1.csv", "p_4.csv"]},
    HoldCode.FEWER_PARTS: {"parts": 2, "before": 3, "files": ["p_1.csv", "p_2.csv"]},
    HoldCode.TWO_PLACES: {"files": ["patients.csv", "tumeurs.csv"]},
    HoldCode.OMISSION: {"absent": 40, "before": 300, "files": ["patients.csv"]},
}


def hold(code: str, status: str = HoldStatus.OPEN, **more: Any) -> Hold:
    """A hold about two deliveries, `one` and `two`, claimed at NOW."""
    claims = more.pop("claims", (("two", NOW), ("one", NOW)))
    return Hold(hold_id="abc", centre_id="c", code=code, claims=claims, status=status, **more)


PUTS_OUT = """
    code              | status   | chosen | old   | now   | later
    ambiguous_version | open     | -      | false | false | false
    ambiguous_version | resolved | -      | false | false | false
    ambiguous_version | rejected | -      | false | true  | false
    ambiguous_version | approved | two    | false | true  | false
    ambiguous_version | approved | one    | false | false | false
    incomplete_parts  | open     | -      | false | false | false
    incomplete_parts  | resolved | -      | false | false | false
    incomplete_parts  | rejected | -      | false | true  | false
    incomplete_parts  | approved | -      | false | false | false
    fewer_parts       | open     | -      | false | false | false
    fewer_parts       | resolved | -      | false | false | false
    fewer_parts       | rejected | -      | false | true  | false
    fewer_parts       | approved | -      | false | false | false
    two_places        | open     | -      | false | false | false
    two_places        | resolved | -      | false | false | false
    two_places        | rejected | -      | false | true  | false
    two_places        | approved | -      | false | false | false
    omission          | open     | -      | false | false | false
    omission          | resolved | -      | false | false | false
    omission          | rejected | -      | false | true  | true
    omission          | approved | -      | false | false | false
"""


@pytest.mark.parametrize("case", parse(PUTS_OUT), ids=lambda case: f"{case['code']}-{case['status']}")
def test_which_version_an_answer_puts_out(case: dict[str, Any]):
    """Seen from the delivery `one`: under an older name, under the claimed one, and under a later one."""
    answered = hold(case["code"], case["status"], chosen=case["chosen"])
    found = {name: answered.puts_out("one", v) for name, v in (("old", OLD), ("now", NOW), ("later", LATER))}
    assert found == {name: case[name] for name in ("old", "now", "later")}


def test_the_table_of_answers_is_complete():
    assert {(case["code"], case["status"]) for case in parse(PUTS_OUT)} == {
        (code, status) for code in CODES for status in STATUSES
    }


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("status", STATUSES)
def test_an_answer_says_nothing_of_bytes_that_nobody_has_seen(code: str, status: str):
    answered = hold(code, status, chosen="one")
    assert not any(answered.puts_out("unseen", version) for version in (OLD, NOW, LATER))


def test_each_delivery_is_put_out_under_the_version_that_its_own_name_claims():
    answered = hold(HoldCode.TWO_PLACES, HoldStatus.REJECTED, claims=(("one", OLD), ("two", LATER)))
    found = {
        name: [answered.puts_out(name, version) for version in (OLD, NOW, LATER)] for name in ("one", "two")
    }
    assert found == {"one": [True, False, False], "two": [False, False, True]}


def test_a_rejected_loss_of_patients_counts_from_the_earliest_claim():
    answered = hold(HoldCode.OMISSION, HoldStatus.REJECTED, claims=(("one", LATER), ("one", NOW)))
    assert [answered.puts_out("one", version) for version in (OLD, NOW, LATER)] == [False, True, True]


def test_a_correction_of_the_same_day_is_another_version():
    again = Version.of(NOW.exported, 1)
    assert not hold(HoldCode.INCOMPLETE_PARTS, HoldStatus.REJECTED).puts_out("one", again)
    assert hold(HoldCode.OMISSION, HoldStatus.REJECTED).puts_out("one", again)


def test_deliveries_are_named_once_and_in_order():
    assert hold(HoldCode.TWO_PLACES, claims=(("b", NOW), ("a", OLD), ("b", LATER))).delivery_ids == ("a", "b")


BASE = ("netsarc", "c01", HoldCode.TWO_PLACES, ("one", "two"))


@pytest.mark.parametrize(
    ("why", "other", "is_same"),
    [
        ("the same", BASE, True),
        ("deliveries in another order", (*BASE[:3], ("two", "one")), True),
        ("a delivery named twice", (*BASE[:3], ("one", "two", "one")), True),
        ("another network", ("euracan", *BASE[1:]), False),
        ("another centre", (BASE[0], "c02", *BASE[2:]), False),
        ("another question", (*BASE[:2], HoldCode.OMISSION, BASE[3]), False),
        ("other bytes", (*BASE[:3], ("one", "three")), False),
        ("fewer bytes", (*BASE[:3], ("one",)), False),
    ],
)
def test_the_id_binds_the_question_and_the_exact_deliveries(why: str, other: Any, *, is_same: bool):
    assert (hold_id(*BASE) == hold_id(*other)) is is_same, why
    assert len(hold_id(*other)) == ID_LENGTH


SENTENCES = {
    HoldCode.AMBIGUOUS_VERSION: (
        "plusieurs fichiers différents pour la même version : a.csv, b.csv",
        "several different files for one version: a.csv, b.csv",
        "reseau approve abc --delivery one|two",
    ),
    HoldCode.INCOMPLETE_PARTS: (
        "export incomplet, parties manquantes : 2, 3 (p_1.csv, p_4.csv)",
        "incomplete export, missing parts: 2, 3 (p_1.csv, p_4.csv)",
        "reseau approve abc",
    ),
    HoldCode.FEWER_PARTS: (
        "2 parties au lieu de 3 à l'export précédent (p_1.csv, p_2.csv)",
        "2 parts instead of 3 in the export before it (p_1.csv, p_2.csv)",
        "reseau approve abc",
    ),
    HoldCode.TWO_PLACES: (
        "les mêmes données sous les noms de deux fichiers attendus : patients.csv, tumeurs.csv",
        "the same data under the names of two expected files: patients.csv, tumeurs.csv",
        "reseau approve abc",
    ),
    HoldCode.OMISSION: (
        "40 patients sur 300 ont disparu (patients.csv)",
        "40 of 300 patients vanished (patients.csv)",
        "reseau approve abc",
    ),
}


@pytest.mark.parametrize("code", CODES)
def test_a_hold_says_why_in_two_languages_and_with_which_command_it_is_answered(code: str):
    french, english, command = SENTENCES[code]
    asked = hold(code, facts=FACTS[code])
    assert reason(asked) == (french, english)
    assert [words.endswith(f" : {command}") or words.endswith(f": {command}") for words in remedy(asked)] == [
        True,
        True,
    ]
    assert remedy(asked)[0] != remedy(asked)[1]


def test_a_long_list_is_cut_in_the_sentence():
    files = [f"p_{n}.csv" for n in range(1, 9)]
    french, english = reason(hold(HoldCode.TWO_PLACES, facts={"files": files}))
    assert french.endswith(" : p_1.csv, p_2.csv, p_3.csv, p_4.csv, p_5.csv …")
    assert english.endswith(": p_1.csv, p_2.csv, p_3.csv, p_4.csv, p_5.csv …")


@pytest.mark.parametrize("size", [0, 1, MOST_NAMED - 1, MOST_NAMED, MOST_NAMED + 1, 40])
def test_a_list_names_the_first_few_and_says_when_there_are_more(size: int):
    text = listed(f"f{n}" for n in range(size))
    named = [part for part in text.removesuffix(" …").split(", ") if part]
    assert named == [f"f{n}" for n in range(min(size, MOST_NAMED))]
    assert text.endswith(" …") is (size > MOST_NAMED)
