"""The page of detection: what a share is, what its interval is, when a target is met. A small network is measured."""

from pathlib import Path

import pytest

from benchmarks import detection as module
from benchmarks.detection import interval, main, page
from pipelines.detection import NATURES, AlarmScore, Detection, FaultScore

DATE = FaultScore(
    kind="impossible_date", entity="tumour", field="diagnosis_date", nature="certain", injected=100, detected=98,
    missed=2, hidden=0,
)  # fmt: skip
LINE = FaultScore(
    kind="ragged_line",
    entity="tumour",
    field=None,
    nature="certain",
    injected=900,
    detected=895,
    missed=0,
    hidden=5,
)
SLIP = FaultScore(
    kind="unit_slip",
    entity="tumour",
    field="size_mm",
    nature="sometimes",
    injected=10,
    detected=1,
    missed=9,
    hidden=0,
)


def alarm(rule_id: str, severity: str, alarms: int, following: int = 0) -> AlarmScore:
    return AlarmScore(rule_id=rule_id, severity=severity, alarms=alarms, following=following)


def card(*alarms: AlarmScore) -> Detection:
    return Detection(faults=(DATE, LINE, SLIP), alarms=alarms, clean_rows={"tumour": 2610, "surgery": 7390})


def shown(*scores: Detection) -> str:
    by_seed = dict(enumerate(scores, start=1))
    return page(by_seed, patients=43_975, date="2026-11-29", machine="2 cores, 24 GiB")


@pytest.mark.parametrize(
    ("count", "n", "of", "expected"),
    [
        (0, 0, 100, "–"),
        (10, 10, 100, "72.25–100.00"),
        (0, 10, 100, "0.00–27.75"),
        (50, 100, 100, "40.38–59.62"),  # the example of every textbook
        (1, 1000, 1000, "0.18–5.64"),
    ],
)
def test_the_interval_of_wilson(count: int, n: int, of: int, expected: str):
    assert interval(count, n, of=of) == expected


def test_the_page_says_when_and_on_what_it_was_measured():
    text = shown(card(), card())
    assert "on 2026-11-29: 2 cores, 24 GiB. Networks of 43,975 patients, seed 1, 2." in text
    assert "| impossible_date · tumour.diagnosis_date | 200 | 196 | 4 | 0 | 98.00 |" in text
    assert "| ragged_line · tumour | 1,800 | 1,790 | 0 | 10 | 100.00 | 99.79–100.00 |" in text
    assert "| 1 | 1,010 | 99.80 | 0 | 0 | 0.0 |" in text


@pytest.mark.parametrize(
    ("alarms", "said"),
    [
        ((), "| recall of the certain faults ≥ 99% | 99.80 | 995 | 99.27–99.94 | met |"),
        ((), "| recall of the worst certain fault ≥ 99% | 98.00 |  |  | **not met** |"),
        ((), "rows without a fault | 0.00 (0) | 10,000 | 0.00–0.38 | met |"),
        ((alarm("DATE-101", "error", 10),), "rows without a fault | 1.00 (10) | 10,000 | 0.54–1.84 | met |"),
        (
            (alarm("DATE-101", "error", 11),),
            "rows without a fault | 1.10 (11) | 10,000 | 0.61–1.97 | **not met** |",
        ),
        (
            (alarm("CONTRACT-013", "error", 11, 9),),
            "rows without a fault | 0.20 (2) | 10,000 | 0.05–0.73 | met |",
        ),
        (
            (alarm("CONTRACT-013", "error", 11, 9),),
            "unreadable parent | 1.10 (11) | 10,000 | 0.61–1.97 | **not met** |",
        ),
        ((alarm("SITE-001", "info", 10),), "any one SITE rule ≤ 1 in 261 | 1 in 261 | 2,610 |  | met |"),
        (
            (alarm("SITE-001", "info", 11),),
            "any one SITE rule ≤ 1 in 261 | 1 in 237 | 2,610 |  | **not met** |",
        ),
        ((), "any one SITE rule ≤ 1 in 261 | none | 2,610 |  | met |"),
    ],
)
def test_a_target_is_met_or_not(alarms: tuple[AlarmScore, ...], said: str):
    assert said in shown(card(*alarms))


def test_errors_warnings_and_sites_have_their_tables():
    text = shown(
        card(
            alarm("CONTRACT-014", "error", 7, 5),
            alarm("SITE-015", "warning", 3),
            alarm("SITE-101", "info", 9),
        )
    )
    assert "| CONTRACT-014 | 7 | 5 |" in text
    assert "| SITE-015 | 3 | 0.30 |" in text
    assert "| SITE-101 | info | 9 | 1 in 290 |" in text
    assert "3 warnings on 10,000 rows without a fault: 0.3 per 1,000." in text
    assert "together asked about 3: 1 in 870." in text


def test_every_nature_has_its_section_and_its_reason():
    assert list(module.WHY) == list(module.TITLES) == list(NATURES)
    assert [title for title in module.TITLES.values() if f"## {title}\n" not in shown(card())] == []


def test_each_seed_is_measured_and_the_page_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    asked = []
    monkeypatch.setattr(module, "measure", lambda *of: asked.append(of) or card())
    main(["4", "5", "--patients", "700", "--out", str(tmp_path / "page.md")])
    assert asked == [(4, 700), (5, 700)]
    assert "Networks of 700 patients, seed 4, 5." in (tmp_path / "page.md").read_text(encoding="utf-8")
