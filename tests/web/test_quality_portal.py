"""The quality portal in a browser: links, filters, languages, the keyboard, paper, and silence on the network."""

import io
import re
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pypdf
import pytest
from playwright.sync_api import Page, expect

from pipelines.io.configuration import load_network
from pipelines.report.write import write_report
from tests.quality_snapshot import CENTRES, DAY, FAILED, NOT_SENT, fill_quality, journal
from tests.report_snapshot import NAMES
from tests.web.looks import Looks, judge
from validations.rules.catalogue import CATALOGUE

#: One page of each kind.
KINDS = {
    "report": "rapport.html",
    "national": "qualite/index.html",
    "linkage": "qualite/rapprochement.html",
    "centre": "qualite/centres/c00.html",
    "rule": "qualite/regles/SURGERY-001.html",
    "rule of several tables": "qualite/regles/PATHWAY-001.html",
    "rule that nobody was asked": "qualite/regles/TREATMENT-002.html",
}
ADDRESS = {"fr": "", "en": "?lang=en"}
HIDDEN_BY_LANGUAGE = """language => [...document.querySelectorAll(`[lang=${language}]`)]
    .filter(e => e.id !== 'switch' && e !== document.documentElement && e.checkVisibility()).length"""
COUNTED = "DIAGNOSIS-020"  # of severity information: nobody follows it
FAILING = [rule for rule, counts in FAILED.items() if any(counts)]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of the folder of a report with its portal."""
    folder = tmp_path_factory.mktemp("portal")
    network = load_network("netsarc")
    with duckdb.connect() as con:
        fill_quality(con, network)
        write_report(
            con,
            network=network,
            snapshot=3,
            out=folder,
            generated_for=DAY,
            journal=journal(),
            is_synthetic=True,
        )
    return Path(folder).as_uri()


def expect_heading(page: Page, text: str) -> None:
    expect(page.locator("h1")).to_have_text(text, use_inner_text=True)


def expect_rows(page: Page, first: Iterable[str], table: str = "rule-table") -> None:
    """These rows, by their first cells, are shown and no others."""
    wanted = list(first)
    shown = page.locator(f"#{table} tbody tr:visible th")
    expect(shown).to_have_count(len(wanted))
    assert sorted(text.strip() for text in shown.all_inner_texts()) == sorted(wanted)


def choose(page: Page, label: str, value: str) -> None:
    page.get_by_role("combobox", name=label, exact=True).select_option(value)


# Links


def test_a_reader_goes_from_the_report_to_a_centre_to_a_rule_and_back(page: Page, root: str):
    page.goto(f"{root}/rapport.html")
    page.get_by_role("link", name="Portail qualité", exact=True).click()
    expect_heading(page, "Portail qualité des données")
    page.locator("#centre-table").get_by_role("link", name=NAMES[0], exact=True).click()
    expect_heading(page, NAMES[0])
    page.locator("#rule-table").get_by_role("link", name="SURGERY-001").click()
    expect_heading(page, "Règle SURGERY-001")
    page.locator("#centre-table").get_by_role("link", name=NAMES[1], exact=True).click()
    expect_heading(page, NAMES[1])
    page.get_by_role("link", name="← Portail qualité").click()
    page.get_by_role("link", name="← Rapport de conformité").click()
    expect_heading(page, "Rapport national de conformité")


def test_the_findings_of_the_report_lead_to_their_rule(page: Page, root: str):
    page.goto(f"{root}/rapport.html")
    page.get_by_role("link", name="SURGERY-001").click()
    expect_heading(page, "Règle SURGERY-001")


def test_the_contents_lead_to_their_sections(looks: Looks, root: str):
    page = looks.at(f"{root}/qualite/index.html")
    for link in page.locator("nav.contents a").all():
        target = page.locator(link.get_attribute("href") or "")
        expect(target).to_have_count(1)
        expect(target).to_have_text(link.text_content() or "")


# Filters


def test_the_rules_begin_with_those_that_some_data_break(page: Page, root: str):
    page.goto(f"{root}/qualite/index.html")
    expect_rows(page, FAILING)
    expect(page.get_by_role("status")).to_contain_text(
        f"Lignes affichées : {len(FAILING)}", use_inner_text=True
    )


def test_a_centre_sees_its_own_rules(page: Page, root: str):
    page.goto(f"{root}/qualite/index.html")
    choose(page, "Centre concerné", NOT_SENT)
    at = CENTRES.index(NOT_SENT)
    expect_rows(page, (rule for rule, counts in FAILED.items() if counts[at]))


def test_filters_narrow_one_another(page: Page, root: str):
    page.goto(f"{root}/qualite/index.html")
    choose(page, "Gravité", "error")
    expect_rows(page, ["CONTRACT-001", "CONTRACT-003"])
    choose(page, "Famille", "surgery")
    expect_rows(page, [])
    expect(page.get_by_role("status")).to_contain_text(
        "Lignes affichées : 0 – aucune ne répond à ces choix", use_inner_text=True
    )


def test_all_rules_can_be_seen_and_the_beginning_restored(page: Page, root: str):
    page.goto(f"{root}/qualite/index.html")
    choose(page, "Issue", "")
    expect_rows(page, CATALOGUE)
    choose(page, "Issue", "passed")
    expect_rows(page, ["DATE-002", "DIAGNOSIS-001"])
    choose(page, "Issue", "error")
    expect_rows(page, ["TREATMENT-001"])  # broken in a centre, not evaluated in another
    page.get_by_role("button", name="Rétablir").click()
    expect_rows(page, FAILING)


def test_the_findings_of_a_centre_are_filtered_by_what_became_of_them(page: Page, root: str):
    page.goto(f"{root}/qualite/centres/c02.html")
    everything = page.locator("#rule-table tbody th").all_inner_texts()
    choose(page, "Statut", "fixed")
    expect_rows(page, ["DIAGNOSIS-001"])
    choose(page, "Statut", "new")
    expect_rows(page, [rule for rule in everything if rule not in {"DIAGNOSIS-001", COUNTED}])


def test_the_centres_of_a_rule_are_filtered_by_outcome_and_the_network_stays(page: Page, root: str):
    page.goto(f"{root}/qualite/regles/SURGERY-001.html")
    choose(page, "Issue", "not_sent")
    expect_rows(page, [NAMES[CENTRES.index(NOT_SENT)]], "centre-table")
    expect(page.get_by_role("row", name="Réseau entier")).to_be_visible()


def test_the_keyboard_reaches_and_works_the_filters(page: Page, root: str):
    page.goto(f"{root}/qualite/index.html")
    page.get_by_role("combobox", name="Gravité", exact=True).focus()
    page.keyboard.press("ArrowDown")
    expect_rows(page, ["CONTRACT-001", "CONTRACT-003"])
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip().startswith("Rétablir")
    page.keyboard.press("Enter")
    expect_rows(page, FAILING)


@pytest.mark.parametrize("kind", KINDS)
def test_the_keyboard_skips_to_the_content_then_finds_the_ways_and_the_switch(
    page: Page, root: str, kind: str
):
    page.goto(f"{root}/{KINDS[kind]}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    ways = page.locator(".bar a").count()
    for _ in range(ways + 1):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "switch"
    expect(page.locator(":focus-visible")).to_have_count(1)


# Languages


@pytest.mark.parametrize("kind", KINDS)
def test_each_page_is_wholly_in_one_language(page: Page, root: str, kind: str):
    page.goto(f"{root}/{KINDS[kind]}")
    assert page.evaluate(HIDDEN_BY_LANGUAGE, "en") == 0
    page.locator("#switch").click()
    assert page.evaluate(HIDDEN_BY_LANGUAGE, "fr") == 0
    assert page.evaluate(HIDDEN_BY_LANGUAGE, "en") > 10


def test_the_language_goes_with_the_reader(page: Page, root: str):
    page.goto(f"{root}/rapport.html")
    page.locator("#switch").click()
    page.get_by_role("link", name="Quality portal", exact=True).click()
    expect_heading(page, "Data quality portal")
    page.locator("#centre-table").get_by_role("link", name=NAMES[0], exact=True).click()
    expect(page.locator("#switch")).to_have_text("Version française")
    page.locator("#rule-table").get_by_role("link", name="SURGERY-001").click()
    expect_heading(page, "Rule SURGERY-001")
    page.locator("#switch").click()
    page.get_by_role("link", name="← Portail qualité").click()
    expect_heading(page, "Portail qualité des données")


def test_the_choices_of_a_filter_change_language_and_stay_chosen(page: Page, root: str):
    page.goto(f"{root}/qualite/index.html")
    choose(page, "Famille", "surgery")
    page.locator("#switch").click()
    chosen = page.get_by_role("combobox", name="Family", exact=True)
    expect(chosen).to_have_value("surgery")
    assert chosen.evaluate("e => e.selectedOptions[0].textContent") == "Surgery"
    expect_rows(page, ["SURGERY-001"])
    expect(page.get_by_role("status")).to_contain_text("Rows shown: 1", use_inner_text=True)


def test_a_link_keeps_its_place_in_the_page_in_english(looks: Looks, root: str):
    page = looks.at(f"{root}/qualite/index.html?lang=en")
    hrefs = page.evaluate("[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))")
    assert "#map" in hrefs
    assert "centres/c00.html?lang=en" in hrefs
    assert not [href for href in hrefs if href.count("?") > 1]


# Everybody


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_nothing_to_say(page: Page, root: str, kind: str, language: str):
    page.goto(f"{root}/{KINDS[kind]}?lang={language}")
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true; })")
    found = judge(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("kind", KINDS)
def test_without_script_everything_is_there_in_french(scriptless: Page, root: str, kind: str):
    scriptless.goto(f"{root}/{KINDS[kind]}")
    expect(scriptless.locator("#switch")).to_be_hidden()
    for form in scriptless.locator("form.filters").all():
        expect(form).to_be_hidden()
    for row in ("#rule-table tbody tr", "#centre-table tbody tr"):
        assert scriptless.locator(f"{row}:visible").count() == scriptless.locator(row).count()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [360, 768])
def test_a_narrow_screen_never_scrolls_sideways(looks: Looks, root: str, width: int, kind: str):
    page = looks.at(f"{root}/{KINDS[kind]}", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("kind", ["national", "linkage", "centre", "rule"])
def test_a_wide_screen_shows_whole_tables_and_whole_headings(
    looks: Looks, root: str, kind: str, language: str
):
    page = looks.at(f"{root}/{KINDS[kind]}{ADDRESS[language]}")
    cut = """[...document.querySelectorAll('.scroll, table.dense thead th')]
        .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1).map(e => e.textContent.slice(0, 40))"""
    assert page.evaluate(cut) == []


@pytest.mark.parametrize(("kind", "charts"), [("national", 2), ("linkage", 1)])
def test_no_label_of_a_chart_leaves_it(looks: Looks, root: str, kind: str, charts: int):
    page = looks.at(f"{root}/{KINDS[kind]}")
    outside = """() => [...document.querySelectorAll('figure svg[role=img]')].flatMap(svg => {
        const box = svg.getBoundingClientRect();
        return [...svg.querySelectorAll('text')].filter(text => text.checkVisibility()).filter(text => {
            const own = text.getBoundingClientRect();
            return own.left < box.left - 1 || own.right > box.right + 1 || own.bottom > box.bottom + 1;
        }).map(text => text.textContent);
    })"""
    assert page.locator("figure svg[role=img]").count() == charts
    assert page.evaluate(outside) == []


def test_the_map_tells_more_than_its_colours(looks: Looks, root: str):
    page = looks.at(f"{root}/qualite/index.html")
    cells = page.locator("table.dense td.heat")
    assert cells.count() > 50
    assert all(text.strip() for text in cells.all_inner_texts())
    colours = {band: page.locator(f"td.heat.{band}").first.evaluate("e => getComputedStyle(e).backgroundColor")
               for band in ("b0", "b1", "b2")}  # fmt: skip
    assert len(set(colours.values())) == 3


# Paper


def printed(page: Page) -> list[str]:
    """The text of each page of the PDF, ligatures spelt out."""
    reader = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    return [
        text.extract_text().replace("ﬁ", "fi").replace("ﬀ", "ff").replace("ﬂ", "fl") for text in reader.pages
    ]


def test_the_national_page_is_readable_on_paper(page: Page, root: str):
    page.goto(f"{root}/qualite/index.html")
    pages = printed(page)
    text = "\n".join(pages)
    for words in ("Portail qualité des données", "Ceci n'est pas un indicateur de soin", "Plausibilité", NAMES[0],
                  "SURGERY-001", "La marge manque"):  # fmt: skip
        assert words in text, words
    for words in ("English version", "Data quality portal", "Rétablir", "Lignes affichées"):
        assert words not in text, words
    assert len(pages) <= 12
    assert all(len(each) > 100 for each in pages)  # no page with a heading alone


def test_what_is_filtered_out_is_not_printed(page: Page, root: str):
    page.goto(f"{root}/qualite/index.html?lang=en")
    choose(page, "Family", "surgery")
    text = "\n".join(printed(page))
    assert "SURGERY-001" in text
    assert "PATHWAY-001" not in text
    assert "This is not an indicator of care" in text


def test_the_page_of_the_linkage_is_readable_on_paper(page: Page, root: str):
    page.goto(f"{root}/{KINDS['linkage']}")
    pages = printed(page)
    text = "\n".join(pages)
    for words in (
        "Rapprochement des personnes",
        "cinq traits stricts égaux",
        "Commune de résidence",
        NAMES[0],
    ):
        assert words in text, words
    assert "English version" not in text
    assert len(pages) <= 6
    assert all(len(each) > 100 for each in pages)


def test_a_reader_goes_to_the_linkage_and_to_a_centre(page: Page, root: str):
    page.goto(f"{root}/qualite/index.html?lang=en")
    page.get_by_role("link", name="Linkage: pairs, persons, centres, drift from the model").click()
    expect_heading(page, "Linkage of persons")
    page.locator("#centre-table").get_by_role("link", name=NAMES[0], exact=True).click()
    expect_heading(page, NAMES[0])
    expect(page.get_by_role("row", name="Records repeated within their centre")).to_contain_text("40")


@pytest.mark.parametrize("kind", ["centre", "rule"])
def test_the_other_pages_are_readable_on_paper(page: Page, root: str, kind: str):
    page.goto(f"{root}/{KINDS[kind]}")
    pages = printed(page)
    text = "\n".join(pages)
    assert "SURGERY-001" in text
    assert "English version" not in text
    assert len(pages) <= 6
    cut = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
    page.emulate_media(media="print")
    assert page.evaluate(cut) is False


def test_every_row_of_a_printed_table_keeps_its_heading(page: Page, root: str):
    page.goto(f"{root}/qualite/index.html")
    choose(page, "Issue", "")
    listing = [text for text in printed(page) if "Ce qui est relevé" in text]
    assert all(
        len(re.findall(r"[A-Z]-\d{3}", text)) > 3 for text in listing[:-1]
    )  # no heads alone on a sheet
    assert len(listing) > 3  # the list of all rules goes over several sheets, each with the heads
