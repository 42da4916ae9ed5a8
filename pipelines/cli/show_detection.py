"""The scorecard of detection on a terminal: the injected faults that were found, the errors where there was none."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from pipelines.cli.show import integer, line, percent, say, table
from pipelines.detection import FALSE_ERRORS_TARGET, NATURES, RECALL_TARGET, Detection, FaultScore, recall


def natures() -> dict[str, str]:
    """What each nature of fault is called."""
    return {
        "certain": say("certain", "certain"),
        "sometimes": say("parfois visible", "sometimes visible"),
        "linkage": say("pour le rapprochement", "for linkage"),
        "unasked": say("non demandé", "not asked"),
    }


def show_detection(score: Detection) -> None:
    """One line per kind of fault, the total of the certain ones beside its target, then the alarms."""
    header = [say("défaut injecté", "injected fault"), say("nature", "nature"), say("injectés", "injected"),
              say("trouvés", "detected"), say("manqués", "missed"), say("cachés", "hidden"),
              say("rappel", "recall")]  # fmt: skip
    table(say("Détection", "Detection"), header, _lines(score), numbers_from=2)
    line(
        say(
            "caché : recouvert par un autre défaut, ou sur une ligne mise à part ; le rappel porte sur les autres",
            "hidden: covered by another fault, or on a row set aside; recall is of the others",
        )
    )
    line(
        say("Défauts certains : ", "Certain faults: ")
        + percent(_percent(score.certain), decimals=2)
        + say(" trouvés, cible ", " detected, target ")
        + percent(100 * RECALL_TARGET, decimals=0)
    )
    line(_alarms(score))


def _alarms(score: Detection) -> str:
    errors, warnings = score.false_alarms("error"), score.false_alarms("warning")
    return (
        say("Erreurs à tort : ", "False errors: ")
        + f"{integer(errors)} ({_rate(score.per_thousand(errors))} "
        + say("pour 1 000 lignes sans défaut, cible ", "per 1,000 rows without a fault, target ")
        + f"{_rate(FALSE_ERRORS_TARGET)})"
        + say(" ; erreurs dues à un parent illisible : ", "; errors due to an unreadable parent: ")
        + integer(score.following)
        + say(" ; avertissements : ", "; warnings: ")
        + f"{integer(warnings)} ({_rate(score.per_thousand(warnings))})"
    )


def _rate(value: float) -> str:
    return say(f"{value:.2f}".replace(".", ","), f"{value:.2f}")


def _percent(faults: Iterable[FaultScore]) -> float | None:
    found = recall(faults)
    return None if found is None else 100 * found


def _lines(score: Detection) -> Iterator[tuple[Any, ...]]:
    """The kinds of fault in the order of their natures, the fields of a kind together."""
    ordered = sorted(score.faults, key=lambda fault: (NATURES.index(fault.nature), fault.kind))
    for (nature, kind), group in groupby(ordered, key=lambda fault: (fault.nature, fault.kind)):
        faults = list(group)
        counts = (
            sum(getattr(f, name) for f in faults) for name in ("injected", "detected", "missed", "hidden")
        )
        yield (kind, natures()[nature], *map(integer, counts), percent(_percent(faults)))
