"""How far the cells of an XLSX sheet reach, seen in its XML before a parser reserves a place for every cell.

One forgotten character in the last cell of a sheet makes 17 billion cells of it. A sheet whose cells are all near its
beginning is only skimmed; a cell that has a format but no content does not count.
"""

import re
from collections.abc import Callable, Iterator
from functools import reduce
from typing import IO

_BLOCK = 1 << 20
#: A cell that is cut by the end of a block is seen in the next, which begins with this much of the one before.
_OVERLAP = 512
#: Beyond column ZZ or row 99,999: between them, a sheet holds at most 70 million cells.
_FAR = re.compile(rb'r="(?:[A-Z]{3}[0-9]|[A-Z]{1,2}[0-9]{6})')
_FILLED = re.compile(rb'<(?:\w+:)?c\s[^<>]*?\br="([A-Z]{1,3})([0-9]{1,7})"[^<>]*>\s*<(?:\w+:)?(?:v|is|f)\b')


def used_range(opened: Callable[[], IO[bytes]]) -> tuple[int, int]:
    """The last row and the last column with a content; (0, 0) for a sheet whose cells are all near its beginning."""
    with opened() as part:
        if not any(_FAR.search(block) for block in blocks(part)):
            return 0, 0
    last_row = last_column = 0
    with opened() as part:
        for block in blocks(part):
            places = _FILLED.findall(block)
            last_row = max([last_row, *(int(row) for row in {row for _, row in places})])
            last_column = max([last_column, *(column_number(name) for name in {name for name, _ in places})])
    return last_row, last_column


def blocks(part: IO[bytes]) -> Iterator[bytes]:
    """The content of a part, piece by piece; each begins with the end of the one before."""
    seen = b""
    while block := part.read(_BLOCK):
        seen = seen[-_OVERLAP:] + block
        yield seen


def column_number(name: bytes) -> int:
    """The number of a column, from 1.

    >>> column_number(b"A"), column_number(b"XFD")
    (1, 16384)
    """
    return reduce(lambda number, letter: 26 * number + letter - 64, name, 0)
