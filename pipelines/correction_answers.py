"""What a centre wrote into its correction workbook, line by line: an answer that can be kept, or why it cannot.

The words of an answer, in both languages, are here once: the workbook offers them, the reading recognises them. A cell
that is no answer, an id that is none of the centre's, a rule that is not the one of the id are told with their line;
nothing of such a line is kept, and the other lines are.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipelines.answer_lines import cells_of
from pipelines.corrections import CLOSED, Answer, State

#: Without a comma: it would cut the answer in two in the list of a spreadsheet.
ANSWERS: dict[Answer, tuple[str, str]] = {
    Answer.CORRECTED: ("corrigé dans notre système", "corrected in our system"),
    Answer.CONFIRMED: ("valeur vérifiée et exacte", "value verified and correct"),
    Answer.UNKNOWN: ("ne peut être connu", "cannot be known"),
    Answer.NOT_OURS: ("pas notre patient", "not our patient"),
}
#: The headers that the reading looks for; each begins a header of the workbook.
REFERENCE, RULE, ANSWER, COMMENT = "Référence", "Règle", "Votre réponse", "Votre commentaire"
_WORDS = {word.casefold(): answer for answer, words in ANSWERS.items() for word in (*words, answer.value)}


class Problem(StrEnum):
    """Why a line of a workbook is not kept."""

    UNKNOWN_ID = "unknown_id"
    OTHER_RULE = "other_rule"
    UNKNOWN_ANSWER = "unknown_answer"
    CLOSED = "closed"
    TWICE = "twice"


PROBLEMS: dict[Problem, tuple[str, str]] = {
    Problem.UNKNOWN_ID: (
        "La référence n'est pas celle d'une anomalie de ce centre : ne pas modifier cette colonne.",
        "The reference is not that of a finding of this centre: do not change this column.",
    ),
    Problem.OTHER_RULE: (
        "La référence et la règle ne vont pas ensemble : la ligne a été déplacée ou modifiée.",
        "The reference and the rule do not belong together: the line was moved or changed.",
    ),
    Problem.UNKNOWN_ANSWER: (
        "La réponse n'est pas dans la liste : choisir une des réponses proposées.",
        "The answer is not in the list: choose one of those offered.",
    ),
    Problem.CLOSED: (
        "L'anomalie n'existe plus : corrigée, ou dossier disparu ; rien à répondre.",
        "The finding is gone: mended, or its record vanished; there is nothing to answer.",
    ),
    Problem.TWICE: (
        "La référence est sur plusieurs lignes avec des réponses différentes : n'en garder qu'une.",
        "The reference is on several lines with different answers: keep one of them.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a workbook: its number, its reference, rule, answer and comment, as written."""

    number: int
    reference: str
    rule: str
    answer: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class Kept:
    """An answer to keep."""

    finding_id: str
    answer: Answer
    comment: str


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The answers to keep, the lines that cannot be kept with their reason, and how many lines hold no answer."""

    kept: tuple[Kept, ...]
    problems: tuple[tuple[int, Problem], ...]
    blank: int


def lines_of(
    header: Sequence[str], records: Sequence[Sequence[str]], numbers: Sequence[int], *, name: str
) -> list[Line]:
    """The lines of a workbook. ConfigError when a column that the reading needs is not there."""
    wanted = (REFERENCE, RULE, ANSWER, COMMENT)
    cells = cells_of(header, records, wanted, name=name, command="reseau findings export")
    return [
        Line(number=number, reference=reference, rule=rule, answer=answer, comment=comment)
        for number, (reference, rule, answer, comment) in zip(numbers, cells, strict=True)
    ]


def check_answers(lines: Sequence[Line], known: Mapping[str, State]) -> Checked:
    """Which lines can be kept; `known` are the findings of the centre, by id, whatever their status."""
    answered = [line for line in lines if line.answer]
    said = {(line.reference, _WORDS.get(line.answer.casefold())) for line in answered}
    contradicted = {reference for reference, times in Counter(r for r, _ in said).items() if times > 1}
    kept: dict[str, Kept] = {}
    problems = []
    for line in answered:
        problem = next(_problems(line, known, contradicted), None)
        if problem is not None:
            problems.append((line.number, problem))
            continue
        answer = _WORDS[line.answer.casefold()]
        kept[line.reference] = Kept(finding_id=line.reference, answer=answer, comment=line.comment)
    return Checked(kept=tuple(kept.values()), problems=tuple(problems), blank=len(lines) - len(answered))


def _problems(line: Line, known: Mapping[str, State], contradicted: set[str]) -> Iterator[Problem]:
    state = known.get(line.reference)
    if state is None:
        yield Problem.UNKNOWN_ID
        return
    if line.rule != state.rule_id:
        yield Problem.OTHER_RULE
    if line.answer.casefold() not in _WORDS:
        yield Problem.UNKNOWN_ANSWER
    if state.status in CLOSED:
        yield Problem.CLOSED
    if line.reference in contradicted:
        yield Problem.TWICE
