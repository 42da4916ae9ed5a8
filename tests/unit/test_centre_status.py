"""How a centre stands: its newest day against the day of today, its patients against those before, its rows."""

import datetime as dt
from types import SimpleNamespace

import pytest

from pipelines import centre_status
from pipelines.account import Account

TODAY = dt.date(2024, 6, 30)


@pytest.mark.parametrize(
    ("exported", "days", "is_late"),
    [
        (None, None, False),  # a name that declares no day is never late
        (dt.date(2024, 6, 30), 0, False),
        (dt.date(2024, 5, 31), 30, False),  # the last day of what is expected
        (dt.date(2024, 5, 30), 31, True),
        (dt.date(2024, 7, 1), -1, False),  # another clock
    ],
)
def test_freshness(exported: dt.date | None, days: int | None, is_late: bool):
    centre = SimpleNamespace(expected_every_days=30)
    assert centre_status._freshness(centre, exported, today=TODAY) == {"days_since": days, "is_late": is_late}


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ([], (None, None, None)),
        ([40], (40, None, None)),
        ([40, 50], (50, 40, 25.0)),
        ([10, 40, 30], (30, 40, -25.0)),  # only against the one before
        ([0, 30], (30, 0, None)),  # nothing to compare with
    ],
)
def test_volume_drift(accepted: list[int], expected: tuple[int | None, int | None, float | None]):
    found = centre_status._volume([SimpleNamespace(patients=n) for n in accepted])
    assert (found["patients"], found["patients_before"], found["drift_percent"]) == expected


def test_the_rows_of_a_centre_close_and_a_line_counts_once():
    """A line that the reader set aside is in the account of the file and in that of the table."""
    accounts = [
        Account(step="read", table="line", rows_in=12, rows_out=10, rows_set_aside=1, rows_filtered=1),
        Account(step="stage", table="stg_tumour", rows_in=11, rows_out=7, rows_set_aside=1, rows_merged=2,
                rows_filtered=1),
        Account(step="validate", table="val_tumour", rows_in=7, rows_out=4, rows_set_aside=3),
    ]  # fmt: skip
    found = centre_status._rows(accounts)
    assert found == {
        "rows_received": 11, "rows_kept": 4, "rows_set_aside": 4, "rows_merged": 2, "rows_filtered": 1,
    }  # fmt: skip
    assert found["rows_received"] == sum(count for name, count in found.items() if name != "rows_received")
