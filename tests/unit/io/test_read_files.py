"""The files of a centre read together: as each alone, and none pays for another."""

from pathlib import Path

import pytest

from pipelines.errors import Refusal
from pipelines.io import exports
from pipelines.io.exports import DeclaredFile, SourceTable, read_files, read_tables
from tests import hostile
from tests.dialects import export, sheet

CONTENTS = {
    "first.csv": hostile.CSV,
    "empty.csv": b"",
    "ragged.csv": hostile.CSV + b"3;C;z;too;many\n",
    "zip.csv": b"PK\x03\x04 cut off",
    "last.csv": hostile.CSV + b"9;Z;y\n",
}
ENDS = ["2 rows", "empty_file", "2 rows, 1 aside", "truncated_archive", "3 rows"]


@pytest.fixture
def files(tmp_path: Path) -> list[DeclaredFile]:
    found = []
    for name, content in CONTENTS.items():
        path = tmp_path / f"store-{name}"  # a store names files by their content, the centre by its own names
        path.write_bytes(content)
        found.append(DeclaredFile(path=path, name=name, sheets=(sheet(),)))
    return found


def ends(files: list[DeclaredFile]) -> list[str]:
    return [said(found) for found in read_files(files, export=export())]


def said(found: list[SourceTable] | Refusal) -> str:
    if isinstance(found, Refusal):
        return found.code
    [table] = found
    aside = f", {len(table.ragged)} aside" if table.ragged else ""
    return f"{len(table.lines)} rows{aside}"


def test_each_file_has_its_own_end_in_order(files: list[DeclaredFile]):
    assert ends(files) == ENDS


def test_a_child_that_dies_of_one_file_costs_the_others_nothing(
    files: list[DeclaredFile], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(exports, "_SECONDS_TOGETHER", 0)  # it is killed at once, whatever it reads
    assert ends(files) == ENDS


def test_a_refusal_bears_the_name_that_the_centre_gave(files: list[DeclaredFile]):
    refusals = [found for found in read_files(files, export=export()) if isinstance(found, Refusal)]
    assert [refusal.file for refusal in refusals] == ["empty.csv", "zip.csv"]


def test_together_as_alone(files: list[DeclaredFile]):
    first, *_, last = read_files(files, export=export())
    for file, [found] in ((files[0], first), (files[-1], last)):
        [alone] = read_tables(file.path, export=export(), sheets=file.sheets, name=file.name)
        assert found.frame.equals(alone.frame)
        assert (found.lines.tolist(), found.missing, found.unmapped) == (
            alone.lines.tolist(), alone.missing, alone.unmapped,
        )  # fmt: skip


@pytest.mark.parametrize(
    ("together", "groups"),
    [(10**6, [[3, 3, 3]]), (6, [[3, 3], [3]]), (5, [[3], [3], [3]]), (1, [[3], [3], [3]])],
)
def test_files_share_a_child_while_they_are_small_together(
    together: int, groups: list[list[int]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(exports, "_TOGETHER", together)
    (tmp_path / "x").write_bytes(b"abc")
    files = [DeclaredFile(path=tmp_path / "x", name="x", sheets=())] * 3
    assert [[one.path.stat().st_size for one in group] for group in exports._groups(files)] == groups


def test_no_file_is_no_work():
    assert list(read_files([], export=export())) == []
