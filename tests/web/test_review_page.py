"""The review queue in a real browser, without any script: open, read, decide; axe looks at it in both languages."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from pipelines.review_queue import questions
from tests import small_network
from tests.asked_network import REASONS, asked_network
from tests.serving import Serving, serving
from tests.small_network import SmallNetwork
from tests.web.looks import HIGH, WIDE, judge


@pytest.fixture(scope="module")
def net(tmp_path_factory: pytest.TempPathFactory) -> SmallNetwork:
    return asked_network(tmp_path_factory.mktemp("asked") / "net")


@pytest.fixture(scope="module")
def served(net: SmallNetwork) -> Iterator[Serving]:
    with serving(net) as found:
        yield found
    assert (found.code, found.ended[1]) == (0, "")


@pytest.fixture(scope="module")
def inside(browser: Browser, served: Serving, complaints: list[str]) -> Iterator[BrowserContext]:
    """The browser that came in; it tells what a policy forbade, what failed, and what was asked of another."""
    context = browser.new_context(viewport={"width": WIDE, "height": HIGH})
    context.set_default_timeout(10_000)
    context.on("console", lambda message: complaints.append(message.text))
    here = served.address.partition("/?")[0]
    context.on("request", lambda asked: asked.url.startswith(here) or complaints.append(asked.url))
    page = context.new_page()
    page.goto(served.address)
    page.wait_for_url(f"{here}/")
    page.close()
    yield context
    context.close()


@pytest.fixture(scope="module")
def complaints() -> list[str]:
    return []


@pytest.fixture
def tab(inside: BrowserContext, served: Serving, complaints: list[str]) -> Iterator[Page]:
    """The queue in French."""
    page = inside.new_page()
    page.goto(served.address.partition("?")[0] + "?lang=fr")
    yield page
    page.close()
    assert complaints == []


def open_pair(tab: Page, number: int) -> None:
    tab.get_by_role("table").get_by_role("link").nth(number - 1).click()


def test_another_browser_is_refused_and_told_why(browser: Browser, inside: BrowserContext, served: Serving):
    page = browser.new_page()
    answer = page.goto(served.address)
    assert answer
    assert answer.status == 403
    expect(page.get_by_role("alert")).to_contain_text("a déjà servi")
    assert page.inner_text("body").count("PETIT") == 0
    page.close()


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("place", ["queue", "pair"])
def test_axe_finds_nothing(
    browser: Browser, inside: BrowserContext, served: Serving, place: str, language: str, look: str
):
    """In a tab whose policy lets axe's own script in; ours is asked for by every other test."""
    size = {"width": WIDE, "height": HIGH}
    context = browser.new_context(
        storage_state=inside.storage_state(), bypass_csp=True, color_scheme=look, viewport=size
    )
    page = context.new_page()
    page.goto(served.address.partition("?")[0] + f"?lang={language}")
    if place == "pair":
        open_pair(page, 2)
    expect(page.locator("html")).to_have_attribute("lang", language)
    assert [one["id"] for one in judge(page).response["violations"]] == []
    context.close()


def test_a_narrow_screen_never_scrolls_sideways(tab: Page):
    tab.set_viewport_size({"width": 360, "height": HIGH})
    for show in (lambda: None, lambda: open_pair(tab, 2)):
        show()
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_style_is_ours_and_no_script_is_there(tab: Page):
    assert tab.evaluate("document.styleSheets.length") == 1
    assert tab.evaluate("getComputedStyle(document.querySelector('.button')).borderRadius") == "4px"
    assert tab.evaluate("document.scripts.length") == 0


def test_the_keyboard_reaches_the_decision(tab: Page):
    open_pair(tab, 2)
    tab.keyboard.press("Tab")
    expect(tab.locator(":focus")).to_have_text("Aller au contenu")
    tab.get_by_role("radio").first.press("Space")
    tab.get_by_role("radio").first.press("ArrowDown")
    expect(tab.get_by_role("radio", name="personnes différentes")).to_be_checked()


def test_the_language_is_switched_on_the_page_and_stays(tab: Page):
    open_pair(tab, 2)
    tab.get_by_role("link", name="English").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text(f"Pair 2 of {len(REASONS)}")
    tab.get_by_role("link", name="Back to the queue").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("Pairs to decide")


def test_the_report_opens_beside_and_its_own_switch_works(tab: Page):
    tab.get_by_role("link", name="Rapport national").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text(
        "Rapport national de conformité", use_inner_text=True
    )
    tab.locator("#switch").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text(
        "National conformity report", use_inner_text=True
    )


def test_a_pair_is_decided_and_the_decision_is_in_the_log(tab: Page, net: SmallNetwork):
    """The last of the file: it changes the queue."""
    tab.get_by_role("link", name="prénoms différents").click()
    tab.get_by_role("link", name="Décider la première paire").click()
    form = tab.get_by_role("button", name="Enregistrer")
    form.click()
    expect(tab.get_by_role("heading", level=1)).to_have_text(
        "Paire 1 sur 2"
    )  # the browser asks for what is missing
    tab.get_by_label("personnes différentes").check()
    tab.get_by_label("Votre nom").fill("Dr Identité")
    tab.get_by_label("Votre motif").fill("jumeaux, vus au téléphone")
    form.click()
    expect(tab.get_by_role("status")).to_contain_text(
        "Décision précédente enregistrée : personnes différentes"
    )
    expect(tab.get_by_role("heading", level=1)).to_have_text("Paire 2 sur 2")
    expect(tab.get_by_label("Votre nom")).to_have_value("Dr Identité")
    with small_network.in_force(net), net.open() as registry:
        [line] = registry.decisions.read().to_pylist()
        decided = [question.is_decided for question in questions(registry)]
    assert (line["local_patient_id_l"], line["local_patient_id_r"]) == ("A2", "B2")
    assert (line["verdict"], line["author"], line["reason"]) == (
        "different", "Dr Identité", "jumeaux, vus au téléphone",
    )  # fmt: skip
    assert decided == [False, True, False]
