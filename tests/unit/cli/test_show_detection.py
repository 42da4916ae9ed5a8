"""What the terminal says of detection, in both languages."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from pipelines.cli import demo, show
from pipelines.cli.show_detection import natures, show_detection
from pipelines.detection import NATURES, AlarmScore, Detection, FaultScore
from tests.unit.cli.test_demo import NETWORK, OUTCOME, SCORES

DATE = FaultScore(
    kind="impossible_date", entity="tumour", field="diagnosis_date", nature="certain", injected=1200, detected=1195,
    missed=0, hidden=5,
)  # fmt: skip
OTHER = replace(DATE, entity="surgery", field="surgery_date", injected=100, detected=95, missed=5, hidden=0)
TYPO = FaultScore(
    kind="typo", entity="patient_identity", field="birth_name", nature="linkage", injected=7, detected=0, missed=7,
    hidden=0,
)  # fmt: skip
RARE = replace(DATE, kind="ragged_line", field=None, injected=0, detected=0, hidden=0)
SCORE = Detection(
    faults=(TYPO, DATE, RARE, OTHER),
    alarms=(
        AlarmScore(rule_id="CONTRACT-013", severity="error", alarms=13, following=12),
        AlarmScore(rule_id="SITE-015", severity="warning", alarms=30, following=0),
    ),
    clean_rows={"tumour": 1500, "surgery": 500},
)


@pytest.fixture(autouse=True)
def french_again() -> Iterator[None]:
    yield
    show.choose_language("fr")


def shown(language: str, capsys: pytest.CaptureFixture[str]) -> str:
    show.choose_language(language)
    show_detection(SCORE)
    return " ".join(capsys.readouterr().out.replace("│", " ").split())


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", [
            "impossible_date certain 1,300 1,290 5 5 99.6%", "typo for linkage 7 0 7 0 0.0%",
            "ragged_line certain 0 0 0 0 —", "Certain faults: 99.61% detected, target 99%",
            "False errors: 1 (0.50 per 1,000 rows without a fault, target 1.00)",
            "errors due to an unreadable parent: 12", "warnings: 30 (15.00)",
        ]),
        ("fr", [
            "impossible_date certain 1 300 1 290 5 5 99,6 %", "typo pour le rapprochement 7 0 7 0 0,0 %",
            "Défauts certains : 99,61 % trouvés, cible 99 %",
            "Erreurs à tort : 1 (0,50 pour 1 000 lignes sans défaut, cible 1,00)",
            "erreurs dues à un parent illisible : 12", "avertissements : 30 (15,00)",
        ]),
    ],
)  # fmt: skip
def test_the_scorecard(language: str, said: list[str], capsys: pytest.CaptureFixture[str]):
    text = shown(language, capsys)
    for one in said:
        assert one in text


def test_what_a_rule_can_be_held_to_comes_first(capsys: pytest.CaptureFixture[str]):
    text = shown("en", capsys)
    assert text.index("impossible_date") < text.index("ragged_line") < text.index("typo")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_nature_has_a_name(language: str):
    show.choose_language(language)
    assert list(natures()) == list(NATURES)
    assert len(set(natures().values())) == len(NATURES)


def test_the_demonstration_shows_it_between_the_scores_and_the_timings(capsys: pytest.CaptureFixture[str]):
    show.choose_language("en")
    demo._show(OUTCOME, SCORES, NETWORK, [("run", 44.4)], detection=SCORE)
    text = capsys.readouterr().out
    assert text.index("Coding:") < text.index("Certain faults:") < text.index("Timings")
