"""Row conservation: a sum that does not close stops the run and names itself."""

import dataclasses

import pyarrow as pa
import pytest

from pipelines.account import (
    BLANK_LINE,
    EXACT_REPEAT,
    NOTHING_STATED,
    REASONS,
    REPEATED_HEADER,
    SUPERSEDED,
    Account,
    Reason,
    check_closed,
    check_sets,
)
from pipelines.errors import AccountError


@pytest.mark.parametrize(
    ("rows_in", "rows_out", "set_aside", "merged", "filtered", "residual"),
    [
        (10, 10, 0, 0, 0, 0),
        (10, 6, 1, 2, 1, 0),
        (10, 9, 0, 0, 0, 1),
        (10, 11, 0, 0, 0, -1),
        (0, 0, 0, 0, 0, 0),
    ],
)
def test_residual(rows_in, rows_out, set_aside, merged, filtered, residual):
    account = Account(
        step="s", table="t", rows_in=rows_in, rows_out=rows_out,
        rows_set_aside=set_aside, rows_merged=merged, rows_filtered=filtered,
    )  # fmt: skip
    assert account.residual == residual


def test_every_open_account_is_named_and_a_loss_is_not_hidden_by_a_gain():
    lost = Account(step="stage", table="tumour", centre_id="a", rows_in=3, rows_out=2)
    gained = Account(step="link", table="patient_identity", rows_in=2, rows_out=3)
    closed = Account(step="stage", table="biopsy", rows_in=1, rows_out=1)
    with pytest.raises(AccountError, match=r"stage/tumour/a: \+1, link/patient_identity: -1"):
        check_closed([lost, closed, gained])
    check_closed([closed])


ACCOUNT = Account(step="stage", table="t", rows_in=6, rows_out=1, rows_set_aside=1, rows_merged=2,
                  rows_filtered=2, centre_id="a", delivery_id="d")  # fmt: skip
TOLD = (("set_aside", "CONTRACT-011", 1), ("merged", EXACT_REPEAT, 2), ("filtered", BLANK_LINE, 2))


def told(*parts, delivery_id="d"):
    return [
        Reason(step="stage", table="t", outcome=o, reason=r, rows=n, centre_id="a", delivery_id=delivery_id)
        for o, r, n in parts
    ]


def test_reasons_that_add_up_close_the_account():
    check_closed([ACCOUNT], told(*TOLD))
    check_closed([ACCOUNT], told(*TOLD[:2], ("filtered", BLANK_LINE, 1), ("filtered", SUPERSEDED, 1)))


@pytest.mark.parametrize(
    ("reasons", "gap"),
    [
        ([], r"\+1 set_aside"),
        (told(*TOLD[1:]), r"\+1 set_aside without a reason"),
        (told(*TOLD, ("merged", EXACT_REPEAT, 1)), "-1 merged"),
        (told(*TOLD[:2], ("filtered", BLANK_LINE, 1), ("merged", EXACT_REPEAT, 1)), r"\+1 filtered"),
        ([*told(*TOLD), *told(("filtered", BLANK_LINE, 1), delivery_id="e")], "blank_line of no account"),
    ],
)
def test_an_outcome_without_its_reason_is_not_closed(reasons, gap):
    with pytest.raises(AccountError, match=gap):
        check_closed([ACCOUNT], reasons)


def test_a_step_without_deliveries_needs_no_reason():
    check_closed([dataclasses.replace(ACCOUNT, delivery_id=None)], [])


def ids(*names):
    return pa.chunked_array([pa.array(names, pa.string())])


@pytest.mark.parametrize(
    ("received", "outcomes"),
    [
        (ids("a", "b"), [ids("a")]),
        (ids("a"), [ids("a"), ids("b")]),
        (ids("a", "b"), [ids("a"), ids("a")]),
        (ids("a", "b"), [ids("a"), ids("c")]),
        (ids("a", "a"), [ids("a"), ids("a")]),
        (ids("a", "b"), [ids("a"), ids("b"), ids("b")]),
        (ids(), [ids("a")]),
    ],
)
def test_a_row_lost_invented_or_counted_twice_is_found(received, outcomes):
    with pytest.raises(AccountError, match=r"stage/tumour: \d+ row ids received"):
        check_sets(received, outcomes, where="stage/tumour")


def test_the_error_counts_what_is_found_again():
    with pytest.raises(AccountError, match="x: 3 row ids received, 2 found again among 4 outcomes"):
        check_sets(ids("a", "b", "c"), [ids("a", "a"), ids("b"), ids("d")], where="x")


@pytest.mark.parametrize("received", [ids(), ids("a", "b", "c")])
def test_a_partition_is_closed(received):
    check_sets(received, [received.slice(1), ids(), received.slice(0, 1)], where="x")


def test_every_reason_has_words_in_both_languages():
    assert all(fr and en and fr != en for fr, en in REASONS.values())
    assert {EXACT_REPEAT, SUPERSEDED, NOTHING_STATED, BLANK_LINE, REPEATED_HEADER} == set(REASONS)
