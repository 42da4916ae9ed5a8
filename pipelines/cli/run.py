"""`reseau run`: the main job, from an inbox to a published snapshot and its report."""

import datetime as dt
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.cli.options import DEFAULT_HOME, DEFAULT_NETWORK, HomeOption, JsonOption, NetworkOption
from pipelines.cli.show import integer, line, print_json, progress, say, show_refusals, table
from pipelines.cli.show_holds import hold_facts, show_holds
from pipelines.errors import ConfigError
from pipelines.run import Outcome, Run

InboxOption = Annotated[
    Path, typer.Option("--inbox", help="The folder of the exports, one sub-folder per centre.")
]
WarehouseOption = Annotated[str | None, typer.Option("--warehouse", help="Also load postgresql://…")]
CentreOption = Annotated[list[str] | None, typer.Option("--centre", help="Only these centres; repeatable.")]


def run(
    inbox: InboxOption,
    network: NetworkOption = DEFAULT_NETWORK,
    home: HomeOption = DEFAULT_HOME,
    warehouse: WarehouseOption = None,
    centre: CentreOption = None,
    as_json: JsonOption = False,
) -> int:
    """Run every step once: exports in, audited warehouse and report out. Running again changes nothing."""
    outcome = execute(
        inbox, network=network, home=home, warehouse=warehouse, centres=centre or [], quiet=as_json
    )
    if as_json:
        print_json(as_facts(outcome))
    else:
        show_outcome(outcome)
    return outcome.exit_code


def execute(
    inbox: Path, *, network: str, home: Path, warehouse: str | None = None, centres: list[str], quiet: bool
) -> Outcome:
    """Run the flow once with a progress bar; ConfigError when the inbox or a centre is unknown."""
    from pipelines.flow import run_all
    from pipelines.io.home import only_run
    from pipelines.registry import open_registry

    if not inbox.is_dir():
        raise ConfigError(
            "the inbox is not a folder", where=str(inbox), remedy="Give --inbox an existing folder."
        )
    with (
        open_registry(network, home) as registry,
        only_run(registry.home, network),
        progress(quiet=quiet) as tell,
    ):
        unknown = sorted(set(centres) - set(registry.centres))
        if unknown:
            raise ConfigError(f"unknown centres: {', '.join(unknown)}", remedy="See config/centres.")
        run_id = registry.ledger.start_run(network)
        job = Run(run_id=run_id, inbox=inbox, warehouse=warehouse, only_centres=tuple(centres), progress=tell)
        return run_all(registry, job, today=dt.datetime.now(dt.UTC).date())


def conservation(outcome: Outcome) -> list[tuple[str, int, int, int, int, int]]:
    """Rows in, out, set aside, merged and filtered per step, summed over tables and centres."""
    steps = dict.fromkeys(account.step for account in outcome.accounts)
    return [
        (
            step,
            *(
                sum(getattr(account, name) for account in outcome.accounts if account.step == step)
                for name in ("rows_in", "rows_out", "rows_set_aside", "rows_merged", "rows_filtered")
            ),
        )
        for step in steps
    ]


def as_facts(outcome: Outcome) -> dict[str, Any]:
    """The outcome as JSON: counts, codes and paths."""
    names = ("step", "rows_in", "rows_out", "rows_set_aside", "rows_merged", "rows_filtered")
    return {
        "run": outcome.run_id,
        "outcome": outcome.outcome,
        "snapshot": outcome.snapshot,
        "report": str(outcome.report) if outcome.report else None,
        "refusals": [asdict(refusal) for refusal in outcome.refusals],
        "holds": [hold_facts(hold) for hold in outcome.holds],
        "findings": outcome.finding_counts,
        "conservation": [dict(zip(names, row, strict=True)) for row in conservation(outcome)],
        "exit_code": outcome.exit_code,
    }


def show_outcome(outcome: Outcome) -> None:
    """The outcome for a person: what waits, what was refused, the rows, what was published, where the report is."""
    show_holds(outcome.holds)
    show_refusals(outcome.refusals)
    if outcome.outcome == "unchanged":
        line(
            say("Rien de nouveau : l'instantané publié reste le", "Nothing new: the published snapshot stays")
            + f" {outcome.snapshot}."
        )
        return
    header = [say("étape", "step"), say("entrées", "in"), say("gardées", "out"), say("à part", "set aside"),
              say("fusionnées", "merged"), say("filtrées", "filtered")]  # fmt: skip
    rows = [(row[0], *map(integer, row[1:])) for row in conservation(outcome)]
    table(say("Conservation des lignes", "Row conservation"), header, rows)
    counts = ", ".join(f"{name} {integer(count)}" for name, count in outcome.finding_counts.items())
    line(say("Anomalies : ", "Findings: ") + (counts or "0"))
    line(say("Instantané publié : ", "Published snapshot: ") + str(outcome.snapshot))
    line(say("Rapport : ", "Report: ") + f"{outcome.report}/rapport.html")
