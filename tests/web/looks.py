"""How a test looks at a page that others look at too, and how axe looks at one."""

from dataclasses import dataclass, field

from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

WIDE, HIGH = 1280, 900
#: Marks the texts whose contrast is measured: three of each look, that is of the same colours, size and weight, in
#: elements with the same backgrounds. All the texts of figures, which lie on whatever was drawn there, and all fields.
MARK = """() => {
    const looks = new Map(), seen = new Map();
    const look = element => {
        if (element === null) { return ''; }
        if (!looks.has(element)) {
            const s = getComputedStyle(element);
            looks.set(element, [s.color, s.backgroundColor, s.backgroundImage, s.opacity, s.fontSize, s.fontWeight,
                s.position, s.textShadow, look(element.parentElement)].join('|'));
        }
        return looks.get(element);
    };
    for (const element of document.body.querySelectorAll('*')) {
        const alone = element.closest('svg') || element.matches('input, select, textarea');
        const says = [...element.childNodes].some(e => e.nodeType === Node.TEXT_NODE && e.data.trim());
        if (!element.checkVisibility() || !(alone || says)) { continue; }
        const key = alone ? element : look(element);
        seen.set(key, (seen.get(key) || 0) + 1);
        if (seen.get(key) <= 3) { element.setAttribute('data-look', ''); }
    }
}"""
CONTRAST_OF_LOOKS = "axe.configure({rules: [{id: 'color-contrast', selector: '[data-look]'}]})"


@dataclass
class Looks:
    """Pages that no test changes, each loaded once."""

    screen: BrowserContext
    loaded: dict[str, Page] = field(default_factory=dict)

    def at(self, address: str, *, width: int = WIDE) -> Page:
        """The page of this address on a screen of this width."""
        if address not in self.loaded:
            self.loaded[address] = self.screen.new_page()
            self.loaded[address].goto(address)
        page = self.loaded[address]
        page.set_viewport_size({"width": width, "height": HIGH})
        return page


def judge(page: Page) -> AxeResults:
    """What axe finds in a page, by all its rules. Measuring the contrast of every text would take most of the time."""
    axe = Axe()
    page.evaluate(MARK)
    page.evaluate(axe.axe_script)
    page.evaluate(CONTRAST_OF_LOOKS)
    return AxeResults(page.evaluate("axe.run({resultTypes: ['violations']})"))
