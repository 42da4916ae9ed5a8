"""The figures of the page: what is drawn, in both languages, and nothing that the page did not ask for."""

import re
from typing import Any

from pipelines.definitions import Text
from pipelines.report.charts import centre_chart, period_chart
from pipelines.report.svg import Labels

TITLE = Text(fr="Biopsie <avant>", en="Biopsy & before")
PERIODS = [
    {"period_id": "p1", "label_fr": "2010–2012", "label_en": "2010–2012"},
    {"period_id": "p2", "label_fr": "après", "label_en": "after"},
]


def row(period: str, percent: float | None, group: str = "all", **other: Any) -> dict[str, Any]:
    low, high = (None, None) if percent is None else (percent - 3, min(percent + 3, 100.0))
    return {
        "period_id": period, "group_id": group, "is_doubtful": False, "is_achieved_shown": percent is not None,
        "percent_all": percent, "percent_all_low": low, "percent_all_high": high,
        "percent_known": percent, "percent_known_low": low, "percent_known_high": high,
        "published_percent": None, **other,
    }  # fmt: skip


def national(*rows: dict[str, Any], places: tuple[dict[str, Any], ...] = ()) -> str:
    return str(period_chart(TITLE, rows, places, periods=PERIODS, prefix="x"))


def centres(*rows: dict[str, Any], names: dict[str, str]) -> str:
    return str(centre_chart(TITLE, rows, [row("p1", 50.0)], centres=names, periods=PERIODS, prefix="x"))


def texts(svg: str) -> list[str]:
    return re.findall(r"<text [^>]*>([^<]*)</text>", svg)


def test_values_are_written_in_both_languages():
    svg = national(row("p1", 62.85))
    assert texts(svg).count("62,9\u00a0%") == texts(svg).count("62.9%") == 2  # of all and of the known
    assert '<text lang="fr"' in svg
    assert '<text lang="en"' in svg


def test_the_published_value_is_drawn_only_where_there_is_one():
    drawn = national(row("p1", 60.0, published_percent=61.7), row("p2", 70.0))
    assert texts(drawn).count("61.7%") == 1
    assert texts(national(row("p1", 60.0), row("p2", 70.0))).count("61.7%") == 0


def test_a_masked_value_is_not_drawn():
    assert not [
        text for text in texts(national(row("p1", None), row("p2", None))) if re.search(r"\d[.,]\d", text)
    ]


def test_what_is_masked_is_marked_so():
    places = (row("p1", None, "in_reference"), row("p1", 40.0, "outside"))
    assert texts(national(row("p1", None), row("p2", 70.0), places=places)).count("s") == 2


def test_places_are_drawn_beside():
    with_places = national(
        row("p1", 60.0), places=(row("p1", 71.2, "in_reference"), row("p1", 40.1, "outside"))
    )
    assert {"71.2%", "40.1%"} <= set(texts(with_places))
    assert "Selon le lieu" not in national(row("p1", 60.0))


def test_a_masked_centre_is_marked():
    svg = centres(row("p1", None, "a"), row("p1", 40.0, "b"), names={"a": "Albi", "b": "Brest"})
    assert texts(svg).count("s") == 1


def test_centres_stand_in_the_given_order():
    svg = centres(row("p1", 90.0, "b"), row("p1", 10.0, "a"), names={"a": "Albi", "b": "Brest"})
    at = {name: float(re.search(rf'y="([\d.]+)"[^>]*>{name}<', svg)[1]) for name in ("Albi", "Brest")}  # type: ignore[index]
    assert at["Albi"] < at["Brest"]


def test_names_reach_the_figure_as_they_are():
    svg = centres(row("p1", 10.0, "a"), names={"a": "$x^2$ <script> & 中心 T0T"})
    assert "$x^2$ &lt;script&gt; &amp; 中心 T0T" in texts(svg)


def test_a_long_name_is_cut():
    svg = centres(row("p1", 10.0, "a"), names={"a": "x" * 80})
    assert max(len(text) for text in texts(svg)) == 40


def test_the_figure_says_what_it_is():
    svg = national(row("p1", 60.0))
    assert 'role="img" aria-labelledby="x-title-fr x-desc-fr"' in svg
    assert '<title id="x-title-fr" lang="fr">Biopsie &lt;avant&gt;, par période</title>' in svg
    assert '<title id="x-title-en" lang="en">Biopsy &amp; before, by period</title>' in svg
    assert svg.count("<desc ") == 2


def test_a_figure_holds_no_foreign_address_date_or_style():
    svg = national(row("p1", 60.0))
    assert not re.search(r"https?:|<metadata|<style|<!--|<\?xml|font-family|DOCTYPE", svg)


def test_ids_are_unique_to_the_figure_and_point_to_something():
    svg = centres(row("p1", 10.0, "a"), names={"a": "Albi"})
    ids = re.findall(r' id="([^"]+)"', svg)
    used = re.findall(r'(?:url\(#|href="#)([^)"]+)', svg)
    assert len(ids) == len(set(ids))
    assert all(name.startswith("x-") for name in ids)
    assert set(used) <= set(ids)


def test_the_same_figure_twice_has_the_same_bytes():
    assert national(row("p1", 60.0)) == national(row("p1", 60.0))


def test_labels_alike_are_drawn_once():
    labels = Labels()
    assert (labels.mark("a"), labels.mark("b", "c")) == ("T0T", "T1T")
    assert labels.texts == [("a", "a"), ("b", "c")]
