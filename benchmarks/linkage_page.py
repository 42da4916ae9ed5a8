"""The page of the linkage figures. A part never measured is absent; every part says when and where it was measured."""

from collections.abc import Iterator, Sequence
from typing import Any

from scipy import stats

from benchmarks.page import _table

#: Measure, heading, decimals of a percentage.
MEASURES = (
    ("precision", "precision", 3), ("recall", "recall", 2), ("f1", "F1", 2), ("b3_precision", "B³ precision", 3),
    ("b3_recall", "B³ recall", 2), ("b3_f1", "B³ F1", 2), ("blocking_recall", "blocking recall", 2),
    ("reviewed_share", "records in review", 2), ("recall_after_review", "recall after a perfect review", 2),
    ("twins_apart", "twins apart", 2),
)  # fmt: skip
#: Part → measure → (the bound, True when it is a lower one).
TARGETS: dict[str, dict[str, tuple[float, bool]]] = {
    "registry": {
        "precision": (0.999, True), "recall": (0.955, True), "reviewed_share": (0.01, False),
        "blocking_recall": (0.995, True),
    },
    "stress": {"precision": (0.995, True), "recall": (0.94, True), "twins_apart": (0.995, True)},
}  # fmt: skip
INTRODUCTION = """How well persons are found, against known truth. Everything here is synthetic: real networks have
errors that nobody thought of, so these figures compare versions and engines, they promise nothing. All true pairs
count: a pair that was never compared, or of which a record was set aside, is a miss. Automatic links alone are
counted; what waits for a human counts as apart. Twins are two persons of whom some records agree on birth name and
birth date; they are apart when no record of one is in a person with a record of the other.
"""
PARTS = {
    "registry": (
        "A network at the difficulty of a registry",
        """The synthetic network of 26 centres, RRePS and ResOs with the error rates of `config/synthetic`: an INS on
22 % of the records, of which 30 % are not qualified; twins 0.16 %, namesakes 0.2 %, children with a parent's names
0.08 % of the persons. Through real files, staging and the gate. The model has seen another network of this generator
(seed 101) in part.
""",
    ),
    "stress": (
        "Stress: ten times the twins, namesakes and children with a parent's names",
        """The same network with these three rates ten times as high. No registry is like that.
""",
    ),
}
SETS = """Development sets by other generators, with the one default configuration of `reseau link`, which learns its
chances from the table itself. The model's starting chances come from fr_registry_20k: its figures are those of a fit.
FEBRL is in English. In fr_hard_20k a few twins share the first name too, in every trait that is given.
"""
COST = """One run each: a night's linkage (identities in Parquet to persons, ids and the log of persons written), and
`reseau link` on the same table (learning included). Wall time, processor time and the peak memory of the whole
process, its start included.
"""


def _interval(values: Sequence[float], decimals: int) -> str:
    """The mean of the seeds in %, with the 95 % interval of Student over them."""
    mean = sum(values) / len(values)
    if len(values) < 2:
        return f"{100 * mean:.{decimals}f}"
    half = float(stats.t.ppf(0.975, len(values) - 1) * stats.sem(values))
    low, high = 100 * max(mean - half, 0.0), 100 * min(mean + half, 1.0)
    return f"{100 * mean:.{decimals}f} ({low:.{decimals}f}–{high:.{decimals}f})"


def _verdict(part: str, measure: str, mean: float) -> tuple[str, str]:
    target = TARGETS[part].get(measure)
    if target is None:
        return "", ""
    bound, is_lower = target
    is_met = mean >= bound if is_lower else mean <= bound
    return f"{'≥' if is_lower else '≤'} {100 * bound:g}", "met" if is_met else "**not met**"


def _stamp(part: dict[str, Any]) -> str:
    return f"*`make bench-linkage` on {part['date']}: {part['machine']}.*\n"


def _network(part: str, results: dict[str, Any]) -> Iterator[str]:
    found = results[part]["found"]
    title, why = PARTS[part]
    scores = found["scores"]
    rows = []
    for measure, heading, decimals in MEASURES:
        values = [score[measure] for score in scores]
        target, verdict = _verdict(part, measure, sum(values) / len(values))
        shown = f"{100 * min(values):.{decimals}f}–{100 * max(values):.{decimals}f}"
        rows.append((heading, _interval(values, decimals), shown, target, verdict))
    records = sum(score["records"] for score in scores)
    twins = sum(score["twin_pairs"] for score in scores)
    both = sum(score["persons_with_two_ins"] for score in scores)
    yield from (f"## {title}\n", _stamp(results[part]), why)
    yield from _table(["measure, %", "mean (95 % interval)", "lowest–highest seed", "asked", "verdict"], rows)
    yield (
        f"{len(scores)} seeds ({', '.join(map(str, found['seeds']))}) of {found['patients']:,} patients: {records:,} "
        f"records, {sum(score['true_pairs'] for score in scores):,} true pairs, {twins:,} pairs of twins. "
        f"Persons with two different qualified INS: {both}.\n"
    )


def _sets(results: dict[str, Any]) -> Iterator[str]:
    yield from ("## Development sets\n", _stamp(results["sets"]), SETS)
    names = ("precision", "recall", "f1", "b3_f1", "blocking_recall", "reviewed_share", "twins_apart")
    head = [heading for measure, heading, _ in MEASURES if measure in names]
    yield from _table(
        ["set", "records", *head],
        [
            (name, f"{score['records']:,}",
             *(f"{100 * score[measure]:.2f}" for measure, _, _ in MEASURES if measure in names))
            for name, score in results["sets"]["found"].items()
        ],
    )  # fmt: skip


def _cost_row(found: dict[str, Any]) -> tuple[str, ...]:
    costs = (found["night"], found["table"])
    cells = (f"{c['seconds']:.1f} s / {c['cpu_seconds']:.1f} s / {c['peak_mib']:,.0f} MiB" for c in costs)
    return (f"{found['written']:,}", *cells, f"{found['persons']:,}", str(found["with_two_ins"]))


def _cost(results: dict[str, Any]) -> Iterator[str]:
    yield from ("## Cost\n", _stamp(results["cost"]), COST)
    head = ["records", "a night", "`reseau link`", "persons", "with two qualified INS"]
    sizes = sorted(results["cost"]["found"].items(), key=lambda item: int(item[0]))
    yield from _table(head, [_cost_row(found) for _, found in sizes])


def page(results: dict[str, Any]) -> str:
    """The whole page, from the results of each part."""
    lines = ["# Rapprochement · Linkage quality\n", INTRODUCTION]
    for part in PARTS:
        if part in results:
            lines += _network(part, results)
    if "sets" in results:
        lines += _sets(results)
    if "cost" in results:
        lines += _cost(results)
    return "\n".join(lines)
