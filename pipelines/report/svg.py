"""From a matplotlib figure to SVG that lives inside the page: both languages, no foreign id, no network, no date.

A figure is drawn once. Its texts are marks that stand for a French and an English text, put in afterwards: so the
names of centres never reach matplotlib's own text syntax, and one drawing serves both languages.
"""

import io
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SETTINGS: Any = {  # matplotlib types its keys as several hundred literals
    "svg.fonttype": "none",
    "svg.hashsalt": "reseau",
    "text.parse_math": False,
    "font.family": "DejaVu Sans",
    "font.size": 9.0,
}
_METADATA = {"Creator": None, "Date": None, "Format": None, "Type": None}
_DROPPED = re.compile(
    r"<\?xml.*?\?>|<!DOCTYPE.*?>|<!--.*?-->|<metadata>.*?</metadata>|<style.*?</style>", re.DOTALL
)
_TEXT = re.compile(r"<text ([^>]*)>T(\d+)T</text>")
_FONT = re.compile(r"font-family: [^;\"]*;? ?|font: ([\d.]+px)[^;\"]*")
_ID = re.compile(r' id="([^"]+)"')
_USED = re.compile(r'(?:url\(#|href="#)([^)"]+)')


@dataclass
class Labels:
    """The texts of one figure: a mark for each, replaced after drawing."""

    texts: list[tuple[str, str]] = field(default_factory=list)

    def mark(self, fr: str, en: str | None = None) -> str:
        """The mark to draw where this text goes; the same text in both languages when `en` is not given."""
        self.texts.append((fr, fr if en is None else en))
        return f"T{len(self.texts) - 1}T"

    def put(self, found: re.Match[str]) -> str:
        """The SVG text, or texts, for a mark."""
        attributes = found.group(1)
        fr, en = (escape(text) for text in self.texts[int(found.group(2))])
        if fr == en:
            return f"<text {attributes}>{fr}</text>"
        return f'<text lang="fr" {attributes}>{fr}</text><text lang="en" {attributes}>{en}</text>'


@dataclass(frozen=True)
class Caption:
    """What a figure says to those who do not see it: a title and a description, in both languages."""

    title_fr: str
    title_en: str
    description_fr: str
    description_en: str

    def parts(self, prefix: str) -> str:
        """The `title` and `desc` elements, with ids that the page's script switches between."""
        texts = (
            ("title", "fr", self.title_fr), ("desc", "fr", self.description_fr),
            ("title", "en", self.title_en), ("desc", "en", self.description_en),
        )  # fmt: skip
        return "".join(
            f'<{tag} id="{prefix}-{tag}-{language}" lang="{language}">{escape(text)}</{tag}>'
            for tag, language, text in texts
        )


def _keep_used_ids(svg: str, prefix: str) -> str:
    used = set(_USED.findall(svg))
    svg = _ID.sub(lambda m: f' id="{prefix}-{m.group(1)}"' if m.group(1) in used else "", svg)
    return re.sub(r'(url\(#|xlink:href="#)', lambda m: f"{m.group(1)}{prefix}-".replace("xlink:", ""), svg)


def inline_svg(figure: "Figure", labels: Labels, caption: Caption, *, prefix: str) -> Markup:
    """The figure as an element of the page. `prefix` makes its ids unique there."""
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    buffer = io.StringIO()
    canvas: Any = FigureCanvasSVG(figure)  # matplotlib leaves its printers untyped
    canvas.print_svg(buffer, metadata=_METADATA)
    svg = _DROPPED.sub("", buffer.getvalue())
    svg = _keep_used_ids(svg[svg.index("<svg") :], prefix)
    svg = _FONT.sub(lambda m: f"font-size: {m.group(1)}" if m.group(1) else "", svg)
    svg = re.sub(r"\s*\n\s*", "\n", _TEXT.sub(labels.put, svg)).strip()
    view = re.search(r'viewBox="[^"]+"', svg)
    body = svg[svg.index(">") + 1 :]
    names = {language: f"{prefix}-title-{language} {prefix}-desc-{language}" for language in ("fr", "en")}
    head = (
        f'<svg {view.group() if view else ""} role="img" aria-labelledby="{names["fr"]}" '
        f'data-fr="{names["fr"]}" data-en="{names["en"]}">'
    )
    return Markup(head + caption.parts(prefix) + body)  # noqa: S704 - every text in it was escaped above
