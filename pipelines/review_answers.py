"""What a reviewer said of pairs: lines that can be kept, and the decisions that they become.

A word about two records speaks of every record that their two persons have now: each pair of them gets the decision,
so that no third record brings together what was parted, or keeps apart what was joined.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING

from pipelines.answer_lines import cells_of
from pipelines.link.decisions import PAIR, Verdict, decision_schema
from pipelines.person_history import last_decision, persons_now
from pipelines.registry import Registry
from pipelines.review_queue import Question, Record

if TYPE_CHECKING:
    import pyarrow as pa

#: Without a comma: it would cut the answer in two in the list of a spreadsheet.
ANSWERS: dict[Verdict, tuple[str, str]] = {
    Verdict.SAME: ("même personne", "same person"),
    Verdict.DIFFERENT: ("personnes différentes", "different persons"),
    Verdict.UNSURE: ("ne peut être tranché", "cannot be decided"),
    Verdict.ASK_CENTRE: ("demander au centre", "ask the centre"),
}
REFERENCE, ANSWER, COMMENT = "Référence", "Votre décision", "Votre motif"
_WORDS = {word.casefold(): verdict for verdict, words in ANSWERS.items() for word in (*words, verdict.value)}


class Problem(StrEnum):
    """Why a line is not kept."""

    UNKNOWN_ID = "unknown_id"
    UNKNOWN_ANSWER = "unknown_answer"
    NOT_A_PAIR = "not_a_pair"
    TWICE = "twice"


PROBLEMS: dict[Problem, tuple[str, str]] = {
    Problem.UNKNOWN_ID: (
        "La référence n'est pas celle d'une question en attente : déjà tranchée, ou colonne modifiée.",
        "The reference is not that of a question that waits: decided already, or the column was changed.",
    ),
    Problem.UNKNOWN_ANSWER: (
        "La décision n'est pas dans la liste : choisir une des réponses proposées.",
        "The decision is not in the list: choose one of those offered.",
    ),
    Problem.NOT_A_PAIR: (
        "Un seul dossier, qui se contredit : son centre doit le corriger, il n'y a rien à réunir.",
        "One record that contradicts itself: its centre has to correct it, there is nothing to join.",
    ),
    Problem.TWICE: (
        "La référence est sur plusieurs lignes avec des décisions différentes : n'en garder qu'une.",
        "The reference is on several lines with different decisions: keep one of them.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a workbook: its number, its reference, answer and comment, as written."""

    number: int
    reference: str
    answer: str
    comment: str


@dataclass(frozen=True, kw_only=True)
class Word:
    """What a reviewer says of one question."""

    question: Question
    verdict: Verdict
    reason: str


@dataclass(frozen=True, kw_only=True)
class Checked:
    """The words to keep, the lines that cannot be kept with their reason, and how many lines hold no answer."""

    kept: tuple[Word, ...]
    problems: tuple[tuple[int, Problem], ...]
    blank: int


def lines_of(
    header: Sequence[str], records: Sequence[Sequence[str]], numbers: Sequence[int], *, name: str
) -> list[Line]:
    """The lines of a workbook. ConfigError when a column that the reading needs is not there."""
    wanted = (REFERENCE, ANSWER, COMMENT)
    cells = cells_of(header, records, wanted, name=name, command="reseau review export")
    return [
        Line(number=number, reference=reference, answer=answer, comment=comment)
        for number, (reference, answer, comment) in zip(numbers, cells, strict=True)
    ]


def check_answers(lines: Sequence[Line], asked: Mapping[str, Question]) -> Checked:
    """Which lines can be kept; `asked` are the questions that wait, by reference."""
    answered = [line for line in lines if line.answer]
    said: dict[str, set[str]] = {}
    for line in answered:
        said.setdefault(line.reference, set()).add(line.answer.casefold())
    kept: dict[str, Word] = {}
    problems = []
    for line in answered:
        problem = next(_problems(line, asked, said), None)
        if problem is None:
            verdict = _WORDS[line.answer.casefold()]
            kept[line.reference] = Word(question=asked[line.reference], verdict=verdict, reason=line.comment)
        else:
            problems.append((line.number, problem))
    return Checked(kept=tuple(kept.values()), problems=tuple(problems), blank=len(lines) - len(answered))


def _problems(line: Line, asked: Mapping[str, Question], said: Mapping[str, set[str]]) -> Iterator[Problem]:
    if line.reference not in asked:
        yield Problem.UNKNOWN_ID
        return
    verdict = _WORDS.get(line.answer.casefold())
    if verdict is None:
        yield Problem.UNKNOWN_ANSWER
    if verdict in (Verdict.SAME, Verdict.DIFFERENT) and not asked[line.reference].is_pair:
        yield Problem.NOT_A_PAIR
    if len(said[line.reference]) > 1:
        yield Problem.TWICE


def decisions(
    words: Sequence[Word],
    persons: Mapping[Record, Sequence[Record]],
    *,
    last: int,
    author: str,
    today: dt.date,
) -> "pa.Table":
    """The lines that the log of decisions gets (`decision_schema`); `last` is the last number in it.

    `persons` gives the records of each record's person as it is now.
    """
    import pyarrow as pa

    rows = [
        {
            "decision_no": number,
            "verdict": word.verdict.value,
            **dict(zip(PAIR, (*left, *right), strict=True)),
            "is_asked": (left, right) == (word.question.left, word.question.right),
            "author": author,
            "reason": word.reason,
            "decided": today,
        }
        for number, word in enumerate(words, start=last + 1)
        for left, right in _pairs(persons, word.question.left, word.question.right)
    ]
    return pa.Table.from_pylist(rows, schema=decision_schema())


def record(registry: Registry, words: Sequence[Word], *, author: str, today: dt.date) -> int:
    """Keep what a reviewer said, for ever; returns of how many pairs it speaks. The caller holds `only_run`."""
    last, persons = last_decision(registry), persons_now(registry)
    return registry.decisions.append(decisions(words, persons, last=last, author=author, today=today))


def _pairs(
    persons: Mapping[Record, Sequence[Record]], one: Record, other: Record
) -> list[tuple[Record, Record]]:
    """Every record of one person with every record of the other, smaller first; the pair itself where they are one."""
    ours, theirs = persons.get(one, [one]), persons.get(other, [other])
    if set(ours) & set(theirs):
        return [(min(one, other), max(one, other))]
    return sorted((min(pair), max(pair)) for pair in product(ours, theirs))
