"""Data Docs that open without a network: what they would load from elsewhere is cut, and an index takes its place.

The pages stay as Great Expectations wrote them: tables that need no script.
"""

import html
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from validations.expectations import ExpectationSummary

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


def _index(summary: "ExpectationSummary", pages: dict[str, str]) -> str:
    def row(table: str, passed: int, failures: tuple[str, ...]) -> str:
        name = html.escape(table)
        link = f'<a href="{html.escape(pages[table])}">{name}</a>' if table in pages else name
        failed = f'<td class="failed">{len(failures)}: {html.escape(", ".join(failures))}</td>'
        return f"<tr><td>{link}</td><td>{passed}</td>{failed if failures else '<td>0</td>'}</tr>"

    rows = "\n".join(row(t.table, t.passed, t.failures) for t in summary.tables)
    return (
        '<!DOCTYPE html>\n<html lang="fr">\n<head><meta charset="UTF-8">'
        f"<title>Contrôles de l'entrepôt · Warehouse expectations</title>\n{_STYLE}</head>\n<body>\n"
        "<h1>Contrôles de l'entrepôt · Warehouse expectations</h1>\n"
        f"<p>{summary.passed} respectés · passed, {summary.failed} non respectés · failed</p>\n"
        "<table>\n<tr><th>table</th><th>respectés · passed</th><th>non respectés · failed</th></tr>\n"
        f"{rows}\n</table>\n</body>\n</html>\n"
    )


def make_offline(docs: Path, summary: "ExpectationSummary") -> None:
    """Rewrite the site in `docs` in place: no external resource, no script, an index by table."""
    pages = {}
    for page in sorted(docs.rglob("*.html")):
        text = _LOADED.sub("", page.read_text(encoding="utf-8"))
        page.write_text(text.replace("</head>", f"{_STYLE}</head>", 1), encoding="utf-8")
        relative = page.relative_to(docs)
        if relative.parts[0] == "validations":
            pages[relative.parts[1]] = relative.as_posix()
    shutil.rmtree(docs / "static", ignore_errors=True)
    (docs / "index.html").write_text(_index(summary, pages), encoding="utf-8")
