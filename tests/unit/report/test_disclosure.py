"""Small counts and what would give them back, case by case. Threshold 11 throughout."""

import numpy as np
import pandas as pd
import pytest

from pipelines.errors import AuditError
from pipelines.report.disclosure import cells_of, judge, mask, too_small
from pipelines.report.suppression import Cells, hidden_cells, sensitive_cells
from tests.tables import table

T = 11
YES_NO = ("biopsy", "_not_achieved", "_missing")


def cells(*counts: tuple[int, ...], categories: tuple[str, ...] = YES_NO) -> Cells:
    return Cells(tuple(f"c{i}" for i in range(len(counts))), categories, np.array(counts))


def marks(found: np.ndarray) -> list[str]:
    """One letter per cell: `x` hidden or sensitive, `.` not."""
    return ["".join("x" if cell else "." for cell in row) for row in found]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ((50, 30, 20), "..."),
        ((50, 30, 10), "..x"),
        ((50, 30, 1), "..x"),
        ((50, 30, 0), "..."),  # nobody unknown says nothing about anybody
        ((10, 30, 20), "x.."),
        ((60, 0, 20), "xx."),  # all that is known is alike
        ((0, 60, 20), "xx."),
        ((0, 0, 60), "..."),  # nothing is known: nothing is told
        ((0, 0, 0), "..."),
    ],
)
def test_which_counts_are_sensitive(counts: tuple[int, ...], expected: str):
    others = (100, 100, 100)
    assert marks(sensitive_cells(np.array([counts, others]), T))[0] == expected


def test_an_answer_nobody_gave_anywhere_is_no_secret():
    assert marks(sensitive_cells(np.array([(60, 0, 20), (40, 0, 20)]), T)) == ["x..", "x.."]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([(50, 30, 20), (60, 40, 30)], ["...", "..."]),
        # the unknown is small: "no", which is not printed, is hidden with it, and the same two in another centre
        ([(50, 30, 4), (60, 40, 30), (90, 80, 70)], [".xx", ".xx", "..."]),
        # 6 hidden in all would be told by the difference: the rate goes too
        ([(50, 4, 2), (60, 40, 30), (90, 80, 70)], ["xxx", "xxx", "..."]),
        # no other centre can lend 11: the two columns are hidden whole
        ([(50, 30, 4), (60, 40, 3), (90, 80, 5)], [".xx", ".xx", ".xx"]),
        ([(60, 0, 20), (60, 40, 30)], ["xx.", "xx."]),
        # the pair no + unknown of the small centre holds 4: its "yes" lends it room through one other centre
        ([(20, 3, 1), (60, 40, 3), (90, 80, 5), (200, 150, 4)], ["xxx", "xxx", ".xx", ".xx"]),
        # a centre too small for any such room is hidden whole, and does not take the others with it
        ([(4, 6, 1), (600, 400, 30), (900, 800, 50)], ["xxx", "xxx", "..."]),
    ],
)
def test_what_is_hidden_with_a_small_count(counts: list[tuple[int, ...]], expected: list[str]):
    assert marks(hidden_cells(cells(*counts), T)) == expected


def test_three_margins_and_their_unknown_are_one_table():
    margins = cells((40, 30, 5, 15), (60, 50, 20, 30), categories=("r0", "r1", "r2", "_missing"))
    assert marks(hidden_cells(margins, T)) == ["..xx", "..xx"]


@pytest.mark.parametrize(
    ("eligible", "hidden"),
    [
        ({"a": 50, "b": 11}, set()),
        ({"a": 50, "b": 0}, set()),
        ({"a": 50, "b": 10, "c": 20}, {"b", "c"}),  # alone, b would be the difference
        ({"a": 50, "b": 4, "c": 5, "d": 12}, {"b", "c", "d"}),  # 9 together would still be told
        ({"a": 50, "b": 6, "c": 7, "d": 12}, {"b", "c"}),
    ],
)
def test_which_totals_are_hidden(eligible: dict[str, int], hidden: set[str]):
    assert too_small(pd.Series(eligible), T) == hidden


CONFORMITY = """
    indicator_id | period_id | group_kind | group_id     | eligible_count | achieved_count | missing_count
    place        | p1        | all        | all          | 330            | 130            | 40
    place        | p1        | centre     | a            | 200            | 80             | 5
    place        | p1        | centre     | b            | 130            | 50             | 35
    biopsy       | p1        | all        | all          | 330            | 200            | 40
    biopsy       | p1        | place      | in_reference | 130            | 90             | 12
    biopsy       | p1        | place      | outside      | 160            | 95             | 14
    biopsy       | p1        | place      | unknown      | 40             | 15             | 14
    biopsy       | p1        | centre     | a            | 200            | 150            | 20
    biopsy       | p1        | centre     | b            | 130            | 50             | 20
"""
RATES = [f"percent_{of}{end}" for of in ("all", "known") for end in ("", "_low", "_high")]


def conformity() -> pd.DataFrame:
    frame = table(CONFORMITY).astype(
        dict.fromkeys(("eligible_count", "achieved_count", "missing_count"), int)
    )
    frame["not_achieved_count"] = frame["eligible_count"] - frame["achieved_count"] - frame["missing_count"]
    return frame.assign(**dict.fromkeys(RATES, 50.0))


def release(frame: pd.DataFrame) -> pd.DataFrame:
    own = {"place": "place", "biopsy": "biopsy"}
    return mask(frame, judge(frame, partitions=own, place_indicator="place", threshold=T))


def shown(frame: pd.DataFrame, indicator: str, kind: str) -> list[str]:
    found = release(frame).query("indicator_id == @indicator and group_kind == @kind")
    flags = found[["is_eligible_shown", "is_achieved_shown", "is_missing_shown"]]
    return ["".join("x-"[not flag] for flag in row) for row in flags.itertuples(index=False)]


def test_an_impossible_table_stops_the_report():
    frame = conformity().query("indicator_id == 'biopsy'").assign(achieved_count=9999)
    with pytest.raises(AuditError, match="biopsy do not partition"):
        cells_of(frame)


def test_a_table_is_masked_where_it_must_be():
    assert shown(conformity(), "place", "all") == ["xxx"]
    assert shown(conformity(), "place", "centre") == ["xx-", "xx-"]  # 5 unknown in one centre
    assert shown(conformity(), "biopsy", "centre") == ["xxx", "xxx"]


def test_a_small_national_count_closes_its_breakdowns():
    frame = conformity().query("indicator_id == 'biopsy' and group_kind != 'place'")
    frame = pd.concat([frame, frame.tail(1).assign(group_id="c")], ignore_index=True).assign(
        eligible_count=[524, 500, 12, 12], achieved_count=[308, 300, 4, 4], missing_count=[8, 0, 4, 4]
    )
    assert shown(frame, "biopsy", "all") == ["xx-"]
    assert shown(frame, "biopsy", "centre") == ["x--"] * 3


def test_centres_too_small_to_be_shown_are_protected_as_one():
    frame = conformity().query("indicator_id == 'biopsy' and group_kind != 'place'")
    two_more = frame.tail(2).assign(group_id=["c", "d"], eligible_count=10, achieved_count=5, missing_count=0)
    frame = pd.concat([frame, two_more], ignore_index=True)
    frame.loc[0, ["eligible_count", "achieved_count", "missing_count"]] = [350, 210, 40]
    assert shown(frame, "biopsy", "centre")[2:] == ["---", "---"]
    # each hides the other's 5, but together they have 10: that may not be the difference with what a and b show
    assert shown(frame, "biopsy", "centre")[:2] != ["xxx", "xxx"]


def test_an_answer_that_the_whole_network_shares_is_hidden_everywhere():
    frame = conformity().query("indicator_id == 'biopsy'").reset_index(drop=True)
    frame["achieved_count"] = frame["eligible_count"] - frame["missing_count"]
    assert shown(frame, "biopsy", "all") == ["x-x"]
    assert set(shown(frame, "biopsy", "centre") + shown(frame, "biopsy", "place")) == {"x--"}


def test_places_are_hidden_when_the_indicator_that_counts_them_is():
    frame = conformity()
    few = (frame["indicator_id"] == "place") & (frame["group_kind"] == "all")
    frame.loc[few, ["achieved_count", "missing_count"]] = [287, 40]  # outside: 3
    assert shown(frame, "biopsy", "place") == ["---"] * 3


def test_a_period_with_too_few_tumours_shows_nothing():
    frame = conformity().query("indicator_id == 'biopsy' and group_kind != 'place'")
    counts = ["eligible_count", "achieved_count", "missing_count", "not_achieved_count"]
    frame = frame.assign(**{name: [9, 4, 5] for name in counts[:1]}, **dict.fromkeys(counts[1:3], 0))
    assert shown(frame, "biopsy", "all") + shown(frame, "biopsy", "centre") == ["---"] * 3


def test_masked_rows_keep_no_figure_that_may_not_be_shown():
    masked = release(conformity()).query("indicator_id == 'place' and group_kind == 'centre'")
    assert masked["achieved_count"].tolist() == [80, 50]
    hidden = [
        "missing_count",
        "not_achieved_count",
        "percent_known",
        "percent_known_low",
        "percent_known_high",
    ]
    assert masked[hidden].isna().all(axis=None)
    assert masked["percent_all"].tolist() == [50.0, 50.0]
