"""What the page of the linkage prints, and what the other pages say of it."""

from typing import Any

from markupsafe import Markup

from pipelines.report.numbers import MASKED, NOTHING, both, decimal_markup, decimal_text
from pipelines.report.quality_charts import weight_chart
from pipelines.report.quality_drift import ACT, LOOK, Trait
from pipelines.report.quality_linkage import (
    DECISIONS,
    PERSON_CHECKS,
    RECORD_CHECKS,
    Essentials,
    Linkage,
    Part,
)
from pipelines.report.quality_linkage_words import (
    CHECK_WORDS,
    DECISION_NAMES,
    DECISION_WORDS,
    PERSON_WORDS,
    REASON_WORDS,
    TRAIT_WORDS,
    VERDICT_OF_MODEL,
    VERDICT_WORDS,
    level_words,
    words,
)
from pipelines.report.quality_tally import NATION

View = dict[str, Any]
_FIRST_BIN, _LAST_BIN, _BIN = -10, 30, 5


def check_lines(linkage: Linkage, centre: str = NATION) -> list[View]:
    """What is told of the records of a centre, beside the network."""
    own = linkage.checks.get(centre, {})
    return [
        {
            "label": both(*CHECK_WORDS[kind]),
            "part": own.get(kind, Part()),
            "nation": linkage.checks[NATION][kind],
        }
        for kind in RECORD_CHECKS
    ]


def alerts(linkage: Linkage) -> list[Markup]:
    """What somebody has to look at: traits that drift from the model or since the snapshot before, weak persons."""
    told = [_model_alert(trait) for trait in linkage.traits if trait.verdict in VERDICT_OF_MODEL]
    told += [_change_alert(trait) for trait in linkage.traits if trait.verdict_before in ("look", "act")]
    weak = linkage.person_checks["below_threshold"]
    if weak.n != 0:
        told.append(both(
            "Des personnes sont tenues ensemble malgré un poids moyen sous le seuil : un lien sûr (INS, décision) y "
            "contredit les autres traits. Les relire avec reseau review.",
            "Some persons are held together although their mean weight is below the threshold: a sure tie (INS, "
            "decision) contradicts the other traits. Look at them with reseau review.",
        ))  # fmt: skip
    return told


def _model_alert(trait: Trait) -> Markup:
    (fr, en), (said_fr, said_en) = words(TRAIT_WORDS, trait.name), VERDICT_OF_MODEL[trait.verdict]
    index = trait.index or 0.0
    return both(
        f"{fr} : {said_fr} (indice {decimal_text(index, 2, 'fr')}).",
        f"{en}: {said_en} (index {decimal_text(index, 2, 'en')}).",
    )


def _change_alert(trait: Trait) -> Markup:
    fr, en = words(TRAIT_WORDS, trait.name)
    index = trait.index_before or 0.0
    index_fr, index_en = (decimal_text(index, 2, language) for language in ("fr", "en"))
    return both(
        f"{fr} : l'accord des paires liées a changé depuis l'instantané précédent (indice {index_fr}).",
        f"{en}: the agreement of the linked pairs changed since the snapshot before (index {index_en}).",
    )


def linkage_content(linkage: Linkage, centres: dict[str, str]) -> View:
    """The content of the page; `centres`: id → name, in their order."""
    return {
        "alerts": alerts(linkage),
        "essentials": _essentials(linkage),
        "decisions": [_named(DECISION_WORDS, name, part) for name, part in linkage.pairs["pair_decision", "pair"]],
        "reasons": [
            {
                "decision": both(*DECISION_NAMES[decision]),
                "weight": linkage.weights[decision],
                "rows": [_named(REASON_WORDS, name, part) for name, part in linkage.pairs["pair_reason", decision]],
            }
            for decision in DECISIONS
        ],
        "bins": _bins(linkage),
        "chart": _chart(linkage),
        "names": [both(*DECISION_NAMES[decision]) for decision in DECISIONS],
        "ladder": [{"label": _class_label(low, is_open), "persons": n} for low, is_open, n in linkage.ladder],
        "person_checks": [
            {"label": both(*PERSON_WORDS[kind]), "part": linkage.person_checks[kind]} for kind in PERSON_CHECKS
        ],
        "questions": [
            _named(REASON_WORDS, name, part) for name, part in linkage.pairs["question_reason", "question"]
        ],
        "kinds": [both(*CHECK_WORDS[kind]) for kind in RECORD_CHECKS],
        "centre_rows": [
            {"id": centre, "name": name, "parts": [linkage.checks[centre][kind] for kind in RECORD_CHECKS]}
            for centre, name in centres.items()
            if centre in linkage.checks
        ],
        "nation_parts": [linkage.checks[NATION][kind] for kind in RECORD_CHECKS],
        "traits": [_trait(trait) for trait in linkage.traits],
        "history": [_history(one) for one in (linkage.now, *linkage.past)],
        "bounds": (LOOK, ACT),
    }  # fmt: skip


def _named(of: dict[str, tuple[str, str]], name: str, part: Part) -> View:
    return {"label": both(*words(of, name)), "code": name if name[:2] in ("CL", "ML") else "", "part": part}


def _essentials(linkage: Linkage) -> list[View]:
    """Each figure of this snapshot, beside that of the one before."""
    before = linkage.past[0] if linkage.past else None
    shares = {kind: linkage.checks[NATION][kind] for kind in RECORD_CHECKS}
    lines: list[View] = [
        _line(("Dossiers", "Records"), Part(linkage.records), before and before.records),
        _line(("Personnes", "Persons"), Part(linkage.persons), before and before.persons),
        _line(
            ("Personnes de plusieurs dossiers", "Persons of several records"), linkage.several,
            before and before.several, is_share=True,
        ),
        *(
            _line(CHECK_WORDS[kind], part, before and before.checks[kind], is_share=True)
            for kind, part in shares.items()
        ),
    ]  # fmt: skip
    return lines


def _line(label: tuple[str, str], part: Part, before: Any, *, is_share: bool = False) -> View:
    return {"label": both(*label), "part": part, "before": before, "is_share": is_share}


def _bin_words(low: int) -> tuple[str, str]:
    """A bin of weights, by its lower end."""
    if low == _LAST_BIN:
        return f"{low} et plus", f"{low} and more"
    is_first = low == _FIRST_BIN
    found = (f"moins de {low + _BIN}", f"below {low + _BIN}") if is_first else (f"{low} à {low + _BIN}",) * 2
    fr, en = (text.replace("-", "−") for text in found)
    return fr, en.replace("à", "to")


def _bins(linkage: Linkage) -> list[View]:
    """The pairs of each decision by weight, and those that nobody weighed."""
    found = {decision: dict(linkage.pairs["pair_weight", decision]) for decision in DECISIONS}
    labels = {str(low): both(*_bin_words(low)) for low in range(_FIRST_BIN, _LAST_BIN + 1, _BIN)}
    labels["none"] = both("non pesées (deux INS qualifiés)", "not weighed (two qualified INS)")
    return [
        {"label": label, "parts": [found[decision].get(name, Part()) for decision in DECISIONS]}
        for name, label in labels.items()
        if name != "none" or any(name in own for own in found.values())
    ]


def _chart(linkage: Linkage) -> Markup | None:
    """The weights of each decision; None when there is nothing to draw."""
    lows = range(_FIRST_BIN, _LAST_BIN + 1, _BIN)
    panels = []
    for decision in DECISIONS:
        found = dict(linkage.pairs["pair_weight", decision])
        panels.append((DECISION_NAMES[decision], [found.get(str(low), Part(0)).n for low in lows]))
    if not any(count for _, counts in panels for count in counts):
        return None
    title = ("Paires par poids, pour chaque décision", "Pairs by weight, for each decision")
    return weight_chart(title, panels, [_bin_words(low) for low in lows], prefix="weights")


def _class_label(low: int, is_open: bool) -> Markup:
    if is_open:
        return both(f"{low} dossiers et plus" if low > 1 else "1 dossier et plus", f"{low} records and more")
    return both(f"{low} dossier{'s' if low > 1 else ''}", f"{low} record{'s' if low > 1 else ''}")


def band_markup(band: tuple[int, int | None] | None) -> Markup:
    """The band of the largest person."""
    if band is None:
        return Markup("{}").format(NOTHING)
    low, to = band
    if to is None:
        return both(f"⚠ plus de {low - 1} dossiers", f"⚠ more than {low - 1} records")
    if low == 1:
        return both(f"au plus {to} dossiers", f"at most {to} records")
    return both(f"{low} à {to} dossiers", f"{low} to {to} records")


def index_markup(index: float | None) -> Markup:
    """A stability index with two decimals."""
    return Markup("{}").format(NOTHING) if index is None else decimal_markup(index, 2)


def bits_markup(weight: float | None) -> Markup:
    """A weight in bits with one decimal."""
    return Markup("{}").format(NOTHING) if weight is None else decimal_markup(weight, 1)


def _trait(trait: Trait) -> View:
    return {
        "label": both(*words(TRAIT_WORDS, trait.name)),
        "trait": trait,
        "verdict": both(*VERDICT_WORDS[trait.verdict]),
        "verdict_before": both(*VERDICT_WORDS[trait.verdict_before])
        if trait.index_before is not None
        else "",
        "levels": [
            {"label": both(*level_words(trait.name, level.name)), "level": level} for level in trait.levels
        ],
    }


def _history(one: Essentials) -> View:
    worst = one.worst
    label = both(*words(TRAIT_WORDS, worst[0])) if worst else MASKED
    return {"one": one, "worst": label if worst else None, "index": worst[1] if worst else None}
