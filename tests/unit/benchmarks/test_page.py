"""The page of the benchmarks: what was measured, as it was measured, and nothing of a run that failed."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks import run as module
from benchmarks.measure import Cost
from benchmarks.run import STEPS, _cost, page

COSTS = {"synth": (4.04, 512.4), "run": (30.0, 1536.5), "again": (2.25, 300.0), "floor": (1.5, 200.0)}


def size(patients: int, times: float = 1.0) -> dict[str, Any]:
    costs = {
        name: {"seconds": seconds * times, "peak_mib": peak, "exit_code": 0}
        for name, (seconds, peak) in COSTS.items()
    }
    steps = {name: rank + 0.26 for rank, name in enumerate(STEPS)}
    return {"patients": patients, "export_mib": 12.3 * times, "costs": costs, "steps": steps}


def results(*sizes: dict[str, Any]) -> dict[str, Any]:
    return {"date": "2026-11-21", "machine": "2 cores, 24 GiB, Python 3.11.7", "sizes": list(sizes)}


def test_the_line_of_a_size():
    text = page(results(size(44_000)))
    assert "| 44,000 | 12.3 | 4.0 s / 512 MiB | 30.0 s / 1,536 MiB | 2.2 s / 300 MiB | 1.5 s | 20.0 |" in text
    assert "| 44,000 | 0.3 | 1.3 | 2.3 | 3.3 | 4.3 | 5.3 |" in text


def test_the_page_names_the_day_and_the_machine():
    assert "on 2026-11-21: 2 cores, 24 GiB, Python 3.11.7." in page(results(size(44_000)))


def test_every_line_of_a_table_has_as_many_cells_as_its_header():
    lines = [line for line in page(results(size(4_400), size(44_000))).splitlines() if line.startswith("|")]
    widths = [line.count("|") for line in lines]
    assert widths == [8] * 4 + [len(STEPS) + 2] * 4


def test_a_step_that_was_not_needed_took_no_time():
    found = size(4_400)
    del found["steps"]["report"]
    assert page(results(found)).splitlines()[-1].endswith("| 4.3 | 0.0 |")


@pytest.mark.parametrize(
    ("sizes", "said"),
    [
        (
            [size(4_400), size(44_000, 8.5)],
            "From 4,400 to 44,000 patients (10 times), `run` takes 8.5 times as long.",
        ),
        (
            [size(4_400), size(44_000, 8.0), size(440_000, 88.0)],
            "From 44,000 to 440,000 patients (10 times), `run` takes 11.0 times as long.",
        ),
    ],
)
def test_the_growth_is_of_the_two_largest_sizes(sizes: list[dict[str, Any]], said: str):
    text = page(results(*sizes))
    assert said in text
    assert text.count("times as long") == 1


def test_one_size_has_no_growth():
    assert "times as long" not in page(results(size(4_400)))


@pytest.mark.parametrize(
    ("code", "allowed", "stops"), [(0, (0,), False), (1, (0, 1), False), (1, (0,), True), (2, (0, 1), True)]
)
def test_a_command_that_failed_is_not_a_figure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, allowed: tuple[int, ...], stops: bool
):
    monkeypatch.setattr(module, "run", lambda command, *, log: Cost(1.0, 2.0, code))
    if stops:
        with pytest.raises(SystemExit, match=f"run ended with {code}; see .*log.txt"):
            _cost("run", ["pipelines", "run"], tmp_path / "log.txt", allowed=allowed)
    else:
        assert _cost("run", ["pipelines", "run"], tmp_path / "log.txt", allowed=allowed).exit_code == code


def test_a_size_is_measured_by_the_commands_of_a_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "exports" / "alpha").mkdir(parents=True)
    (tmp_path / "exports" / "alpha" / "a.csv").write_bytes(b"x" * 3 * 2**20)
    asked: list[list[str]] = []

    def remember(command: list[str], *, log: Path) -> Cost:
        asked.append(command[2:])
        return Cost(1.0, 2.0, 0)

    monkeypatch.setattr(module, "run", remember)
    monkeypatch.setattr(module, "_steps", lambda home: {"link": 1.0})
    found = module.measure(500, tmp_path)
    home, inbox = str(tmp_path / "home"), str(tmp_path / "exports")
    night = ["pipelines", "run", "--inbox", inbox, "--home", home]
    assert asked == [
        ["pipelines", "synth", "--patients", "500", "--seed", "1", "--out", str(tmp_path)],
        night,
        night,  # again: nothing is new
        ["benchmarks.floor", inbox, str(tmp_path / "floor")],
    ]
    assert (found["patients"], found["export_mib"], list(found["costs"])) == (
        500,
        3.0,
        ["synth", "run", "again", "floor"],
    )
    assert page(results(found)).count("| 500 |") == 2


def test_the_options_of_those_commands_exist(capsys: pytest.CaptureFixture[str]):
    from pipelines.cli.app import run_command

    for command, options in (("synth", ("--patients", "--seed", "--out")), ("run", ("--inbox", "--home"))):
        run_command([command, "--help"])
        shown = capsys.readouterr().out
        assert all(option in shown for option in options)
