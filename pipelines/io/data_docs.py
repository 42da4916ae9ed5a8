"""Data Docs that open without a network: what they would load from elsewhere is cut, and an index takes its place.

The pages stay as Great Expectations wrote them: tables that need no script.
"""

import html
import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from validations.expectation_result import ExpectationSummary, SuiteResult

#: Whatever a browser would fetch or run: scripts, styles, pictures, frames. Links that a person follows stay.
_LOADED = re.compile(
    r"<(script|style|iframe)\b.*?</\1>|<(?:link|img)\b[^>]*>",
    re.DOTALL | re.IGNORECASE,
)
_STYLE = """<style>
body { font: 15px/1.4 system-ui, sans-serif; margin: 1rem auto; max-width: 70rem; padding: 0 1rem; color: #222 }
table { border-collapse: collapse; width: 100% }
td, th { border: 1px solid #ccc; padding: .3rem .5rem; text-align: left }
.failed { color: #a40000; font-weight: bold } nav ol, .btn-group { display: none }
</style>
"""


RESULTS = "results.json"


def _row(suite: "SuiteResult", pages: dict[str, str]) -> str:
    name = html.escape(suite.suite)
    link = f'<a href="{html.escape(pages[suite.suite])}">{name}</a>' if suite.suite in pages else name
    style = ' class="failed"' if suite.stops_publication else ""
    listed = html.escape(", ".join(suite.failures))
    failed = f"<td{style}>{len(suite.failures)}: {listed}</td>" if suite.failures else "<td>0</td>"
    return f"<tr><td>{link}</td><td>{suite.passed}</td>{failed}</tr>"


def _section(title: str, suites: "list[SuiteResult]", pages: dict[str, str]) -> str:
    rows = "\n".join(_row(suite, pages) for suite in suites)
    return (
        f"<h2>{title}</h2>\n<table>\n"
        "<tr><th>table</th><th>respectés · passed</th><th>non respectés · failed</th></tr>\n"
        f"{rows}\n</table>\n"
    )


def _index(summary: "ExpectationSummary", pages: dict[str, str]) -> str:
    contract = [suite for suite in summary.suites if suite.stops_publication]
    rules = [suite for suite in summary.suites if not suite.stops_publication]
    sections = _section("Contrat : arrête la publication · Contract: stops the publication", contract, pages)
    if rules:
        sections += _section("Règles : pour information · Rules: for information", rules, pages)
    return (
        '<!DOCTYPE html>\n<html lang="fr">\n<head><meta charset="UTF-8">'
        f"<title>Contrôles de l'entrepôt · Warehouse expectations</title>\n{_STYLE}</head>\n<body>\n"
        "<h1>Contrôles de l'entrepôt · Warehouse expectations</h1>\n"
        f"<p>{summary.passed} respectés · passed, {summary.failed} non respectés · failed</p>\n"
        f"{sections}</body>\n</html>\n"
    )


def make_offline(docs: Path, summary: "ExpectationSummary") -> None:
    """Rewrite the site in `docs` in place: no external resource, no script, an index by table.

    The page of a suite with an expectation that could not be evaluated goes: its error text may quote a value.
    """
    for suite in summary.suites:
        if suite.has_errors:
            shutil.rmtree(docs / "validations" / suite.suite, ignore_errors=True)
    pages = {}
    for page in sorted(docs.rglob("*.html")):
        text = _LOADED.sub("", page.read_text(encoding="utf-8"))
        page.write_text(text.replace("</head>", f"{_STYLE}</head>", 1), encoding="utf-8")
        relative = page.relative_to(docs)
        if relative.parts[0] == "validations":
            pages[relative.parts[1]] = relative.as_posix()
    shutil.rmtree(docs / "static", ignore_errors=True)
    (docs / "index.html").write_text(_index(summary, pages), encoding="utf-8")


def write_results(docs: Path, summary: "ExpectationSummary") -> None:
    """Write the counts of every expectation beside the pages."""
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in summary.rows())
    (docs / RESULTS).write_text(f"[\n{lines}\n]\n", encoding="utf-8")
