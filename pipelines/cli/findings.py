"""`reseau findings`: what is raised in each centre, its correction workbook, and the answers that come back."""

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from pipelines.cli.answered import answered_table
from pipelines.cli.options import DEFAULT_HOME, DEFAULT_NETWORK, HomeOption, JsonOption, NetworkOption
from pipelines.cli.show import integer, line, print_json, say, table
from pipelines.cli.targets import workbook_target
from pipelines.correction_answers import PROBLEMS, Checked, check_answers, lines_of
from pipelines.corrections import Answer, Status, after_answer
from pipelines.errors import ConfigError
from pipelines.registry import Registry, open_existing

if TYPE_CHECKING:
    from pipelines.corrections import State

ActionArgument = Annotated[
    Literal["list", "export", "import"],
    typer.Argument(help="list, export the workbook of a centre, or import it."),
]
FileArgument = Annotated[Path | None, typer.Argument(help="The workbook to import.")]
CentreOption = Annotated[str | None, typer.Option("--centre", help="The centre; needed to export or import.")]
OutOption = Annotated[Path | None, typer.Option("--out", help="The workbook to write (.xlsx).")]
ByOption = Annotated[str, typer.Option("--by", help="Who answers, for import; kept for ever.")]
_WORDS = {
    Status.OPEN: ("ouvertes", "open"),
    Status.ANSWERED: ("répondues", "answered"),
    Status.VERIFIED: ("vérifiées", "verified"),
    Status.FIXED: ("corrigées", "fixed"),
    Status.OBSOLETE: ("obsolètes", "obsolete"),
}


def findings(
    action: ActionArgument = "list",
    file: FileArgument = None,
    centre: CentreOption = None,
    out: OutOption = None,
    by: ByOption = "",
    network: NetworkOption = DEFAULT_NETWORK,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> int:
    """List the findings by centre and status, write a centre's correction workbook, or take its answers back."""
    with open_existing(network, home) as registry:
        if action == "list":
            return _list(registry, centre, as_json=as_json)
        known = _known_centre(registry, centre)
        if action == "export":
            return _export(registry, known, out, as_json=as_json)
        return _import(registry, known, file, by.strip(), as_json=as_json)


def _known_centre(registry: Registry, centre: str | None) -> str:
    if centre not in registry.centres:
        raise ConfigError(
            say("le centre est inconnu", "the centre is unknown"),
            where="--centre",
            remedy=say("Nommer un de : ", "Name one of: ") + ", ".join(sorted(registry.centres)),
        )
    return centre


def _list(registry: Registry, centre: str | None, *, as_json: bool) -> int:
    states = registry.ledger.findings(registry.network.id).states(centre_id=centre)
    counted = Counter((s.centre_id, s.severity, s.status) for s in states.values())
    oldest: dict[tuple[str, str], dt.date] = {}
    for s in states.values():
        if s.status == Status.OPEN:
            oldest[s.centre_id, s.severity] = min(s.since, oldest.get((s.centre_id, s.severity), s.since))
    groups = sorted({(c, severity) for c, severity, _ in counted})
    if as_json:
        print_json(
            [
                {"centre_id": c, "severity": severity, "oldest_open": oldest.get((c, severity))}
                | {status.value: counted[c, severity, status] for status in Status}
                for c, severity in groups
            ]
        )
        return 0
    rows = [
        (
            c,
            severity,
            *(integer(counted[c, severity, status]) for status in Status),
            oldest.get((c, severity)),
        )
        for c, severity in groups
    ]
    header = ["centre", say("gravité", "severity"), *(say(*_WORDS[status]) for status in Status),
              say("plus ancienne", "oldest open")]  # fmt: skip
    table(say("Anomalies", "Findings"), header, rows, numbers_from=2)
    return 0


def _export(registry: Registry, centre: str, out: Path | None, *, as_json: bool) -> int:
    from pipelines.correction_workbook import workbook_sheets
    from pipelines.io.report_files import write_workbook

    target = workbook_target(out)
    today = dt.datetime.now(dt.UTC).date()
    sheets = workbook_sheets(registry, centre, today=today)
    write_workbook(target, sheets, title=f"{registry.network.id} {centre}", created=today)
    target.chmod(0o600)  # it holds the centre's own ids and values
    count = len(sheets[0].rows)
    if as_json:
        print_json({"centre_id": centre, "file": str(target), "findings": count})
        return 0
    line(
        say(
            f"{integer(count)} anomalies à corriger. Écrit : ",
            f"{integer(count)} findings to correct. Written: ",
        )
        + str(target)
    )
    line(
        say(
            "Il contient les identifiants du centre : ne l'envoyer qu'à lui, par la voie sécurisée.",
            "It holds the centre's own ids: send it to that centre only, by the secure way.",
        )
    )
    return 0


def _import(registry: Registry, centre: str, file: Path | None, by: str, *, as_json: bool) -> int:
    if file is None or not by:
        what = say("il faut un classeur et --by NOM", "a workbook and --by NAME are needed")
        raise ConfigError(what, remedy="reseau findings import FILE.xlsx --centre ID --by NAME")
    kept = registry.ledger.findings(registry.network.id)
    known = kept.states(centre_id=centre)
    checked = _checked(file, known)
    run = registry.ledger.last_run(registry.network.id)
    run_id = int(run["run_id"]) if run else 0
    answered = [
        (after_answer(known[one.finding_id], one.answer, run_id=run_id), one.answer) for one in checked.kept
    ]
    kept.record_answers(answered, by=by, reasons={one.finding_id: one.comment for one in checked.kept})
    if as_json:
        print_json(_facts(centre, checked))
    else:
        _show(checked)
    return 1 if checked.problems else 0


def _checked(file: Path, known: "dict[str, State]") -> Checked:
    sheet = answered_table(file)
    return check_answers(lines_of(sheet.header, sheet.records, sheet.lines, name=file.name), known)


def _facts(centre: str, checked: Checked) -> dict[str, Any]:
    given = Counter(one.answer.value for one in checked.kept)
    return {
        "centre_id": centre,
        "recorded": {answer.value: given[answer.value] for answer in Answer},
        "without_answer": checked.blank,
        "refused_lines": [{"line": number, "code": problem.value} for number, problem in checked.problems],
    }


def _show(checked: Checked) -> None:
    line(
        say("Réponses enregistrées : ", "Answers recorded: ")
        + integer(len(checked.kept))
        + say(" ; lignes sans réponse : ", "; lines without answer: ")
        + integer(checked.blank)
    )
    if checked.problems:
        rows = [(number, problem.value, say(*PROBLEMS[problem])) for number, problem in checked.problems]
        title = say("Lignes qui ne sont pas enregistrées", "Lines that are not recorded")
        table(title, [say("ligne", "line"), "code", say("motif", "reason")], rows, numbers_from=3)
