"""The count of ends: what a file may end as, and what is a crash of ours."""

import json
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
    assert (facts["files"], facts["ends"], facts["crashes_of_ours"]) == (1, {end: 1}, crashes)


def test_both_doors_are_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(hostile, "everything", lambda: FEW)
    monkeypatch.setattr(hostile, "bombs", lambda _: [])
    shared = tmp_path / "shared"
    shared.mkdir()
    (shared / "a.csv").write_text("IPP;NOM\n1;A\n2\n3;C\n", encoding="utf-8")
    found = measured.ends(shared, tmp_path)
    assert found["pipeline"]["ends"] == {"set aside": 2, "unknown_kind": 1, "xml_entities": 1}
    assert found["read"]["files"] == 4
    assert all(door["crashes_of_ours"] == [] for door in found.values())


def test_naughty_strings_are_followed_to_every_place(tmp_path: Path):
    (tmp_path / "naughty-strings").mkdir()
    words = ["", "../x", "a\tb", "NULL", "<script>"]
    (tmp_path / "naughty-strings" / "blns.json").write_text(json.dumps(words), encoding="utf-8")
    found = measured.naughty(tmp_path, tmp_path)
    assert found["value"] == {"exact": 5}
    assert found["file name"] == {"exact": 3, "no such name": 2}
    assert sum(found["sheet name"].values()) == 5
