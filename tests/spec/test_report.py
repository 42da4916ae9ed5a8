"""The report as its readers get it: the same figures three times, both languages, nothing loaded, nothing run."""

import base64
import csv
import datetime as dt
import hashlib
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import openpyxl
import pandas as pd
import pytest

from pipelines.account import Account
from pipelines.definitions import load_definitions
from pipelines.io.configuration import load_network
from pipelines.report.numbers import count_text, percent_text, range_text
from pipelines.report.quality_journal import Journal
from pipelines.report.write import ReportFiles, write_report
from tests.pages import read_page
from tests.report_snapshot import INDICATORS, MISSING_CENTRE, NAMES, PLACE_INDICATOR, conformity, fill
from validations.rules.catalogue import CATALOGUE

NETWORK = load_network("netsarc")
DAY = dt.date(2026, 11, 21)
ACCOUNTS = [
    Account(step="stage", table="tumour", rows_in=50_000, rows_out=50_000),
    Account(step="validate", table="tumour", rows_in=50_000, rows_out=49_880, rows_set_aside=120),
]
SCORES = {"link_precision": 0.99914, "other": 0.5}  # only synthetic deliveries have scores
NAUGHTY = (
    "<script>alert(1)</script>", '=HYPERLINK("x.example","x")', "$x^2$ & co", "\"><img src=x onerror=alert(1)>",
    "+33 1 42", "a;b\nc", "Ω中心🏥", "{{ 7 * 7 }}", "\u202eerttel", "@SUM(A1)",
)  # fmt: skip
COUNTS = ("eligible_count", "achieved_count", "not_achieved_count", "missing_count")
RATES = tuple(f"percent_{of}{end}" for of in ("all", "known") for end in ("", "_low", "_high"))


@dataclass(frozen=True)
class Written:
    """One report, read back."""

    files: ReportFiles
    truth: pd.DataFrame
    html: str
    csv: pd.DataFrame


def write(folder: Path, *, names: tuple[str, ...] = NAMES, tumours: int = 27_000, **options: Any) -> Written:
    with duckdb.connect() as con:
        fill(con, NETWORK, np.random.default_rng(1), tumours=tumours, names=names)
        given = {"network": NETWORK, "snapshot": 7, "out": folder, "generated_for": DAY} | options
        files = write_report(con, **given)
        truth = conformity(con)
    table = pd.read_csv(files.csv, sep=";", decimal=",", encoding="utf-8-sig")
    return Written(files, truth, files.html.read_text(encoding="utf-8"), table)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write(
        tmp_path_factory.mktemp("report"), journal=Journal(run_id=1, accounts=ACCOUNTS), scores=SCORES
    )


@pytest.fixture(scope="module")
def naughty(tmp_path_factory: pytest.TempPathFactory) -> Written:
    return write(tmp_path_factory.mktemp("naughty"), names=NAUGHTY, tumours=6_000)


def published(report: Written) -> pd.DataFrame:
    """The rows of the warehouse that the report prints, beside those of the CSV."""
    keys = ["indicator_id", "period_id", "group_kind", "group_id"]
    return report.csv.merge(report.truth, on=keys, suffixes=("", "_true"), validate="1:1")


# --- the page ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("indicator", INDICATORS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_indicator_has_its_section_definition_and_tables(
    report: Written, indicator: str, language: str
):
    page, definition = read_page(report.html, language), load_definitions([indicator])[indicator]
    assert (2, getattr(definition.title, language)) in page.headings
    for text in (definition.numerator, definition.denominator, definition.unknown, definition.why):
        assert getattr(text, language) in page.text
    assert indicator in page.ids
    whole = {"fr": "réseau entier", "en": "whole network"}[language]
    assert len(page.table(f"{getattr(definition.title, language)}, {whole}")) == 1 + len(NETWORK.periods)


def test_every_indicator_has_its_charts(report: Written):
    figures = [
        found["aria-labelledby"]
        for tag, found in read_page(report.html, "fr").tags
        if found.get("role") == "img"
    ]
    assert figures == [
        f"{name}-{kind}-title-fr {name}-{kind}-desc-fr"
        for name in INDICATORS
        for kind in ("period", "centre")
    ]


def test_the_page_prints_the_figures_of_the_warehouse(report: Written):
    row = report.truth.query(
        "indicator_id == 'biopsy_before_surgery' and group_kind == 'all' and period_id == '2016_2020'"
    ).iloc[0]
    (_, *lines) = read_page(report.html, "fr").table("Biopsie avant la première chirurgie, réseau entier")
    n, total, missing = int(row["achieved_count"]), int(row["eligible_count"]), int(row["missing_count"])
    rate = {of: percent_text(row[f"percent_{of}"], "fr") for of in ("all", "known")}
    ends = {of: range_text(row[f"percent_{of}_low"], row[f"percent_{of}_high"], "fr") for of in rate}
    expected = [
        "2016–2020", count_text(total, "fr"), count_text(n, "fr"), count_text(missing, "fr"),
        percent_text(100 * missing / total, "fr"), f"{rate['all']} [{ends['all']}]",
        f"{rate['known']} [{ends['known']}]", range_text(100 * n / total, 100 * (n + missing) / total, "fr"),
        "72,6 %", "Blay 2024, Ann Oncol",
    ]  # fmt: skip
    assert lines[-1] == [" ".join(cell.split()) for cell in expected]


def test_a_value_that_was_not_published_is_never_guessed(report: Written):
    (_, _, middle, _) = read_page(report.html, "en").table("Biopsy before first surgery, whole network")
    assert middle[-2:] == ["—", "not published"]
    lines = read_page(report.html, "en").table("First surgery in a reference centre, whole network")[1:]
    assert [line[-2:] for line in lines] == [["—", "not published"]] * 3


def test_the_page_says_what_the_figures_are(report: Written):
    page = read_page(report.html, "fr")
    for text in ("NETSARC+", "netsarc-1", "CIM-O-3.2", "20 novembre 2026", "21 novembre 2026", "28 dépôts"):
        assert text in page.text
    assert "La période 2010–2012 n'est pas exhaustive" in page.text
    assert "La période 2013–2015 n'est pas exhaustive" not in page.text


def test_synthetic_data_are_announced(report: Written, naughty: Written):
    assert "Données synthétiques : aucune personne réelle" in report.html
    assert "Données synthétiques" not in naughty.html


def test_centres_are_in_alphabetical_order(report: Written):
    rows = read_page(report.html, "fr").table(
        "Biopsie avant la première chirurgie, par centre responsable de la tumeur"
    )
    names = [row[0] for row in rows[1:] if len(row) == max(map(len, rows))]
    assert names[:5] == ["Centre Antoine Lacassagne", "Centre Eugène Marquis", "Centre François Baclesse",
                         "Centre Georges-François Leclerc", "Centre Henri Becquerel"]  # fmt: skip
    assert sorted(names) == sorted(NAMES)


def test_the_place_of_surgery_is_not_broken_down_by_itself(report: Written):
    captions = [table.caption for table in read_page(report.html, "fr").tables]
    assert (
        sum("selon le lieu de la première chirurgie" in caption for caption in captions)
        == len(INDICATORS) - 1
    )
    assert set(report.csv.loc[report.csv["indicator_id"] == PLACE_INDICATOR, "group_kind"]) == {
        "all",
        "centre",
    }


def test_many_unknown_are_flagged_beside_the_figures(report: Written):
    rows = read_page(report.html, "fr").table(
        "RCP du réseau avant la première chirurgie, par centre responsable de la tumeur"
    )
    name = NAMES[int(MISSING_CENTRE[1:])]
    first = next(row for row in rows if row[0] == name)
    assert first[5].startswith("⚠")
    assert first[5].endswith("100,0 %")
    assert [cell for row in rows[1:] for cell in row if cell.startswith("⚠")] == [
        cell for at, row in enumerate(rows) if row in rows[rows.index(first) : rows.index(first) + 3]
        for cell in row if at and cell.startswith("⚠")
    ]  # fmt: skip


def test_rows_are_conserved_in_the_page(report: Written, naughty: Written):
    rows = read_page(report.html, "en").table("Conservation of rows, by step and table")
    assert rows[1:] == [
        ["reading", "tumour", "50,000", "50,000", "0", "0", "0"],
        ["validation", "tumour", "50,000", "49,880", "120", "0", "0"],
    ]
    assert "ne sont pas joints à ce rapport" in naughty.html


def test_findings_are_counted_by_rule_and_small_ones_hidden(report: Written):
    (rows,) = [t.rows for t in read_page(report.html, "en").tables if t.caption.startswith("Findings on")]
    said = {name: CATALOGUE[name].sentence_en for name in ("CONTRACT-005", "SURGERY-001", "SURGERY-003")}
    assert rows[1:] == [
        ["fatal", "OLD-001", "—", "12"],
        ["error", "CONTRACT-005", said["CONTRACT-005"], "240"],
        ["warning", "SURGERY-001", said["SURGERY-001"], "1,310"],
        ["warning", "SURGERY-003", said["SURGERY-003"], "s"],
    ]


def test_scores_are_printed_when_the_truth_is_known(report: Written, naughty: Written):
    assert read_page(report.html, "en").table("Scores against the truth")[1:] == [
        ["Linkage of people: precision", "99.9%"],
        ["other", "50.0%"],
    ]
    assert "against the truth" not in naughty.html


# --- nothing is loaded, nothing is run ----------------------------------------------------------------------------


def test_the_page_loads_nothing(report: Written):
    tags = read_page(report.html, "fr").tags
    assert not {tag for tag, _ in tags} & {
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "base",
        "form",
        "video",
        "audio",
    }
    links = [
        found.get(name)
        for _, found in tags
        for name in ("src", "href", "xlink:href", "action")
        if name in found
    ]
    folder = report.files.html.parent
    assert all(link and (link[0] == "#" or (folder / link).is_file()) for link in links)
    assert not re.search(r"(?i)[a-z]+://|@import|url\((?!#)", report.html)


def test_only_our_script_may_run(report: Written, naughty: Written):
    for html in (report.html, naughty.html):
        (script,) = re.findall(r"<script>(.*?)</script>", html, re.DOTALL)
        allowed = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        assert (
            f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'sha256-{allowed}'"
            in html
        )
        assert not [
            tag for tag, found in read_page(html, "fr").tags if any(name.startswith("on") for name in found)
        ]


def test_names_are_shown_and_never_run(naughty: Written):
    page = read_page(naughty.html, "fr")
    shown = {cell for table in page.tables for row in table.rows for cell in row}
    expected = set(NAUGHTY) - {"a;b\nc", "\u202eerttel"} | {"a;bc", "erttel"}
    assert expected <= shown


def test_the_page_is_well_formed_and_its_ids_are_unique(report: Written, naughty: Written):
    for html in (report.html, naughty.html):
        page = read_page(html, "fr")
        assert page.open == []
        assert len(page.ids) == len(set(page.ids))
        pointed = [
            found["href"][1:]
            for tag, found in page.tags
            if tag == "a" and (found.get("href") or "")[:1] == "#"
        ]  # type: ignore[index]
        assert set(pointed) <= set(page.ids)


def test_the_page_is_small(report: Written):
    assert report.files.html.stat().st_size < 2_000_000


# --- for those who listen or print --------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "en"])
def test_headings_go_down_one_level_at_a_time(report: Written, language: str):
    levels = [level for level, _ in read_page(report.html, language).headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(text.strip() for _, text in read_page(report.html, language).headings)


def test_every_table_has_a_caption_and_every_header_a_scope(report: Written):
    for table in read_page(report.html, "en").tables:
        assert table.caption.strip()
        assert all(found.get("scope") in {"col", "row", "rowgroup"} for found in table.headers)


def _luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("name", ["ink", "soft", "blue", "warn"])
@pytest.mark.parametrize("ground", ["#ffffff", "#f3f5f7", "#fff7ef"])
def test_text_is_readable_on_its_ground(report: Written, name: str, ground: str):
    color = re.search(rf"--{name}: (#[0-9a-f]{{6}});", report.html)
    assert color is not None
    assert (_luminance(ground) + 0.05) / (_luminance(color[1]) + 0.05) >= 4.5


# --- the files ----------------------------------------------------------------------------------------------------


def test_the_csv_holds_the_figures_of_the_warehouse(report: Written):
    rows = published(report)
    assert len(rows) == len(report.csv)
    for name in (*COUNTS, *RATES, "published_percent"):
        shown = rows[rows[name].notna()]
        assert (shown[name] - shown[f"{name}_true"]).abs().max() < 6e-5
    whole = rows.query("disclosure == 'shown' and group_kind == 'all'")
    assert whole[[*COUNTS, *RATES]].notna().all(axis=None)


def test_the_csv_leaves_out_only_what_is_hidden(report: Written):
    rows = published(report)
    full = rows.query("disclosure == 'shown' and eligible_count > missing_count")
    assert full[[*COUNTS, *RATES, "bound_low", "bound_high", "percent_missing"]].notna().all(axis=None)
    assert (
        rows.query("disclosure == 'masked'")[[*COUNTS, *RATES, "bound_low", "bound_high"]]
        .isna()
        .all(axis=None)
    )
    hidden = rows[rows["missing_count"].isna()]
    assert hidden[["percent_known", "bound_low", "bound_high", "percent_missing"]].isna().all(axis=None)


def test_no_small_count_is_in_any_file(report: Written):
    small = report.csv[list(COUNTS)].to_numpy()
    assert not ((small > 0) & (small < NETWORK.disclosure_threshold)).any()


def test_the_csv_is_what_a_french_spreadsheet_expects(report: Written):
    raw = report.files.csv.read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfnetwork_id;snapshot;")
    assert b";58,6" in raw
    assert b"\r\n" in raw
    assert set(report.csv["definition_version"]) == {"netsarc-1"}
    assert set(report.csv["data_cut"]) == {"2026-11-20"}


def cells_that_run(path: Path, reader: Callable[[Path], list[str]]) -> list[str]:
    return [cell for cell in reader(path) if cell[:1] in {"=", "+", "-", "@", "\t", "\r"}]


def test_no_cell_of_the_csv_begins_a_formula(naughty: Written):
    def cells(path: Path) -> list[str]:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [cell for row in csv.reader(file, delimiter=";") for cell in row]

    assert cells_that_run(naughty.files.csv, cells) == []
    assert "'@SUM(A1)" in set(naughty.csv["group_fr"])


def test_the_workbook_holds_no_formula_and_no_link(naughty: Written):
    book = openpyxl.load_workbook(naughty.files.xlsx)
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert kinds <= {"s", "n"}
    with zipfile.ZipFile(naughty.files.xlsx) as archive:
        names = archive.namelist()
        assert not [name for name in names if "externalLink" in name or "vba" in name.lower()]
        assert not [
            name for name in names if b"<f>" in archive.read(name) or b"hyperlink" in archive.read(name)
        ]
    assert "@SUM(A1)" in {cell.value for cell in book["Résultats - Results"]["D"]}


def test_the_workbook_holds_the_figures_of_the_csv(report: Written):
    book = openpyxl.load_workbook(report.files.xlsx)
    sheet = pd.DataFrame(
        book["data"].iter_rows(min_row=2, values_only=True), columns=list(report.csv.columns)
    )
    for name in (*COUNTS, *RATES, "bound_low", "bound_high", "published_percent"):
        given, same = report.csv[name], sheet[name].astype(float)
        assert (given.isna() == same.isna()).all()
        assert (given - same).abs().max() < 6e-5


def test_the_readable_sheet_has_real_numbers(report: Written):
    sheet = openpyxl.load_workbook(report.files.xlsx)["Résultats - Results"]
    header = [str(cell.value).split("\n")[0] for cell in sheet[1]]
    first = dict(zip(header, sheet[2], strict=True))
    assert (first["N"].number_format, first["% de tous"].number_format) == ("#,##0", "0.0%")
    assert first["% de tous"].value == pytest.approx(report.csv["percent_all"][0] / 100, abs=1e-6)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref is not None


def test_the_workbook_says_how_to_read_it(report: Written):
    sheet = openpyxl.load_workbook(report.files.xlsx)["Lisez-moi - Read me"]
    told = {row[0]: row[1:] for row in sheet.iter_rows(values_only=True)}
    assert told["⚠"] == ("Données synthétiques : aucune personne réelle.", "Synthetic data: no real person.")
    assert told["Instantané / Snapshot"] == ("7", "7")
    assert all(f"{name} : N" in told for name in INDICATORS)


def test_the_same_snapshot_gives_the_same_bytes(report: Written, tmp_path: Path):
    again = write(tmp_path, journal=Journal(run_id=1, accounts=ACCOUNTS), scores=SCORES).files
    for name in ("html", "csv", "xlsx"):
        assert getattr(again, name).read_bytes() == getattr(report.files, name).read_bytes()


def test_a_network_with_no_tumour_has_a_report_too(tmp_path: Path):
    with duckdb.connect() as con:
        fill(con, NETWORK, np.random.default_rng(1), tumours=50, names=NAMES[:2])
        con.execute("DELETE FROM ind_conformity WHERE group_kind = 'centre'")
        con.execute("DELETE FROM fct_tumour")
        con.execute("DELETE FROM fct_finding")
        con.execute("DELETE FROM dim_delivery")
        con.execute(f"UPDATE ind_conformity SET {', '.join(f'{name} = 0' for name in COUNTS)}")
        con.execute(f"UPDATE ind_conformity SET {', '.join(f'{name} = NULL' for name in RATES)}")
        given = {"network": NETWORK, "snapshot": 1, "out": tmp_path, "generated_for": DAY}
        files = write_report(con, **given, is_synthetic=True)
    page = read_page(files.html.read_text(encoding="utf-8"), "en")
    assert page.table("Biopsy before first surgery, whole network")[1][1:6] == ["0", "0", "0", "—", "—"]
    assert "None." in page.text
    assert "Synthetic data: no real person" in page.text
