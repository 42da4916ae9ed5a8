"""What the demonstration prints: the figures beside the published ones and the truth, with the causes of each gap."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.account import Account
from pipelines.cli import demo, show
from pipelines.io.configuration import load_network
from pipelines.run import Outcome
from pipelines.scores import IndicatorDifference, Scores

NETWORK = load_network("netsarc")
BIOPSY = IndicatorDifference(
    indicator_id="biopsy_before_surgery", period_id="2016_2020", true_eligible=2000, true_achieved=1500,
    eligible=1980, achieved=1440, not_found=25, not_true=5, answer_lost=30, answer_changed=7,
)  # fmt: skip
EARLY = replace(BIOPSY, period_id="2010_2012", eligible=0, achieved=0)
MARGIN = replace(BIOPSY, indicator_id="r1_first_surgery", period_id="2013_2015")
SCORES = Scores(
    link_precision=0.9987, link_recall=0.95, people_found=43_000, people_true=43_975, diagnoses=1100,
    diagnoses_right=990, diagnoses_uncoded=100, differences=(MARGIN, BIOPSY, EARLY),
)  # fmt: skip
OUTCOME = Outcome(
    run_id=1, outcome="published", snapshot=1, report=Path("home/reports"), refusals=(), finding_counts={"error": 1200},
    accounts=(Account(step="stage", table="t", rows_in=10, rows_out=9, rows_merged=1),
              Account(step="stage", table="u", rows_in=5, rows_out=2, rows_set_aside=3),
              Account(step="link", table="t", rows_in=9, rows_out=9)), is_over_budget=False,
)  # fmt: skip


@pytest.fixture(autouse=True)
def french_again() -> Iterator[None]:
    yield
    show.choose_language("fr")


def shown(language: str, capsys: pytest.CaptureFixture[str]) -> str:
    show.choose_language(language)
    demo._show(OUTCOME, SCORES, NETWORK, [("synth", 1.26), ("run", 44.4)])
    return " ".join(capsys.readouterr().out.replace("│", " ").split())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", [
            "stage 15 11 3 1 0", "Findings: error 1,200",
            "Linkage: precision 99.87%, recall 95.00% (43,000 / 43,975 people)",
            "Coding: 99.00% exact among the coded, 100 proposed to a human",
            "synth 1.3 s", "run 44.4 s", "Synthetic data: no real person.", "home/reports",
        ]),
        ("fr", [
            "Rapprochement : précision 99,87 %, rappel 95,00 % (43 000 / 43 975 personnes)",
            "Codage : 99,00 % exacts parmi les codés, 100 proposés à un humain",
            "synth 1,3 s", "Données synthétiques : aucune personne réelle.",
        ]),
    ],
)  # fmt: skip
def test_the_end_of_the_demonstration(language: str, said: list[str], capsys: pytest.CaptureFixture[str]):
    text = shown(language, capsys)
    for one in said:
        assert one in text


@pytest.mark.parametrize(
    "cells",
    [
        # period, N, network, published, truth, lost/false/silent/changed
        ["2016–2020", "1,980", "72.7%", "72.6%", "75.0%", "25 / 5 / 30 / 7"],
        ["2010–2012", "0", "0.0%", "62.9%", "75.0%", "25 / 5 / 30 / 7"],
        [
            "2013–2015",
            "1,980",
            "72.7%",
            "—",
            "75.0%",
            "25 / 5 / 30 / 7",
        ],  # nothing was published for this one
    ],
)
def test_a_line_of_the_indicators(cells: list[str], capsys: pytest.CaptureFixture[str]):
    show.choose_language("en")
    demo._show_indicators(SCORES, NETWORK)
    lines = [[cell.strip() for cell in line.split("│")] for line in capsys.readouterr().out.splitlines()]
    assert [cells] == [line[2:-1] for line in lines if len(line) > 3 and line[2] == cells[0]]


def test_the_lines_follow_the_network_then_the_period():
    found = demo._in_network_order(SCORES, NETWORK)
    assert found == [EARLY, BIOPSY, MARGIN]


def test_a_difference_without_a_period_is_not_a_line():
    lost = replace(BIOPSY, period_id=None)  # type: ignore[arg-type]
    assert demo._in_network_order(replace(SCORES, differences=(lost, BIOPSY)), NETWORK) == [BIOPSY]


def test_the_document_of_the_demonstration():
    found = demo._facts(SCORES, [("synth", 1.0), ("run", 2.0)])
    assert found["seconds"] == {"synth": 1.0, "run": 2.0}
    assert found["scores"]["link_recall"] == 0.95
    assert found["scores"]["differences"][1]["not_found"] == 25


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        (
            [("receive", None, 1.0), ("stage", "alpha", 9.0), ("link", None, 2.0)],
            [("receive", 1.0), ("link", 2.0)],
        ),
        ([], []),
    ],
)
def test_the_time_of_a_centre_is_part_of_the_staging(
    steps: list[tuple[str, str | None, float]], expected: list[tuple[str, float]]
):
    rows = [{"step": name, "centre_id": centre, "seconds": time} for name, centre, time in steps]
    assert demo._durations(rows) == expected


@pytest.mark.parametrize(
    ("coded", "right", "accuracy"),
    [((1100, 100), 990, 0.99), ((5, 5), 0, 0.0), ((0, 0), 0, 0.0), ((4, 0), 4, 1.0)],
)
def test_an_uncoded_diagnosis_is_neither_right_nor_wrong(coded: tuple[int, int], right: int, accuracy: float):
    one = replace(SCORES, diagnoses=coded[0], diagnoses_uncoded=coded[1], diagnoses_right=right)
    assert one.coding_accuracy == accuracy
