"""Workbooks for tests, written from rows of values; None leaves a cell empty."""

import io
from typing import Any

import xlsxwriter

Rows = list[list[Any]]


def xlsx(
    sheets: dict[str, Rows],
    *,
    at: tuple[int, int] = (0, 0),
    hidden: tuple[str, ...] = (),
    merged: tuple[tuple[int, int, int, int, str], ...] = (),
) -> bytes:
    """An XLSX workbook whose tables begin at row and column `at`; `merged` are ranges (from 0) with their text."""
    content = io.BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
    }
    with xlsxwriter.Workbook(content, options) as workbook:
        day = workbook.add_format({"num_format": "dd/mm/yyyy"})
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for area in merged:
                sheet.merge_range(*area)
            for i, row in enumerate(rows):
                for j, value in enumerate(row):
                    if value is not None:
                        style = day if hasattr(value, "isoformat") else None
                        sheet.write(at[0] + i, at[1] + j, value, style)
            if name in hidden:
                sheet.hide()
    return content.getvalue()
