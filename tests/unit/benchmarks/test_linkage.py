"""The page of linkage: means and intervals over seeds, verdicts against what is asked, absent parts stay absent."""

import json

import pytest

from benchmarks import linkage as module
from benchmarks.linkage_page import page
from pipelines.link.evaluate import LinkageScores
from pipelines.synthetic.calibration import load_calibration

STAMP = {"date": "2026-11-29", "machine": "2 cores"}
SCORE = {
    "records": 100, "true_pairs": 50, "twin_pairs": 4, "persons_with_two_ins": 0, "precision": 1.0, "recall": 0.96,
    "f1": 0.98, "b3_precision": 1.0, "b3_recall": 0.98, "b3_f1": 0.99, "blocking_recall": 0.996,
    "reviewed_share": 0.005, "recall_after_review": 0.99, "twins_apart": 1.0,
}  # fmt: skip


def shown(part="registry", *changes):
    scores = [SCORE | change for change in (changes or ({},))]
    found = {"patients": 100, "seeds": list(range(len(scores))), "scores": scores}
    lines = page({part: {**STAMP, "found": found}}).splitlines()
    return {
        cells[1]: cells[2:-1]
        for cells in ([c.strip() for c in line.split("|")] for line in lines)
        if len(cells) > 5
    }


@pytest.mark.parametrize(
    ("part", "measure", "value", "verdict"),
    [
        ("registry", "precision", 0.9989, "**not met**"), ("registry", "precision", 0.999, "met"),
        ("registry", "recall", 0.9549, "**not met**"), ("registry", "reviewed_share", 0.0101, "**not met**"),
        ("registry", "reviewed_share", 0.01, "met"), ("registry", "blocking_recall", 0.994, "**not met**"),
        ("registry", "twins_apart", 0.5, ""), ("stress", "twins_apart", 0.994, "**not met**"),
        ("stress", "precision", 0.995, "met"), ("stress", "recall", 0.93, "**not met**"),
    ],
)  # fmt: skip
def test_verdict(part, measure, value, verdict):
    heading = {"reviewed_share": "records in review", "blocking_recall": "blocking recall"}.get(
        measure, measure.replace("_", " ")
    )
    assert shown(part, {measure: value})[heading][-1] == verdict


def test_the_interval_is_that_of_the_seeds():
    """Student with one degree of freedom: 12.706 standard errors on either side, within 0 and 100 %."""
    row = shown("registry", {"recall": 0.960}, {"recall": 0.961})["recall"]
    assert row[:2] == ["96.05 (95.41–96.69)", "96.00–96.10"]


def test_a_part_that_was_never_measured_is_absent():
    assert "##" not in page({})


def test_a_small_network_is_measured(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "RESULTS", tmp_path / "linkage.json")
    monkeypatch.setattr(module, "PAGE", tmp_path / "page.md")
    monkeypatch.delenv("RESEAU_LINKAGE_SETS", raising=False)
    module.main(["quality", "sets", "--patients", "60", "--seeds", "1"])
    found = json.loads((tmp_path / "linkage.json").read_text())["stress"]["found"]["scores"][0]
    assert set(found) == set(LinkageScores.__annotations__)
    assert "## Stress" in (tmp_path / "page.md").read_text()
    assert "## Development sets" not in (tmp_path / "page.md").read_text()


def test_other_rates():
    cal = load_calibration("netsarc")
    assert cal.with_rates({"twins": 1.6}).rate("twins") == 1.6
    assert cal.rate("twins") == 0.16
    with pytest.raises(KeyError):
        cal.with_rates({"twinz": 1.6})
