"""The parts of the page and of the workbook on hand-made rows: order, names, masks, notes."""

import datetime as dt
import re
from typing import Any

import pandas as pd
import pytest
from markupsafe import Markup

from pipelines.definitions import Text, load_definitions
from pipelines.io.configuration import load_network
from pipelines.report.charts import centre_chart, period_chart
from pipelines.report.numbers import count_markup, percent_markup, range_markup
from pipelines.report.order import alphabetical, centres_in_order, ordered_rows
from pipelines.report.page import _findings, _groups, _rows
from pipelines.report.read import Release, protect_conformity, protect_counts
from pipelines.report.tabulate import _plain, tidy, workbook_sheets

NETWORK = load_network("netsarc")
INDICATORS = ("biopsy_before_surgery", "r0_first_surgery")
PERIODS = [
    {"period_id": p.id, "label_fr": p.fr, "label_en": p.en, "is_exhaustive": p.is_exhaustive}
    for p in NETWORK.periods
]
P1, P2, P3 = (period["period_id"] for period in PERIODS)


def results(*rows: tuple[str, str, str, str, int, int, int]) -> pd.DataFrame:
    """Results of the warehouse: indicator, period, kind of group, group, eligible, achieved, missing."""
    frame = pd.DataFrame(rows, columns=["indicator_id", "period_id", "group_kind", "group_id", "n", "k", "m"])
    rate, known = (
        100 * frame["k"] / frame["n"],
        100 * frame["k"] / (frame["n"] - frame["m"]).where(lambda left: left > 0),
    )
    ends = {
        f"percent_{of}{end}": rates
        for of, rates in (("all", rate), ("known", known))
        for end in ("", "_low", "_high")
    }
    return frame[["indicator_id", "period_id", "group_kind", "group_id"]].assign(
        eligible_count=frame["n"], achieved_count=frame["k"], not_achieved_count=frame["n"] - frame["k"] - frame["m"],
        missing_count=frame["m"], **ends, published_percent=None,
    )  # fmt: skip


def release(*rows: tuple[str, str, str, str, int, int, int], **changes: Any) -> Release:
    definitions = load_definitions(INDICATORS)
    given: dict[str, Any] = {
        "network": {
            "network_id": "n", "label_fr": "Réseau", "label_en": "Network", "definition_version": "d-1",
            "icdo_version": "icdo32"},
        "snapshot": 3, "definitions": definitions, "periods": PERIODS, "sources": {}, "threshold": 11,
        "centres": {"a": "Évry", "b": "Albi", "c": "évry"},
        "deliveries": {"delivery_count": 1, "centre_count": 1, "data_cut": dt.date(2026, 11, 20)},
        "findings": [], "tumours": [],
    }  # fmt: skip
    if "conformity" not in changes:
        given["conformity"] = protect_conformity(results(*rows), definitions, 11)
    return Release(**{**given, **changes})


BIOPSY, R0 = INDICATORS
WHOLE = (BIOPSY, P1, "all", "all", 400, 200, 100)


# --- order --------------------------------------------------------------------------------------------------------


def test_rows_come_in_the_declared_order_whatever_theirs():
    given = [
        (R0, P1, "all", "all", 400, 200, 100),
        (BIOPSY, P2, "centre", "a", 400, 200, 100),
        (BIOPSY, P1, "centre", "zz", 400, 200, 100),  # a centre without a name has its id
        (BIOPSY, P1, "centre", "a", 400, 200, 100),
        (BIOPSY, P1, "centre", "b", 400, 200, 100),
        (BIOPSY, P1, "place", "unknown", 400, 200, 100),
        (BIOPSY, P1, "place", "in_reference", 400, 200, 100),
        (BIOPSY, P1, "place", "outside", 400, 200, 100),
        (BIOPSY, P3, "all", "all", 400, 200, 100),
        WHOLE,
    ]
    expected = [
        (BIOPSY, "all", P1), (BIOPSY, "all", P3), (BIOPSY, "in_reference", P1), (BIOPSY, "outside", P1),
        (BIOPSY, "unknown", P1), (BIOPSY, "b", P1), (BIOPSY, "a", P1), (BIOPSY, "a", P2), (BIOPSY, "zz", P1),
        (R0, "all", P1),
    ]  # fmt: skip
    for order in (given, given[::-1], given[5:] + given[:5]):
        found = ordered_rows(release(conformity=results(*order)))[["indicator_id", "group_id", "period_id"]]
        assert [tuple(row) for row in found.itertuples(index=False)] == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["b", "a"], ["a", "b"]),
        (["Zoé", "zoe", "Zoë", "Ze"], ["Ze", "Zoé", "zoe", "Zoë"]),  # alike but for accents: as they came
        (["Œuvre", "Oeuvre", "Obus", "Ovaire"], ["Obus", "Oeuvre", "Ovaire", "Œuvre"]),
        (["CHU 10", "CHU 9"], ["CHU 10", "CHU 9"]),
        (["İstanbul", "istres"], ["İstanbul", "istres"]),
        (["", "a"], ["", "a"]),
    ],
)
def test_names_sort_without_accents_and_case(names: list[str], expected: list[str]):
    assert sorted(names, key=alphabetical) == expected


def test_two_centres_of_one_name_stand_by_id():
    rows = [(BIOPSY, P1, "centre", one, 400, 200, 100) for one in ("c", "b", "a")]
    assert list(centres_in_order(release(conformity=results(*rows))).items()) == [
        ("b", "Albi"),
        ("a", "Évry"),
        ("c", "évry"),
    ]


# --- figures ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("eligible", "achieved", "missing", "unknown", "low", "high", "is_doubtful"),
    [
        (400, 200, 0, 0.0, 50.0, 50.0, False),
        (400, 200, 80, 20.0, 50.0, 70.0, False),  # 20 % is not above 20 %
        (400, 200, 81, 20.25, 50.0, 70.25, True),
        (400, 200, 200, 50.0, None, None, True),  # all that is known is alike: hidden, and with it the bounds
        (400, 0, 0, 0.0, None, None, False),
    ],
)
def test_the_unknown_share_gives_the_bounds_and_the_doubt(
    eligible: int,
    achieved: int,
    missing: int,
    unknown: float,
    low: float | None,
    high: float | None,
    is_doubtful: bool,
):
    given = release((BIOPSY, P1, "all", "all", eligible, achieved, missing)).conformity.iloc[0]
    names = ["percent_missing", "bound_low", "bound_high"]
    assert [None if pd.isna(given[name]) else given[name] for name in names] == [unknown, low, high]
    assert bool(given["is_doubtful"]) == is_doubtful


@pytest.mark.parametrize(
    ("counts", "threshold", "expected"),
    [
        ([], 11, []),
        ([0], 11, [0]),
        ([10], 11, [None]),
        ([11], 11, [11]),
        ([22, 11], 11, [22, 11]),
        ([22, 12], 11, [22, None]),
        ([22, 22], 11, [22, 22]),
        ([22, 12, 11], 11, [22, None, 11]),  # compared with the last one that is shown
        ([22, 12, 0], 11, [22, None, 0]),
        ([5, 4, 3], 1, [5, 4, 3]),
    ],
)
def test_counts_that_contain_one_another_hide_small_steps(
    counts: list[int], threshold: int, expected: list[int | None]
):
    assert protect_counts(counts, threshold) == expected


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (count_markup(0), "0"),
        (count_markup(None, is_shown=False), "s"),
        (count_markup(None), "—"),
        (count_markup(1234), '<span lang="fr">1\u202f234</span><span lang="en">1,234</span>'),
        (percent_markup(0.0), '<span lang="fr">0,0\u00a0%</span><span lang="en">0.0%</span>'),
        (percent_markup(None, is_shown=False), "s"),
        (range_markup(0, 100), '<span lang="fr">0,0–100,0</span><span lang="en">0.0–100.0</span>'),
    ],
)
def test_zero_is_a_figure_and_a_mask_is_a_mask(found: Markup, expected: str):
    assert found == expected


# --- the page's rows ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("absent", [None, float("nan"), pd.NA, pd.NaT])
def test_what_is_absent_is_none_for_the_page(absent: object):
    frame = pd.DataFrame({"a": [1, absent], "b": ["x", absent]}, dtype=object)
    assert _rows(frame) == [{"a": 1, "b": "x"}, {"a": None, "b": None}]


def test_groups_keep_the_order_of_their_rows_and_are_named_in_both_languages():
    rows = [
        {"group_kind": kind, "group_id": group, "period_id": period}
        for kind, group in (("place", "outside"), ("centre", "<b>"), ("centre", "a"), ("all", "all"))
        for period in (P1, P2)
    ]
    centres = _groups(rows, "centre", {"a": "Évry & co"})
    assert [(group.name, [row["period_id"] for row in group.rows]) for group in centres] == [
        ("&lt;b&gt;", [P1, P2]), ("Évry &amp; co", [P1, P2]),
    ]  # fmt: skip
    assert [group.name for group in _groups(rows, "all", {})] == [
        '<span lang="fr">Réseau entier</span><span lang="en">Whole network</span>'
    ]
    assert _groups(rows, "nothing", {}) == []


def test_findings_stand_from_the_gravest_and_then_by_rule():
    found = [("B-2", "warning"), ("A-1", "warning"), ("C-3", "fatal"), ("SURGERY-001", "error")]
    rows = [{"rule_id": rule, "severity": severity, "finding_count": 20} for rule, severity in found]
    shown = _findings(release(WHOLE, findings=rows))
    assert [row["rule_id"] for row in shown] == ["C-3", "SURGERY-001", "A-1", "B-2"]
    assert [str(row["sentence"]) == "—" for row in shown] == [
        True,
        False,
        True,
        True,
    ]  # a rule of the past has no words


# --- tables -------------------------------------------------------------------------------------------------------


def test_each_row_of_the_tidy_table_says_what_it_is():
    place = (BIOPSY, P1, "place", "outside", 200, 100, 50)
    centre = (BIOPSY, P1, "centre", "a", 100, 50, 25)
    frame = tidy(release(WHOLE, place, centre))
    assert frame[["group_id", "group_fr", "group_en"]].to_numpy().tolist() == [
        ["all", "Réseau entier", "Whole network"],
        ["outside", "Première chirurgie hors centre de référence", "First surgery outside reference centres"],
        ["a", "Évry", "Évry"],
    ]
    assert set(frame["snapshot"]) == {3}
    assert set(frame["data_cut"]) == {dt.date(2026, 11, 20)}


def test_the_workbook_has_three_sheets_and_the_data_of_each_row():
    found = release(WHOLE)
    reading, readable, data = workbook_sheets(tidy(found), found, is_synthetic=False)
    assert [len(sheet.rows) for sheet in (readable, data)] == [1, 1]
    assert all(len(row) == len(sheet.columns) for sheet in (reading, readable, data) for row in sheet.rows)
    told = {subject: (fr, en) for subject, fr, en in reading.rows}
    assert told["Données arrêtées au / Data cut"] == ("20 novembre 2026", "20 November 2026")
    assert told["CIM-O / ICD-O"] == ("CIM-O-3.2", "ICD-O-3.2")
    assert "1 à 10" in told["Secret / Disclosure"][0]
    assert {f"{name}{part}" for name in INDICATORS for part in ("", " : N", " : ?")} <= set(told)


@pytest.mark.parametrize("is_synthetic", [True, False])
def test_synthetic_data_are_announced_first(is_synthetic: bool):
    found = release(WHOLE, deliveries={"delivery_count": 0, "centre_count": 0, "data_cut": None})
    reading = workbook_sheets(tidy(found), found, is_synthetic=is_synthetic)[0]
    assert (reading.rows[0][0] == "⚠") == is_synthetic
    assert dict((row[0], row[1]) for row in reading.rows)["Données arrêtées au / Data cut"] == "—"


@pytest.mark.parametrize(
    ("value", "plain"), [(1, 1), (None, None), ("a", "a"), (dt.date(2026, 11, 20), "2026-11-20")]
)
def test_a_day_is_written_as_iso_text(value: object, plain: object):
    assert _plain(value) == plain


# --- charts -------------------------------------------------------------------------------------------------------

TITLE = Text(fr="Titre", en="Title")


def point(
    period: str, percent: float | None, *, low: float = 0, high: float = 0, **more: Any
) -> dict[str, Any]:
    ends = {"percent_all_low": percent and percent - low, "percent_all_high": percent and percent + high}
    known = {name.replace("all", "known"): None for name in ("percent_all", *ends)}
    return {
        "period_id": period, "group_id": "all", "is_doubtful": False, "is_achieved_shown": percent is not None,
        "percent_all": percent, **ends, **known, "published_percent": None, **more,
    }  # fmt: skip


def places(svg: str, text: str) -> list[tuple[float, str]]:
    """Where a text is drawn across the figure, and to which side it is written."""
    found = re.findall(r"<text ([^>]*)>" + re.escape(text) + "</text>", svg)
    at = [re.search(r'x="([\d.]+)"', attributes) for attributes in found]
    return [
        (float(one.group(1)), "end" if "end" in attributes else "start")
        for one, attributes in zip(at, found, strict=True)
        if one
    ]


@pytest.mark.parametrize(
    ("percent", "high", "side"),
    [(10.0, 2.0, "start"), (80.0, 2.0, "start"), (80.0, 2.1, "end"), (99.0, 1.0, "end"), (0.0, 0.5, "start")],
)
def test_a_value_is_written_where_it_has_room(percent: float, high: float, side: str):
    svg = str(period_chart(TITLE, [point(P1, percent, high=high)], (), periods=PERIODS, prefix="x"))
    [(_, found)] = places(svg, f"{percent:.1f}%")
    assert found == side


def test_values_stand_across_the_figure_in_proportion():
    rows = [point(P1, 10.0), point(P2, 40.0), point(P3, 70.0)]
    svg = str(period_chart(TITLE, rows, (), periods=PERIODS, prefix="x"))
    first, second, third = (places(svg, f"{value:.1f}%")[0][0] for value in (10.0, 40.0, 70.0))
    assert second - first == pytest.approx(third - second, rel=1e-3)
    assert first < second


GREY, BLUE = "#6b6b6b", "#0072b2"


@pytest.mark.parametrize(
    ("percent", "is_doubtful", "colours", "masks"),
    [(50.0, False, {BLUE}, 0), (50.0, True, {GREY}, 0), (None, False, {GREY}, 1)],
)
def test_a_doubtful_and_a_masked_centre_are_drawn_apart(
    percent: float | None, is_doubtful: bool, colours: set[str], masks: int
):
    row = point(P1, percent, group_id="a", is_doubtful=is_doubtful)
    svg = str(centre_chart(TITLE, [row], [], centres={"a": "Albi"}, periods=PERIODS[:1], prefix="x"))
    assert {colour for colour in (GREY, BLUE) if colour in svg} == colours
    assert (len(places(svg, "s")), len(places(svg, "Albi"))) == (masks, 1)
