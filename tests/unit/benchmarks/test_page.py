"""The page of the benchmarks: what was measured, as it was measured, and nothing of a run that failed."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import run as module
from benchmarks.measure import Cost
from benchmarks.page import SECTIONS, STEPS, page
from benchmarks.run import _cost

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


READER = {"simple": 9.9, "weighted": 9.75, "refused": 1, "crashed": 0, "seconds": 61.25, "slowest": 0.5}
FIGURES: dict[str, dict[str, Any]] = {
    "dialects": {
        "files": 3116,
        "readers": {
            "reseau": READER | {"families": {"standard": 10.0, "quote": 9.5}},
            "other": READER | {"simple": 5.0, "families": {"standard": 8.0, "quote": 1.0}},
        },
    },
    "intake": {
        "sizes": [
            {
                "patients": patients,
                "export_mib": 42.8 * times,
                "floor": {"seconds": 2.0 * times, "cpu_seconds": 2.1 * times, "peak_mib": 150},
                "intake": {"seconds": 5.0 * times, "cpu_seconds": 8.0 * times, "peak_mib": 1024},
                "ratio": 2.5,
                "cpu_ratio": 3.81,
            }
            for patients, times in ((44_000, 1), (440_000, 9))
        ]
    },
    "hostile": {
        "files": 1234,
        "refused": {"empty_file": 7, "zip_bomb": 3},
        "is_safe": True,
        "slowest": [1.5, 2],
    },
}


def measured(*names: str) -> dict[str, Any]:
    origin = {"date": "2026-11-22", "machine": "2 cores"}
    return {"sections": {name: origin | {"figures": FIGURES[name]} for name in names}}


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ("dialects", "| reseau | 9.900 | 9.750 | 1 | 0 | 61.2 s | 0.50 s |"),
        ("dialects", "| quote | 9.500 | 1.000 |"),
        ("dialects", "3,116 generated files"),
        ("intake", "| 44,000 | 42.8 | 2.0 s (2.1 s) | 5.0 s (8.0 s) | 1,024 MiB | 2.5 (3.8) |"),
        ("intake", "From 44,000 to 440,000 patients (10 times), intake takes 9.0 times as long."),
        ("hostile", "| files | 1,234 |"),
        ("hostile", "| refused · zip bomb | 3 |"),
        ("hostile", "| is safe | True |"),
        ("hostile", "| slowest | 1.5, 2 |"),
    ],
)
def test_what_a_section_says(section: str, said: str):
    assert said in page(measured(section))


@pytest.mark.parametrize("section", FIGURES)
def test_a_section_says_when_and_where_it_was_measured(section: str):
    text = page(measured(section))
    assert f"*`python -m benchmarks.run --only {section}` on 2026-11-22: 2 cores.*" in text


def test_what_was_never_measured_is_absent():
    text = page(measured("dialects"))
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# Benchmarks",
        "## Intake",
        f"### {SECTIONS['dialects']}",
    ]
    assert "Intake" not in page(results(size(4_400)))
    assert page({}) == "# Benchmarks\n"


def test_sections_come_in_their_order_after_the_chain():
    text = page(results(size(4_400)) | measured("intake", "dialects", "hostile"))
    places = [
        text.index(title) for title in ("Seconds per step", *(SECTIONS[n] for n in ("hostile", "dialects")))
    ]
    assert places == sorted(places)
    assert text.index(SECTIONS["dialects"]) < text.index(SECTIONS["intake"])


def test_every_table_of_the_sections_is_rectangular():
    blocks = page(measured(*FIGURES)).split("\n\n")
    tables = [block.splitlines() for block in blocks if block.startswith("|")]
    assert len(tables) == 4
    assert [len({line.count("|") for line in lines}) for lines in tables] == [1] * 4


@pytest.fixture
def published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The figures of an earlier day, in a folder of the test."""
    monkeypatch.setattr(module, "RESULTS", tmp_path / "results.json")
    monkeypatch.setattr(module, "PAGE", tmp_path / "page.md")
    (tmp_path / "results.json").write_text(json.dumps(results(size(4_400)) | measured("hostile", "dialects")))
    return tmp_path


def test_one_section_is_measured_and_the_others_keep_their_figures(
    published: Path, monkeypatch: pytest.MonkeyPatch
):
    new = FIGURES["dialects"] | {"files": 5}
    monkeypatch.setattr(module, "_alone", lambda section: new)
    module.measure_section("dialects")
    after = json.loads((published / "results.json").read_text())
    assert after["sections"]["dialects"]["figures"]["files"] == 5
    assert after["sections"]["hostile"] == measured("hostile")["sections"]["hostile"]
    assert after["sizes"] == [size(4_400)]
    assert (published / "page.md").read_text() == page(after)


@pytest.mark.parametrize(
    ("arguments", "sizes", "sections"),
    [
        ([], list(module.SIZES), list(SECTIONS)),
        (["4400"], [4400], []),
        (["--only", "dialects"], None, ["dialects"]),
        (["--only", "chain", "--only", "intake", "44000"], [44_000], ["intake"]),
    ],
)
def test_what_is_measured_is_what_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], sizes: list[int] | None, sections: list[str]
):
    chains: list[list[int]] = []
    parts: list[str] = []
    monkeypatch.setattr(module, "measure_chain", chains.append)
    monkeypatch.setattr(module, "measure_section", parts.append)
    monkeypatch.setattr("sys.argv", ["run", *arguments])
    module.main()
    assert chains == ([] if sizes is None else [sizes])
    assert parts == sections


def test_a_section_without_a_program_changes_nothing(published: Path, capsys: pytest.CaptureFixture[str]):
    before = (published / "results.json").read_text()
    module.measure_section("nothing_of_the_kind")
    assert (published / "results.json").read_text() == before
    assert "no such program" in capsys.readouterr().out


def test_the_page_of_the_repository_is_that_of_its_figures():
    root = Path(__file__).resolve().parents[3]
    known = json.loads((root / "benchmarks" / "results.json").read_text(encoding="utf-8"))
    assert (root / "docs" / "benchmarks.md").read_text(encoding="utf-8") == page(known)
