"""A pair side by side, trait by trait, as a reviewer reads it."""

from dataclasses import dataclass
from typing import Any

from pipelines.comparisons import COMPARISONS, PRIOR
from pipelines.review_queue import SHOWN, Part, Question
from pipelines.review_words import FIELDS, STATES, agreement, bits, written

Words = tuple[str, str]
#: A bar is full from here on: odds of 65,000 to 1.
FULL_BITS = 16.0
_SAME, _DIFFERENT, _MISSING = (
    ("identique", "identical"),
    ("différent", "different"),
    ("donnée manquante", "missing"),
)


@dataclass(frozen=True)
class Bar:
    """A weight as a bar from the middle of a drawing that is 100 wide: to the right for, to the left against."""

    x: float
    width: float
    side: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """One trait: its name, the values of both sides, how far they agree in words, what that weighs.

    `differs` marks what should be alike in one person and is not.
    """

    name: Words
    left: Words | None
    right: Words | None
    agreement: Words
    bits: Words | None
    bar: Bar | None
    differs: bool


def bar(weight: float) -> Bar | None:
    """The bar of a weight, None when it is too small to be seen."""
    width = round(50 * min(abs(weight), FULL_BITS) / FULL_BITS, 1)
    if bits(weight)[0] == "0":
        return None
    return Bar(50.0 if weight > 0 else round(50 - width, 1), width, "for" if weight > 0 else "against")


def rows(question: Question) -> list[Row]:
    """The traits in the order of the queue, with what was weighed beside them."""
    parts = {COMPARISONS[p.comparison].field: p for p in question.parts if p.comparison in COMPARISONS}
    return [
        _row(name, left, right, parts.get(name))
        for name, (left, right) in zip(SHOWN, question.traits, strict=True)
    ]


def start(question: Question) -> tuple[Words, Words, Bar | None] | None:
    """Where the pair starts before any trait is seen: its words, its weight, its bar."""
    found = next((part for part in question.parts if part.comparison == PRIOR.name), None)
    return None if found is None else (agreement(found), bits(found.weight), bar(found.weight))


def who(question: Question, side: int) -> str:
    """One of the two in a line of the queue: name, first names, day of birth, centre."""
    traits = dict(zip(SHOWN, (pair[side] for pair in question.traits), strict=True))
    values = (written(name, traits[name]) for name in ("birth_name", "first_names", "birth_date"))
    known = [value[0] for value in values if value]
    return ", ".join([" ".join(known[:2]), *known[2:], (question.left, question.right)[side][0]])


def _row(name: str, left: Any, right: Any, part: Part | None) -> Row:
    field = FIELDS[name]
    sides = written(name, left), written(name, right)
    plain = _agreement(*sides)
    return Row(
        name=(field.fr, field.en),
        left=sides[0],
        right=sides[1],
        agreement=plain if part is None else agreement(part),
        bits=None if part is None else bits(part.weight),
        bar=None if part is None else bar(part.weight),
        differs=plain is _DIFFERENT and name not in STATES,
    )


def _agreement(left: Words | None, right: Words | None) -> Words:
    if left is None or right is None:
        return _MISSING
    return _SAME if left[0].casefold() == right[0].casefold() else _DIFFERENT
