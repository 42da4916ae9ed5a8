"""`reseau new-centre`: the file of a centre, proposed from its exports. Headers and code words only are shown.

Without a terminal, or with --yes, what is sure enough is taken and the rest is left as comments `# à décider:`.
"""

import sys
from collections.abc import Iterable
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from pydantic import BaseModel, ConfigDict

from pipelines.cli.options import DEFAULT_NETWORK, JsonOption, NetworkOption
from pipelines.cli.read_words import evidence_in_french
from pipelines.cli.show import line, print_json, say, table
from pipelines.errors import ConfigError
from pipelines.propose.about import About
from pipelines.propose.choice import Choice
from pipelines.propose.proposal import IGNORED, Proposal, propose
from pipelines.propose.questions import Answers, Question, answer, questions
from validations.contracts.entities import ENTITIES

if TYPE_CHECKING:
    from pipelines.propose.lexicon import Lexicon
    from pipelines.propose.source import SourceTable

FilesArgument = Annotated[
    list[Path], typer.Argument(metavar="FILE...", help="The exports.", show_default=False)
]
IdOption = Annotated[
    str, typer.Option("--id", help="The centre's id: letters, figures, _.", show_default=False)
]
NameOption = Annotated[str, typer.Option("--name", help="Its name, as people write it.")]
OutOption = Annotated[
    Path | None, typer.Option("--out", help="Where to write. Default: the network's folder of centres.")
]
AnswersOption = Annotated[Path | None, typer.Option("--answers", help="A YAML file of answers.")]
YesOption = Annotated[bool, typer.Option("--yes", help="Ask nothing: take what is sure enough.")]

_ANSWER_KEYS = ("city", "region", "role", "name", "valid_from", "yearly_patients", "morphology_version")


class _AnswersFile(BaseModel):
    """What `--answers` holds, by the part of the question."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    centre: dict[str, str] = {}
    columns: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    export: dict[str, str] = {}


def new_centre(
    files: FilesArgument,
    centre_id: IdOption,
    network: NetworkOption = DEFAULT_NETWORK,
    name: NameOption = "",
    out: OutOption = None,
    answers_file: AnswersOption = None,
    yes: YesOption = False,
    as_json: JsonOption = False,
) -> int:
    """Propose the file of a new centre from its exports."""
    from pipelines.io.configuration import load_network
    from pipelines.io.unseen import centre_path, write_centre
    from pipelines.propose.centre_text import centre_text
    from pipelines.propose.reading import load_lexicon, read_sources

    load_network(network)
    answers = _answers(answers_file)
    sources, lexicon = read_sources(files), load_lexicon()
    if sys.stdin.isatty() and not yes:
        answers = _ask_all(sources, lexicon, answers, _about(centre_id, network, name, answers))
    about = _about(centre_id, network, name, answers)
    proposal = answer(propose(sources, lexicon, columns=answers.columns), answers)
    text = centre_text(proposal, about)
    _check(text, proposal)
    path = out or centre_path(network, centre_id)
    write_centre(path, text)
    left = questions(proposal, about)
    _show_json(path, proposal, left) if as_json else _show(path, proposal, left)
    return 1 if left else 0


def _answers(path: Path | None) -> Answers:
    """The answers of a file, checked. ConfigError with every mistake."""
    if path is None:
        return Answers()
    from pipelines.io.configuration import parse_yaml
    from pipelines.io.unseen import small_text

    found = parse_yaml(small_text(path), _AnswersFile, where=path.name)
    wrong = [key for key in found.centre if key not in _ANSWER_KEYS]
    wrong += [target for target in found.columns.values() if not _is_target(target)]
    if wrong:
        what = f"unknown keys or fields: {', '.join(wrong)}"
        raise ConfigError(what, where=path.name, remedy="Write entity.field, or ignored; see the how-to.")
    return Answers(**found.model_dump())


def _is_target(target: str) -> bool:
    entity, _, field = target.partition(".")
    return target == IGNORED or field in {f.name for f in ENTITIES.get(entity, ())}


def _about(centre_id: str, network: str, name: str, answers: Answers) -> About:
    said = dict(answers.centre)
    yearly = said.pop("yearly_patients", None)
    said["name"] = name or said.get("name", "")
    return About(id=centre_id, network=network, yearly_patients=int(yearly) if yearly else None, **said)


def _check(text: str, proposal: Proposal) -> None:
    """The file is read as the registry will read it before it is written."""
    from pipelines.config import Centre
    from pipelines.io.configuration import parse_yaml

    if not any(sheet.has_patients for file in proposal.files for sheet in file.sheets):
        what = say("aucun tableau n'a d'identifiant de patient", "no table has an identifier of the patient")
        remedy = say("Nommez sa colonne dans --answers.", "Name its column in --answers.")
        raise ConfigError(what, remedy=f"{remedy} columns: {{IPP: tumour.local_patient_id}}")
    parse_yaml(text, Centre, where="new-centre")


# -- questions on a terminal -------------------------------------------------


def _ask_all(sources: "list[SourceTable]", lexicon: "Lexicon", answers: Answers, about: About) -> Answers:
    """Ask for the columns first: what they hold decides which words are asked for."""
    proposal = answer(propose(sources, lexicon, columns=answers.columns), answers)
    left = [q for q in questions(proposal, about) if q.part != "values"]
    for question in left:
        answers = _told(answers, question, _ask(question))
    proposal = answer(propose(sources, lexicon, columns=answers.columns), answers)
    for question in questions(proposal, about):
        if question.part == "values":
            answers = _told(answers, question, _ask(question))
    return answers


def _ask(question: Question) -> str:
    if question.part in ("sheets", "files"):
        line(f"{question.where} : {say(question.fr, question.en)}")
        return ""
    where = f"{question.where} : " if question.where else ""
    said: str = typer.prompt(f"{where}{say(question.fr, question.en)} ?", default=question.proposal)
    if question.part == "columns" and said and not _is_target(said):
        line(say("Écrivez entité.champ, ou ignored.", "Write entity.field, or ignored."))
        return _ask(question)
    return said


def _told(answers: Answers, question: Question, said: str) -> Answers:
    if not said:
        return answers
    if question.part == "values":
        field, _, word = question.key.partition(": ")
        words = {**answers.values.get(field, {}), word: said}
        return replace(answers, values={**answers.values, field: words})
    if question.part == "columns":
        return replace(answers, columns={**answers.columns, question.key: said})
    if question.part == "export":
        return replace(answers, export={**answers.export, question.key: said})
    return replace(answers, centre={**answers.centre, question.key: said})


# -- what is shown -----------------------------------------------------------


def _show(path: Path, proposal: Proposal, left: Iterable[Question]) -> None:
    header = ["export", say("valeur", "value"), say("confiance", "confidence"), say("pourquoi", "why")]
    table(
        "",
        header,
        [
            (c.key, c.value, f"{c.confidence:.2f}", say(evidence_in_french(c.fr), c.en))
            for c in proposal.export
        ],
        numbers_from=9,
    )
    header = [
        say("tableau", "table"),
        say("colonne", "column"),
        say("contient", "holds"),
        say("confiance", "confidence"),
    ]
    rows = [
        (s.source.place, c.header, c.target + (" ?" if c.is_asked else ""), f"{c.confidence:.2f}")
        for s, c in proposal.columns
    ]
    table(say("Colonnes", "Columns"), header, rows, numbers_from=3)
    taken = sum(column.is_taken for _, column in proposal.columns)
    words = [word for word in proposal.words if word.code]
    line(
        say(
            f"{taken} colonnes sur {len(rows)} reconnues, {len(words)} mots de codes sur {len(proposal.words)}.",
            f"{taken} columns of {len(rows)} recognised, {len(words)} code words of {len(proposal.words)}.",
        )
    )
    _show_left(left)
    line(say(f"Écrit : {path}", f"Written: {path}"))


def _show_left(left: Iterable[Question]) -> None:
    asked = list(left)
    if asked:
        header = [
            say("à décider", "to decide"),
            say("où", "where"),
            say("question", "question"),
            say("proposé", "proposed"),
        ]
        rows = [(f"{q.part}.{q.key}".rstrip("."), q.where, say(q.fr, q.en), q.proposal) for q in asked]
        table(say("Reste à décider", "Left to decide"), header, rows, numbers_from=9)


def _show_json(path: Path, proposal: Proposal, left: Iterable[Question]) -> None:
    print_json(
        {
            "path": str(path),
            "export": [_choice(choice) for choice in proposal.export],
            "missing": proposal.missing,
            "columns": [
                {
                    "table": sheet.source.place,
                    "header": c.header,
                    "holds": c.target,
                    "confidence": c.confidence,
                    "is_taken": c.is_taken,
                }
                for sheet, c in proposal.columns
            ],
            "values": [asdict(word) for word in proposal.words],
            "undecided": [asdict(question) for question in left],
        }
    )


def _choice(choice: Choice) -> dict[str, object]:
    return {"key": choice.key, "value": choice.value, "confidence": choice.confidence, "why": choice.en}
