"""What the pages show and keep: the queue as it is now, and the words of the reviewer."""

import datetime as dt
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import StrEnum

from pipelines.errors import LedgerError
from pipelines.io.home import only_run
from pipelines.registry import Registry
from pipelines.review_answers import Line, Problem, check_answers, record
from pipelines.review_queue import Question, questions, queue_state

LONGEST_AUTHOR, LONGEST_COMMENT = 100, 2_000


class Slip(StrEnum):
    """Why a form is not kept, beside the problems of a line of a workbook."""

    NO_AUTHOR = "no_author"
    NO_DECISION = "no_decision"
    TOO_LONG = "too_long"
    RUN_AT_WORK = "run_at_work"


SLIPS: dict[Slip, tuple[str, str]] = {
    Slip.NO_AUTHOR: ("Votre nom manque.", "Your name is missing."),
    Slip.NO_DECISION: ("Choisissez une décision.", "Choose a decision."),
    Slip.TOO_LONG: (
        f"Le nom ou le motif est trop long ({LONGEST_AUTHOR} et {LONGEST_COMMENT} caractères au plus).",
        f"The name or the reason is too long ({LONGEST_AUTHOR} and {LONGEST_COMMENT} characters at most).",
    ),
    Slip.RUN_AT_WORK: (
        "Une exécution est en cours : rien n'a été enregistré. Recommencez quand elle sera finie.",
        "A run is at work: nothing was recorded. Try again when it has ended.",
    ),
}


@dataclass(frozen=True, kw_only=True)
class Form:
    """What a reviewer sent of one pair."""

    answer: str
    author: str
    comment: str


@dataclass
class Desk:
    """The queue of one registry. `today` tells the day of a decision; `author` is the name that was given last."""

    registry: Registry
    today: Callable[[], dt.date]
    author: str = ""
    _state: object = None
    _asked: list[Question] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def asked(self) -> list[Question]:
        """The queue, read again when a linkage or a decision changed it."""
        with self._lock:
            state = queue_state(self.registry)
            if state != self._state:
                self._asked, self._state = questions(self.registry), state
            return self._asked

    def keep(self, reference: str, form: Form) -> Slip | Problem | None:
        """Record what was said of a pair, by the rules of the workbook; returns why it was not kept, or None."""
        slip = _slip(form)
        if slip:
            return slip
        self.author = form.author
        line = Line(number=1, reference=reference, answer=form.answer, comment=form.comment)
        with ExitStack() as held:
            try:
                held.enter_context(only_run(self.registry.home, self.registry.network.id))
            except LedgerError:
                return Slip.RUN_AT_WORK
            checked = check_answers([line], {question.reference: question for question in self.asked()})
            record(self.registry, checked.kept, author=form.author, today=self.today())
        return checked.problems[0][1] if checked.problems else None


def _slip(form: Form) -> Slip | None:
    if not form.author:
        return Slip.NO_AUTHOR
    if not form.answer:
        return Slip.NO_DECISION
    is_long = len(form.author) > LONGEST_AUTHOR or len(form.comment) > LONGEST_COMMENT
    return Slip.TOO_LONG if is_long else None


def of_reason(asked: Sequence[Question], reason: str | None) -> list[Question]:
    """The questions of one reason, or all of them."""
    return [question for question in asked if reason in (None, question.reason)]


def counts(asked: Sequence[Question]) -> list[tuple[str, int]]:
    """How many questions each reason has, the most frequent first."""
    return Counter(question.reason for question in asked).most_common()


def following(asked: Sequence[Question], reference: str) -> Question | None:
    """The next question that nobody answered since the last linkage, after this one and round; None at the end."""
    place = next((rank for rank, question in enumerate(asked) if question.reference == reference), -1)
    after = [*asked[place + 1 :], *asked[: max(place, 0)]]
    return next((question for question in after if not question.is_answered), None)
