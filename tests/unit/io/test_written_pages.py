"""Pages and folders that we write: documents that load nothing, a demonstration that empties only its own folder."""

import json
import re
from pathlib import Path

import pytest

from pipelines.errors import ConfigError
from pipelines.io.data_docs import make_offline, write_results
from pipelines.io.demo_folder import MARK, fresh
from pipelines.io.pages import write_pages
from validations.expectation_result import ExpectationResult, ExpectationSummary, SuiteResult


def suite(name: str, passed: int, *failing: str, stops: bool = True) -> SuiteResult:
    """A suite of some expectations that hold, and of these that do not, as `type column`."""
    held = (ExpectationResult(f"e{i}", "x", True, judged_count=4, unexpected_count=0) for i in range(passed))
    broken = (ExpectationResult(*one.split(), False, judged_count=4, unexpected_count=2) for one in failing)
    return SuiteResult(name, name.removeprefix("rules_"), stops, (*held, *broken))


SUMMARY = ExpectationSummary((suite("dim_<b>", 3), suite("fct_a", 5, "unique a", "set <i>")))


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
    assert "2: set(&lt;i&gt;), unique(a)" in index
    assert "<style>" in page.read_text(encoding="utf-8")
    assert not (tmp_path / "static").exists()


def test_a_table_without_a_page_is_named_without_a_link(tmp_path: Path):
    make_offline(tmp_path, SUMMARY)
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "<a " not in index
    assert not re.search("<(b|i)>", index)


def test_what_is_for_information_stands_apart_and_is_not_counted_as_failed(tmp_path: Path):
    make_offline(
        tmp_path, ExpectationSummary((suite("fct_a", 5), suite("rules_a", 2, "set R-1", stops=False)))
    )
    index = (tmp_path / "index.html").read_text(encoding="utf-8")
    contract, rules = index.split("Règles : pour information")
    assert "5 respectés · passed, 0 non respectés · failed" in contract
    assert "fct_a" in contract
    assert "<td>1: set(R-1)</td>" in rules
    assert 'class="failed"' not in index


def test_without_rules_the_index_has_one_table(tmp_path: Path):
    make_offline(tmp_path, SUMMARY)
    assert (tmp_path / "index.html").read_text(encoding="utf-8").count("<table>") == 1


def test_the_page_of_an_expectation_that_was_not_evaluated_goes(tmp_path: Path):
    """The text of the error may quote a value."""
    for name in ("fct_a", "fct_b"):
        page = tmp_path / "validations" / name / "run" / "1.html"
        page.parent.mkdir(parents=True)
        page.write_text("MARTIN", encoding="utf-8")
    not_evaluated = ExpectationResult("set", "a", False, is_error=True)
    make_offline(
        tmp_path,
        ExpectationSummary((SuiteResult("fct_a", "fct_a", True, (not_evaluated,)), suite("fct_b", 1))),
    )
    assert [path.parts[-3] for path in tmp_path.rglob("1.html")] == ["fct_b"]
    assert "1: set(a)" in (tmp_path / "index.html").read_text(encoding="utf-8")


def test_the_results_are_written_one_expectation_per_line(tmp_path: Path):
    summary = ExpectationSummary((suite("fct_a", 1), suite("rules_a", 0, "set R-1", stops=False)))
    write_results(tmp_path, summary)
    text = (tmp_path / "results.json").read_text(encoding="utf-8")
    assert json.loads(text) == summary.rows()
    assert len(text.splitlines()) == 2 + 2


def test_without_expectation_the_results_are_an_empty_list(tmp_path: Path):
    write_results(tmp_path, ExpectationSummary(()))
    assert json.loads((tmp_path / "results.json").read_text(encoding="utf-8")) == []


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
