"""Small exports in a centre's dialect, written for a test."""

import datetime as dt
import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
import xlwt
import yaml

from pipelines.config import Centre, Export, SheetMap

PEOPLE = {"local_patient_id": "IPP", "birth_name": "Nom", "birth_date": "Né le"}


def sheet(columns: Mapping[str, str] = PEOPLE, **more: Any) -> SheetMap:
    """A sheet that maps patients, unless `tables` says otherwise."""
    tables = more.pop("tables", [{"entity": "patient_identity", "columns": dict(columns)}])
    return SheetMap.model_validate({"tables": tables, **more})


def export(**dialect: Any) -> Export:
    """A dialect: CSV, UTF-8, semicolons, unless said otherwise."""
    return Export.model_validate({"format": "csv", **dialect})


def centre(text: str, *, name: str = "alpha") -> Centre:
    """A centre from the `export`, `files` and `values` of its YAML."""
    place = {
        "id": name,
        "name": name,
        "city": "Ville",
        "region": "Région",
        "roles": [],
        "yearly_patients": 10,
    }
    return Centre.model_validate(place | yaml.safe_load(text))


def xlsx(
    rows: Sequence[Sequence[Any]], *, title: str = "Feuil1", more: Mapping[str, Sequence[Any]] | None = None
) -> bytes:
    """A workbook of one sheet, or more."""
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for name, content in {title: rows, **(more or {})}.items():
            page = book.add_worksheet(name)
            for r, row in enumerate(content):
                for c, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        page.write_datetime(r, c, cell, day)
                    elif cell != "":
                        page.write(r, c, cell)
    return memory.getvalue()


def xls(rows: Sequence[Sequence[Any]], *, title: str = "Feuil1") -> bytes:
    """An old workbook of one sheet."""
    book = xlwt.Workbook()
    page = book.add_sheet(title)
    day = xlwt.easyxf(num_format_str="DD/MM/YYYY")
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            page.write(r, c, cell, day) if isinstance(cell, dt.date) else page.write(r, c, cell)
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def ods(rows: Sequence[Sequence[str]], *, title: str = "Feuil1") -> bytes:
    """An OpenDocument workbook of one sheet of text."""
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>'
            for cell in row
        )
        + "</table:table-row>"
        for row in rows
    )
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{space}office:1.0" xmlns:table="{space}table:1.0" '
        f'xmlns:text="{space}text:1.0"><office:body><office:spreadsheet><table:table table:name="{title}">'
        f"{cells}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", content)
    return memory.getvalue()
