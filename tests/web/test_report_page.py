"""The report in a browser: the language switch, the keyboard, a narrow screen, paper, and silence on the network."""

import datetime as dt
from pathlib import Path

import duckdb
import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from pipelines.io.configuration import load_network
from pipelines.report.write import write_report
from tests.report_snapshot import fill
from tests.web.looks import Looks

VISIBLE_TEXT_IN = """language => [...document.querySelectorAll(`[lang=${language}]`)]
    .filter(e => e.id !== 'switch' && e !== document.documentElement && e.checkVisibility()).length"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("report")
    network = load_network("netsarc")
    with duckdb.connect() as con:
        fill(con, network, np.random.default_rng(1), tumours=8_000)
        files = write_report(
            con, network=network, snapshot=1, out=folder, generated_for=dt.date(2026, 11, 21)
        )
    return Path(files.html).as_uri()


def title(page: Page) -> str:
    return page.locator("h1").inner_text()


def test_the_page_opens_in_french(looks: Looks, address: str):
    page = looks.at(address)
    assert title(page) == "Rapport national de conformité"
    assert page.evaluate(VISIBLE_TEXT_IN, "en") == 0
    assert page.evaluate(VISIBLE_TEXT_IN, "fr") > 100


def test_the_switch_turns_everything_into_english_and_back(page: Page, address: str):
    page.goto(address)
    switch = page.locator("#switch")
    expect(switch).to_have_text("English version")
    switch.click()
    assert title(page) == "National conformity report"
    assert page.title().startswith("Conformity of care")
    assert (page.evaluate(VISIBLE_TEXT_IN, "fr"), page.evaluate("document.documentElement.lang")) == (0, "en")
    expect(switch).to_have_text("Version française")
    assert switch.get_attribute("lang") == "fr"
    switch.click()
    assert title(page) == "Rapport national de conformité"
    assert page.evaluate(VISIBLE_TEXT_IN, "en") == 0


def test_figures_change_with_the_language(page: Page, address: str):
    page.goto(address)
    cell = page.locator("#biopsy_before_surgery ~ div table tbody tr").first.locator("td").first
    french = cell.inner_text()
    page.locator("#switch").click()
    assert cell.inner_text() == french.replace("\u202f", ",")
    assert cell.inner_text() != french


def test_what_a_figure_says_follows_the_language(page: Page, address: str):
    page.goto(address)
    figure = page.get_by_role("img", name="Biopsie avant la première chirurgie, par période")
    expect(figure).to_have_count(1)
    page.locator("#switch").click()
    expect(page.get_by_role("img", name="Biopsy before first surgery, by period")).to_have_count(1)
    expect(page.get_by_role("region", name="Table by centre").first).to_be_visible()


def test_english_can_be_asked_for_in_the_address(looks: Looks, address: str):
    page = looks.at(f"{address}?lang=en")
    assert title(page) == "National conformity report"


def test_the_keyboard_reaches_the_switch(page: Page, address: str):
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").startswith("Portail qualité")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "switch"
    page.keyboard.press("Enter")
    assert title(page) == "National conformity report"


def test_without_script_the_page_is_in_french_and_offers_no_switch(scriptless: Page, address: str):
    scriptless.goto(address)
    assert title(scriptless) == "Rapport national de conformité"
    expect(scriptless.locator("#switch")).to_be_hidden()
    expect(scriptless.get_by_text("National conformity report")).to_be_hidden()


def test_the_page_asks_nothing_of_the_network_and_breaks_no_rule(screen: BrowserContext, address: str):
    page = screen.new_page()
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address)
    page.locator("#switch").click()
    page.wait_for_timeout(200)
    assert asked == [address]
    assert said == []


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("width", [360, 768])
def test_a_narrow_screen_never_scrolls_sideways(looks: Looks, address: str, width: int, language: str):
    page = looks.at(address if language == "fr" else f"{address}?lang={language}", width=width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_no_label_of_a_figure_leaves_it(looks: Looks, address: str):
    page = looks.at(address)
    outside = page.evaluate(
        """() => [...document.querySelectorAll('figure svg[role=img]')].flatMap(svg => {
            const box = svg.getBoundingClientRect();
            return [...svg.querySelectorAll('text')].filter(text => text.checkVisibility()).filter(text => {
                const own = text.getBoundingClientRect();
                return own.left < box.left - 1 || own.right > box.right + 1 || own.bottom > box.bottom + 1;
            }).map(text => text.textContent);
        })"""
    )
    assert outside == []


def test_paper_gets_no_button_and_no_summary(page: Page, address: str):
    page.goto(address)
    page.emulate_media(media="print")
    expect(page.locator("#switch")).to_be_hidden()
    expect(page.locator("nav")).to_be_hidden()
    expect(page.locator("table").first).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF")
