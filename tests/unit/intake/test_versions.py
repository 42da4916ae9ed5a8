"""What counts of all that a centre sent: each case is what its names held, in order, and what comes of it.

A sighting is written `name=data`; the hold of a case is its code and the data that it is about.
"""

import dataclasses
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.delivery import Delivery, Sighting, Version, delivery_id
from pipelines.holds import Hold, HoldStatus
from pipelines.intake.versions import Verdict, decide, omission
from tests.dialects import centre

SHEETS = "sheets: [{tables: [{entity: patient_identity, columns: {local_patient_id: IPP}}]}]"
CENTRE = centre(rf"""
export: {{format: csv}}
files:
  - match: 'p(?P<exported>\d{{8}})?(v(?P<version>\d))?(_(?P<part>\d)(of(?P<parts>\d))?)?[a-z]?'
    {SHEETS}
  - match: 'i(?P<exported>\d{{8}})(v(?P<version>\d))?(_(?P<part>\d))?(?P<kind>full)?[a-z]?'
    mode: incremental
    {SHEETS}
  - match: 'e'
    {SHEETS}
""")
NETWORK = "n"
JAN, FEB, MAR = "20240101", "20240201", "20240301"
IDS = {delivery_id(CENTRE.id, data): data for data in "ABCDEFGXYZ"}


def history(text: str) -> list[Sighting]:
    pairs = (one.split("=") for one in text.split())
    return [
        Sighting(
            centre_id=CENTRE.id,
            file_name=name,
            content_hash=f"c{data}",
            data_hash=data,
            size=1,
        )
        for name, data in pairs
    ]


def judged(text: str, *decided: Hold, **more) -> Verdict:
    return decide(CENTRE, history(text), network_id=NETWORK, decided=decided, **more)


def used(verdict: Verdict) -> str:
    return " ".join(f"{d.file_name}={d.data_hash}" for d in verdict.in_use)


def held(verdict: Verdict) -> list[str]:
    return [f"{hold.code} {''.join(sorted(IDS[i] for i in hold.delivery_ids))}" for hold in verdict.holds]


def approved(hold: Hold, chosen: str | None = None) -> Hold:
    return dataclasses.replace(
        hold, status=HoldStatus.APPROVED, chosen=chosen and delivery_id(CENTRE.id, chosen)
    )


def rejected(hold: Hold) -> Hold:
    return dataclasses.replace(hold, status=HoldStatus.REJECTED)


SETTLED = {
    # --- one file, full: the greatest version ---
    f"p{JAN}=A": f"p{JAN}=A",
    f"p{JAN}=A p{FEB}=B": f"p{FEB}=B",
    f"p{FEB}=B p{JAN}=A": f"p{FEB}=B",  # an older export that arrives later
    f"p{JAN}=A p{JAN}v1=B p{JAN}v2=C": f"p{JAN}v2=C",
    f"p{JAN}v9=A p{FEB}=B": f"p{FEB}=B",
    f"p=A p{JAN}=B": f"p{JAN}=B",  # no date is the earliest
    f"pv3=A p{JAN}=B": f"p{JAN}=B",
    # --- a name whose bytes change ---
    f"p{JAN}=A p{JAN}=B": f"p{JAN}=B",
    f"p{JAN}=A p{JAN}=B p{JAN}=A": f"p{JAN}=A",
    f"p{FEB}=A p{JAN}=A p{FEB}=B": f"p{FEB}=B",
    f"p{JAN}=B p{FEB}=A p{FEB}=B": f"p{FEB}=B",
    # --- the same data under several names ---
    f"p{JAN}=A p{JAN}b=A": f"p{JAN}=A",
    f"p{JAN}=A p{FEB}=B p{MAR}=A": f"p{MAR}=A",
    f"p{JAN}=A p{JAN}b=B p{JAN}=B": f"p{JAN}=B",  # the sender corrected the wrong one
    # --- parts: whole or not at all ---
    f"p{JAN}_1=A p{JAN}_2=B": f"p{JAN}_1=A p{JAN}_2=B",
    f"p{JAN}_2=B p{JAN}_1=A": f"p{JAN}_1=A p{JAN}_2=B",
    f"p{JAN}=A p{JAN}_2=B": f"p{JAN}=A p{JAN}_2=B",  # no part is the first
    f"p{JAN}_1=A p{FEB}_1=B p{FEB}_2=C": f"p{FEB}_1=B p{FEB}_2=C",
    f"p{JAN}_1=A p{JAN}_2=B p{FEB}_1=C p{FEB}_2=B": f"p{FEB}_1=C p{FEB}_2=B",  # a part that did not change
    f"p{JAN}_1of2=A p{JAN}_2of2=B p{FEB}_1of1=C": f"p{FEB}_1of1=C",  # fewer, as it says itself
    f"p{JAN}_2=A p{FEB}_1=B": f"p{FEB}_1=B",  # what was missing is of no interest any more
    f"p{JAN}a=A p{JAN}b=B p{FEB}=C": f"p{FEB}=C",
    f"p{JAN}_0=A p{JAN}_1=B": f"p{JAN}_0=A p{JAN}_1=B",
    # --- incremental: all, in version order ---
    f"i{FEB}=B i{JAN}=A": f"i{JAN}=A i{FEB}=B",
    f"i{JAN}=A i{JAN}v1=B": f"i{JAN}=A i{JAN}v1=B",
    f"i{JAN}=A i{FEB}full=B i{MAR}=C": f"i{FEB}full=B i{MAR}=C",
    f"i{MAR}=C i{FEB}full=B i{JAN}=A": f"i{FEB}full=B i{MAR}=C",
    f"i{JAN}=A i{FEB}=B i{MAR}=A": f"i{FEB}=B i{MAR}=A",
    f"i{JAN}_1=A i{JAN}_2=B i{FEB}_1=C": f"i{JAN}_1=A i{JAN}_2=B i{FEB}_1=C",
    # --- several files ---
    f"p{JAN}=A e=E i{JAN}=B": f"p{JAN}=A i{JAN}=B e=E",
    "other=A": "",
    "": "",
}  # fmt: skip


@pytest.mark.parametrize("text", SETTLED)
def test_what_counts(text: str):
    verdict = judged(text)
    assert (used(verdict), held(verdict), verdict.is_settled) == (SETTLED[text], [], True)


HELD = {
    f"p{JAN}a=A p{JAN}b=B": ["ambiguous_version AB"],
    f"pa=A pb=B p{JAN}_1=C p{JAN}_1b=D": ["ambiguous_version AB", "ambiguous_version CD"],
    f"p{JAN}=C p{FEB}a=A p{FEB}b=B": ["ambiguous_version AB"],
    f"p{JAN}_1=A p{JAN}_2=B p{JAN}_2b=C": ["ambiguous_version BC"],
    f"p{JAN}=A p{JAN}_1=B": ["ambiguous_version AB"],
    f"p{JAN}_2=A": ["incomplete_parts A"],
    f"p{JAN}_1=A p{JAN}_3=B": ["incomplete_parts AB"],
    f"p{JAN}_1of3=A p{JAN}_2of3=B": ["incomplete_parts AB"],
    f"p{JAN}_1of2=A p{JAN}_2of3=B": ["incomplete_parts AB"],
    f"p{JAN}_1=A p{JAN}_2=A p{JAN}_3=B": ["incomplete_parts AB"],  # a part saved under two numbers
    f"p{JAN}_1=A p{FEB}_2=B": ["incomplete_parts B"],
    f"p{JAN}_2=A p{FEB}_2=B": ["incomplete_parts A", "incomplete_parts B"],
    f"p{JAN}_1=A p{JAN}_2=B p{FEB}_1=C": ["fewer_parts C"],
    f"p{JAN}_1=A p{JAN}_2=B p{FEB}_1=C p{MAR}_1=D": ["fewer_parts D"],
    f"p{JAN}_1=A p{JAN}_2=B p{FEB}_1=C p{FEB}_2=C": ["fewer_parts C"],
    f"p{JAN}_1=A p{JAN}_2=B p{JAN}_3=C p{FEB}_1=A p{FEB}_2=B": ["fewer_parts AB"],  # none of them is new
    f"i{JAN}_2=A i{FEB}=B": ["incomplete_parts A"],  # a later increment does not replace it
    f"i{JAN}a=A i{JAN}b=B i{FEB}=C": ["ambiguous_version AB"],
    f"p{JAN}=A e=A": ["two_places A"],
}  # fmt: skip


@pytest.mark.parametrize("text", HELD)
def test_what_waits_for_a_person(text: str):
    verdict = judged(text)
    assert (held(verdict), verdict.is_settled) == (HELD[text], False)


@pytest.mark.parametrize(
    ("text", "missing", "count"),
    [
        (f"p{JAN}_4=A", [1, 2, 3], 3),
        (f"p{JAN}_1of5=A p{JAN}_3of5=B", [2, 4, 5], 3),
        (f"p{JAN}_2=A", [1], 1),
    ],
)
def test_a_hold_names_the_missing_parts(text: str, missing: list[int], count: int):
    [hold] = judged(text).holds
    assert (hold.facts["missing"], hold.facts["missing_count"]) == (missing, count)


def test_a_hold_counts_the_parts_and_names_the_files():
    [hold] = judged(f"p{JAN}_1=A p{JAN}_2=B p{FEB}_1=C").holds
    assert hold.facts == {"files": [f"p{FEB}_1"], "parts": 1, "before": 2}


TIE, GAP = f"p{JAN}=C p{FEB}a=A p{FEB}b=B", f"p{JAN}=C p{FEB}_2=B"
FEWER = f"p{JAN}_1=A p{JAN}_2=B p{FEB}_1=C"
HALF = f"p{JAN}_1=A p{JAN}_2=B p{FEB}_2=B"  # the unchanged half of a newer export
TWICE = f"p{JAN}=A e=A"


@pytest.mark.parametrize(
    ("text", "answer", "then", "expected"),
    [
        (TIE, lambda h: approved(h, "A"), "", f"p{FEB}a=A"),
        (TIE, lambda h: approved(h, "B"), "", f"p{FEB}b=B"),
        (TIE, lambda h: approved(h, "A"), f" p{MAR}=B", f"p{MAR}=B"),  # not chosen then, the newest now
        (TIE, lambda h: approved(h, "A"), f" p{FEB}c=D", "ambiguous_version AD"),
        (TIE, lambda h: approved(h, "A"), f" p{MAR}a=A p{MAR}b=B", f"p{MAR}a=A"),  # the same question, the same answer
        (TIE, rejected, "", f"p{JAN}=C"),
        (TIE, rejected, f" p{FEB}=D", f"p{FEB}=D"),
        (GAP, approved, "", f"p{FEB}_2=B"),
        (GAP, approved, f" p{FEB}_1=D", f"p{FEB}_1=D p{FEB}_2=B"),
        (GAP, approved, f" p{FEB}_4=D", "incomplete_parts BD"),  # another file, another question
        (GAP, rejected, "", f"p{JAN}=C"),
        (GAP, rejected, f" p{FEB}_1=D", f"p{FEB}_1=D"),
        (GAP, rejected, f" p{MAR}_2=B", f"p{JAN}=C"),  # the same again under another date
        (FEWER, approved, "", f"p{FEB}_1=C"),
        (FEWER, approved, f" p{MAR}_1=D", f"p{MAR}_1=D"),
        (FEWER, rejected, "", f"p{JAN}_1=A p{JAN}_2=B"),
        (FEWER, rejected, f" p{MAR}_1=D", "fewer_parts D"),
        (HALF, rejected, "", f"p{JAN}_1=A p{JAN}_2=B"),  # what came before under an older version stays
        (f"p{JAN}=A p{JAN}b=B", rejected, "", ""),
        (f"p{JAN}=C p{JAN}=A p{JAN}b=B", rejected, "", f"p{JAN}=C"),  # what the name held before
        (TWICE, approved, "", f"p{JAN}=A"),
        (TWICE, approved, f" p{FEB}=B", f"p{FEB}=B"),
        (TWICE, rejected, "", ""),
        (TWICE, rejected, " e=E", "e=E"),
    ],
)  # fmt: skip
def test_what_a_decision_does(text: str, answer, then: str, expected: str):
    [hold] = judged(text).holds
    verdict = judged(text + then, answer(hold))
    assert expected in (used(verdict), *held(verdict))
    assert verdict.is_settled is ("=" in expected or not expected)


@pytest.mark.parametrize(
    ("text", "then", "expected"),
    [
        (GAP, f" p{FEB}_1=D", f"p{FEB}_1=D p{FEB}_2=B"),
        (GAP, f" p{MAR}=D", f"p{MAR}=D"),
        (TIE, f" p{FEB}b=A", f"p{FEB}a=A"),
        (TIE, f" p{MAR}=D", f"p{MAR}=D"),
        (FEWER, f" p{FEB}_2=D", f"p{FEB}_1=C p{FEB}_2=D"),
        (TWICE, " e=E", f"p{JAN}=A e=E"),
    ],
)
def test_a_question_goes_away_by_itself(text: str, then: str, expected: str):
    assert judged(text).holds
    assert (used(judged(text + then)), held(judged(text + then))) == (expected, [])


def test_a_decision_on_another_centre_is_none_on_this():
    [hold] = judged(FEWER).holds
    other = dataclasses.replace(rejected(hold), centre_id="beta", hold_id="another")
    assert held(judged(FEWER, other)) == ["fewer_parts C"]


def test_an_export_in_use_is_not_compared_with_an_older_one_that_comes_late():
    now = f"p{FEB}_1=C"
    in_use = [(d.delivery_id, d.version) for d in judged(now).in_use]
    late = f"{now} p{JAN}_1=A p{JAN}_2=B"
    assert held(judged(late)) == ["fewer_parts C"]
    assert (used(judged(late, in_use=in_use)), held(judged(late, in_use=in_use))) == (now, [])


@pytest.mark.parametrize(
    ("waiting", "is_waiting"),
    [
        (f"p{JAN}", False),
        (f"p{FEB}", True),
        (f"p{MAR}", True),
        (f"i{JAN}", True),
        ("e", True),
        ("other", False),
    ],
)
def test_a_file_that_waits_keeps_what_was_settled_unless_it_is_replaced_already(
    waiting: str, is_waiting: bool
):
    verdict = judged(f"p{FEB}=B i{FEB}=C", waiting=[waiting])
    assert (verdict.is_waiting, verdict.is_settled) == (is_waiting, not is_waiting)


def test_what_does_not_count_is_listed_under_its_greatest_version():
    verdict = judged(f"p{JAN}=A p{FEB}=A p{FEB}v1=B p{MAR}=C pv1=D")
    assert [f"{d.file_name}={d.data_hash}" for d in verdict.superseded] == [
        "pv1=D",
        f"p{FEB}=A",
        f"p{FEB}v1=B",
    ]


def test_of_several_packings_the_one_with_the_smallest_hash_is_read():
    packed = [
        dataclasses.replace(history(f"p{JAN}{c}=A")[0], content_hash=h, size=int(s))
        for c, h, s in ("ax1", "by2", "cw3")
    ]
    for order in itertools.permutations(packed):
        [found] = decide(CENTRE, order, network_id=NETWORK).in_use
        assert (found.content_hash, found.size, found.file_name) == ("w", 3, f"p{JAN}a")


def test_a_delivery_says_all_that_its_name_declares():
    first, _ = judged(f"p{FEB}v3_1of2=A p{FEB}v3_2of2=B").in_use
    assert first == Delivery(
        delivery_id=delivery_id(CENTRE.id, "A"), centre_id=CENTRE.id, file_name=f"p{FEB}v3_1of2", content_hash="cA",
        data_hash="A", size=1, file_index=0, exported=first.exported, part=1, parts=2, version_number=3, mode="full",
    )  # fmt: skip
    assert str(first.exported) == "2024-02-01"


@pytest.mark.parametrize(
    ("name", "mode"), [(f"p{JAN}", "full"), (f"i{JAN}", "incremental"), (f"i{JAN}full", "full")]
)
def test_the_mode_of_a_delivery(name: str, mode: str):
    assert [d.mode for d in judged(f"{name}=A").in_use] == [mode]


NAMES = [f"{file}{day}{part}" for file in "pi" for day in ("20240101", "20240201") for part in ("_1", "_2")]
SENT = st.lists(st.tuples(st.sampled_from([*NAMES, "e", "pa"]), st.sampled_from("ABCD")), max_size=9)


@settings(max_examples=150, deadline=None)
@given(SENT, st.randoms())
def test_only_what_each_name_holds_last_counts_whatever_the_order(sent: list[tuple[str, str]], rng):
    last = list(dict(sent).items())
    rng.shuffle(last)
    one, other = (judged(" ".join(f"{n}={d}" for n, d in some)) for some in (sent, last))
    assert (one.in_use, sorted(held(one)), one.superseded) == (
        other.in_use,
        sorted(held(other)),
        other.superseded,
    )


@settings(max_examples=150, deadline=None)
@given(SENT)
def test_nothing_sent_is_forgotten_and_nothing_is_used_twice(sent: list[tuple[str, str]]):
    verdict = judged(" ".join(f"{n}={d}" for n, d in sent))
    known = [d.data_hash for d in (*verdict.in_use, *verdict.superseded)]
    assert sorted(known) == sorted(set(dict(sent).values()))


@settings(max_examples=150, deadline=None)
@given(SENT, st.booleans())
def test_every_question_ends_when_it_is_answered(sent: list[tuple[str, str]], is_approved: bool):
    text, answers = " ".join(f"{n}={d}" for n, d in sent), []
    for _ in range(40):
        open_holds = judged(text, *answers).holds
        if not open_holds:
            return
        first = open_holds[0]
        answers.append(approved(first, IDS[first.delivery_ids[0]]) if is_approved else rejected(first))
    raise AssertionError("asked for ever")


# --- patients that vanish ---


def delivery(name: str) -> Delivery:
    return Delivery(
        delivery_id=name, centre_id="a", file_name=f"{name}.csv", content_hash=name, size=1, file_index=0
    )


@pytest.mark.parametrize(
    ("before", "absent", "percent", "is_held"),
    [
        (100, 4, 0, False),  # fewer than five are corrections
        (100, 5, 5, False),
        (99, 5, 5, True),
        (101, 6, 5, True),
        (10, 5, 50, False),
        (10, 5, 49.9, True),
        (5, 5, 99.9, True),
        (0, 0, 0, False),
    ],
)
def test_many_vanished_patients_are_held(before: int, absent: int, percent: float, is_held: bool):
    hold = omission(
        [delivery("d1")], network_id=NETWORK, accepted=[], before=before, absent=absent, percent=percent
    )
    assert (hold is not None) is is_held
    if hold:
        assert hold.facts == {"files": ["d1.csv"], "before": before, "absent": absent}


@pytest.mark.parametrize(
    ("accepted", "concerned"), [((), ("d1", "d2")), (("d1",), ("d2",)), (("d1", "d2"), ("d1", "d2"))]
)
def test_an_omission_concerns_the_patients_files_that_are_new(accepted, concerned):
    facts = {"network_id": NETWORK, "before": 9, "absent": 9, "percent": 5}
    hold = omission([delivery("d1"), delivery("d2")], accepted=accepted, **facts)
    assert hold is not None
    assert hold.delivery_ids == concerned
    assert (
        omission(
            [delivery("d1"), delivery("d2")], accepted=accepted, decided=[approved(hold)], **facts
        ).status
        == "approved"
    )  # type: ignore[union-attr]


def test_a_rejected_loss_is_not_repeated_under_a_later_name():
    [old] = judged(f"p{JAN}=A").in_use
    [bad] = judged(f"p{FEB}=B").in_use
    hold = omission([bad], network_id=NETWORK, accepted=[old.delivery_id], before=9, absent=9, percent=5)
    assert hold is not None
    for then in ("", f" p{MAR}=B", f" p{FEB}v2=B"):
        assert used(judged(f"p{JAN}=A p{FEB}=B{then}", rejected(hold))) == f"p{JAN}=A"
    assert used(judged(f"p{JAN}=A p{FEB}=B p{MAR}=C", rejected(hold))) == f"p{MAR}=C"
    assert used(judged("p=B", rejected(hold))) == "p=B"
    assert Version.of(None, 0) < bad.version
