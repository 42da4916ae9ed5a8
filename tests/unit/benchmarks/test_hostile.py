"""The count of ends: what a file may end as, and what is a crash of ours."""

import os
from pathlib import Path

import pytest

from benchmarks import hostile as measured
from benchmarks.hostile import Ends
from pipelines.errors import RefusalCode, WorkerError
from pipelines.refusals import refused
from tests import hostile

FEW = [
    file
    for file in hostile.everything()
    if file.name in ("null characters", "pdf named csv", "outside in ods")
]


def refusing() -> str:
    raise refused(RefusalCode.MACROS, "x.xlsm")


def failing() -> str:
    raise WorkerError("no worker")


@pytest.mark.parametrize(
    ("read", "end", "crashes"),
    [
        (lambda: "loaded", "loaded", []),
        (lambda: "set aside", "set aside", []),
        (refusing, "macros", []),
        (failing, "WorkerError", ["x"]),
        (lambda: "half loaded", "half loaded", ["x"]),
    ],
)
def test_an_end_is_counted(read, end, crashes):
    found = Ends()
    found.take("x", read)
    facts = found.facts()
    assert (facts["files"], facts["ends"]) == (1, {end: 1})
    assert (facts["crashes of ours"], facts["files that crashed us"]) == (len(crashes), crashes or "none")


@pytest.fixture
def few_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three generated files, written by this process: another would write all of them."""
    monkeypatch.setattr(hostile, "everything", lambda: FEW)
    monkeypatch.setattr(hostile, "bombs", lambda _: [])
    monkeypatch.setattr(measured, "generated_elsewhere", measured.write_generated)
    monkeypatch.delenv("RESEAU_HOSTILE_FILES", raising=False)


@pytest.mark.usefixtures("few_files")
def test_both_doors_are_measured():
    found = measured.measure()
    assert "NOT read" in found["shared files"]
    assert found["files written outside the sandbox"] == 0
    doors = found["generated files"]
    assert doors["pipeline"]["ends"] == {"set aside": 1, "unknown_kind": 1, "xml_entities": 1}
    assert {door["files"] for door in doors.values()} == {3}
    assert all(door["crashes of ours"] == 0 for door in doors.values())


@pytest.mark.parametrize(
    ("content", "end"),
    [
        ("IPP;NOM\n1;A\n3;C\n", "loaded"),
        ("IPP;NOM\n1;A\n2\n3;C\n", "set aside"),
        ("Export du jour\n\nIPP;NOM\n1;A\n3;C\n", "loaded"),  # below a preamble
        ("Patient;;Suivi;\nIPP;NOM;Date;Ville\n1;A;2019;x\n3;C;2020;y\n", "loaded"),  # a header of two rows
        ("1;A\n2;B\n3;C\n", "loaded"),  # without a header
        ("IPP;NOM;NOM\n1;A;x\n3;C;y\n", "loaded"),  # a name twice
        ("IPP\n1\n2\n3\n", "loaded"),  # without a separator
        ("", "empty_file"),
    ],
)
def test_the_pipeline_reads_by_the_header_that_was_found(content: str, end: str, tmp_path: Path):
    path = tmp_path / "a.csv"
    path.write_text(content, encoding="utf-8")
    ends = Ends()
    ends.take("a.csv", lambda: measured.by_pipeline(path, measured.guess(path)))
    assert ends.counts == {end: 1}


@pytest.mark.parametrize("place", ["slip", "generated/slip", "a/b/slip", "a/b/c/children/left behind"])
def test_a_file_outside_the_sandbox_is_seen(place: str, tmp_path: Path):
    (tmp_path / "generated").mkdir()
    with measured._sandbox(tmp_path) as outside:
        (tmp_path / place).write_bytes(b"x")
    assert outside == [Path(place).name]


def test_a_file_that_was_changed_or_removed_is_seen(tmp_path: Path):
    for name in ("kept", "changed", "removed"):
        (tmp_path / name).write_bytes(b"x")
    with measured._sandbox(tmp_path) as outside:
        os.utime(tmp_path / "changed", (0, 0))
        (tmp_path / "removed").unlink()
    assert outside == ["changed", "removed"]


def test_a_file_that_an_archive_threw_far_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    far, near = tmp_path / "far", tmp_path / "near"
    far.mkdir()
    monkeypatch.setenv("HOME", str(far))
    with measured._sandbox(near) as outside:
        (far / "evil.txt").write_bytes(b"x")
        (far / "something else").write_bytes(b"x")
    assert outside == ["evil.txt"]
