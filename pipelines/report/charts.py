"""Dots and intervals: one figure by period, one by centre. No ranking, no funnel: centres stand in alphabetical order.

Colours are Okabe and Ito's, told apart by every eye; a mark never differs by its colour alone.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from pipelines.definitions import Text
from pipelines.report.numbers import MASKED, percent_text
from pipelines.report.svg import SETTINGS, Caption, Labels, inline_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Row = dict[str, Any]
BLUE, ORANGE, GREY, INK, PALE, LINE = "#0072B2", "#B34A00", "#6B6B6B", "#1A1A1A", "#F3F5F7", "#C9CED3"
_WIDTH = 9.4  # inches, as every length below
_PERIOD_ROW, _CENTRE_ROW = 0.62, 0.235
_TOP, _BOTTOM = 0.35, 0.45
_NAME_LENGTH = 40
#: Beyond this percentage a value is written to the left of its mark, where it has room.
_WRITE_LEFT = 82
_ALL: dict[str, Any] = {"marker": "o", "color": BLUE, "markerfacecolor": BLUE}
_KNOWN: dict[str, Any] = {"marker": "o", "color": BLUE, "markerfacecolor": "white"}
_PUBLISHED: dict[str, Any] = {"marker": "D", "color": ORANGE, "markerfacecolor": ORANGE}
_OUTSIDE: dict[str, Any] = {"marker": "s", "color": GREY, "markerfacecolor": GREY}
_DOUBTFUL: dict[str, Any] = {"marker": "o", "color": GREY, "markerfacecolor": "white"}
#: (height on the axis, value, low end, high end)
Point = tuple[float, float, float, float]


def _frame(ax: "Axes", rows: int, labels: Labels, title: tuple[str, str], *, row_height: float) -> None:
    """Axes from 0 to 100 %, one row per item from the top, every other row shaded."""
    ticks = range(0, 101, 25)
    ax.set(xlim=(0, 100), ylim=(rows - 0.5, -0.5))
    ax.set_xticks(ticks, [labels.mark(f"{tick}") for tick in ticks], color=INK)
    ax.set_xlabel(labels.mark("%"), color=INK)
    ax.set_title(labels.mark(*title), loc="left", fontsize=9.5, color=INK)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.hlines(range(0, rows, 2), 0, 100, color=PALE, linewidth=72 * row_height, zorder=0, capstyle="butt")
    ax.vlines(list(ticks), -0.5, rows - 0.5, color=LINE, linewidth=0.6, zorder=0.5)


def _draw(ax: "Axes", points: Sequence[Point], style: dict[str, Any], size: float = 5.5) -> None:
    """Marks of one kind with their intervals."""
    if not points:
        return
    heights, values, lows, highs = zip(*points, strict=True)
    ax.hlines(heights, lows, highs, color=style["color"], linewidth=1.6, zorder=2)
    ax.plot(
        values,
        heights,
        linestyle="none",
        markersize=size,
        markeredgewidth=1.3,
        clip_on=False,
        zorder=3,
        **style,
    )


def _write(ax: "Axes", points: Sequence[Point], labels: Labels, color: str) -> None:
    """The values beside their marks."""
    for height, value, low, high in points:
        text = labels.mark(percent_text(value, "fr"), percent_text(value, "en"))
        at, side = (low - 1.8, "right") if high > _WRITE_LEFT else (high + 1.8, "left")
        ax.text(at, height, text, va="center", ha=side, fontsize=8, color=color)


def _points(rows: Sequence[tuple[float, Row]], name: str) -> list[Point]:
    return [(at, r[name], r[f"{name}_low"], r[f"{name}_high"]) for at, r in rows if r[name] is not None]


def _mark_masked(ax: "Axes", heights: Sequence[float], labels: Labels) -> None:
    for height in heights:
        ax.text(1.5, height, labels.mark(MASKED), va="center", fontsize=8, color=GREY)


def _national_panel(ax: "Axes", rows: Sequence[tuple[float, Row]], labels: Labels) -> None:
    published = [
        (at + 0.27, row["published_percent"]) for at, row in rows if row["published_percent"] is not None
    ]
    kinds = (
        (_points([(at - 0.27, row) for at, row in rows], "percent_all"), _ALL, INK),
        (_points(rows, "percent_known"), _KNOWN, INK),
        ([(at, value, value, value + 1) for at, value in published], _PUBLISHED, ORANGE),
    )
    for points, style, color in kinds:
        _draw(ax, points, style)
        _write(ax, points, labels, color)
    _mark_masked(ax, [at - 0.27 for at, row in rows if not row["is_achieved_shown"]], labels)


def _place_panel(ax: "Axes", rows: Sequence[tuple[float, Row]], labels: Labels) -> None:
    for group, shift, style in (("in_reference", -0.17, _ALL), ("outside", 0.17, _OUTSIDE)):
        own = [(at + shift, row) for at, row in rows if row["group_id"] == group]
        points = _points(own, "percent_all")
        _draw(ax, points, style)
        _write(ax, points, labels, INK)
        _mark_masked(ax, [at for at, row in own if not row["is_achieved_shown"]], labels)


def _new_figure(height: float) -> "Figure":
    from matplotlib.figure import Figure

    return Figure(figsize=(_WIDTH, height))


def period_chart(
    title: Text, national: Sequence[Row], places: Sequence[Row], *, periods: Sequence[Row], prefix: str
) -> Markup:
    """The rate of all and of the known by period with the published value; beside it, in and outside the network."""
    import matplotlib as mpl

    labels, rank = Labels(), {period["period_id"]: place for place, period in enumerate(periods)}
    height = _TOP + _BOTTOM + _PERIOD_ROW * len(periods)
    bottom, span, width = _BOTTOM / height, 1 - (_TOP + _BOTTOM) / height, 0.42 if places else 0.86
    with mpl.rc_context(SETTINGS):
        figure = _new_figure(height)
        left = figure.add_axes((0.1, bottom, width, span))
        _frame(left, len(periods), labels, ("Réseau entier", "Whole network"), row_height=_PERIOD_ROW)
        left.set_yticks(
            range(len(periods)), [labels.mark(p["label_fr"], p["label_en"]) for p in periods], color=INK
        )
        _national_panel(left, [(rank[row["period_id"]], row) for row in national], labels)
        if places:
            right = figure.add_axes((0.56, bottom, width, span))
            heading = ("Selon le lieu de la première chirurgie", "By place of first surgery")
            _frame(right, len(periods), labels, heading, row_height=_PERIOD_ROW)
            right.set_yticks([])
            _place_panel(right, [(rank[row["period_id"]], row) for row in places], labels)
        caption = Caption(
            f"{title.fr}, par période", f"{title.en}, by period",
            "Pourcentages et intervalles à 95 % ; les mêmes valeurs sont dans le tableau qui suit.",
            "Percentages and 95% intervals; the same values are in the table that follows.",
        )  # fmt: skip
        return inline_svg(figure, labels, caption, prefix=prefix)


def _short(name: str) -> str:
    return name if len(name) <= _NAME_LENGTH else name[: _NAME_LENGTH - 1] + "…"


def _centre_panel(
    ax: "Axes", rows: Sequence[tuple[float, Row]], labels: Labels, nation: float | None
) -> None:
    if nation is not None:
        ax.axvline(nation, color=ORANGE, linewidth=1.1, linestyle=(0, (4, 2)), zorder=1)
    for is_doubtful, style in ((False, _ALL), (True, _DOUBTFUL)):
        own = [(at, row) for at, row in rows if row["is_doubtful"] == is_doubtful]
        _draw(ax, _points(own, "percent_all"), style, size=4.2)
    _mark_masked(ax, [at for at, row in rows if not row["is_achieved_shown"]], labels)


def centre_chart(
    title: Text,
    rows: Sequence[Row],
    nation: Sequence[Row],
    *,
    centres: dict[str, str],
    periods: Sequence[Row],
    prefix: str,
) -> Markup:
    """The rate of all by centre, one panel per period. `centres`: id → name, in the order of the rows."""
    import matplotlib as mpl

    labels, rank = Labels(), {centre: place for place, centre in enumerate(centres)}
    height = _TOP + _BOTTOM + _CENTRE_ROW * len(centres)
    values = {row["period_id"]: row["percent_all"] for row in nation}
    left, gap = 0.285, 0.035
    step = (1.01 - left) / len(periods)
    with mpl.rc_context(SETTINGS):
        figure = _new_figure(height)
        for place, period in enumerate(periods):
            box = (left + place * step, _BOTTOM / height, step - gap, 1 - (_TOP + _BOTTOM) / height)
            ax = figure.add_axes(box)
            _frame(ax, len(centres), labels, (period["label_fr"], period["label_en"]), row_height=_CENTRE_ROW)
            names = [labels.mark(_short(name)) for name in centres.values()] if place == 0 else []
            ax.set_yticks(range(len(names)), names, color=INK)
            own = [(rank[row["group_id"]], row) for row in rows if row["period_id"] == period["period_id"]]
            _centre_panel(ax, own, labels, values.get(period["period_id"]))
        caption = Caption(
            f"{title.fr}, par centre et par période", f"{title.en}, by centre and period",
            "Pourcentage de tous et intervalle à 95 % ; trait : valeur du réseau ; centres par ordre alphabétique.",
            "Percentage of all and 95% interval; line: value of the network; centres in alphabetical order.",
        )  # fmt: skip
        return inline_svg(figure, labels, caption, prefix=prefix)
