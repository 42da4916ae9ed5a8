"""Reading a page back: its tables, headings and ids, as one of its readers would see them."""

from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser

_VOID = {"meta", "br", "img", "path", "circle", "use", "input", "hr", "link"}


@dataclass
class Table:
    """A table: its caption and its rows of cells, the text of one language."""

    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)
    headers: list[dict[str, str | None]] = field(default_factory=list)


class Page(HTMLParser):
    """A page read in one language: text of the other one is left out, as its style does."""

    def __init__(self, html: str, language: str) -> None:
        super().__init__()
        self.other = {"fr": "en", "en": "fr"}[language]
        self.open: list[tuple[str, bool]] = []
        self.tables: list[Table] = []
        self.headings: list[tuple[int, str]] = []
        self.ids: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        self.ids += [found["id"]] if found.get("id") else []
        if tag not in _VOID:
            is_other = found.get("lang") == self.other and tag != "html" and found.get("id") != "switch"
            hidden = is_other or tag in {"style", "script"}
            self.open.append((tag, hidden))
        if tag == "table":
            self.tables.append(Table())
        elif tag == "tr":
            self.tables[-1].rows.append([])
        elif tag in {"td", "th"}:
            self.tables[-1].rows[-1].append("")
            self.tables[-1].headers += [found] if tag == "th" else []
        elif tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append((int(tag[1]), ""))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            opened, _ = self.open.pop()
            assert opened == tag, f"<{opened}> closed by </{tag}>"

    def handle_data(self, data: str) -> None:
        if any(hidden for _, hidden in self.open):
            return
        self.text += data
        tags = [tag for tag, _ in self.open]
        if "caption" in tags:
            self.tables[-1].caption += data
        elif "td" in tags or "th" in tags:
            self.tables[-1].rows[-1][-1] += data
        elif {"h1", "h2", "h3", "h4"} & set(tags):
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)

    def table(self, caption: str) -> list[list[str]]:
        """The rows of the table with this caption, header first, cells without outer space."""
        (found,) = [table for table in self.tables if table.caption.strip() == caption]
        return [[" ".join(cell.split()) for cell in row] for row in found.rows]


@cache
def read_page(html: str, language: str) -> Page:
    """A page read in one language; read once, however many tests look at it."""
    return Page(html, language)
