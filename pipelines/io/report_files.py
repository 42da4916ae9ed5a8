"""The files of a report: the page's templates, and the writing of HTML, CSV and XLSX. Same content, same bytes."""

import base64
import datetime as dt
import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import jinja2
    import pandas as pd
    import xlsxwriter.format

_TEMPLATES = Path(__file__).resolve().parent.parent / "report" / "templates"
#: The scripts of a page: every one switches its language, those of the portal filter their tables too.
REPORT_SCRIPTS, PORTAL_SCRIPTS = ("switch.js",), ("switch.js", "filter.js")
#: Number formats by the kind of a column; a percentage is stored as a share and shown with one decimal.
_FORMATS = {"text": "@", "count": "#,##0", "percent": "0.0%", "plain": "General"}


@dataclass(frozen=True)
class Column:
    """One column of a sheet: its header, its kind (text, count, percent, plain) and its width in characters.

    With `choices`, a cell offers them in a list and takes nothing else.
    """

    header: str
    kind: str
    width: float
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """One sheet of a workbook. Percentages are given from 0 to 100; an absent value is an empty cell."""

    name: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]
    is_table: bool = True


def page_template(
    name: str,
    filters: Mapping[str, Callable[..., Any]],
    functions: Mapping[str, Callable[..., Any]] | None = None,
) -> "jinja2.Template":
    """A template of the report, with everything it prints escaped. It is compiled once for the same filters.

    `functions` are known to every template, by name.
    """
    return _environment(tuple(filters.items()), tuple((functions or {}).items())).get_template(name)


_Named = tuple[tuple[str, Callable[..., Any]], ...]


@cache
def _environment(filters: _Named, functions: _Named) -> "jinja2.Environment":
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_TEMPLATES), autoescape=True, undefined=jinja2.StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters.update(filters)
    environment.globals.update(functions)
    return environment


def template_text(name: str) -> str:
    """The text of a file beside the templates: the page's style and script."""
    return (_TEMPLATES / name).read_text(encoding="utf-8")


def page_script(names: Sequence[str]) -> tuple[str, str]:
    """The script of a page, and the hash by which a content policy allows it to run."""
    script = "\n".join(template_text(name).strip() for name in names)
    return script, base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def write_page(path: Path, html: str) -> None:
    """Write the page as UTF-8."""
    path.write_text(html, encoding="utf-8", newline="\n")


def write_csv(path: Path, frame: "pd.DataFrame") -> None:
    """Write a CSV that opens rightly in a French spreadsheet: UTF-8 with BOM, semicolons, decimal commas."""
    frame.to_csv(path, sep=";", decimal=",", index=False, encoding="utf-8-sig", lineterminator="\r\n")


def write_workbook(path: Path, sheets: Sequence[Sheet], *, title: str, created: dt.date) -> None:
    """Write the sheets. No text is ever read as a formula or a link; the same content gives the same bytes."""
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(path, options) as book:
        book.set_properties({"title": title, "created": dt.datetime.combine(created, dt.time(), dt.UTC)})
        base = {"valign": "top", "font_name": "Calibri", "font_size": 11}
        styles = {kind: book.add_format({**base, "num_format": code}) for kind, code in _FORMATS.items()}
        styles["text"].set_text_wrap()
        styles["header"] = book.add_format(
            {**base, "bold": True, "text_wrap": True, "bg_color": "#E6EDF3", "border": 1}
        )
        for sheet in sheets:
            _write_sheet(book.add_worksheet(sheet.name), sheet, styles)


def _write_sheet(target: Any, sheet: Sheet, styles: dict[str, "xlsxwriter.format.Format"]) -> None:
    for place, column in enumerate(sheet.columns):
        target.set_column(place, place, column.width)
        target.write_string(0, place, column.header, styles["header"])
        if column.choices and sheet.rows:
            offered = {"validate": "list", "source": list(column.choices)}
            target.data_validation(1, place, len(sheet.rows), place, offered)
        for line, row in enumerate(sheet.rows, start=1):
            _write_cell(target, (line, place), row[place], column.kind, styles[column.kind])
    if sheet.is_table:
        target.freeze_panes(1, 0)
        target.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
    target.set_landscape()
    target.fit_to_pages(1, 0)
    target.repeat_rows(0)


def _write_cell(target: Any, at: tuple[int, int], value: Any, kind: str, style: Any) -> None:
    if value is None:
        return
    if isinstance(value, str):
        target.write_string(*at, value, style)
    else:
        target.write_number(*at, value / 100 if kind == "percent" else value, style)
