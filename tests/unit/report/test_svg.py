"""From a drawing to an element of the page: texts in both languages, ids of its own, nothing loaded."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable

import matplotlib as mpl
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from pipelines.report.svg import SETTINGS, Caption, Labels, inline_svg

CAPTION = Caption("Titre <1>", "Title & 1", 'Il dit "oui"', "It says 'yes'")
Draw = Callable[[Axes, Labels], object]


def drawn(draw: Draw, *, prefix: str = "x", caption: Caption = CAPTION) -> str:
    labels = Labels()
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(2, 1))
        ax = figure.add_axes((0.2, 0.2, 0.7, 0.7))
        ax.set_xticks([])
        ax.set_yticks([])
        draw(ax, labels)
        return str(inline_svg(figure, labels, caption, prefix=prefix))


def element_of(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - our own drawing


def texts(svg: str) -> list[tuple[str | None, str]]:
    """The texts drawn, each with its language if it has one."""
    found = []
    for element in element_of(svg).iter():
        if element.tag.rpartition("}")[2] == "text":
            found.append((element.get("lang"), element.text or ""))
    return found


@pytest.mark.parametrize(
    ("fr", "en", "expected"),
    [
        ("a", None, [(None, "a")]),
        ("a", "a", [(None, "a")]),
        ("a", "b", [("fr", "a"), ("en", "b")]),
        ("62,9 %", "62.9%", [("fr", "62,9 %"), ("en", "62.9%")]),
        ("<script>alert(1)</script>", None, [(None, "<script>alert(1)</script>")]),
        ("a & b", "a < b", [("fr", "a & b"), ("en", "a < b")]),
        ("$x^2$", None, [(None, "$x^2$")]),  # no formula of the drawing library
        ("\\alpha_{1}", None, [(None, "\\alpha_{1}")]),
        ("T0T", "T1T", [("fr", "T0T"), ("en", "T1T")]),  # a name that looks like a mark
        ("</text><image href='x'/>", None, [(None, "</text><image href='x'/>")]),
        ("Ω中心🏥 é", None, [(None, "Ω中心🏥 é")]),
        ('"quoted"', None, [(None, '"quoted"')]),
        ("", "b", [("fr", ""), ("en", "b")]),
    ],
)
def test_a_text_is_drawn_as_it_is_in_each_language(
    fr: str, en: str | None, expected: list[tuple[str | None, str]]
):
    svg = drawn(lambda ax, labels: ax.text(0.5, 0.5, labels.mark(fr, en)))
    assert texts(svg) == expected


def test_many_texts_keep_their_own_words():
    def draw(ax: Axes, labels: Labels) -> None:
        for place in range(25):
            ax.text(0.5, place / 25, labels.mark(f"fr{place}", f"en{place}"))

    assert texts(drawn(draw)) == [(lang, f"{lang}{place}") for place in range(25) for lang in ("fr", "en")]


def test_the_same_text_twice_is_drawn_twice():
    def draw(ax: Axes, labels: Labels) -> None:
        mark = labels.mark("a", "b")
        ax.text(0.1, 0.1, mark)
        ax.text(0.9, 0.9, mark)

    assert texts(drawn(draw)) == [("fr", "a"), ("en", "b")] * 2


DRAWINGS: dict[str, Draw] = {
    "nothing": lambda ax, labels: None,
    "marks": lambda ax, labels: ax.plot([0.2, 0.4], [0.2, 0.4], marker="o", linestyle="none", clip_on=True),
    "lines": lambda ax, labels: ax.hlines([0.2, 0.4], 0, 1),
    "text": lambda ax, labels: ax.set_title(labels.mark("a", "b")),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_ids_begin_with_the_prefix_and_every_reference_finds_one(name: str):
    svg = drawn(DRAWINGS[name], prefix="ind-1")
    ids = re.findall(r' id="([^"]+)"', svg)
    used = re.findall(r'(?:url\(#|href="#)([^)"]+)', svg)
    assert len(ids) == len(set(ids))
    assert all(one.startswith("ind-1-") for one in ids)
    assert set(used) <= set(ids)


@pytest.mark.parametrize("name", DRAWINGS)
def test_two_figures_of_one_page_share_no_id(name: str):
    one, other = (re.findall(r' id="([^"]+)"', drawn(DRAWINGS[name], prefix=p)) for p in ("a", "b"))
    assert set(one) & set(other) == set()
    assert [i.removeprefix("a-") for i in one] == [i.removeprefix("b-") for i in other]


@pytest.mark.parametrize("name", DRAWINGS)
def test_a_figure_is_well_formed_and_loads_runs_and_dates_nothing(name: str):
    svg = drawn(DRAWINGS[name])
    tags = {element.tag.rpartition("}")[2] for element in element_of(svg).iter()}
    assert tags <= {"svg", "title", "desc", "g", "path", "defs", "use", "text", "clipPath", "rect"}
    assert not re.search(r"https?:|xlink|<!--|<\?xml|DOCTYPE|@import|on\w+=|font-family|\d{4}-\d\d-\d\d", svg)
    assert drawn(DRAWINGS[name]) == svg


def test_who_does_not_see_the_figure_is_told_what_it_is():
    root = element_of(drawn(DRAWINGS["nothing"], prefix="p"))
    told = {element.get("id"): (element.get("lang"), element.text) for element in root if element.get("lang")}
    assert told == {
        "p-title-fr": ("fr", "Titre <1>"), "p-desc-fr": ("fr", 'Il dit "oui"'),
        "p-title-en": ("en", "Title & 1"), "p-desc-en": ("en", "It says 'yes'"),
    }  # fmt: skip
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "p-title-fr p-desc-fr")
    assert (root.get("data-fr"), root.get("data-en")) == ("p-title-fr p-desc-fr", "p-title-en p-desc-en")
    assert re.fullmatch(r"0 0 [\d.]+ [\d.]+", root.get("viewBox") or "")
    assert root.get("width") is root.get("height") is None  # the page decides its size
