"""`reseau review`: the pairs that wait for a human, the decisions that come back, the merges and their undoing."""

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

import typer

from pipelines.cli.answered import answered_table
from pipelines.cli.options import DEFAULT_HOME, DEFAULT_NETWORK, HomeOption, JsonOption, NetworkOption
from pipelines.cli.show import integer, line, print_json, say, table
from pipelines.cli.targets import workbook_target
from pipelines.errors import ConfigError
from pipelines.io.home import only_run
from pipelines.registry import Registry, open_existing
from pipelines.review_answers import PROBLEMS, Checked, check_answers, lines_of, record
from pipelines.review_queue import REASONS, questions

ActionArgument = Annotated[
    Literal["list", "export", "import", "history", "undo", "person"],
    typer.Argument(
        help="list the questions, export or import their workbook, list the merges, undo one, show a person."
    ),
]
WhatArgument = Annotated[
    str | None,
    typer.Argument(help="The workbook to import, the number of the merge to undo, or the person to show."),
]
OutOption = Annotated[Path | None, typer.Option("--out", help="The workbook to write (.xlsx).")]
ByOption = Annotated[str, typer.Option("--by", help="Who decides; kept for ever.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why a merge is undone; kept for ever.")]


def review(
    action: ActionArgument = "list",
    what: WhatArgument = None,
    out: OutOption = None,
    by: ByOption = "",
    reason: ReasonOption = "",
    network: NetworkOption = DEFAULT_NETWORK,
    home: HomeOption = DEFAULT_HOME,
    as_json: JsonOption = False,
) -> int:
    """Show or decide which records are one person. The next run acts on what was decided."""
    with open_existing(network, home) as registry:
        if action == "list":
            return _list(registry, as_json=as_json)
        if action == "export":
            return _export(registry, out, as_json=as_json)
        if action == "history":
            return _history(registry, as_json=as_json)
        if action == "person":
            return _person(registry, what, as_json=as_json)
        with only_run(registry.home, registry.network.id):  # no run may link while the log of decisions grows
            if action == "import":
                return _import(registry, what, by.strip(), as_json=as_json)
            return _undo(registry, what, by.strip(), reason.strip(), as_json=as_json)


def _list(registry: Registry, *, as_json: bool) -> int:
    asked = questions(registry)
    if as_json:
        print_json(
            [
                {"reference": one.reference, "reason": one.reason, "weight": one.weight, "answer": one.answer}
                for one in asked
            ]
        )
        return 0
    counted = Counter(one.reason for one in asked)
    rows = [(reason, say(*REASONS[reason]), integer(count)) for reason, count in counted.most_common()]
    title = say("Paires à décider", "Pairs to decide") + f" : {integer(len(asked))}"
    table(title, ["code", say("motif", "reason"), say("paires", "pairs")], rows, numbers_from=2)
    return 0


def _export(registry: Registry, out: Path | None, *, as_json: bool) -> int:
    from pipelines.io.report_files import write_workbook
    from pipelines.review_workbook import workbook_sheets

    target = workbook_target(out)
    asked = questions(registry)
    write_workbook(target, workbook_sheets(asked), title=registry.network.id, created=_today())
    target.chmod(0o600)  # it holds identities
    if as_json:
        print_json({"file": str(target), "questions": len(asked)})
        return 0
    line(
        f"{integer(len(asked))} "
        + say("paires à décider. Écrit : ", "pairs to decide. Written: ")
        + str(target)
    )
    line(
        say(
            "Il contient des identités de plusieurs centres : pour les relecteurs du réseau seulement.",
            "It holds identities of several centres: for the reviewers of the network alone.",
        )
    )
    return 0


def _import(registry: Registry, what: str | None, by: str, *, as_json: bool) -> int:
    if what is None or not by:
        problem = say("il faut un classeur et --by NOM", "a workbook and --by NAME are needed")
        raise ConfigError(problem, remedy="reseau review import FILE.xlsx --by NAME")
    checked = _checked(Path(what), registry)
    record(registry, checked.kept, author=by, today=_today())
    if as_json:
        given = Counter(word.verdict.value for word in checked.kept)
        refused = [{"line": number, "code": problem.value} for number, problem in checked.problems]
        print_json({"recorded": dict(given), "without_answer": checked.blank, "refused_lines": refused})
    else:
        _show(checked)
    return 1 if checked.problems else 0


def _checked(file: Path, registry: Registry) -> Checked:
    sheet = answered_table(file)
    asked = {question.reference: question for question in questions(registry)}
    return check_answers(lines_of(sheet.header, sheet.records, sheet.lines, name=file.name), asked)


def _show(checked: Checked) -> None:
    line(
        say("Décisions enregistrées : ", "Decisions recorded: ")
        + integer(len(checked.kept))
        + say(" ; lignes sans décision : ", "; lines without decision: ")
        + integer(checked.blank)
        + say(". La prochaine exécution les applique.", ". The next run acts on them.")
    )
    if checked.problems:
        rows = [(number, problem.value, say(*PROBLEMS[problem])) for number, problem in checked.problems]
        title = say("Lignes qui ne sont pas enregistrées", "Lines that are not recorded")
        table(title, [say("ligne", "line"), "code", say("motif", "reason")], rows, numbers_from=3)


def _history(registry: Registry, *, as_json: bool) -> int:
    from dataclasses import asdict

    from pipelines.person_history import merges

    found = merges(registry)
    if as_json:
        print_json([asdict(merge) for merge in found])
        return 0
    rows = [
        (merge.event_no, merge.run_id, merge.person_id[:8], merge.survivor_id[:8],
         say("en vigueur", "in force") if merge.holds else say("défaite", "undone"))
        for merge in found
    ]  # fmt: skip
    header = [say("événement", "event"), say("exécution", "run"), say("personne", "person"),
              say("réunie à", "joined to"), say("état", "state")]  # fmt: skip
    table(say("Personnes réunies", "Persons joined"), header, rows, numbers_from=5)
    return 0


def _person(registry: Registry, what: str | None, *, as_json: bool) -> int:
    from pipelines.cli.show_person import show_person
    from pipelines.golden_identity import golden_identity

    if what is None:
        problem = say("il faut une personne", "a person is needed")
        raise ConfigError(problem, remedy="reseau review person PERSON_ID, or CENTRE/LOCAL_ID")
    found = golden_identity(registry, what)
    if not as_json:
        show_person(found)
        return 0
    traits = [  # what decided, never a value nor a local id
        {"field": one.field, "centre_id": one.choice.record[0], "ruled_by": one.choice.ruled_by,
         "votes": one.choice.votes, "distinct_values": one.choice.distinct_values,
         "is_contested": one.choice.is_contested}
        for one in found.traits if one.choice is not None
    ]  # fmt: skip
    is_alias = found.asked_id != found.person_id
    print_json(
        {"person_id": found.person_id, "is_alias": is_alias, "records": len(found.records), "traits": traits}
    )
    return 0


def _undo(registry: Registry, what: str | None, by: str, reason: str, *, as_json: bool) -> int:
    from pipelines.person_history import parting

    if what is None or not what.isascii() or not what.isdigit() or not by or not reason:
        problem = say(
            "il faut un événement, --by NOM et --reason MOTIF",
            "an event, --by NAME and --reason WHY are needed",
        )
        raise ConfigError(problem, remedy='reseau review undo EVENT --by NAME --reason "WHY"')
    pairs = registry.decisions.append(parting(registry, int(what), author=by, reason=reason, today=_today()))
    if as_json:
        print_json({"event_no": int(what), "pairs": pairs})
    else:
        line(
            say(
                "Séparation enregistrée ; la prochaine exécution l'applique.",
                "Parting recorded; the next run acts on it.",
            )
        )
    return 0


def _today() -> dt.date:
    return dt.datetime.now(dt.UTC).date()
