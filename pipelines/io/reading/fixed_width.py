"""Columns without separators: each takes the same characters of every line.

The borders are where no line has anything but spaces. Padding is not content: the spaces around a cell are removed.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate

from pipelines.io.reading.records import Record

_MOST_LINES = 400
_LEAST_LINES = 3
_LONGEST = 4000


def find_widths(sample: Sequence[str]) -> tuple[int, ...] | None:
    """The widths of the columns of a sample of lines; None when they are not padded to common borders."""
    lines = [line.rstrip("\r\n").rstrip() for line in sample if line.strip()][:_MOST_LINES]
    if any("\t" in line for line in lines):
        return None
    body = _aligned(lines)
    if len(body) < _LEAST_LINES or len(body) < 0.6 * len(lines):
        return None
    starts = _starts(body)
    if len(starts) < 2 or not _is_padded(body, starts):
        return None
    longest = max(map(len, body))
    return tuple(b - a for a, b in zip(starts, [*starts[1:], longest], strict=True))


def _aligned(lines: Sequence[str]) -> list[str]:
    """The lines without those that have no run of two spaces, such as titles."""
    return [line for line in lines if "  " in line.strip() and len(line) < _LONGEST]


def _starts(lines: Sequence[str]) -> list[int]:
    """Where columns begin: after a position that is a space in every line."""
    longest = max(map(len, lines))
    taken = bytearray(longest)
    for line in lines:
        for i, char in enumerate(line):
            if char != " ":
                taken[i] = 1
    starts = [i for i in range(longest) if taken[i] and (i == 0 or not taken[i - 1])]
    return [0, *_columns(lines, starts)[1:]] if starts else []


def _columns(lines: Sequence[str], starts: Sequence[int]) -> list[int]:
    """The starts of those columns that enough lines fill, or that the first line names apart from the last one."""
    kept = []
    for a, b in zip(starts, [*starts[1:], _LONGEST], strict=True):
        n_filled = sum(bool(line[a:b].strip()) for line in lines[1:])
        is_named = bool(lines[0][a:b].strip()) and lines[0][max(0, a - 2) : a].strip() == ""
        if is_named or n_filled >= max(2, 0.2 * len(lines)):
            kept.append(a)
    return kept


def _is_padded(lines: Sequence[str], starts: Sequence[int]) -> bool:
    """True when cells differ in length within columns, so that the borders are kept by padding alone."""
    seen = 0
    for a, b in zip(starts, [*starts[1:], _LONGEST], strict=True):
        lengths = Counter(len(line[a:b].strip()) for line in lines)
        seen += len(lengths) > 1
    return seen * 2 >= len(starts) or all(lines[0][a : a + 1] != " " for a in starts[1:])


def read_fixed(lines: Sequence[str], widths: Sequence[int], *, is_packed: bool) -> Iterator[Record]:
    """Every line cut at the widths; the last column takes the rest, and what a line lacks is empty.

    Where columns are not packed, a line with text across a border, such as a title, stays in one piece.
    """
    starts = [0, *accumulate(widths)][: len(widths)]
    ends: list[int | None] = [*starts[1:], None]
    for at, line in enumerate(lines):
        text = line.rstrip("\r\n")
        crosses = not is_packed and any(len(text[a - 1 : a + 1].replace(" ", "")) == 2 for a in starts[1:])
        cut = [text[a:b].strip(" ") for a, b in zip(starts, ends, strict=True)]
        yield Record(at + 1, 1, [text.strip(" ")] if crosses else cut)
