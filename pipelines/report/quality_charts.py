"""The charts of the quality portal, drawn as those of the report are: lines over time, and the weights of pairs."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from pipelines.report.charts import BLUE, GREY, INK, LINE, ORANGE
from pipelines.report.numbers import count_text
from pipelines.report.svg import SETTINGS, Caption, Labels, inline_svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_WIDTH, _HEIGHT = 9.4, 2.7
#: One look per line, told apart without its colour.
_STYLES: tuple[dict[str, Any], ...] = (
    {"color": BLUE, "linestyle": "-", "marker": "o"},
    {"color": ORANGE, "linestyle": "--", "marker": "s"},
    {"color": GREY, "linestyle": "-.", "marker": "D"},
    {"color": INK, "linestyle": ":", "marker": "^"},
)
_ROOM = 0.8  # of the axis, left for the lines; the rest is for their names

#: The name of a line in both languages, and its percentages, one per step; None interrupts it.
Line = tuple[tuple[str, str], Sequence[float | None]]


def _frame(ax: "Axes", low: float, ticks: Mapping[int, str], labels: Labels) -> None:
    """An axis of percentages from `low` to 100, and the names of the steps."""
    steps = [low + (100 - low) * part / 4 for part in range(5)]
    ax.set_ylim(low - (100 - low) * 0.04, 100 + (100 - low) * 0.04)
    ax.set_yticks(steps, [labels.mark(f"{s:g} %".replace(".", ","), f"{s:g}%") for s in steps], color=INK)
    ax.set_xticks(list(ticks), [labels.mark(name) for name in ticks.values()], color=INK)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.grid(axis="y", color=LINE, linewidth=0.6)


def trend_chart(
    title: tuple[str, str], lines: Sequence[Line], ticks: Mapping[int, str], *, prefix: str
) -> Markup:
    """Percentages over time. `ticks`: the step at which to write a name. Every line has as many steps."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    labels = Labels()
    shown = [value for _, values in lines for value in values if value is not None]
    low = max(0.0, min([*shown, 96.0]) // 4 * 4)
    steps = max(len(values) for _, values in lines)
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(_WIDTH, _HEIGHT))
        ax = figure.add_axes((0.075, 0.12, 0.905 * _ROOM, 0.82))
        _frame(ax, low, ticks, labels)
        size = 4.5 if steps <= 24 else 1.8
        for (name, values), style in zip(lines, _STYLES, strict=False):
            holes = [float("nan") if value is None else value for value in values]
            ax.plot(
                range(len(holes)), holes, linewidth=1.4, markersize=size, label=labels.mark(*name), **style
            )
        ax.set_xlim(-0.5, steps - 0.5)
        figure.legend(
            loc="center left", bbox_to_anchor=(0.075 + 0.905 * _ROOM, 0.5), frameon=False, handlelength=2.6,
            labelcolor=INK,
        )  # fmt: skip
        caption = Caption(
            *title,
            "Pourcentages ; les mêmes valeurs sont dans le tableau qui suit.",
            "Percentages; the same values are in the table that follows.",
        )
        return inline_svg(figure, labels, caption, prefix=prefix)


#: The name of a panel in both languages, and its counts by bin; None where one is hidden.
Panel = tuple[tuple[str, str], Sequence[int | None]]


def _bars(ax: "Axes", counts: Sequence[int | None], labels: Labels, *, color: str) -> None:
    """The bins of one panel, each with its count; `s` where it is hidden."""
    heights = [count or 0 for count in counts]
    top = max([*heights, 1])
    ax.bar(range(len(heights)), heights, width=0.72, color=color)
    for at, count in enumerate(counts):
        texts = ("s", "s") if count is None else (count_text(count, "fr"), count_text(count, "en"))
        if count != 0:
            ax.text(at, (count or 0) + top * 0.04, labels.mark(*texts), ha="center", fontsize=7.5, color=INK)
    ax.set_ylim(0, top * 1.2)


def weight_chart(
    title: tuple[str, str], panels: Sequence[Panel], ticks: Sequence[tuple[str, str]], *, prefix: str
) -> Markup:
    """One panel of bars per decision, each on its own scale. `ticks`: the names of the bins, in bits."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    labels = Labels()
    height = 1.25 * len(panels) + 0.35
    with mpl.rc_context(SETTINGS):
        figure = Figure(figsize=(_WIDTH, height))
        for at, ((name, counts), style) in enumerate(zip(panels, _STYLES, strict=False)):
            ax = figure.add_axes((0.13, (0.35 + 1.25 * (len(panels) - 1 - at)) / height, 0.85, 1.0 / height))
            _bars(ax, counts, labels, color=style["color"])
            ax.set_ylabel(labels.mark(*name), rotation=0, ha="right", va="center", color=INK)
            is_last = at == len(panels) - 1
            ax.set_xticks(
                range(len(ticks)), [labels.mark(*tick) for tick in ticks] if is_last else [], color=INK
            )
            ax.set_yticks([])
            ax.tick_params(length=0)
            ax.spines[["left", "right", "top"]].set_visible(False)
            ax.spines["bottom"].set_color(LINE)
        caption = Caption(
            *title,
            "Paires par tranche de 5 bits, une échelle par décision ; les mêmes valeurs sont dans le tableau qui suit.",
            "Pairs by bin of 5 bits, one scale per decision; the same values are in the table that follows.",
        )
        return inline_svg(figure, labels, caption, prefix=prefix)
