"""The one place that listens: on this machine alone, and what it gives of a folder."""

from pathlib import Path

import pytest

from pipelines.errors import ServeError
from pipelines.io.local_server import file_below, listen


def test_it_listens_on_this_machine_alone():
    with listen(0) as opened:
        address, port = opened.getsockname()
    assert (address, port > 0) == ("127.0.0.1", True)


def test_a_port_that_another_program_has_is_refused_with_what_to_do():
    with listen(0) as taken, pytest.raises(ServeError, match="--port") as refused:
        listen(taken.getsockname()[1])
    assert refused.value.where.startswith("127.0.0.1:")


@pytest.mark.parametrize(
    ("name", "is_given"),
    [
        ("a.html", True), ("in/b.html", True), ("in/../a.html", True), ("in", False), ("", False), ("none.html", False),
        ("../secret", False), ("in/../../secret", False), ("/etc/hostname", False), ("out", False), ("loop", False),
        ("folder/secret", False), ("a.html\0", False), ("x" * 5000, False), ("inside", True),
    ],
)  # fmt: skip
def test_only_files_of_the_folder_are_given(tmp_path: Path, name: str, is_given: bool):
    folder = tmp_path / "folder"
    (folder / "in").mkdir(parents=True)
    for file in (folder / "a.html", folder / "in" / "b.html", tmp_path / "secret"):
        file.write_text("x")
    (folder / "out").symlink_to(tmp_path / "secret")
    (folder / "folder").symlink_to(tmp_path)
    (folder / "loop").symlink_to(folder / "loop")
    (folder / "inside").symlink_to(folder / "a.html")
    assert (file_below(folder, name) is not None) == is_given
