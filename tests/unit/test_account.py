"""Row conservation: a sum that does not close stops the run and names itself."""

import pytest

from pipelines.account import Account, check_closed
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
