"""The pages of the quality portal: national, linkage, centres, rules. They print what was read and protected."""

import re
from collections import Counter
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

from pipelines.io.report_files import PORTAL_SCRIPTS
from pipelines.report.numbers import both, count_markup, day_markup, percent_markup, short_day_markup
from pipelines.report.page import frame
from pipelines.report.quality_charts import Line, trend_chart
from pipelines.report.quality_journal import STANDINGS
from pipelines.report.quality_linkage_page import (
    alerts,
    band_markup,
    bits_markup,
    check_lines,
    index_markup,
    linkage_content,
)
from pipelines.report.quality_read import Quality
from pipelines.report.quality_tally import NATION, Cell
from pipelines.report.quality_time import NO_MONTH, QUARTER, Timeliness
from pipelines.report.quality_words import (
    ASKED,
    ASKED_NAME,
    CONSEQUENCE,
    DIMENSION_OF,
    DIMENSIONS,
    FAMILY_OF,
    FAMILY_WORDS,
    OUTCOMES,
    SEVERITY_MEANING,
    SIGN_OFF,
    STANDING_WORDS,
)
from validations.contracts.codes import SEVERITY
from validations.contracts.entities import ENTITIES, ENTITY_LABELS
from validations.rules.catalogue import CATALOGUE
from validations.rules.model import Rule

View = dict[str, Any]
#: How many rules a centre is told to begin with.
FIRST = 5
_SEVERITY_RANK = {code.value: rank for rank, code in enumerate(SEVERITY)}
_SEVERITY_WORDS = {code.value: (code.fr, code.en) for code in SEVERITY}
#: The least percentage of each band of colour, from the best.
_BANDS = (("b0", 99.5), ("b1", 98.0), ("b2", 95.0), ("b3", 90.0), ("b4", 0.0))
_MONTHS = tuple(
    zip(
        ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."],
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"],
        strict=True,
    )
)
#: What some sources say of a proposal; the page says it in both languages.
_UNSIGNED = " (needs clinical sign-off)"
_ANY = ("Toutes dimensions", "All dimensions")
#: Where a condition is broken into lines: before each term, but inside no BETWEEN … AND and no IS DISTINCT FROM.
_BREAK = re.compile(
    r"(\bBETWEEN\s+\S+\s+AND\b)"
    r"|(?<!\bDISTINCT)(?<!\bLEFT)(?<!\bINNER)(?<!\bSEMI)(?<!\bANTI)\s+"
    r"(?=(?:AND|OR|FROM|WHERE|(?:LEFT |INNER |SEMI |ANTI )?JOIN|GROUP BY|ORDER BY)\b)"
)


@dataclass(frozen=True)
class Centre:
    """One centre as the pages name it."""

    id: str
    name: str
    time: Timeliness


def band(cell: Cell) -> str:
    """The band of colour of a percentage, `none` when there is none."""
    if cell.percent is None:
        return "none"
    printed = round(cell.percent, 1)  # the colour is that of the figure that is read
    return next(name for name, least in _BANDS if printed >= least)


def step_markup(year: int, month: int) -> Markup:
    """A month or quarter of a year, or the tumours of a year of which the month is unknown."""
    if month in (NO_MONTH, QUARTER + 5):
        return both(f"{year}, mois inconnu", f"{year}, month unknown")
    if month > QUARTER:
        return both(f"{year}, T{month - QUARTER}", f"{year}, Q{month - QUARTER}")
    fr, en = _MONTHS[month - 1]
    return both(f"{fr} {year}", f"{en} {year}")


def sql_lines(sql: str) -> str:
    """A condition or query with one term per line, so that a person can read it."""
    return _BREAK.sub(lambda found: found.group(1) or "\n", sql.strip())


@dataclass(frozen=True)
class Portal:
    """What the pages of one portal share. Each page is a method, from what was read to HTML."""

    quality: Quality
    is_synthetic: bool

    def _render(self, template: str, **more: Any) -> str:
        filters: dict[str, Callable[..., Any]] = {
            "count": count_markup,
            "percent": percent_markup,
            "day": day_markup,
            "short_day": short_day_markup,
            "band": band,
            "index": index_markup,
            "bits": bits_markup,
            "size": band_markup,
        }
        shared = {"quality": self.quality, "is_synthetic": self.is_synthetic, **more}
        return frame(template, filters, scripts=PORTAL_SCRIPTS, **shared)

    @cached_property
    def centres(self) -> dict[str, Centre]:
        """The centres, by id, in their order."""
        known = self.quality.timeliness
        return {
            name: Centre(name, label, known.get(name, Timeliness()))
            for name, label in self.quality.centres.items()
        }

    @cached_property
    def refused(self) -> Counter[str]:
        """The refused files by centre, all of them under NATION."""
        found = Counter(refusal.centre_id or "?" for refusal in self.quality.journal.refusals)
        return found + Counter({NATION: found.total()})

    def _groups(self, words: Mapping[str, tuple[str, str]], of: Mapping[str, str]) -> list[View]:
        rules = Counter(of[rule] for rule in self._evaluated)
        return [
            {"id": name, "label": both(*pair), "cell": self.quality.cell(name), "rules": rules[name]}
            for name, pair in words.items()
        ]

    @cached_property
    def _evaluated(self) -> list[str]:
        """The rules that some centre was asked."""
        asked = {rule for rule, _ in self.quality.outcomes}
        return [rule for rule in CATALOGUE if rule in asked]

    @cached_property
    def dimensions(self) -> list[View]:
        """The quality dimensions with the cell of the network."""
        lines = self._groups({name: words[0] for name, words in DIMENSIONS.items()}, DIMENSION_OF)
        return [{**line, "meaning": both(*DIMENSIONS[line["id"]][1])} for line in lines]

    @cached_property
    def families(self) -> list[View]:
        """The rule families with the cell of the network."""
        return self._groups(FAMILY_WORDS, FAMILY_OF)

    def _rule(self, rule_id: str, centre: str = NATION) -> View:
        rule, cell = CATALOGUE[rule_id], self.quality.cell(rule_id, centre)
        return {
            "id": rule_id,
            "cell": cell,
            "severity": rule.severity.value,
            "is_asked": ASKED[rule_id] == ASKED_NAME,
            "is_proposal": rule.status == "proposal",
            "severity_label": both(*_SEVERITY_WORDS[rule.severity.value]),
            "family": FAMILY_OF[rule_id],
            "family_label": both(*FAMILY_WORDS[FAMILY_OF[rule_id]]),
            "sentence": both(rule.sentence_fr, rule.sentence_en),
            "remedy": both(rule.remedy_fr, rule.remedy_en),
            "standings": [name for name in STANDINGS if getattr(cell, name) != 0],
        }

    def _outcomes(self, rule_id: str) -> list[str]:
        """The outcome of a rule over the centres: broken in one, else met; and not evaluated in one."""
        found = {self.quality.outcomes.get((rule_id, centre), "not_sent") for centre in self.centres}
        order = ("failed", "passed", "not_applicable", "not_sent")
        told = [name for name in order if name in found][:1]
        return [*told, "error"] if "error" in found else told

    def index(self) -> str:
        """The national page."""
        rules = [
            {**self._rule(name), "failing": self.quality.failing(name), "outcomes": self._outcomes(name)}
            for name in sorted(CATALOGUE, key=lambda name: (_SEVERITY_RANK[CATALOGUE[name].severity], name))
        ]
        years = self._years(NATION)
        return self._render(
            "quality_index.html.j2",
            centres=list(self.centres.values()),
            late=sum(centre.time.is_late for centre in self.centres.values()),
            evaluated=len(self._evaluated),
            asked=self.quality.cell(ASKED_NAME),
            dimensions=self.dimensions,
            families=self.families,
            timeliness_line=self._timeliness_line(),
            trend=self._month_trend() if years else None,
            quarter_trend=self._quarter_trend() if years else None,
            years=years,
            months=self._steps(lambda step: 0 < step <= NO_MONTH),
            quarters=self._steps(lambda step: step > QUARTER),
            rules=rules,
            choices=self._choices(rules),
            flows=[flow for flow in self.quality.flows if flow.delivery is None],
            refused=self.refused,
            received=self._received(),
            **self._linkage_of(NATION),
        )

    def linkage(self) -> str:
        """The page of the linkage."""
        found = self.quality.linkage
        names = {centre.id: centre.name for centre in self.centres.values()}
        content = linkage_content(found, names) if found else {}
        return self._render("quality_linkage.html.j2", linkage=found, **content)

    def _linkage_of(self, centre_id: str) -> View:
        """What the page of a centre, or the national one, says of the linkage."""
        found = self.quality.linkage
        return {
            "linkage_lines": check_lines(found, centre_id) if found else [],
            "linkage_alerts": alerts(found) if found else [],
        }

    def centre(self, centre_id: str) -> str:
        """The page of one centre."""
        centre, quality = self.centres[centre_id], self.quality
        rules = self._rules_of(centre_id)
        asked = [rule for rule in rules if rule["is_asked"] and rule["cell"].failed != 0]
        flows = [flow for flow in quality.flows if flow.centre_id == centre_id]
        years = self._years(centre_id)
        return self._render(
            "quality_centre.html.j2",
            centre=centre,
            asked=quality.cell(ASKED_NAME, centre_id),
            first=asked[:FIRST],
            refusals=[r for r in quality.journal.refusals if r.centre_id == centre_id],
            workbook=f"corrections-{centre_id}.xlsx",
            dimensions=self.dimensions,
            families=self.families,
            rules=rules,
            choices=self._choices(rules),
            others=self._others(centre_id),
            years=years,
            trend=self._year_trend(centre_id),
            deliveries=[flow for flow in flows if flow.delivery],
            total=next((flow for flow in flows if not flow.delivery), None),
            **self._linkage_of(centre_id),
        )

    def rule(self, rule_id: str) -> str:
        """The page of one rule."""
        rule = CATALOGUE[rule_id]
        dimension = next(line for line in self.dimensions if line["id"] == DIMENSION_OF[rule_id])
        centres = [
            self._centre_line(rule_id, name)
            for name in self.centres
            if (rule_id, name) in self.quality.outcomes
        ]
        return self._render(
            "quality_rule.html.j2",
            rule=rule,
            dimension=dimension,
            severity=both(*_SEVERITY_WORDS[rule.severity.value]),
            severity_meaning=both(*SEVERITY_MEANING[rule.severity.value]),
            consequence=both(*CONSEQUENCE[rule.consequence.value]),
            source=rule.source.removesuffix(_UNSIGNED),
            sign_off=both(*SIGN_OFF[rule.status]),
            family=both(*FAMILY_WORDS[FAMILY_OF[rule_id]]),
            table=_table(rule),
            fields=_fields(rule),
            query=sql_lines(rule.query),
            applies="" if rule.applies_when == "TRUE" else sql_lines(rule.applies_when),
            violated=sql_lines(rule.violated_when),
            is_asked=ASKED[rule_id] == ASKED_NAME,
            centres=centres,
            outcomes=_options(OUTCOMES, Counter(line["outcome"] for line in centres)),
            nation=self.quality.cell(rule_id),
        )

    def _centre_line(self, rule_id: str, centre_id: str) -> View:
        outcome = self.quality.outcomes[rule_id, centre_id]
        return {
            "id": centre_id,
            "name": self.centres[centre_id].name,
            "cell": self.quality.cell(rule_id, centre_id),
            "outcome": outcome,
            "outcome_label": both(*OUTCOMES[outcome]),
        }

    def _rules_of(self, centre_id: str) -> list[View]:
        """The rules that say something of a centre: the worst first, then those that concern most rows."""
        found = [self._rule(rule, centre_id) for rule in CATALOGUE]
        told = [rule for rule in found if rule["cell"].failed != 0 or rule["standings"]]
        return sorted(
            told, key=lambda rule: (_SEVERITY_RANK[rule["severity"]], -(rule["cell"].failed or 0), rule["id"])
        )

    def _others(self, centre_id: str) -> list[View]:
        """How many rules a centre meets, how many do not concern it."""
        found = Counter(self.quality.outcomes.get((rule, centre_id), "not_sent") for rule in CATALOGUE)
        return [
            {"label": both(f"{fr} :", f"{en}:"), "count": found[name]}
            for name, (fr, en) in OUTCOMES.items()
            if name != "failed" and found[name]
        ]

    def _choices(self, rules: Sequence[View]) -> dict[str, list[View]]:
        """What each filter offers: what the rows hold, and nothing else."""
        held = {name: {rule[name] for rule in rules} for name in ("severity", "family")}
        outcomes = {name for rule in rules for name in rule.get("outcomes", ())}
        standings = {name for rule in rules for name in rule["standings"]}
        names = {centre.id: (centre.name, centre.name) for centre in self.centres.values()}
        return {
            "centre": _options(names, {c for rule in rules for c in rule.get("failing", ())}),
            "severity": _options(_SEVERITY_WORDS, held["severity"]),
            "family": _options(FAMILY_WORDS, held["family"]),
            "outcome": _options(OUTCOMES, outcomes, first="failed"),
            "standing": _options(STANDING_WORDS, standings),
        }

    def _timeliness_line(self) -> Markup:
        known = [centre.time for centre in self.centres.values()]
        delays = sorted(time.median_days for time in known if time.median_days is not None)
        late = sum(time.is_late for time in known)
        told = (
            f"{late} des {len(known)} centres sont en retard" if late else "aucun centre n'est en retard",
            f"{late} of {len(known)} centres are late" if late else "no centre is late",
        )
        if not delays:
            return both(f"{told[0]}.", f"{told[1]}.")
        middle = delays[(len(delays) - 1) // 2]
        return both(
            f"{told[0]} ; délai du diagnostic à l'export, médiane des centres : {middle} jours.",
            f"{told[1]}; delay from diagnosis to export, median of the centres: {middle} days.",
        )

    def _received(self) -> list[View]:
        days = [(d.exported, d.centre_id) for d in self.quality.journal.received if d.exported]
        months = sorted({(day.year, day.month) for day, _ in days}, reverse=True)
        return [
            {
                "month": step_markup(*month),
                "files": sum((day.year, day.month) == month for day, _ in days),
                "centres": len({centre for day, centre in days if (day.year, day.month) == month}),
            }
            for month in months
        ]

    def _years(self, centre: str) -> list[View]:
        """The years of a centre that has tumours, then all of them together."""
        found = sorted(place for place in self.quality.shares if place[0] == centre and not place[2])
        rows = [
            {"label": str(place[1]), "share": self.quality.shares[place], "is_total": False}
            for place in found
            if place[1]
        ]
        if not rows:
            return []
        all_years = {"label": both("Ensemble", "Together"), "share": self.quality.shares[centre, 0, 0]}
        return [*rows, {**all_years, "is_total": True}]

    def _steps(self, is_month: Callable[[int], bool]) -> list[View]:
        """The months, or the quarters, of the network."""
        found = sorted(place for place in self.quality.shares if place[0] == NATION and is_month(place[2]))
        return [
            {"label": step_markup(*place[1:]), "share": self.quality.shares[place], "is_total": False}
            for place in found
        ]

    def _rate(self, kind: str, *place: Any) -> float | None:
        share = self.quality.shares.get(place)
        return share.percent(kind) if share else None

    def _span(self) -> list[int]:
        return sorted({year for centre, year, _ in self.quality.shares if centre == NATION and year})

    def _month_trend(self) -> Markup:
        years = range(self._span()[0], self._span()[-1] + 1)
        months = [self._rate("in_any", NATION, year, month) for year in years for month in range(1, 13)]
        title = (
            "Tumeurs sans anomalie, par mois de diagnostic",
            "Tumours without a finding, by month of diagnosis",
        )
        ticks = {12 * at: str(year) for at, year in enumerate(years)}
        return trend_chart(title, [(_ANY, months)], ticks, prefix="months")

    def _quarter_trend(self) -> Markup:
        years = range(self._span()[0], self._span()[-1] + 1)
        steps = [(year, QUARTER + number) for year in years for number in range(1, 5)]
        lines: list[Line] = [
            (words[0], [self._rate(f"in_{name}", NATION, *step) for step in steps])
            for name, words in DIMENSIONS.items()
        ]
        title = (
            "Tumeurs sans anomalie, par trimestre de diagnostic et dimension",
            "Tumours without a finding, by quarter of diagnosis and dimension",
        )
        ticks = {4 * at: str(year) for at, year in enumerate(years)}
        return trend_chart(title, lines, ticks, prefix="quarters")

    def _year_trend(self, centre_id: str) -> Markup | None:
        """A centre beside the network; None when fewer than two years of the centre may be shown."""
        years = self._span()
        rates = [[self._rate("in_any", group, year, 0) for year in years] for group in (centre_id, NATION)]
        if sum(rate is not None for rate in rates[0]) < 2:
            return None
        lines: list[Line] = [
            (("Ce centre", "This centre"), rates[0]),
            (("Réseau entier", "Whole network"), rates[1]),
        ]
        title = (
            "Tumeurs sans anomalie, par année de diagnostic",
            "Tumours without a finding, by year of diagnosis",
        )
        return trend_chart(title, lines, {at: str(year) for at, year in enumerate(years)}, prefix="years")


def _options(words: Mapping[str, tuple[str, str]], held: Container[str], *, first: str = "") -> list[View]:
    return [
        {"value": name, "fr": fr, "en": en, "is_first": name == first}
        for name, (fr, en) in words.items()
        if name in held
    ]


def _table(rule: Rule) -> Markup:
    if not rule.table:
        return both("toutes", "all of them")
    return Markup("{} (<code>{}</code>)").format(both(*ENTITY_LABELS[rule.table]), rule.table)


def _fields(rule: Rule) -> list[View]:
    known = {field.name: both(field.fr, field.en) for field in ENTITIES.get(rule.table, ())}
    return [{"name": name, "label": known.get(name, name)} for name in rule.fields]
