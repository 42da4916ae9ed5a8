"""The page: one file, both languages, no network. It prints what the release holds and computes nothing new."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from pipelines.account import Account
from pipelines.definitions import Definition
from pipelines.io.report_files import REPORT_SCRIPTS, page_script, page_template, template_text
from pipelines.report.charts import centre_chart, period_chart
from pipelines.report.numbers import NOTHING, both, count_markup, day_markup, percent_markup, range_markup
from pipelines.report.order import EDITIONS, GROUP_LABELS, centres_in_order, ordered_rows
from pipelines.report.read import MISSING_WARNING_PERCENT, Release
from validations.contracts.codes import SEVERITY
from validations.contracts.entities import ENTITY_LABELS
from validations.contracts.tables import TABLES
from validations.rules.catalogue import CATALOGUE

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]
_LINE = ("ligne", "line")
_STEPS = {
    "receive": ("réception", "reception"),
    "read": ("lignes des fichiers", "lines of the files"),
    "stage": ("lecture", "reading"),
    "validate": ("contrôle", "validation"),
    "collapse": ("doublons exacts", "exact duplicates"),
    "link": ("rapprochement des personnes", "linkage of people"),
    "harmonise": ("harmonisation", "harmonisation"),
    "warehouse": ("entrepôt", "warehouse"),
}
_SCORES = {
    "link_precision": ("Rapprochement des personnes : précision", "Linkage of people: precision"),
    "link_recall": ("Rapprochement des personnes : rappel", "Linkage of people: recall"),
    "coding_accuracy": (
        "Codage des diagnostics : exacts parmi les codés",
        "Coding of diagnoses: exact among the coded",
    ),
}
_DIRECTIONS = {
    "higher": ("Plus haut est mieux.", "Higher is better."),
    "lower": ("Plus bas est mieux.", "Lower is better."),
    "none": ("Complète les autres : ni haut ni bas n'est mieux.", "Completes the others: neither way is better."),
}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """The rows of one group, one per period, under its name."""

    name: Markup
    rows: Sequence[Row]


@dataclass(frozen=True)
class Section:
    """One indicator: its definition, charts and tables."""

    definition: Definition
    direction: Markup
    nation: Sequence[Group]
    places: Sequence[Group]
    centres: Sequence[Group]
    period_chart: Markup
    centre_chart: Markup | None

    @property
    def by_period(self) -> dict[str, Row]:
        """The national row of each period."""
        return {row["period_id"]: row for group in self.nation for row in group.rows}


def _rows(frame: "pd.DataFrame") -> list[Row]:
    absent = frame.astype(object).where(frame.notna(), None)
    return [{str(name): value for name, value in row.items()} for row in absent.to_dict("records")]


def _groups(rows: Sequence[Row], kind: str, names: Mapping[str, str]) -> list[Group]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        if row["group_kind"] == kind:
            found.setdefault(row["group_id"], []).append(row)
    return [Group(_group_name(kind, group, names), own) for group, own in found.items()]


def _group_name(kind: str, group: str, names: Mapping[str, str]) -> Markup:
    fr, en = GROUP_LABELS.get((kind, group), (names.get(group, group), names.get(group, group)))
    return both(fr, en)


def _section(release: Release, rows: Sequence[Row], definition: Definition) -> Section:
    own = [row for row in rows if row["indicator_id"] == definition.id]
    by_kind = {kind: [row for row in own if row["group_kind"] == kind] for kind in ("all", "place", "centre")}
    centres = centres_in_order(release)
    return Section(
        definition=definition,
        direction=both(*_DIRECTIONS[definition.direction]),
        nation=_groups(own, "all", centres),
        places=_groups(own, "place", centres),
        centres=_groups(own, "centre", centres),
        period_chart=period_chart(
            definition.title, by_kind["all"], by_kind["place"],
            periods=release.periods, prefix=f"{definition.id}-period",
        ),
        centre_chart=centre_chart(
            definition.title, by_kind["centre"], by_kind["all"],
            centres=centres, periods=release.periods, prefix=f"{definition.id}-centre",
        ) if centres else None,
    )  # fmt: skip


def _table_label(name: str) -> Markup:
    if name in TABLES:
        return both(TABLES[name].fr, TABLES[name].en)
    return both(*ENTITY_LABELS.get(name, _LINE if name == "line" else (name, name)))


def conservation(accounts: Sequence[Account]) -> list[Row]:
    """The rows received, kept, set aside, merged and filtered, by step and table, over all centres."""
    totals: dict[tuple[str, str], list[int]] = {}
    for account in accounts:
        row = totals.setdefault((account.step, account.table), [0] * 5)
        parts = (
            account.rows_in,
            account.rows_out,
            account.rows_set_aside,
            account.rows_merged,
            account.rows_filtered,
        )
        row[:] = [total + part for total, part in zip(row, parts, strict=True)]
    steps = list(dict.fromkeys(step for step, _ in totals))
    return [
        {"step": both(*_STEPS.get(step, (step, step))), "table": _table_label(table), "counts": counts}
        for (step, table), counts in sorted(totals.items(), key=lambda item: steps.index(item[0][0]))
    ]


def _sentence(rule_id: str) -> Markup:
    rule = CATALOGUE.get(rule_id)
    return both(rule.sentence_fr, rule.sentence_en) if rule else both(NOTHING, NOTHING)


def _findings(release: Release) -> list[Row]:
    ranks = {code.value: rank for rank, code in enumerate(SEVERITY)}
    labels = {code.value: both(code.fr, code.en) for code in SEVERITY}
    found = sorted(release.findings, key=lambda row: (ranks[row["severity"]], row["rule_id"]))
    return [
        {
            **row,
            "label": labels[row["severity"]],
            "sentence": _sentence(row["rule_id"]),
            "has_page": row["rule_id"] in CATALOGUE,
        }
        for row in found
    ]


def frame(
    template: str, filters: Mapping[str, Callable[..., Any]], *, scripts: Sequence[str], **content: Any
) -> str:
    """A page in the frame that all share: its style, its scripts and the hash that allows them to run."""
    script, script_hash = page_script(scripts)
    return page_template(template, filters, {"t": both}).render(
        **content,
        style=Markup(template_text("report.css")),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
        script_hash=script_hash,
    )


def render_page(
    release: Release,
    *,
    accounts: Sequence[Account],
    scores: Mapping[str, float],
    is_synthetic: bool,
    generated_for: dt.date,
) -> str:
    """The report as one HTML document."""
    rows = _rows(ordered_rows(release))
    filters: dict[str, Callable[..., Markup]] = {
        "count": count_markup,
        "percent": percent_markup,
        "ends": range_markup,
        "day": day_markup,
    }
    return frame(
        "report.html.j2",
        filters,
        scripts=REPORT_SCRIPTS,
        release=release,
        period_names={row["period_id"]: both(row["label_fr"], row["label_en"]) for row in release.periods},
        icdo_label=both(
            *EDITIONS.get(release.network["icdo_version"], (release.network["icdo_version"],) * 2)
        ),
        sections=[_section(release, rows, definition) for definition in release.definitions.values()],
        conservation=conservation(accounts),
        findings=_findings(release),
        scores=[(both(*_SCORES.get(name, (name, name))), 100 * value) for name, value in scores.items()],
        is_synthetic=is_synthetic,
        generated_for=generated_for,
        warning_percent=MISSING_WARNING_PERCENT,
    )
