"""`reseau demo`: a synthetic national network, from its exports to the report, compared with its truth."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.cli.options import DEFAULT_NETWORK, JsonOption
from pipelines.cli.run import as_facts, execute, show_outcome
from pipelines.cli.show import integer, line, percent, print_json, progress, say, seconds, table
from pipelines.cli.show_detection import show_detection
from pipelines.cli.synth import NATIONAL, PatientsOption, SeedOption

if TYPE_CHECKING:
    from pipelines.config import Network
    from pipelines.detection import Detection
    from pipelines.run import Outcome
    from pipelines.scores import IndicatorDifference, Scores

DemoOption = Annotated[
    Path, typer.Option("--out", help="The folder of the demonstration; its content is replaced.")
]


def demo(
    out: DemoOption = Path("demo"),
    patients: PatientsOption = NATIONAL,
    seed: SeedOption = 1,
    as_json: JsonOption = False,
) -> int:
    """Generate a national network, run everything, print the result beside the published figures and the truth."""
    from pipelines.detection import detect
    from pipelines.io.demo_folder import fresh
    from pipelines.registry import open_existing
    from pipelines.scores import score
    from pipelines.synthetic.generate import generate

    fresh(out)
    started = time.perf_counter()
    with progress(quiet=as_json) as tell:
        generate(
            patients=patients, seed=seed, out=out, faults="default", network_id=DEFAULT_NETWORK, progress=tell
        )
    generated = time.perf_counter()
    outcome = execute(out / "exports", network=DEFAULT_NETWORK, home=out / "home", centres=[], quiet=as_json)
    ended = time.perf_counter()
    with open_existing(DEFAULT_NETWORK, out / "home") as registry:
        scores, detection = score(registry, out / "truth"), detect(registry, out / "truth")
        steps = _durations(registry.ledger.steps(outcome.run_id))
        durations = [("synth", generated - started), *steps, ("run", ended - generated)]
        if as_json:
            print_json({**as_facts(outcome), **_facts(scores, durations), "detection": detection.facts()})
        else:
            _show(outcome, scores, registry.network, durations, detection=detection)
    return 0 if not outcome.refusals else 1


def _durations(steps: list[dict[str, Any]]) -> list[tuple[str, float]]:
    return [(step["step"], step["seconds"]) for step in steps if step["centre_id"] is None]


def _facts(scores: "Scores", durations: list[tuple[str, float]]) -> dict[str, Any]:
    from dataclasses import asdict

    return {"scores": asdict(scores), "seconds": dict(durations)}


def _show(
    outcome: "Outcome", scores: "Scores", network: "Network", durations: list[tuple[str, float]], *,
    detection: "Detection | None" = None,
) -> None:  # fmt: skip
    show_outcome(outcome)
    _show_indicators(scores, network)
    _show_scores(scores)
    if detection is not None:
        show_detection(detection)
    header = [say("étape", "step"), say("durée", "time")]
    table(say("Durées", "Timings"), header, [(name, seconds(value)) for name, value in durations])
    line(say("Données synthétiques : aucune personne réelle.", "Synthetic data: no real person."))


def _show_indicators(scores: "Scores", network: "Network") -> None:
    from pipelines.definitions import load_definitions

    published = {(p.indicator, p.period): p.percent for p in network.published}
    titles = {name: found.title for name, found in load_definitions(network.indicators).items()}
    shown = _in_network_order(scores, network)
    firsts = {found.indicator_id: found for found in reversed(shown)}
    rows = [
        (
            say(titles[found.indicator_id].fr, titles[found.indicator_id].en)
            if firsts[found.indicator_id] is found
            else "",
            found.period_id.replace("_", "–"),
            integer(found.eligible),
            percent(found.percent),
            percent(published.get((found.indicator_id, found.period_id))),
            percent(found.true_percent),
            _why(found),
        )
        for found in shown
    ]
    header = [say("indicateur, % de tous", "indicator, % of all"), say("période", "period"), "N",
              say("entrepôt", "warehouse"), say("publié", "published"), say("vérité", "truth"),
              say("écart", "gap")]  # fmt: skip
    table(say("Indicateurs", "Indicators"), header, rows)
    line(
        say(
            "écart : tumeurs vraies absentes / en trop / réponse devenue inconnue / réponse changée "
            "(lignes mises à part, personnes non réunies, dates incomplètes)",
            "gap: true tumours absent / not true / answer now unknown / answer changed "
            "(rows set aside, people not joined, incomplete dates)",
        )
    )


def _why(found: "IndicatorDifference") -> str:
    return f"{found.not_found} / {found.not_true} / {found.answer_lost} / {found.answer_changed}"


def _in_network_order(scores: "Scores", network: "Network") -> list["IndicatorDifference"]:
    rank = {indicator: place for place, indicator in enumerate(network.indicators)}
    known = [found for found in scores.differences if found.period_id is not None]
    return sorted(known, key=lambda found: (rank[found.indicator_id], found.period_id))


def _show_scores(scores: "Scores") -> None:
    line(
        say("Rapprochement : ", "Linkage: ")
        + say("précision ", "precision ") + percent(100 * scores.link_precision, decimals=2)
        + say(", rappel ", ", recall ") + percent(100 * scores.link_recall, decimals=2)
        + f" ({integer(scores.people_found)} / {integer(scores.people_true)} "
        + say("personnes)", "people)")
    )  # fmt: skip
    line(
        say("Codage : ", "Coding: ")
        + percent(100 * scores.coding_accuracy, decimals=2)
        + say(" exacts parmi les codés, ", " exact among the coded, ")
        + integer(scores.diagnoses_uncoded)
        + say(" proposés à un humain", " proposed to a human")
    )
