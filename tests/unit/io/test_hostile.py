"""No hostile file breaks us: each is loaded, loaded with rows set aside, or refused with a code."""

from pathlib import Path

import pytest

from pipelines.errors import FileRefused
from pipelines.io.exports import read_table
from pipelines.io.exports import read_tables as read_all
from pipelines.io.reading.limits import Limits
from pipelines.io.reading.read_file import find_tables
from pipelines.io.reading.text_tables import NOTHING_KNOWN
from tests import hostile
from tests.dialects import export, sheet
from tests.hostile import ASIDE, LOADED, Hostile

SMALL = Limits(ratio_from=1 << 20)


def end_of(file: Hostile, folder: Path, *, limits: Limits | None = None) -> str:
    """How the reading of a file ends: loaded, with rows set aside, or the code of its refusal."""
    path = folder / "store"
    path.write_bytes(file.make())
    try:
        [table] = read_all(
            path, export=export(format=file.file_format), sheets=[sheet()], name=file.name, limits=limits
        )
    except FileRefused as problem:
        return problem.refusal.code
    assert len(table.lines) >= 2 or file.file_format != "csv"
    return ASIDE if table.ragged else LOADED


@pytest.mark.parametrize("file", hostile.everything(), ids=lambda file: file.name)
def test_a_hostile_file_has_an_end(file: Hostile, tmp_path: Path):
    assert end_of(file, tmp_path) in file.ends


NO_DATA = {"xml_entities", "macros", "external_links", "password_protected", "unsafe_path_in_archive"}


@pytest.mark.parametrize(
    "file", [file for file in hostile.documents() if NO_DATA & set(file.ends)], ids=lambda file: file.name
)
def test_what_is_no_data_is_refused_to_whoever_asks_what_is_in_a_file(file: Hostile):
    with pytest.raises(FileRefused) as refused:
        find_tables(file.make(), name="x", overrides=NOTHING_KNOWN, limits=Limits())
    assert refused.value.refusal.code in file.ends


@pytest.mark.parametrize("file", hostile.bombs(4), ids=lambda file: file.name)
def test_a_bomb_is_refused(file: Hostile, tmp_path: Path):
    assert end_of(file, tmp_path, limits=SMALL) == "decompression_bomb"


def test_the_rows_beside_a_hostile_one_are_read(tmp_path: Path):
    path = tmp_path / "store"
    path.write_bytes(hostile.CSV + b"3;C\0;z\n4;D;w\n")
    table = read_table(path, export=export(), sheet=sheet(), name="x.csv")
    assert table.frame["IPP"].tolist() == ["1", "2", "4"]


def test_more_cells_than_allowed_are_refused(tmp_path: Path):
    path = tmp_path / "store"
    path.write_bytes(hostile.CSV)
    with pytest.raises(FileRefused) as refused:
        read_all(path, export=export(), sheets=[sheet()], name="x.csv", limits=Limits(cells=5))
    assert refused.value.refusal.code == "over_limit"


def test_a_file_that_is_too_large_is_not_opened(tmp_path: Path):
    path = tmp_path / "store"
    path.write_bytes(hostile.CSV)
    with pytest.raises(FileRefused) as refused:
        read_all(path, export=export(), sheets=[sheet()], name="x.csv", limits=Limits(total_bytes=10))
    assert refused.value.refusal.code == "over_limit"
