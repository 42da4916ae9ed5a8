"""What is found in a file that nobody described: its decisions with their evidence, and its tables."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One decision about a file: `what` (kind, encoding, separator, quote, escape, line_end, header …) is `value`.

    `confidence` goes from 0 to 1; `evidence` says in a few words, without any value of the file, why.
    """

    what: str
    value: str
    confidence: float
    evidence: str


@dataclass(frozen=True, kw_only=True)
class FoundTable:
    """One table: its header, then its records in order, every cell's text as it was written.

    `lines[i]` is the physical line where record i begins, from 1; a record may have fewer or more cells than the
    header. `header_lines` are the physical lines of the header, none when the header was made up (`col1`, `col2` …).
    """

    name: str | None
    header: Sequence[str]
    records: Sequence[Sequence[str]]
    lines: Sequence[int]
    header_lines: tuple[int, ...] = ()
    decisions: tuple[Decision, ...] = ()

    @property
    def ragged_lines(self) -> list[int]:
        """The lines of the records whose number of cells is not that of the header."""
        width = len(self.header)
        return [line for line, record in zip(self.lines, self.records, strict=True) if len(record) != width]

    @property
    def size(self) -> int:
        """The number of cells: the largest table of a file is its default."""
        return len(self.header) + sum(map(len, self.records))


@dataclass(frozen=True, kw_only=True)
class FoundFile:
    """A whole file: its decisions, its tables in file order, and the lines that belong to none, by reason.

    `outside` maps a reason (`preamble`, `footer`, `blank`, `comment` …) to physical lines.
    """

    decisions: tuple[Decision, ...]
    tables: tuple[FoundTable, ...]
    outside: dict[str, list[int]] = field(default_factory=dict)

    def largest(self) -> int:
        """The place, from 0, of the table with most cells; the first of equals, and 0 when there is none."""
        return max(range(len(self.tables)), key=lambda place: self.tables[place].size, default=0)
