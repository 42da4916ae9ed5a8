"""Strings followed to every place: what is exact, what is changed, what no system can write."""

import json
from pathlib import Path

import pytest

from benchmarks import naughty as measured

WORDS = ["", "../x", "a\tb", "NULL", "<script>"]


@pytest.fixture
def found(tmp_path: Path) -> dict[str, dict[str, dict[str, int]]]:
    (tmp_path / "naughty-strings").mkdir()
    (tmp_path / "naughty-strings" / "blns.json").write_text(json.dumps(WORDS), encoding="utf-8")
    return measured.naughty(tmp_path, tmp_path)


def test_naughty_strings_are_followed_to_every_place(found):
    alone, together = found["one per file"], found["all in one file"]
    assert alone["value"] == {"exact": 5}
    assert alone["file name"] == {"exact": 3, "no such name": 2}
    assert sum(alone["sheet name"].values()) == 5
    assert together["value"] == {"exact": 8}  # the names of the columns count
    assert sum(together["sheet name"].values()) == 5


@pytest.mark.parametrize(
    ("read", "end"),
    [
        ([[None, ["IPP"], [["1"]]]], "exact"),
        ([[None, ["IPP"], [["2"]]]], "changed"),
        ([[None, ["IPP"], [["1"]]], [None, ["x"], []]], "changed"),
        ("macros", "macros"),
    ],
)
def test_an_end_is_exact_only_when_nothing_is_changed(read, end):
    assert measured._end(measured.Case(Path("x"), [[None, ["IPP"], [["1"]]]]), read) == end


def test_an_answer_that_contradicts_its_file_is_corrected_and_said(tmp_path: Path):
    below = tmp_path / "csv-spectrum"
    for folder in ("csvs", "json"):
        (below / folder).mkdir(parents=True)
    for name, cell, answer in (
        ("simple", "1", "1"),
        ("newlines_crlf", "a\nb", "a\r\nb"),
        ("other", "1", "2"),
    ):
        (below / "csvs" / f"{name}.csv").write_bytes(f'a,b\n"{cell}",2\n3,4\n'.encode())
        rows = [{"a": answer, "b": "2"}, {"a": "3", "b": "4"}]
        (below / "json" / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")
    found = measured.csv_spectrum(tmp_path, tmp_path)
    assert (found["exact"], found["exact by the answers as they stand"]) == ("2 of 3", "1 of 3")
    assert "newlines_crlf corrected" in found
    assert "location_coordinates corrected" not in found
