"""The report of one snapshot: read, protect, then write the same figures three times."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.account import Account
from pipelines.config import Network
from pipelines.definitions import load_definitions
from pipelines.io.report_files import write_csv, write_page, write_workbook
from pipelines.report.page import render_page
from pipelines.report.read import read_release
from pipelines.report.tabulate import csv_table, tidy, workbook_sheets

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class ReportFiles:
    """Where the report is."""

    html: Path
    csv: Path
    xlsx: Path


def write_report(
    con: "duckdb.DuckDBPyConnection",
    *,
    network: Network,
    snapshot: int,
    out: Path,
    generated_for: dt.date,
    accounts: Sequence[Account] | None = None,
    scores: Mapping[str, float] | None = None,
    is_synthetic: bool = False,
) -> ReportFiles:
    """Write `rapport.html`, `conformite.csv` and `conformite.xlsx` in the folder `out` from one snapshot's warehouse.

    `accounts`: the run that built it, if known; `scores`: against the truth, as shares, for synthetic deliveries only.
    """
    release = read_release(
        con,
        snapshot=snapshot,
        definitions=load_definitions(network.indicators),
        sources={
            (published.indicator, published.period): published.source for published in network.published
        },
        threshold=network.disclosure_threshold,
    )
    files = ReportFiles(out / "rapport.html", out / "conformite.csv", out / "conformite.xlsx")
    is_synthetic = is_synthetic or bool(scores)
    frame = tidy(release)
    html = render_page(
        release,
        accounts=accounts or (),
        scores=scores or {},
        is_synthetic=is_synthetic,
        generated_for=generated_for,
    )
    write_page(files.html, html)
    write_csv(files.csv, csv_table(frame))
    sheets = workbook_sheets(frame, release, is_synthetic=is_synthetic)
    write_workbook(files.xlsx, sheets, title=network.fr, created=generated_for)
    return files
