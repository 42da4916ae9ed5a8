"""The records of a text whose quotes may be damaged.

A line whose quotes follow the rules is cut by the rules. Otherwise the cheapest reading that gives the expected number
of cells is taken, so that a stray quote costs its own cell and nothing else: it is kept as text.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

Escape = Literal["doubled", "backslash", "none"]
#: A damaged line is never joined with more lines than this: one stray quote must not swallow the file.
_WINDOWS = (4, 16, 60)
#: How far a quote is looked for that shows that a cell is damaged rather than open.
_NEAR = 2000
_MOST_CHARACTERS = 1 << 16
#: Beyond so many quotes at the beginning of cells, a damaged line is cut at every separator.
_MOST_OPENINGS = 60
_MOST_CLOSINGS = 8
#: How many lines below a damaged one may belong to it.
_MOST_JOINED = 8
_LINE_END = re.compile(r"[\r\n]")
_LITERAL_COST, _BARE_COST = 3.0, 2.0


@dataclass(frozen=True)
class Dialect:
    """How cells are written: what separates them, quotes them, and escapes a quote within one. "" is none."""

    separator: str
    quote: str = '"'
    escape: Escape = "doubled"
    #: With a backslash as escape: a backslash of the text is written twice.
    escapes_itself: bool = False
    #: Empty cells at the end of a record are left out with their separators.
    leaves_ends_out: bool = False

    @cached_property
    def quoted_cell(self) -> re.Pattern[str]:
        """A whole quoted cell that follows the rules, up to what must come after it."""
        q = re.escape(self.quote)
        inner = {
            "doubled": rf"[^{q}]*+(?:{q}{q}[^{q}]*+)*+",
            "backslash": rf"[^{q}\\]*+(?:\\(?s:.)[^{q}\\]*+)*+",
            "none": rf"[^{q}]*+",
        }[self.escape]
        return re.compile(rf"{q}{inner}{q}(?={self._end})")

    @cached_property
    def closing(self) -> re.Pattern[str]:
        """A quote that may close a cell: a separator, or nothing, comes next."""
        return re.compile(rf"{re.escape(self.quote)}(?={self._end})")

    @cached_property
    def closing_within(self) -> re.Pattern[str]:
        """The same in a text that is one record, where a line end is text."""
        return re.compile(rf"{re.escape(self.quote)}(?={re.escape(self.separator)}|\Z)")

    @cached_property
    def plain_end(self) -> re.Pattern[str]:
        """Where a cell without quotes ends."""
        return re.compile(self._end)

    @property
    def _end(self) -> str:
        return rf"{re.escape(self.separator)}|[\r\n]|\Z" if self.separator else r"[\r\n]|\Z"

    def unquoted(self, text: str) -> str:
        """The text of a quoted cell, without its quotes and escapes."""
        inner = text[1:-1]
        if self.escape == "doubled":
            return inner.replace(self.quote * 2, self.quote)
        return self.unescaped(inner)

    def unescaped(self, text: str) -> str:
        """The text of a cell without its escapes, which stand in cells without quotes too."""
        if self.escape != "backslash" or "\\" not in text:
            return text
        escaped = (
            rf"\\([{re.escape(self.quote)}\\])" if self.escapes_itself else rf"\\({re.escape(self.quote)})"
        )
        return re.sub(escaped, r"\1", text)


class Record(NamedTuple):
    """One record: the physical line where it begins, how many it takes, its cells, whether its quotes were sound."""

    line: int
    n_lines: int
    cells: list[str]
    is_sound: bool = True


def read_all(lines: Sequence[str], dialect: Dialect, *, width: int) -> list[Record]:
    """Every record of a whole file: by the rules where all of it follows them, else line by line."""
    found = _all_by_the_rules(lines, dialect, width)
    return found if found is not None else list(read_records(lines, dialect, width=width))


def _all_by_the_rules(lines: Sequence[str], dialect: Dialect, width: int) -> list[Record] | None:
    """The records of a text without any damaged quote, whose records over several lines are all whole."""
    found: list[Record] = []
    at = 0
    while at < len(lines):
        record = _plain_record(lines, at, dialect) or _sound_record(lines, at, dialect)
        if record is None or (record.n_lines > 1 and not _may_be_whole(record.cells, width, dialect)):
            return None
        found.append(record)
        at += record.n_lines
    return found


def _may_be_whole(cells: Sequence[str], width: int, dialect: Dialect) -> bool:
    return len(cells) == width or (dialect.leaves_ends_out and len(cells) < width)


def _sound_record(lines: Sequence[str], at: int, dialect: Dialect) -> Record | None:
    quick = _quickly(lines[at].rstrip("\r\n"), dialect)
    if quick is not None:
        return Record(at + 1, 1, quick)
    n_lines = 1
    while True:
        text = "".join(lines[at : at + n_lines])
        cells, end = _by_the_rules(text, dialect)
        if cells is not None and end is not None and (end < len(text) or at + n_lines >= len(lines)):
            return Record(at + 1, _n_line_ends(text[:end]) + 1, cells)
        if end is None or at + n_lines >= len(lines):
            return None
        n_lines *= 4


def _n_line_ends(text: str) -> int:
    return len(re.findall(r"\r\n|\r|\n", text))


def read_records(
    lines: Sequence[str], dialect: Dialect, *, width: int | None, is_trial: bool = False
) -> Iterator[Record]:
    """Every record of physical lines, their ends included, in order. `width` is the number of cells that most have.

    In a trial a damaged line is cut the simplest way.
    """
    at = 0
    while at < len(lines):
        record = _plain_record(lines, at, dialect) or _quoted_record(
            lines, at, dialect, width, is_trial=is_trial
        )
        yield record
        at += record.n_lines


def _plain_record(lines: Sequence[str], at: int, dialect: Dialect) -> Record | None:
    """The record of a line without any quote."""
    line = lines[at].rstrip("\r\n")
    if (dialect.quote and dialect.quote in line) or (dialect.escapes_itself and "\\" in line):
        return None
    cells = line.split(dialect.separator) if dialect.separator else [line]
    return Record(at + 1, 1, cells)


def _quoted_record(
    lines: Sequence[str], at: int, dialect: Dialect, width: int | None, *, is_trial: bool
) -> Record:
    line = lines[at].rstrip("\r\n")
    quick = _quickly(line, dialect)
    if quick is not None:
        return Record(at + 1, 1, quick)
    cells, end = _by_the_rules(line, dialect)
    if cells is not None:
        return Record(at + 1, 1, cells)
    if end is not None and at + 1 < len(lines):
        joined = _over_lines(lines, at, dialect, width)
        if joined is not None:
            return joined
    if is_trial:
        return Record(at + 1, 1, _simply(lines[at].rstrip("\r\n"), dialect)[1], is_sound=False)
    return _repaired_record(lines, at, dialect, width)


def _quickly(line: str, dialect: Dialect) -> list[str] | None:
    """The cells of a line by the rules, as the standard library finds them; None where it is not certain."""
    if dialect.escape != "doubled" or len(dialect.separator) != 1 or not dialect.quote:
        return None
    reader = csv.reader((line,), delimiter=dialect.separator, quotechar=dialect.quote, strict=True)
    try:
        return next(reader, None)
    except csv.Error:  # a damaged or open quote, or a cell longer than the library takes
        return None


def _by_the_rules(text: str, dialect: Dialect) -> tuple[list[str] | None, int | None]:
    """The cells of the record at the beginning of a text, and where it ends.

    No cells when its quotes break the rules; then the second is where a cell was left open, None if none was.
    """
    cells: list[str] = []
    at, step = 0, len(dialect.separator)
    while True:
        if dialect.quote and text.startswith(dialect.quote, at):
            found = dialect.quoted_cell.match(text, at)
            if found is None:
                return None, None if dialect.closing.search(text, at + 1) and _is_bare(
                    text, at, dialect
                ) else at
            cells.append(dialect.unquoted(found.group()))
            at = found.end()
        else:
            end = _plain_end(text, at, dialect)
            cells.append(dialect.unescaped(text[at:end]))
            at = end
        if at >= len(text) or not step or not text.startswith(dialect.separator, at):
            return cells, at
        at += step


def _plain_end(text: str, at: int, dialect: Dialect) -> int:
    found = dialect.plain_end.search(text, at)
    return found.start() if found else len(text)


def _is_bare(text: str, at: int, dialect: Dialect) -> bool:
    """True when a quote inside the cell opened at `at` is neither doubled nor closing: no more lines can mend it."""
    inner = text[at + 1 : at + _NEAR].replace("\\" + dialect.quote, "").replace(dialect.quote * 2, "")
    return dialect.quote in inner


def _over_lines(lines: Sequence[str], at: int, dialect: Dialect, width: int | None) -> Record | None:
    """The record that begins here and goes on over the next lines inside its quotes; None when there is none such."""
    for n_lines in _WINDOWS:
        text = _window(lines, at, n_lines)
        cells, end = _by_the_rules(text, dialect)
        if end is None or (cells is not None and end < len(text)):
            break
    if cells is None or end is None:
        return None
    used = _n_line_ends(text[:end]) + 1
    if used == 1 or (end >= len(text) and at + used < len(lines)):
        return None
    if width is None or width == 1:
        return Record(at + 1, used, cells)
    swallowed = range(at + 1, at + used - 1)
    is_near = abs(len(cells) - width) <= 1 or _may_be_whole(cells, width, dialect)
    if not is_near or any(_is_whole(lines, i, dialect, width) for i in swallowed):
        return None
    if len(cells) != width and _is_whole(lines, at + used - 1, dialect, width):
        return None
    return Record(at + 1, used, cells)


def _window(lines: Sequence[str], at: int, n_lines: int) -> str:
    taken: list[str] = []
    size = 0
    for line in lines[at : at + n_lines]:
        taken.append(line)
        size += len(line)
        if size > _MOST_CHARACTERS:
            break
    return "".join(taken).rstrip("\r\n")


def _is_whole(lines: Sequence[str], at: int, dialect: Dialect, width: int) -> bool:
    """True when a complete record begins at a line."""
    cells, end = _by_the_rules(lines[at].rstrip("\r\n"), dialect)
    if cells is None and end is not None:
        cells, _ = _by_the_rules(_window(lines, at, _WINDOWS[0]), dialect)
    return cells is not None and len(cells) == width


class _Chain(NamedTuple):
    """Some cells, and those after them."""

    cells: list[str]
    rest: "_Chain | None"

    def all(self) -> list[str]:
        """All cells in order."""
        found: list[str] = []
        link: _Chain | None = self
        while link is not None:
            found += link.cells
            link = link.rest
        return found


#: For each number of cells: the lowest cost of cutting a text into so many, and the cells.
_Readings = dict[int, tuple[float, _Chain | None]]


def _repaired_record(lines: Sequence[str], at: int, dialect: Dialect, width: int | None) -> Record:
    """The record of a line with damaged quotes, with the lines below it where that reads better."""
    line = lines[at].rstrip("\r\n")
    cost, cells = _repaired(line, dialect, width)
    best = Record(at + 1, 1, cells, is_sound=False)
    if width is None or width < 2:
        return best
    text = lines[at]
    for more, below in enumerate(lines[at + 1 : at + 1 + _MOST_JOINED], start=1):
        if len(text) > _MOST_CHARACTERS or _is_whole(lines, at + more, dialect, width):
            break
        text += below
        if dialect.quote not in below:
            continue
        joined_cost, joined = _repaired(text.rstrip("\r\n"), dialect, width)
        if len(joined) == width and (len(cells) != width or joined_cost <= cost):
            return Record(at + 1, more + 1, joined, is_sound=False)
    return best


def _repaired(text: str, dialect: Dialect, width: int | None) -> tuple[float, list[str]]:
    """The cost and the cells of the cheapest reading that has the expected number of cells, or of the cheapest."""
    if not dialect.separator:
        return 0.0, [text]
    cost, cells = _simply(text, dialect)
    if len(cells) == width and cost <= _BARE_COST and not _LINE_END.search(text):
        return cost, cells
    starts = _openings(text, dialect)
    if len(starts) > _MOST_OPENINGS or len(text) > _MOST_CHARACTERS:
        return 0.0, text.split(dialect.separator)
    readings = _readings(text, starts, dialect)
    if not readings:
        return 0.0, [text]
    lowest, chain = readings[width] if width in readings else min(readings.values(), key=lambda r: r[0])
    return lowest, chain.all() if chain else []


def _simply(text: str, dialect: Dialect) -> tuple[float, list[str]]:
    """The cells when each quoted one ends at the first quote that may close it, and what that costs."""
    cells: list[str] = []
    cost, at = 0.0, 0
    while at <= len(text) and dialect.separator:
        price, cell, end = 0.0, "", text.find(dialect.separator, at)
        end = len(text) if end < 0 else end
        found = dialect.closing_within.search(text, at + 1) if text.startswith(dialect.quote, at) else None
        if found:
            end = found.end()
            quoted = text[at:end]
            price = 0.0 if dialect.quoted_cell.fullmatch(quoted) else _BARE_COST
            cell = dialect.unquoted(quoted)
        else:
            price = _LITERAL_COST if text.startswith(dialect.quote, at) else 0.0
            cell = dialect.unescaped(text[at:end])
        cells.append(cell)
        cost += price
        at = end + len(dialect.separator)
    return cost, cells or [text]


def _openings(line: str, dialect: Dialect) -> list[int]:
    """Where a cell may begin with a quote."""
    pattern = rf"(?:(?<={re.escape(dialect.separator)})|\A){re.escape(dialect.quote)}"
    return [match.start() for match in re.finditer(pattern, line)]


def _readings(line: str, openings: list[int], dialect: Dialect) -> _Readings:
    tails: dict[int, _Readings] = {}
    for at in reversed(openings):
        tails[at] = _from_opening(line, at, tails, dialect)
    return _from(line, 0, tails, dialect)


def _from(line: str, at: int, tails: dict[int, _Readings], dialect: Dialect) -> _Readings:
    """The readings of the line from the beginning of a cell at `at`."""
    if at in tails:
        return tails[at]
    after = min((opening for opening in tails if opening > at), default=None)
    if after is None:
        cells = line[at:].split(dialect.separator)
        return {} if _LINE_END.search(line, at) else {len(cells): (0.0, _Chain(cells, None))}
    plain = line[at : after - len(dialect.separator)].split(dialect.separator)
    if _LINE_END.search(line, at, after):
        return {}
    return {n + len(plain): (cost, _Chain(plain, rest)) for n, (cost, rest) in tails[after].items()}


def _from_opening(line: str, at: int, tails: dict[int, _Readings], dialect: Dialect) -> _Readings:
    best: _Readings = {}
    for cost, cell, end in _first_cells(line, at, dialect):
        if end >= len(line):
            rest: _Readings = {0: (0.0, None)}
        else:
            rest = _from(line, end + len(dialect.separator), tails, dialect)
        for n, (tail_cost, chain) in rest.items():
            if n + 1 not in best or cost + tail_cost < best[n + 1][0]:
                best[n + 1] = (cost + tail_cost, _Chain([cell], chain))
    return best


def _first_cells(line: str, at: int, dialect: Dialect) -> Iterator[tuple[float, str, int]]:
    """Each way to read the cell that begins with a quote: cost, text, end."""
    end = line.find(dialect.separator, at)
    end = len(line) if end < 0 else end
    if not _LINE_END.search(line, at, end):
        yield _LITERAL_COST, line[at:end], end
    for n, match in enumerate(dialect.closing_within.finditer(line, at + 1)):
        if n == _MOST_CLOSINGS:
            return
        text = line[at : match.end()]
        bare = 0 if dialect.quoted_cell.fullmatch(text) else 1
        yield bare * _BARE_COST, dialect.unquoted(text), match.end()
