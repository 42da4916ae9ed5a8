"""The report of one snapshot: read, protect, then write the same figures three times."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.config import Network
from pipelines.definitions import load_definitions
from pipelines.io.report_files import write_csv, write_page, write_workbook
from pipelines.report.page import render_page
from pipelines.report.quality_journal import Journal
from pipelines.report.quality_read import Quality, read_quality
from pipelines.report.quality_write import write_portal
from pipelines.report.read import Release, read_release
from pipelines.report.tabulate import csv_table, tidy, workbook_sheets

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True)
class ReportFiles:
    """Where the report is."""

    html: Path
    csv: Path
    xlsx: Path
    portal: Path


def write_report(
    con: "duckdb.DuckDBPyConnection",
    *,
    network: Network,
    snapshot: int,
    out: Path,
    generated_for: dt.date,
    journal: Journal | None = None,
    scores: Mapping[str, float] | None = None,
    is_synthetic: bool = False,
) -> ReportFiles:
    """Write `rapport.html`, `conformite.csv`, `conformite.xlsx` and the portal `qualite` in the folder `out`.

    `con`: one snapshot's warehouse; `journal`: what the ledger knows of it; `scores`: against the truth, as shares,
    for synthetic deliveries only.
    """
    journal = journal or Journal(run_id=0)
    quality = read_quality(con, network=network, snapshot=snapshot, journal=journal, today=generated_for)
    release = read_release(
        con,
        snapshot=snapshot,
        definitions=load_definitions(network.indicators),
        sources={
            (published.indicator, published.period): published.source for published in network.published
        },
        threshold=network.disclosure_threshold,
    )
    release = _without_hidden(release, quality)
    is_synthetic = is_synthetic or bool(scores)
    files = ReportFiles(
        out / "rapport.html",
        out / "conformite.csv",
        out / "conformite.xlsx",
        write_portal(quality, out, is_synthetic=is_synthetic),
    )
    frame = tidy(release)
    html = render_page(
        release,
        accounts=journal.accounts,
        scores=scores or {},
        is_synthetic=is_synthetic,
        generated_for=generated_for,
    )
    write_page(files.html, html)
    write_csv(files.csv, csv_table(frame))
    sheets = workbook_sheets(frame, release, is_synthetic=is_synthetic)
    write_workbook(files.xlsx, sheets, title=network.fr, created=generated_for)
    return files


def _without_hidden(release: Release, quality: Quality) -> Release:
    """The same release without the counts of findings that the portal hides: together they would give them back."""
    findings = [
        {**row, "finding_count": None} if quality.cell(row["rule_id"]).failed is None else row
        for row in release.findings
    ]
    return replace(release, findings=findings)
