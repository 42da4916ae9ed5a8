"""One slip of the keyboard in a long word. A word of ours is never corrected: "myxosarcome" is not "myosarcome".

A correction is safe when one word alone is at one edit, it is long, and it does not change the diagnosis by itself.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

_SHORTEST = 6
_SHORTEST_SAFE = 8
#: Stems that make another diagnosis: a person reads them when they are misspelt.
_DECISIVE = (
    "differenci", "dedifferenci", "indifferenci", "pleomorph", "polymorph", "myxoid", "embryon", "alveol", "malin",
    "malign", "benin", "benign", "intermed", "epithelioid", "fusiform", "incertain", "uncertain", "metast",
)  # fmt: skip


#: A word made of these is well spelt, even where our terms lack it: "myxofibrome" is not "myofibrome".
_WELL_FORMED = re.compile(
    r"(?:adeno|angio|chondro|dermato|fibro|gangli?o|hemo|hemangio|histio|leio|lipo|lympho|lymphangio|myelo|myo|myxo|"
    r"neuro|osteo|rhabdo|schwanno|synovi[ao]l?o?)+"
    r"(?:blast|cyt|endotheli|epitheli|fibr|histiocyt|lip|my|myx|neur|oste|sarc|chondr|angi|pericyt|carcin|)(?:om|omatos|omateu)"
)


@dataclass(frozen=True, kw_only=True)
class Corrected:
    """The words after correction; `is_safe` when every correction is."""

    words: tuple[str, ...]
    is_safe: bool


def _shorter(word: str) -> set[str]:
    """The word, and the word without each of its letters."""
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def is_one_edit(left: str, right: str) -> bool:
    """True when one letter is added, lost, replaced or exchanged with its neighbour.

    >>> is_one_edit("lipsoarcom", "liposarcom"), is_one_edit("lipom", "lymphom")
    (True, False)
    """
    if abs(len(left) - len(right)) > 1 or left == right:
        return False
    start = next(
        (at for at, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right))
    )
    left, right = left[start:], right[start:]
    if len(left) == len(right):
        return left[1:] == right[1:] or (left[:2] == right[:2][::-1] and left[2:] == right[2:])
    return left[1:] == right or left == right[1:]


@cache
def _index(vocabulary: frozenset[str]) -> dict[str, list[str]]:
    """What a long word of ours may become by losing a letter → the words."""
    found: dict[str, list[str]] = {}
    for word in sorted(word for word in vocabulary if len(word) >= _SHORTEST):
        for form in _shorter(word):
            found.setdefault(form, []).append(word)
    return found


def _nearest(word: str, vocabulary: frozenset[str]) -> str | None:
    """The word of ours at one edit, if it is the only one."""
    index = _index(vocabulary)
    near = {ours for form in _shorter(word) for ours in index.get(form, ()) if is_one_edit(word, ours)}
    return near.pop() if len(near) == 1 else None


def _is_unknown(word: str) -> bool:
    return word.isalpha() and not _WELL_FORMED.fullmatch(word)


def correct(words: Sequence[str], *, vocabulary: frozenset[str], known: Collection[str]) -> Corrected | None:
    """The words with each unknown long one replaced by the only word of ours at one edit; None when nothing changes."""
    found: list[str] = []
    is_safe = True
    for word in words:
        better = None
        if len(word) >= _SHORTEST and word not in vocabulary and word not in known and _is_unknown(word):
            better = _nearest(word, vocabulary)
        if better is not None:
            is_safe &= len(word) >= _SHORTEST_SAFE and not better.startswith(_DECISIVE)
        found.append(better or word)
    if tuple(found) == tuple(words):
        return None
    return Corrected(words=tuple(found), is_safe=is_safe)
