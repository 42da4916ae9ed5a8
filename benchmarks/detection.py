"""`make bench-detection`: whole networks with known faults, read and validated; writes docs/detection.md.

Each seed is a national network; the counts of all seeds are added before any share is taken. Only intake, staging and
validation run: what they say of a fault does not depend on linkage.
"""

import argparse
import os
import platform
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from statsmodels.stats.proportion import proportion_confint

from benchmarks.networks import PATIENTS, staged_network
from benchmarks.page import _table
from pipelines.detection import (
    FALSE_ERRORS_TARGET,
    RECALL_TARGET,
    SITE_TARGET,
    Detection,
    FaultScore,
    Nature,
    added,
    detect,
    recall,
)

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "detection.md"
SEEDS = (1, 2, 3)
WARNINGS_SHOWN = 12
TITLES: dict[Nature, str] = {
    "certain": "Certain",
    "sometimes": "Sometimes visible",
    "linkage": "For linkage",
    "unasked": "Not asked",
}
#: Why each nature is counted apart, as the page says it.
WHY: dict[Nature, str] = {
    "certain": """The cell or the line shows the fault to any reader: a day that no calendar has, a word out of the
vocabulary, an empty key, a line of another length or written twice, a code that a spreadsheet made a date, a date
without its day, an empty field for which a completeness rule exists, a number that comes with an identity that is not
qualified, a birth on 1 January or 31 December. These count against the target.
""",
    "sometimes": """A rule asks in some cases only. Traits are asked of a validated or qualified identity, which more
than half of the records have not. A margin is asked of a resection of the primary that is not palliative, a target of a
resection: none of a metastasectomy, an excisional biopsy, or an act of unknown target. A size in centimetres is doubted
below 3 mm: 45 mm written 4.5 is still a size. Shown, not counted against the target.
""",
    "linkage": """The value is a possible one: another name, another day. One record cannot show it; comparing records
does, and linkage has its own score. The number of the INS contradicts some wrong birth dates, which is why a few are
detected. A mistyped INS has no control key to fail here: the generator writes 13 characters, without the two of the
key (IDENTITY-002 checks them where they are).
""",
    "unasked": """No rule asks. The contract accepts the empty field, and takes a place that it does not know as one
outside the network. This is what validation does not see.
""",
}
INTRODUCTION = """Faults are injected at the rates of `config/synthetic/faults.csv`, which also says what counts as the
detection of each: a finding of a named rule at that file, line and field, a repeated line made one, a date kept as a
month or a year. The truth holds the place of each fault. A fault is hidden, and out of recall, where a later fault
struck the same cell, its row was set aside for another fault, or no line has room for its row. Rates and rows are
invented: real files have faults that nobody thought of. Intervals are of Wilson, at 95 %.
"""
ERRORS = """An error on a row set aside with its patient or its tumour, whose own line a fault had made unreadable,
follows from that fault: it is true of what was received, and it is counted apart. It may be said of one row twice, once
for the patient and once for the tumour. What is left may still follow from a fault in another line: a diagnosis before
a birth whose day and month were swapped (DATE-121).
"""
WARNINGS = """Warnings are questions. Many are true of their row although no fault was injected there: a place of
surgery that is unknown, a biopsy of which nothing is said. The most frequent rules:
"""


def measure(seed: int, patients: int) -> Detection:
    """The scorecard of one network, in a folder that is emptied afterwards."""
    with staged_network(seed, patients) as (registry, truth):
        return detect(registry, truth)


def interval(count: int, n: int, *, of: int = 100) -> str:
    """The 95 % interval of Wilson of a share, out of `of`; a dash when there is nothing to share."""
    if not n:
        return "–"
    low, high = proportion_confint(count, n, alpha=0.05, method="wilson")
    return f"{of * low:.2f}–{of * high:.2f}"


def _percent(value: float | None, decimals: int = 2) -> str:
    return "–" if value is None else f"{100 * value:.{decimals}f}"


def _fault_row(fault: FaultScore) -> tuple[str, ...]:
    visible = fault.detected + fault.missed
    return (
        f"{fault.kind} · {fault.entity}{f'.{fault.field}' if fault.field else ''}", f"{fault.injected:,}",
        f"{fault.detected:,}", f"{fault.missed:,}", f"{fault.hidden:,}", _percent(fault.recall),
        interval(fault.detected, visible),
    )  # fmt: skip


def _faults(score: Detection) -> Iterator[str]:
    head = ["fault", "injected", "detected", "missed", "hidden", "recall, %", "95 % interval"]
    for nature, why in WHY.items():
        faults = [fault for fault in score.faults if fault.nature == nature]
        yield from (f"## {TITLES[nature]}\n", why, *_table(head, map(_fault_row, faults)))


def _verdict(is_met: bool) -> str:
    return "met" if is_met else "**not met**"


def _targets(score: Detection) -> list[str]:
    """The three targets, and what was measured."""
    certain = recall(score.certain) or 0.0
    detected = sum(fault.detected for fault in score.certain)
    visible = detected + sum(fault.missed for fault in score.certain)
    lowest = min((fault.recall for fault in score.certain if fault.recall is not None), default=0.0)
    errors, rows = score.false_alarms("error"), sum(score.clean_rows.values())
    sites = score.of_family("SITE", "tumour")
    most = max((alarm.alarms / n for alarm, n in sites if n), default=0.0)
    every = errors + score.following
    return _table(
        ["target", "figure", "n", "95 % interval", "verdict"],
        [
            (f"recall of the certain faults ≥ {RECALL_TARGET:.0%}", _percent(certain), f"{visible:,}",
             interval(detected, visible), _verdict(certain >= RECALL_TARGET)),
            (f"recall of the worst certain fault ≥ {RECALL_TARGET:.0%}", _percent(lowest), "", "",
             _verdict(lowest >= RECALL_TARGET)),
            (f"errors, but for an unreadable parent, ≤ {FALSE_ERRORS_TARGET:.0f} per 1,000 rows without a fault",
             f"{score.per_thousand(errors):.2f} ({errors:,})", f"{rows:,}", interval(errors, rows, of=1000),
             _verdict(score.per_thousand(errors) <= FALSE_ERRORS_TARGET)),
            ("the same with errors due to an unreadable parent", f"{score.per_thousand(every):.2f} ({every:,})",
             f"{rows:,}", interval(every, rows, of=1000), _verdict(score.per_thousand(every) <= FALSE_ERRORS_TARGET)),
            ("clean tumours asked about by any one SITE rule ≤ 1 in 261", _one_in(most),
             f"{score.clean_rows.get('tumour', 0):,}", "", _verdict(most <= SITE_TARGET)),
        ],
    )  # fmt: skip


def _one_in(share: float) -> str:
    return f"1 in {1 / share:,.0f}" if share else "none"


def _sites(score: Detection) -> list[str]:
    rows = [
        (alarm.rule_id, alarm.severity, f"{alarm.alarms:,}", _one_in(alarm.alarms / n if n else 0),
         interval(alarm.alarms, n), _verdict(alarm.alarms <= SITE_TARGET * n))
        for alarm, n in score.of_family("SITE", "tumour")
    ]  # fmt: skip
    asked = sum(alarm.alarms for alarm, _ in score.of_family("SITE", "tumour") if alarm.severity == "warning")
    tumours = score.clean_rows.get("tumour", 0)
    together = _one_in(asked / tumours if tumours else 0)
    return [
        "## Site and morphology\n",
        f"{tumours:,} tumours without a fault; a rule that is absent asked about none. The rules of severity warning",
        f"together asked about {asked:,}: {together}.\n",
        *_table(["rule", "severity", "clean tumours", "share", "95 % interval, %", "≤ 1 in 261"], rows),
    ]  # fmt: skip


def _alarms(score: Detection) -> list[str]:
    rows = sum(score.clean_rows.values())
    warnings = sorted(
        (alarm for alarm in score.alarms if alarm.severity == "warning"), key=lambda alarm: -alarm.alarms
    )
    errors = [alarm for alarm in score.alarms if alarm.severity == "error"]
    count = score.false_alarms("warning")
    return [
        "## Errors and warnings on rows without a fault\n",
        ERRORS,
        *_table(
            ["rule", "errors", "of which due to an unreadable parent"],
            [(alarm.rule_id, f"{alarm.alarms:,}", f"{alarm.following:,}") for alarm in errors],
        ),
        f"{count:,} warnings on {rows:,} rows without a fault: {score.per_thousand(count):.1f} per 1,000.",
        WARNINGS,
        *_table(
            ["rule", "warnings", "per 1,000 rows"],
            [(a.rule_id, f"{a.alarms:,}", f"{score.per_thousand(a.alarms):.2f}") for a in warnings[:WARNINGS_SHOWN]],
        ),
    ]  # fmt: skip


def _seed_row(seed: int, score: Detection) -> tuple[str, ...]:
    faults = sum(fault.injected for fault in score.faults)
    errors = score.false_alarms("error")
    return (str(seed), f"{faults:,}", _percent(recall(score.certain)), f"{errors:,}", f"{score.following:,}",
            f"{score.per_thousand(score.false_alarms('warning')):.1f}")  # fmt: skip


def page(scores: dict[int, Detection], *, patients: int, date: str, machine: str) -> str:
    """The whole page, from the scorecard of each seed."""
    score = added(scores.values())
    seeds = ", ".join(map(str, scores))
    said = (
        f"*`make bench-detection` on {date}: {machine}. Networks of {patients:,} patients, seed {seeds}.*\n"
    )
    heads = [
        "seed",
        "faults",
        "recall of the certain ones, %",
        "false errors",
        "due to a parent",
        "warnings per 1,000",
    ]
    return "\n".join(
        [
            "# Détection · Detection\n",
            said,
            INTRODUCTION,
            *_targets(score),
            *_table(heads, (_seed_row(seed, one) for seed, one in scores.items())),
            *_faults(score),
            *_sites(score),
            *_alarms(score),
        ]
    )  # fmt: skip


def _machine() -> str:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}"


def main(arguments: Iterable[str] | None = None) -> None:
    """Measure each seed and write the page."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("seeds", type=int, nargs="*", help="seeds of the networks")
    parser.add_argument("--patients", type=int, default=PATIENTS)
    parser.add_argument("--out", type=Path, default=PAGE)
    asked = parser.parse_args(None if arguments is None else list(arguments))
    scores = {}
    for seed in asked.seeds or SEEDS:
        scores[seed] = measure(seed, asked.patients)
        print(f"  seed {seed}: recall {recall(scores[seed].certain)}", flush=True)
    date = datetime.now(UTC).date().isoformat()
    asked.out.write_text(
        page(scores, patients=asked.patients, date=date, machine=_machine()), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
