"""A real browser, when the machine has one. Nothing is ever downloaded.

A new tab costs as much as most of the tests in it: those of a module share one, and what only looks at a page gets
a page that was loaded before.
"""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright

from tests.web.looks import HIGH, WIDE, Looks

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def find_browser() -> str | None:
    """The browser named by RESEAU_CHROMIUM, else the system's Chromium or Chrome."""
    return os.environ.get("RESEAU_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        pytest.skip("NO BROWSER: the page is not tried; install Debian's chromium or set RESEAU_CHROMIUM")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=path, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def said() -> list[str]:
    """What pages said to the console, and what they asked of a network."""
    return []


@pytest.fixture(scope="module")
def screen(browser: Browser, said: list[str]) -> Iterator[BrowserContext]:
    """A wide screen, for the whole module."""

    def asked(request: Request) -> None:
        if not request.is_navigation_request():
            said.append(request.url)

    context = browser.new_context(viewport={"width": WIDE, "height": HIGH})
    context.set_default_timeout(5_000)
    context.on("console", lambda message: said.append(message.text))
    context.on("weberror", lambda error: said.append(str(error.error)))
    context.on("request", asked)
    yield context
    context.close()


@pytest.fixture(autouse=True)
def _silence(said: list[str]) -> Iterator[None]:
    """No page says anything to the console, or asks anything of a network."""
    said.clear()
    yield
    assert said == []


@pytest.fixture(scope="module")
def tab(screen: BrowserContext) -> Page:
    """The one tab of the module."""
    return screen.new_page()


@pytest.fixture
def page(tab: Page) -> Iterator[Page]:
    """The tab, on screen: a test goes to its page, which forgets what another test did there."""
    yield tab
    tab.emulate_media(media="null")


@pytest.fixture(scope="module")
def looks(screen: BrowserContext) -> Looks:
    """Pages for tests that change nothing in them."""
    return Looks(screen)


@pytest.fixture(scope="module")
def scriptless(browser: Browser) -> Iterator[Page]:
    """A tab of a browser that runs no script."""
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()
