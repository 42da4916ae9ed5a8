"""Pages and folders that we write: documents that load nothing, a demonstration that empties only its own folder."""

import re
from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.io.data_docs import make_offline
from pipelines.io.demo_folder import MARK, fresh
from pipelines.io.pages import write_pages
from validations.expectations import ExpectationSummary, TableResult

SUMMARY = ExpectationSummary(
    (TableResult("dim_<b>", 3, ()), TableResult("fct_a", 5, ("unique(a)", "set(<i>)")))
)


@pytest.mark.parametrize(
    ("html", "kept"),
    [
        ("<p>a</p>", "<p>a</p>"),
        ("a<script>alert(1)</script>b", "ab"),
        ("a<script src='https://x.example/a.js'></script>b", "ab"),
        ("a<SCRIPT type=module>\nimport 'x'\n</SCRIPT>b", "ab"),
        ("a<script>1</script>b<script>2</script>c", "abc"),
        ("a<style>@import url(https://x.example)</style>b", "ab"),
        ("a<link rel=stylesheet href='https://x.example/a.css'>b", "ab"),
        ("a<LINK\nhref='//x.example'/>b", "ab"),
        ("a<img src='https://x.example/a.png' onload='x()'>b", "ab"),
        ("a<iframe src='https://x.example'></iframe>b", "ab"),
        ("<a href='https://x.example'>a link that a person follows</a>",) * 2,
        ("<images>linked</images>",) * 2,
    ],
)
def test_what_a_browser_would_load_is_cut(tmp_path: Path, html: str, kept: str):
    (tmp_path / "page.html").write_text(html, encoding="utf-8")
    make_offline(tmp_path, SUMMARY)
    assert (tmp_path / "page.html").read_text(encoding="utf-8") == kept


def test_the_index_leads_to_each_page_and_escapes_names(tmp_path: Path):
    page = tmp_path / "validations" / "fct_a" / "run" / "1.html"
    page.parent.mkdir(parents=True)
    page.write_text("<html><head></head><body>é</body></html>", encoding="utf-8")
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "logo.png").touch()
    make_offline(tmp_path, SUMMARY)
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert '<a href="validations/fct_a/run/1.html">fct_a</a>' in index
    assert "8 respectés · passed, 2 non respectés · failed" in index
    assert "2: unique(a), set(&lt;i&gt;)" in index
    assert "<style>" in page.read_text(encoding="utf-8")
    assert not (tmp_path / "static").exists()


def test_a_table_without_a_page_is_named_without_a_link(tmp_path: Path):
    make_offline(tmp_path, SUMMARY)
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "<a " not in index
    assert not re.search("<(b|i)>", index)


@pytest.mark.parametrize(
    ("pages", "expected"),
    [
        ({}, []),
        ({"b.md": "é\n", "a.md": ""}, ["a.md", "b.md"]),
        ({"a.md": "x" * 100_000}, ["a.md"]),
    ],
)
def test_pages_are_written_under_their_names(tmp_path: Path, pages: dict[str, str], expected: list[str]):
    folder = tmp_path / "deep" / "docs"
    assert [path.name for path in write_pages(folder, pages)] == expected
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == pages
    assert [path.name for path in write_pages(folder, pages)] == expected  # again


@pytest.mark.parametrize(
    ("files", "is_taken"),
    [
        (None, True),
        ([], True),
        ([MARK], True),
        ([MARK, "old", "deep/old"], True),
        (["thesis.docx"], False),
        ([".hidden"], False),
        ([f"deep/{MARK}"], False),
        ([f"{MARK}x"], False),
    ],
)
def test_only_a_folder_of_the_demonstration_is_emptied(
    tmp_path: Path, files: list[str] | None, is_taken: bool
):
    folder = tmp_path / "deep" / "demo"
    for name in files or []:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    if files == []:
        folder.mkdir(parents=True)
    if is_taken:
        fresh(folder)
        assert [path.name for path in folder.iterdir()] == [MARK]
        return
    with pytest.raises(ConfigError, match="was not made by the demo"):
        fresh(folder)
    assert sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()) == files


def test_a_file_in_the_place_of_the_folder_is_kept(tmp_path: Path):
    (tmp_path / "demo").write_text("mine")
    with pytest.raises(ConfigError, match="was not made by the demo"):
        fresh(tmp_path / "demo")
    assert (tmp_path / "demo").read_text() == "mine"
