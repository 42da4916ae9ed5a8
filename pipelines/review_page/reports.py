"""The published reports beside the queue: files of one folder, behind the same gate."""

from pathlib import Path

from flask import Flask, abort, send_file
from flask.typing import ResponseReturnValue

from pipelines.io.local_server import file_below
from pipelines.io.report_files import PORTAL_SCRIPTS, REPORT_SCRIPTS, page_script

#: What a report is made of; anything else in the folder is not shown.
_KINDS = {
    ".html": "text/html; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_LINKS = (
    ("rapport.html", ("Rapport national", "National report")),
    ("qualite/index.html", ("Portail qualité", "Quality portal")),
)


def report_links(folder: Path | None) -> list[tuple[str, tuple[str, str]]]:
    """The pages of the folder that a reader may begin with, with their names."""
    return [] if folder is None else [(name, words) for name, words in _LINKS if file_below(folder, name)]


def add_reports(app: Flask, folder: Path | None) -> None:
    """Show the files of the folder below /reports/; a page may run only the scripts that our reports have."""
    scripts = " ".join(f"'sha256-{page_script(names)[1]}'" for names in (REPORT_SCRIPTS, PORTAL_SCRIPTS))
    policy = (
        f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src {scripts}; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )

    @app.get("/reports/<path:name>")
    def reports(name: str) -> ResponseReturnValue:
        found = None if folder is None else file_below(folder, name)
        if found is None or found.suffix not in _KINDS:
            abort(404)
        response = send_file(found, mimetype=_KINDS[found.suffix], conditional=False, etag=False)
        response.headers["Content-Security-Policy"] = policy
        return response
