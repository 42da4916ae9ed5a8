"""The figures as tables: what each row is called, what is said of its secrecy, and how each file writes it."""

import datetime as dt
from dataclasses import replace
from typing import Any

import duckdb
import numpy as np
import pytest

from pipelines.definitions import load_definitions
from pipelines.io.configuration import load_network
from pipelines.io.report_files import Sheet
from pipelines.report.read import Release, read_release
from pipelines.report.tabulate import csv_table, neutral, tidy, workbook_sheets
from tests.report_snapshot import INDICATORS, fill

NETWORK = load_network("netsarc")
NAMES = ("Évreux", "Albi", "=Cholet", "Dax")
COUNTS = ("eligible_count", "achieved_count", "not_achieved_count", "missing_count")


@pytest.fixture(scope="module")
def release() -> Release:
    with duckdb.connect() as con:
        fill(con, NETWORK, np.random.default_rng(5), tumours=1_200, names=NAMES)
        sources = {(p.indicator, p.period): p.source for p in NETWORK.published}
        return read_release(
            con, snapshot=4, definitions=load_definitions(INDICATORS), sources=sources, threshold=11
        )


@pytest.fixture(scope="module")
def sheets(release: Release) -> list[Sheet]:
    return workbook_sheets(tidy(release), release, is_synthetic=True)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Albi", "Albi"),
        ("", ""),
        ("=1+1", "'=1+1"),
        ("+33", "'+33"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("a=1", "a=1"),
        ("'=1", "'=1"),
        (" =1", " =1"),
    ],
)
def test_what_would_begin_a_formula_has_an_apostrophe_before_it(text: str, shown: str):
    assert neutral(text) == shown


def test_the_secrecy_of_a_row_is_what_is_hidden_in_it(release: Release):
    for row in tidy(release).to_dict("records"):
        flags = [row[f"is_{name}_shown"] for name in ("eligible", "achieved", "missing")]
        expected = "shown" if all(flags) else "partial" if any(flags) else "masked"
        assert row["disclosure"] == expected
    assert set(tidy(release)["disclosure"]) >= {"shown", "partial"}


@pytest.mark.parametrize(
    ("kind", "group", "labels"),
    [
        ("all", "all", ("Réseau entier", "Whole network")),
        ("place", "unknown", ("Lieu de la première chirurgie inconnu", "Place of first surgery unknown")),
        ("centre", "c00", ("Évreux", "Évreux")),
        ("centre", "c02", ("=Cholet", "=Cholet")),
    ],
)
def test_groups_have_their_names_in_both_languages(
    release: Release, kind: str, group: str, labels: tuple[str, str]
):
    found = tidy(release).query("group_kind == @kind and group_id == @group")
    assert len(found)
    assert set(zip(found["group_fr"], found["group_en"], strict=True)) == {labels}


def test_a_centre_without_a_name_is_called_by_its_id(release: Release):
    nameless = replace(release, centres={"c00": "Évreux"})
    found = tidy(nameless).query("group_kind == 'centre' and group_id != 'c00'")
    assert (found["group_fr"] == found["group_id"]).all()


def test_every_row_says_of_what_release_it_is(release: Release):
    frame = tidy(release)
    same = {
        name: set(frame[name]) for name in ("network_id", "snapshot", "definition_version", "icdo_version")
    }
    assert same == {
        "network_id": {"netsarc"},
        "snapshot": {4},
        "definition_version": {NETWORK.definition_version},
        "icdo_version": {NETWORK.icdo_version},
    }
    assert set(frame["data_cut"]) == {release.data_cut}
    titles = {
        row["indicator_id"]: (row["indicator_fr"], row["indicator_en"]) for row in frame.to_dict("records")
    }
    assert titles == {i: (d.title.fr, d.title.en) for i, d in release.definitions.items()}


def test_a_source_is_named_only_beside_a_published_value(release: Release):
    frame = tidy(release)
    without = frame["published_percent"].isna()
    assert without.any()
    assert not without.all()
    assert frame.loc[without, "published_source"].isna().all()
    sources = {(p.indicator, p.period): p.source for p in NETWORK.published}
    for row in frame[~without].to_dict("records"):
        assert row["published_source"] == sources[row["indicator_id"], row["period_id"]]


def test_tabulating_loses_and_changes_no_figure(release: Release):
    keys = ["indicator_id", "period_id", "group_kind", "group_id"]
    before = release.conformity.set_index(keys).sort_index()
    after = tidy(release).set_index(keys).sort_index()
    assert after.index.tolist() == before.index.tolist()
    for name in (*COUNTS, "percent_all", "percent_known", "bound_low", "bound_high"):
        assert after[name].equals(before[name]), name


def test_the_csv_rounds_rates_leaves_counts_and_the_frame_alone(release: Release):
    frame = tidy(release)
    frame["percent_all"] = 12.345678
    table = csv_table(frame)
    assert set(table["percent_all"]) == {12.3457}
    assert set(frame["percent_all"]) == {12.345678}
    for name in COUNTS:
        assert table[name].equals(frame[name]), name
    assert not [name for name in table.columns if name.startswith("is_")]


@pytest.mark.parametrize(
    "name", ["indicator_fr", "indicator_en", "group_id", "group_fr", "group_en", "published_source"]
)
def test_no_text_of_the_csv_begins_a_formula(release: Release, name: str):
    assert set(csv_table(tidy(release).assign(**{name: "=1+1"}))[name]) == {"'=1+1"}


def rows_of(sheet: Sheet) -> list[dict[str, Any]]:
    return [dict(zip((c.header for c in sheet.columns), row, strict=True)) for row in sheet.rows]


def test_the_workbook_holds_the_rows_of_the_csv_with_their_names_as_they_are(
    release: Release, sheets: list[Sheet]
):
    _, readable, data = sheets
    frame = tidy(release)
    assert [row["group_id"] for row in rows_of(data)] == frame["group_id"].tolist()
    assert len(readable.rows) == len(data.rows) == len(frame)
    assert {"=Cholet"} <= {row["Groupe"] for row in rows_of(readable)}, "a cell of text runs nothing"
    assert [column.header for column in data.columns] == list(csv_table(frame).columns)


def test_a_hidden_figure_is_an_empty_cell_in_both_tables(release: Release, sheets: list[Sheet]):
    _, readable, data = sheets
    hidden = tidy(release)["achieved_count"].isna().tolist()
    assert any(hidden)
    assert [row["achieved_count"] is None for row in rows_of(data)] == hidden
    assert [row["n\natteint\nachieved"] is None for row in rows_of(readable)] == hidden


def test_cells_hold_plain_values_and_days_as_text(release: Release, sheets: list[Sheet]):
    for sheet in sheets:
        for row in sheet.rows:
            assert all(cell is None or isinstance(cell, str | int | float) for cell in row), row
    assert release.data_cut
    assert {row["data_cut"] for row in rows_of(sheets[2])} == {release.data_cut.isoformat()}


def test_periods_are_named_not_numbered(release: Release, sheets: list[Sheet]):
    named = {period["label_fr"] for period in release.periods}
    assert {row["Période\nPeriod"] for row in rows_of(sheets[1])} == named


def reading(release: Release, *, is_synthetic: bool = False) -> dict[str, tuple[str, str]]:
    sheet = workbook_sheets(tidy(release), release, is_synthetic=is_synthetic)[0]
    assert not sheet.is_table
    return {subject: (fr, en) for subject, fr, en in sheet.rows}


def test_synthetic_data_are_announced_first_and_real_data_are_not(release: Release):
    assert next(iter(reading(release, is_synthetic=True))) == "⚠"
    assert "⚠" not in reading(release)


@pytest.mark.parametrize(
    ("threshold", "fr", "en"), [(11, "de 1 à 10,", "from 1 to 10,"), (5, "de 1 à 4,", "from 1 to 4,")]
)
def test_the_reader_is_told_which_counts_are_hidden(release: Release, threshold: int, fr: str, en: str):
    found = reading(replace(release, threshold=threshold))["Secret / Disclosure"]
    assert (fr in found[0], en in found[1]) == (True, True)


@pytest.mark.parametrize(("cut", "known"), [(None, False), (dt.date(2026, 3, 1), True)])
def test_the_day_of_the_data_is_said_when_there_is_one(release: Release, cut: dt.date | None, *, known: bool):
    found = reading(replace(release, deliveries={**release.deliveries, "data_cut": cut}))
    fr, en = found["Données arrêtées au / Data cut"]
    assert ("2026" in fr, "2026" in en, fr == en == "—") == (known, known, not known)


def test_every_indicator_is_defined_in_three_lines(release: Release):
    found = reading(release)
    for name, definition in release.definitions.items():
        assert found[name] == (definition.numerator.fr, definition.numerator.en)
        assert found[f"{name} : N"] == (definition.denominator.fr, definition.denominator.en)
        assert found[f"{name} : ?"] == (definition.unknown.fr, definition.unknown.en)


def test_an_edition_that_has_no_words_is_named_by_its_code(release: Release):
    other = replace(release, network={**release.network, "icdo_version": "icdo99"})
    assert reading(other)["CIM-O / ICD-O"] == ("icdo99", "icdo99")
    assert reading(release)["CIM-O / ICD-O"] != (NETWORK.icdo_version,) * 2
